"""Dossiers: what a pole answers to a call, from its draft to a decision that is announced.

Until the results are announced nothing of them is recorded here: they stand in a session only. What
comes before (interests, ranks, analyses, opinions, conditions) is told to nobody until then.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, NewType, Self
from uuid import UUID

from pydantic import StringConstraints, model_validator
from typing_extensions import override

from domain import case
from domain.award import (
    AlreadyDecided,
    AlreadyNotified,
    Awarded,
    Decision,
    DossierOutcome,
    NoAward,
    NotBeforeTheCommittee,
    NothingAwarded,
    NothingToNotify,
    Notification,
    NotificationChannel,
    NotifiedBefore,
    WithdrawalGround,
)
from domain.call import Call, Route
from domain.case import Case, Read
from domain.dates import PartialDate
from domain.distinct import Persons
from domain.eligibility import ConditionFacts, Eligible
from domain.errors import NotFound, Refused
from domain.kernel import Event, Frozen, Line, event
from domain.minute import Minute
from domain.money import Cents, CentsOrNone, euros
from domain.opinion import Advised, OpinionFacts
from domain.organisation import Organisation
from domain.period import DAY
from domain.pole import Pole
from domain.project import Project
from domain.recognition import Recognition, RecognitionKind
from domain.review import Reviewed, ReviewFacts
from domain.span import Dated, in_force
from domain.words import Name, Stored

DossierId = NewType("DossierId", UUID)
DossierCode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")]
"""The code of its call and its number: `essai-2024-007`."""

DRAFT = "draft"
SUBMITTED = "submitted"
INELIGIBLE = "ineligible"
REGIONAL_REVIEW = "regional_review"
NATIONAL_REVIEW = "national_review"
OPINIONS = "opinions"
DELIBERATION = "deliberation"
SELECTED = "selected"
NOT_SELECTED = "not_selected"
CLOSED = "closed_without_action"

ELIGIBLE = (REGIONAL_REVIEW, NATIONAL_REVIEW, OPINIONS, DELIBERATION)
"""The states in which a dossier was found eligible, and nothing is announced of it."""

REFUSED = (INELIGIBLE, NOT_SELECTED, CLOSED)
"""The states from which it may be reopened."""

OVER = frozenset({INELIGIBLE, SELECTED, NOT_SELECTED, CLOSED, "withdrawn", "expired"})
"""The states in which nothing more is decided of it, unless it is reopened."""

CER_SINCE = date(2022, 1, 2)
"""From when on an association that asks for a grant subscribes to the contrat d'engagement
républicain (décret n° 2021-1947)."""


class Arrival(Frozen):
    """When a dossier arrived by one of the ways that its call asks for."""

    route: Route
    minute: Minute | None = None
    day: date | None = None
    document: UUID | None = None

    @model_validator(mode="after")
    def _is_dated(self) -> Self:
        if (self.minute is None) == (self.day is None):
            msg = "Une arrivée se date par une heure, ou par un jour : donnez l'un des deux."
            raise ValueError(msg)
        if self.route is Route.SERVER and self.minute is None:
            msg = "Ce qui arrive par le réseau se date à la minute du serveur."
            raise ValueError(msg)
        if self.route is Route.POSTMARK and self.day is None:
            msg = "Un cachet de la poste se date du jour."
            raise ValueError(msg)
        return self

    @property
    def counts(self) -> Minute | date:
        """The date that counts."""
        return self.minute or self.day  # type: ignore[return-value]  # it has one of the two

    @property
    def on(self) -> date:
        """The day of it, in Paris."""
        return self.minute.day if self.minute else self.day  # type: ignore[return-value]  # same


# --- facts, as the clauses of journeys name them -----------------------------------------------


class PartFacts(Frozen):
    """The pieces that the call asks for, and those that were asked again."""

    missing: int
    completion_from: date | None
    """The day before the last one on which what was asked again may still be given."""
    overdue: bool


class ArrivalFacts(Frozen):
    """Whether it came late, by the date that counts for each route of its call."""

    late: bool | None


class ApplicantFacts(Frozen):
    """Who applies."""

    numbered: bool
    """Whether a register names it by a number."""
    cer_wanting: bool
    """Whether it must have subscribed to the contrat d'engagement républicain, and has not."""


