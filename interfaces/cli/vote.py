"""`jalon pole votes`: how the votes on a case stand."""

import typer

from application.vote_sheet import VoteLine
from application.wording import date_in_words
from interfaces.cli.groups import group_of
from interfaces.cli.options import InForce, Json, Known, PoleName
from interfaces.cli.output import show_json
from interfaces.cli.world import world


def add_to(app: typer.Typer) -> None:
    group_of(app, "pole").command("votes")(of_pole)


def of_pole(
    context: typer.Context,
    pole: PoleName,
    known: Known = None,
    in_force: InForce = None,
    as_json: Json = False,
) -> None:
    """Dire où en sont les votes d'un pôle, qui peut encore voter, et jusqu'à quand."""
    product = world(context).product
    votes = product.votes(pole, product.moment(known, in_force))
    if as_json:
        show_json(votes)
        return
    tell_votes(votes)


def tell_votes(votes: list[VoteLine]) -> None:
    """How votes stand, who may still vote, until when."""
    for vote in votes:
        opened = date_in_words(vote.opened_on.isoformat())
        typer.echo(f"{vote.title} : {vote.outcome_words}, ouvert {opened}")
        for college in vote.colleges:
            typer.echo(f"    {college.sentence}")
            typer.echo(f"      peuvent y voter : {', '.join(college.roles)}")
        if vote.recused:
            typer.echo(f"    déports : {vote.recused}")
        typer.echo(f"    {vote.until}")
        if vote.excluded:
            typer.echo(f"    {vote.excluded}")
        typer.echo(f"    règle : {vote.rule} ({vote.source})")
        typer.echo(f"    vote : {vote.id}")
    if not votes:
        typer.echo("Aucune des étapes qui se présentent n'est soumise à un vote.")
