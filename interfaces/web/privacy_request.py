"""The pages of the requests of persons: their list, one with its acts, the erasure of a person."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from application.erasure import EXEMPTIONS, GROUNDS
from application.privacy_request import OUTCOMES, RIGHTS
from application.privacy_request_sheet import PRIVACY_REQUESTS
from domain.erasure import ErasureGround, Exemption
from domain.errors import Forbidden, Invalid, JalonError
from domain.roles import ROLES, Role
from interfaces.web.filters import Text
from interfaces.web.listing import LINES, page_of
from interfaces.web.page import READ, Asked, ask, pages, show
from interfaces.web.visitor import signed_in
from interfaces.wiring import Product

REQUESTS = "/demandes-de-droits"
ERASURES = "/effacements"
CONFIRMED = "effacer"
"""What is typed to go on: what is destroyed cannot be had back."""


class NotConfirmed(Invalid):
    """An erasure is confirmed by a word."""

    code = "erasure.not_confirmed"
    fr = f"Rien n'a été effacé : pour effacer, écrivez « {CONFIRMED} » dans le champ prévu."
    en = f"Nothing was erased: to erase, write “{CONFIRMED}” in the field for it."


class NoErasureGround(Invalid):
    """An erasure names its ground, and a refusal its reason."""

    code = "erasure.no_ground"
    fr = "Choisissez le motif dans la liste : la loi en donne six pour effacer, cinq pour garder."
    en = "Choose the ground from the list: the law gives six to erase, five to keep."


def router(product: Product) -> APIRouter:
    """`/demandes-de-droits` and `/effacements`, for who answers the requests of persons."""
    routes = pages()

    @routes.api_route(REQUESTS, methods=READ)
    def requests(request: Request, page: Text = "1") -> Response:
        """Show every request without a name; that somebody read it is noted first."""
        moment, asked = ask(product, request)
        by = signed_in(request).session.by
        total = product.reserved(PRIVACY_REQUESTS, moment, by, limit=0).total
        number, count = page_of(page, total)
        part: dict[str, Any] = {"limit": LINES, "offset": (number - 1) * LINES}
        found = product.reserved(PRIVACY_REQUESTS, moment, by, **part)
        return show(
            request,
            "privacy/requests.html",
            asked,
            here=REQUESTS,
            requests=found.lines,
            total=total,
            number=number,
            count=count,
            day=moment.in_force,
            rights=RIGHTS,
            outcomes=OUTCOMES,
            answers=by.role is Role.DPO,
        )

    @routes.api_route(f"{REQUESTS}/{{name}}", methods=READ)
    def sheet(request: Request, name: str) -> Response:
        """Show a request: whole for the delegate, without name and words for auditors."""
        moment, asked = ask(product, request)
        by = signed_in(request).session.by
        found = product.privacy_request(name, moment, by)
        return show(
            request,
            "privacy/request.html",
            asked,
            here=f"{REQUESTS}/{found.code}",
            sheet=found,
            day=moment.in_force,
            outcomes=OUTCOMES,
            answers=by.role is Role.DPO and not asked.words,
        )

    def forgetting(
        request: Request, name: str, refusal: str = "", foreseen: object = None, **said: str
    ) -> Response:
        moment, by = product.moment(), signed_in(request).session.by
        if by.role is not Role.DPO:
            raise Forbidden(roles=ROLES[Role.DPO])
        found = product.privacy_request(name, moment, by)
        return show(
            request,
            "privacy/forget.html",
            Asked(fields={}),
            422 if refusal else 200,
            here=f"{REQUESTS}/{found.code}/effacer",
            sheet=found,
            refusal=refusal,
            foreseen=foreseen,
            said={"person": found.requester, **said},
            grounds=GROUNDS,
            exemptions=EXEMPTIONS,
            CONFIRMED=CONFIRMED,
        )

    @routes.api_route(f"{REQUESTS}/{{name}}/effacer", methods=READ)
    def forget(request: Request, name: str) -> Response:
        """Ask who is to be forgotten, and on which ground."""
        return forgetting(request, name)

    @routes.post(f"{REQUESTS}/{{name}}/effacer")
    def forgotten(
        request: Request,
        name: str,
        person: str = Form(""),
        right: str = Form(""),
        because: str = Form(""),
        same: str = Form(""),
        damaged: str = Form(""),
        confirmed: str = Form(""),
        asked_to: str = Form("foresee", alias="_do"),
    ) -> Response:
        """Show what would be destroyed; then destroy it, or record why it is kept."""
        by = signed_in(request).session.by
        asked_for = product.find_thing(PRIVACY_REQUESTS.name, name)
        told = {"person": person, "right": right, "because": because, "same": same}
        is_same = {"yes": True, "no": False}.get(same)
        named: dict[str, Any] = {"same_person": is_same, "request": asked_for}
        try:
            ground = _ground(right)
            if asked_to == "foresee":
                foreseen = product.erasures.foresee(person, by, **named)
                return forgetting(request, name, foreseen=foreseen, **told)
            refused = _exemption(because) if asked_to == "refuse" else None
            if refused is None and confirmed.strip().casefold() != CONFIRMED:
                foreseen = product.erasures.foresee(person, by, **named)
                return forgetting(
                    request, name, NotConfirmed().say("fr"), foreseen=foreseen, **told
                )
            done = product.forget(
                person, by, right=ground, refused=refused, damaged=bool(damaged), **named
            )
        except JalonError as refusal:
            return forgetting(request, name, str(refusal), **told)
        return RedirectResponse(f"{ERASURES}/{done.erasure}?demande={name}", 303)

    @routes.api_route(f"{ERASURES}/{{erasure}}", methods=READ)
    def receipt(request: Request, erasure: UUID, demande: Text = "") -> Response:
        """Show the receipt of an erasure, or of its refusal; it names nobody."""
        found = product.erasures.receipt(erasure, signed_in(request).session.by)
        return show(
            request,
            "privacy/receipt.html",
            Asked(fields={}),
            here=f"{ERASURES}/{erasure}",
            receipt=found,
            demande=demande,
            grounds=GROUNDS,
            exemptions=EXEMPTIONS,
        )

    return routes


def _ground(text: str) -> ErasureGround:
    if text not in set(ErasureGround):
        raise NoErasureGround
    return ErasureGround(text)


def _exemption(text: str) -> Exemption:
    if text not in set(Exemption):
        raise NoErasureGround
    return Exemption(text)
