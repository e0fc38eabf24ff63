"""`jalon following …`: who follows which pole, beside the list of them all."""

from typing import Annotated

import typer

from interfaces.cli.groups import group_of
from interfaces.cli.options import InForce, Json, Known
from interfaces.cli.output import plural, show_json, show_table
from interfaces.cli.world import world


def add_to(app: typer.Typer) -> None:
    group_of(app, "following").command("unfollowed")(show_unfollowed)


def show_unfollowed(
    context: typer.Context,
    region: Annotated[str | None, typer.Option(help="Seulement cette région.")] = None,
    known: Known = None,
    in_force: InForce = None,
    as_json: Json = False,
) -> None:
    """Lister les pôles sans référente ni référent."""
    product = world(context).product
    lines = product.unfollowed(product.moment(known, in_force), region)
    if as_json:
        show_json(lines)
        return
    if lines:
        show_table(
            ("CODE", "NOM", "ÉTAPE", "RÉGION"),
            [(p.code, p.name, p.stage_title, p.region or "—") for p in lines],
        )
    typer.echo(f"{plural(len(lines), 'pôle')} sans référente ni référent.")
