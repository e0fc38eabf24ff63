"""Readings of what is not public: with the operator's token, in a role that may, and noted."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header
from fastapi.security import HTTPBearer
from pydantic import BaseModel

from application.command import By
from application.contribution_list import ContributionSheet
from application.exchange import ExchangeSheet
from application.member_reading import NamedMember
from domain.provenance import MandateId
from domain.roles import Role
from interfaces.api.pole import InForce, Known
from interfaces.questions import AccessLine
from interfaces.wiring import Product

Token = Annotated[str | None, Header(include_in_schema=False)]
Acting = Annotated[Role, Header(description="Le rôle dans lequel l'opérateur lit.")]
Mandate = Annotated[
    UUID | None, Header(description="Le mandat sous lequel il lit, s'il lit pour un autre.")
]


class Queue(BaseModel):
    items: list[ContributionSheet]
    total: int


class Accesses(BaseModel):
    items: list[AccessLine]
    total: int


def router(product: Product) -> APIRouter:
    """What needs the token though it changes nothing."""
    routes = APIRouter(
        prefix="/api", tags=["lectures"], dependencies=[Depends(HTTPBearer(auto_error=False))]
    )

    def signed_in(authorization: str | None, role: Role, mandate: UUID | None) -> By:
        return product.signed_in(authorization, role, MandateId(mandate) if mandate else None)

    @routes.get("/exchanges/{exchange}", summary="Un échange, avec son compte rendu privé")
    def exchange(
        exchange: UUID,
        authorization: Token = None,
        jalon_role: Acting = Role.REGISTRAR,
        jalon_mandate: Mandate = None,
        known: Known = None,
        in_force: InForce = None,
    ) -> ExchangeSheet:
        """The summary is opened for whoever follows poles; that it was read is noted apart."""
        by = signed_in(authorization, jalon_role, jalon_mandate)
        return product.exchange(exchange, by, product.moment(known, in_force))

    @routes.get("/members/{member}", summary="Un membre par son nom, fût-il une personne")
    def member(
        member: UUID,
        authorization: Token = None,
        jalon_role: Acting = Role.REGISTRAR,
        jalon_mandate: Mandate = None,
        known: Known = None,
        in_force: InForce = None,
    ) -> NamedMember:
        """The name of a person is opened for few; that it was read is noted apart."""
        by = signed_in(authorization, jalon_role, jalon_mandate)
        return product.named_member(member, by, product.moment(known, in_force))

    @routes.get("/contributions/queue", summary="Ce qui attend la modération")
    def queue(
        authorization: Token = None,
        jalon_role: Acting = Role.MODERATOR,
        jalon_mandate: Mandate = None,
        known: Known = None,
        in_force: InForce = None,
    ) -> Queue:
        """What nobody has decided of yet, the oldest first; that it was read is noted apart."""
        by = signed_in(authorization, jalon_role, jalon_mandate)
        found = product.contribution_queue(product.moment(known, in_force), by)
        return Queue(items=found, total=len(found))

    @routes.get("/contributions/{contribution}", summary="Une contribution, pour la modération")
    def contribution(
        contribution: UUID,
        authorization: Token = None,
        jalon_role: Acting = Role.MODERATOR,
        jalon_mandate: Mandate = None,
        known: Known = None,
        in_force: InForce = None,
    ) -> ContributionSheet:
        """One contribution, wherever it stands; that it was read is noted apart."""
        by = signed_in(authorization, jalon_role, jalon_mandate)
        return product.contribution(contribution, by, product.moment(known, in_force))

    @routes.get("/accesses", summary="Qui a lu ce qui n'est pas public")
    def accesses(
        authorization: Token = None,
        jalon_role: Acting = Role.AUDITOR,
        subject: UUID | None = None,
    ) -> Accesses:
        """Every reading that was noted: when, by whom, of which part of what; never its words."""
        lines = product.read_accesses(product.signed_in(authorization, jalon_role), subject)
        return Accesses(items=lines, total=len(lines))

    return routes
