"""The API: every command and every question, with refusals as problem details."""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

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
from interfaces.api import claim, command, pole
from interfaces.sentences import malformed
from interfaces.wiring import Product

PROBLEM = "application/problem+json"

STATUS: dict[type[JalonError], int] = {
    NotFound: 404,
    Forbidden: 403,
    Conflict: 409,
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
    asked = request.headers.get("accept-language", "fr").lower()
    language = "en" if asked.startswith("en") else "fr"
    status = status or status_of(error)
    content: dict[str, Any] = {
        "type": f"urn:jalon:{error.code}",
        "title": type(error).__name__,
        "status": status,
        "detail": error.say(language),
        "code": error.code,
    }
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    return JSONResponse(content, status, headers, media_type=PROBLEM)


def mount(app: FastAPI, product: Product) -> None:
    """Add the API to an application."""
    app.include_router(command.router(product))
    app.include_router(pole.router(product))
    app.include_router(claim.router(product))

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
        sentence = {
            404: "Cette adresse ne mène à rien.",
            405: "Cette adresse ne se demande pas de cette façon.",
        }.get(error.status_code, str(error.detail))
        if is_person(request):
            return page(request, error.status_code, "Page introuvable", sentence)
        content = {
            "type": "about:blank",
            "title": str(error.detail),
            "status": error.status_code,
            "detail": sentence,
        }
        return JSONResponse(content, error.status_code, error.headers, media_type=PROBLEM)

    handlers: dict[type[Exception], Callable[[Request, Exception], Awaitable[Response]]] = {
        JalonError: refused,
        RequestValidationError: invalid,
        HTTPException: http,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)
