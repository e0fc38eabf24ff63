"""Questions about who follows which pole, beside the list of them all."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from application.register import PoleLine
from interfaces.api.pole import InForce, Known
from interfaces.wiring import Product


class Unfollowed(BaseModel):
    items: list[PoleLine]
    total: int


def router(product: Product) -> APIRouter:
    """`/api/followings/unfollowed`."""
    routes = APIRouter(prefix="/api/followings", tags=["suivi"])

    @routes.get("/unfollowed", summary="Les pôles sans référente ni référent")
    def unfollowed(
        region: Annotated[str | None, Query(description="Seulement cette région.")] = None,
        known: Known = None,
        in_force: InForce = None,
    ) -> Unfollowed:
        """The poles that nobody follows as principal; those that have ended need nobody."""
        lines = product.unfollowed(product.moment(known, in_force), region)
        return Unfollowed(items=lines, total=len(lines))

    return routes