class WaveOfDossierFacts(Frozen):
    """The wave to which it answers."""

    phase: int | None
    closed_on: date | None
    phase_one: bool
    """Whether a dossier, or a recognition, of a first phase stands behind it."""


class SupportFacts(Frozen):
    """Whether its project was already supported after an earlier call."""

    supported: bool


class DecisionFacts(Frozen):
    """What is announced of it; empty before."""

    outcome: str
    withdrawn: bool


class DossierFacts(Frozen):
    """Everything a clause of a dossier's journey may ask about. Nothing that is not announced."""

    parts: PartFacts
    arrival: ArrivalFacts
    applicant: ApplicantFacts
    wave: WaveOfDossierFacts
    conditions: ConditionFacts
    project: SupportFacts
    ranking: ReviewFacts
    analysis: ReviewFacts
    opinions: OpinionFacts
    decision: DecisionFacts


# --- refusals ----------------------------------------------------------------------------------


class UnknownDossier(NotFound):
    """There is no such dossier."""

    code = "dossier.unknown"
    fr = "Aucun dossier ne s'appelle « {name} » : donnez son code, ou son identifiant."
    en = "No application is called “{name}”: give its code, or its identity."


class UnknownPart(NotFound):
    """A part is one of those that the call asks for."""

    code = "dossier.part_unknown"
    fr = "« {part} » n'est pas une pièce que l'appel demande ; il demande : {known}."
    en = "“{part}” is not a part that the call asks for; it asks for: {known}."


class AsksForMoreThanItCosts(Refused):
    """Nobody asks for more than a project costs."""

    code = "dossier.asks_too_much"
    fr = "Le montant demandé ({asked}) dépasse le coût du projet ({total})."
    en = "The amount asked for ({asked}) is more than the project costs ({total})."


class UntilBeforeAsked(Refused):
    """Who is asked for something has at least until the day after."""

    code = "dossier.until_before"
    fr = "La date limite ({until}) vient après le jour de la demande ({day})."
    en = "The last day ({until}) comes after the day of the demand ({day})."


class TwoArrivals(Refused):
    """A dossier arrives once by each route."""

    code = "dossier.two_arrivals"
    fr = "Une voie d'arrivée est donnée deux fois : une seule date compte pour chacune."
    en = "A route is given twice: one date counts for each."


@dataclass(frozen=True, slots=True)
class FiledPart:
    """A part as it was filed."""

    title: str | None
    document: UUID | None
    order: int


@dataclass(frozen=True, slots=True)
class Completion:
    """What is missing, and until when it may be given."""

    parts: tuple[str, ...]
    until: date
    order: int


@dataclass(frozen=True, slots=True)
class Content:
    """What a dossier says of itself."""

    title: str
    applicant: Organisation
    requested_cents: int | None
    total_cents: int | None
    own_cents: int | None


# --- the aggregate -----------------------------------------------------------------------------


