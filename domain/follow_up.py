"""The follow-up committee of a pole: who funds it meets at least twice a year, and follows what the
evaluation by a third party recommends (décret n° 2015-431 du 15 avril 2015, art. 5).

The year is the civil year, one that began before the committee did included (product rule): each
year at whose end it stands asks for two meetings.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import NewType
from uuid import UUID

from typing_extensions import override

from domain import case
from domain.case import Read
from domain.commitment import Commitment
from domain.dates import PartialDate
from domain.deadline import DueDeadline
from domain.follow_up_facts import (
    FollowedEvaluationFacts,
    FollowUpFacts,
    FunderSeat,
    Meeting,
    MeetingFacts,
    PromisedFacts,
    RecommendationFacts,
    RecommendationStanding,
    SeatedFunder,
    SeatFacts,
)
from domain.follow_up_refusals import (
    DoesNotSit,
    MeetingDayWanted,
    MetThatDay,
    NoMeetingThatDay,
    SitsAlready,
)
from domain.followed import STANDING, Followed, must_be_last
from domain.journey import Journey
from domain.kernel import Event, event
from domain.organisation import Organisation
from domain.pole import Pole
from domain.recording import must_have_happened, new_identity
from domain.rules import Value
from domain.span import Dated, in_force
from domain.spelling import same
from domain.values import Line, Prose
from domain.words import Stored

FollowUpId = NewType("FollowUpId", UUID)

MEETINGS_A_YEAR = 2
"""Décret n° 2015-431, art. 5."""

YEAR = "meetings.counted_from"
PERIOD = "evaluation.period_ended"


class FollowUp(Followed, concept="follow_up"):
    """The committee of those who fund a pole, from its constitution to its dissolution."""

    class Constituted(case.Entered):
        """It was constituted; one for each pole, which may be local (décret, art. 5)."""

        TOPIC = "follow_up.constituted.v1"
        STATED_BY = ("follow_up.constitute",)
        pole: UUID
        code: Line
        local: bool

    class MemberJoined(Event):
        """A funder sits on it, through an office: no person is named."""

        TOPIC = "follow_up.member_joined.v1"
        STATED_BY = ("follow_up.add_member",)
        pole: UUID
        organisation: Organisation
        seat: FunderSeat
        office: Line

    class MemberLeft(Event):
        """A funder no longer sits on it."""

        TOPIC = "follow_up.member_left.v1"
        STATED_BY = ("follow_up.remove_member",)
        organisation: Organisation
        motive: Prose

    class Met(Event):
        """It met, on the day of the event."""

        TOPIC = "follow_up.met.v1"
        STATED_BY = ("follow_up.record_meeting",)
        GIVES = "meeting"
        pole: UUID
        meeting: UUID
        present: tuple[Line, ...]
        minutes: UUID | None = None
        conclusions: Prose | None = None

    class MinutesFiled(Event):
        """The minutes of a meeting are on file."""

        TOPIC = "follow_up.minutes_filed.v1"
        STATED_BY = ("follow_up.file_minutes",)
        meeting: UUID
        minutes: UUID

    class MeetingWithdrawn(Event):
        """It did not meet: that was entered by mistake."""

        TOPIC = "follow_up.meeting_withdrawn.v1"
        UNDONE_BY = ("follow_up.record_meeting",)
        meeting: UUID
        motive: Prose

    ENTERS = Constituted

    PASSING = frozenset({"meetings.this_year", "meetings.missed_years", YEAR})

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.pole = UUID(int=0)
        self.code = ""
        self.local = False
        self.meetings: dict[UUID, Meeting] = {}
        self._members: dict[str, list[Dated[SeatedFunder | None]]] = {}

    # Decisions.

    @classmethod
    def constitute(
        cls,
        *,
        pole: UUID,
        code: str,
        local: bool,
        journey: str,
        stage: str,
        occurred_on: PartialDate,
        variables: Mapping[str, Stored] | None = None,
    ) -> "FollowUp":
        """Constitute the committee of a pole."""
        made = cls.new()
        made._constituted(
            pole=pole,
            code=code,
            local=local,
            journey=journey,
            stage=stage,
            occurred_on=occurred_on,
            variables=dict(variables or {}),
        )
        return made

    def seat(self, organisation: Organisation, *, seat: FunderSeat, office: str, day: date) -> None:
        """Let a funder sit on it."""
        self.must_stand(day)
        if any(known.organisation.is_same(organisation) for known in self.members_on(day)):
            raise SitsAlready(name=organisation.name, day=day)
        must_be_last(self._members.get(_key(organisation), []), day)
        self._member_joined(pole=self.pole, organisation=organisation, seat=seat, office=office)

    def let_leave(self, name: str, *, motive: str, day: date) -> None:
        """Let a funder, by its name or its SIRET, sit on it no longer."""
        members = self.members_on(day)
        siret = "".join(name.split())
        for known in members:
            if same(known.organisation.name) == same(name) or known.organisation.siret == siret:
                must_be_last(self._members[_key(known.organisation)], day)
                self._member_left(organisation=known.organisation, motive=motive)
                return
        told = ", ".join(known.organisation.name for known in members) or "personne"
        raise DoesNotSit(name=name[:80], day=day, known=told)

    def meet(
        self,
        *,
        present: tuple[str, ...],
        minutes: UUID | None,
        conclusions: str | None,
        occurred_on: PartialDate,
    ) -> UUID:
        """Record a meeting that took place on a day, while it stood."""
        must_have_happened()
        if occurred_on.precision != "day" or occurred_on.first_day is None:
            raise MeetingDayWanted
        day = occurred_on.first_day
        self.must_stand(day)
        if self._meeting_of(day):
            raise MetThatDay(day=day)
        id_ = new_identity()
        self._met(
            pole=self.pole,
            meeting=id_,
            present=present,
            minutes=minutes,
            conclusions=conclusions,
            occurred_on=occurred_on,
        )
        return id_

    def file_minutes(self, held_on: date, minutes: UUID) -> None:
        """Say which document is the minutes of a meeting; the last one counts."""
        self._minutes_filed(meeting=self._held(held_on).id, minutes=minutes)

    def withdraw_meeting(self, held_on: date, *, motive: str) -> None:
        """Take back a meeting that did not take place."""
        self._meeting_withdrawn(meeting=self._held(held_on).id, motive=motive)

    def _held(self, day: date) -> Meeting:
        found = self._meeting_of(day)
        if found is None:
            raise NoMeetingThatDay(day=day)
        return found

    def _meeting_of(self, day: date) -> Meeting | None:
        return next((met for met in self.meetings.values() if met.day == day), None)

    # What is known on a day.

    def members_on(self, day: date) -> list[SeatedFunder]:
        """The funders that sit on it."""
        found = (in_force(told, day) for told in self._members.values())
        return [member for member in found if member]

    def meetings_by(self, day: date) -> list[Meeting]:
        """The meetings that took place by a day, oldest first."""
        return sorted((m for m in self.meetings.values() if m.day <= day), key=lambda m: m.day)

    def meetings_in(self, year: int, day: date) -> int:
        """How often it met in a civil year, by a day."""
        return sum(met.day.year == year for met in self.meetings_by(day))

    def wanting_years(self, day: date) -> list[int]:
        """The civil years of its present stay, up to that of the day, that want a meeting still."""
        stay = self.main.stay_on(day) if self.tracks else None
        if stay is None or stay.value != STANDING:
            return []
        years = range(stay.since.year, day.year + 1)
        return [year for year in years if self.meetings_in(year, day) < MEETINGS_A_YEAR]

    def missed_years(self, day: date) -> list[int]:
        """The finished years that it should have met twice in, and did not: it is overdue."""
        return [year for year in self.wanting_years(day) if year < day.year]

    @override
    def relations_on(self, day: date) -> frozenset[str]:
        """The pole that it follows, and the funders that sit on it."""
        seated = (member.organisation.relations for member in self.members_on(day))
        return frozenset({f"pole:{self.pole}"}).union(*seated)

    @override
    def facts_on(self, day: date, read: Read) -> FollowUpFacts:
        """What the clauses may ask, as it was on a day."""
        evaluations = self.evaluations_on(day)
        received = sum(one.received_on is not None for one in evaluations)
        wanting, periods = self.wanting_years(day), self.awaited_periods(day)
        return FollowUpFacts(
            meetings=MeetingFacts(
                this_year=self.meetings_in(day.year, day),
                missed_years=len(self.missed_years(day)),
                counted_from=_last_of(wanting[0] - 1) if wanting else None,
            ),
            members=SeatFacts(count=len(self.members_on(day))),
            evaluation=FollowedEvaluationFacts(
                planned=len(evaluations) - received,
                received=received,
                period_ended=periods[0] if periods else None,
            ),
            recommendations=RecommendationFacts(
                open=sum(
                    one.standing is RecommendationStanding.OPEN
                    for one in self.recommendations_on(day)
                )
            ),
            commitments=PromisedFacts(open=self._open_commitments(day, read)),
        )

    def _open_commitments(self, day: date, read: Read) -> int:
        if not self.pole.int:  # before it is constituted
            return 0
        pole: Pole = read(Pole, self.pole)
        attached = (id_ for id_, concept in pole.attached.items() if concept == "commitment")
        return sum(read(Commitment, id_).is_open_on(day) for id_ in attached)

    @override
    def deadlines_on(
        self, day: date, journey: Journey, facts: Mapping[str, Value]
    ) -> list[DueDeadline]:
        """Those of its state: one for each year that wants meetings, and each period awaited."""
        found = super().deadlines_on(day, journey, facts)
        many = {
            YEAR: [_last_of(year - 1) for year in self.wanting_years(day)],
            PERIOD: self.awaited_periods(day),
        }
        due = [deadline for deadline in found if deadline.counted_from not in many]
        for name, days in many.items():
            for since in days:
                asked = super().deadlines_on(day, journey, {**facts, name: since})
                due += [deadline for deadline in asked if deadline.counted_from == name]
        return due

    # What is remembered.

    @event(Constituted)
    def _constituted(
        self,
        *,
        pole: UUID,
        code: str,
        local: bool,
        journey: str,
        stage: str,
        occurred_on: PartialDate,
        variables: Mapping[str, Stored],
    ) -> None:
        self.pole = pole
        self.code = code
        self.local = local
        self.begin(journey=journey, state=stage, occurred_on=occurred_on, variables=variables)

    @event(MemberJoined)
    def _member_joined(
        self, *, pole: UUID, organisation: Organisation, seat: FunderSeat, office: str
    ) -> None:
        sitting = SeatedFunder(organisation, seat, office)
        self._members.setdefault(_key(organisation), []).append(self.dated(sitting))

    @event(MemberLeft)
    def _member_left(self, *, organisation: Organisation, motive: str) -> None:
        self._members.setdefault(_key(organisation), []).append(Dated(self.since, None, None))

    @event(Met)
    def _met(
        self,
        *,
        pole: UUID,
        meeting: UUID,
        present: tuple[str, ...],
        minutes: UUID | None,
        conclusions: str | None,
        occurred_on: PartialDate,
    ) -> None:
        self.meetings[meeting] = Meeting(meeting, self.since, present, minutes, conclusions)

    @event(MinutesFiled)
    def _minutes_filed(self, *, meeting: UUID, minutes: UUID) -> None:
        self.meetings[meeting] = replace(self.meetings[meeting], minutes=minutes)

    @event(MeetingWithdrawn)
    def _meeting_withdrawn(self, *, meeting: UUID, motive: str) -> None:
        del self.meetings[meeting]


def _last_of(year: int) -> date:
    """The last day of a civil year."""
    return date(year, 12, 31)


def _key(organisation: Organisation) -> str:
    return organisation.model_dump_json()
