"""Questions about mandates."""

from fastapi import APIRouter
from pydantic import BaseModel

from application.mandate import MandateLine
from interfaces.api.pole import InForce, Known, Limit, Offset
from interfaces.wiring import Product


class Mandates(BaseModel):
    items: list[MandateLine]
    total: int


def router(product: Product) -> APIRouter:
    """The routes under `/api/mandates`."""
    routes = APIRouter(prefix="/api/mandates", tags=["mandats"])

    @routes.get("", summary="Les mandats ; d'un jour donné, ceux en vigueur seulement")
    def mandates(
        known: Known = None, in_force: InForce = None, limit: Limit = 100, offset: Offset = 0
    ) -> Mandates:
        found = product.mandates(product.moment(known, in_force))
        lines = [line for line in found if line.in_force or in_force is None]
        return Mandates(items=lines[offset : offset + limit], total=len(lines))

    return routes
