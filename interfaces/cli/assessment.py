"""`jalon assessment show`: the criteria of 2012 for a pole, and who said what of each."""

import typer

from application.assessment import FOUND
from application.wording import date_in_words
from interfaces.cli.groups import group_of
from interfaces.cli.options import InForce, Json, Known, PoleName
from interfaces.cli.output import show_json
from interfaces.cli.world import world


def add_to(app: typer.Typer) -> None:
    group_of(app, "assessment").command("show")(show)


def show(
    context: typer.Context,
    pole: PoleName,
    known: Known = None,
    in_force: InForce = None,
    as_json: Json = False,
) -> None:
    """Montrer les quatorze critères de 2012 pour un pôle, et qui constate quoi."""
    product = world(context).product
    found = product.criteria(pole, product.moment(known, in_force))
    if as_json:
        show_json(found)
        return
    if found is None:
        typer.echo("Les critères de 2012 n'étaient pas publiés à cette date.")
        return
    typer.echo(found.title)
    if found.notice:
        typer.echo(f"! {found.notice}")
    for group in found.groups:
        typer.echo(f"\n{group.title}")
        for criterion in group.criteria:
            typer.echo(f"  {criterion.code:<12} {criterion.title}")
            for said in criterion.said:
                who = said.assessor + (f" ({said.capacity})" if said.capacity else "")
                day = date_in_words(str(said.occurred_on))
                typer.echo(f"      {FOUND[said.found]} : {said.reasons}")
                typer.echo(f"          par : {who}, {day}")
            if not criterion.said:
                typer.echo("      pas encore apprécié")
    typer.echo("\nAucun avis d'ensemble n'est tiré de ces constats.")
