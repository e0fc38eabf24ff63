"""Questions about evaluation rounds, grids, and the criteria of 2012."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Query, Response

from application.assessment import Criteria
from application.command import By
from application.pictures.radar import radar
from application.positioning import Comparison, Profile
from application.round import RoundSheet
from domain.evaluation import RoundKind
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
    """The routes of rounds, of grids, and of what they say of a pole."""
    routes = APIRouter(prefix="/api", tags=["évaluations"])

    def author(authorization: str | None, role: Role, mandate: UUID | None) -> By | None:
        """Who asks, where the operator does, by the token: in a role, under a mandate if one."""
        held = MandateId(mandate) if mandate else None
        return product.signed_in(authorization, role, held) if authorization else None

    @routes.get("/evaluations/{name}", summary="Un tour, sans ses positions")
    def sheet(name: str, known: Known = None, in_force: InForce = None) -> RoundSheet:
        return product.evaluation(name, product.moment(known, in_force))

    @routes.get("/evaluations/{name}/profile", summary="Les positions d'un tour")
    def profile(
        name: str,
        known: Known = None,
        in_force: InForce = None,
        authorization: Token = None,
        jalon_role: Acting = Role.REGISTRAR,
        jalon_mandate: Mandate = None,
    ) -> Profile:
        """Of a round that is not published, to its authors only, with the operator's token.

        That it was read is then noted apart.
        """
        by = author(authorization, jalon_role, jalon_mandate)
        return product.profile(name, product.moment(known, in_force), by)

    @routes.get("/evaluations/{name}/compare/{other}", summary="Deux tours, côte à côte")
    def compare(
        name: str,
        other: str,
        known: Known = None,
        in_force: InForce = None,
        authorization: Token = None,
        jalon_role: Acting = Role.REGISTRAR,
        jalon_mandate: Mandate = None,
    ) -> Comparison:
        """Refused unless both follow the same version of the référentiel."""
        by = author(authorization, jalon_role, jalon_mandate)
        return product.compare_rounds(name, other, product.moment(known, in_force), by)

    @routes.get(
        "/evaluations/{name}/radar.svg",
        summary="Le radar d'un tour, ou de deux",
        response_class=Response,
        responses={200: {"content": {"image/svg+xml": {}}}},
    )
    def image(
        name: str,
        with_: Annotated[
            str | None, Query(alias="with", description="Un autre tour, sur la même grille.")
        ] = None,
        known: Known = None,
        in_force: InForce = None,
        authorization: Token = None,
        jalon_role: Acting = Role.REGISTRAR,
        jalon_mandate: Mandate = None,
    ) -> Response:
        moment = product.moment(known, in_force)
        by = author(authorization, jalon_role, jalon_mandate)
        if with_:
            pair = product.compare_rounds(name, with_, moment, by)
            drawn = radar((pair.first, pair.second))
        else:
            drawn = radar((product.profile(name, moment, by),))
        return Response(drawn, media_type="image/svg+xml")

    @routes.get(
        "/poles/{pole}/referentiel", summary="Le dernier profil publié d'un pôle à une date"
    )
    def profile_on(
        pole: str,
        kind: RoundKind = RoundKind.SELF_POSITIONING,
        known: Known = None,
        in_force: InForce = None,
    ) -> Profile:
        return product.profile_on(pole, kind, product.moment(known, in_force))

    @routes.get("/poles/{pole}/criteria-2012", summary="Les critères de 2012, et qui constate quoi")
    def criteria(pole: str, known: Known = None, in_force: InForce = None) -> Criteria | None:
        return product.criteria(pole, product.moment(known, in_force))

    @routes.get("/grids/{ref}", summary="Une version d'une grille, entière")
    def grid(ref: str, known: Known = None, in_force: InForce = None) -> dict[str, Any]:
        found = product.grid(ref, product.moment(known, in_force))
        told = {"ref": found.ref, "placeholder": found.is_placeholder, "notice": found.notice}
        return {**told, **found.model_dump(mode="json")}

    return routes
