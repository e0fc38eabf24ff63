"""Aggregates as questions read them: folded once, for as long as their streams do not grow."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import TypeVar
from uuid import UUID

from domain.kernel import Aggregate
from infrastructure.event_store.journal import Journal

A = TypeVar("A", bound=Aggregate)

MOST = 2_000
"""How many are kept; the one that was least lately asked for goes first."""


@dataclass(frozen=True, slots=True)
class _Folded:
    known: int
    aggregate: Aggregate


class Folds:
    """The last folds of streams up to a size of the journal. Who reads one changes nothing of it.

    Commands do not use them: they read what is stored (ADR 45).
    """

    def __init__(self, journal: Journal, most: int = MOST) -> None:
        self._journal = journal
        self._most = most
        self._size = 0
        self._leaf = b""
        self._kept: OrderedDict[UUID, _Folded] = OrderedDict()
        self._lock = Lock()

    @property
    def kept(self) -> tuple[int, tuple[Aggregate, ...]]:
        """What is kept, and for which size of the journal."""
        with self._lock:
            return self._size, tuple(folded.aggregate for folded in self._kept.values())

    def bring_up(self, size: int) -> None:
        """Let go of what the journal has more of at a size; of everything, if it is another."""
        with self._lock:
            if size < self._size or self._journal.leaf(self._size) != self._leaf:
                self._kept.clear()
            elif size > self._size:
                for stream in self._journal.streams_between(self._size, size, self._most + 1):
                    self._kept.pop(UUID(stream), None)
            else:
                return
            self._size, self._leaf = size, self._journal.leaf(size)

    def at(self, cls: type[A], id_: UUID, known: int) -> A | None:
        """An aggregate as it was known at a size of the journal, to be read alone."""
        with self._lock:
            folded = self._kept.get(id_)
            if folded and folded.known <= known <= self._size and type(folded.aggregate) is cls:
                self._kept.move_to_end(id_)
                return folded.aggregate
        found = self._journal.fold(cls, id_, known)
        with self._lock:
            if found and known == self._size:
                self._kept[id_] = _Folded(known, found)
                while len(self._kept) > self._most:
                    self._kept.popitem(last=False)
        return found
