"""`jalon access list`: who read what is not public."""

from typing import Annotated
from uuid import UUID

import typer

from application.readings import reading_in_words
from application.wording import ROLES, instant_in_words
from domain.roles import Role
from interfaces.cli.groups import group_of
from interfaces.cli.options import Json
from interfaces.cli.output import plural, show_json, show_table
from interfaces.cli.world import world


def add_to(app: typer.Typer) -> None:
    group_of(app, "access").command("list")(list_accesses)


def list_accesses(
    context: typer.Context,
    subject: Annotated[
        UUID | None, typer.Option(metavar="ID", help="Seulement ce qui a été lu de cela.")
    ] = None,
    as_role: Annotated[
        Role, typer.Option("--as", help="Le rôle dans lequel on lit.")
    ] = Role.REGISTRAR,
    as_json: Json = False,
) -> None:
    """Lister les lectures de ce qui n'est pas public : quand, par qui, de quoi.

    La dernière est dite d'abord.
    """
    here = world(context)
    lines = here.product.read_accesses(here.by(as_role), subject)
    if as_json:
        show_json(lines)
        return
    if lines:
        show_table(
            ("QUAND", "COMPTE", "COMME", "QUOI", "IDENTIFIANT"),
            [
                (
                    instant_in_words(line.at),
                    str(line.account),
                    ROLES[line.role],
                    reading_in_words(line.concept, line.part),
                    str(line.subject),
                )
                for line in reversed(lines)
            ],
        )
    typer.echo(f"{plural(len(lines), 'lecture')}.")
