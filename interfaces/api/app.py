"""The API: every command and every question, with refusals as problem details."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from application.choosing import UnknownValue
from application.document import FileDocument
from application.sentences import malformed
from domain.errors import (
    Conflict,
    Damaged,
    Forbidden,
    Invalid,
    JalonError,
    NotFound,
    Refused,
    Unavailable,
)
from domain.media import TooLarge
from interfaces.api import (
    audit,
    case,
    changed,
    charter,
    claim,
    command,
    commitment,
    committee,
    document,
    dossier,
    evaluation,
    following,
    inbox,
    job,
    journey,
    ledger,
    listing,
    mandate,
    place,
    pole,
    privacy_request,
    processing,
    profile,
    proof,
    reading,
    succession,
)
from interfaces.store import STORE_ERRORS, StateUnreadable, explain
from interfaces.wiring import Product

PROBLEM = "application/problem+json"

LARGEST_BODY = 1_000_000
"""Bytes. A journey, the largest thing a command is given, is a hundred times smaller."""

SENTENCES = {
    400: ("Ce qui a été envoyé n'est pas lisible.", "What was sent cannot be read."),
    404: ("Cette adresse ne mène à rien.", "This address leads nowhere."),
    405: (
        "Cette adresse ne se demande pas de cette façon.",
        "This address is not asked for in this way.",
    ),
    413: (
        f"Ce qui a été envoyé dépasse {LARGEST_BODY // 1_000_000} Mo.",
        f"What was sent is larger than {LARGEST_BODY // 1_000_000} MB.",
    ),
    500: (
        "Une erreur s'est produite ; elle est notée dans le journal du serveur.",
        "Something went wrong; it is noted in the server's log.",
    ),
}

log = logging.getLogger("jalon")

STATUS: dict[type[JalonError], int] = {
    NotFound: 404,
    Forbidden: 403,
    Conflict: 409,
    TooLarge: 413,
    UnknownValue: 422,
    Invalid: 400,
    Refused: 422,
    Unavailable: 503,
    Damaged: 500,
}


def status_of(error: JalonError) -> int:
    """The HTTP status of a refusal."""
    return next((code for kind, code in STATUS.items() if isinstance(error, kind)), 400)


def problem(request: Request, error: JalonError, status: int | None = None) -> Response:
    """A refusal as RFC 9457 problem details, in the language asked for (French by default)."""
    language = _language(request)
    status = status or status_of(error)
    content: dict[str, Any] = {
        "type": f"urn:jalon:{error.code}",
        "title": type(error).__name__,
        "status": status,
        "detail": _utf8(error.say(language)),
        "code": error.code,
    }
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    return JSONResponse(content, status, headers, media_type=PROBLEM)


def _utf8(text: str) -> str:
    """A sentence that can be sent, whatever half of a character it repeats."""
    return text.encode(errors="replace").decode()


def _language(request: Request) -> str:
    asked = request.headers.get("accept-language", "fr").lower()
    return "en" if asked.startswith("en") else "fr"


class BoundedBodies:
    """Refuses to read more of a body than any request needs."""

    def __init__(self, app: ASGIApp, larger: Mapping[str, int]) -> None:
        self.app = app
        self.larger = larger
        """The addresses that are sent more than any other, and how much."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        read = 0
        largest = self.larger.get(scope.get("path", ""), LARGEST_BODY)

        async def bounded() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > largest:
                raise HTTPException(413)
            return message

        await self.app(scope, bounded if scope["type"] == "http" else receive, send)


MODULES = (
    command,
    pole,
    privacy_request,
    processing,
    profile,
    succession,
    journey,
    charter,
    claim,
    mandate,
    inbox,
    case,
    changed,
    committee,
    evaluation,
    ledger,
    listing,
    place,
    proof,
    following,
    reading,
    document,
    dossier,
    commitment,
    audit,
    job,
)
"""What the API is made of; a path that two could answer belongs to the first."""


def mount(app: FastAPI, product: Product) -> None:
    """Add the API to an application."""
    # The route of documents says itself what is too large, as soon as it is.
    larger = {
        document.PATH: product.documents.largest + 2**20,
        f"/actes/{FileDocument.NAME}": product.documents.largest + 2**20,  # the same, from a page
        audit.PUBLISHED: audit.LARGEST_PUBLISHED,
    }
    app.add_middleware(BoundedBodies, larger=larger)
    app.state.product = product
    made = (module.router(product) for module in MODULES)
    # Not by `include_router`, which makes every route anew when the first request comes.
    app.router.routes.extend(route for router in made for route in router.routes)

    @app.get("/healthz", tags=["exploitation"], summary="Le programme répond")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/readyz", tags=["exploitation"], summary="Le registre peut servir")
    def readyz() -> dict[str, Any]:
        """The size of the journal, and up to where the lists tell it."""
        size = product.journal.size()
        return {
            "status": "ok",
            "size": size,
            "lists": product.follower.position(),
            "restored": len(product.restorations()),
        }


Page = Callable[[Request, int, str, str], Response]
"""How a person is told: a page of a status, a title and a sentence."""


def handle_errors(app: FastAPI, page: Page) -> None:
    """Turn every refusal into problem details, or into a page where a person is reading."""

    def is_person(request: Request) -> bool:
        if request.url.path.startswith("/api/"):
            return False
        return "text/html" in request.headers.get("accept", "")

    async def refused(request: Request, error: Exception) -> Response:
        if not isinstance(error, JalonError):
            raise error
        if is_person(request):
            return page(request, status_of(error), "Ce n'est pas possible", str(error))
        return problem(request, error)

    async def invalid(request: Request, error: Exception) -> Response:
        if not isinstance(error, RequestValidationError):
            raise error
        return await refused(request, malformed([dict(e) for e in error.errors()]))

    async def http(request: Request, error: Exception) -> Response:
        if not isinstance(error, HTTPException):
            raise error
        said = SENTENCES.get(error.status_code, (str(error.detail), str(error.detail)))
        if is_person(request):
            return page(request, error.status_code, "Page introuvable", said[0])
        content = {
            "type": "about:blank",
            "title": str(error.detail),
            "status": error.status_code,
            "detail": said[_language(request) == "en"],
        }
        return JSONResponse(content, error.status_code, error.headers, media_type=PROBLEM)

    async def store(request: Request, error: Exception) -> Response:
        log.error("the store failed: %s", error)
        return await refused(request, explain(error))

    async def unreadable(request: Request, error: Exception) -> Response:
        log.error("a stored event cannot be read: %s", error)
        return await refused(request, StateUnreadable())

    async def fault(request: Request, _: Exception) -> Response:  # the server logs it
        if is_person(request):
            return page(request, 500, "Une erreur s'est produite", SENTENCES[500][0])
        return await http(request, HTTPException(500))

    handlers: dict[type[Exception], Callable[[Request, Exception], Awaitable[Response]]] = {
        JalonError: refused,
        RequestValidationError: invalid,
        HTTPException: http,
        ValidationError: unreadable,
        **dict.fromkeys(STORE_ERRORS, store),
        Exception: fault,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)
