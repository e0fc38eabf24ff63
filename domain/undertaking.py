"""Undertakings: what somebody said they would do, followed one by one, with evidence.

They are facts beside a journey: an undertaking is no financial commitment, and nothing the State
decides depends on one (product rule).
"""

from datetime import date
from enum import StrEnum
from typing import NewType
from uuid import UUID

from domain.dates import PartialDate, days_after
from domain.distinct import AnotherPerson, Persons, share, those
from domain.errors import Refused
from domain.kernel import Aggregate, Event, event
from domain.mandate import Party
from domain.recording import EndsBeforeItBegins
from domain.span import Dated, covers, in_force
from domain.values import Line, Prose
from domain.words import Name, later

UndertakingId = NewType("UndertakingId", UUID)


class Bound(StrEnum):
    """Who is bound."""

    POLE = "pole"
    MEMBER = "member"
    NETWORK = "network"


class Towards(StrEnum):
    """By what: the text in which it is written."""

    CHARTER = "charter"
    LOCAL_CHARTER = "local_charter"


class UndertakingStanding(StrEnum):
    """Where an undertaking stands. Whether it is late is not one of these: the day says it."""

    GIVEN = "given"
    REPORTED = "reported"
    KEPT = "kept"
    PARTLY = "partly"
    NOT_KEPT = "not_kept"


class UndertakingFinding(StrEnum):
    """What somebody else than who reports finds."""

    KEPT = "kept"
    PARTLY = "partly"
    NOT_KEPT = "not_kept"


UNMET = frozenset(
    {UndertakingStanding.GIVEN, UndertakingStanding.PARTLY, UndertakingStanding.NOT_KEPT}
)
"""Where something is still to be done, or to be told."""


# --- refusals -----------------------------------------------------------------------------------


class NoLongerBound(Refused):
    """Nothing is reported, found or extended of an undertaking that does not hold that day."""

    code = "undertaking.not_in_force"
    fr = "Cet engagement ne vaut pas le {day} : rien ne peut plus y être rapporté ni constaté."
    en = "This undertaking does not hold on {day}: nothing can be reported or found about it."


class NothingReported(Refused):
    """What is said to be kept, wholly or partly, was first reported."""

    code = "undertaking.nothing_reported"
    fr = (
        "Rien n'est rapporté de cet engagement et n'attend d'être apprécié : seul « non tenu » "
        "peut être constaté."
    )
    en = (
        "Nothing was reported of this undertaking that waits to be assessed: it can only be found "
        "not kept."
    )


class OwnReport(AnotherPerson, Refused):
    """Nobody assesses what they reported themselves."""

    code = "undertaking.own_report"
    fr = "Qui rapporte sur un engagement ne dit pas s'il est tenu : une autre personne le constate."
    en = "Whoever reports on an undertaking does not say whether it is kept: somebody else does."


class OutOfOrder(Refused):
    """A report and what is found of it follow one another."""

    code = "undertaking.order"
    is_of_order = True
    fr = "Un fait plus récent, du {last}, est déjà enregistré sur cet engagement."
    en = "A more recent fact, of {last}, is already recorded about this undertaking."


class NotLonger(Refused):
    """An extension gives more time."""

    code = "undertaking.not_longer"
    fr = "Un délai se prolonge : la nouvelle échéance ({due}) doit venir après celle-ci : {before}."
    en = "An extension gives more time: the new last day ({due}) must come after {before}."


# --- the aggregate ------------------------------------------------------------------------------


