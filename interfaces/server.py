"""The web server: the API and the pages of one registry."""

import ipaddress
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from domain.errors import Invalid, Unavailable
from interfaces.api import app as api
from interfaces.web import app as web
from interfaces.wiring import Product


class NotLoopback(Invalid):
    """What is served to others has an address, over TLS."""

    code = "server.not_loopback"
    fr = (
        "Sans adresse publique (JALON_ADDRESS, en https), Jalon ne sert que sur cette machine "
        "(127.0.0.1)."
    )
    en = "Without a public address (JALON_ADDRESS, https), Jalon serves on this machine only."


class NotSetUp(Unavailable):
    """Nobody administers the accounts yet."""

    code = "server.not_set_up"
    fr = (
        "Ce registre n'est pas encore prêt à servir : lancez « jalon setup » sur la machine qui "
        "le porte, pour ouvrir le compte de qui l'administrera."
    )
    en = (
        "This registry is not ready to serve: run “jalon setup” on its machine, to open the "
        "account of whoever will administer it."
    )


class SetupGate:
    """Lets nobody reach anything before somebody administers the accounts."""

    def __init__(self, app: ASGIApp, product: Product) -> None:
        self.app = app
        self.product = product
        self.is_open = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self.is_open and scope["path"] != "/healthz":
            self.is_open = await run_in_threadpool(self.product.desk.is_set_up)
            if not self.is_open:
                said = PlainTextResponse(f"{NotSetUp().say('fr')}\n", 503)
                await said(scope, receive, send)
                return
        await self.app(scope, receive, send)


def create_app(product: Product) -> FastAPI:
    """The API and the pages, with the lists kept up to date while it runs."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        with product.following():
            yield

    app = FastAPI(
        title="Jalon",
        summary="Registre des pôles territoriaux de coopération économique",
        version="0.1.0",
        docs_url=None,  # its page would load scripts from another server
        redoc_url=None,
        openapi_url="/api/openapi.json",
        lifespan=lifespan,
    )
    api.mount(app, product)
    web.mount(app, product)
    api.handle_errors(app, web.error_page)
    return app


def serve(product: Product, *, host: str, port: int) -> None:
    """Serve until interrupted: to this machine alone, unless it has a public address."""
    is_here = host == "localhost" or ipaddress.ip_address(host).is_loopback
    if not is_here and not product.settings.public_address:
        raise NotLoopback
    app = SetupGate(create_app(product), product)
    uvicorn.run(app, host=host, port=port, log_level="warning")
