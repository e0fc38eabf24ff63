"""What auditors ask of events one by one; that they read them is noted first."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from application.audit_answer import WHOLE_LOG
from application.command import By
from application.event_search import EventFound, EventsAsked, event_found, events_found
from application.history_in_words import everything_of
from application.raw_event import RawEvent, raw_event
from application.world import Moment
from domain.dates import paris_day
from domain.errors import NotFound
from domain.pole import Pole
from domain.values import Frozen
from interfaces.looking import Looking

EACH = 50
"""Events of a page."""
FARTHEST = 20_000
"""Events that one page looks through at most: it says how far it went."""
NEAR = 200
"""Events before and after one, among which those of its command are."""


class NoSuchEvent(NotFound):
    """The log has an event for each number up to its size."""

    code = "log.no_such_event"
    fr = "Le journal n'a pas d'événement n° {number} : il en compte {size}."
    en = "The log has no event no. {number}: it has {size}."


class EventsPage(Frozen):
    """Some events, the last first, and how far they were looked for: `until` is the first seen."""

    events: tuple[EventFound, ...]
    since: int
    until: int

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to be looked through."""
        return self.until <= 1


class EventSheet(Frozen):
    """An event as it is stored, what led to it, what came with it, and what told it anew."""

    raw: RawEvent
    found: EventFound
    cause: EventFound | None
    beside: tuple[EventFound, ...]
    effects: tuple[EventFound, ...]
    mended: tuple[EventFound, ...]
    pole: tuple[str, str] | None


class EventQuestions(Looking):
    """The explorer of events, for who is given the whole log."""

    def events(
        self,
        by: By,
        asked: EventsAsked,
        *,
        pole: str = "",
        before: int | None = None,
        between: tuple[datetime | None, datetime | None] = (None, None),
    ) -> EventsPage:
        """Some events below a number, the last first; nothing is looked for beyond `FARTHEST`.

        Args:
            between: the instants from which, and to which, they were recorded.
        """
        self._admit(by)
        first, last = between
        lowest = self.journal.size_at(first) if first else 0
        highest = self.journal.size_at(last) if last else self.journal.size()
        start = min(highest, before - 1) if before else highest
        until = max(lowest, start - FARTHEST)
        asked = replace(asked, streams=self._streams(pole)) if pole else asked
        found: list[EventFound] = []
        while start > until and len(found) < EACH:
            below = max(until, start - 500)
            rows = self.journal.proofs(below, start - below)
            found += events_found(reversed(rows), asked)
            start = below
        shown = tuple(found[:EACH])
        if len(found) > EACH:
            start = shown[-1].position - 1
        self.accesses.note(by, "event", [one.event_id for one in shown], "explored")
        return EventsPage(events=shown, since=highest, until=start + 1)

    def event(self, by: By, number: int) -> EventSheet:
        """One event by its number, the first being 1."""
        self._admit(by)
        size = self.journal.size()
        if not 1 <= number <= size:
            raise NoSuchEvent(number=number, size=size)
        (row,) = self.journal.proofs_at([number])
        self.accesses.note(by, "event", [UUID(row.event_id)], "explored")
        found = event_found(row)
        stream = self.registry.everything(UUID(row.stream))
        told = next(one for one in stream if one.position == number)
        after = max(0, number - NEAR)
        near = [event_found(one) for one in self.journal.proofs(after, 2 * NEAR)]
        mended = [one.position for one in stream if one.event.corrects == found.event_id]
        return EventSheet(
            raw=raw_event(told, row.state, bytes(row.leaf)),
            found=found,
            cause=next((one for one in near if one.event_id == found.cause), None),
            beside=tuple(
                one for one in near if one.command == found.command and one.position != number
            ),
            effects=tuple(one for one in near if one.cause == found.event_id),
            mended=tuple(event_found(one) for one in self.journal.proofs_at(mended)),
            pole=self._pole_of(UUID(row.stream)),
        )

    def _admit(self, by: By) -> None:
        WHOLE_LOG.admit(self.registry, by, None, paris_day(self.clock()))

    def _streams(self, pole: str) -> frozenset[str]:
        """What concerns a pole, itself first."""
        id_ = self.find(pole)
        found = self.registry.load(Pole, id_)
        if found is None:
            return frozenset({str(id_)})
        moment: Moment = self.moment()
        return frozenset(
            str(one.stream) for one in everything_of(self.registry, found, moment.known)
        )

    def _pole_of(self, stream: UUID) -> tuple[str, str] | None:
        found: Any = self.registry.load(Pole, stream) if self._is_pole(stream) else None
        return (found.code, found.name_on(paris_day(self.clock()))) if found else None

    def _is_pole(self, stream: UUID) -> bool:
        return self.registry.everything(stream)[0].event.TOPIC.startswith("pole.")
