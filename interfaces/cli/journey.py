"""`jalon journey …`: the published definitions."""

from pathlib import Path
from typing import Annotated

import typer

from domain.kernel import Role
from interfaces.cli.output import show_table
from interfaces.cli.world import world

group = typer.Typer(help="Les parcours : les règles, version par version.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    app.add_typer(group, name="journey")


@group.command("list")
def list_journeys(context: typer.Context) -> None:
    """Lister les versions publiées, avec leur empreinte."""
    rows = world(context).product.journeys()
    show_table(
        ("VERSION", "ÉTAPES", "PASSAGES", "EMPREINTE", "SOURCE"),
        [
            (j.ref, str(len(j.states)), str(len(j.transitions)), digest[:16], j.source[0])
            for j, digest in rows
        ],
    )


@group.command("publish")
def publish(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="La définition, en YAML.", exists=True)],
) -> None:
    """Publier une version ; elle ne changera plus."""
    here = world(context)
    ref = here.product.publish_journey(file, here.by(Role.ADMINISTRATOR))
    typer.echo(f"{ref} est publié.")