class Undertaking(Aggregate):
    """One thing that a pole, a member or a network undertook to do by signing a text."""

    class Given(Event):
        """It was taken on, from the day of the signature."""

        TOPIC = "undertaking.given.v1"
        UNDONE_BY = ("undertaking.release",)
        bound: Bound
        pole: UUID | None = None
        member: UUID | None = None
        organisation: Line | None = None
        towards: Towards
        text: UUID
        item: Name
        signature: UUID
        words: Prose
        due: date | None = None

    class Reported(Event):
        """Whoever is bound, or somebody for them, said what was done, with evidence."""

        TOPIC = "undertaking.reported.v1"
        STATED_BY = ("undertaking.report",)
        words: Prose
        documents: tuple[UUID, ...] = ()
        by: Party
        persons: Persons = later(())
        """For whom it was reported, and who did it."""

    class Assessed(Event):
        """Somebody else found whether it is kept."""

        TOPIC = "undertaking.assessed.v1"
        STATED_BY = ("undertaking.assess",)
        assessment: UndertakingFinding
        reasons: Prose
        by: Party

    class Extended(Event):
        """It was given a last day, or a later one."""

        TOPIC = "undertaking.extended.v1"
        STATED_BY = ("undertaking.extend",)
        due: date
        reasons: Prose

    class Released(Event):
        """Nobody is bound by it any more; what was done stays on record."""

        TOPIC = "undertaking.released.v1"
        STATED_BY = ("undertaking.release",)
        motive: Prose

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.pole: UUID | None = None
        self.signature: UUID | None = None
        self.start = date.min
        self.end: date | None = None
        self.standings: list[Dated[UndertakingStanding]] = []
        self.dues: list[Dated[date | None]] = []
        self.reporters: Persons = ()
        """Of the last report: for whom, and by whom."""
        self.last = date.min
        """The day of the last report or assessment."""

    @classmethod
    def give(
        cls,
        id_: UndertakingId,
        *,
        bound: Bound,
        pole: UUID | None,
        member: UUID | None,
        organisation: str | None,
        towards: Towards,
        text: UUID,
        item: str,
        signature: UUID,
        words: str,
        due: date | None = None,
    ) -> "Undertaking":
        """Take on one of the undertakings of a text."""
        undertaking = cls(id_)
        undertaking._given(
            bound=bound,
            pole=pole,
            member=member,
            organisation=organisation,
            towards=towards,
            text=text,
            item=item,
            signature=signature,
            words=words,
            due=due,
        )
        return undertaking

    def report(
        self, *, words: str, documents: tuple[UUID, ...], persons: Persons, day: date
    ) -> None:
        """Say what was done about it."""
        self._holds_on(day)
        self._reported(words=words, documents=documents, by=persons[0], persons=persons)

    def assess(
        self, assessment: UndertakingFinding, *, reasons: str, persons: Persons, day: date
    ) -> None:
        """Find whether it is kept; not by who reported, and only what was reported is kept."""
        self._holds_on(day)
        waits = self.standing_on(day) is UndertakingStanding.REPORTED
        if not waits and assessment is not UndertakingFinding.NOT_KEPT:
            raise NothingReported
        if share(persons, self.reporters):
            raise OwnReport
        self._assessed(assessment=assessment, reasons=reasons, by=persons[0])

    def extend(self, due: date, *, reasons: str, day: date) -> None:
        """Give it a last day, or a later one."""
        if not self.in_force_on(day):
            raise NoLongerBound(day=day)
        before = self.due_on(day)
        if due <= (before or self.start):
            raise NotLonger(due=due, before=before or self.start)
        self._extended(due=due, reasons=reasons)

    def release(self, *, motive: str, occurred_on: PartialDate) -> None:
        """Let nobody be bound by it from a day on."""
        day = occurred_on.first_day
        if day and day < self.start:
            raise EndsBeforeItBegins(start=self.start, end=day)
        if self.end and day and day >= self.end:
            raise NoLongerBound(day=day)
        self._released(motive=motive)

    def _holds_on(self, day: date) -> None:
        if not self.in_force_on(day):
            raise NoLongerBound(day=day)
        if day < self.last:
            raise OutOfOrder(last=self.last)

    # What is known on a day.

    def in_force_on(self, day: date) -> bool:
        return covers(self.start, self.end, day)

    def standing_on(self, day: date) -> UndertakingStanding | None:
        """Where it stands; `None` on a day when nobody is bound by it."""
        return in_force(self.standings, day) if self.in_force_on(day) else None

    def due_on(self, day: date) -> date | None:
        """The last day to keep it, as it was then."""
        return in_force(self.dues, day)

    def is_late_on(self, day: date) -> bool:
        """Whether its last day is over, and nothing that was reported waits or was found kept."""
        due = self.due_on(day)
        return due is not None and due < day and self.standing_on(day) in UNMET

    def relations_on(self, day: date) -> frozenset[str]:  # it never changes
        """The pole it is about, if a pole or a member is bound."""
        return frozenset({f"pole:{self.pole}"} if self.pole else ())

    # What is remembered.

    @event(Given)
    def _given(
        self,
        *,
        bound: Bound,
        pole: UUID | None,
        member: UUID | None,
        organisation: str | None,
        towards: Towards,
        text: UUID,
        item: str,
        signature: UUID,
        words: str,
        due: date | None,
    ) -> None:
        self.pole = pole
        self.signature = signature
        self.start = self.since
        self.end = self.until
        self.standings.append(self.dated(UndertakingStanding.GIVEN))
        self.dues.append(self.dated(due))

    def _stands(self, standing: UndertakingStanding) -> None:
        self.standings.append(self.dated(standing))
        self.last = max(self.last, self.since)

    @event(Reported)
    def _reported(
        self, *, words: str, documents: tuple[UUID, ...], by: str, persons: Persons
    ) -> None:
        self.reporters = those(persons, by)
        self._stands(UndertakingStanding.REPORTED)

    @event(Assessed)
    def _assessed(self, *, assessment: UndertakingFinding, reasons: str, by: str) -> None:
        self._stands(UndertakingStanding(assessment.value))

    @event(Extended)
    def _extended(self, *, due: date, reasons: str) -> None:
        self.dues.append(self.dated(due))

    @event(Released)
    def _released(self, *, motive: str) -> None:
        self.end = min(self.end or self.since, self.since)


def first_late_day(due: date) -> date:
    """The day after the last one."""
    return days_after(due, 1)
