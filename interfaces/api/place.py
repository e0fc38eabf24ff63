"""Questions about the codes of places."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from application.place import PlaceLine
from application.place_ended import EndedPlace
from interfaces.api.pole import InForce, Known
from interfaces.wiring import Product

Year = Annotated[
    int | None,
    Query(ge=1943, le=2999, description="L'année des codes ; la dernière connue sinon."),
]


class PlacesFound(BaseModel):
    items: list[PlaceLine]
    total: int


class Ended(BaseModel):
    items: list[EndedPlace]
    total: int


def router(product: Product) -> APIRouter:
    """The routes under `/api/places`, beside their list."""
    routes = APIRouter(prefix="/api/places", tags=["territoires"])

    @routes.get("/search", summary="Les codes qu'un code, un nom ou une partie du nom désigne")
    def search(
        q: Annotated[str, Query(min_length=1, max_length=120, description="Code ou nom.")],
        year: Year = None,
        known: Known = None,
        in_force: InForce = None,
    ) -> PlacesFound:
        lines = product.search_places(q, product.moment(known, in_force), year=year)
        return PlacesFound(items=lines, total=len(lines))

    @routes.get("/ended", summary="Les codes des pôles qui ont pris fin, et leurs successeurs")
    def ended(year: Year = None, known: Known = None, in_force: InForce = None) -> Ended:
        """Nothing is changed: each line proposes a command to be read over, then run."""
        lines = product.ended_places(product.moment(known, in_force), year=year)
        return Ended(items=lines, total=len(lines))

    return routes
