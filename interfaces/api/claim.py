"""Questions about claims."""

from fastapi import APIRouter
from pydantic import BaseModel

from application.claim import ClaimLine
from interfaces.api.pole import InForce, Known
from interfaces.wiring import Product


class Claims(BaseModel):
    items: list[ClaimLine]
    total: int


def router(product: Product) -> APIRouter:
    """The routes under `/api/claims`."""
    routes = APIRouter(prefix="/api/claims", tags=["déclarations"])

    @routes.get("", summary="Les déclarations nationales, côte à côte")
    def claims(known: Known = None, in_force: InForce = None) -> Claims:
        lines = product.claims.lines(product.moment(known, in_force))
        return Claims(items=lines, total=len(lines))

    return routes
