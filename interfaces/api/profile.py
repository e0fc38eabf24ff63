"""What a pole does: `/api/poles/{pole}/profile`."""

from fastapi import APIRouter

from application.doing import Doing
from interfaces.api.pole import InForce, Known
from interfaces.wiring import Product


def router(product: Product) -> APIRouter:
    """The route of the profile of a pole."""
    routes = APIRouter(prefix="/api/poles", tags=["pôles"])

    @routes.get("/{pole}/profile", summary="Ce que fait un pôle")
    def profile(pole: str, known: Known = None, in_force: InForce = None) -> Doing:
        """Actions by level, functions, projects with their checks, objectives, resources."""
        return product.doing(pole, product.moment(known, in_force))

    return routes
