"""Answers about single things, kept for as long as what they were read from does not change.

An answer follows from what it is about, from the streams that it read, and from the day. It is told
by the world which streams those are: who asks says nothing of it.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar, cast
from uuid import UUID

from application.world import Moment, Told, World
from domain.kernel import Aggregate, Event, Recorded

A = TypeVar("A", bound=Aggregate)
T = TypeVar("T")

EVERYTHING = ""
"""What stands for every stream and topic."""


class Noting:
    """A world that notes what is read of it."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.streams: set[UUID] = set()
        self.topics: set[str] = set()
        """Of every event of some kinds, wherever it was recorded."""
        self.reads_all = False
        """Whether more was read than that: what any event may change."""
        self.reads_now = False
        """Whether the time of day was asked for."""

    def load(self, cls: type[A], id_: UUID, until: int | None = None) -> A | None:
        self.streams.add(id_)
        return self._world.load(cls, id_, until)

    def history(self, stream: UUID, until: int | None = None) -> list[Recorded]:
        self.streams.add(stream)
        return self._world.history(stream, until)

    def everything(self, stream: UUID, until: int | None = None) -> list[Recorded]:
        self.streams.add(stream)
        return self._world.everything(stream, until)

    def positions(self, stream: UUID, until: int | None = None) -> list[int]:
        self.streams.add(stream)
        return self._world.positions(stream, until)

    def version(self, stream: UUID) -> int:
        self.streams.add(stream)
        return self._world.version(stream)

    def rows(self, stream: UUID, until: int | None = None) -> Iterator[Told]:
        self.streams.add(stream)
        return self._world.rows(stream, until)

    def told(self, *events: type[Event], until: int | None = None) -> Iterator[Recorded]:
        self.topics |= topics_of(events)
        return self._world.told(*events, until=until)

    def told_ever(self, *events: type[Event], until: int | None = None) -> Iterator[Recorded]:
        self.topics |= topics_of(events)
        return self._world.told_ever(*events, until=until)

    @property
    def clock(self) -> Callable[[], datetime]:
        self.reads_now = True
        return self._world.clock

    def __getattr__(self, name: str) -> Any:
        """The rest. An event or a published journey stays as it is; nothing is known of others."""
        if name not in _LASTING:
            self.reads_all = True
        return getattr(self._world, name)


_LASTING = frozenset({"compiled", "legal_form", "fact", "compile", "check"})


def topics_of(events: Iterable[type[Event]]) -> frozenset[str]:
    """The names under which events of some kinds are stored, and a retraction of one."""
    named = (topic for event in events for topic in (event.TOPIC, *event.UPCASTS))
    return frozenset((*named, Aggregate.FactRetracted.TOPIC))


@dataclass(frozen=True, slots=True)
class Recently:
    """What was recorded since answers were last asked for: in which streams, of which topics."""

    streams: Collection[UUID]
    topics: Collection[str]


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What was answered about something, and the minute for which it holds if not for the day."""

    said: Any
    about: object
    minute: datetime | None


class KeptAnswers:
    """Answers of one day. One thread at a time may use them.

    Args:
        most: how many are kept; the first one kept goes first.
    """

    def __init__(self, most: int | None = None) -> None:
        self._most = most
        self._day: date | None = None
        self._minute: datetime | None = None
        self._answers: dict[Hashable, KeptAnswer] = {}
        self._readers: defaultdict[Hashable, set[Hashable]] = defaultdict(set)
        """What reads each stream, each topic, or everything."""

    @classmethod
    def of(cls, moment: Moment, now: datetime) -> "KeptAnswers":
        """Of one question alone."""
        kept = cls()
        kept.bring_up(moment, now, None)
        return kept

    def bring_up(self, moment: Moment, now: datetime, recently: Recently | None) -> None:
        """Forget the answers that no longer hold.

        Args:
            recently: what was recorded since the last time; `None` where that is not known.
        """
        self._minute = now.replace(second=0, microsecond=0)
        if recently is None or moment.in_force != self._day:
            self._answers.clear()
            self._readers.clear()
            self._day = moment.in_force
        elif recently.streams:
            for read in (*recently.streams, *recently.topics, EVERYTHING):
                for key in self._readers.pop(read, ()):
                    self._answers.pop(key, None)

    def find(self, key: Hashable, about: object = None) -> KeptAnswer | None:
        """What was answered under a key, if it holds still and is about the same."""
        found = self._answers.get(key)
        holds = found and found.minute in (None, self._minute) and _is_same(found.about, about)
        return found if holds else None

    def keep(
        self,
        key: Hashable,
        said: object,
        noting: Noting,
        about: object = None,
        topics: Collection[str] = (),
    ) -> None:
        """Keep an answer for as long as what it was read from does not change."""
        self._answers[key] = KeptAnswer(said, about, self._minute if noting.reads_now else None)
        everything = (EVERYTHING,) if noting.reads_all else ()
        for read in (*noting.streams, *noting.topics, *topics, *everything):
            self._readers[read].add(key)
        if self._most and len(self._answers) > self._most:
            self._answers.pop(next(iter(self._answers)))

    def ask(
        self,
        world: World,
        key: Hashable,
        about: object,
        question: Callable[[World], T],
        topics: Collection[str] = (),
    ) -> T:
        """What is answered about something; asked again where it, or what was read, is another.

        Args:
            key: what the answer is called by; the same for the same question about the same thing.
            topics: of the events that it also rests on, though it does not read them in the world.
        """
        found = self.find(key, about)
        if found:
            return cast("T", found.said)
        noting = Noting(world)
        said = question(cast("World", noting))
        self.keep(key, said, noting, about, topics)
        return said


def _is_same(one: object, other: object) -> bool:
    return one is other or one == other
