"""`jalon exchange show`: one exchange, with its private summary."""

from typing import Annotated
from uuid import UUID

import typer

from application.exchange import CHANNELS, DIRECTIONS
from application.wording import date_in_words
from domain.roles import Role
from interfaces.cli.groups import group_of
from interfaces.cli.options import InForce, Json, Known
from interfaces.cli.output import show_json
from interfaces.cli.world import world

Acting = Annotated[Role, typer.Option("--as", help="Le rôle dans lequel on lit.")]
Mandate = Annotated[
    str | None, typer.Option("--mandate", metavar="ID", help="Le mandat sous lequel on lit.")
]


def add_to(app: typer.Typer) -> None:
    group_of(app, "exchange").command("show")(show)


def show(
    context: typer.Context,
    exchange: Annotated[UUID, typer.Argument(metavar="ÉCHANGE", help="Son identifiant.")],
    as_role: Acting = Role.REGISTRAR,
    under_mandate: Mandate = None,
    known: Known = None,
    in_force: InForce = None,
    as_json: Json = False,
) -> None:
    """Ouvrir un échange avec son compte rendu privé ; qui l'a lu est noté à part."""
    here = world(context)
    moment = here.product.moment(known, in_force)
    sheet = here.product.exchange(exchange, here.by(as_role, under_mandate), moment)
    if as_json:
        show_json(sheet)
        return
    when = date_in_words(sheet.occurred_on)
    typer.echo(f"{CHANNELS[sheet.channel].capitalize()}, {DIRECTIONS[sheet.direction]}, {when}")
    typer.echo(f"  pôle joint     {'oui' if sheet.reached else 'non'}")
    if sheet.participants:
        typer.echo(f"  présents       {', '.join(sheet.participants)}")
    if sheet.next_step:
        typer.echo(f"  suite          {sheet.next_step}")
    typer.echo(f"  compte rendu   {sheet.summary or 'aucun'}")
    typer.echo("Cette lecture est notée.")
