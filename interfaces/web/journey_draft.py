"""The pages by which journeys are administered: versions, a draft and its trial, migrations."""

from collections.abc import Iterable

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from application.backtest_in_words import BacktestSheet
from application.command import By
from application.difference import Words, changes_in_words, rights_by_role, rights_in_words
from application.drawing import draft_sheet
from application.inbox import case_kinds
from application.journey import PublishJourney, VersionLine
from application.migration import CasePlan, MigrateCases, Plan, RevertCases, batches
from application.offices import MIGRATORS, PUBLISHERS
from application.unit import Outcome
from application.wording import version_in_words
from domain.errors import Invalid, JalonError
from domain.journey import Journey
from interfaces.jobs import ask_job
from interfaces.rules_questions import DraftRead
from interfaces.web.filters import Text
from interfaces.web.job import JOBS
from interfaces.web.journey import JOURNEYS, image
from interfaces.web.page import READ, Asked, ask, pages, show
from interfaces.web.recorded import JustRecorded, carry
from interfaces.web.sign_in import Written
from interfaces.web.visitor import signed_in, visitor
from interfaces.wiring import Product

ADMINISTRATION = f"/administration{JOURNEYS}"
DRAFT = f"{ADMINISTRATION}/brouillon"
FORM = "journey.draft"
"""Under which name the draft of an account is kept: it has one."""

LARGEST = 200_000
"""Bytes of a draft: ten times the longest definition that ships."""

AT_ONCE = 300
"""Cases that are replayed while a page waits; of more, a job is made."""

CASES_SHOWN = 30
"""Cases that stand alike and are named; the others are counted."""

BATCH = 100
"""Cases brought to another version in one commit."""


class EmptyDraft(Invalid):
    """Neither a text nor a file came with the form."""

    code = "journey.draft_empty"
    fr = "Choisissez un fichier qui n'est pas vide, ou collez le texte de la définition."
    en = "Choose a file that is not empty, or paste the text of the definition."


class UnreadableDraft(Invalid):
    """What was sent is no text, or too long a one."""

    code = "journey.draft_unreadable"
    fr = (
        "Ce fichier ne peut pas être lu : il faut un texte en UTF-8 de 200 000 octets au plus. "
        "Ce qui était gardé reste tel quel."
    )
    en = "This file cannot be read: a text in UTF-8 of at most 200,000 bytes is wanted."


class JourneyDraft:
    """The draft of whoever publishes journeys: kept for them alone until it is given up."""

    def __init__(self, product: Product, request: Request) -> None:
        self.product = product
        self.by = signed_in(request).session.by
        PublishJourney.admit(self.by.role)

    @property
    def text(self) -> str:
        found = self.product.desk.drafts.find(self.by.actor, FORM, "")
        return found.content if found else ""

    def keep(self, text: str) -> None:
        self.product.desk.drafts.keep(self.by.actor, FORM, "", text)

    def drop(self) -> None:
        self.product.desk.drafts.drop(self.by.actor, FORM, "")

    def read(self) -> DraftRead:
        return self.product.read_draft("le brouillon", self.text)

    def journey(self) -> Journey:
        """The draft, where it can be tried; refused where it has faults that stop it."""
        read = self.read()
        if read.journey is None or not read.publishable:
            raise EmptyDraft
        return read.journey


