"""Signing in with a passkey."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from domain.errors import JalonError
from interfaces.web.page import pages
from interfaces.web.sign_in import Written, ask_who, begin
from interfaces.web.visitor import address_of, caller_of, client_of, visitor
from interfaces.web.ways_in import Answered, asked_of_device
from interfaces.wiring import Product


def router(product: Product) -> APIRouter:
    """`/connexion/cle`."""
    routes = pages()

    @routes.post("/connexion/cle/options")
    def ask_device(request: Request) -> JSONResponse:
        """What a device is asked, so that it shows one of its keys."""
        browser = visitor(request).secret
        return asked_of_device(
            lambda: product.passkeys.ask(product.passkey_site(address_of(request)), browser)
        )

    @routes.post("/connexion/cle")
    def by_passkey(
        request: Request, answer: Answered = "", handshake: Written = "", suite: Written = "/"
    ) -> Response:
        """Let somebody in whose device showed one of their keys."""
        try:
            product.desk.count_client(client_of(request))
            site = product.passkey_site(address_of(request))
            browser = visitor(request).secret
            account = product.passkeys.recognise(site, handshake, answer, browser)
            secret = product.desk.enter_recognised(account, "passkey", caller_of(request))
        except JalonError as refusal:
            return ask_who(product, request, suite, refusal=str(refusal))
        return begin(product, secret, suite)

    return routes
