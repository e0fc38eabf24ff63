"""`jalon access list`: who read what is not public."""

from typing import Annotated
from uuid import UUID

import typer

from application.mandate import account_in_words
from application.reading_named import Reading
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

    Une ligne par question posée, la dernière d'abord. Les identifiants, un par chose lue, se
    donnent avec « --json ».
    """
    here = world(context)
    by = here.by(as_role)
    if as_json:
        show_json(here.product.read_accesses(by, subject))
        return
    found = here.product.readings(by, subject)
    if found:
        show_table(
            ("QUAND", "QUI", "COMME", "QUOI", "DE"),
            [
                (
                    instant_in_words(one.at),
                    "l'opérateur"
                    if one.account == by.actor
                    else f"compte {account_in_words(one.account)}",
                    ROLES[one.role],
                    one.says,
                    _about(one),
                )
                for one in found
            ],
        )
    typer.echo(f"{plural(len(found), 'lecture')}.")


NAMED = 3
"""Things that are named on one line; all are counted where there are more."""


def _about(one: Reading) -> str:
    named = " ; ".join(one.about[:NAMED])
    if one.things <= min(len(one.about), NAMED) or one.things < 2:
        return named
    return f"{named} ({one.things} en tout)" if named else f"{one.things} choses"
