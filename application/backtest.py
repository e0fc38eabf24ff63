"""A draft of a journey put to the recorded history of every case that follows it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from application.case import called, cases_of
from application.replay import Judged, Objection, Replay
from application.world import World
from domain.case import Case
from domain.dates import paris_day
from domain.difference import RightChange, rights_between
from domain.journey import Journey
from domain.rulebook import digest_of
from domain.rules import CompiledJourney
from domain.values import Frozen
from domain.words import Stored

SHOWN = 3
"""How many steps are named of those that met the same objection; the others are counted."""

Progress = Callable[[int, int], None]
"""Told after each case: how many were done, of how many."""


class StepRef(Frozen):
    """A recorded step: its place in the journal, and its day."""

    position: int
    day: date


class RepeatedObjection(Frozen):
    """Steps of one case that met the same objection: how many, the first and the last of them."""

    objection: Objection
    times: int
    first: date
    last: date
    values: Mapping[str, Stored]
    """What the clause saw the first time."""
    steps: tuple[StepRef, ...]
    """The first few."""


class Sooner(Frozen):
    """A step that the draft would have let be taken before its own rules did."""

    position: int
    transition: str
    taken: date
    by_draft: date
    by_its_rules: date
    """The first day its own rules let it; the day it was taken, where they never clearly did."""


class Counts(Frozen):
    """Steps, each counted once."""

    steps: int = 0
    allowed: int = 0
    refused: int = 0
    unknown: int = 0
    """Those that cannot be judged: what a clause asks about was not known."""
    elsewhere: int = 0
    """Those that the draft would let lead to another state."""
    stranded: int = 0
    """Those that leave or enter a state which the draft has not."""
    earlier: int = 0
    """Among those allowed: those that would have been sooner."""


class RightsChanged(Frozen):
    """What changes for cases that follow a version and stand in a state."""

    journey: str
    state: str
    cases: int
    changes: tuple[RightChange, ...]


class CaseReport(Frozen):
    """What the draft would have made of one case."""

    id: str
    code: str
    name: str
    journey: str
    """The version that it follows."""
    state: str
    """Where it stands."""
    stranded: bool
    """Whether the draft has no state in which it could go on."""
    counts: Counts
    refused: tuple[RepeatedObjection, ...] = ()
    unknown: tuple[RepeatedObjection, ...] = ()
    elsewhere: tuple[RepeatedObjection, ...] = ()
    stranded_steps: tuple[RepeatedObjection, ...] = ()
    earlier: tuple[Sooner, ...] = ()
    """The first few; `counts` has their number."""

    @property
    def is_untouched(self) -> bool:
        """Whether the draft would have changed nothing for it."""
        told = (self.refused, self.unknown, self.elsewhere, self.stranded_steps, self.earlier)
        return not self.stranded and not any(told)

    @property
    def is_only_unknown(self) -> bool:
        """Whether all there is to say of it is that something is not known."""
        told = (self.refused, self.elsewhere, self.stranded_steps, self.earlier)
        return bool(self.unknown) and not self.stranded and not any(told)


class Summary(Frozen):
    """One objection over all cases."""

    objection: Objection
    times: int
    cases: int


class Backtest(Frozen):
    """A draft put to a whole history. What it would have refused was recorded all the same."""

    draft: str
    digest: str
    since: date | None
    size: int
    """The size of the journal that was read: asked again at this size, the answer is the same."""
    cases: int
    stranded_cases: int
    counts: Counts
    refused: tuple[Summary, ...]
    unknown: tuple[Summary, ...]
    rights: tuple[RightsChanged, ...]
    items: tuple[CaseReport, ...]


def backtest(
    world: World,
    draft: Journey,
    *,
    until: int,
    since: date | None = None,
    progress: Progress = lambda done, total: None,
) -> Backtest:
    """Replay every case that follows a journey of the draft's id; nothing is written.

    Cases are replayed one after the other, their events read as they come: what is held at once is
    one case, and what is to be said of those before it.

    Args:
        since: judge only the steps that took effect from this day on.
    """
    compiled = world.compile(draft)
    found = cases_of(world, draft.id, until)
    reports = []
    for done, (id_, kind) in enumerate(found.items(), start=1):
        reports.append(_report(world, compiled, kind(id_), until, since))
        progress(done, len(found))
    reports.sort(key=lambda report: report.code)
    return Backtest(
        draft=draft.ref,
        digest=digest_of(draft),
        since=since,
        size=until,
        cases=len(reports),
        stranded_cases=sum(report.stranded for report in reports),
        counts=_total(report.counts for report in reports),
        refused=tuple(_summaries(report.refused for report in reports)),
        unknown=tuple(_summaries(report.unknown for report in reports)),
        rights=tuple(_rights(world, draft, reports)),
        items=tuple(reports),
    )


# --- one case ----------------------------------------------------------------------------------


@dataclass(slots=True)
class _Tally:
    """Steps that met one objection: their number, the first few, and the ends."""

    values: Mapping[str, Stored]
    first: date = date.max
    last: date = date.min
    times: int = 0
    steps: list[StepRef] = field(default_factory=list)

    def add(self, judged: Judged) -> None:
        self.times += 1
        self.first, self.last = min(self.first, judged.day), max(self.last, judged.day)
        if len(self.steps) < SHOWN:
            self.steps.append(StepRef(position=judged.position, day=judged.day))


@dataclass(slots=True)
class _Found:
    """What a case has met so far; it grows with the definition, not with the steps."""

    counts: dict[str, int] = field(default_factory=dict)
    tallies: dict[str, dict[Objection, _Tally]] = field(default_factory=dict)
    earlier: list[Sooner] = field(default_factory=list)

    def add(self, judged: Judged) -> None:
        self._count("steps")
        self._count(judged.result)
        for objection, values in judged.objections:
            tallies = self.tallies.setdefault(judged.result, {})
            tallies.setdefault(objection, _Tally(values)).add(judged)
        if judged.earlier and judged.by_its_rules:
            self._count("earlier")
            sooner = Sooner(
                position=judged.position,
                transition=judged.transition,
                taken=judged.day,
                by_draft=judged.earlier,
                by_its_rules=judged.by_its_rules,
            )
            if len(self.earlier) < SHOWN:
                self.earlier.append(sooner)

    def _count(self, name: str) -> None:
        self.counts[name] = self.counts.get(name, 0) + 1

    def repeated(self, result: str) -> tuple[RepeatedObjection, ...]:
        return tuple(
            RepeatedObjection(
                objection=objection,
                times=tally.times,
                first=tally.first,
                last=tally.last,
                values=tally.values,
                steps=tuple(tally.steps),
            )
            for objection, tally in self.tallies.get(result, {}).items()
        )


def _report(
    world: World, draft: CompiledJourney, case: Case, until: int, since: date | None
) -> CaseReport:
    replay = Replay(world, draft, case, until)
    found = _Found()
    for judged in replay.steps(since):
        found.add(judged)
    track = case.track(draft.journey.id)
    today = paris_day(world.clock())
    state = track.state_on(today) or track.states.last.value
    code, name = called(case)
    return CaseReport(
        id=str(case.id),
        code=code,
        name=name,
        journey=track.journey,
        state=state,
        stranded=replay.state_here(state) is None,
        counts=Counts(**found.counts),
        refused=found.repeated("refused"),
        unknown=found.repeated("unknown"),
        elsewhere=found.repeated("elsewhere"),
        stranded_steps=found.repeated("stranded"),
        earlier=tuple(found.earlier),
    )


# --- all of them -------------------------------------------------------------------------------


def _total(counts: Iterable[Counts]) -> Counts:
    total = dict.fromkeys(Counts.model_fields, 0)
    for one in counts:
        for name in total:
            total[name] += getattr(one, name)
    return Counts(**total)


def _summaries(reports: Iterable[tuple[RepeatedObjection, ...]]) -> Iterator[Summary]:
    """Objections over all cases, the most frequent first."""
    times: dict[tuple[str, str, str], list[int]] = {}
    shown: dict[tuple[str, str, str], Objection] = {}
    for repeated in reports:
        for one in repeated:
            # What is not known may differ from case to case; the clause is one.
            key = one.objection.kind, one.objection.transition, one.objection.id
            shown.setdefault(key, one.objection)
            count = times.setdefault(key, [0, 0])
            count[0] += one.times
            count[1] += 1
    for key, (number, cases) in sorted(times.items(), key=lambda item: (-item[1][0], item[0])):
        yield Summary(objection=shown[key], times=number, cases=cases)


def _rights(world: World, draft: Journey, reports: Iterable[CaseReport]) -> Iterator[RightsChanged]:
    """State by state, who gains or loses what among the cases that stand there."""
    standing: dict[tuple[str, str], int] = {}
    for report in reports:
        if not report.stranded:
            place = report.journey, report.state
            standing[place] = standing.get(place, 0) + 1
    for (ref, state), cases in sorted(standing.items()):
        followed = world.compiled(ref).journey
        there = draft.replaces.get(state, state)
        changes = tuple(rights_between(followed, state, draft, there))
        if changes:
            yield RightsChanged(journey=ref, state=state, cases=cases, changes=changes)
