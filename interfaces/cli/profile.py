"""`jalon pole profile POLE`: what a pole does."""

import typer

from application.doing import doing_in_words
from interfaces.cli.groups import group_of
from interfaces.cli.options import InForce, Json, Known, PoleName
from interfaces.cli.output import show_json
from interfaces.cli.world import world


def add_to(app: typer.Typer) -> None:
    group_of(app, "pole").command("profile")(profile)


def profile(
    context: typer.Context,
    pole: PoleName,
    known: Known = None,
    in_force: InForce = None,
    as_json: Json = False,
) -> None:
    """Dire ce que fait un pôle : actions, fonctions, projets, objectifs, ressources.

    Chaque rubrique est suivie de son identifiant ; chaque chiffre, de sa source.
    """
    product = world(context).product
    told = product.doing(pole, product.moment(known, in_force))
    if as_json:
        show_json(told)
        return
    for label, said in doing_in_words(told):
        typer.echo(f"{label} : {said}")
    if not told.says_anything:
        typer.echo("Rien n'est encore enregistré de ce que fait ce pôle.")
