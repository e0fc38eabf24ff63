"""Questions about what waits."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query
from fastapi.security import HTTPBearer
from pydantic import BaseModel

from application.inbox import InboxLine
from application.stall import LONG, LONGEST, StallLine
from domain.roles import Role
from interfaces.api.pole import InForce, Known
from interfaces.wiring import Product

Limit = Annotated[int, Query(ge=1, le=1000, description="Lignes au plus.")]
Offset = Annotated[int, Query(ge=0, description="Lignes à passer.")]
Token = Annotated[str | None, Header(include_in_schema=False)]
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

    @routes.get(
        "/inbox",
        summary="Ce qui attend, les plus anciens d'abord",
        dependencies=[Depends(HTTPBearer(auto_error=False))],
    )
    def inbox(
        role: Annotated[Role | None, Query(description="Ce qui attend ce rôle.")] = None,
        person: Annotated[
            UUID | None, Query(description="Ce qui attend ce compte, par les mandats qu'il tient.")
        ] = None,
        region: Region = None,
        kind: Annotated[
            str | None,
            Query(description="Seulement cette sorte de chose : pole, document, contest…"),
        ] = None,
        known: Known = None,
        in_force: InForce = None,
        limit: Limit = 100,
        offset: Offset = 0,
        authorization: Token = None,
    ) -> Inbox:
        """What waits for a role, a person or anybody: cases, and things beside them.

        That a contribution waits to be read is told with the operator's token only.
        """
        if authorization:
            product.signed_in(authorization, role or Role.MODERATOR)
        moment = product.moment(known, in_force)
        lines = product.inbox(
            moment,
            role=role,
            person=person,
            region=region,
            kind=kind,
            as_operator=bool(authorization),
        )
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
