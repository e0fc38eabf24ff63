"""Whether the recorded steps of a case lead each to where the next one begins. Pure.

Read as whoever has nothing but the events would: steps in the order of their days, then in that of
their recording; a corrected one as its last correction says, in its place; a retracted one not.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from domain.case import Begun, Entered, Migrated, Moved, journey_id
from domain.kernel import Recorded
from domain.pole import Pole
from domain.provenance import Kind
from domain.recognised import LAPSED, RECOGNISED, Recognised
from domain.recognition import ARTICLE_9

BY_ITSELF = (RECOGNISED, LAPSED)
"""The stages of a pole that a recognition under article 9 begins and ends, with no step."""


@dataclass(frozen=True, slots=True)
class Leg:
    """A step, as far as the path goes: its day, its place in its stream, from where to where."""

    day: date
    version: int
    index: int
    journey: str
    left: str | None
    reached: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A step that leaves from elsewhere than where the one before it led."""

    index: int
    reached: str
    left: str


class WayTaken:
    """What is known of the steps of one stream, as its events come."""

    def __init__(self) -> None:
        self.legs: dict[str, Leg] = {}
        """By the identity of the event that each was first recorded by."""
        self._first: dict[str, str] = {}
        """By the identity of a correction, that of what it corrects in the end."""
        self._recognised_from: date | None = None

    def hear(self, recorded: Recorded) -> None:
        """Take in the next event of the stream."""
        event = recorded.event
        if isinstance(event, Recognised.RecognitionAttached):
            if event.recognition_kind in ARTICLE_9:
                known = self._recognised_from or date.max
                self._recognised_from = min(known, recorded.in_force_from)
            return
        identity = str(event.meta.event_id)
        corrected = str(event.corrects) if event.corrects else None
        place = self._first.get(corrected, corrected) if corrected else None
        if place is None or event.kind is Kind.ASSERT:
            leg = _leg(recorded)
            if leg:
                self.legs[identity] = leg
        elif event.kind is Kind.RETRACT:
            self.legs.pop(place, None)
        elif place in self.legs and (leg := _leg(recorded)):
            self._first[identity] = place
            self.legs[place] = replace(leg, version=self.legs[place].version)

    def gaps(self) -> Iterator[Gap]:
        """Where a step does not begin where the one before it led."""
        for legs in _by_journey(self.legs.values()).values():
            at: str | None = None
            for leg in sorted(legs, key=lambda leg: (leg.day, leg.version)):
                if at is not None and leg.left not in (None, at) and not self._is_told(leg):
                    yield Gap(leg.index, at, str(leg.left))
                at = leg.reached

    def _is_told(self, leg: Leg) -> bool:
        """Whether the state it leaves from came of a recognition."""
        since = self._recognised_from
        return since is not None and since <= leg.day and leg.left in BY_ITSELF


def _by_journey(legs: Iterable[Leg]) -> Mapping[str, list[Leg]]:
    found: dict[str, list[Leg]] = {}
    for leg in legs:
        found.setdefault(leg.journey, []).append(leg)
    return found


def _leg(recorded: Recorded) -> Leg | None:
    """The step that an event is; `None` of what moves nothing."""

    def leg(journey: str, left: str | None, reached: str) -> Leg:
        place = recorded.in_force_from, recorded.version, recorded.position - 1
        return Leg(*place, journey_id(journey), left, reached)

    match recorded.event:
        case Moved() as step:
            return leg(step.journey, step.from_, step.to)
        case Migrated() as migration if migration.came_from is not None:
            return leg(migration.to, migration.came_from, migration.state)
        case Begun() as begun:
            return leg(begun.journey, None, begun.state)
        case Entered() | Pole.Registered() as entered:
            return leg(entered.journey, None, entered.stage)
    return None
