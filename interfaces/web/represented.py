"""The page of a pole for whoever represents it: one next thing to do, then what is theirs."""

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from application.charter import CHARTER_LIST
from application.charter_difference import Fate
from application.charter_signature import SIGNATURE_LIST, SignatureListed, SignCharter
from application.evaluation import EVALUATIONS
from application.inbox import InboxLine, WaitLine
from application.mandate import MandateLine
from application.next_step import next_step
from application.undertaking import UNDERTAKINGS
from application.world import Moment
from domain.charter import Signer
from domain.charter_text import CharterKind
from domain.undertaking import UndertakingStanding
from interfaces.acts import may_give
from interfaces.web.charter import CHANGES
from interfaces.web.filters import Text
from interfaces.web.inbox import read_at
from interfaces.web.page import READ, Asked, ask, pages, show
from interfaces.web.visitor import signed_in
from interfaces.wiring import Product

MINE = "/mon-pole"
SHOWN = 20
"""Things of a kind that the page names; their list has the others."""


@dataclass(frozen=True, slots=True)
class ToDo:
    """One thing that waits for whoever represents a pole."""

    line: InboxLine
    wait: WaitLine


def router(product: Product) -> APIRouter:
    """`/mon-pole`, and the page on which a charter is read before it is signed."""
    routes = pages()

    @routes.api_route(MINE, methods=READ)
    def mine(request: Request, pole: Text = "") -> Response:
        """Show the pole that the visitor represents: what waits for them, and what is theirs."""
        moment, asked = ask(product, request)
        by = signed_in(request).session.by
        acting = product.acting(by)
        named = [one.relation.partition(":") for one in acting.held]
        ids = {name for kind, _, name in named if kind == "pole"}
        theirs = [line for line in product.register.lines(moment) if str(line.id) in ids]
        chosen = next((line for line in theirs if line.code == pole), next(iter(theirs), None))
        if chosen is None:
            return show(request, "represented/none.html", asked, here=MINE)
        sheet = product.sheet(chosen.code, moment)
        lines = product.inbox(moment, holder=acting, region=(chosen.region or "").split(", ")[0])
        todo = [
            ToDo(line, wait)
            for line in lines
            if chosen.id in (line.id, line.pole)
            for wait in line.waits
        ]
        todo.sort(key=lambda one: (one.wait.due is None, one.wait.due, -one.line.days))
        bound = product.listed(UNDERTAKINGS, moment, pole=chosen.code)
        return show(
            request,
            "represented/pole.html",
            asked,
            here=MINE,
            kept={"pole": pole},
            theirs=theirs,
            sheet=sheet,
            step=next_step(sheet.stage, product.why(chosen.code, moment)),
            todo=todo,
            undertakings=[u for u in bound if u.standing in OPEN],
            signatures=_of_pole(product, chosen.code, moment),
            rounds=product.listed(EVALUATIONS, moment, pole=chosen.code),
            mandates=_mandates(product, str(chosen.id), moment),
            may_sign=may_give(SignCharter, by.role),
            most=SHOWN,
            read_at=read_at,
        )

    @routes.api_route("/poles/{pole}/signer", methods=READ)
    def sign(request: Request, pole: str, charte: Text = "") -> Response:
        """Show the text that a pole is to sign, what it changes, and what signing does not mean."""
        by = signed_in(request).session.by
        SignCharter.admit(by.role)
        moment = product.moment()
        sheet = product.sheet(pole, moment)
        texts = product.listed(CHARTER_LIST, moment, charter_kind=CharterKind.NATIONAL)
        texts.sort(key=lambda one: str(one.version), reverse=True)
        chosen = next((t for t in texts if charte in (str(t.id), str(t.version))), None)
        chosen = chosen or next(iter(texts), None)
        signed = _of_pole(product, sheet.code, moment)
        last = next((one for one in signed if one.text), None)
        same = next((one for one in signed if chosen and one.charter == chosen.version), None)
        differs = chosen is not None and last is not None and same is None
        return show(
            request,
            "represented/sign.html",
            Asked(fields={}),
            here=f"/poles/{sheet.code}/signer",
            pole=sheet,
            texts=texts,
            text=product.charter(str(chosen.id), moment) if chosen else None,
            signed=signed,
            same=same,
            found=product.charter_comparison(str(last.text), str(chosen.id), moment)
            if differs and last and chosen
            else None,
            CHANGES=CHANGES,
            Fate=Fate,
        )

    return routes


OPEN = frozenset({UndertakingStanding.GIVEN, UndertakingStanding.PARTLY})
"""Where an undertaking stands as long as something is to be reported of it."""


def _of_pole(product: Product, pole: str, moment: Moment) -> list[SignatureListed]:
    """What a pole itself signed of the national charter, the latest first."""
    lines = product.listed(SIGNATURE_LIST, moment, pole=pole)
    own = [one for one in lines if one.signer is Signer.POLE]
    return sorted(own, key=lambda one: str(one.charter), reverse=True)


def _mandates(product: Product, pole: str, moment: Moment) -> list[MandateLine]:
    """The mandates by which others act for a pole, or about it."""
    about = f"pole:{pole}"
    lines = product.mandates(moment)
    return [one for one in lines if about in (one.principal, one.relation) and one.in_force]
