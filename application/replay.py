"""One case replayed under a definition it never followed, step by step, with what was known."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from application.world import Told, World
from domain.case import Case, Moved
from domain.dates import paris_day
from domain.difference import expression_of
from domain.errors import NotFound
from domain.journey import Transition
from domain.kernel import Aggregate, event_class, instant_of
from domain.rights import Who, roles_in
from domain.roles import Role
from domain.rules import CompiledClause, CompiledJourney, Value, fact_values, instant
from domain.values import Frozen
from domain.words import Stored
from domain.workflow import Verdict, why

PASSING = frozenset({"now", "deadlines.passed"})
"""What changes as days pass, though nothing happens to a case."""


class Objection(Frozen):
    """What stands against a step: the clause, or the other part of the definition, and why."""

    kind: str
    """`clause`, `role`, `transition`, `origin`, `input`, `group`, `state` or `target`."""
    transition: str
    id: str = ""
    """The clause, the role, the input or the state."""
    sentence: str = ""
    source: str = ""
    wanting: tuple[str, ...] = ()
    """The facts that are not known."""


class Judged(Frozen):
    """What a definition says of one recorded step."""

    result: str
    """`allowed`, `refused`, `unknown`, `elsewhere` or `stranded`."""
    position: int
    day: date
    transition: str
    objections: tuple[tuple[Objection, Mapping[str, Stored]], ...] = ()
    earlier: date | None = None
    """The day from which it would have been open, where that is earlier than by its own rules."""
    by_its_rules: date | None = None
    """The day from which it was open by the rules it was taken under."""


class Replay:
    """The recorded life of one case, judged by a definition as it is read.

    Each step is judged on its day, with the facts known when it was recorded: those of the case up
    to there, those of others up to the end of the command that recorded it. The case is folded
    along; of what was read, nothing else is kept.
    """

    def __init__(
        self, world: World, draft: CompiledJourney, case: Case, until: int | None = None
    ) -> None:
        self.world = world
        self.draft = draft
        self.case = case
        self.until = until
        self._related: dict[UUID, _Related] = {}
        self._days: list[date] = []
        """The days on which a fact begins or ceases to hold, in order."""

    def steps(self, since: date | None = None) -> Iterator[Judged]:
        """What the definition says of every step of its journey, in the order of recording.

        Args:
            since: judge only those that took effect from this day on; the others are read.
        """
        for row in self.world.rows(self.case.id, self.until):
            if issubclass(event_class(row.topic), Moved):
                moved = row.read().event
                if isinstance(moved, Moved) and moved.journey.startswith(self._journey):
                    day = moved.valid_from or paris_day(instant_of(row.recorded_at))
                    if since is None or day >= since:
                        yield self._judge(moved, row, day)
            self.case.advance(row.version, row.recorded_at, row.topic, row.state)
            self._note(self.case)

    @property
    def _journey(self) -> str:
        return f"{self.draft.journey.id}@"

    def state_here(self, state: str) -> str | None:
        """The state of the definition in which a case goes on; `None` when there is none."""
        journey = self.draft.journey
        there = journey.replaces.get(state, state)
        return there if there in journey.state else None

    # One step.

    def _judge(self, moved: Moved, row: Told, day: date) -> Judged:
        recorded_on = paris_day(instant_of(row.recorded_at))

        def judged(result: str, *objections: _Against, **more: Any) -> Judged:
            about = {"position": row.position, "day": day, "transition": moved.transition}
            return Judged(result=result, objections=objections, **about, **more)

        for state in (moved.from_, moved.to):
            if self.state_here(state) is None:
                return judged("stranded", _against("state", moved, state))
        state = self.state_here(moved.from_) or ""
        journey = self.draft.journey
        way = journey.transition.get(moved.transition)
        if way is None or way not in journey.ways_out(state):
            kind, id_ = ("transition", "") if way is None else ("origin", state)
            return judged("refused", _against(kind, moved, id_))
        reading = _Reading(self, moved, row)
        now = instant_of(row.recorded_at) if day == recorded_on else instant(day)
        refused, unknown = self._objections(way, state, reading, day, now, recorded_on)
        if refused or unknown:
            return judged("refused" if refused else "unknown", *(refused or unknown))
        if (way.to or state) != self.state_here(moved.to):
            return judged("elsewhere", _against("target", moved, way.to or state))
        earlier, by_its_rules = self._sooner(way, reading, day)
        return judged("allowed", earlier=earlier, by_its_rules=by_its_rules)

    def _objections(
        self,
        way: Transition,
        state: str,
        reading: "_Reading",
        day: date,
        now: datetime,
        recorded_on: date,
    ) -> tuple[list["_Against"], list["_Against"]]:
        """What refuses the step, and what cannot be told of it."""
        moved = reading.moved
        who = Who(frozenset({moved.meta.role, *([Role.SYSTEM] * (way.trigger == "automatic"))}))
        journey = self.draft.journey
        if roles_in(journey, state, who).intersection(journey.bypass):
            return [], []
        given = inputs_of(way, moved.input)
        facts = reading.facts(day, self.draft)
        (found,) = why(self.draft, state, facts, who=who, now=now, given=given, only=way.id)
        refused, unknown = _about_input(way, moved)
        clauses = self.draft.clauses[way.id]
        known = {*facts, "now", *(f"input.{name}" for name in given)}
        for clause, finding in zip(clauses, found.findings, strict=True):
            if finding.verdict is Verdict.HELD:
                continue
            failed = finding.verdict is Verdict.FAILED
            against = _of_clause(moved, clause, () if failed else known), dict(finding.values)
            (refused if failed else unknown).append(against)
        if not found.admitted and reading.role_is_asked(day < recorded_on):
            kind, id_ = ("group", ", ".join(way.groups)) if way.groups else ("role", who_of(moved))
            (unknown if way.groups else refused).append(_against(kind, moved, id_))
        return refused, unknown

    # The day from which it was open.

    def _sooner(
        self, way: Transition, reading: "_Reading", day: date
    ) -> tuple[date | None, date | None]:
        """The day from which a step was open, where that is before its own rules opened it."""
        own, then = reading.own, reading.way_then
        stay = self.case.track(self.draft.journey.id).stay_on(day)
        if own is None or then is None or stay is None or stay.since >= day:
            return None, None
        here, there = self.draft.clauses[way.id], own.clauses[then.id]
        if _expressions(here) == _expressions(there):
            return None, None
        by_draft = _Gate(self.draft, here, inputs_of(way, reading.moved.input))
        by_own = _Gate(own, there, inputs_of(then, reading.moved.input))
        read = {name for clause in (*here, *there) for name in clause.reads}
        found = None
        for point in self._points(
            stay.since, day, daily=bool(read & (PASSING | self.case.PASSING))
        ):
            plain = reading.plain(point)
            if by_own.open(plain, self.case, point):
                return found, point if found else None
            if found is None and by_draft.open(plain, self.case, point):
                found = point
        return (found, day) if found else (None, None)

    def _points(self, start: date, end: date, *, daily: bool) -> Iterator[date]:
        """The days of a stay on which something may change, its last one left out."""
        if daily:
            yield from (start + timedelta(days=n) for n in range((end - start).days))
            return
        yield start
        first, last = bisect_right(self._days, start), bisect_left(self._days, end)
        yield from self._days[first:last]

    def _note(self, aggregate: Aggregate) -> None:
        for day in (aggregate.since, aggregate.until):
            if day is None:
                continue
            place = bisect_left(self._days, day)
            if place == len(self._days) or self._days[place] != day:
                insort(self._days, day)

    def related(self, cls: type[Aggregate], id_: UUID, position: int, command: UUID) -> Aggregate:
        """Another aggregate, as known once a command had recorded its events."""
        if id_ not in self._related:
            self._related[id_] = _Related(self.world, cls, id_, self.until)
        for aggregate in self._related[id_].advance(position, command):
            self._note(aggregate)
        return self._related[id_].known()


class _Related:
    """Another aggregate, folded along with the case."""

    def __init__(self, world: World, cls: type[Aggregate], id_: UUID, until: int | None) -> None:
        self._aggregate = cls(id_)
        self._rows = world.rows(id_, until)
        self._next = next(self._rows, None)

    def advance(self, position: int, command: UUID) -> Iterator[Aggregate]:
        """Take in what was recorded up to a position, and what the same command recorded after."""
        while row := self._next:
            if row.position > position and row.read().event.meta.correlation_id != command:
                return
            self._aggregate.advance(row.version, row.recorded_at, row.topic, row.state)
            self._next = next(self._rows, None)
            yield self._aggregate

    def known(self) -> Aggregate:
        if not self._aggregate.version:
            raise NotFound(name=self._aggregate.id)
        return self._aggregate


class _Reading:
    """The facts of a case as they were known when one step was recorded."""

    def __init__(self, replay: Replay, moved: Moved, row: Told) -> None:
        self.replay = replay
        self.moved = moved
        self._position = row.position
        try:
            self.own: CompiledJourney | None = replay.world.compiled(moved.journey)
        except NotFound:
            self.own = None
        ways = self.own.journey.transition if self.own else {}
        self.way_then: Transition | None = ways.get(moved.transition)

    def role_is_asked(self, past: bool) -> bool:
        """Whether whoever took the step had to hold its role.

        Not where the rules it was taken under did not give it either: a registrar recorded it, of
        the past. Nor where one may still record it so.
        """
        if past and self.moved.meta.role is Role.REGISTRAR:
            return False
        then = self.way_then
        return then is None or then.by is None or self.moved.meta.role in then.by

    def plain(self, day: date) -> dict[str, Value]:
        """What the case and others say of themselves on a day."""

        def read(cls: type[Aggregate], id_: UUID) -> Any:
            command = self.moved.meta.correlation_id
            return self.replay.related(cls, id_, self._position, command)

        return {
            **fact_values(self.replay.case.facts_on(day, read)),
            "actor.id": str(self.moved.meta.actor),
            "step.comment": self.moved.meta.reason or "",
        }

    def facts(self, day: date, compiled: CompiledJourney) -> dict[str, Value]:
        """The same, with what the engine lets clauses name."""
        plain = self.plain(day)
        return plain | self.replay.case.engine_facts_on(day, compiled.journey, plain)


class _Gate:
    """The clauses of one transition, asked again only when what they read has changed."""

    def __init__(
        self,
        compiled: CompiledJourney,
        clauses: tuple[CompiledClause, ...],
        given: Mapping[str, Value],
    ) -> None:
        self._compiled = compiled
        self._clauses = clauses
        self._given = {f"input.{name}": value for name, value in given.items()}
        self._reads = tuple(dict.fromkeys(name for c in clauses for name in c.reads))
        self._seen: tuple[Value | None, ...] | None = None
        self._told = False

    def open(self, plain: Mapping[str, Value], case: Case, day: date) -> bool:
        engine = case.engine_facts_on(day, self._compiled.journey, plain)
        values = {**plain, **engine, **self._given, "now": instant(day)}
        seen = tuple(values.get(name) for name in self._reads)
        if seen != self._seen:
            laid = self._compiled.lay_out(values)
            self._seen, self._told = seen, all(c.guard(laid) is True for c in self._clauses)
        return self._told


_Against = tuple[Objection, Mapping[str, Stored]]


def _against(kind: str, moved: Moved, id_: str) -> _Against:
    return Objection(kind=kind, transition=moved.transition, id=id_), {}


def _of_clause(moved: Moved, compiled: CompiledClause, known: Any) -> Objection:
    clause = compiled.clause
    return Objection(
        kind="clause",
        transition=moved.transition,
        id=clause.id,
        sentence=clause.say.fr or clause.say.en,
        source=clause.source,
        wanting=tuple(name for name in compiled.reads if known and name not in known),
    )


def _about_input(way: Transition, moved: Moved) -> tuple[list[_Against], list[_Against]]:
    """What the step was given and may not be; what it was not given and should be."""
    refused: list[_Against] = []
    unknown: list[_Against] = []
    for asked in way.input:
        value = moved.input.get(asked.id)
        objection = Objection(
            kind="input", transition=moved.transition, id=asked.id, sentence=asked.title.fr
        )
        if value is None:
            if asked.required:
                unknown.append((objection, {}))
        elif asked.options:
            for part in value if isinstance(value, list) else [value]:
                if part not in asked.options:
                    refused.append((objection, {f"input.{asked.id}": value}))
                    break
    return refused, unknown


def inputs_of(way: Transition, kept: Mapping[str, Stored]) -> dict[str, Value]:
    """What a step was given, as clauses read it; what a transition does not ask is left out."""
    values: dict[str, Value] = {}
    for asked in way.input:
        value = kept.get(asked.id)
        if value is None:
            continue
        if asked.type == "date":
            values[asked.id] = instant(date.fromisoformat(str(value)[:10]))
        else:
            values[asked.id] = tuple(value) if isinstance(value, list) else value
    return values


def who_of(moved: Moved) -> str:
    """The role in which a step was taken."""
    return str(moved.meta.role)


def _expressions(clauses: tuple[CompiledClause, ...]) -> set[str]:
    return {expression_of(compiled.clause) for compiled in clauses}
