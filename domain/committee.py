"""Committees: who sits for a call, whose list was made public, and by which rules they decide.

The interministerial committee of the law of 31 July 2014 (article 9 II) is renewed or modified at
each new call, its list is made public by an arrêté, and it sets its own rules of procedure (décret
n° 2015-431, article 2): one committee for each call.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NewType
from uuid import UUID

from domain.committee_refusals import (
    AlreadyHolds,
    AlreadyPublic,
    BeforeItsConstitution,
    NobodyVotes,
    NoSuchSeat,
    OneChair,
    OneMandateTwoSeats,
    OnePersonTwoSeats,
    SeatIsVacant,
    SeatTwice,
)
from domain.kernel import Aggregate, Event, event
from domain.procedure import BY_DEFAULT, Procedure
from domain.provenance import AccountId, MandateId
from domain.recording import must_have_happened
from domain.span import Dated, in_force
from domain.values import Frozen, Line, Prose
from domain.words import Name

CommitteeId = NewType("CommitteeId", UUID)


class CommitteeSeat(Frozen):
    """A seat: whom it represents, whether it presides, and whether it has a voice."""

    id: Name
    title: Line
    """The office that sits there: a ministry, the Caisse des dépôts; never a person."""
    chair: bool = False
    votes: bool = True


@dataclass(frozen=True, slots=True)
class SeatHolder:
    """Who holds a seat: an account, and the mandate under which it does."""

    account: AccountId
    mandate: MandateId | None = None


@dataclass(frozen=True, slots=True)
class Publication:
    """Since when the list of members is public, by which arrêté, and where."""

    since: date
    reference: str
    address: str | None


class Committee(Aggregate):
    """The committee of one call: its seats, who holds them, its publication, its rules."""

    class Constituted(Event):
        """It was composed for a call."""

        TOPIC = "committee.constituted.v1"
        STATED_BY = ("committee.constitute",)
        call: UUID
        code: Line
        """The code of its call, by which people call it too."""
        seats: tuple[CommitteeSeat, ...]

    class SeatFilled(Event):
        """Somebody was named to a seat, under a mandate or not."""

        TOPIC = "committee.seat_filled.v1"
        STATED_BY = ("committee.fill_seat",)
        seat: Name
        account: AccountId
        mandate: MandateId | None = None

    class SeatVacated(Event):
        """Who held a seat no longer does."""

        TOPIC = "committee.seat_vacated.v1"
        STATED_BY = ("committee.vacate_seat",)
        seat: Name

    class Changed(Event):
        """Its composition was modified; who holds a seat that stays keeps it."""

        TOPIC = "committee.changed.v1"
        STATED_BY = ("committee.change",)
        seats: tuple[CommitteeSeat, ...]
        reasons: Prose | None = None

    class MadePublic(Event):
        """The list of its members was made public."""

        TOPIC = "committee.made_public.v1"
        STATED_BY = ("committee.make_public",)
        reference: Line
        """The arrêté, as it is called."""
        address: Line | None = None

    class ProcedureAdopted(Event):
        """It adopted rules of procedure."""

        TOPIC = "committee.procedure_adopted.v1"
        STATED_BY = ("committee.adopt_procedure",)
        procedure: Procedure

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.call = UUID(int=0)
        self.code = ""
        self.constituted_on = date.min
        self._seats: list[Dated[tuple[CommitteeSeat, ...]]] = []
        self._holders: dict[str, list[Dated[SeatHolder | None]]] = {}
        self._composed: list[Dated[int]] = []
        """When it was composed, and modified, by the order of recording."""
        self._public: list[Dated[tuple[int, str, str | None]]] = []
        self._procedures: list[Dated[Procedure]] = []

    def relations_on(self, day: date) -> frozenset[str]:
        """The call for which it decides."""
        return frozenset({f"call:{self.call}"})

    # Decisions.

    @classmethod
    def constitute(cls, *, call: UUID, code: str, seats: Sequence[CommitteeSeat]) -> "Committee":
        """Compose the committee of a call."""
        must_have_happened()
        made = cls.new()
        made._constituted(call=call, code=code, seats=_sound(seats))
        return made

    def change(
        self, seats: Sequence[CommitteeSeat], *, day: date, reasons: str | None = None
    ) -> None:
        """Modify its composition: the list given is the whole of it."""
        self._known_on(day)
        self._changed(seats=_sound(seats), reasons=reasons)

    def fill_seat(
        self, seat: str, *, account: AccountId, mandate: MandateId | None, day: date
    ) -> None:
        """Name somebody to a seat, in the place of who held it.

        Refused to who holds another seat, and under a mandate that serves another, on any day from
        this one on.
        """
        self._seat(seat, day)
        for other, holder in self._held_from(day):
            if other == seat:
                continue
            if mandate is not None and holder.mandate == mandate:
                raise OneMandateTwoSeats(seat=other)
            if holder.account == account:
                raise OnePersonTwoSeats(seat=other)
        if self.holder_on(seat, day) == SeatHolder(account, mandate):
            raise AlreadyHolds(day=self._holders[seat][-1].since)
        self._seat_filled(seat=seat, account=account, mandate=mandate)

    def vacate_seat(self, seat: str, *, day: date) -> None:
        """Let a seat be vacant."""
        self._seat(seat, day)
        if self.holder_on(seat, day) is None:
            raise SeatIsVacant(seat=seat)
        self._seat_vacated(seat=seat)

    def make_public(self, *, reference: str, address: str | None, day: date) -> None:
        """Say by which arrêté the list of its members was made public."""
        self._known_on(day)
        if told := self.publication_on(day):
            raise AlreadyPublic(day=told.since, reference=told.reference)
        self._made_public(reference=reference, address=address)

    def adopt_procedure(self, procedure: Procedure, *, day: date) -> None:
        """Adopt rules of procedure."""
        self._known_on(day)
        self._procedure_adopted(procedure=procedure)

    def _known_on(self, day: date) -> None:
        must_have_happened()
        if day < self.constituted_on:
            raise BeforeItsConstitution(since=self.constituted_on, day=day)

    def _seat(self, name: str, day: date) -> CommitteeSeat:
        self._known_on(day)
        seats = {seat.id: seat for seat in self.seats_on(day)}
        if name not in seats:
            raise NoSuchSeat(seat=name, known=", ".join(seats))
        return seats[name]

    def _held_from(self, day: date) -> Iterator[tuple[str, SeatHolder]]:
        """Every seat with each of those who hold it on some day from one on."""
        for seat, holders in self._holders.items():
            days = {day, *(held.since for held in holders if held.since > day)}
            for one in sorted(days):
                holder = self.holder_on(seat, one)
                if holder is not None:
                    yield seat, holder

    # What is remembered.

    @event(Constituted)
    def _constituted(self, *, call: UUID, code: str, seats: tuple[CommitteeSeat, ...]) -> None:
        self.call, self.code = call, code
        self.constituted_on = self.since
        self._changed_to(seats)

    @event(SeatFilled)
    def _seat_filled(self, *, seat: str, account: AccountId, mandate: MandateId | None) -> None:
        self._holders.setdefault(seat, []).append(self.dated(SeatHolder(account, mandate)))

    @event(SeatVacated)
    def _seat_vacated(self, *, seat: str) -> None:
        self._holders.setdefault(seat, []).append(self.dated(None))

    @event(Changed)
    def _changed(self, *, seats: tuple[CommitteeSeat, ...], reasons: str | None) -> None:
        self._changed_to(seats)

    def _changed_to(self, seats: tuple[CommitteeSeat, ...]) -> None:
        self._seats.append(self.dated(seats))
        self._composed.append(self.dated(self.version))

    @event(MadePublic)
    def _made_public(self, *, reference: str, address: str | None) -> None:
        self._public.append(self.dated((self.version, reference, address)))

    @event(ProcedureAdopted)
    def _procedure_adopted(self, *, procedure: Procedure) -> None:
        self._procedures.append(self.dated(procedure))

    # Questions.

    def seats_on(self, day: date) -> tuple[CommitteeSeat, ...]:
        """Its seats on a day; none before it was constituted."""
        return in_force(self._seats, day) or ()

    def holder_on(self, seat: str, day: date) -> SeatHolder | None:
        """Who holds a seat on a day; nobody where it is vacant, or no longer one of its seats."""
        if all(known.id != seat for known in self.seats_on(day)):
            return None
        return in_force(self._holders.get(seat, ()), day)

    def seat_of(self, account: UUID, day: date) -> str | None:
        """The seat that an account holds on a day."""
        for seat in self.seats_on(day):
            holder = self.holder_on(seat.id, day)
            if holder is not None and holder.account == account:
                return seat.id
        return None

    def publication_on(self, day: date) -> Publication | None:
        """The first by which the list of its members, as it is composed on a day, was made public.

        One that was modified since is made public again (product rule, after article 2 of the
        decree: the list that the arrêté makes public is that of its members).
        """
        composed = max(((c.since, c.value) for c in self._composed if c.covers(day)), default=None)
        made = [
            (p.since, *p.value)
            for p in self._public
            if p.covers(day) and composed and (p.since, p.value[0]) > composed
        ]
        if not made:
            return None
        since, _, reference, address = min(made, key=lambda one: one[:2])
        return Publication(since, reference, address)

    def is_public_on(self, day: date) -> bool:
        """Whether the list of its members, as it is composed on a day, is public."""
        return self.publication_on(day) is not None

    def procedure_on(self, day: date) -> Procedure:
        """Its rules of procedure on a day; those that hold by default, until it adopts its own."""
        return in_force(self._procedures, day) or BY_DEFAULT


def _sound(seats: Sequence[CommitteeSeat]) -> tuple[CommitteeSeat, ...]:
    names = [seat.id for seat in seats]
    for name in names:
        if names.count(name) > 1:
            raise SeatTwice(seat=name)
    chairs = sum(seat.chair for seat in seats)
    if chairs != 1:
        raise OneChair(number=chairs)
    if not any(seat.votes for seat in seats):
        raise NobodyVotes
    return tuple(seats)
