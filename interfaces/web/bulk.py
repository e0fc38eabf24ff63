"""The page of the same act on several poles: chosen as the register is, seen first, then done."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from application.bulk import LARGEST, ActOnPoles, about_one_pole
from application.command import By, Command
from application.register import PoleLine
from application.sentences import malformed
from application.unit import Outcome
from application.wording import STAGES
from domain.errors import Conflict, Damaged, JalonError, Unavailable
from domain.pole import PoleId
from interfaces.acts import NOT_BY_HAND, may_give
from interfaces.form_choices import Offers
from interfaces.form_fields import Form, form_of
from interfaces.form_shown import FormSheet, begun
from interfaces.form_typed import Typed
from interfaces.forms import read_form, tidy
from interfaces.steps import Steps, takes_step
from interfaces.web.act import LONGEST_KEY, NoSuchAct
from interfaces.web.filters import Text, regions
from interfaces.web.page import READ, Asked, pages, show
from interfaces.web.recorded import JustRecorded, carry
from interfaces.web.visitor import signed_in
from interfaces.wiring import Product

BULK = "/lot"
SHOWN = 100
"""Poles that the page names; the others are counted."""


class SelectionChanged(Conflict):
    """The poles that are chosen are not those that were looked at."""

    code = "bulk.selection_changed"
    fr = "Les pôles choisis ont changé depuis que vous les avez vus : vérifiez de nouveau."
    en = "The poles chosen have changed since you saw them: check again."


@dataclass(frozen=True, slots=True)
class OutcomeLine:
    """What became of one pole, or would become of it."""

    name: str
    code: str
    result: str
    said: tuple[str, ...]


@dataclass(slots=True)
class Selection:
    """Some poles of the register, as its filters choose them, and an act to be done with each."""

    product: Product
    by: By
    chosen: Mapping[str, str]
    act: str
    lines: list[PoleLine] = field(default_factory=list)
    typed: Typed = field(default_factory=Typed)
    faults: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, int] | None = None
    refusal: str = ""
    outcomes: list[OutcomeLine] | None = None
    key: str = ""
    files: Mapping[str, Any] = field(default_factory=dict)
    written = ""

    @property
    def command(self) -> type[Command] | None:
        return acts_of(self.by).get(self.act)

    @property
    def digest(self) -> str:
        """Which poles these are."""
        return sha256(",".join(sorted(str(line.id) for line in self.lines)).encode()).hexdigest()

    @property
    def with_first(self) -> Typed:
        """What was typed, as of the first pole: what a step asks is known of a case."""
        first = str(self.lines[0].id) if self.lines else ""
        return replace(self.typed, texts={**self.typed.texts, "pole": (first,)})

    def form(self) -> Form:
        """The form of the act, on the first pole."""
        command = self.command
        if command is None:
            raise NoSuchAct(name=self.act[:80])
        if not takes_step(command):
            return form_of(command)
        steps = Steps(self.product, command, self.with_first, self.product.moment())
        ways = {way.transition: way.title for way in steps.ways() if not way.automatic}
        return form_of(command, steps=ways, step=steps.chosen())

    def sheet(self) -> FormSheet:
        form = self.form()
        asked = tuple(one for one in form.fields if one.name not in ("pole", "corrects"))
        offers = Offers(self.product, self.product.moment(), self.typed)
        kept = replace(form, fields=asked)
        return FormSheet(kept, self.typed, offers, faults=self.faults, more=self.more)


def acts_of(by: By) -> dict[str, type[Command]]:
    """The acts about one pole that belong to a role, by what they do."""
    mine = {
        name: command
        for name, command in about_one_pole().items()
        if name not in NOT_BY_HAND and may_give(command, by.role)
    }
    return dict(sorted(mine.items(), key=lambda pair: pair[1].SAYS))


def router(product: Product) -> APIRouter:
    """`/lot`."""
    routes = pages()

    @routes.api_route(BULK, methods=READ)
    def bulk(
        request: Request, q: Text = "", stage: Text = "", region: Text = "", acte: Text = ""
    ) -> Response:
        """Show the poles that are chosen, what may be done with them, and its form."""
        found = _selected(product, request, q, stage, region, acte)
        if acte:
            found.typed = begun(found.form())
        return _show(request, found)

    @routes.post(BULK)
    async def give(
        request: Request, q: Text = "", stage: Text = "", region: Text = "", acte: Text = ""
    ) -> Response:
        """Say what would become of each pole, or do it."""
        sent = await request.form()
        found = _selected(product, request, q, stage, region, acte)
        return await run_in_threadpool(_given, request, found, sent)

    return routes


def _selected(
    product: Product, request: Request, q: str, stage: str, region: str, act: str
) -> Selection:
    by = signed_in(request).session.by
    ActOnPoles.admit(by.role)
    lines = product.register.lines(product.moment(), stage=stage, region=region, search=q)
    chosen = {"q": q, "stage": stage, "region": region}
    return Selection(product, by, chosen, act, lines, key=uuid4().hex)


def _given(request: Request, found: Selection, sent: FormData) -> Response:
    texts = [(key, text) for key, text in sent.multi_items() if isinstance(text, str)]
    found.typed = Typed.of((key, text) for key, text in texts if key[:1] != "_")
    found.key = str(sent.get("_key", ""))[:LONGEST_KEY] or found.key
    asked, _, where = str(sent.get("_do", "check")).partition(":")
    if asked == "remove":
        found.typed = found.typed.without(where)
    if asked in ("add", "remove"):
        found.typed = tidy(found.form(), found.typed)
        found.more = {where: 1} if asked == "add" else {}
        return _show(request, found)
    try:
        if asked == "record" and sent.get("_poles") != found.digest:
            raise SelectionChanged
        return _done(request, found, dry_run=asked != "record")
    except (Unavailable, Damaged):
        raise
    except ValidationError as error:
        found.refusal = str(malformed([dict(fault) for fault in error.errors()]))
    except JalonError as refusal:
        found.refusal = str(refusal)
    return _show(request, found)


def _done(request: Request, found: Selection, *, dry_run: bool) -> Response:
    form = found.form()
    read = read_form(form, found.with_first, found.product)
    found.faults = {path: said for path, said in read.faults.items() if path != "pole"}
    found.typed = replace(
        read.typed, texts={key: text for key, text in read.typed.texts.items() if key != "pole"}
    )
    if read.command is None:
        return _show(request, found)
    of_all = {name: value for name, value in read.given.items() if name in Command.model_fields}
    of_each = {
        name: value
        for name, value in read.given.items()
        if name not in of_all and name not in ("pole", "corrects")
    }
    poles = tuple(PoleId(line.id) for line in found.lines)
    act = ActOnPoles(command=found.act, fields=of_each, poles=poles, **of_all)
    done = found.product.do(act, found.by, key=found.key, dry_run=dry_run)
    told = _told(found, done.outcomes)
    if dry_run or any(one.refusal for one in done.outcomes):
        found.outcomes = told
        return _show(request, found, recorded=not dry_run)
    number = sum(one.result == "done" for one in told)
    response = RedirectResponse(f"/poles?{urlencode(_query(found.chosen))}", 303)
    said = f"{number} pôles, un par un : {found.command.SAYS}" if found.command else ""
    carry(request, response, JustRecorded((said,) if number else (), again=done.repeated))
    return response


def _told(found: Selection, outcomes: tuple[Outcome, ...]) -> list[OutcomeLine]:
    known = {line.id: line for line in found.lines}
    lines = []
    for one in outcomes:
        said = [str(one.refusal)] if one.refusal else []
        said += [
            f"{told.title} : {told.detail}" if told.detail else told.title
            for told in found.product.foreseen(one.events)
        ]
        line = known[one.subject]
        lines.append(OutcomeLine(line.name, line.code, one.result, tuple(said)))
    return sorted(lines, key=lambda line: line.result != "refused")


def _query(chosen: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in chosen.items() if value}


def _show(request: Request, found: Selection, *, recorded: bool = False) -> Response:
    everyone = found.product.register.lines(found.product.moment())
    query = urlencode(_query({**found.chosen, "acte": found.act}))
    sheet = found.sheet() if found.act and found.lines else None
    return show(
        request,
        "pole/bulk.html",
        Asked(fields={}),
        422 if found.refusal or found.faults else 200,
        here=BULK,
        action=f"{BULK}?{query}" if query else BULK,
        page=found,
        sheet=sheet,
        typed=sheet.typed if sheet else found.typed,
        acts={name: command.SAYS.rstrip(".") for name, command in acts_of(found.by).items()},
        stages=STAGES,
        regions=regions(everyone),
        most=SHOWN,
        largest=LARGEST,
        was_recorded=recorded,
    )
