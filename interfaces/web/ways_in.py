"""How somebody gets into their account: their passkeys, and whom their providers say they are."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from domain.errors import JalonError
from interfaces.web.page import READ, Asked, pages, show
from interfaces.web.sign_in import Written, takes_passkeys
from interfaces.web.visitor import address_of, agent_of, signed_in, visitor
from interfaces.wiring import Product

KEYS, LINK = "/mon-compte/cles", "/mon-compte/identites"

Answered = Annotated[str, Form(max_length=20_000)]
"""What a device answered."""


def my_keys(product: Product, request: Request, refusal: str = "") -> Response:
    """The keys and the identities of whoever is signed in."""
    account = signed_in(request).session.account
    return show(
        request,
        "account/keys.html",
        Asked(fields={}),
        422 if refusal else 200,
        here=KEYS,
        keys=list(product.passkeys.of(account)),
        identities=list(product.openid.of(account)) if product.providers else [],
        providers=product.providers,
        takes_passkeys=takes_passkeys(product, request),
        agent=agent_of(request),
        refusal=refusal,
    )


def asked_of_device(ask: Callable[[], tuple[dict[str, Any], str]]) -> JSONResponse:
    """What a device is asked, for the script of the page; a refusal is a sentence."""
    try:
        options, handshake = ask()
    except JalonError as refusal:
        return JSONResponse({"refusal": str(refusal)}, 422)
    told = {"options": options, "handshake": handshake}
    return JSONResponse(told, headers={"Cache-Control": "no-store"})


def router(product: Product) -> APIRouter:
    """`/mon-compte/cles` and `/mon-compte/identites`."""
    routes = pages()

    def after(request: Request, act: Callable[[], None]) -> Response:
        """Do something to one's ways in, and show them."""
        try:
            act()
        except JalonError as refusal:
            return my_keys(product, request, str(refusal))
        return RedirectResponse(KEYS, 303)

    @routes.api_route(KEYS, methods=READ)
    def show_keys(request: Request) -> Response:
        """Show by what somebody gets in."""
        return my_keys(product, request)

    @routes.post(f"{KEYS}/options")
    def ask_device(request: Request) -> JSONResponse:
        """What a device is asked, so that it makes a key."""
        account = signed_in(request).session.account
        browser = visitor(request).secret
        return asked_of_device(
            lambda: product.passkeys.ask_new(
                product.passkey_site(address_of(request)), account, browser
            )
        )

    @routes.post(KEYS)
    def add_key(
        request: Request, answer: Answered = "", handshake: Written = "", name: Written = ""
    ) -> Response:
        """Keep the key that a device made."""
        account, browser = signed_in(request).session.account, visitor(request).secret
        return after(
            request,
            lambda: product.passkeys.add(
                product.passkey_site(address_of(request)), account, handshake, answer, name, browser
            ),
        )

    @routes.post(f"{KEYS}/nommer")
    def rename_key(request: Request, key: Written = "", name: Written = "") -> Response:
        """Call a key otherwise."""
        account = signed_in(request).session.account
        return after(request, lambda: product.passkeys.rename(account, key, name))

    @routes.post(f"{KEYS}/retirer")
    def remove_key(request: Request, key: Written = "") -> Response:
        """Let a key be of no more use."""
        account = signed_in(request).session.account
        return after(request, lambda: product.passkeys.remove(account, key))

    @routes.post(LINK)
    def link(request: Request, secret: Written = "") -> Response:
        """Link an identity that a provider just named."""
        account, browser = signed_in(request).session.account, visitor(request).secret
        return after(request, lambda: product.openid.link(account, secret, browser))

    @routes.post(f"{LINK}/delier")
    def unlink(request: Request, issuer: Written = "", subject: Written = "") -> Response:
        """Let an identity be of no more use."""
        account = signed_in(request).session.account
        return after(request, lambda: product.openid.unlink(account, issuer, subject))

    return routes
