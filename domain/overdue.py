"""What comes of deadlines: that they have passed, or come near, recorded once a stay in a state."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from domain.dates import PartialDate
from domain.deadline import DueDeadline
from domain.finality import Finality
from domain.journey import JourneyRef
from domain.kernel import Aggregate, Event, event
from domain.period import Period
from domain.words import Id, Name

# --- what is recorded -------------------------------------------------------------------------


class FellDue(Event):
    """A deadline of a state passed while the case stood in it; dated of the first day after."""

    UNDONE_BY = Finality.PASSING

    journey: JourneyRef
    deadline: Name
    state: Id
    due: date


class Reminded(Event):
    """The end of a deadline comes near: whoever delivers reminders reads this."""

    UNDONE_BY = Finality.PASSING

    journey: JourneyRef
    deadline: Name
    state: Id
    due: date
    before: Period


# --- what remembers it ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Coming:
    """What comes of a deadline on a day: a reminder, or, where there is no `before`, its end."""

    on: date
    deadline: str
    due: date
    before: str | None = None


def comings(deadlines: Iterable[DueDeadline], day: date) -> Iterator[Coming]:
    """What has come of some deadlines up to a day; of one that counts from nothing, nothing."""
    for due in deadlines:
        if due.due is None:
            continue
        for reminder in due.reminders:
            if reminder.day <= day:
                yield Coming(reminder.day, due.id, due.due, reminder.before)
        if due.passed and due.passes_on:
            yield Coming(due.passes_on, due.id, due.due)


class Overdue(Aggregate, ABC):
    """An aggregate of which something is expected, by a day, in the states it stands in.

    Once a stay in a state, for each last day: where the date from which a deadline is counted is
    corrected, what comes of its new last day is recorded too. Each kind nests its own events,
    with a topic.
    """

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.recalled: set[tuple[str, int, str, date, str | None]] = set()
        """The journey, the stay, the deadline, its last day and, of a reminder, how long before."""

    @abstractmethod
    def stay_entered(self, journey: str, day: date) -> int:
        """By which event of the case the state was entered in which it stands on a day."""

    def recall(self, coming: Coming, *, journey: str, state: str) -> bool:
        """Record what comes of a deadline of the present state; `False` when it already was."""
        stay = self.stay_entered(journey, coming.on)
        if _named(journey, stay, coming) in self.recalled:
            return False
        about: dict[str, Any] = {
            "journey": journey,
            "deadline": coming.deadline,
            "state": state,
            "due": coming.due,
            "occurred_on": PartialDate.on(coming.on),
        }
        if coming.before is None:
            self._fell_due(**about)
        else:
            self._reminded(**about, before=coming.before)
        return True

    @event(FellDue)
    def _fell_due(self, *, journey: str, deadline: str, due: date) -> None:
        stay = self.stay_entered(journey, self.since)
        self.recalled.add(_named(journey, stay, Coming(self.since, deadline, due)))

    @event(Reminded)
    def _reminded(self, *, journey: str, deadline: str, due: date, before: str) -> None:
        stay = self.stay_entered(journey, self.since)
        self.recalled.add(_named(journey, stay, Coming(self.since, deadline, due, before)))


def _named(journey: str, stay: int, coming: Coming) -> tuple[str, int, str, date, str | None]:
    return journey.partition("@")[0], stay, coming.deadline, coming.due, coming.before
