"""`jalon … why`, `history`, `votes`: what is asked of any case beside the poles."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

import typer

from application.case import CONCEPTS
from application.listing import LISTINGS
from domain.roles import Role
from interfaces.cli.groups import derive
from interfaces.cli.options import Details, InForce, Json, Known
from interfaces.cli.output import show_json
from interfaces.cli.pole import tell_history, tell_ways
from interfaces.cli.vote import tell_votes
from interfaces.cli.world import world

Name = Annotated[str, typer.Argument(metavar="CODE", help="Son code, ou son identifiant.")]


def add_to(app: typer.Typer) -> None:
    for concept in CONCEPTS:
        if concept != "pole" and concept in LISTINGS:
            for verb in (_why, _history, _votes):
                derive(app, concept, verb.__name__.removeprefix("_"), partial(verb, concept))


def _why(concept: str) -> Callable[..., Any]:
    def run(
        context: typer.Context,
        name: Name,
        known: Known = None,
        in_force: InForce = None,
        role: Annotated[Role | None, typer.Option(help="Pour qui agit dans ce rôle.")] = None,
        as_json: Json = False,
    ) -> None:
        """Dire ce qui manque pour avancer, clause par clause."""
        product = world(context).product
        ways = product.case_why(concept, name, product.moment(known, in_force), role)
        if as_json:
            show_json(ways)
            return
        tell_ways(ways)

    return run


def _history(concept: str) -> Callable[..., Any]:
    def run(
        context: typer.Context,
        name: Name,
        known: Known = None,
        in_force: InForce = None,
        details: Details = False,
        as_json: Json = False,
    ) -> None:
        """Raconter tout ce qui a été enregistré et peut être dit, par date des faits."""
        product = world(context).product
        lines = product.case_history(concept, name, product.moment(known, in_force))
        if as_json:
            show_json(lines)
            return
        tell_history(lines, details=details)

    return run


def _votes(concept: str) -> Callable[..., Any]:
    def run(
        context: typer.Context,
        name: Name,
        known: Known = None,
        in_force: InForce = None,
        as_json: Json = False,
    ) -> None:
        """Dire où en sont les votes sur ses étapes, qui peut encore voter, jusqu'à quand."""
        product = world(context).product
        votes = product.case_votes(concept, name, product.moment(known, in_force))
        if as_json:
            show_json(votes)
            return
        tell_votes(votes)

    return run
