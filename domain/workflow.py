"""The engine: the pure questions `offers`, `why` and `take`, and the cases that follow journeys."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, StrictBool, StringConstraints, TypeAdapter

from domain.errors import Refused
from domain.journey import Input, Name, Transition
from domain.kernel import ROLES, Frozen, Prose, Role
from domain.rules import CompiledClause, CompiledJourney, Stored, Value, stored

LARGEST_INTEGER = 2**53 - 1
"""What every program reads alike: a larger one is not stored."""

# --- the three questions --------------------------------------------------------------------


class Verdict(StrEnum):
    """What was found of a clause."""

    HELD = "held"
    FAILED = "failed"
    UNKNOWN = "unknown"
    NOT_CHECKED = "not_checked"


class Finding(Frozen):
    """The verdict of one clause with the values seen: an auditor reads what the engine saw."""

    clause: Name
    verdict: Verdict
    values: Mapping[str, Stored] = {}


class Way(Frozen):
    """One way out of a state: whether it is open, and everything it asks."""

    transition: Name
    to: Name
    status: Literal["open", "closed", "needs_input"]
    role_held: bool
    missing_input: tuple[str, ...]
    findings: tuple[Finding, ...]


class Step(Frozen):
    """A step that may be recorded."""

    transition: Name
    from_: Name = Field(alias="from")
    to: Name
    input: Mapping[str, Stored]
    findings: tuple[Finding, ...]


class NoSuchTransition(Refused):
    """The journey has no such transition."""

    code = "journey.unknown_transition"
    fr = "Le parcours {journey} n'a pas de passage « {transition} » ; il connaît : {known}."
    en = "The journey {journey} has no transition “{transition}”; it knows: {known}."


class NotFromHere(Refused):
    """The transition exists, and does not leave from this state."""

    code = "journey.not_from_here"
    fr = "« {title} » n'est pas possible depuis l'étape « {state} »."
    en = "“{title}” is not possible from the stage “{state}”."


class RoleNotHeld(Refused):
    """Somebody else may take this step."""

    code = "journey.role"
    fr = "« {title} » revient à : {roles}. Vous agissez comme : {role}."
    en = "“{title}” belongs to: {roles}. You act as: {role}."


class InputRefused(Refused):
    """What the step was given is not what it asks."""

    code = "journey.input"
    fr = "« {title} » : {reason}."
    en = "“{title}”: {reason}."


class ClauseNotHeld(Refused):
    """At least one condition is not met."""

    code = "journey.clause"
    fr = "« {title} » n'est pas encore possible. Il manque : {sentences}"
    en = "“{title}” is not possible yet. Wanting: {sentences}"


def _judge(
    clauses: Sequence[CompiledClause],
    values: Mapping[str, Value],
    undecided: Verdict = Verdict.UNKNOWN,
) -> tuple[Finding, ...]:
    verdicts = {True: Verdict.HELD, False: Verdict.FAILED, None: undecided}
    return tuple(
        Finding(
            clause=c.clause.id,
            verdict=verdicts[c.guard(values)],
            values={name: stored(values[name]) for name in c.reads if name in values},
        )
        for c in clauses
    )


def _values(
    facts: Mapping[str, Value], given: Mapping[str, Value], now: datetime
) -> dict[str, Value]:
    return {**facts, **{f"input.{name}": value for name, value in given.items()}, "now": now}


def why(
    compiled: CompiledJourney,
    state: str,
    facts: Mapping[str, Value],
    *,
    role: Role | None,
    now: datetime,
    given: Mapping[str, Value] | None = None,
) -> list[Way]:
    """Every way out of a state with the verdict of each clause.

    A way is *open* when its role is held and every clause holds, *needs_input* when only what
    must be given is wanting, *closed* otherwise. `role=None` asks for whoever may act.
    """
    given = given or {}
    values = _values(facts, given, now)
    ways = []
    for way in compiled.journey.ways_out(state):
        clauses = compiled.clauses[way.id]
        findings = _judge(clauses, values)
        missing = tuple(i.id for i in way.input if i.required and i.id not in given)
        waiting = {f"input.{i.id}" for i in way.input if i.id not in given}
        role_held = role is None or role in way.by
        settled = all(
            f.verdict is Verdict.HELD
            or (f.verdict is Verdict.UNKNOWN and waiting.intersection(c.reads))
            for c, f in zip(clauses, findings, strict=True)
        )
        held = all(f.verdict is Verdict.HELD for f in findings)
        status: Literal["open", "closed", "needs_input"] = "closed"
        if role_held and settled:
            status = "open" if held and not missing else "needs_input"
        ways.append(
            Way(
                transition=way.id,
                to=way.to,
                status=status,
                role_held=role_held,
                missing_input=missing,
                findings=findings,
            )
        )
    return ways


def offers(
    compiled: CompiledJourney,
    state: str,
    facts: Mapping[str, Value],
    *,
    role: Role | None,
    now: datetime,
    given: Mapping[str, Value] | None = None,
) -> dict[str, str]:
    """Per transition out of a state: `open`, `closed` or `needs_input`."""
    ways = why(compiled, state, facts, role=role, now=now, given=given)
    return {way.transition: way.status for way in ways}


def take(
    compiled: CompiledJourney,
    state: str,
    facts: Mapping[str, Value],
    transition: str,
    *,
    role: Role,
    now: datetime,
    given: Mapping[str, Any],
    past: bool = False,
) -> Step:
    """The step to record, or a refusal that names every clause that does not hold.

    Args:
        given: the declared input, in plain values.
        past: record a sourced historical step: a registrar may take it whoever could then, and
            clauses whose facts are not known are kept as `not_checked`. A clause that the known
            facts contradict is still refused.
    """
    journey = compiled.journey
    way = journey.transition.get(transition)
    if way is None:
        known = ", ".join(journey.transition)
        raise NoSuchTransition(journey=journey.ref, transition=transition, known=known)
    title = way.title.fr
    if state not in way.from_:
        # Under another version than its own, a case may stand in a state unknown to this one.
        here = journey.state[state].title.fr if state in journey.state else state
        raise NotFromHere(title=title, state=here)
    if role not in way.by and not (past and role is Role.REGISTRAR):
        roles = ", ".join(ROLES[able] for able in way.by)
        raise RoleNotHeld(title=title, roles=roles, role=ROLES[role])
    parsed = _parse_input(way, given, past=past)
    undecided = Verdict.NOT_CHECKED if past else Verdict.UNKNOWN
    clauses = compiled.clauses[transition]
    findings = _judge(clauses, _values(facts, parsed, now), undecided)
    refused = [
        c.clause.say.fr
        for c, f in zip(clauses, findings, strict=True)
        if f.verdict not in (Verdict.HELD, Verdict.NOT_CHECKED)
    ]
    if refused:
        raise ClauseNotHeld(
            title=title,
            sentences=" ".join(f"« {sentence} »" for sentence in refused),
            findings=findings,
        )
    return Step(
        transition=transition,
        from_=state,
        to=way.to,
        input={name: stored(value) for name, value in parsed.items()},
        findings=findings,
    )


def _parse_input(way: Transition, given: Mapping[str, Any], *, past: bool) -> dict[str, Value]:
    title = way.title.fr
    for name in given:
        if name not in {asked.id for asked in way.input}:
            raise InputRefused(title=title, reason=f"« {name} » n'est pas demandé")
    parsed: dict[str, Value] = {}
    for asked in way.input:
        if given.get(asked.id) is None:
            if asked.required and not past:
                raise InputRefused(title=title, reason=f"il manque « {asked.title.fr} »")
            continue
        parsed[asked.id] = _parse(title, asked, given[asked.id])
    return parsed


_DAY = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]
_READ: Mapping[str, TypeAdapter[Any]] = {
    "text": TypeAdapter(Prose),
    "integer": TypeAdapter(Annotated[int, Field(ge=-LARGEST_INTEGER, le=LARGEST_INTEGER)]),
    "boolean": TypeAdapter(StrictBool),
    "date": TypeAdapter(Annotated[_DAY, AfterValidator(date.fromisoformat)]),
    "texts": TypeAdapter(Annotated[tuple[Prose, ...], Field(max_length=100)]),
    "id": TypeAdapter(Annotated[UUID, AfterValidator(str)]),
}
"""How each type of input is read: what is given to a step is held to what any field is."""


def _parse(title: str, asked: Input, value: Any) -> Value:
    try:
        if isinstance(value, bool) and asked.type == "integer":
            raise ValueError
        result: Value = _READ[asked.type].validate_python(value)
    except ValueError:
        reason = f"« {asked.id} » n'a pas la forme attendue ({asked.type})"
        raise InputRefused(title=title, reason=reason) from None
    if asked.options:
        for part in result if isinstance(result, tuple) else (result,):
            if part not in asked.options:
                among = ", ".join(asked.options)
                raise InputRefused(
                    title=title, reason=f"« {asked.id} » doit être choisi parmi : {among}"
                )
    return result