def router(product: Product) -> APIRouter:
    """`/administration/parcours`, and what sets two versions apart."""
    routes = pages()

    @routes.api_route(ADMINISTRATION, methods=READ)
    def versions(request: Request) -> Response:
        """Show every version of every journey: in force when, published when, followed by whom."""
        moment, asked = ask(product, request)
        rules = {line.ref: line for line in product.rules_list(moment)}
        by = visitor(request).by
        return show(
            request,
            "journey/administration.html",
            asked,
            here=ADMINISTRATION,
            journeys=_by_journey(product.versions(moment)),
            rules=rules,
            publishes=by is not None and by.role in PUBLISHERS,
            migrates=by is not None and by.role in MIGRATORS,
        )

    @routes.api_route(f"{JOURNEYS}/{{ref}}/difference", methods=READ)
    def difference(request: Request, ref: str, avec: Text = "") -> Response:
        """Show what sets a version apart from the one before it, or from another."""
        moment, asked = ask(product, request)
        new = product.rules(ref, moment)
        known = [line.ref for line in product.rules_list(moment)]
        others = sorted(one for one in known if one != ref and one.split("@")[0] == new.id)
        before = avec or max((one for one in others if one < ref), default="")
        old = product.rules(before, moment) if before else None
        changes, rights = _apart(product, old, new)
        return show(
            request,
            "journey/difference.html",
            asked,
            here=f"{JOURNEYS}/{ref}/difference",
            kept={"avec": avec},
            new=new,
            old=old,
            others=others,
            changes=changes,
            rights=rights,
        )

    @routes.api_route(DRAFT, methods=READ)
    def draft(request: Request) -> Response:
        """Show the draft that is kept: its faults, its drawing, what it would change."""
        return _draft_page(product, request, JourneyDraft(product, request))

    @routes.post(DRAFT)
    async def keep(request: Request) -> Response:
        """Keep a draft that was typed or sent as a file, or give it up."""
        sent = await request.form()
        file = sent.get("file")
        data = await file.read(LARGEST + 1) if isinstance(file, UploadFile) else b""
        await sent.close()
        text, asked = str(sent.get("text", "")), str(sent.get("_do", ""))
        return await run_in_threadpool(_kept, product, request, data or text.encode(), asked)

    @routes.api_route(f"{DRAFT}/essai", methods=READ)
    def trial(request: Request, depuis: Text = "") -> Response:
        """Put the draft to the recorded history of every case."""
        journey = JourneyDraft(product, request).journey()
        found: BacktestSheet | None = None
        refusal = ""
        cases = sum(v.cases for v in product.versions(product.moment()) if _same(v, journey))
        try:
            if cases <= AT_ONCE:
                found = product.told_backtest(journey, since=depuis or None)
        except JalonError as refused:
            refusal = str(refused)
        return show(
            request,
            "journey/trial.html",
            Asked(fields={}),
            422 if refusal else 200,
            here=f"{DRAFT}/essai",
            journey=journey,
            cases=cases,
            found=found,
            since=depuis,
            case_kinds=case_kinds(),
            refusal=refusal,
        )

    @routes.post(f"{DRAFT}/essai")
    def long_trial(request: Request, depuis: Written = "") -> Response:
        """Have the draft put to history apart: it is followed, left and found again."""
        kept = JourneyDraft(product, request)
        asked = {"draft": kept.journey().ref, "since": depuis}
        id_ = ask_job(product, "essai-de-regles", kept.by, asked, kept.text.encode())
        return RedirectResponse(f"{JOBS}/{id_}", 303)

    @routes.api_route(f"{DRAFT}/migration", methods=READ)
    def draft_migration(request: Request) -> Response:
        """Show which cases would move to the draft, and which have no place in it."""
        journey = JourneyDraft(product, request).journey()
        found = product.draft_plan(journey)
        return _plan_page(product, request, f"{DRAFT}/migration", journey, found)

    @routes.post(f"{DRAFT}/publier")
    def publish(request: Request) -> Response:
        """Publish the draft; it never changes again."""
        kept = JourneyDraft(product, request)
        try:
            done = product.do(PublishJourney(journey=(journey := kept.journey())), kept.by)
        except JalonError as refusal:
            return _draft_page(product, request, kept, str(refusal))
        kept.drop()
        response = RedirectResponse(ADMINISTRATION, 303)
        called = journey.title.fr or case_kinds().get(journey.id, journey.id)
        said = f"Publication : {called}, {version_in_words(journey.ref)}"
        carry(request, response, JustRecorded((said,) if done.events else ()))
        return response

    @routes.api_route(f"{ADMINISTRATION}/{{ref}}/migration", methods=READ)
    def migration(request: Request, ref: str) -> Response:
        """Show which cases would move to a published version, and which cannot."""
        _migrator(request)
        here = f"{ADMINISTRATION}/{ref}/migration"
        return _plan_page(product, request, here, product.published(ref), product.plan(ref))

    @routes.post(f"{ADMINISTRATION}/{{ref}}/migration")
    async def migrate(request: Request, ref: str) -> Response:
        """Bring the cases to a version, or give back what a migration brought there."""
        sent = await request.form()
        back, reason = str(sent.get("_do")) == "revert", str(sent.get("reason", "")).strip()
        return await run_in_threadpool(_migrated, product, request, ref, reason, back=back)

    return routes


def _same(line: VersionLine, journey: Journey) -> bool:
    return line.ref.partition("@")[0] == journey.id


def _by_journey(lines: Iterable[VersionLine]) -> dict[str, list[VersionLine]]:
    """The versions of each journey, the latest first."""
    found: dict[str, list[VersionLine]] = {}
    for line in lines:
        found.setdefault(line.ref.partition("@")[0], []).insert(0, line)
    return found


Apart = tuple[list[str], list[tuple[str, list[str]]]]
"""What changes between two definitions; what each role gains and loses by it."""


