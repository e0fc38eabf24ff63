"""The page of an act: its form, what it would record, why it is refused, what it recorded."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from application.catalogue import COMMANDS
from application.command import By, Command
from application.correction import Statement
from application.listing import LISTINGS
from application.rehearsal import Foreseen
from application.ways import WayLine
from application.wording import doubts_about
from domain.errors import (
    Conflict,
    Damaged,
    Forbidden,
    JalonError,
    NotFound,
    Refused,
    Unavailable,
)
from domain.pole import Pole
from interfaces.acts import every_act, offered_about
from interfaces.form_choices import Offers
from interfaces.form_fields import STEP, Control, Form, FormField, form_of
from interfaces.form_kinds import THINGS
from interfaces.form_shown import FormSheet, begun
from interfaces.form_typed import Typed, can_say, typed_values
from interfaces.forms import read_form, tidy
from interfaces.steps import Steps, takes_step
from interfaces.web.filters import Text
from interfaces.web.offered import ACTS, ActsHere
from interfaces.web.page import READ, Asked, pages, show
from interfaces.web.recorded import JustRecorded, carry
from interfaces.web.sent_files import WRITTEN, KeptFiles, SentFile, SentFiles, files_of, with_files
from interfaces.web.visitor import local, signed_in
from interfaces.wiring import Done, Draft, Product

LONGEST_KEY = 80
DRAFT = "brouillon"
"""In an address: that what was kept of a form is to stand in it."""


class NoSuchAct(NotFound):
    """An address names a command, or nothing."""

    code = "act.unknown"
    fr = "Le registre ne connaît pas d'acte « {name} »."
    en = "The register knows no act “{name}”."


@dataclass(slots=True)
class ActPage:
    """An act as somebody is giving it.

    Args:
        about: what the address says of it: no longer asked, where it names something.
        key: names the request, so that sent twice it is recorded once.
    """

    product: Product
    command: type[Command]
    by: By
    about: Typed
    typed: Typed
    then: str
    key: str
    refusal: JalonError | None = None
    faults: Mapping[str, str] | None = None
    foreseen: list[Foreseen] | None = None
    doubts: list[str] | None = None
    more: Mapping[str, int] | None = None
    kept_at: datetime | None = None
    """When what is shown was kept as a draft."""
    draft_at: datetime | None = None
    """When a draft was kept that could be taken up again."""
    files: Mapping[str, SentFile] = field(default_factory=dict)
    """The files that are kept, and need not be chosen again."""

    @property
    def matter(self) -> str:
        """What it is about: each has a draft of its own."""
        return json.dumps(sorted(self.about.texts.items()))

    def draft(self) -> Draft | None:
        """What its author had begun to type and not sent."""
        drafts = self.product.desk.drafts
        return drafts.find(self.by.actor, self.command.NAME, self.matter)

    def keep_draft(self) -> None:
        drafts, content = self.product.desk.drafts, self.typed.to_keep()
        self.kept_at = drafts.keep(self.by.actor, self.command.NAME, self.matter, content)

    def drop_draft(self) -> None:
        self.product.desk.drafts.drop(self.by.actor, self.command.NAME, self.matter)
        self.kept_files.drop()

    @property
    def kept_files(self) -> KeptFiles:
        """Where the files are that came with it."""
        return KeptFiles(self.product, self.by.actor, self.command.NAME, self.matter)

    def take_files(self, sent: FormData, came: SentFiles) -> None:
        """Take what came, and what came before; it need not be chosen again."""
        if came.refusal:
            raise came.refusal
        found = self.kept_files.with_kept(sent, came.files)
        self.typed = with_files(self.command.NAME, self.typed, found)
        beside = {path: one for path, one in found.items() if path in self.typed.files}
        if not beside:
            return
        if beside == self.kept_files.find() or self.kept_files.keep(beside):
            self.files = beside

    @property
    def written(self) -> str:
        """The field that a file may be given for."""
        return WRITTEN.get(self.command.NAME, "")

    @property
    def corrects(self) -> UUID | None:
        """The fact that it states anew."""
        text = self.typed.text("corrects") or self.about.text("corrects")
        try:
            return UUID(text) if text else None
        except ValueError:
            return None

    def as_said(self) -> dict[str, Any]:
        """What the fact that is corrected says, where a form can say it."""
        if self.corrects is None or not issubclass(self.command, Statement):
            return {}
        said = self.product.as_told(self.command, self.corrects, whole=True)
        return {name: value for name, value in said.items() if can_say(self.command, name, value)}

    @property
    def steps(self) -> Steps:
        return Steps(self.product, self.command, self.typed, self.product.moment())

    @property
    def title(self) -> str:
        """What is done: the step, where the address says which."""
        step = self.steps.chosen() if STEP in self.about.texts else None
        return (step.title.fr if step else "") or self.command.SAYS.rstrip(".")

    def form(self) -> Form:
        """Its form, by what is known of it so far."""
        if not takes_step(self.command):
            return form_of(self.command, correcting=self.corrects is not None)
        steps = self.steps
        ways = {way.transition: way.title for way in steps.ways() if not way.automatic}
        return form_of(
            self.command,
            steps=ways or None,
            step=steps.chosen(),
            correcting=self.corrects is not None,
        )

    def sheet(self, form: Form) -> FormSheet:
        offers = Offers(self.product, self.product.moment(), self.typed)
        fixed = frozenset(self.about.texts) - {"source"}
        return FormSheet(form, self.typed, offers, faults=self.faults, fixed=fixed, more=self.more)

    @property
    def way(self) -> WayLine | None:
        """The way out that is taken, where it lacks something, or is refused."""
        if not takes_step(self.command):
            return None
        chosen = (way for way in self.steps.ways() if way.transition == self.typed.text(STEP))
        return next((w for w in chosen if self.refusal or w.status == "closed"), None)

    @property
    def status(self) -> int:
        match self.refusal:
            case None:
                return 422 if self.faults else 200
            case Forbidden():
                return 403
            case Conflict():
                return 409
            case _:
                return 422


def router(product: Product) -> APIRouter:
    """`/actes/…`: one page a command."""
    routes = pages()

    @routes.api_route(ACTS, methods=READ)
    def acts(
        request: Request, sur: Text = "", nom: Text = "", pole: Text = "", suite: Text = "/"
    ) -> Response:
        """Show what may be done: about a thing, where the address names one; else everything."""
        role = signed_in(request).session.by.role
        found = offered_about(sur, role) if sur else every_act(role)
        beside = {"pole": pole} if pole else {}
        here = ActsHere(sur, nom, local(suite) if sur else "", role, found, beside)
        called = _called(product, sur, nom)
        return show(request, "act/acts.html", Asked(fields={}), here=ACTS, acts=here, called=called)

    @routes.api_route(f"{ACTS}/{{name}}", methods=READ)
    def act(request: Request, name: str) -> Response:
        """Show the form of an act; what the address says of it is filled in."""
        page = _opened(product, request, name)
        form = page.form()
        said = typed_values(form, page.as_said())
        texts = {**begun(form).texts, **said.texts, **page.about.texts}
        page.typed = Typed(texts)
        if kept := page.draft():
            if DRAFT in request.query_params:
                page.typed, page.kept_at = Typed.kept(kept.content), kept.saved_at
                page.files = page.kept_files.find()
            else:
                page.draft_at = kept.saved_at
        return _show(request, page, page.form())

    @routes.post(f"{ACTS}/{{name}}")
    async def give(request: Request, name: str) -> Response:
        """Say what an act would record, or record it."""
        sent = await request.form()
        try:
            files = await files_of(product, sent)
            return await run_in_threadpool(_given, product, request, name, sent, files)
        finally:
            await sent.close()

    return routes


def _called(product: Product, concept: str, name: str) -> str:
    """What a thing of a list is called; empty where that is not known."""
    if concept not in LISTINGS:
        return ""
    typed = Typed.of([(concept, name)])
    kind = next((kind for kind, known in THINGS if known == concept), None)
    asked = FormField(concept, concept, control=Control.THING, kind=kind, concept=concept)
    return Offers(product, product.moment(), typed).of(asked).words.get(name, "")


def _opened(product: Product, request: Request, name: str) -> ActPage:
    """The page of an act, as its address says it; somebody is signed in."""
    by = signed_in(request).session.by
    command = COMMANDS.get(name)
    if command is None:
        raise NoSuchAct(name=name[:80])
    query = request.query_params
    known = [(key, value) for key, value in query.multi_items() if _is_field(command, key)]
    about = Typed.of(known)
    page = ActPage(product, command, by, about, about, local(query.get("suite", "/")), uuid4().hex)
    command.admit(by.role)
    return page


def _is_field(command: type[Command], name: str) -> bool:
    return name.partition(".")[0] in command.model_fields


def _show(request: Request, page: ActPage, form: Form) -> Response:
    address = f"{ACTS}/{page.command.NAME}"
    query = _query(request)
    return show(
        request,
        "act/form.html",
        Asked(fields={}),
        page.status,
        here=address,
        action=f"{address}?{query}" if query else address,
        take_up=f"{address}?{query}&{DRAFT}=oui" if query else f"{address}?{DRAFT}=oui",
        page=page,
        form=form,
        sheet=(sheet := page.sheet(form)),
        typed=sheet.typed,
        refusal=str(page.refusal) if page.refusal else "",
        way=page.way,
    )


def _query(request: Request) -> str:
    """What the address says, but that a draft is taken up."""
    said = request.query_params.multi_items()
    return urlencode([(name, value) for name, value in said if name != DRAFT])


def _given(
    product: Product, request: Request, name: str, sent: FormData, files: SentFiles
) -> Response:
    page = _opened(product, request, name)
    texts = ((key, value) for key, value in sent.multi_items() if isinstance(value, str))
    page.typed = Typed.of((key, text) for key, text in texts if key[:1] != "_")
    page.key = str(sent.get("_key", ""))[:LONGEST_KEY] or page.key
    asked, _, where = str(sent.get("_do", "check")).partition(":")
    form = page.form()
    if asked != "drop":
        try:
            page.take_files(sent, files)
        except JalonError as refusal:
            page.refusal = refusal
            return _show(request, page, form)
    if asked == "remove":
        page.typed = page.typed.without(where)
    if asked in ("add", "remove"):
        page.typed = tidy(form, page.typed)
        page.more = {where: 1} if asked == "add" else {}
        return _show(request, page, form)
    if asked == "drop":
        page.drop_draft()
        return RedirectResponse(f"{ACTS}/{name}?{_query(request)}", 303)
    if asked == "keep":
        return _kept(request, page, form)
    return _done(request, page, form, dry_run=asked != "record")


def _kept(request: Request, page: ActPage, form: Form) -> Response:
    """Keep what was typed for its author alone; as one types, only that it is kept is said."""
    page.typed = tidy(form, page.typed)
    try:
        page.keep_draft()
    except Refused as refusal:
        page.refusal = refusal
    if "HX-Request" not in request.headers:
        return _show(request, page, form)
    said = str(page.refusal) if page.refusal else ""
    return show(request, "act/_kept.html", Asked(fields={}), page=page, said=said)


def _done(request: Request, page: ActPage, form: Form, *, dry_run: bool) -> Response:
    """Let the command decide; what is wrong is said beside what was typed."""
    try:
        read = read_form(form, page.typed, page.product)
        page.typed, page.faults = read.typed, read.faults
        if read.command is None:
            return _show(request, page, form)
        done = page.product.do(read.command, page.by, key=page.key, dry_run=dry_run)
    except (Unavailable, Damaged):
        raise
    except JalonError as refusal:
        page.refusal = refusal
        return _show(request, page, form)
    if dry_run:
        page.foreseen = page.product.foreseen(_of_people(done))
        page.doubts = doubts_about(done.events)
        return _show(request, page, form)
    page.drop_draft()
    response = RedirectResponse(_next(page, read.command, done), 303)
    carry(request, response, _told(page.product, done))
    return response


def _of_people(done: Done) -> list[Any]:
    return [event for event in done.events if not isinstance(event, Pole.Attached)]


def _told(product: Product, done: Done) -> JustRecorded:
    said = (
        f"{one.title} : {one.detail}" if one.detail else one.title
        for one in product.foreseen(_of_people(done))
    )
    return JustRecorded(tuple(said), tuple(doubts_about(done.events)), done.repeated)


# --- where to go on -----------------------------------------------------------------------------


def _next(page: ActPage, command: Command, done: Done) -> str:
    """The page from which one came; else that of what was made, or of what it is about."""
    if page.then != "/":
        return page.then
    found = page_of(page.product, done.answer)
    if found is None:
        about = (getattr(command, name, None) for name in command.__class__.model_fields)
        named = (page_of(page.product, id_) for id_ in about if isinstance(id_, UUID))
        found = next((one for one in named if one), None)
    return found or _list_of(command)


PAGES: Mapping[str, str] = {
    "pole": "/poles/",
    "evaluation": "/evaluations/",
    "call": "/appels/",
    "committee": "/comites/",
    "session": "/seances/",
    "dossier": "/dossiers/",
    "appeal": "/recours/",
    "commitment": "/engagements-financiers/",
    "follow_up": "/comites-de-suivi/",
    "document": "/documents/",
    "charter": "/chartes/",
    "charter_signature": "/signatures/",
    "undertaking": "/engagements-pris/",
}
"""The page of each thing that has one, by what its first event is about."""


def page_of(product: Product, id_: UUID) -> str | None:
    """The page of something of the register; `None` where it has none of its own."""
    history = product.registry.history(id_)
    concept = history[0].event.TOPIC.partition(".")[0] if history else ""
    path = PAGES.get(concept)
    return f"{path}{product.case_code(id_)}" if path else None


def _list_of(command: Command) -> str:
    """The list in which what was done is seen."""
    concept = command.NAME.partition(".")[0]
    return LISTINGS[concept].path if concept in LISTINGS else "/listes"
