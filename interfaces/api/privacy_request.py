"""Questions about the requests of persons on their data: one request, and how many there were."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.security import HTTPBearer
from pydantic import BaseModel

from application.changed import CaseChanges, Compared
from application.privacy_request_sheet import PrivacyRequestSheet, PrivacyYear
from domain.roles import Role
from interfaces.api.changed import As, Blames, End, Start
from interfaces.api.pole import InForce, Known
from interfaces.api.reading import Acting, Token
from interfaces.wiring import Product


class PrivacyYears(BaseModel):
    items: list[PrivacyYear]
    total: int


def router(product: Product) -> APIRouter:
    """`/api/privacy-requests/years` for anybody, and one request for those who may read it."""
    routes = APIRouter(prefix="/api/privacy-requests", tags=["données personnelles"])

    @routes.get("/years", summary="Les demandes d'exercice de droits, comptées par année")
    def years(known: Known = None, in_force: InForce = None) -> PrivacyYears:
        """How many were received, and answered in time; of no one of them."""
        found = product.privacy_years(product.moment(known, in_force))
        return PrivacyYears(items=found, total=len(found))

    @routes.get(
        "/{name}",
        summary="Une demande d'exercice de droits",
        dependencies=[Depends(HTTPBearer(auto_error=False))],
    )
    def request(
        name: str,
        authorization: Token = None,
        jalon_role: Acting = Role.DPO,
        known: Known = None,
        in_force: InForce = None,
    ) -> PrivacyRequestSheet:
        """Whole for the delegate, without names or words for an auditor; the reading is noted."""
        by = product.signed_in(authorization, jalon_role)
        return product.privacy_request(name, product.moment(known, in_force), by)

    _add_origins(routes, product)
    return routes


def _add_origins(routes: APIRouter, product: Product) -> None:
    """What changed of a request, and whence comes each value; its names and words left aside."""

    @routes.get(
        "/{name}/diff",
        summary="Une demande d'exercice de droits : ce qui a changé",
        dependencies=[Depends(HTTPBearer(auto_error=False))],
    )
    def diff(
        name: str,
        start: Start,
        end: End = None,
        compared: As = Compared.REALITY,
        authorization: Token = None,
        jalon_role: Acting = Role.DPO,
        known: Known = None,
        in_force: InForce = None,
    ) -> CaseChanges:
        """Each change, with the event that made it; the reading is noted."""
        by = product.signed_in(authorization, jalon_role)
        return product.privacy_request_changes(
            name, by, compared, start, end, known=known, in_force=in_force
        )

    @routes.get(
        "/{name}/blame",
        summary="Une demande d'exercice de droits : d'où vient chaque valeur",
        dependencies=[Depends(HTTPBearer(auto_error=False))],
    )
    def blame(
        name: str,
        field: Annotated[
            str | None, Query(description="Seulement cette valeur, et ce qui est sous elle.")
        ] = None,
        authorization: Token = None,
        jalon_role: Acting = Role.DPO,
        known: Known = None,
        in_force: InForce = None,
    ) -> Blames:
        """Of each value, the last event after which it changed; the reading is noted."""
        by = product.signed_in(authorization, jalon_role)
        moment = product.moment(known, in_force)
        found = product.privacy_request_blame(name, by, moment, field)
        return Blames(items=found, total=len(found))
