"""The log for whoever watches it: its checkpoint and its tiles, read-only (C2SP tlog-tiles).

Nothing of what was recorded is in them: entries are hashes, identities and instants.
"""

import re
from typing import Annotated

from fastapi import APIRouter, Path, Response
from fastapi.responses import PlainTextResponse

from domain.checkpoint import Checkpoint
from domain.errors import NotFound
from domain.tiles import Tile
from interfaces.wiring import Product

A_MOMENT = {"cache-control": "no-cache"}
FOR_EVER = {"cache-control": "public, max-age=31536000, immutable"}

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


def router(product: Product) -> APIRouter:
    """The addresses below that of the log, which are not those of the API."""
    routes = APIRouter(prefix="/journal", tags=["preuve"])

    @routes.get("/checkpoint", summary="Le dernier point de contrôle signé")
    def checkpoint() -> Response:
        note = product.log.signer.latest()
        if note is None:
            raise LogNotSigned
        return PlainTextResponse(str(note), headers=A_MOMENT)

    @routes.get("/tile/entries/{where:path}", summary="Les entrées, 256 à la fois")
    def entries(where: Where) -> Response:
        return _bytes(product.log.tree.entries(_signed(Tile.at(0, where))))

    @routes.get("/tile/{level}/{where:path}", summary="Les empreintes, 256 à la fois")
    def hashes(level: str, where: Where) -> Response:
        if not re.fullmatch(r"0|[1-9][0-9]?", level):
            raise NoSuchTile
        return _bytes(product.log.tree.hashes(_signed(Tile.at(int(level), where))))

    def _signed(tile: Tile | None) -> Tile:
        """A tile, of what was signed; another one is not found, though the journal had it."""
        note = product.log.signer.latest()
        if tile is None or note is None or not tile.is_of(Checkpoint.read(note.text).size):
            raise NoSuchTile
        return tile

    return routes


def _bytes(content: bytes) -> Response:
    return Response(content, media_type="application/octet-stream", headers=FOR_EVER)
