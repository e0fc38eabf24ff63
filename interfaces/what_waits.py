"""What was answered of all that waits, kept for the next question about the same day."""

from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from threading import Lock
from typing import Any, TypeVar, cast
from uuid import UUID

import sqlalchemy as sa

from application.awaited import Awaited
from application.inbox import CaseLine, case_line
from application.kept import KeptAnswers
from application.listing import EVERY_LIST, Listing
from application.register import PoleLine
from application.world import Moment
from infrastructure.answers_at_hand import Sight
from infrastructure.event_store.journal import Journal
from infrastructure.read_models.at_hand import ThingsAtHand
from infrastructure.read_models.lists import Lists
from infrastructure.read_models.models import TOPICS
from infrastructure.read_models.tracking import followed_to

T = TypeVar("T")

ANSWERS = 16
"""How many whole answers are kept; the one that was least lately asked for goes first."""


@dataclass(frozen=True, slots=True)
class LinesOfDay:
    """The lines of lists that may wait, at a moment."""

    lists: Lists
    moment: Moment

    def lines(self, listed: Listing[Any], awaited: Awaited[Any]) -> Sequence[Any]:
        """Those of a list, by what their declaration says of them."""
        return self.lists.bare(listed, self.moment, within=awaited.within, **awaited.where)

    @staticmethod
    def topics(listed: Listing[Any]) -> Collection[str]:
        """Those of the events that a list tells."""
        return TOPICS[listed.name]


class WhatWaits:
    """The cases of today, what each of them waits for, and the last answers made of that.

    Of another day nothing is kept: it is asked anew.
    """

    def __init__(self, engine: sa.Engine, journal: Journal, lists: Lists) -> None:
        self._engine = engine
        self._journal = journal
        self._lists = lists
        self._lines = {
            concept: ThingsAtHand(engine, journal, partial(self._read, concept), 2)
            for concept in TOPICS
            if concept in EVERY_LIST
        }
        self._case_lines: dict[UUID, tuple[Any, PoleLine | None, CaseLine]] = {}
        self._kept = KeptAnswers()
        self._sight = Sight(journal)
        self._answers: OrderedDict[Hashable, tuple[Hashable, object]] = OrderedDict()
        self._lock = Lock()

    def ask(
        self, key: Hashable, moment: Moment, now: datetime, question: Callable[[KeptAnswers], T]
    ) -> T:
        """The answer to a question about all that waits: the same object while nothing changes."""
        if not moment.is_today or not self._is_followed(moment):
            return question(KeptAnswers.of(moment, now))
        with self._lock:
            leaf = self._journal.leaf(moment.known)
            stamp = (leaf, moment.in_force, now.replace(second=0, microsecond=0))
            stamped, said = self._answers.pop(key, (None, None))
            if stamped != stamp:
                self._kept.bring_up(moment, now, self._sight.look(moment.known))
                said = question(self._kept)
            self._answers[key] = stamp, said
            while len(self._answers) > ANSWERS:
                self._answers.popitem(last=False)
            return cast("T", said)

    def cases(
        self, concept: str, poles: Mapping[UUID, PoleLine], moment: Moment
    ) -> Sequence[CaseLine]:
        """The cases of a kind that may wait: of some poles, or of none."""
        lines = self._lines[concept].at(moment).values()
        return [
            self._case_line(concept, line, poles.get(line.pole))
            for line in lines
            if line.pole is None or line.pole in poles
        ]

    def _case_line(self, concept: str, line: Any, pole: PoleLine | None) -> CaseLine:
        """A line of a list with its pole: the same object for the same two."""
        made = self._case_lines.get(line.id)
        if made is None or made[0] is not line or made[1] is not pole:
            made = self._case_lines[line.id] = line, pole, case_line(concept, line, pole)
        return made[2]

    def _is_followed(self, moment: Moment) -> bool:
        """Whether the lists tell all that was known: lists that are behind are not kept."""
        with self._engine.connect() as tx:
            return followed_to(tx) >= moment.known

    def _read(self, concept: str, moment: Moment, ids: Collection[str] | None) -> Mapping[str, Any]:
        chosen: dict[str, Any] = {} if ids is None else {"id": tuple(ids)}
        return {
            str(line.id): line for line in self._lists.bare(EVERY_LIST[concept], moment, **chosen)
        }
