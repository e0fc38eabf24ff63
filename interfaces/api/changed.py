"""What changed of any case between two moments, and whence comes each value shown of it."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from application.blame import ValueBlame
from application.case import CONCEPTS
from application.changed import CaseChanges, Compared
from application.listing import LISTINGS
from interfaces.api.pole import InForce, Known
from interfaces.wiring import Product

Start = Annotated[
    str,
    Query(
        alias="from",
        description="Un jour ; d'une différence de connaissance, un jour, un instant ou une "
        "taille du journal (@1500).",
    ),
]
End = Annotated[str | None, Query(alias="to", description="De même ; aujourd'hui sinon.")]
As = Annotated[
    Compared,
    Query(
        alias="as",
        description="`reality` : ce qui s'est passé d'un jour à l'autre ; `knowledge` : ce que "
        "le registre a appris d'un même jour.",
    ),
]


class Blames(BaseModel):
    items: list[ValueBlame]
    total: int


def router(product: Product) -> APIRouter:
    """Two routes a kind of case."""
    routes = APIRouter(prefix="/api", tags=["cas"])
    _add(routes, product, "pole", "poles", "Un pôle")
    for concept in CONCEPTS:
        if concept in LISTINGS:
            _add(routes, product, concept, LISTINGS[concept].resource, LISTINGS[concept].title)
    return routes


def _add(routes: APIRouter, product: Product, concept: str, resource: str, title: str) -> None:
    @routes.get(f"/{resource}/{{name}}/diff", summary=f"{title} : ce qui a changé")
    def diff(
        name: str,
        start: Start,
        end: End = None,
        compared: As = Compared.REALITY,
        known: Known = None,
        in_force: InForce = None,
    ) -> CaseChanges:
        """Each change of what the sheet shows, with the event that made it."""
        return product.changes(concept, name, compared, start, end, known=known, in_force=in_force)

    @routes.get(f"/{resource}/{{name}}/blame", summary=f"{title} : d'où vient chaque valeur")
    def blame(
        name: str,
        field: Annotated[
            str | None, Query(description="Seulement cette valeur, et ce qui est sous elle.")
        ] = None,
        known: Known = None,
        in_force: InForce = None,
    ) -> Blames:
        """Of each value, the last event after which it changed."""
        found = product.blame(concept, name, product.moment(known, in_force), field)
        return Blames(items=found, total=len(found))
