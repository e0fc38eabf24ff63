"""Questions about poles."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from application.deadline import DeadlineLine
from application.history_in_words import HistoryLine
from application.register import PoleLine, PoleSheet, WayLine
from domain.kernel import Role
from interfaces.wiring import Product

Known = Annotated[
    str | None, Query(description="Ce que le registre savait ce jour-là (AAAA-MM-JJ, fin du jour).")
]
InForce = Annotated[
    str | None, Query(description="Ce qui était en vigueur ce jour-là (AAAA-MM-JJ).")
]


class Poles(BaseModel):
    items: list[PoleLine]
    total: int


class History(BaseModel):
    items: list[HistoryLine]
    total: int


class Ways(BaseModel):
    items: list[WayLine]
    total: int
    deadlines: list[DeadlineLine]


def router(product: Product) -> APIRouter:
    """The routes under `/api/poles`."""
    routes = APIRouter(prefix="/api/poles", tags=["pôles"])

    @routes.get("", summary="La liste des pôles")
    def poles(
        known: Known = None,
        in_force: InForce = None,
        stage: str | None = None,
        region: str | None = None,
        q: str | None = None,
    ) -> Poles:
        moment = product.moment(known, in_force)
        lines = product.register.lines(moment, stage=stage, region=region, search=q)
        return Poles(items=lines, total=len(lines))

    @routes.get("/{pole}", summary="Un pôle")
    def sheet(pole: str, known: Known = None, in_force: InForce = None) -> PoleSheet:
        return product.sheet(pole, product.moment(known, in_force))

    @routes.get("/{pole}/history", summary="Tout ce qui a été enregistré d'un pôle")
    def history(pole: str, known: Known = None, in_force: InForce = None) -> History:
        lines = product.history(pole, product.moment(known, in_force))
        return History(items=lines, total=len(lines))

    @routes.get("/{pole}/why", summary="Ce qui manque pour avancer")
    def why(
        pole: str, known: Known = None, in_force: InForce = None, role: Role | None = None
    ) -> Ways:
        moment = product.moment(known, in_force)
        lines = product.why(pole, moment, role)
        return Ways(items=lines, total=len(lines), deadlines=product.deadlines(pole, moment))

    return routes
