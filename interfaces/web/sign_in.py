"""The pages by which people get in and out."""

import logging
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from starlette.background import BackgroundTask

from domain.errors import JalonError
from domain.message import MessageKind
from interfaces.web.filters import Text
from interfaces.web.page import READ, Asked, pages, show
from interfaces.web.visitor import (
    FORM_COOKIE,
    SESSION_COOKIE,
    address_of,
    caller_of,
    client_of,
    drop_cookie,
    local,
    set_cookie,
    sign_off,
    signed_in,
    visitor,
)
from interfaces.wiring import Product

log = logging.getLogger("jalon")

SIGN_IN, SIGN_OUT, INVITATION = "/connexion", "/deconnexion", "/invitation"
FORGOTTEN = "/mot-de-passe-oublie"

Written = Annotated[str, Form(max_length=1000)]
"""A field of a form, as it was written; none is longer."""


def begin(product: Product, secret: str, then: str) -> Response:
    """Give a browser its session, and lead on: to what waits for them, unless said."""
    wanted = local(then)
    who = product.desk.signed_in(secret)
    if wanted == "/" and who:
        wanted = f"/a-faire?role={who.session.role}"
    response = RedirectResponse(wanted, 303)
    set_cookie(response, product, SESSION_COOKIE, secret)
    drop_cookie(response, product, FORM_COOKIE)
    return response


def takes_passkeys(product: Product, request: Request) -> bool:
    """Whether browsers show passkeys to the address at which the registry is reached."""
    try:
        product.passkey_site(address_of(request))
    except JalonError:
        return False
    return True


def ask_who(
    product: Product, request: Request, then: str, address: str = "", refusal: str = ""
) -> Response:
    """The page that asks who it is."""
    return show(
        request,
        "account/sign_in.html",
        Asked(fields={}),
        403 if refusal else 200,
        here=SIGN_IN,
        then=local(then),
        address=address,
        refusal=refusal,
        providers=product.providers,
        takes_passkeys=takes_passkeys(product, request),
    )


def write_link(product: Product, account: UUID, there: str, kind: MessageKind) -> bool:
    """Write to somebody by which link they choose a password; whether the letter was taken."""
    link = product.desk.invite(account, kind.value)
    return product.post.write(account, kind, link=f"{there}{INVITATION}/{link}")


def _write_later(product: Product, account: UUID, there: str, kind: MessageKind) -> None:
    """The same, once nobody waits for it: what hinders it is for whoever keeps the registry."""
    try:
        write_link(product, account, there, kind)
    except JalonError as refusal:
        log.error("lettre non partie : %s", refusal)


def router(product: Product) -> APIRouter:
    """`/connexion`, `/deconnexion` and `/invitation`."""
    routes = pages()

    @routes.api_route(SIGN_IN, methods=READ)
    def sign_in(request: Request, suite: Text = "/") -> Response:
        """Ask who it is; whoever is signed in already goes on."""
        if visitor(request).signed_in:
            return RedirectResponse(local(suite), 303)
        return ask_who(product, request, suite)

    @routes.post(SIGN_IN)
    def by_password(
        request: Request, address: Written = "", password: Written = "", suite: Written = "/"
    ) -> Response:
        """Let somebody in by their address and password."""
        try:
            secret = product.desk.by_password(address, password, caller_of(request))
        except JalonError as refusal:
            return ask_who(product, request, suite, address, str(refusal))
        return begin(product, secret, suite)

    def way_out_of_provider(request: Request) -> tuple[str, str] | None:
        """Where somebody who got in through a provider leaves it too, if it can be reached."""
        session = caller_of(request).had
        if not product.providers or not session:
            return None
        try:
            return product.openid.way_out(session, f"{address_of(request)}{SIGN_IN}")
        except JalonError:
            return None

    @routes.post(SIGN_OUT)
    def sign_out(request: Request) -> Response:
        """End the session of this browser."""
        session = signed_in(request).session
        product.desk.sessions.end(session.account, session.id)
        way_out = way_out_of_provider(request)
        sign_off(request)
        response = (
            show(
                request,
                "account/signed_out.html",
                Asked(fields={}),
                here=SIGN_OUT,
                provider=way_out[0],
                url=way_out[1],
            )
            if way_out
            else RedirectResponse("/", 303)
        )
        drop_cookie(response, product, SESSION_COOKIE)
        return response

    @routes.api_route(FORGOTTEN, methods=READ)
    def forgotten(request: Request) -> Response:
        """Ask for the address of whoever forgot their password."""
        return show(request, "account/forgotten.html", Asked(fields={}), here=FORGOTTEN, sent=False)

    @routes.post(FORGOTTEN)
    def send_link(request: Request, address: Written = "") -> Response:
        """Write to whoever has an account there; nobody is told whether somebody has.

        It is done once the answer has left: how long that takes tells nothing either.
        """
        account = product.desk.ask_for_reset(address, client=client_of(request))
        there = address_of(request)
        response = show(
            request, "account/forgotten.html", Asked(fields={}), here=FORGOTTEN, sent=True
        )
        if account:
            response.background = BackgroundTask(
                _write_later, product, account, there, MessageKind.RESET
            )
        return response

    def choose(request: Request, link: str, refusal: str = "") -> Response:
        return show(
            request,
            "account/invitation.html",
            Asked(fields={}),
            422 if refusal else 200,
            here=f"{INVITATION}/{link}",
            name=product.desk.called(product.desk.links.look(link)),
            refusal=refusal,
        )

    @routes.api_route(f"{INVITATION}/{{link}}", methods=READ)
    def invitation(request: Request, link: str) -> Response:
        """Ask whoever has a link for the password that they choose."""
        return choose(request, link)

    @routes.post(f"{INVITATION}/{{link}}")
    def accept(
        request: Request, link: str, password: Written = "", again: Written = ""
    ) -> Response:
        """Set the password, and let them in."""
        if password != again:
            return choose(request, link, "Les deux mots de passe ne sont pas les mêmes.")
        product.desk.links.look(link)
        try:
            secret = product.desk.by_link(link, password, caller_of(request))
        except JalonError as refusal:
            return choose(request, link, str(refusal))
        return begin(product, secret, "/mon-compte")

    return routes
