"""The same questions asked again and again at sizes of the journal, each history read once."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from application.world import Made, Told, World
from domain.correction import in_effect
from domain.filing import Enclosed
from domain.journey import Journey
from domain.kernel import Aggregate, Event, Recorded
from domain.legal_form import LegalForm
from domain.media import MediaFound
from domain.place import Gazetteer
from domain.place_year import PLACES
from domain.rules import CompiledJourney
from domain.values import Sealed

A = TypeVar("A", bound=Aggregate)


class Rereading:
    """A world as it was known up to a size, that remembers what it read, and which histories.

    An aggregate or a history is asked for again only where its own stream has grown in between:
    what the world gives of it, corrections included, rests on that stream alone.
    """

    def __init__(self, world: World, known: int) -> None:
        self._world = world
        self._known = known
        self._histories: dict[tuple[UUID, int], list[Recorded]] = {}
        self._recorded: dict[UUID, list[Recorded]] = {}
        self._positions: dict[UUID, list[int]] = {}
        self._loaded: dict[tuple[type[Aggregate], UUID, int], Any] = {}
        self._told: dict[tuple[type[Event], ...], list[Recorded]] = {}
        self._events: dict[int, Recorded] = {}
        self._together: dict[int, list[Recorded]] = {}
        self._read: set[int] = set()

    def last_read(self, size: int) -> int | None:
        """The last event by then, among all those that the answers so far may rest on."""
        return max((position for position in self._read if position <= size), default=None)

    def event_at(self, position: int) -> Recorded | None:
        """The event at a position, if it is one of those."""
        if position not in self._events:
            for stream, positions in self._positions.items():
                if position in positions:
                    self._everything(stream)
        return self._events.get(position)

    def _everything(self, stream: UUID) -> list[Recorded]:
        if stream not in self._recorded:
            self._recorded[stream] = self._world.everything(stream, self._known)
            self._events.update((told.position, told) for told in self._recorded[stream])
        return self._recorded[stream]

    def _length(self, stream: UUID, until: int | None) -> int:
        if stream not in self._positions:
            kept = self._world.positions(stream, self._known)
            self._positions[stream] = kept
            self._read.update(kept)
        return bisect_right(self._positions[stream], self._known if until is None else until)

    # What is asked of a world.

    @property
    def clock(self) -> Callable[[], datetime]:
        return self._world.clock

    def load(self, cls: type[A], id_: UUID, until: int | None = None) -> A | None:
        key = (cls, id_, self._length(id_, until))
        if key not in self._loaded:
            self._loaded[key] = self._world.load(cls, id_, self._known if until is None else until)
        found: A | None = self._loaded[key]
        return found

    def history(self, stream: UUID, until: int | None = None) -> list[Recorded]:
        key = stream, self._length(stream, until)
        if key not in self._histories:
            self._histories[key] = in_effect(self._everything(stream)[: key[1]])
        return self._histories[key]

    def everything(self, stream: UUID, until: int | None = None) -> list[Recorded]:
        return self._everything(stream)[: self._length(stream, until)]

    def positions(self, stream: UUID, until: int | None = None) -> list[int]:
        return self._positions[stream][: self._length(stream, until)]

    def version(self, stream: UUID) -> int:
        return self._world.version(stream)

    def together(self, position: int) -> list[Recorded]:
        if position not in self._together:
            told = self._world.together(position)
            self._together.update((one.position, told) for one in told)
        return self._together[position]

    def naming(self, identities: Sequence[UUID]) -> list[Recorded]:
        return self._world.naming(identities)

    def rows(self, stream: UUID, until: int | None = None) -> Iterator[Told]:
        self._length(stream, until)
        return self._world.rows(stream, self._known if until is None else until)

    def fact(self, event_id: UUID) -> Recorded | None:
        return self._world.fact(event_id)

    def places(self, until: int | None = None) -> Gazetteer:
        self._length(PLACES, until)
        return self._world.places(self._known if until is None else until)

    def told_ever(self, *events: type[Event], until: int | None = None) -> Iterator[Recorded]:
        if events not in self._told:
            self._told[events] = list(self._world.told_ever(*events, until=self._known))
            self._events.update((told.position, told) for told in self._told[events])
            self._read.update(told.position for told in self._told[events])
        limit = self._known if until is None else until
        return (recorded for recorded in self._told[events] if recorded.position <= limit)

    def told(self, *events: type[Event], until: int | None = None) -> Iterator[Recorded]:
        told = in_effect(list(self.told_ever(*events, until=until)))
        return (one for one in told if not isinstance(one.event, Aggregate.FactRetracted))

    def compiled(self, ref: str) -> CompiledJourney:
        return self._world.compiled(ref)

    def legal_form(self, code: str) -> LegalForm:
        return self._world.legal_form(code)

    def check(self, journey: Journey) -> None:
        self._world.check(journey)

    def compile(self, journey: Journey) -> CompiledJourney:
        return self._world.compile(journey)

    def seal(
        self, text: str, *, event: type[Event], field: str, subject: UUID, made: Made
    ) -> tuple[Sealed, bytes]:
        return self._world.seal(text, event=event, field=field, subject=subject, made=made)

    def open(self, kept: Sealed, *, event: type[Event], field: str) -> str | None:
        return self._world.open(kept, event=event, field=field)

    def erased(self, kept: Sealed) -> bool:
        return self._world.erased(kept)

    def bearing(self, name: str) -> set[tuple[UUID, str]]:
        return self._world.bearing(name)

    def name_mark(self, name: str) -> bytes:
        return self._world.name_mark(name)

    def handed_over(self, answer: UUID) -> frozenset[UUID]:
        return self._world.handed_over(answer)

    def readable(self) -> Callable[[Sealed, str], bool]:
        return self._world.readable()

    def recognise(self, data: bytes) -> MediaFound:
        return self._world.recognise(data)

    def enclose(self, data: bytes, *, document: UUID, made: Made) -> tuple[Enclosed, bytes]:
        return self._world.enclose(data, document=document, made=made)

    def same(self, data: bytes, content: Enclosed, *, document: UUID) -> bool:
        return self._world.same(data, content, document=document)
