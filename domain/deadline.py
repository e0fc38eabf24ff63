"""Deadlines: the day by which something is expected, counted as the law counts."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime

from domain.dates import PartialDate, paris_day
from domain.period import DAY, Period, before, end_of
from domain.values import Frozen
from domain.words import Id, Name, Text

ENTERED = "entered"


class Deadline(Frozen):
    """A day by which a case should have left a state, and who is waited for."""

    id: Name
    title: Text
    source: str
    period: Period
    counted_from: str = ENTERED
    """`entered`, the day the state was entered, or the dotted name of a date among the facts."""
    extended: bool = True
    """Whether it runs to the next working day (code de procédure civile, article 642)."""
    waits_for: tuple[Id, ...] = ()
    """The roles in whose worklist it stands."""
    remind: tuple[Period, ...] = ()
    """How long before its end a reminder is recorded."""


class Reminder(Frozen):
    """How long before the end of a deadline it is recalled, and on which day that is."""

    before: Period
    day: date


class DueDeadline(Frozen):
    """A deadline of one stay in a state, as it stands on a day."""

    id: Name
    title: Text
    source: str
    period: Period
    counted_from: str
    since: PartialDate | None
    """The date from which it is counted; `None` where that fact is not known."""
    due: date | None
    """Its last day; `None` where the date it is counted from is not known."""
    passes_on: date | None
    """The first day of the stay on which it has passed."""
    passed: bool
    waits_for: tuple[Id, ...]
    reminders: tuple[Reminder, ...]
    contested: bool = False
    """Whether the date it is counted from is contested: until the answer, it does not pass."""


Settled = Callable[[str, date], date | None]
"""The first day, from one on, on which nobody contests what a deadline is counted from."""


def _at_once(_: str, day: date) -> date:
    return day


def deadlines_due(
    deadlines: Iterable[Deadline],
    *,
    entered: PartialDate,
    begins: date,
    facts: Mapping[str, object],
    day: date,
    settled: Settled = _at_once,
) -> list[DueDeadline]:
    """The deadlines of a state, as they stand on a day.

    A deadline passes at midnight in Paris, when its last day ends: on that day itself it has not.
    One that was over before the state was entered has passed from the first day on. One that is
    counted from a contested date passes on the day of the answer, if it was over by then.

    Args:
        entered: the date on which the state was entered, of which only a part may be known: it
            counts from the first day of it.
        begins: the day from which the deadlines hold: that of the entry, or of the version that
            has them.
        facts: what is known of the case on the day, by dotted name.
        settled: asked by the name of the date they are counted from.
    """
    return [_due(deadline, entered, begins, facts, day, settled) for deadline in deadlines]


def _due(
    deadline: Deadline,
    entered: PartialDate,
    begins: date,
    facts: Mapping[str, object],
    day: date,
    settled: Settled,
) -> DueDeadline:
    since = _counted_from(deadline, entered, facts)
    first = since.first_day if since else None
    due = end_of(deadline.period, first, extended=deadline.extended) if first else None
    over = max(due + DAY, begins) if due and due < date.max else None
    passes_on = settled(deadline.counted_from, over) if over else None
    return DueDeadline(
        id=deadline.id,
        title=deadline.title,
        source=deadline.source,
        period=deadline.period,
        counted_from=deadline.counted_from,
        since=since,
        due=due,
        passes_on=passes_on,
        passed=passes_on is not None and day >= passes_on,
        waits_for=deadline.waits_for,
        reminders=tuple(_reminders(deadline, due, begins, settled)) if due else (),
        contested=settled(deadline.counted_from, day) != day,
    )


def _counted_from(
    deadline: Deadline, entered: PartialDate, facts: Mapping[str, object]
) -> PartialDate | None:
    if deadline.counted_from == ENTERED:
        return entered
    match facts.get(deadline.counted_from):
        case datetime() as instant:
            return PartialDate.on(paris_day(instant))
        case date() as day:
            return PartialDate.on(day)
        case _:
            return None


def _reminders(deadline: Deadline, due: date, begins: date, settled: Settled) -> Iterator[Reminder]:
    """The reminders that come before the end; one whose day was before the stay comes with it."""
    for period in deadline.remind:
        day = settled(deadline.counted_from, max(before(period, due), begins))
        if day is not None and day <= due:
            yield Reminder(before=period, day=day)