def _apart(product: Product, old: Journey | None, new: Journey | None) -> Apart:
    if old is None or new is None:
        return [], []
    found = product.compare(old, new)
    return changes_in_words(found, old, new), rights_by_role(found, old, new)


# --- the draft ----------------------------------------------------------------------------------


def _kept(product: Product, request: Request, data: bytes, asked: str) -> Response:
    kept = JourneyDraft(product, request)
    if asked == "drop":
        kept.drop()
        return RedirectResponse(ADMINISTRATION, 303)
    try:
        kept.keep(_text(data))
    except JalonError as refusal:
        return _draft_page(product, request, kept, str(refusal))
    return RedirectResponse(DRAFT, 303)


def _text(data: bytes) -> str:
    if not data.strip():
        raise EmptyDraft
    try:
        if len(data) <= LARGEST:
            return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    raise UnreadableDraft


def _draft_page(
    product: Product, request: Request, kept: JourneyDraft, refusal: str = ""
) -> Response:
    text = kept.text
    read = kept.read() if text else None
    journey = read.journey if read else None
    before = product.latest_of(journey.id, but=journey.ref) if journey else None
    changes, rights = _apart(product, before, journey)
    return show(
        request,
        "journey/draft.html",
        Asked(fields={}),
        422 if refusal else 200,
        here=DRAFT,
        text=text,
        read=read,
        journey=journey,
        before=before,
        sheet=draft_sheet(journey) if journey else None,
        drawing=image(journey) if journey else "",
        refusal=refusal,
        changes=changes,
        rights=rights,
    )


# --- migrations ---------------------------------------------------------------------------------


def _migrator(request: Request) -> By:
    by = signed_in(request).session.by
    MigrateCases.admit(by.role)
    return by


class PlanGroup:
    """Cases that follow the same version and stand in the same state."""

    def __init__(self, items: list[CasePlan], old: Journey, new: Journey) -> None:
        words, first = Words(old, new), items[0]
        movable = next((item for item in items if item.is_possible), None)
        self.version = first.journey
        self.stage = words.state(first.state)
        self.to = words.state(movable.to_state or "") if movable else ""
        self.possible = [item for item in items if item.is_possible]
        self.refused = [item for item in items if not item.is_possible]
        self.opens = [words.transition(way) for way in movable.opens] if movable else []
        self.closes = [words.transition(way) for way in movable.closes] if movable else []
        self.rights = list(rights_in_words(movable.rights, words)) if movable else []


def _plan_page(
    product: Product,
    request: Request,
    here: str,
    journey: Journey,
    found: Plan,
    outcomes: list[Outcome] | None = None,
) -> Response:
    standing: dict[tuple[str, str], list[CasePlan]] = {}
    for item in found.items:
        standing.setdefault((item.journey, item.state), []).append(item)
    groups = [
        PlanGroup(items, product.published(ref), journey)
        for (ref, _), items in sorted(standing.items())
    ]
    by = visitor(request).by
    is_draft = here.startswith(DRAFT)
    return show(
        request,
        "journey/migration.html",
        Asked(fields={}),
        here=here,
        journey=journey,
        found=found,
        groups=groups,
        most=CASES_SHOWN,
        is_draft=is_draft,
        acts=not is_draft and by is not None and by.role in MIGRATORS,
        returning=[] if is_draft else product.returning(journey.ref),
        refused=[str(one.refusal) for one in outcomes or () if one.refusal],
    )


def _migrated(product: Product, request: Request, ref: str, reason: str, *, back: bool) -> Response:
    by = _migrator(request)
    if back:
        ids = product.returning(ref)
    else:
        ids = [item.id for item in product.plan(ref).items if item.is_possible]
    outcomes: list[Outcome] = []
    for some in batches(ids, BATCH):
        said = {"cases": some, "reason": reason or None}
        command = (
            RevertCases.model_validate({**said, "journey": ref})
            if back
            else MigrateCases.model_validate({**said, "to": ref})
        )
        outcomes += product.do(command, by).outcomes
    here = f"{ADMINISTRATION}/{ref}/migration"
    if any(one.refusal for one in outcomes):
        found = product.plan(ref)
        return _plan_page(product, request, here, product.published(ref), found, outcomes)
    verb = (
        "revenus aux règles d'avant" if back else f"passés aux règles de la {version_in_words(ref)}"
    )
    response = RedirectResponse(here, 303)
    number = sum(one.result == "done" for one in outcomes)
    carry(request, response, JustRecorded((f"{number} cas {verb}",) if number else ()))
    return response
