"""`jalon … blame`: whence comes each value shown of a pole, or of any other case."""

from collections.abc import Callable
from functools import partial
from itertools import groupby
from typing import Annotated, Any

import typer

from application.blame import ValueBlame, ValueOrigin
from application.case import CONCEPTS
from application.listing import LISTINGS
from application.wording import (
    CONFIDENCES,
    ROLES,
    date_in_words,
    instant_in_words,
    place_in_log,
)
from interfaces.cli.case import Name
from interfaces.cli.groups import derive
from interfaces.cli.options import Details, InForce, Json, Known, PoleName
from interfaces.cli.output import plural, show_json
from interfaces.cli.world import world

Field = Annotated[
    str | None,
    typer.Option(
        "--field",
        metavar="CHEMIN",
        help="Seulement cette valeur, et ce qui est sous elle, par le chemin que donne "
        "« --details » ; plusieurs, séparées par des virgules.",
    ),
]


def add_to(app: typer.Typer) -> None:
    for concept in CONCEPTS:
        if concept == "pole" or concept in LISTINGS:
            derive(app, concept, "blame", partial(_blame, concept))


def _blame(concept: str) -> Callable[..., Any]:
    named: Any = PoleName if concept == "pole" else Name

    def run(
        context: typer.Context,
        name: named,
        field: Field = None,
        known: Known = None,
        in_force: InForce = None,
        details: Details = False,
        as_json: Json = False,
    ) -> None:
        """Dire d'où vient chaque valeur de la fiche : quel événement, de qui, sur quelle source."""
        product = world(context).product
        found = product.blame(concept, name, product.moment(known, in_force), field)
        if as_json:
            show_json(found)
            return
        tell_blame(found, details=details)

    return run


def tell_blame(found: list[ValueBlame], *, details: bool) -> None:
    """Each value, those together that come of one event, and how many there are."""
    for _, told in groupby(found, key=lambda one: one.origin and one.origin.position):
        lines = list(told)
        for line in lines:
            path = f"  [{line.path}]" if details else ""
            typer.echo(f"  {line.title} : {line.said}{path}")
        if origin := lines[0].origin:
            tell_origin(origin, details=details)
    typer.echo(f"{plural(len(found), 'valeur')}.")


def tell_origin(origin: ValueOrigin, *, details: bool) -> None:
    """The event of a value: what, when, by whom, on which ground, from which source."""
    event = origin.event
    if event is None:
        typer.echo(f"      ← n° {origin.position}, un événement qui ne se dit pas encore")
        return
    said = f"{event.title} : {event.detail}" if event.detail else event.title
    typer.echo(f"      ← n° {origin.position}, {said}")
    if event.mended:
        typer.echo(f"        ensuite : {event.mended}")
    recorded = instant_in_words(event.recorded_at)
    typer.echo(f"        fait : {date_in_words(event.occurred_on)} ; enregistré {recorded}")
    for_whom = f", sous mandat pour {event.on_behalf_of}" if event.on_behalf_of else ""
    typer.echo(f"        par : {ROLES[event.role]} ({event.account}){for_whom}")
    if event.ground:
        typer.echo(f"        fondement : {event.ground}")
    sure = f" ({CONFIDENCES[event.confidence]})" if event.confidence else ""
    typer.echo(f"        source : {event.source or 'non citée'}{sure}")
    if event.reason:
        typer.echo(f"        motif : {event.reason}")
    if details:
        typer.echo(f"        identifiant : {event.event_id}, {place_in_log(origin.position - 1)}")
