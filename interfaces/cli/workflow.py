"""`jalon workflow …`: work on definitions, before anything is published."""

import typer

group = typer.Typer(
    help="Les définitions de parcours : vérifier, dessiner, comparer, rejouer.",
    no_args_is_help=True,
)


def add_to(app: typer.Typer) -> None:
    app.add_typer(group, name="workflow")
