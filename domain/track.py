"""The way of a case along a journey, by day: the states it entered, the versions it followed."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from typing_extensions import override

from domain.dates import PartialDate
from domain.errors import Refused
from domain.kinds import THIS_CASE
from domain.words import Stored, Text


class NotBegun(Refused):
    """Nothing is known of the case on that day yet."""

    code = "journey.not_begun"
    fr = "Le registre ne connaît {case} qu'à partir du {since} : rien n'y est daté du {day}."
    en = "The register knows {case} from {since} on only: nothing in it is dated {day}."


@dataclass(frozen=True, slots=True)
class Stay:
    """A state entered, or a journey followed, from a day on; `order` is its event's version."""

    since: date
    order: int
    value: str
    occurred_on: PartialDate
    came_from: str | None = None
    variables: Mapping[str, Stored] = field(default_factory=dict)

    @property
    def place(self) -> tuple[date, int]:
        """What comes after what: the day, then the order of recording."""
        return self.since, self.order


class Stays(list[Stay]):
    """Stays in the order in which they were recorded; kept by day as well.

    However long a history is, what was in force on a day is found by halving.
    """

    def __init__(self, *stays: Stay) -> None:
        super().__init__()
        self._by_day: list[Stay] = []
        self._places: list[tuple[date, int]] = []
        for stay in stays:
            self.append(stay)

    @override
    def append(self, stay: Stay) -> None:
        super().append(stay)
        index = bisect_right(self._places, stay.place)
        self._places.insert(index, stay.place)
        self._by_day.insert(index, stay)

    def until(self, day: date) -> Iterator[Stay]:
        """Those that began on or before a day, the one in force first."""
        for index in range(bisect_right(self._places, (day, MANY)) - 1, -1, -1):
            yield self._by_day[index]

    def in_force(self, day: date) -> Stay | None:
        """The last by (day, order of recording) on or before a day."""
        index = bisect_right(self._places, (day, MANY))
        return self._by_day[index - 1] if index else None

    @property
    def last(self) -> Stay:
        """The last by (day, order of recording)."""
        return self._by_day[-1]


MANY = 2**63
"""More than any order of recording."""


@dataclass(slots=True)
class Track:
    """One journey on a case: the states it went through, the versions it followed.

    Of a stay with a version, `came_from` is the one it was migrated from, unless it went back.
    """

    id: str
    states: Stays
    journeys: Stays
    holding: Callable[[Stay, date], Stay] = field(compare=False, repr=False)
    """What the case makes of the state that a step led to, on a later day."""
    case: Text = field(default=THIS_CASE, compare=False)
    """What a sentence calls the case."""

    def stay_on(self, day: date) -> Stay | None:
        """The state in force: that of the last step by (day, order of recording), if it holds."""
        stay = self.states.in_force(day)
        return self.holding(stay, day) if stay else None

    def state_on(self, day: date) -> str | None:
        stay = self.stay_on(day)
        return stay.value if stay else None

    def standing_on(self, day: date) -> Stay:
        """The state from which a step of that day leaves; refused before the case begins."""
        stay = self.stay_on(day)
        if stay is None:
            since = min(stay.since for stay in self.states)
            raise NotBegun(since=since, day=day, case=self.case)
        return stay

    def journey_on(self, day: date) -> str | None:
        """The version followed on a day."""
        stay = self.journeys.in_force(day)
        return stay.value if stay else None

    def followed_from(self, day: date) -> list[str]:
        """The versions followed from a day on, as long as the state entered that day lasts."""
        until = min((stay.since for stay in self.states if stay.since > day), default=date.max)
        present = self.journey_on(day)
        later = [stay.value for stay in self.journeys if day < stay.since < until]
        return [*([present] if present else []), *later]

    @property
    def journey(self) -> str:
        """The version to which it is pinned: the last by (day, order of recording)."""
        return self.journeys.last.value
