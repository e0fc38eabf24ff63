"""Questions about one dossier, its review before the announcement, and one appeal."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header

from application.appeal_sheet import AppealSheet
from application.dossier_sheet import DossierSheet
from domain.provenance import MandateId
from domain.roles import Role
from interfaces.api.pole import InForce, Known
from interfaces.wiring import Product

Token = Annotated[str | None, Header(alias="Authorization", include_in_schema=False)]
Acting = Annotated[Role, Header(description="Le rôle dans lequel l'opérateur lit.")]
Mandate = Annotated[
    UUID | None, Header(description="Le mandat sous lequel il lit, s'il lit pour un autre.")
]


def router(product: Product) -> APIRouter:
    """`/api/dossiers/{name}`, its review, and `/api/appeals/{name}`."""
    routes = APIRouter(prefix="/api", tags=["dossiers"])

    @routes.get("/dossiers/{name}", summary="Un dossier, et ce qui en est annoncé")
    def dossier(name: str, known: Known = None, in_force: InForce = None) -> DossierSheet:
        """Its review is there once all of it is announced, and not before."""
        return product.dossier(name, product.moment(known, in_force))

    @routes.get("/dossiers/{name}/review", summary="Un dossier, avec son examen avant l'annonce")
    def review(
        name: str,
        known: Known = None,
        in_force: InForce = None,
        authorization: Token = None,
        jalon_role: Acting = Role.INSTRUCTOR,
        jalon_mandate: Mandate = None,
    ) -> DossierSheet:
        """For those who examine it, with the operator's token; that it was read is noted apart."""
        held = MandateId(jalon_mandate) if jalon_mandate else None
        by = product.signed_in(authorization, jalon_role, held)
        return product.reviewed_dossier(name, product.moment(known, in_force), by)

    @routes.get("/appeals/{name}", summary="Un recours, sans ce qu'il fait valoir")
    def appeal(name: str, known: Known = None, in_force: InForce = None) -> AppealSheet:
        return product.appeal(name, product.moment(known, in_force))

    return routes
