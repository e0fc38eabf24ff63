"""Calls of the State: what is asked, until when, with how much money, and decided by whom.

A decree call has one committee, renewed and made public before it opens, and one wave; a permanent
call comes back to `open` wave after wave.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NewType
from uuid import NAMESPACE_URL, UUID, uuid5

from typing_extensions import override

from domain import case
from domain.call_money import Endowed
from domain.call_refusals import AlreadyAnnounced, AlreadyAttached
from domain.call_specification import Specifying
from domain.call_terms import (
    AdviserCollege,
    AdviserFacts,
    Announcement,
    CallCode,
    CallFacts,
    CallKind,
    CommitteeFacts,
    Route,
    SpecificationFacts,
    WaveFacts,
    WaveId,
)
from domain.call_waves import InWaves
from domain.case import Read
from domain.committee import Committee
from domain.dates import PartialDate
from domain.finality import Finality
from domain.kernel import Event, event
from domain.minute import Minute
from domain.recording import must_have_happened, recording
from domain.values import Line
from domain.words import Stored

CallId = NewType("CallId", UUID)

_CALLS = uuid5(NAMESPACE_URL, "jalon:call")


# --- the aggregate -----------------------------------------------------------------------------


def call_id(code: str) -> CallId:
    """The identity of the call of a code."""
    return CallId(uuid5(_CALLS, code))


class Call(InWaves, Endowed, Specifying, concept="call"):
    """A call for applications, from its plan to its archive."""

    class Planned(case.Entered):
        """A call was planned."""

        TOPIC = "call.planned.v1"
        STATED_BY = ("call.plan",)
        code: CallCode
        title: Line
        call_kind: CallKind
        authority: Line

    class Moved(case.Moved):
        """A step of its journey was taken."""

        TOPIC = "call.moved.v1"
        STATED_BY = ("call.record_past_step",)

    class CommitteeAttached(Event):
        """A committee was constituted for it."""

        TOPIC = "call.committee_attached.v1"
        UNDONE_BY = Finality.CONSEQUENCE
        committee: UUID

    class DossierAttached(Event):
        """An application was begun."""

        TOPIC = "call.dossier_attached.v1"
        UNDONE_BY = Finality.CONSEQUENCE
        dossier: UUID

    class ClaimAttached(Event):
        """Somebody gave a figure of it, or said something of it."""

        TOPIC = "call.claim_attached.v1"
        UNDONE_BY = ("claim.retract",)
        claim: UUID

    class SessionAttached(Event):
        """A session of its committee was convened."""

        TOPIC = "call.session_attached.v1"
        UNDONE_BY = Finality.CONSEQUENCE
        session: UUID

    class ResultsAnnounced(Event):
        """The results of a wave were announced."""

        TOPIC = "call.results_announced.v1"
        UNDONE_BY = Finality.DECISION
        wave: WaveId
        announcement: Line | None = None
        """Where, or by what, they were announced."""
        sessions: tuple[UUID, ...] = ()

    ENTERS = Planned

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.code = ""
        self.title = ""
        self.call_kind = CallKind.DECREE
        self.authority = ""
        self.planned_on = date.min
        self.committee: UUID | None = None
        self.dossiers: list[UUID] = []
        self.sessions: list[UUID] = []
        self.claims: list[UUID] = []
        self._announced: dict[str, Announcement] = {}

    # Decisions.

    @classmethod
    def plan(
        cls,
        *,
        code: str,
        title: str,
        call_kind: CallKind,
        authority: str,
        journey: str,
        stage: str,
        occurred_on: PartialDate,
        variables: Mapping[str, Stored] | None = None,
    ) -> "Call":
        """Plan a call. Its code gives its identity: two of one code would be one stream."""
        made = cls(call_id(code))
        made._planned(
            code=code,
            title=title,
            call_kind=call_kind,
            authority=authority,
            journey=journey,
            stage=stage,
            occurred_on=occurred_on,
            variables=dict(variables or {}),
        )
        return made

    def attach_committee(self, committee: UUID) -> None:
        """Remember the committee that was constituted for it: it has one."""
        if self.committee is not None:
            raise AlreadyAttached
        self._committee_attached(committee=committee)

    def attach_dossier(self, dossier: UUID) -> None:
        """Remember an application to it."""
        self._dossier_attached(dossier=dossier)

    def attach_session(self, session: UUID) -> None:
        """Remember a session of its committee."""
        self._session_attached(session=session)

    def attach_claim(self, claim: UUID) -> None:
        """Remember what somebody said of it, with a source."""
        self._claim_attached(claim=claim)

    def announce(
        self, wave: str, *, sessions: Sequence[UUID] = (), announcement: str | None = None
    ) -> None:
        """Announce the results of a wave, once; what they are is said by the applications."""
        told = self._announced.get(self.wave(wave).id)
        must_have_happened()
        if told is not None:
            raise AlreadyAnnounced(wave=wave, day=told.since)
        self._results_announced(
            wave=wave,
            announcement=announcement,
            sessions=tuple(sessions),
            occurred_on=recording().occurred_on,
        )

    # What is remembered.

    @event(Planned)
    def _planned(
        self,
        *,
        code: str,
        title: str,
        call_kind: CallKind,
        authority: str,
        journey: str,
        stage: str,
        variables: Mapping[str, Stored],
        occurred_on: PartialDate,
    ) -> None:
        self.code, self.title = code, title
        self.call_kind, self.authority = call_kind, authority
        self.planned_on = self.since
        self.begin(journey=journey, state=stage, occurred_on=occurred_on, variables=variables)

    @event(CommitteeAttached)
    def _committee_attached(self, *, committee: UUID) -> None:
        self.committee = committee

    @event(DossierAttached)
    def _dossier_attached(self, *, dossier: UUID) -> None:
        self.dossiers.append(dossier)

    @event(ClaimAttached)
    def _claim_attached(self, *, claim: UUID) -> None:
        self.claims.append(claim)

    @event(SessionAttached)
    def _session_attached(self, *, session: UUID) -> None:
        self.sessions.append(session)

    @event(ResultsAnnounced)
    def _results_announced(
        self,
        *,
        wave: str,
        announcement: str | None,
        sessions: tuple[UUID, ...],
        occurred_on: PartialDate,
    ) -> None:
        # Of a date of which only the year is known, what came before the call is left out.
        since = max(self.since, self.planned_on)
        self._announced[wave] = Announcement(since, occurred_on, announcement, sessions)

    # Questions.

    def is_late(self, wave: str, arrivals: Mapping[Route, Minute | date]) -> bool | None:
        """Whether an application came late: by the date that counts for each route that is asked.

        One that counts late by one route is late. The closing minute counts whole; a day without
        an hour is on time on the closing day (product rules).

        Returns:
            `None` where a route that is asked has no date, or the closing is not known. Nothing
            comes late to a wave of a permanent call that has none.
        """
        closing = self.wave(wave).closing
        if closing is None:
            return False if self.call_kind is CallKind.PERMANENT else None
        asked = self.routes_on(closing.day) or tuple(arrivals)
        if any(_is_after(arrivals[route], closing) for route in asked if route in arrivals):
            return True
        return False if asked and all(route in arrivals for route in asked) else None

    def announced_on(self, wave: str, day: date) -> date | None:
        """Since when the results of a wave are announced, as of a day."""
        told = self.announcement_on(wave, day)
        return told.since if told else None

    def announcement_on(self, wave: str, day: date) -> Announcement | None:
        """The announcement of a wave, as of a day."""
        told = self._announced.get(wave)
        return told if told and told.since <= day else None

    @override
    def relations_on(self, day: date) -> frozenset[str]:
        """Itself: a mandate may be for one call."""
        return frozenset({f"call:{self.id}"})

    @override
    def facts_on(self, day: date, read: Read) -> CallFacts:
        """What the clauses may ask, as it was on a day; what was never recorded is unknown."""
        committee: Committee | None = read(Committee, self.committee) if self.committee else None
        seats = [seat.college for seat in self.advisers_on(day)]
        return CallFacts(
            specification=SpecificationFacts(set=True if self.specification_on(day) else None),
            wave=self._wave_facts(day),
            committee=CommitteeFacts(
                constituted=bool(committee.seats_on(day)) if committee else None,
                public=committee.is_public_on(day) if committee else None,
            ),
            advisers=AdviserFacts(
                qualified=seats.count(AdviserCollege.QUALIFIED),
                local_authorities=seats.count(AdviserCollege.LOCAL_AUTHORITIES),
            ),
            envelope_cents=self.envelope_on(day),
        )

    def _wave_facts(self, day: date) -> WaveFacts:
        current, following = self.wave_on(day), self.next_wave()
        return WaveFacts(
            current=current.id if current else None,
            closes=current.closing.over if current and current.closing else None,
            next=following.id if following else None,
            next_opens=following.begins if following else None,
            next_closes=following.closing.over if following and following.closing else None,
            announced=self.announced_on(current.id, day) is not None if current else None,
            left=sum(self.announced_on(wave, day) is None for wave in self.opened),
        )


def _is_after(arrival: Minute | date, closing: Minute) -> bool:
    if isinstance(arrival, Minute):
        return closing < arrival
    return arrival > closing.day
