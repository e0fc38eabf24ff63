"""A case whose stage of recognition lasts exactly as long as a recognition under article 9 does."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from typing_extensions import override

from domain.case import Case, Stay
from domain.dates import PartialDate
from domain.kernel import Event, event
from domain.recognition import ARTICLE_9, RecognitionKind
from domain.words import Name, later

RECOGNISED = "recognised"
LAPSED = "experimentation"
"""The stage to which a pole goes back when the last recognition in force has ended."""


ASIDE = frozenset({"dormant", "ended"})
"""The stages in which a recognition, if one is in force, does not show."""


@dataclass(frozen=True, slots=True)
class Span:
    """The days of a recognition under article 9, `until` excluded, and its dates as known."""

    since: date
    until: date | None
    began_on: PartialDate
    ended_on: PartialDate | None = None

    def covers(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Standing:
    """The stage in which a pole stands on a day, and since when."""

    stage: str
    since: date
    occurred_on: PartialDate


def standing(
    step: Standing, came_from: str | None, recognitions: Sequence[Span], day: date
) -> Standing:
    """What holds on a day of the stage to which the last step led.

    A pole that is neither silent nor ended stands recognised exactly if a recognition is in force.

    Args:
        came_from: the stage that the step left.
    """
    if not recognitions or step.stage in ASIDE:
        return step
    if not any(known.covers(day) for known in recognitions):
        if step.stage != RECOGNISED:
            return step
        over = [known for known in recognitions if known.until and known.until <= day]
        last = max(over, key=lambda known: known.until or date.max, default=None)
        if last is None or last.until is None or last.until <= step.since:
            return Standing(LAPSED, step.since, step.occurred_on)
        return Standing(LAPSED, last.until, last.ended_on or PartialDate.on(last.until))
    first = next(known for known in recognitions if known.covers(day))
    while reached := [k for k in recognitions if k.since < first.since <= (k.until or date.max)]:
        first = min(reached, key=lambda known: known.since)
    goes_on = step.stage == RECOGNISED or came_from in ASIDE
    if goes_on and first.since <= step.since:
        return Standing(RECOGNISED, step.since, step.occurred_on)
    return Standing(RECOGNISED, first.since, first.began_on)


class Recognised(Case):
    """Keeps the recognitions of a case, and lets the stage that rests on them follow them.

    On the axis of what was in force, a pole that is neither silent nor ended stands recognised on
    a day exactly if a recognition under article 9 (law of 31 July 2014) was in force that day:
    whether the step back to experimentation was recorded, early, late or not at all.

    A contest changes none of these days: until the answer both versions stand, so a contested
    recognition is in force until its term, and one whose end is contested has ended. Only, nobody
    records by itself what follows, and the stage is shown as contested (product rule).
    """

    class RecognitionAttached(Event):
        """A recognition concerns this pole."""

        TOPIC = "pole.recognition_attached.v1"
        recognition: UUID
        code: Name
        recognition_kind: RecognitionKind | None = later(None)
        """Absent from what was recorded before November 2026."""

    class RecognitionEnded(Event):
        """A recognition of this pole no longer holds."""

        TOPIC = "pole.recognition_ended.v1"
        recognition: UUID

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.recognitions: dict[UUID, str] = {}
        self._article9: dict[UUID, Span] = {}
        """None, where their kind was not kept here yet: the steps alone tell of those."""
        self._terms: dict[UUID, date | None] = {}
        """When each of these would have ended, had nobody ended it."""

    def end_recognition(self, recognition: UUID) -> None:
        """Remember that a recognition ended, in the same save in which it does."""
        if recognition in self.recognitions:
            self._recognition_ended(recognition=recognition)

    @override
    def holding(self, journey: str, stay: Stay, day: date) -> Stay:
        if journey != self.main.id:
            return stay
        said = Standing(stay.value, stay.since, stay.occurred_on)
        holds = standing(said, stay.came_from, [*self._article9.values()], day)
        if holds == said:
            return stay
        left = LAPSED if holds.stage == RECOGNISED else RECOGNISED
        return replace(
            stay,
            value=holds.stage,
            since=holds.since,
            occurred_on=holds.occurred_on,
            came_from=left,
        )

    def stage_hangs_on(
        self, day: date, *, doubted: Collection[UUID] = (), unended: Collection[UUID] = ()
    ) -> bool:
        """Whether the stage on a day, or since when, would be another one.

        Args:
            doubted: had these recognitions never been.
            unended: had these not been ended before their term.
        """
        # A step back to experimentation only tells what holds without it.
        steps = self.main.states.until(day)
        back = (RECOGNISED, LAPSED)
        stay = next((one for one in steps if (one.came_from, one.value) != back), None)
        if stay is None:
            return False
        told, step = self._article9, Standing(stay.value, stay.since, stay.occurred_on)

        def stands(spans: Iterable[Span]) -> Standing:
            return standing(step, stay.came_from, [*spans], day)

        def unless(id_: UUID, known: Span) -> Span:
            return replace(known, until=known.since) if id_ in doubted else known

        def going_on(id_: UUID, known: Span) -> Span:
            is_on = id_ in unended
            return replace(known, until=self._terms[id_], ended_on=None) if is_on else known

        holds = stands(told.values())
        return any(
            stands(other(*one) for one in told.items()) != holds for other in (unless, going_on)
        )

    @override
    def leads_to(self, state: str, left: str) -> bool:
        return state == left or RECOGNISED in (state, left)

    def lapses(self, until: date) -> Iterator[date]:
        """The days, up to one, on which it went back to experimentation and no step says so."""
        for day in sorted({known.until for known in self._article9.values() if known.until}):
            stay = self.main.states.in_force(day)
            stands = self.main.stay_on(day)
            if (
                day <= until
                and stay
                and stands
                and (stay.value, stands.value)
                == (
                    RECOGNISED,
                    LAPSED,
                )
            ):
                yield day

    @event(RecognitionAttached)
    def _recognition_attached(
        self, *, recognition: UUID, code: str, recognition_kind: RecognitionKind | None
    ) -> None:
        self.recognitions[recognition] = code
        if recognition_kind in ARTICLE_9:
            self._article9[recognition] = Span(self.since, self.until, self.occurred_on)
            self._terms[recognition] = self.until
        self._heard()

    @event(RecognitionEnded)
    def _recognition_ended(self, *, recognition: UUID) -> None:
        known = self._article9.get(recognition)
        if known:
            until = max(known.since, min(known.until or self.since, self.since))
            self._article9[recognition] = replace(known, until=until, ended_on=self.occurred_on)

    def _heard(self) -> None:
        """Remember that something was heard of it on the day of the fact."""
