"""Calls of the State: what is asked, until when, with how much money, and decided by whom.

A decree call has one committee, renewed and made public before it opens, and one wave; a permanent
call comes back to `open` wave after wave.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import NewType
from uuid import NAMESPACE_URL, UUID, uuid5

from typing_extensions import override

from domain import case
from domain.call_refusals import (
    AdvisersFull,
    AlreadyAnnounced,
    AlreadyAttached,
    BoundsReversed,
    ClosedAlready,
    ClosesBeforeItOpens,
    DecidedTooEarly,
    DecidedTooLate,
    EnvelopeBelowAwards,
    EnvelopeHeld,
    MinuteAndDate,
    NoSuchWave,
    NotALaterClosing,
    NothingSpecified,
    TwiceTheSame,
    WaveHasNoClosing,
    WaveHasOpened,
)
from domain.call_terms import (
    COLLEGE,
    COLLEGES,
    AdviserFacts,
    Announcement,
    CommitteeFacts,
    SpecificationFacts,
    WaveFacts,
)
from domain.call_terms import AdviserCollege as AdviserCollege
from domain.call_terms import AdviserSeat as AdviserSeat
from domain.call_terms import CallCode as CallCode
from domain.call_terms import CallCriterion as CallCriterion
from domain.call_terms import CallFacts as CallFacts
from domain.call_terms import CallKind as CallKind
from domain.call_terms import Part as Part
from domain.call_terms import Phase as Phase
from domain.call_terms import Route as Route
from domain.call_terms import Specification as Specification
from domain.call_terms import Wave as Wave
from domain.call_terms import WaveId as WaveId
from domain.case import Case, Read
from domain.committee import Committee
from domain.dates import UNKNOWN, PartialDate, paris_day
from domain.kernel import (
    Event,
    Line,
    Prose,
    event,
    must_have_happened,
    recording,
)
from domain.minute import Minute
from domain.money import Cents, euros
from domain.rules import instant
from domain.span import Dated, in_force
from domain.words import Stored, Text

CallId = NewType("CallId", UUID)

_CALLS = uuid5(NAMESPACE_URL, "jalon:call")

LAST = datetime.max.replace(tzinfo=UTC)

# --- the aggregate -----------------------------------------------------------------------------


def call_id(code: str) -> CallId:
    """The identity of the call of a code."""
    return CallId(uuid5(_CALLS, code))


class Call(Case, concept="call"):
    """A call for applications, from its plan to its archive."""

    class Planned(case.Entered):
        """A call was planned."""

        TOPIC = "call.planned.v1"
        code: CallCode
        title: Line
        call_kind: CallKind
        authority: Line

    class Specified(Event):
        """What it asks for was set: the cahier des charges, or the notice."""

        TOPIC = "call.specified.v1"
        specification: Specification

    class EnvelopeSet(Event):
        """How much money it has, in cents."""

        TOPIC = "call.envelope_set.v1"
        amount_cents: Cents
        note: Line | None = None

    class BoundsSet(Event):
        """The least and the most that one application is given, in cents."""

        TOPIC = "call.bounds_set.v1"
        min_cents: Cents | None = None
        max_cents: Cents | None = None

    class WaveSet(Event):
        """When a wave opens and closes; `…_on` where the minute is not known."""

        TOPIC = "call.wave_set.v1"
        wave: WaveId
        phase: Phase | None = None
        title: Line
        opens_at: Minute | None = None
        closes_at: Minute | None = None
        opens_on: PartialDate = UNKNOWN
        closes_on: PartialDate = UNKNOWN

    class ClosingPostponed(Event):
        """A closing was put off, by a decision taken before it fell."""

        TOPIC = "call.closing_postponed.v1"
        wave: WaveId
        closes_at: Minute
        decided_on: date
        reasons: Prose

    class CommitteeAttached(Event):
        """A committee was constituted for it."""

        TOPIC = "call.committee_attached.v1"
        committee: UUID

    class DossierAttached(Event):
        """An application was begun."""

        TOPIC = "call.dossier_attached.v1"
        dossier: UUID

    class ClaimAttached(Event):
        """Somebody gave a figure of it, or said something of it."""

        TOPIC = "call.claim_attached.v1"
        claim: UUID

    class SessionAttached(Event):
        """A session of its committee was convened."""

        TOPIC = "call.session_attached.v1"
        session: UUID

    class ResultsAnnounced(Event):
        """The results of a wave were announced."""

        TOPIC = "call.results_announced.v1"
        wave: WaveId
        announcement: Line | None = None
        """Where, or by what, they were announced."""
        sessions: tuple[UUID, ...] = ()

    class AdvisersNamed(Event):
        """Those whose opinions are asked were named; the list is the whole of them."""

        TOPIC = "call.advisers_named.v1"
        seats: tuple[AdviserSeat, ...]

    ENTERS = Planned

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.code = ""
        self.title = ""
        self.call_kind = CallKind.DECREE
        self.authority = ""
        self.planned_on = date.min
        self.waves: dict[str, Wave] = {}
        """Each as it is known, the latest closing included; in the order of recording."""
        self.committee: UUID | None = None
        self.dossiers: list[UUID] = []
        self.sessions: list[UUID] = []
        self.claims: list[UUID] = []
        self._waves: dict[str, list[Dated[Wave]]] = {}
        self._specified: list[Dated[Specification]] = []
        self._envelopes: list[Dated[tuple[int, str | None]]] = []
        self._bounds: list[Dated[tuple[int | None, int | None]]] = []
        self._advisers: list[Dated[tuple[AdviserSeat, ...]]] = []
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

    def specify(self, specification: Specification) -> None:
        """Set what it asks for, or set it anew."""
        if specification.document is None and specification.address is None:
            raise NothingSpecified
        for named in (specification.parts, specification.criteria):
            _apart(one.id for one in named)
        _apart(specification.routes)
        self._specified_as(specification=specification)

    def set_envelope(
        self, amount: int, *, note: str | None, awarded: int, is_deliberating: bool = False
    ) -> None:
        """Say how much money it has.

        Args:
            awarded: what was announced as granted from it, in cents: it covers that.
            is_deliberating: whether its committee may have decided what is not announced. It goes
                no lower then, by however little: how low it could go would tell the secret sum.
        """
        if amount < awarded:
            raise EnvelopeBelowAwards(asked=euros(amount), awarded=euros(awarded))
        told = self._envelopes_from(recording().since)
        if is_deliberating and any(known is not None and amount < known for known in told):
            raise EnvelopeHeld
        self._envelope_set(amount_cents=amount, note=note)

    def set_bounds(self, least: int | None, most: int | None) -> None:
        """Say the least and the most that an application is given; neither, where there is none."""
        if least is not None and most is not None and least > most:
            raise BoundsReversed(least=euros(least), most=euros(most))
        self._bounds_set(min_cents=least, max_cents=most)

    def set_wave(
        self,
        wave: str,
        *,
        title: str,
        phase: Phase | None = None,
        opens_at: Minute | None = None,
        closes_at: Minute | None = None,
        opens_on: PartialDate = UNKNOWN,
        closes_on: PartialDate = UNKNOWN,
    ) -> None:
        """Say when a wave opens and closes, as long as it has not opened."""
        if wave in self.opened:
            raise WaveHasOpened(wave=wave)
        for name, minute, day in (("opens", opens_at, opens_on), ("closes", closes_at, closes_on)):
            if minute and day.is_known:
                raise MinuteAndDate(name=name)
        made = Wave(wave, title, phase, opens_at, closes_at, opens_on, closes_on)
        if made.begins and made.closing and made.closing.over <= made.begins:
            raise ClosesBeforeItOpens(closes=made.closing, opens=Minute.of(made.begins))
        self._wave_set(
            wave=wave,
            phase=phase,
            title=title,
            opens_at=opens_at,
            closes_at=closes_at,
            opens_on=opens_on,
            closes_on=closes_on,
        )

    def postpone(self, wave: str, closes_at: Minute, *, decided_on: date, reasons: str) -> None:
        """Put off the closing of a wave, by a decision taken before it fell."""
        closing = self.wave(wave).closing
        must_have_happened(decided_on)
        if closing is None:
            raise WaveHasNoClosing(wave=wave)
        if decided_on < self.planned_on:
            raise DecidedTooEarly(day=decided_on, since=self.planned_on)
        if recording().now >= closing.over:
            raise ClosedAlready(wave=wave, closing=closing)
        if decided_on > closing.day:
            raise DecidedTooLate(day=decided_on, closing=closing)
        if closes_at <= closing:
            raise NotALaterClosing(closing=closing)
        self._closing_postponed(
            wave=wave, closes_at=closes_at, decided_on=decided_on, reasons=reasons
        )

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

    def name_advisers(self, seats: Sequence[AdviserSeat]) -> None:
        """Name those whose opinions are asked: the list given is the whole of them."""
        _apart(seat.id for seat in seats)
        _apart(str(seat.account) for seat in seats if seat.account)
        for college in AdviserCollege:
            number = sum(seat.college is college for seat in seats)
            if self.call_kind is CallKind.DECREE and number > COLLEGE:
                said = Text(fr=COLLEGES[college], en=college.replace("_", " "))
                raise AdvisersFull(number=number, college=said)
        self._advisers_named(seats=tuple(seats))

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

    @event(Specified)
    def _specified_as(self, *, specification: Specification) -> None:
        self._specified.append(self.dated(specification))

    @event(EnvelopeSet)
    def _envelope_set(self, *, amount_cents: int, note: str | None) -> None:
        self._envelopes.append(self.dated((amount_cents, note)))

    @event(BoundsSet)
    def _bounds_set(self, *, min_cents: int | None, max_cents: int | None) -> None:
        self._bounds.append(self.dated((min_cents, max_cents)))

    @event(WaveSet)
    def _wave_set(
        self,
        *,
        wave: str,
        phase: Phase | None,
        title: str,
        opens_at: Minute | None,
        closes_at: Minute | None,
        opens_on: PartialDate,
        closes_on: PartialDate,
    ) -> None:
        self._told_of(Wave(wave, title, phase, opens_at, closes_at, opens_on, closes_on))

    @event(ClosingPostponed)
    def _closing_postponed(
        self, *, wave: str, closes_at: Minute, decided_on: date, reasons: str
    ) -> None:
        put_off = replace(self.waves[wave], closes_at=closes_at, closes_on=UNKNOWN)
        self._told_of(put_off)

    def _told_of(self, wave: Wave) -> None:
        self.waves[wave.id] = wave
        self._waves.setdefault(wave.id, []).append(self.dated(wave))

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

    @event(AdvisersNamed)
    def _advisers_named(self, *, seats: tuple[AdviserSeat, ...]) -> None:
        self._advisers.append(self.dated(seats))

    # Questions.

    def wave(self, name: str) -> Wave:
        """A wave of this call, as it is known; another name is refused."""
        if name not in self.waves:
            known = ", ".join(self.waves) or "aucune"
            raise NoSuchWave(call=self.code, wave=name[:60], known=known)
        return self.waves[name]

    @property
    def opened(self) -> frozenset[str]:
        """The waves that it was opened for, on whatever day."""
        stays = self.main.states if self.tracks else ()  # none before it is planned
        named = (stay.variables.get("wave") for stay in stays)
        return frozenset(str(name) for name in named if name)

    def wave_on(self, day: date) -> Wave | None:
        """The wave for which it was last opened, as of a day; none before it opened."""
        stay = self.main.stay_on(day) if self.tracks else None
        name = stay.variables.get("wave") if stay else None
        return self.waves.get(str(name)) if name else None

    def waves_on(self, day: date) -> list[Wave]:
        """Its waves as they stood on a day, in the order of recording."""
        stood = (in_force(told, day) for told in self._waves.values())
        return [wave for wave in stood if wave]

    def next_wave(self) -> Wave | None:
        """The first to open of the waves for which it was not opened yet."""
        waiting = [wave for wave in self.waves.values() if wave.id not in self.opened]
        return min(waiting, key=lambda wave: wave.begins or LAST, default=None)

    def closes_at(self, wave: str, day: date | None = None) -> Minute | None:
        """The last minute of a wave, as it is known, or as it stood on a day."""
        known = self.wave(wave)
        stood = in_force(self._waves[wave], day) if day else known
        return stood.closing if stood else None

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

    def specification_on(self, day: date) -> Specification | None:
        """What it asks for, on a day."""
        return in_force(self._specified, day)

    def routes_on(self, day: date) -> tuple[Route, ...]:
        """The ways by which applications must come, all of them."""
        set_ = self.specification_on(day)
        return set_.routes if set_ else ()

    def parts_on(self, day: date) -> tuple[Part, ...]:
        """The pieces that an application is made of."""
        set_ = self.specification_on(day)
        return set_.parts if set_ else ()

    def criteria_on(self, day: date) -> tuple[CallCriterion, ...]:
        """What applications are looked at for."""
        set_ = self.specification_on(day)
        return set_.criteria if set_ else ()

    def envelope_on(self, day: date) -> int | None:
        """How much money it has, in cents; `None` where that is not known."""
        told = in_force(self._envelopes, day)
        return told[0] if told else None

    def least_envelope_from(self, day: date) -> int | None:
        """The least money it is known to have on a day or a later one; `None` where it is not
        known how much it has on that day."""
        told = self._envelopes_from(day)
        return None if told[0] is None else min(known for known in told if known is not None)

    def _envelopes_from(self, day: date) -> list[int | None]:
        """How much it has on a day, then on each later day on which that may change."""
        changes = {on for told in self._envelopes for on in (told.since, told.until) if on}
        return [self.envelope_on(one) for one in (day, *sorted(on for on in changes if on > day))]

    def envelope_note_on(self, day: date) -> str | None:
        """What is said of the envelope."""
        told = in_force(self._envelopes, day)
        return told[1] if told else None

    def bounds_on(self, day: date) -> tuple[int | None, int | None]:
        """The least and the most that an application is given, in cents."""
        return in_force(self._bounds, day) or (None, None)

    def advisers_on(self, day: date) -> tuple[AdviserSeat, ...]:
        """Those whose opinions are asked."""
        return in_force(self._advisers, day) or ()

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
    def falls_by(self, day: date) -> Iterator[date]:
        """The days on which a wave of it closes."""
        for wave in self.waves.values():
            closing = wave.closing
            if closing and (falls := paris_day(closing.over)) <= day:
                yield falls

    @override
    def instant_on(self, day: date) -> datetime:
        """The last instant of a past day at which something opens or closes; else its first."""
        told = [
            falls
            for wave in self.waves.values()
            for falls in (wave.begins, wave.closing and wave.closing.over)
            if falls and paris_day(falls) == day
        ]
        return max([instant(day), *told])

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


def _apart(names: Iterable[str]) -> None:
    """Refuse a list in which two things have one name."""
    told: set[str] = set()
    for name in names:
        if name in told:
            raise TwiceTheSame(name=name)
        told.add(name)
