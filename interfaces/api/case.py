"""Questions about any case beside the poles: what it lacks, its votes, what was recorded of it."""

from fastapi import APIRouter
from pydantic import BaseModel

from application.case import CONCEPTS
from application.listing import LISTINGS
from application.ways import WayLine
from domain.roles import Role
from interfaces.api.pole import History, InForce, Known, Votes
from interfaces.wiring import Product


class WaysOut(BaseModel):
    items: list[WayLine]
    total: int


def router(product: Product) -> APIRouter:
    """Three routes a kind of case."""
    routes = APIRouter(prefix="/api")
    for concept in CONCEPTS:
        if concept != "pole" and concept in LISTINGS:
            _add(routes, product, concept)
    return routes


def _add(routes: APIRouter, product: Product, concept: str) -> None:
    asked = LISTINGS[concept]
    at = f"/{asked.resource}/{{name}}"

    @routes.get(f"{at}/why", summary=f"{asked.title} : ce qui manque pour avancer", tags=["cas"])
    def why(
        name: str, known: Known = None, in_force: InForce = None, role: Role | None = None
    ) -> WaysOut:
        lines = product.case_why(concept, name, product.moment(known, in_force), role)
        return WaysOut(items=lines, total=len(lines))

    @routes.get(f"{at}/votes", summary=f"{asked.title} : où en sont les votes", tags=["cas"])
    def votes(name: str, known: Known = None, in_force: InForce = None) -> Votes:
        lines = product.case_votes(concept, name, product.moment(known, in_force))
        return Votes(items=lines, total=len(lines))

    @routes.get(f"{at}/history", summary=f"{asked.title} : ce qui est enregistré", tags=["cas"])
    def history(name: str, known: Known = None, in_force: InForce = None) -> History:
        lines = product.case_history(concept, name, product.moment(known, in_force))
        return History(items=lines, total=len(lines))
