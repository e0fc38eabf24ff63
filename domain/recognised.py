"""A case whose stage of recognition lasts exactly as long as a recognition under article 9 does."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from typing_extensions import override

from domain.case import Case
from domain.dates import PartialDate
from domain.finality import Finality
from domain.kernel import Event, event
from domain.living import Living
from domain.recognition import ARTICLE_9, RecognitionKind
from domain.span import Span
from domain.track import Stay
from domain.words import Name, later

RECOGNISED = "recognised"
LAPSED = "experimentation"
"""The stage to which a pole goes back when the last recognition in force has ended."""

BACK = (RECOGNISED, LAPSED)
"""The step by which it does."""

ASIDE = frozenset({"dormant", "ended"})
"""The stages in which a recognition, if one is in force, does not show (product rule): what is said
of a pole without news is that it is without news, and its sheet says beside it what is in force."""


@dataclass(frozen=True, slots=True)
class RecognitionSpan(Span):
    """The days of a recognition under article 9, and its dates as known."""

    began_on: PartialDate
    ended_on: PartialDate | None = None


@dataclass(frozen=True, slots=True)
class StageHeld:
    """The stage in which a pole stands on a day, and since when."""

    stage: str
    since: date
    occurred_on: PartialDate


def standing(
    step: StageHeld,
    recognitions: Sequence[RecognitionSpan],
    day: date,
    awake: StageHeld | None = None,
) -> StageHeld:
    """What holds on a day of the stage to which the last step led.

    A pole that is neither silent nor ended stands recognised exactly if a recognition is in force;
    and so since the first day of the unbroken run of recognitions that the day belongs to, in
    whatever order they were recorded, or since it came back from a silence during that run.

    Args:
        awake: the step by which it last left silence, if it was ever silent.
    """
    if not recognitions or step.stage in ASIDE:
        return step
    if not any(known.covers(day) for known in recognitions):
        if step.stage != RECOGNISED:
            return step
        over = [known for known in recognitions if known.until and known.until <= day]
        last = max(over, key=lambda known: known.until or date.max, default=None)
        if last is None or last.until is None or last.until <= step.since:
            return StageHeld(LAPSED, step.since, step.occurred_on)
        return StageHeld(LAPSED, last.until, last.ended_on or PartialDate.on(last.until))
    first = min((known for known in recognitions if known.covers(day)), key=_beginning)
    while reached := [k for k in recognitions if k.since < first.since <= (k.until or date.max)]:
        first = min(reached, key=_beginning)
    if awake and first.since <= awake.since:
        return StageHeld(RECOGNISED, awake.since, awake.occurred_on)
    return StageHeld(RECOGNISED, first.since, first.began_on)


def _beginning(known: RecognitionSpan) -> tuple[date, int, str]:
    """Of those that begin on one day, the one whose date is best known comes first."""
    told = str(known.began_on)
    return known.since, -len(told), told


def is_void(
    stage: str, came_from: str | None, since: date, recognitions: Iterable[RecognitionSpan]
) -> bool:
    """Whether a step only tells what holds without it: one back, after a recognition has ended.

    When the last one ended is told by the recognitions: it may be known to be another day since.
    """
    if (came_from, stage) != BACK:
        return False
    return any(known.until and known.until <= since for known in recognitions)


class Recognised(Living, Case):
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
        UNDONE_BY = Finality.CONSEQUENCE
        recognition: UUID
        code: Name
        recognition_kind: RecognitionKind | None = later(None)
        """Absent from what was recorded before November 2026."""

    class RecognitionEnded(Event):
        """A recognition of this pole no longer holds."""

        TOPIC = "pole.recognition_ended.v1"
        UNDONE_BY = Finality.CONSEQUENCE
        recognition: UUID

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.recognitions: dict[UUID, str] = {}
        self._article9: dict[UUID, RecognitionSpan] = {}
        """Without those whose kind was not kept here yet: the steps alone tell of them."""
        self._terms: dict[UUID, date | None] = {}
        """When each of these would have ended, had nobody ended it."""

    def end_recognition(self, recognition: UUID) -> None:
        """Remember that a recognition ended, in the same save in which it does."""
        if recognition in self.recognitions:
            self._recognition_ended(recognition=recognition)

    @override
    def holding(self, journey: str, stay: Stay, day: date) -> Stay:
        if journey != self.main.id or not self._article9:
            return stay
        recorded, stay = stay, self._telling(stay)
        said = StageHeld(stay.value, stay.since, stay.occurred_on)
        holds = standing(said, [*self._article9.values()], day, self._awake(stay))
        if holds == said:
            return stay
        left = LAPSED if holds.stage == RECOGNISED else RECOGNISED
        return replace(
            recorded if recorded.value == holds.stage else stay,
            value=holds.stage,
            since=holds.since,
            occurred_on=holds.occurred_on,
            came_from=left,
        )

    def is_recognised_on(self, day: date) -> bool:
        """Whether a recognition under article 9 is in force on a day, whatever its stage."""
        return any(known.covers(day) for known in self._article9.values())

    def _telling(self, stay: Stay) -> Stay:
        """A step, or the last one before it that still tells something of the stage."""
        spans = [*self._article9.values()]
        for earlier in self._back_from(stay):
            if not is_void(earlier.value, earlier.came_from, earlier.since, spans):
                return earlier
        return stay

    def _awake(self, stay: Stay) -> StageHeld | None:
        """The step by which it last left silence, up to one."""
        following: Stay | None = None
        for earlier in self._back_from(stay):
            if earlier.value in ASIDE:
                break
            following = earlier
        else:
            return None
        if following is None:
            return None
        return StageHeld(following.value, following.since, following.occurred_on)

    def _back_from(self, stay: Stay) -> Iterator[Stay]:
        """A step and those before it, the last one first."""
        return (one for one in self.main.states.until(stay.since) if one.place <= stay.place)

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
        stay = next((one for one in steps if (one.came_from, one.value) != BACK), None)
        if stay is None:
            return False
        told, step = self._article9, StageHeld(stay.value, stay.since, stay.occurred_on)
        awake = self._awake(stay)

        def stands(spans: Iterable[RecognitionSpan]) -> StageHeld:
            return standing(step, [*spans], day, awake)

        def unless(id_: UUID, known: RecognitionSpan) -> RecognitionSpan:
            return replace(known, until=known.since) if id_ in doubted else known

        def going_on(id_: UUID, known: RecognitionSpan) -> RecognitionSpan:
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
            if day > until or stay is None or stands is None:
                continue
            if (stay.value, stands.value) == (RECOGNISED, LAPSED):
                yield day

    @event(RecognitionAttached)
    def _recognition_attached(
        self, *, recognition: UUID, code: str, recognition_kind: RecognitionKind | None
    ) -> None:
        self.recognitions[recognition] = code
        if recognition_kind in ARTICLE_9:
            self._article9[recognition] = RecognitionSpan(self.since, self.until, self.occurred_on)
            self._terms[recognition] = self.until
        self._heard()

    @event(RecognitionEnded)
    def _recognition_ended(self, *, recognition: UUID) -> None:
        known = self._article9.get(recognition)
        if known:
            until = max(known.since, min(known.until or self.since, self.since))
            self._article9[recognition] = replace(known, until=until, ended_on=self.occurred_on)
