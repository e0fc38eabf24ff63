"""Questions about calls, their committees and sessions; what is not announced, with the token."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.security import HTTPBearer
from pydantic import BaseModel

from application.call_sheet import CallSheet
from application.command import By
from application.public_minutes import PublicMinutes
from application.session_lines import MinutesSheet, SessionResults, WaveResults
from application.session_sheet import CommitteeSheet, SessionSheet
from domain.provenance import MandateId
from domain.roles import Role
from interfaces.api.pole import InForce, Known
from interfaces.api.reading import Acting, Mandate, Token
from interfaces.wiring import Product


class Announced(BaseModel):
    """What is announced of a call, wave by wave; empty before."""

    items: list[WaveResults]
    total: int


def router(product: Product) -> APIRouter:
    """What everybody asks of calls, committees and sessions; then what is read and noted."""
    routes = APIRouter(prefix="/api", tags=["appels et comités"])
    _add_public(routes, product)
    _add_readings(routes, product)
    return routes


def _add_public(routes: APIRouter, product: Product) -> None:
    @routes.get("/calls/{name}", summary="Un appel, sans ce que son comité décide")
    def call(name: str, known: Known = None, in_force: InForce = None) -> CallSheet:
        return product.call(name, product.moment(known, in_force))

    @routes.get("/calls/{name}/announced", summary="Les décisions annoncées d'un appel")
    def announced(name: str, known: Known = None, in_force: InForce = None) -> Announced:
        """Decisions with motive and amount, what is left of the envelope, the reserve list."""
        found = product.announced_waves(name, product.moment(known, in_force))
        return Announced(items=found, total=len(found))

    @routes.get("/committees/{call}", summary="Le comité d'un appel : sièges, règles, séances")
    def committee(call: str, known: Known = None, in_force: InForce = None) -> CommitteeSheet:
        return product.committee(call, product.moment(known, in_force))

    @routes.get("/sessions/{name}", summary="Une séance, sans ses résultats")
    def session(name: str, known: Known = None, in_force: InForce = None) -> SessionSheet:
        return product.session(name, product.moment(known, in_force))

    @routes.get("/sessions/{name}/announced", summary="Ce qui est annoncé d'une séance")
    def announced_session(
        name: str, known: Known = None, in_force: InForce = None
    ) -> SessionResults:
        """No dossier before the announcement; never how each seat voted, nor the minutes."""
        return product.announced_session(name, product.moment(known, in_force))

    @routes.get("/sessions/{name}/public-minutes", summary="La partie publique d'un procès-verbal")
    def public_minutes(name: str, known: Known = None, in_force: InForce = None) -> PublicMinutes:
        """Composition, quorum, decisions; refused before the announcement."""
        return product.public_minutes(name, product.moment(known, in_force))


def _add_readings(routes: APIRouter, product: Product) -> None:
    """What is read before the announcement with the operator's token, and noted apart."""

    with_token = [Depends(HTTPBearer(auto_error=False))]

    def signed_in(
        authorization: Token = None,
        jalon_role: Acting = Role.SECRETARY,
        jalon_mandate: Mandate = None,
    ) -> By:
        mandate = MandateId(jalon_mandate) if jalon_mandate else None
        return product.signed_in(authorization, jalon_role, mandate)

    reader = Depends(signed_in)

    @routes.get(
        "/sessions/{name}/results",
        summary="Les votes et les décisions d'une séance",
        dependencies=with_token,
    )
    def results(
        name: str, by: Annotated[By, reader], known: Known = None, in_force: InForce = None
    ) -> SessionResults:
        """For members of the committee, its secretary and auditors; that it was read is noted."""
        return product.session_results(name, product.moment(known, in_force), by)

    @routes.get(
        "/sessions/{name}/minutes",
        summary="Le procès-verbal d'une séance",
        dependencies=with_token,
    )
    def minutes(
        name: str, by: Annotated[By, reader], known: Known = None, in_force: InForce = None
    ) -> MinutesSheet:
        """Made from what is recorded, with its hash; for the same, and noted."""
        return product.minutes(name, product.moment(known, in_force), by)

    @routes.get(
        "/calls/{name}/waves/{wave}/ranking",
        summary="La liste classée d'une vague, avec sa ligne de coupure",
        dependencies=with_token,
    )
    def ranking(
        name: str,
        wave: str,
        by: Annotated[By, reader],
        known: Known = None,
        in_force: InForce = None,
    ) -> WaveResults:
        """In the order of the committee, with the reserve list; for the same, and noted."""
        return product.wave_results(name, wave, product.moment(known, in_force), by)
