"""The web server: the API and the pages of one registry."""

import ipaddress
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI

from domain.errors import Invalid
from interfaces.api import app as api
from interfaces.web import app as web
from interfaces.wiring import Product


class NotLoopback(Invalid):
    """Nobody can sign in yet, so nobody else may reach it."""

    code = "server.not_loopback"
    fr = "Tant que la connexion n'existe pas, Jalon ne sert que sur cette machine (127.0.0.1)."
    en = "Until people can sign in, Jalon serves on this machine only (127.0.0.1)."


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
    """Serve until interrupted, on the loopback interface only."""
    if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
        raise NotLoopback
    uvicorn.run(create_app(product), host=host, port=port, log_level="warning")
