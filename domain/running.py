"""Facts that follow one another: which holds on a day, and what they add up to by then."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Running(Generic[V]):
    """A value from a day on, until another of the same thing; `order` is its event's version."""

    since: date
    order: int
    value: V

    @property
    def place(self) -> tuple[date, int]:
        """What comes after what: the day, then the order of recording."""
        return self.since, self.order


def latest(entries: Iterable[Running[V]], day: date) -> Running[V] | None:
    """The last by (day, order of recording) on or before a day."""
    return max((e for e in entries if e.since <= day), key=lambda e: e.place, default=None)


def total(entries: Iterable[Running[int]], day: date) -> int:
    """What some amounts add up to by a day."""
    return sum(entry.value for entry in entries if entry.since <= day)


def least(day: date, days: Iterable[date], left: Callable[[date], int]) -> int:
    """What is left on the day on which least is, from one day on.

    Args:
        days: those on which something changes; those before the first one do not count.
    """
    return min(left(one) for one in {day, *(later for later in days if later > day)})
