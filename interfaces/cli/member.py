"""`jalon member show`: a member by its name, for those who may read it."""

from typing import Annotated
from uuid import UUID

import typer

from application.wording import MEMBERS
from domain.roles import Role
from interfaces.cli.groups import group_of
from interfaces.cli.options import InForce, Json, Known
from interfaces.cli.output import show_facts, show_json
from interfaces.cli.world import world

Acting = Annotated[Role, typer.Option("--as", help="Le rôle dans lequel on lit.")]
Mandate = Annotated[
    str | None, typer.Option("--mandate", metavar="ID", help="Le mandat sous lequel on lit.")
]


def add_to(app: typer.Typer) -> None:
    group_of(app, "member").command("show")(show)


def show(
    context: typer.Context,
    member: Annotated[UUID, typer.Argument(metavar="MEMBRE", help="Son identifiant.")],
    known: Known = None,
    in_force: InForce = None,
    as_role: Acting = Role.REGISTRAR,
    under_mandate: Mandate = None,
    as_json: Json = False,
) -> None:
    """Dire le nom d'un membre, fût-il une personne ; qui l'a lu est noté à part."""
    here = world(context)
    moment = here.product.moment(known, in_force)
    found = here.product.named_member(member, here.by(as_role, under_mandate), moment)
    if as_json:
        show_json(found)
        return
    typer.echo(found.name)
    show_facts(
        [
            ("nature", MEMBERS[found.member_kind]),
            ("pôle", found.pole_name),
            ("identifiant", found.identifier),
        ]
    )
    typer.echo("Cette lecture est notée.")
