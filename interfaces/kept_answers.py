"""Answers that many ask for and that are long to make: kept while nothing more is recorded."""

from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar, cast

import sqlalchemy as sa

from application.world import Moment
from infrastructure.event_store.journal import Journal
from infrastructure.read_models.follower import FOLLOWER, TRACKING

T = TypeVar("T")

MOST = 32
"""How many answers are kept; the one that was made first goes first."""


class KeptAnswers:
    """What was answered at a moment is answered again, by whoever asks, until the journal grows.

    Nothing is kept while the lists are behind the journal, and nothing of before another state
    was put back.
    """

    def __init__(self, engine: sa.Engine, journal: Journal, most: int = MOST) -> None:
        self._engine = engine
        self._journal = journal
        self._most = most
        self._kept: dict[tuple[Any, ...], Any] = {}
        self._lock = Lock()

    def answer(self, question: str, moment: Moment, make: Callable[[Moment], T]) -> T:
        """What a question is answered at a moment; made where it is not kept."""
        key = (question, moment.known, moment.in_force, self._journal.last_restored())
        with self._lock:
            if key in self._kept:
                return cast("T", self._kept[key])
        found = make(moment)
        if self._told() >= moment.known:
            with self._lock:
                self._kept[key] = found
                while len(self._kept) > self._most:
                    del self._kept[next(iter(self._kept))]
        return found

    def _told(self) -> int:
        """Up to where the lists tell the journal."""
        query = sa.select(TRACKING.c.notification_id).where(TRACKING.c.application_name == FOLLOWER)
        with self._engine.connect() as tx:
            return int(tx.execute(query).scalar_one())
