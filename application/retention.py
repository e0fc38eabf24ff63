"""What personal values and documents are kept, for how long, and which of them fall due by a day.

A report: nothing is erased by itself, and nothing that is kept is opened.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain
from uuid import UUID

from application.document_list import RETENTIONS
from application.legal_hold import LegalHolds
from application.wording import tell
from application.world import Moment, World
from domain.document import Document
from domain.kernel import EVENTS, MARKED, Recorded
from domain.personal import marking_of, sealed_in
from domain.retention import Retention, kept_until
from domain.values import Frozen

CONTENT = "content"
"""What a document is called among the fields: its bytes."""

NAMED_INSIDE = "personnes que nomme un document"


class DueThing(Frozen):
    """One value, or document, whose time is over; never what it holds."""

    topic: str
    field: str
    holds: str
    """What it is, in words."""
    told: str
    """The event that keeps it, in words."""
    thing: UUID
    """The history that it is of."""
    event_id: UUID
    since: date
    until: date
    """The last day on which it had to be kept."""
    held: str | None
    """What keeps it past that day, in words."""


class DueField(Frozen):
    """What is kept of one field of one event, counted."""

    topic: str
    field: str
    holds: str
    persons: str
    told: str
    """The event that keeps it, in words."""
    retention: Retention
    retention_words: str
    kept: int
    erased: int
    missing: int
    """Those that are not there, though no act on record erased them."""
    oldest: date | None
    next_due: date | None
    """The first of the last days on which the others must be kept."""
    past: int
    """Those whose time is over, and that nothing holds: to be erased, or kept on a ground."""
    held: int
    """Those whose time is over, and that something holds."""


class DueReport(Frozen):
    """What falls due by a day, counted by field, and thing by thing."""

    by: date
    fields: tuple[DueField, ...]
    things: tuple[DueThing, ...]
    readings: int = 0
    """Of the log of readings, how many lines need not be kept any more."""

    @property
    def past(self) -> int:
        return sum(field.past for field in self.fields)

    @property
    def held(self) -> int:
        return sum(field.held for field in self.fields)


def due_report(world: World, moment: Moment) -> DueReport:
    """What falls due by the day asked about, of what was recorded by then and is not erased."""
    holds = LegalHolds(world, moment)
    counts, things = dict[tuple[str, str, Retention], _Counted](), list[DueThing]()
    for found in chain(_values(world, moment), _documents(world, moment)):
        counted = counts.setdefault(found.key, _Counted(found.told))
        if not found.is_kept:
            counted.erased += found.is_erased
            counted.missing += not found.is_erased
            continue
        counted.since.append(found.since)
        if found.until is None:
            continue
        if found.until >= moment.in_force:
            counted.coming.append(found.until)
            continue
        held = holds.of(found.recorded)
        counted.past, counted.held = counted.past + (not held), counted.held + bool(held)
        things.append(found.due(found.until, held))
    fields = tuple(counts[key].told(*key) for key in sorted(counts))
    things.sort(key=lambda thing: (thing.until, str(thing.event_id), thing.field))
    return DueReport(by=moment.in_force, fields=fields, things=tuple(things))


@dataclass(frozen=True, slots=True)
class _Found:
    """A value that was sealed, or a document that was filed."""

    recorded: Recorded
    field: str
    retention: Retention
    since: date
    until: date | None
    is_kept: bool
    is_erased: bool

    @property
    def told(self) -> str:
        return tell(self.recorded.event)[0]

    @property
    def key(self) -> tuple[str, str, Retention]:
        return self.recorded.event.TOPIC, self.field, self.retention

    def due(self, until: date, held: str | None) -> DueThing:
        return DueThing(
            topic=self.recorded.event.TOPIC,
            field=self.field,
            holds=_called(self.recorded.event.TOPIC, self.field)[0],
            told=self.told,
            thing=self.recorded.stream,
            event_id=self.recorded.event.meta.event_id,
            since=self.since,
            until=until,
            held=held,
        )


class _Counted:
    """The values of one field, as they are counted."""

    def __init__(self, told: str) -> None:
        self._told = told
        self.since, self.coming = list[date](), list[date]()
        self.past = self.held = self.erased = self.missing = 0

    def told(self, topic: str, field: str, retention: Retention) -> DueField:
        holds, persons = _called(topic, field)
        return DueField(
            topic=topic,
            field=field,
            holds=holds,
            persons=persons,
            told=self._told,
            retention=retention,
            retention_words=RETENTIONS[retention],
            kept=len(self.since),
            erased=self.erased,
            missing=self.missing,
            oldest=min(self.since, default=None),
            next_due=min(self.coming, default=None),
            past=self.past,
            held=self.held,
        )


def _called(topic: str, field: str) -> tuple[str, str]:
    """What a field holds, and whose it is."""
    if (topic, field) == (Document.Filed.TOPIC, CONTENT):
        return "le contenu d'un document", NAMED_INSIDE
    of = marking_of(topic, field)
    return of.holds.fr, of.persons.fr


def _values(world: World, moment: Moment) -> Iterator[_Found]:
    """The sealed values recorded by the moment; their time runs from the day of their fact."""
    readable = world.readable()
    marked = dict.fromkeys(EVENTS[topic] for topic, _ in MARKED)
    for recorded in world.told_ever(*marked, until=moment.known):
        since = recorded.in_force_from
        for value in sealed_in(recorded.event):
            of = value.marking
            until = kept_until(of.retention, since, None)
            is_kept = readable(value.sealed, of.purpose)
            is_erased = not is_kept and world.erased(value.sealed)
            yield _Found(recorded, value.field, of.retention, since, until, is_kept, is_erased)


def _documents(world: World, moment: Moment) -> Iterator[_Found]:
    """The documents filed by the moment; their time runs as their sheet says."""
    for recorded in world.told(Document.Filed, until=moment.known):
        filed = recorded.event
        document = world.load(Document, recorded.stream)
        if document is None or not isinstance(filed, Document.Filed):
            continue
        since = recorded.in_force_from
        until = kept_until(filed.retention, since, filed.expires)
        is_erased = document.is_erased
        yield _Found(recorded, CONTENT, filed.retention, since, until, not is_erased, is_erased)
