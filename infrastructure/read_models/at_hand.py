"""What lists said, kept for the next question: only what changed is read again.

What a list says of a thing that has its own stream follows from that stream, up to what was known.
So what was found for one size of the journal holds for a later one, but for the things whose
streams grew.
"""

from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Generic, TypeVar

import sqlalchemy as sa

from application.world import Moment
from infrastructure.event_store.journal import Journal
from infrastructure.read_models.tracking import followed_to

T = TypeVar("T")

Read = Callable[[Moment, Collection[str] | None], Mapping[str, T]]
"""What is said of some things at a moment, or of all, by their identities."""

MANY = 2_000
"""Beyond so many things that changed, all are read: to name them would take as long."""


@dataclass(frozen=True, slots=True)
class _Found(Generic[T]):
    known: int
    leaf: bytes
    said: Mapping[str, T]


class ThingsAtHand(Generic[T]):
    """What one question found of all things of a kind, by the day it was asked about.

    Args:
        most: how many answers are kept; the one that was least lately asked for goes first.
    """

    def __init__(self, engine: sa.Engine, journal: Journal, read: Read[T], most: int) -> None:
        self._engine = engine
        self._journal = journal
        self._read = read
        self._most = most
        self._kept: OrderedDict[tuple[date, int | None], _Found[T]] = OrderedDict()
        self._lock = Lock()

    def at(self, moment: Moment) -> Mapping[str, T]:
        """What is said of each at a moment: the same object, as long as nothing changes."""
        day = (moment.in_force, None if moment.is_today else moment.known)
        with self._lock:
            is_followed = self._is_followed(moment)
            found = self._kept.pop(day, None)
            if found is None or not self._may_grow_to(moment, found):
                said = self._read(moment, None)
            elif found.known < moment.known:
                said = self._brought_up(found, moment)
            else:
                said = found.said
            # Lists that are behind the journal say what they know, and it is not kept. That a
            # rebuild began and ended meanwhile cannot be: it reads the whole journal.
            if is_followed and self._is_followed(moment):
                leaf = self._journal.leaf(moment.known)
                self._kept[day] = _Found(moment.known, leaf, said)
                while len(self._kept) > self._most:
                    self._kept.popitem(last=False)
            return said

    def _may_grow_to(self, moment: Moment, found: _Found[T]) -> bool:
        """Whether what was found is of the same history, and of no later size of it."""
        return found.known <= moment.known and self._journal.leaf(found.known) == found.leaf

    def _brought_up(self, found: _Found[T], moment: Moment) -> Mapping[str, T]:
        changed = self._journal.streams_between(found.known, moment.known, MANY + 1)
        if len(changed) > MANY:
            return self._read(moment, None)
        said = self._read(moment, changed)
        if not said and found.said.keys().isdisjoint(changed):
            return found.said
        gone = frozenset(changed)
        kept = {id_: one for id_, one in found.said.items() if id_ not in gone}
        return kept | dict(said)

    def _is_followed(self, moment: Moment) -> bool:
        with self._engine.connect() as tx:
            return followed_to(tx) >= moment.known
