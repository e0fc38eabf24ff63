"""`jalon funding-plan show`: the funding plan of one project, and whether it holds."""

from collections.abc import Iterator
from typing import Annotated

import typer

from application.funding_plan_sheet import FundingPlanSheet
from application.wording import capital, since_in_words
from domain.money import euros
from interfaces.cli.groups import group_of
from interfaces.cli.options import InForce, Json, Known
from interfaces.cli.output import show_facts, show_json
from interfaces.cli.world import world

Name = Annotated[
    str, typer.Argument(metavar="PROJET", help="Le projet, par son identifiant ou son titre exact.")
]


def add_to(app: typer.Typer) -> None:
    group_of(app, "funding_plan").command("show")(show)


def show(
    context: typer.Context,
    project: Name,
    known: Known = None,
    in_force: InForce = None,
    as_json: Json = False,
) -> None:
    """Montrer le plan de financement d'un projet : coûts, ressources, financeurs, équilibre."""
    product = world(context).product
    sheet = product.funding_plan(project, product.moment(known, in_force))
    if as_json:
        show_json(sheet)
        return
    typer.echo(f"Plan de financement — {sheet.project_title} ({sheet.pole_name})")
    show_facts(_facts(sheet))
    typer.echo(sheet.balance.sentence)


def _facts(sheet: FundingPlanSheet) -> Iterator[tuple[str, str | None]]:
    balance = sheet.balance
    for cost in sheet.costs:
        yield "coût", f"{cost.title} : {cost.amount}"
    yield "coûts", euros(balance.costs)
    yield "propres", f"{euros(balance.own)} de ressources propres"
    for funder in sheet.funders:
        standing = f"{funder.standing_words} {since_in_words(funder.since.isoformat())}"
        yield "financeur", f"{funder.title} : {funder.amount}, {standing}"
        yield "", f"motif : {funder.reasons}" if funder.reasons else None
        yield "", capital(funder.touched_words) if funder.touched_words else None
    yield "acquis", euros(balance.secured)
    for given in sheet.in_kind:
        yield "en nature", f"{given.title} ({given.giver}) : {given.amount}, compté à part"
