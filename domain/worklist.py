"""What a case waits for, and from whom: pure questions over a journey, a state and facts."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Literal

from domain.deadline import DueDeadline
from domain.journey import Clause, Gate, Journey, Transition, Worklist, clauses_of
from domain.rights import Who, admitted, roles_in
from domain.rules import CompiledClause, CompiledJourney, Value, mentions
from domain.values import Frozen
from domain.words import Id, Stored
from domain.workflow import Finding, Status, Verdict, Way, why


class Wait(Frozen):
    """One thing that a case waits for.

    A *deadline* runs, or has passed; a *worklist* of the journey holds the case; a *step* may be
    taken; *clauses* keep a step from being taken, which those who are asked about can lift.
    """

    kind: Literal["deadline", "worklist", "step", "clauses"]
    id: Id
    """Of the deadline, of the worklist, or of the transition."""
    roles: tuple[Id, ...]
    """Who is waited for."""
    status: Status | None = None
    missing_input: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    """The clauses to lift."""
    wanting: int = 0
    """How many clauses of the step do not hold, those that others must lift included."""
    due: date | None = None
    """The last day of the deadline."""
    passed: bool = False


def can_lift(way: Transition, clause: Clause) -> tuple[str, ...]:
    """Who can make a clause hold: whoever may take the step, unless it says."""
    return way.by or () if clause.unblocked_by is None else clause.unblocked_by


def waits(
    compiled: CompiledJourney,
    state: str,
    facts: Mapping[str, Value],
    variables: Mapping[str, Stored],
    *,
    who: Who | None,
    now: datetime,
    deadlines: Iterable[DueDeadline] = (),
) -> list[Wait]:
    """What a case in a state waits for from somebody; from anybody, where `who` is `None`.

    A step into a final state is never waited for, and so shows only where a worklist says so.
    Of a step that cannot be taken yet, the clauses that count are those which say who lifts them,
    and pieces that are not on file; none counts before its time, when another clause of the same
    step is lifted by nobody but the passing of days.

    Args:
        deadlines: those of the state, as they stand on the day.
    """
    journey = compiled.journey
    if journey.state[state].final:
        return []
    expected = [
        Wait(kind="deadline", id=d.id, roles=d.waits_for, due=d.due, passed=d.passed)
        for d in deadlines
        if d.due and d.waits_for
    ]
    listed = [
        Wait(kind="worklist", id=worklist.id, roles=worklist.by or ())
        for worklist in on_worklists(compiled, state, facts, variables, now=now)
    ]
    ways = why(compiled, state, facts, who=None, now=now)
    told = [_wait(compiled, way) for way in ways if not _ends(journey, way)]
    return for_whom(journey, state, [*expected, *listed, *(wait for wait in told if wait)], who)


def for_whom(journey: Journey, state: str, waiting: Iterable[Wait], who: Who | None) -> list[Wait]:
    """What waits for somebody of all that a case waits for: of clauses, those they can lift."""
    if who is None:
        return [*waiting]
    return [theirs for wait in waiting if (theirs := _theirs(journey, state, wait, who))]


def _theirs(journey: Journey, state: str, wait: Wait, who: Who) -> Wait | None:
    match wait.kind:
        case "worklist":
            gate: Gate = next(listed for listed in journey.worklists if listed.id == wait.id)
            return wait if admitted(journey, state, gate, who) else None
        case "step":
            return wait if admitted(journey, state, journey.transition[wait.id], who) else None
    held = roles_in(journey, state, who)
    if wait.kind == "deadline":
        return None if held.isdisjoint(wait.roles) else wait
    way = journey.transition[wait.id]
    lifters = {clause.id: can_lift(way, clause) for clause in clauses_of(way)}
    lifted = tuple(f for f in wait.findings if not held.isdisjoint(lifters[f.clause]))
    roles = tuple(dict.fromkeys(role for finding in lifted for role in lifters[finding.clause]))
    return wait.model_copy(update={"findings": lifted, "roles": roles}) if lifted else None


def on_worklists(
    compiled: CompiledJourney,
    state: str,
    facts: Mapping[str, Value],
    variables: Mapping[str, Stored],
    *,
    now: datetime,
) -> list[Worklist]:
    """The worklists that hold a case."""
    candidates = [
        worklist for worklist in compiled.journey.worklists if _covers(worklist, state, variables)
    ]
    if not candidates:
        return []
    laid = compiled.lay_out({**facts, "now": now})
    return [
        worklist
        for worklist in candidates
        if all(clause.guard(laid) is True for clause in compiled.worklists[worklist.id])
    ]


def asks_the_time(journey: Journey, state: str) -> bool:
    """Whether what a case waits for in a state may change within a day, though nothing happens."""
    ways = (clauses_of(way) for way in journey.ways_out(state))
    clauses = (*ways, *(listed.requires for listed in journey.worklists))
    return any(
        isinstance(clause.when, str) and mentions(clause.when, ("now",))
        for of_gate in clauses
        for clause in of_gate
    )


def _covers(worklist: Worklist, state: str, variables: Mapping[str, Stored]) -> bool:
    return state in (worklist.states or (state,)) and all(
        not wanted.isdisjoint(_texts(variables.get(name)))
        for name, values in worklist.where.items()
        for wanted in [frozenset(values)]
    )


def _texts(value: Stored) -> tuple[str, ...]:
    """A value as worklists compare it: one text, or each of several."""
    match value:
        case None:
            return ("",)
        case bool():
            return (str(value).lower(),)
        case list():
            return tuple(value)
        case _:
            return (str(value),)


def _ends(journey: Journey, way: Way) -> bool:
    return way.to in journey.state and journey.state[way.to].final


def _wait(compiled: CompiledJourney, way: Way) -> Wait | None:
    transition = compiled.journey.transition[way.transition]
    if way.status != "closed":
        if way.trigger == "automatic":
            return None
        return Wait(
            kind="step",
            id=way.transition,
            roles=transition.by or (),
            status=way.status,
            missing_input=way.missing_input,
        )
    shut = [
        (compiled_clause.clause, finding) for compiled_clause, finding in wanting(compiled, way)
    ]
    if any(not can_lift(transition, clause) for clause, _ in shut):
        return None
    pieces = {clause.id for clause in clauses_of(transition)[len(transition.requires) :]}
    lifted = [
        (finding, can_lift(transition, clause))
        for clause, finding in shut
        if clause.unblocked_by is not None or clause.id in pieces
    ]
    if not lifted:
        return None
    return Wait(
        kind="clauses",
        id=way.transition,
        roles=tuple(dict.fromkeys(role for _, roles in lifted for role in roles)),
        status=way.status,
        findings=tuple(finding for finding, _ in lifted),
        wanting=len(shut),
    )


def wanting(compiled: CompiledJourney, way: Way) -> list[tuple[CompiledClause, Finding]]:
    """The clauses of a way that do not hold, but for those that wait for what will be given."""
    return [
        (clause, finding)
        for clause, finding in zip(compiled.clauses[way.transition], way.findings, strict=True)
        if finding.verdict is not Verdict.HELD
        and not (finding.verdict is Verdict.UNKNOWN and clause.asks)
    ]
