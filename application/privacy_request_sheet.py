"""What is read of requests to exercise rights: by the delegate whole, by auditors without words."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from uuid import UUID

from pydantic import Field

from application.absent import absent
from application.case_sheet import deadlines_of, history_of, ways_of
from application.command import By
from application.deadline import DeadlineLine
from application.history_line import HistoryLine
from application.listing import Listed, Listing, listing
from application.personal import ERASED, opened
from application.privacy_request import RIGHTS
from application.private_reading import may_ask_of_all
from application.stages import stages_of
from application.ways import WayLine
from application.wording import WORDS
from application.world import Moment, World
from domain.dates import PartialDate, day_in_words
from domain.errors import Forbidden
from domain.exchange import Channel
from domain.kernel import Event
from domain.privacy_ground import ARTICLES, GROUNDS, PrivacyRight
from domain.privacy_request import PrivacyOutcome, PrivacyRequest, UnknownPrivacyRequest
from domain.roles import Role
from domain.values import Frozen, Sealed

READERS = (Role.DPO, Role.AUDITOR)
"""Who reads requests; auditors read neither who asks nor any of their words (product rule)."""

KEPT_FROM_AUDITORS = "réservé au délégué à la protection des données"
"""What stands where a sealed value was, or where it is not for who reads."""

WITHDRAWN = "withdrawn"

STATES: Mapping[str, str] = {
    "received": "reçue",
    "identified": "identité vérifiée",
    "granted": "acceptée",
    "partly_granted": "acceptée en partie",
    "refused": "refusée",
    "carried_out": "exécutée",
    "answered": "répondue",
    WITHDRAWN: "retirée",
}
"""What lists call the stages of the journey that ships; another is called by its identifier."""


class NotAPrivacyReader(Forbidden):
    """Requests of persons are for who protects their data, and for auditors."""

    code = "privacy_request.reader"
    fr = (
        "Les demandes d'exercice de droits se lisent par le délégué à la protection des données, "
        "et sans les noms ni les mots par les auditeurs : votre rôle ne le permet pas."
    )
    en = (
        "Requests to exercise rights are read by the data-protection officer, and without names "
        "or words by auditors: your role does not allow it."
    )


def may_read_requests(world: World, by: By, day: date) -> None:
    """Refuse whoever may not read the requests of persons, on a day."""
    if by.role not in READERS:
        raise NotAPrivacyReader(roles="")
    may_ask_of_all(world, by, day)


class PrivacyRequestListed(Listed):
    """A request as its list shows it: never who asks, nor their words."""

    code: str = Field(title="Demande")
    title: str = Field(title="Demande")
    right: PrivacyRight = Field(title="Droit")
    article: str = Field(title="Texte")
    channel: Channel = Field(title="Venue par")
    received_on: date = Field(title="Reçue")
    due: date = Field(title="Réponse attendue")
    outcome: PrivacyOutcome | None = Field(None, title="Décision")
    answered_on: date | None = Field(None, title="Réponse donnée")
    stage: str = Field(title="Étape")
    stage_title: str = Field(title="Étape")
    stage_on: PartialDate = Field(title="À cette étape depuis")
    stage_since: date
    journey: str = Field(title="Règles")
    journey_since: date


PRIVACY_REQUESTS = listing(
    Listing(
        name="privacy_request",
        line=PrivacyRequestListed,
        title="Demandes d'exercice de droits",
        says="Les demandes des personnes sur leurs données, sans leurs noms ni leurs mots : "
        "le droit, la réception, l'échéance, l'étape. Chaque lecture est notée.",
        path="/donnees-personnelles",
        columns=(
            *("right", "code", "article", "received_on", "channel"),
            *("due", "stage_title", "stage_on", "outcome", "answered_on"),
        ),
        filters=("right", "stage", "outcome"),
        words={"stage": stages_of({"privacy_request"}, STATES)},
        about_poles=False,
        thing="Demande d'exercice de droits",
        empty="Aucune demande d'exercice de droits n'est enregistrée.",
        begun_by="privacy_request.receive",
        readers=READERS,
    )
)


class PrivacyRequestSheet(Frozen):
    """Everything shown of one request at a moment, to whoever may read it."""

    id: UUID
    code: str
    right: PrivacyRight
    right_title: str
    article: str
    channel: str
    requester: str
    contact: str | None
    words: str | None
    received_on: PartialDate
    due: date
    is_extended: bool
    outcome: PrivacyOutcome | None
    ground: str | None
    """The ground of a refusal, with the text on which it rests."""
    motive: str | None
    carried_out_by: UUID | None
    stage: str
    stage_title: str
    stage_about: str
    stage_on: PartialDate
    journey: str
    journey_source: tuple[str, ...]
    deadlines: tuple[DeadlineLine, ...]
    ways: tuple[WayLine, ...]
    history: tuple[HistoryLine, ...]


def privacy_request_sheet(
    world: World, id_: UUID, moment: Moment, *, with_words: bool
) -> PrivacyRequestSheet:
    """The sheet of a request. Whoever asks is noted by whoever calls this.

    Args:
        with_words: whether what is sealed is opened.
    """
    found, day = world.load(PrivacyRequest, id_, moment.known), moment.in_force
    if found is None or found.requester is None:
        raise absent(world, id_, UnknownPrivacyRequest(name=id_), moment.known)
    stay = found.main.standing_on(day)
    ref = found.main.journey_on(day) or found.journey
    journey = world.compiled(ref).journey
    decision = found.decision_on(day)
    of = GROUNDS[decision.ground] if decision and decision.ground else None

    def said(
        value: Sealed | None, field: str, event: type[Event] = PrivacyRequest.Received
    ) -> str | None:
        if value is None:
            return None
        if not with_words:
            return KEPT_FROM_AUDITORS
        return opened(world, value, event=event, field=field)

    return PrivacyRequestSheet(
        id=found.id,
        code=found.code,
        right=found.right,
        right_title=RIGHTS[found.right],
        article=ARTICLES[found.right],
        channel=WORDS[Channel][found.channel],
        requester=said(found.requester, "requester") or ERASED,
        contact=said(found.contact, "contact"),
        words=said(found.words, "words"),
        received_on=found.main.states[0].occurred_on,
        due=found.due_on(day),
        is_extended=found.is_extended_on(day),
        outcome=decision.outcome if decision else None,
        ground=f"{of.says.fr} ({of.article})" if of else None,
        motive=decision and said(decision.motive, "motive", PrivacyRequest.Decided),
        carried_out_by=next((done.value for done in found.executions if done.covers(day)), None),
        stage=stay.value,
        stage_title=journey.state[stay.value].title.fr or STATES.get(stay.value, stay.value),
        stage_about=journey.state[stay.value].about.fr,
        stage_on=stay.occurred_on,
        journey=ref,
        journey_source=journey.source,
        deadlines=deadlines_of(world, "privacy_request", found.id, moment),
        ways=tuple(ways_of(world, "privacy_request", found.id, moment, role=Role.DPO)),
        history=tuple(history_of(world, "privacy_request", found.id, moment)),
    )


def received_in_words(world: World, id_: UUID) -> Iterator[str]:
    """What to keep of a request that was received: its code, its last day, and what comes next."""
    found = world.load(PrivacyRequest, id_)
    if found:
        due = day_in_words(found.due_on(found.received_on))
        yield f"Demande {found.code}, à répondre jusqu'au {due}."
        yield (
            f"Ensuite, le délégué : jalon privacy-request move --request {found.code} "
            "--transition check_identity --input moyen=… --as dpo"
        )


class PrivacyYear(Frozen):
    """How many requests of a year there were, and how they were answered: no one of them."""

    year: int
    received: int
    answered_in_time: int
    answered_late: int
    awaited: int
    """Still to be answered, in time or not."""
    overdue: int
    """Of those, the ones whose last day is over."""
    withdrawn: int


def privacy_years(lines: Iterable[PrivacyRequestListed], day: date) -> list[PrivacyYear]:
    """Requests as they stood on a day, counted by the year of their reception, the last first."""
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for line in lines:
        counts[line.received_on.year].update(("received", *_counted_as(line, day)))
    names = [name for name in PrivacyYear.model_fields if name != "year"]
    return [
        PrivacyYear(year=year, **{name: counts[year][name] for name in names})
        for year in sorted(counts, reverse=True)
    ]


def _counted_as(line: PrivacyRequestListed, day: date) -> tuple[str, ...]:
    if line.answered_on:
        return ("answered_in_time",) if line.answered_on <= line.due else ("answered_late",)
    if line.stage == WITHDRAWN:
        return ("withdrawn",)
    return ("awaited", "overdue") if day > line.due else ("awaited",)
