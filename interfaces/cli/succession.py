"""`jalon pole lineage POLE`: whom a pole succeeds, and who succeeds it."""

import typer

from application.succession import lineage_in_words
from interfaces.cli.groups import group_of
from interfaces.cli.options import InForce, Json, Known, PoleName
from interfaces.cli.output import show_json
from interfaces.cli.world import world


def add_to(app: typer.Typer) -> None:
    group_of(app, "pole").command("lineage")(lineage)


def lineage(
    context: typer.Context,
    pole: PoleName,
    known: Known = None,
    in_force: InForce = None,
    as_json: Json = False,
) -> None:
    """Dire à quels pôles un pôle succède et lesquels lui succèdent, de proche en proche."""
    product = world(context).product
    line = product.lineage(pole, product.moment(known, in_force))
    if as_json:
        show_json(line)
        return
    for sentence in lineage_in_words(line):
        typer.echo(f"{sentence}.")
    if not line.predecessors and not line.successors:
        typer.echo("Ce pôle ne succède à aucun autre, et aucun ne lui succède.")
