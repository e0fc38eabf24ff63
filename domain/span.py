"""Days on which something holds: from one on, until another, that one excluded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

V = TypeVar("V")


def covers(since: date, until: date | None, day: date) -> bool:
    """Whether a day is one of those from `since` on and before `until`, if there is an end."""
    return since <= day and (until is None or day < until)


@dataclass(frozen=True, slots=True)
class Span:
    """A first day, and the day from which it no longer holds.

    Nothing holds on a span that ends on the day on which it begins, or before.
    """

    since: date
    until: date | None

    def covers(self, day: date) -> bool:
        return covers(self.since, self.until, day)

    def overlaps(self, since: date, until: date | None) -> bool:
        """Whether some day belongs to both."""
        start = max(since, self.since)
        return all(end is None or start < end for end in (until, self.until))


@dataclass(frozen=True, slots=True)
class Dated(Span, Generic[V]):
    """A value and the days on which it holds."""

    value: V


def in_force(facts: Sequence[Dated[V]], day: date) -> V | None:
    """Of the facts about one thing, in the order of recording: the last whose days cover a day."""
    for fact in reversed(facts):
        if fact.covers(day):
            return fact.value
    return None
