"""The way to a provider of identity, and back."""

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from domain.errors import JalonError
from interfaces.web.filters import Text
from interfaces.web.page import READ, Asked, pages, show
from interfaces.web.sign_in import ask_who, begin
from interfaces.web.visitor import (
    address_of,
    caller_of,
    client_of,
    keep_form_secret,
    local,
    signed_in,
    visitor,
)
from interfaces.web.ways_in import KEYS, LINK, my_keys
from interfaces.wiring import Product

if TYPE_CHECKING:
    from interfaces.wiring import FederatedIdentity


def router(product: Product) -> APIRouter:
    """`/connexion/openid` and `/connexion/retour`."""
    routes = pages()

    def went_wrong(request: Request, refusal: JalonError, then: str = "/") -> Response:
        """Say it where people can do otherwise."""
        if visitor(request).signed_in:
            return my_keys(product, request, str(refusal))
        return ask_who(product, request, then, refusal=str(refusal))

    @routes.api_route("/connexion/openid/{provider}", methods=READ)
    def to_provider(request: Request, provider: str, suite: Text = "/") -> Response:
        """Send somebody to their provider: to sign in, or to link an identity to their account."""
        who = visitor(request)
        account = who.signed_in.session.account if who.signed_in else None
        browser = who.shown_a_form()
        then = local(suite)
        try:
            url = product.openid.begin(
                provider, address_of(request), browser, account=account, then=then
            )
        except JalonError as refusal:
            return went_wrong(request, refusal, then)
        response = RedirectResponse(url, 303, headers={"Cache-Control": "no-store"})
        keep_form_secret(request, response)
        return response

    @routes.get("/connexion/retour/{provider}")
    def back(request: Request, provider: str) -> Response:
        """Let somebody in whom their provider names, or ask whether to link whom it names."""
        who = visitor(request)
        try:
            product.desk.count_client(client_of(request))
            came = product.openid.finish(provider, dict(request.query_params), who.secret)
            if came.account:
                return ask_to_link(request, provider, came.identity)
            account = product.openid.account_of(came.identity)
            secret = product.desk.enter_recognised(account, "openid", caller_of(request))
        except JalonError as refusal:
            return went_wrong(request, refusal)
        product.openid.remember(secret, account, came.identity)
        return begin(product, secret, came.then)

    def ask_to_link(request: Request, provider: str, identity: "FederatedIdentity") -> Response:
        session = signed_in(request).session
        secret = product.openid.propose(session.account, identity, visitor(request).secret)
        return show(
            request,
            "account/link.html",
            Asked(fields={}),
            here=KEYS,
            identity=identity,
            provider=product.openid.provider(provider).name,
            secret=secret,
            link=LINK,
        )

    return routes
