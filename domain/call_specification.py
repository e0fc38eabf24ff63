"""What a call asks for, and those whose opinions it asks."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from domain.call_refusals import AdvisersFull, NothingSpecified, TwiceTheSame
from domain.call_terms import (
    COLLEGE,
    COLLEGES,
    AdviserCollege,
    AdviserSeat,
    CallCriterion,
    CallKind,
    Part,
    Route,
    Specification,
)
from domain.case import Case
from domain.kernel import Event, event
from domain.span import Dated, in_force
from domain.words import Text


class Specifying(Case):
    """A call as its specification and its advisers."""

    call_kind: CallKind

    class Specified(Event):
        """What it asks for was set: the cahier des charges, or the notice."""

        TOPIC = "call.specified.v1"
        UNDONE_BY = ("call.specify",)
        specification: Specification

    class AdvisersNamed(Event):
        """Those whose opinions are asked were named; the list is the whole of them."""

        TOPIC = "call.advisers_named.v1"
        UNDONE_BY = ("call.name_advisers",)
        seats: tuple[AdviserSeat, ...]

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self._specified: list[Dated[Specification]] = []
        self._advisers: list[Dated[tuple[AdviserSeat, ...]]] = []

    # Decisions.

    def specify(self, specification: Specification) -> None:
        """Set what it asks for, or set it anew."""
        if specification.document is None and specification.address is None:
            raise NothingSpecified
        for named in (specification.parts, specification.criteria):
            _apart(one.id for one in named)
        _apart(specification.routes)
        self._specified_as(specification=specification)

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

    # Questions.

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

    def advisers_on(self, day: date) -> tuple[AdviserSeat, ...]:
        """Those whose opinions are asked."""
        return in_force(self._advisers, day) or ()

    # What is remembered.

    @event(Specified)
    def _specified_as(self, *, specification: Specification) -> None:
        self._specified.append(self.dated(specification))

    @event(AdvisersNamed)
    def _advisers_named(self, *, seats: tuple[AdviserSeat, ...]) -> None:
        self._advisers.append(self.dated(seats))


def _apart(names: Iterable[str]) -> None:
    """Refuse a list in which two things have one name."""
    told: set[str] = set()
    for name in names:
        if name in told:
            raise TwiceTheSame(name=name)
        told.add(name)
