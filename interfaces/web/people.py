"""The pages by which accounts are administered: opened, given roles, suspended."""

from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from application.account import (
    GrantRole,
    OpenAccount,
    ResumeAccount,
    SuspendAccount,
    WithdrawRole,
)
from application.account_sheet import PersonLine, may_read_accounts
from application.command import By
from application.extract import Cell
from application.sentences import malformed
from domain.account import HELD_BY_ALL, HELD_BY_NOBODY, GrantId
from domain.dates import as_iso
from domain.errors import JalonError
from domain.mandate import EVERYWHERE
from domain.message import MessageKind
from domain.provenance import AccountId
from domain.roles import ROLES
from domain.territory import parts
from interfaces.web.extract import form_wanted, taken
from interfaces.web.page import READ, Asked, pages, show
from interfaces.web.sign_in import INVITATION, Written, write_link
from interfaces.web.visitor import address_of, signed_in
from interfaces.wiring import Product

PEOPLE = "/administration/comptes"

ABOUT = {
    EVERYWHERE: "tout",
    "pole": "un pôle",
    "region": "une région",
    "call": "un appel",
    "organisation": "un financeur",
}
"""About what a role may be held, in words."""

GRANTED = {
    role: words for role, words in ROLES.items() if role not in (HELD_BY_ALL, HELD_BY_NOBODY)
}
"""The roles that people are granted."""


def router(product: Product) -> APIRouter:
    """`/administration/comptes`."""
    routes = pages()

    def administrator(request: Request) -> By:
        by = signed_in(request).session.by
        may_read_accounts(by)
        return by

    def everybody(request: Request, refusal: str = "", **typed: str) -> Response:
        by = administrator(request)
        return show(
            request,
            "account/people.html",
            Asked(fields={}),
            422 if refusal else 200,
            here=PEOPLE,
            people=product.people(by),
            refusal=refusal,
            typed=typed,
        )

    def one(
        request: Request,
        id_: UUID,
        refusal: str = "",
        link: str = "",
        said: str = "",
        typed: Any = None,
    ) -> Response:
        by = administrator(request)
        return show(
            request,
            "account/person.html",
            Asked(fields={}),
            422 if refusal else 200,
            here=f"{PEOPLE}/{id_}",
            person=product.person(id_, by),
            has_password=product.desk.passwords.has(id_),
            roles=GRANTED,
            about=ABOUT,
            regions=_regions(product),
            refusal=refusal,
            link=link,
            said=said,
            typed=typed or {},
        )

    @routes.api_route(PEOPLE, methods=READ)
    def accounts(request: Request) -> Response:
        """Show every account, or give them as a file."""
        form = form_wanted(request)
        if form is None:
            return everybody(request)
        return taken(
            request,
            product,
            product.moment(),
            form,
            title="Comptes",
            lines=(COLUMNS, [_cells(one) for one in product.people(administrator(request))]),
            path=PEOPLE,
            kept={},
            chosen={},
        )

    @routes.post(PEOPLE)
    def open_account(request: Request, name: Written = "", address: Written = "") -> Response:
        """Open an account; its page gives the link by which its holder gets in."""
        by = administrator(request)
        try:
            command = OpenAccount.model_validate({"name": name, "address": address})
            id_ = product.do(command, by).answer
        except ValidationError as error:
            refusal = malformed([dict(fault) for fault in error.errors()])
            return everybody(request, str(refusal), name=name, address=address)
        except JalonError as refused:
            return everybody(request, str(refused), name=name, address=address)
        return RedirectResponse(f"{PEOPLE}/{id_}", 303)

    @routes.api_route(f"{PEOPLE}/{{account}}", methods=READ)
    def person(request: Request, account: UUID) -> Response:
        """Show one account: whose it is, what it holds, how to let them in."""
        return one(request, account)

    @routes.post(f"{PEOPLE}/{{account}}/invitation")
    def invite(request: Request, account: UUID, by_hand: Written = "") -> Response:
        """Write to its holder by which link they choose a password; or show it, once."""
        administrator(request)
        there = address_of(request)
        if by_hand:
            return one(request, account, link=f"{there}{INVITATION}/{product.desk.invite(account)}")
        try:
            taken = write_link(product, account, there, MessageKind.INVITATION)
        except JalonError as refused:
            return one(request, account, str(refused))
        if not taken:
            return one(request, account, "Personne n'a cette adresse : le message est revenu.")
        return one(request, account, said="L'invitation est partie.")

    @routes.post(f"{PEOPLE}/{{account}}/roles")
    def grant(
        request: Request,
        account: UUID,
        role: Written = "",
        about: Written = "",
        name: Written = "",
        since: Written = "",
        until: Written = "",
    ) -> Response:
        """Grant a role about something, from a day until another."""
        by = administrator(request)
        typed = {"role": role, "about": about, "name": name, "since": since, "until": until}
        try:
            said = {
                "account": account,
                "for_role": role,
                "relation": relation(about, name.strip()),
                **({"occurred_on": as_iso(since)} if since else {}),
                **({"valid_to": _after(until)} if until else {}),
            }
            product.do(GrantRole.model_validate(said), by)
        except ValidationError as error:
            wrong = malformed([dict(fault) for fault in error.errors()])
            return one(request, account, str(wrong), typed=typed)
        except JalonError as refused:
            return one(request, account, str(refused), typed=typed)
        return RedirectResponse(f"{PEOPLE}/{account}", 303)

    def relation(about: str, name: str) -> str:
        if about == "pole":
            name = str(product.find(name))
        if about == "call":
            name = str(product.find_thing("call", name))
        return about if about == EVERYWHERE else f"{about}:{name}"

    def done(request: Request, id_: UUID, command: Any) -> Response:
        by = administrator(request)
        try:
            product.do(command, by)
        except JalonError as refused:
            return one(request, id_, str(refused))
        return RedirectResponse(f"{PEOPLE}/{id_}", 303)

    @routes.post(f"{PEOPLE}/{{account}}/roles/retirer")
    def withdraw(request: Request, account: UUID, grant: Annotated[UUID, Form()]) -> Response:
        """Withdraw a role from today on."""
        return done(
            request, account, WithdrawRole(account=AccountId(account), grant=GrantId(grant))
        )

    @routes.post(f"{PEOPLE}/{{account}}/suspendre")
    def suspend(request: Request, account: UUID) -> Response:
        """Keep its holder out; their sessions are of no more use from now on."""
        return done(request, account, SuspendAccount(account=AccountId(account)))

    @routes.post(f"{PEOPLE}/{{account}}/rouvrir")
    def resume(request: Request, account: UUID) -> Response:
        """Let its holder in again."""
        return done(request, account, ResumeAccount(account=AccountId(account)))

    return routes


COLUMNS = ("Nom", "Adresse", "Rôles", "État")


def _cells(one: PersonLine) -> tuple[Cell, ...]:
    held = (f"{line.role_words} ({line.relation_words})" for line in one.held if line.in_force)
    state = "suspendu" if one.is_suspended else "ouvert"
    return one.name, one.address, " ; ".join(held) or "aucun", state


def _regions(product: Product) -> list[str]:
    """The regions in which there are poles."""
    lines = product.register.lines(product.moment())
    return sorted({region for line in lines for region in parts(line.region)})


def _after(until: str) -> str:
    """The day from which a role is held no longer, of the last day on which it is."""
    try:
        return (date.fromisoformat(as_iso(until)) + timedelta(days=1)).isoformat()
    except (ValueError, OverflowError):
        return until