class Dossier(Case, Eligible, Reviewed, Advised, Awarded, concept="dossier"):
    """An application of a pole, with one of its projects, to a wave of a call."""

    class Drafted(case.Entered):
        """A dossier was begun."""

        TOPIC = "dossier.drafted.v1"
        code: DossierCode
        call: UUID
        wave: Name
        pole: UUID
        project: UUID
        title: Line
        applicant: Organisation
        region: Line | None = None
        requested_cents: CentsOrNone | None = None
        total_cents: Cents | None = None
        own_cents: CentsOrNone | None = None

    class Revised(Event):
        """What it says of itself changed."""

        TOPIC = "dossier.revised.v1"
        title: Line
        applicant: Organisation
        requested_cents: CentsOrNone | None = None
        total_cents: Cents | None = None
        own_cents: CentsOrNone | None = None

    class PartFiled(Event):
        """One of the parts that the call asks for was given."""

        TOPIC = "dossier.part_filed.v1"
        part: Name
        title: Line | None = None
        document: UUID | None = None

    class PartsMissing(Event):
        """Parts are missing, and asked for by a day."""

        TOPIC = "dossier.parts_missing.v1"
        parts: tuple[Name, ...]
        until: date

    class Submitted(Event):
        """It was handed in."""

        TOPIC = "dossier.submitted.v1"
        arrivals: tuple[Arrival, ...]
        cer: bool = False
        """Whether the applicant subscribed to the contrat d'engagement républicain."""
        persons: Persons = ()

    class ArrivalNoted(Event):
        """It also arrived by another route, or at another date than was noted."""

        TOPIC = "dossier.arrival_noted.v1"
        arrival: Arrival

    ENTERS = Drafted
    PASSING = frozenset({"parts.overdue"})

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.code = ""
        self.call = UUID(int=0)
        self.wave = ""
        self.pole = UUID(int=0)
        self.project = UUID(int=0)
        self.region: str | None = None
        self.arrivals: dict[Route, list[Dated[Arrival]]] = {}
        self.parts: dict[str, list[Dated[FiledPart]]] = {}
        self.completions: list[Dated[Completion]] = []
        self.submissions: list[Dated[Persons]] = []
        self.cer = False
        self._contents: list[Dated[Content]] = []

    # Decisions.

    @classmethod
    def draft(
        cls,
        *,
        code: str,
        call: UUID,
        wave: str,
        pole: UUID,
        project: UUID,
        content: Content,
        region: str | None,
        journey: str,
        stage: str,
        occurred_on: PartialDate,
        variables: Mapping[str, Stored] | None = None,
    ) -> "Dossier":
        """Begin a dossier of a pole, for one of its projects, in a wave of a call."""
        _afford(content)
        made = cls.new()
        made._drafted(
            code=code,
            call=call,
            wave=wave,
            pole=pole,
            project=project,
            title=content.title,
            applicant=content.applicant,
            region=region,
            requested_cents=content.requested_cents,
            total_cents=content.total_cents,
            own_cents=content.own_cents,
            journey=journey,
            stage=stage,
            occurred_on=occurred_on,
            variables=dict(variables or {}),
        )
        return made

    def revise(self, content: Content) -> None:
        """Change what it says of itself; what nothing changes is not recorded."""
        _afford(content)
        if content == self.content:
            return
        self._revised(
            title=content.title,
            applicant=content.applicant,
            requested_cents=content.requested_cents,
            total_cents=content.total_cents,
            own_cents=content.own_cents,
        )

    def file_part(
        self, part: str, call: Call, *, title: str | None, document: UUID | None, day: date
    ) -> None:
        """Give one of the parts that the call asks for, or another version of it."""
        self._asked_for(call, (part,), day)
        self._part_filed(part=part, title=title, document=document)

    def ask_for_parts(self, parts: tuple[str, ...], call: Call, *, until: date, day: date) -> None:
        """Say what is missing, and until when it may be given."""
        self._asked_for(call, parts, day)
        if until <= day:
            raise UntilBeforeAsked(until=until, day=day)
        self._parts_missing(parts=tuple(dict.fromkeys(parts)), until=until)

    def _asked_for(self, call: Call, parts: tuple[str, ...], day: date) -> None:
        known = {part.id for part in call.parts_on(day)}
        for part in parts:
            if part not in known:
                raise UnknownPart(part=part, known=", ".join(sorted(known)) or "aucune")

    def submit(self, arrivals: tuple[Arrival, ...], *, cer: bool, persons: Persons) -> None:
        """Hand it in, with the date of its arrival by each route."""
        if len({arrival.route for arrival in arrivals}) < len(arrivals):
            raise TwoArrivals
        self._submitted(arrivals=arrivals, cer=cer, persons=persons)

    def note_arrival(self, arrival: Arrival) -> None:
        """Note that it also arrived by a route, or correct the date that was noted for it."""
        self._arrival_noted(arrival=arrival)

    def decide(
        self,
        *,
        outcome: DossierOutcome,
        amount: int | None,
        support: str | None,
        motive: str,
        session: UUID | None,
        deliberated_on: date,
        reserve_rank: int | None,
        day: date,
    ) -> None:
        """Record the decision that is announced: once, unless the dossier was reopened since."""
        if self.decision_on(date.max) is not None:
            raise AlreadyDecided(code=self.code)
        if {self.state_on(day), self.state_on(date.max)} != {DELIBERATION}:
            raise NotBeforeTheCommittee(code=self.code)
        is_selected = outcome is DossierOutcome.SELECTED
        if is_selected and not (amount or support):
            raise NothingAwarded(code=self.code)
        self._decided(
            outcome=outcome,
            amount_cents=amount if is_selected else None,
            support=support if is_selected else None,
            motive=motive,
            session=session,
            deliberated_on=deliberated_on,
            reserve_rank=reserve_rank,
        )

    def notify(
        self,
        *,
        channel: NotificationChannel,
        document: UUID | None,
        sent_on: date,
        received_on: date | None,
        remedies: str,
        day: date,
    ) -> None:
        """Record the letter by which what was decided is made known, once a decision."""
        settled = self.settled_on(day)
        if settled is None:
            raise NothingToNotify(code=self.code)
        since, _ = settled
        told = self.notification_on(day) or self.notification_on(date.max)
        if told is not None:
            raise AlreadyNotified(day=told.sent_on)
        if sent_on < since or (received_on and received_on < sent_on):
            raise NotifiedBefore(day=since)
        self._notified(
            channel=channel,
            document=document,
            sent_on=sent_on,
            received_on=received_on,
            remedies=remedies,
        )

    def take_back(
        self, *, ground: WithdrawalGround, reasons: str, heard_on: date, day: date
    ) -> Decision:
        """Withdraw what was awarded; the answer is the award that was."""
        decision = self.decision_on(day)
        if decision is None or decision.outcome is not DossierOutcome.SELECTED:
            raise NoAward(code=self.code)
        self.withdraw_award(decision, ground=ground, reasons=reasons, heard_on=heard_on, day=day)
        return decision

    # What is known on a day.

    @property
    def content(self) -> Content:
        """What it says of itself, as it was last said."""
        return self._contents[-1].value

    def content_on(self, day: date) -> Content | None:
        """What it said of itself on a day."""
        return in_force(self._contents, day)

    @property
    def title(self) -> str:
        return self.content.title

    @property
    def applicant(self) -> Organisation:
        return self.content.applicant

    @property
    def requested_cents(self) -> int | None:
        return self.content.requested_cents

    @property
    def number(self) -> int:
        """Which of the dossiers of its call it is, as its code says."""
        told = self.code.rpartition("-")[2]
        return int(told) if told.isdigit() else 0

    def arrivals_on(self, day: date) -> dict[Route, Arrival]:
        """The arrival that counts for each route, as it was noted by a day."""
        known = ((route, in_force(noted, day)) for route, noted in self.arrivals.items())
        return {route: arrival for route, arrival in known if arrival}

    def is_late(self, call: Call, day: date) -> bool | None:
        """Whether it came late, by the date that counts; `None` where that cannot be told."""
        arrivals = self.arrivals_on(day)
        return call.is_late(self.wave, {route: told.counts for route, told in arrivals.items()})

    @property
    def is_over(self) -> bool:
        """Whether nothing more is decided of it, as it stands now."""
        return self.main.states.last.value in OVER

    def part_on(self, part: str, day: date) -> FiledPart | None:
        """A part as it was last filed by a day."""
        return in_force(self.parts.get(part, []), day)

    def completion_on(self, day: date) -> Completion | None:
        """What was last asked for again, by a day."""
        return in_force(self.completions, day)

    def missing_on(self, call: Call, day: date) -> tuple[str, ...]:
        """The required parts that are not there, and those asked again and not given since."""
        asked = self.completion_on(day)
        wanted = {part.id: 0 for part in call.parts_on(day) if part.required}
        wanted |= dict.fromkeys(asked.parts, asked.order) if asked else {}
        return tuple(
            part
            for part, after in wanted.items()
            if (given := self.part_on(part, day)) is None or given.order < after
        )

    def reopened_on(self, day: date) -> int:
        """The event by which it was last reopened, as of a day; 0 where it was not."""
        known = self.main.states if self.tracks else ()  # none before it is drafted
        return max(
            (
                stay.order
                for stay in known
                if stay.since <= day and stay.came_from in REFUSED and stay.value not in OVER
            ),
            default=0,
        )

    def decision_on(self, day: date) -> Decision | None:
        """What is announced of it and stands on a day; `None` before, and once it is reopened."""
        found = in_force(self.decisions, day)
        return found if found and found.order > self.reopened_on(day) else None

    @property
    def outcome(self) -> DossierOutcome | None:
        """What stands of it, as far as anything was announced."""
        found = self.decision_on(date.max)
        return found.outcome if found else None

    def is_before_the_committee(self, day: date) -> bool:
        """Whether a session may decide of it on a day: it was before the committee then.

        What a committee decided of a dossier that ended since without a decision is still told;
        what was announced, or reopened, since that day is decided no more by an earlier one.
        """
        if self.state_on(day) != DELIBERATION:
            return False
        now = self.state_on(date.max)
        return now == DELIBERATION or (now in OVER and self.decision_on(date.max) is None)

    def is_undone(self, session: UUID, after: int | None, day: date = date.max) -> bool:
        """Whether what a session decided of it holds no longer, on a day or for good.

        It was announced, and withdrawn or reopened since; or the dossier ended without a decision.

        Args:
            after: the event by which it was last reopened when the session decided; `None` where
                that was not recorded.
        """
        stands = self.decision_on(day)
        if stands is None:
            known = [told for told in self.decisions if told.since <= day]
            is_announced = any(told.value.session == session for told in known)
            is_reopened = after is not None and after < self.reopened_on(day)
            return self.state_on(day) in OVER or is_announced or is_reopened
        return stands.session != session or stands.withdrawn is not None

    def settled_on(self, day: date) -> tuple[date, int] | None:
        """Since when, and by which event, what is to be notified of it stands on a day."""
        decision = self.decision_on(day)
        if decision:
            known = next(d for d in reversed(self.decisions) if d.value is decision)
            return known.since, decision.order
        stay = self.main.stay_on(day)
        return stay.place if stay and stay.value in (INELIGIBLE, CLOSED) else None

    def notification_on(self, day: date) -> Notification | None:
        """The letter by which what stands on a day was made known."""
        settled, told = self.settled_on(day), in_force(self.notifications, day)
        return told if settled and told and told.order > settled[1] else None

    @override
    def relations_on(self, day: date) -> frozenset[str]:
        """The pole that applies, and the call."""
        return frozenset({f"pole:{self.pole}", f"call:{self.call}"})

    @override
    def facts_on(self, day: date, read: Read) -> DossierFacts:
        """What the clauses may ask, as it was on a day: never what is not announced."""
        call: Call = read(Call, self.call)
        decision, after = self.decision_on(day), self.reopened_on(day)
        return DossierFacts(
            parts=self._part_facts(call, day),
            arrival=ArrivalFacts(late=self.is_late(call, day)),
            applicant=self._applicant_facts(day),
            wave=self._wave_facts(call, day, read),
            conditions=self.condition_facts_on(day),
            project=SupportFacts(supported=self.support_before(day, read) is not None),
            ranking=self.review_facts_on(self.rank_on(day), day, 0),
            analysis=self.review_facts_on(self.analysis_on(day), day, after),
            opinions=self.opinion_facts_on(day),
            decision=DecisionFacts(
                outcome=decision.outcome if decision else "",
                withdrawn=bool(decision and decision.withdrawn),
            ),
        )

    def support_before(self, day: date, read: Read) -> UUID | None:
        """The dossier of another call after which its project has the support of the State."""
        project: Project = read(Project, self.project)
        for support in project.supports_on(day):
            if support.call != self.call:
                return support.dossier
        return None

    def _part_facts(self, call: Call, day: date) -> PartFacts:
        asked = self.completion_on(day)
        return PartFacts(
            missing=len(self.missing_on(call, day)),
            completion_from=asked.until - DAY if asked else None,
            overdue=asked is not None and day > asked.until,
        )

    def _applicant_facts(self, day: date) -> ApplicantFacts:
        known = self.content_on(day)
        is_association = known is not None and known.applicant.rna is not None
        return ApplicantFacts(
            numbered=known is not None and known.applicant.identifier is not None,
            cer_wanting=is_association and day >= CER_SINCE and not self.cer,
        )

    def _wave_facts(self, call: Call, day: date, read: Read) -> WaveOfDossierFacts:
        wave = call.waves.get(self.wave)
        phase = wave.phase if wave else None
        closing = call.closes_at(self.wave) if wave else None
        return WaveOfDossierFacts(
            phase=phase,
            closed_on=closing.day if closing else None,
            phase_one=phase == 2 and self._passed_phase_one(day, read),
        )

    def _passed_phase_one(self, day: date, read: Read) -> bool:
        """Whether the pole was, or may yet be, retained in a first phase (call of 2022)."""
        pole: Pole = read(Pole, self.pole)
        for id_ in pole.recognitions:
            known: Recognition = read(Recognition, id_)
            by_call = known.recognition_kind is RecognitionKind.EXPRESSION_OF_INTEREST_CALL
            if by_call and known.in_force_on(day):
                return True
        for id_, concept in pole.attached.items():
            if concept != "dossier" or id_ == self.id:
                continue
            other: Dossier = read(Dossier, id_)
            wave = read(Call, other.call).waves.get(other.wave)
            stands = other.state_on(day) not in {None, DRAFT, *(OVER - {SELECTED})}
            if wave and wave.phase == 1 and stands:
                return True
        return False

    # What is remembered.

    @event(Drafted)
    def _drafted(
        self,
        *,
        code: str,
        call: UUID,
        wave: str,
        pole: UUID,
        project: UUID,
        title: str,
        applicant: Organisation,
        region: str | None,
        requested_cents: int | None,
        total_cents: int | None,
        own_cents: int | None,
        journey: str,
        stage: str,
        occurred_on: PartialDate,
        variables: Mapping[str, Stored],
    ) -> None:
        self.code, self.call, self.wave = code, call, wave
        self.pole, self.project, self.region = pole, project, region
        self._says(Content(title, applicant, requested_cents, total_cents, own_cents))
        self.begin(journey=journey, state=stage, occurred_on=occurred_on, variables=variables)

    @event(Revised)
    def _revised(
        self,
        *,
        title: str,
        applicant: Organisation,
        requested_cents: int | None,
        total_cents: int | None,
        own_cents: int | None,
    ) -> None:
        self._says(Content(title, applicant, requested_cents, total_cents, own_cents))

    def _says(self, content: Content) -> None:
        self._contents.append(self.dated(content))

    @event(PartFiled)
    def _part_filed(self, *, part: str, title: str | None, document: UUID | None) -> None:
        filed = FiledPart(title, document, self.version)
        self.parts.setdefault(part, []).append(self.dated(filed))

    @event(PartsMissing)
    def _parts_missing(self, *, parts: tuple[str, ...], until: date) -> None:
        self.completions.append(self.dated(Completion(parts, until, self.version)))

    @event(Submitted)
    def _submitted(self, *, arrivals: tuple[Arrival, ...], cer: bool, persons: Persons) -> None:
        self.cer = self.cer or cer
        self.submissions.append(self.dated(persons))
        for arrival in arrivals:
            self._arrives(arrival)

    @event(ArrivalNoted)
    def _arrival_noted(self, *, arrival: Arrival) -> None:
        self._arrives(arrival)

    def _arrives(self, arrival: Arrival) -> None:
        self.arrivals.setdefault(arrival.route, []).append(self.dated(arrival))


def _afford(content: Content) -> None:
    asked, total = content.requested_cents, content.total_cents
    if asked is not None and total is not None and asked > total:
        raise AsksForMoreThanItCosts(asked=euros(asked), total=euros(total))
