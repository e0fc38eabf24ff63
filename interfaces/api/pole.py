"""Questions about poles."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from application.deadline import DeadlineLine
from application.history_in_words import HistoryLine
from application.provenance import ProvFormat
from application.register import FurtherWays, PoleLine, PoleSheet
from application.vote_sheet import VoteLine
from application.ways import WayLine
from domain.roles import Role
from interfaces.wiring import Product

Known = Annotated[
    str | None,
    Query(
        description="Ce que le registre savait : à la fin d'un jour (AAAA-MM-JJ), à un instant "
        "(2024-05-03T10:15, heure de Paris sans autre précision), ou après tant d'événements "
        "(@1500)."
    ),
]
InForce = Annotated[
    str | None, Query(description="Ce qui était en vigueur ce jour-là (AAAA-MM-JJ).")
]

Limit = Annotated[int, Query(ge=1, le=1000, description="Lignes au plus.")]
Offset = Annotated[
    int, Query(ge=0, le=1_000_000_000, description="Lignes à passer ; leur ordre ne change pas.")
]
InFormat = Annotated[ProvFormat, Query(description="PROV-JSONLD ou PROV-N.")]
PROV_MEDIA = {
    ProvFormat.JSONLD: "application/ld+json; charset=utf-8",
    ProvFormat.PROVN: "text/provenance-notation; charset=utf-8",
}
LINES = 100
"""How many lines are given, where it is not said."""


class Poles(BaseModel):
    items: list[PoleLine]
    total: int


class History(BaseModel):
    items: list[HistoryLine]
    total: int


class Ways(BaseModel):
    items: list[WayLine]
    total: int
    deadlines: list[DeadlineLine]
    further: list[FurtherWays]
    """Of each journey followed beside the main one."""


class Votes(BaseModel):
    items: list[VoteLine]
    total: int


def router(product: Product) -> APIRouter:
    """The routes under `/api/poles`."""
    routes = APIRouter(prefix="/api/poles", tags=["pôles"])

    @routes.get("", summary="La liste des pôles")
    def poles(
        known: Known = None,
        in_force: InForce = None,
        stage: str | None = None,
        region: str | None = None,
        q: str | None = None,
        limit: Limit = LINES,
        offset: Offset = 0,
    ) -> Poles:
        """The poles by name, of the stage, of the region or with the words that are asked for."""
        moment = product.moment(known, in_force)
        part: dict[str, Any] = {"limit": limit, "offset": offset}
        found = product.poles(moment, stage=stage, region=region, search=q, **part)
        return Poles(items=found.lines, total=found.total)

    @routes.get("/{pole}", summary="Un pôle")
    def sheet(pole: str, known: Known = None, in_force: InForce = None) -> PoleSheet:
        return product.sheet(pole, product.moment(known, in_force))

    @routes.get("/{pole}/history", summary="Tout ce qui a été enregistré d'un pôle")
    def history(pole: str, known: Known = None, in_force: InForce = None) -> History:
        lines = product.history(pole, product.moment(known, in_force))
        return History(items=lines, total=len(lines))

    @routes.get(
        "/{pole}/prov",
        summary="L'histoire d'un pôle en W3C PROV",
        response_class=Response,
        responses={200: {"content": {media: {} for media in PROV_MEDIA.values()}}},
    )
    def prov(
        pole: str,
        known: Known = None,
        in_force: InForce = None,
        format: InFormat = ProvFormat.JSONLD,  # noqa: A002  # the word of the address
    ) -> Response:
        """PROV-JSONLD or PROV-N: agents, activities and entities, named from the events."""
        text = product.provenance(pole, product.moment(known, in_force), format)
        return Response(text, media_type=PROV_MEDIA[format])

    @routes.get("/{pole}/why", summary="Ce qui manque pour avancer")
    def why(
        pole: str, known: Known = None, in_force: InForce = None, role: Role | None = None
    ) -> Ways:
        moment = product.moment(known, in_force)
        lines = product.why(pole, moment, role)
        return Ways(
            items=lines,
            total=len(lines),
            deadlines=product.deadlines(pole, moment),
            further=product.further_why(pole, moment, role),
        )

    @routes.get("/{pole}/votes", summary="Où en sont les votes d'un pôle")
    def votes(pole: str, known: Known = None, in_force: InForce = None) -> Votes:
        lines = product.votes(pole, product.moment(known, in_force))
        return Votes(items=lines, total=len(lines))

    return routes
