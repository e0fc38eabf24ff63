"""Questions about claims, beside their list."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from application.figures import SideBySide
from interfaces.api.pole import InForce, Known
from interfaces.wiring import Product


class Comparisons(BaseModel):
    items: list[SideBySide]
    total: int


def router(product: Product) -> APIRouter:
    """The route beside `/api/claims`, which is a list like any other."""
    routes = APIRouter(prefix="/api/claims", tags=["déclarations"])

    @routes.get("/compare", summary="Ce que chacun déclare d'un même chiffre, côte à côte")
    def compare(
        measure: Annotated[str | None, Query(description="Ce qui est mesuré.")] = None,
        period: Annotated[str | None, Query(description="AAAA, AAAA-MM ou AAAA-MM-JJ.")] = None,
        pole: Annotated[str | None, Query(description="Seulement ce pôle.")] = None,
        known: Known = None,
        in_force: InForce = None,
    ) -> Comparisons:
        moment = product.moment(known, in_force)
        found = product.compared(moment, measure=measure, period=period, pole=pole)
        return Comparisons(items=found, total=len(found))

    return routes
