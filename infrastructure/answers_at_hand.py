"""Answers about single things, at hand for whoever asks the same of today while nothing changes."""

from collections.abc import Callable, Collection, Hashable
from datetime import datetime
from threading import Lock
from typing import TypeVar, cast
from uuid import UUID

import sqlalchemy as sa

from application.kept import KeptAnswers, Noting, Recently
from application.world import Moment, World
from infrastructure.event_store.journal import Journal
from infrastructure.read_models.tracking import followed_to

T = TypeVar("T")

MANY = 2_000
"""Beyond so many streams that grew, every answer is asked for anew."""


NOTHING = Recently([], ())


class Sight:
    """Up to where a journal was seen, and what was recorded since."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self.known = 0
        self._leaf = b""

    def look(self, known: int) -> Recently | None:
        """What was recorded since the last look; `None` of much, or of another history."""
        if known == self.known and self._journal.leaf(known) == self._leaf:
            return NOTHING
        recently = self._recently(known)
        self.known, self._leaf = known, self._journal.leaf(known)
        return recently

    def _recently(self, known: int) -> Recently | None:
        if known < self.known or self._journal.leaf(self.known) != self._leaf:
            return None
        streams = self._journal.streams_between(self.known, known, MANY + 1)
        if len(streams) > MANY:
            return None
        topics = self._journal.topics_between(self.known, known) if streams else ()
        return Recently([UUID(stream) for stream in streams], topics)


class AnswersAtHand:
    """What was answered of today from what a world tells of single things.

    Of another day nothing is kept: it is asked anew.

    Args:
        most: how many answers are kept; the first one kept goes first.
    """

    def __init__(self, world: World, engine: sa.Engine, journal: Journal, most: int) -> None:
        self._engine = engine
        self._world = world
        self._sight = Sight(journal)
        self._kept = KeptAnswers(most)
        self._lock = Lock()

    def ask(
        self,
        key: Hashable,
        moment: Moment,
        now: datetime,
        question: Callable[[World], T],
        topics: Collection[str] = (),
    ) -> T:
        """The answer to a question, asked of the world unless one of today holds still.

        Args:
            key: what is asked, of what: the same for the same question.
            question: asks nothing but the world, and lists; its answer is changed by nobody.
            topics: of the events that the lists tell which it asks.
        """
        if not moment.is_today:
            return question(self._world)
        with self._lock:
            if moment.known >= self._sight.known:
                self._kept.bring_up(moment, now, self._sight.look(moment.known))
                answer = self._kept.find(key)
                if answer:
                    return cast("T", answer.said)
        tells_all = not topics or self._is_followed(moment)
        noting = Noting(self._world)
        said = question(cast("World", noting))
        # That a rebuild of the lists began and ended meanwhile cannot be: it reads all there is.
        tells_all = tells_all and (not topics or self._is_followed(moment))
        with self._lock:
            if tells_all and moment.known == self._sight.known:
                self._kept.keep(key, said, noting, topics=topics)
        return said

    def _is_followed(self, moment: Moment) -> bool:
        """Whether the lists tell all that was known: what is behind is not kept."""
        with self._engine.connect() as tx:
            return followed_to(tx) >= moment.known
