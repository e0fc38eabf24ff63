"""Questions about what waits."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

from application.inbox import LONG, LONGEST, InboxLine, StallLine
from domain.kernel import Role
from interfaces.api.pole import InForce, Known
from interfaces.wiring import Product

Limit = Annotated[int, Query(ge=1, le=1000, description="Lignes au plus.")]
Offset = Annotated[int, Query(ge=0, description="Lignes à passer.")]
Region = Annotated[str | None, Query(description="Seulement cette région.")]


class Inbox(BaseModel):
    items: list[InboxLine]
    total: int


class Stalls(BaseModel):
    items: list[StallLine]
    total: int


def router(product: Product) -> APIRouter:
    """`/api/inbox` and `/api/stalls`."""
    routes = APIRouter(prefix="/api", tags=["suivi"])

    @routes.get("/inbox", summary="Ce qui attend, les plus anciens d'abord")
    def inbox(
        role: Annotated[Role | None, Query(description="Ce qui attend ce rôle.")] = None,
        person: Annotated[
            UUID | None, Query(description="Ce qui attend ce compte, par les mandats qu'il tient.")
        ] = None,
        region: Region = None,
        known: Known = None,
        in_force: InForce = None,
        limit: Limit = 100,
        offset: Offset = 0,
    ) -> Inbox:
        """The cases that wait for a role, a person or anybody, since when and for what."""
        moment = product.moment(known, in_force)
        lines = product.inbox(moment, role=role, person=person, region=region)
        return Inbox(items=lines[offset : offset + limit], total=len(lines))

    @routes.get("/stalls", summary="Ce qui n'avance pas, les plus anciens d'abord")
    def stalls(
        days: Annotated[
            int, Query(ge=0, le=LONGEST, description="Depuis plus de tant de jours.")
        ] = LONG,
        region: Region = None,
        stage: Annotated[str | None, Query(description="Seulement cette étape.")] = None,
        known: Known = None,
        in_force: InForce = None,
        limit: Limit = 100,
        offset: Offset = 0,
    ) -> Stalls:
        """The cases that have stood for long in their stage, why, and who holds them."""
        moment = product.moment(known, in_force)
        lines = product.stalls(moment, days=days, region=region, stage=stage)
        return Stalls(items=lines[offset : offset + limit], total=len(lines))

    return routes
