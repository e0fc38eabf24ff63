"""Aggregates as the last commands left them: the next ones need not read them again."""

from collections.abc import Iterable
from threading import Lock
from typing import TypeVar
from uuid import UUID

from domain.kernel import Aggregate

A = TypeVar("A", bound=Aggregate)

MOST = 500
"""How many aggregates are kept; the one that was least lately put back goes first."""


class AtHand:
    """What recorded commands left in memory. Each is lent to one command at a time.

    It may be behind the store, where somebody else has written. A command that is recorded had the
    versions of all that it read checked; nothing else is to be believed of what was lent: a refusal
    is decided again on what is stored. What a command does not put back is read from there.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._kept: dict[UUID, Aggregate] = {}
        self._lineage = 0
        self._lock = Lock()

    @property
    def kept(self) -> tuple[Aggregate, ...]:
        """What is at hand now."""
        with self._lock:
            return tuple(self._kept.values())

    def take(self, cls: type[A], id_: UUID, lineage: int = 0) -> A | None:
        """An aggregate of a kind, to be put back once what it has pending is recorded."""
        with self._lock:
            found = self._kept.pop(id_, None) if self._is_of(lineage) else None
        return found if type(found) is cls else None

    def put_back(
        self, aggregates: Iterable[Aggregate], changed: Iterable[UUID] = (), lineage: int = 0
    ) -> None:
        """Keep aggregates, each equal to the fold of its stream as it is stored.

        Args:
            changed: streams of which what was kept is past.
            lineage: how often another state had taken the place of the store when they were read;
                what was read before the last time is kept no more.
        """
        with self._lock:
            if not self._is_of(lineage):
                return
            for id_ in changed:
                self._kept.pop(id_, None)
            for aggregate in aggregates:
                self._kept.pop(aggregate.id, None)  # so that it comes last
                self._kept[aggregate.id] = aggregate
            while len(self._kept) > self._most:
                del self._kept[next(iter(self._kept))]

    def _is_of(self, lineage: int) -> bool:
        """Whether what is kept was read of a store; that of one before is let go of."""
        if lineage > self._lineage:
            self._kept.clear()
            self._lineage = lineage
        return lineage == self._lineage

    def clear(self) -> None:
        """Keep nothing of what was."""
        with self._lock:
            self._kept.clear()


class Loan:
    """What one command borrows of what is at hand; of nothing, it borrows nothing.

    Args:
        lineage: how often another state was seen in the place of the store, before it is read.
    """

    def __init__(self, at_hand: AtHand | None = None, lineage: int = 0) -> None:
        self._at_hand = at_hand
        self.lineage = lineage
        self.is_used = False

    def take(self, cls: type[A], id_: UUID) -> A | None:
        """An aggregate of a kind, where it is at hand."""
        found = self._at_hand.take(cls, id_, self.lineage) if self._at_hand else None
        self.is_used = self.is_used or found is not None
        return found
