"""What somebody sees of their own account: roles, sessions, password, tokens of the API."""

from datetime import datetime, time, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from domain.dates import PARIS
from domain.errors import JalonError
from domain.roles import Role
from interfaces.web.page import READ, Asked, pages, show
from interfaces.web.sign_in import SIGN_IN, Written
from interfaces.web.visitor import local, signed_in
from interfaces.wiring import Product

MINE = "/mon-compte"

WAYS = {
    "password": "mot de passe",
    "link": "lien d'invitation",
    "passkey": "clé d'accès",
    "openid": "fournisseur d'identité",
}
"""How people got in, in words."""

PERIODS = {"30": "un mois", "90": "trois mois", "365": "un an"}
"""For how long a token may serve, in days."""


def router(product: Product) -> APIRouter:
    """`/mon-compte`."""
    routes = pages()
    desk = product.desk

    def mine(request: Request, refusal: str = "", secret: str = "", said: str = "") -> Response:
        who = signed_in(request)
        account = who.session.account
        return show(
            request,
            "account/mine.html",
            Asked(fields={}),
            422 if refusal else 200,
            here=MINE,
            who=who,
            address=desk.address(account),
            held=product.roles_of(account),
            actings=product.actings(account),
            sessions=list(desk.sessions.of(account)),
            tokens=list(desk.tokens.of(account)),
            has_password=desk.passwords.has(account),
            ways=WAYS,
            periods=PERIODS,
            refusal=refusal,
            secret=secret,
            said=said,
        )

    @routes.api_route(MINE, methods=READ)
    def my_account(request: Request) -> Response:
        """Show what somebody holds and where they are signed in."""
        return mine(request)

    @routes.post(f"{MINE}/role")
    def act_as(request: Request, acting: Written = "", suite: Written = MINE) -> Response:
        """Act in another of one's roles from now on."""
        session = signed_in(request).session
        chosen = next((one for one in product.actings(session.account) if one.key == acting), None)
        if chosen is None:
            return mine(request, "Vous ne tenez pas, ou plus, ce rôle : choisissez-en un autre.")
        desk.sessions.act_as(session.id, chosen.role, chosen.mandate)
        return RedirectResponse(local(suite), 303)

    @routes.post(f"{MINE}/sessions")
    def end_session(request: Request, session: Annotated[UUID | None, Form()] = None) -> Response:
        """End one of one's sessions, or every other."""
        current = signed_in(request).session
        if session:
            desk.sessions.end(current.account, session)
        else:
            desk.sessions.end_all(current.account, but=current.id)
        return RedirectResponse(SIGN_IN if session == current.id else f"{MINE}#sessions", 303)

    @routes.post(f"{MINE}/mot-de-passe")
    def change_password(
        request: Request, current: Written = "", password: Written = "", again: Written = ""
    ) -> Response:
        """Set another password; every other session ends."""
        session = signed_in(request).session
        if password != again:
            return mine(request, "Les deux mots de passe ne sont pas les mêmes.")
        try:
            desk.change_password(session.account, current, password)
        except JalonError as refusal:
            return mine(request, str(refusal))
        desk.sessions.end_all(session.account, but=session.id)
        return mine(
            request, said="Votre mot de passe est changé ; vos autres sessions sont finies."
        )

    @routes.post(f"{MINE}/jetons")
    def make_token(
        request: Request,
        name: Written = "",
        role: Annotated[list[Role] | None, Form()] = None,
        days: Written = "90",
        acts: Written = "",
    ) -> Response:
        """Make a token of the API; its secret is shown on this page, once."""
        session = signed_in(request).session
        held = {one.role for one in product.actings(session.account)}
        if not name.strip() or not name.isprintable() or not role or days not in PERIODS:
            return mine(request, "Un jeton a un nom, un rôle au moins et une durée.")
        if not held.issuperset(role):
            return mine(request, "Un jeton ne sert que dans les rôles que vous tenez.")
        today = product.clock().astimezone(PARIS).date()
        end = datetime.combine(today + timedelta(days=int(days)), time(), PARIS)
        secret = desk.tokens.make(
            session.account, name.strip()[:80], roles=role, may_act=bool(acts), ends_at=end
        )
        return mine(request, secret=secret)

    @routes.post(f"{MINE}/jetons/revoquer")
    def revoke_token(request: Request, token: Annotated[UUID, Form()]) -> Response:
        """Let a token be of no more use."""
        desk.tokens.revoke(signed_in(request).session.account, token)
        return RedirectResponse(f"{MINE}#jetons", 303)

    return routes
