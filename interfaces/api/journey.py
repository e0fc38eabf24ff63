"""Questions about journeys: their versions, what sets them apart, who would move."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from application.difference import in_words
from application.journey import VersionLine
from application.migration import Plan
from domain.difference import Change, RightChange
from domain.journey import Journey
from interfaces.api.pole import InForce, Known
from interfaces.wiring import Product


class Versions(BaseModel):
    items: list[VersionLine]
    total: int


class Version(BaseModel):
    """A published version: how it stands, and its whole definition."""

    version: VersionLine
    definition: Journey


class Differences(BaseModel):
    """What sets two versions apart, part by part and in French sentences."""

    old: str
    new: str
    changes: list[Change]
    rights: list[RightChange]
    sentences: list[str]


def router(product: Product) -> APIRouter:
    """The routes under `/api/journeys`."""
    routes = APIRouter(prefix="/api/journeys", tags=["parcours"])

    @routes.get("", summary="Les versions publiées, et combien de pôles suivent chacune")
    def versions(known: Known = None, in_force: InForce = None) -> Versions:
        lines = product.versions(product.moment(known, in_force))
        return Versions(items=lines, total=len(lines))

    @routes.get("/{ref}", summary="Une version, avec sa définition entière")
    def version(ref: str, known: Known = None, in_force: InForce = None) -> Version:
        moment = product.moment(known, in_force)
        definition = product.rules(ref, moment)
        line = next(line for line in product.versions(moment) if line.ref == definition.ref)
        return Version(version=line, definition=definition)

    @routes.get("/{ref}/plan", summary="Quels pôles passeraient à cette version, et lesquels non")
    def plan(
        ref: str,
        sources: Annotated[
            list[str] | None,
            Query(alias="from", description="Seulement les pôles qui suivent cette version."),
        ] = None,
        known: Known = None,
        in_force: InForce = None,
    ) -> Plan:
        return product.plan(ref, sources or (), product.moment(known, in_force))

    @routes.get("/{old}/diff/{new}", summary="Ce qui distingue deux versions")
    def diff(old: str, new: str, known: Known = None, in_force: InForce = None) -> Differences:
        moment = product.moment(known, in_force)
        before, after = (product.published_then(ref, moment) for ref in (old, new))
        found = product.compare(before, after)
        return Differences(
            old=found.old,
            new=found.new,
            changes=list(found.changes),
            rights=list(found.rights),
            sentences=in_words(found, before, after),
        )

    return routes
