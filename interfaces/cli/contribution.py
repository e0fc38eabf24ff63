"""`jalon contribution queue` and `show`: what a moderator reads before it appears."""

from typing import Annotated
from uuid import UUID

import typer

from application.contribution_list import STANDINGS, ContributionSheet
from application.wording import date_in_words
from domain.roles import Role
from interfaces.cli.groups import group_of
from interfaces.cli.options import InForce, Json, Known
from interfaces.cli.output import plural, show_json
from interfaces.cli.world import world

Acting = Annotated[Role, typer.Option("--as", help="Le rôle dans lequel on lit.")]
Mandate = Annotated[
    str | None, typer.Option("--mandate", metavar="ID", help="Le mandat sous lequel on lit.")
]


def add_to(app: typer.Typer) -> None:
    group = group_of(app, "contribution")
    group.command("queue")(queue)
    group.command("show")(show)


def queue(
    context: typer.Context,
    as_role: Acting = Role.MODERATOR,
    under_mandate: Mandate = None,
    known: Known = None,
    in_force: InForce = None,
    as_json: Json = False,
) -> None:
    """Lire les contributions qui attendent la modération ; qui les a lues est noté à part."""
    here = world(context)
    moment = here.product.moment(known, in_force)
    sheets = here.product.contribution_queue(moment, here.by(as_role, under_mandate))
    if as_json:
        show_json(sheets)
        return
    for sheet in sheets:
        _tell(sheet)
    waiting = plural(len(sheets), "contribution attend", "contributions attendent")
    typer.echo(f"{waiting} d'être lue{'s' * (len(sheets) > 1)}.")


def show(
    context: typer.Context,
    contribution: Annotated[UUID, typer.Argument(metavar="CONTRIBUTION", help="Son identifiant.")],
    as_role: Acting = Role.MODERATOR,
    under_mandate: Mandate = None,
    known: Known = None,
    in_force: InForce = None,
    as_json: Json = False,
) -> None:
    """Lire une contribution, où qu'elle en soit ; qui l'a lue est noté à part."""
    here = world(context)
    moment = here.product.moment(known, in_force)
    sheet = here.product.contribution(contribution, here.by(as_role, under_mandate), moment)
    if as_json:
        show_json(sheet)
    else:
        _tell(sheet)


def _tell(sheet: ContributionSheet) -> None:
    typer.echo(f"{sheet.about} — {STANDINGS[sheet.standing]}  {sheet.id}")
    typer.echo(f"    reçue {date_in_words(sheet.occurred_on)}, de : {sheet.author}")
    typer.echo(f"    paraîtrait sous le nom : {sheet.public_name or 'aucun'}")
    for line in sheet.text.splitlines():
        typer.echo(f"    | {line}")
    if sheet.motive:
        typer.echo(f"    non retenue parce que : {sheet.motive}")
