"""`jalon grid …`: what poles are read against, version by version."""

from pathlib import Path
from typing import Annotated

import typer

from application.wording import rule_source
from domain.grid import Grid, Item
from domain.roles import Role
from interfaces.cli.groups import group_of
from interfaces.cli.options import InForce, Json, Known
from interfaces.cli.output import show_json
from interfaces.cli.workflow import readable
from interfaces.cli.world import world


def add_to(app: typer.Typer) -> None:
    group = group_of(app, "grid")
    group.command("publish")(publish)
    group.command("show")(show)


def publish(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FICHIER", help="La grille, en YAML ou JSON.")],
) -> None:
    """Publier une version d'une grille ; elle ne changera plus.

    Un référentiel a 3 objectifs généraux, 9 objectifs principaux et 27 indicateurs ; la grille de
    2012, 8 critères incontournables et 6 à tester. Les codes sont uniques.
    """
    here = world(context)
    grid = here.product.publish_grid(readable(file), here.by(Role.ADMINISTRATOR))
    typer.echo(f"{grid.ref} est publiée.")
    if grid.notice:
        typer.echo(grid.notice)


def show(
    context: typer.Context,
    ref: Annotated[
        str, typer.Argument(metavar="GRILLE", help="La grille et sa version : referentiel@3.7…")
    ],
    known: Known = None,
    in_force: InForce = None,
    as_json: Json = False,
) -> None:
    """Montrer une grille : ses éléments, son échelle, ses sources."""
    product = world(context).product
    grid = product.grid(ref, product.moment(known, in_force))
    if as_json:
        told = {"ref": grid.ref, "placeholder": grid.is_placeholder, "notice": grid.notice}
        show_json({**told, **grid.model_dump(mode="json")})
        return
    _tell(grid)


def _tell(grid: Grid) -> None:
    typer.echo(f"{grid.title.fr} ({grid.ref})")
    if grid.notice:
        typer.echo(f"! {grid.notice}")
    typer.echo(grid.about.fr)
    for branch in grid.tree:
        typer.echo(f"\n{branch.title.fr}")
        for item in branch.items:
            _item(item, "  ")
        for objective in branch.objectives:
            typer.echo(f"  {objective.title.fr}")
            for item in objective.items:
                _item(item, "    ")
    if grid.scale:
        typer.echo("\nÉchelle, ou « non observé » avec la raison :")
        for level in grid.scale:
            typer.echo(f"  {level.value}  {level.title.fr}")
    typer.echo("\nSources :")
    for source in grid.source:
        typer.echo(f"  {rule_source(source)}")


def _item(item: Item, margin: str) -> None:
    typer.echo(f"{margin}{item.code:<12} {item.title.fr}")
