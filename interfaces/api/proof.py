"""The log for whoever watches it: its checkpoint and its tiles, read-only (C2SP tlog-tiles).

Hashes are for everybody, and say nothing: each state has a random member. Entries name the kind and
the case of every event, before it may be told: they are for auditors.
"""

import re
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response
from fastapi.responses import PlainTextResponse
from fastapi.security import HTTPBearer
from pydantic import BaseModel

from domain.checkpoint import Checkpoint
from domain.errors import NotFound
from domain.provenance import MandateId
from domain.roles import Role
from domain.tiles import Tile
from interfaces.api.reading import Acting, Mandate, Token
from interfaces.wiring import Product, WitnessSeen

A_MOMENT = {"cache-control": "no-cache"}
FOR_EVER = {"cache-control": "public, max-age=31536000, immutable"}
FOR_ONE = {"cache-control": "no-store"}

Where = Annotated[str, Path(description="`x001/x234/067`, puis `.p/112` si elle est incomplète.")]


class NoSuchTile(NotFound):
    """The signed log has no such tile."""

    code = "log.no_tile"
    fr = "Le journal signé n'a pas cette tuile."
    en = "The signed log has no such tile."


class LogNotSigned(NotFound):
    """Nothing was signed yet."""

    code = "log.not_signed"
    fr = "Ce journal n'a pas encore été signé."
    en = "This log was not signed yet."


class NoSuchVerifier(NotFound):
    """There is no such program to check bundles with."""

    code = "log.no_verifier"
    fr = "Les vérificateurs sont « verify.py » et « verifier.html »."
    en = "The verifiers are “verify.py” and “verifier.html”."


class StampLine(BaseModel):
    """A time-stamp of the log that holds: which size was there, when, as which authority says."""

    day: str
    size: int
    at: datetime
    authority: str


def router(product: Product) -> APIRouter:
    """The addresses of the log as C2SP has them, and who else saw it, as the API tells it."""
    routes = APIRouter(tags=["preuve"])

    @routes.get("/journal/checkpoint", summary="Le dernier point de contrôle signé")
    def checkpoint() -> Response:
        note = product.log.signer.latest()
        if note is None:
            raise LogNotSigned
        return PlainTextResponse(str(note), headers=A_MOMENT)

    @routes.get(
        "/journal/tile/entries/{where:path}",
        summary="Les entrées, 256 à la fois, pour un auditeur",
        dependencies=[Depends(HTTPBearer(auto_error=False))],
    )
    def entries(
        where: Where,
        authorization: Token = None,
        jalon_role: Acting = Role.AUDITOR,
        jalon_mandate: Mandate = None,
    ) -> Response:
        """They tell of what is not announced: that they were read is noted."""
        mandate = MandateId(jalon_mandate) if jalon_mandate else None
        by = product.signed_in(authorization, jalon_role, mandate)
        found = product.log_entries(_signed(Tile.at(0, where)), by)
        return Response(found, headers=FOR_ONE, media_type="application/octet-stream")

    @routes.get("/journal/tile/{level}/{where:path}", summary="Les empreintes, 256 à la fois")
    def hashes(level: str, where: Where) -> Response:
        if not re.fullmatch(r"0|[1-9][0-9]?", level):
            raise NoSuchTile
        return _bytes(product.log.tree.hashes(_signed(Tile.at(int(level), where))))

    @routes.get("/verification/{name}", summary="De quoi vérifier un dossier de preuve, hors ligne")
    def verifier(name: str) -> Response:
        content = product.verifiers().get(name)
        if content is None:
            raise NoSuchVerifier
        kind = "text/html" if name.endswith(".html") else "text/x-python"
        headers = A_MOMENT | {"x-content-type-options": "nosniff"}
        return Response(content, headers=headers, media_type=f"{kind}; charset=utf-8")

    @routes.get(
        "/api/audit/witnesses", summary="Les témoins, et ce que chacun a cosigné ou répondu"
    )
    def witnesses() -> list[WitnessSeen]:
        return product.log.witnesses.seen()

    @routes.get("/api/audit/stamps", summary="Les horodatages du journal, vérifiés à nouveau")
    def stamps() -> list[StampLine]:
        found = product.log.check_stamps()
        return [StampLine(day=s.day, size=s.size, at=s.at, authority=s.authority) for s in found]

    def _signed(tile: Tile | None) -> Tile:
        """A tile, of what was signed; another one is not found, though the journal had it."""
        note = product.log.signer.latest()
        signed = Checkpoint.read(note.text).size if note else 0
        # An older backup may have been put back, of which more was signed than it has.
        if tile is None or not tile.is_of(min(signed, product.journal.size())):
            raise NoSuchTile
        return tile

    return routes


def _bytes(content: bytes) -> Response:
    return Response(content, media_type="application/octet-stream", headers=FOR_EVER)
