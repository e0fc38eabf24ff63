"""Whom a pole succeeds, and who succeeds it: `/api/poles/{pole}/lineage`."""

from fastapi import APIRouter

from application.succession import Lineage
from interfaces.api.pole import InForce, Known
from interfaces.wiring import Product


def router(product: Product) -> APIRouter:
    """The route of the line of a pole."""
    routes = APIRouter(prefix="/api/poles", tags=["pôles"])

    @routes.get("/{pole}/lineage", summary="À qui un pôle succède, et qui lui succède")
    def lineage(pole: str, known: Known = None, in_force: InForce = None) -> Lineage:
        """Every pole before and after it, by mergers and splits, the nearest first."""
        return product.lineage(pole, product.moment(known, in_force))

    return routes
