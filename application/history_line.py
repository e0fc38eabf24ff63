"""A line of a history: one event in words, and who says by its name what events know by a code."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from application.contested import ContestMark
from application.given_in_words import StepGiven
from application.mandate import account_in_words
from application.world import Moment, World
from domain.case import Case
from domain.roles import Role
from domain.values import Frozen


class HistoryLine(Frozen):
    """One event in words, with what an auditor needs to find it again."""

    position: int
    event_id: UUID
    topic: str
    recorded_at: datetime
    occurred_on: str
    title: str
    detail: str
    role: Role
    actor: UUID
    ground: str | None
    source: str | None
    confidence: str | None
    reason: str | None
    given: tuple[StepGiven, ...] = ()
    """Of a step: what it was given, once that may be told (`application.withheld`)."""
    not_checked: tuple[str, ...] = ()
    disputed: tuple[str, ...] = ()
    """Of a step: the conditions that rested on a contested fact when it was taken."""
    contests: tuple[ContestMark, ...] = ()
    """What was held instead, and what was answered."""
    on_behalf_of: str | None = None
    """For whom it was done, in words, where it was under a mandate."""
    vote: UUID | None = None
    """The vote that it is about."""
    mended: str | None = None
    """Of a fact that is no longer held as it is told here: since when, by what, and why."""
    corrects: UUID | None = None
    """The event that it tells again, or takes back."""
    says_a_figure: bool = False
    """Whether it tells a figure, which is never shown without its source."""

    @property
    def account(self) -> str:
        """Which account did it, so that two distinct ones are told apart."""
        return f"compte {account_in_words(self.actor)}"


InWords = Callable[[World, Case, HistoryLine, Moment], HistoryLine]
"""What says, in a line of a history, by its name what events know by a code."""

NAMED: dict[str, InWords] = {}
"""The kinds of cases whose histories are said so, by their concept."""


def named_in(concept: str) -> Callable[[InWords], InWords]:
    """Say the histories of a kind of case with the names of what their events know by a code."""

    def declare(function: InWords) -> InWords:
        NAMED[concept] = function
        return function

    return declare
