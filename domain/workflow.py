"""The engine: the pure questions `offers`, `why` and `take`, and the cases that follow journeys."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, StrictBool, StringConstraints, TypeAdapter

from domain.dates import PartialDate
from domain.errors import Refused
from domain.journey import (
    CompiledClause,
    CompiledJourney,
    Input,
    Journey,
    JourneyRef,
    Name,
    Stored,
    Transition,
    Value,
    stored,
)
from domain.kernel import ROLES, Aggregate, Event, Frozen, Prose, Role, event

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


# --- cases ----------------------------------------------------------------------------------


class Moved(Event):
    """A step was taken, with what the engine saw."""

    transition: Name
    from_: Name = Field(alias="from")
    to: Name
    input: Mapping[str, Stored]
    verdicts: tuple[Finding, ...]
    journey: JourneyRef


class Migrated(Event):
    """The rules changed: the case follows another version from here on."""

    from_: JourneyRef = Field(alias="from")
    to: JourneyRef
    state: Name


@dataclass(frozen=True, slots=True)
class Stay:
    """A state entered, or a journey followed, from a day on; `order` is its event's version."""

    since: date
    order: int
    value: str
    occurred_on: PartialDate
    came_from: str | None = None


class Stranded(Refused):
    """The other version does not have the state in which the case stands."""

    code = "journey.stranded"
    fr = "Le parcours {to} n'a pas d'étape « {state} » : le dossier ne peut pas y passer."
    en = "The journey {to} has no stage “{state}”: the case cannot move to it."


class NotBegun(Refused):
    """Nothing is known of the case on that day yet."""

    code = "journey.not_begun"
    fr = "Ce dossier n'est connu qu'à partir du {since} : rien ne peut y être daté du {day}."
    en = "This case is known from {since} on only: nothing in it can be dated {day}."


class BreaksPath(Refused):
    """A step would not lead to where the next recorded one begins."""

    code = "journey.breaks_path"
    fr = (
        "Un passage déjà enregistré le {day} part de l'étape « {state} » : "
        "celui-ci, antérieur, doit y mener."
    )
    en = (
        "A step already recorded on {day} leaves from the stage “{state}”: "
        "this earlier one must lead there."
    )


Read = Callable[[type[Aggregate], UUID], Any]
"""How a case reads the others its facts depend on: by class and identity."""


class Case(Aggregate):
    """An aggregate with a journey. Each kind nests its own `Moved` and `Migrated`, with a topic."""

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.states: list[Stay] = []
        self.journeys: list[Stay] = []

    def begin(self, *, journey: str, state: str, occurred_on: PartialDate) -> None:
        """Remember where the case begins; called by the event that creates it."""
        self.states.append(Stay(self.since, self.version, state, occurred_on))
        self.journeys.append(Stay(self.since, self.version, journey, occurred_on))

    def facts_on(self, day: date, read: Read) -> Frozen:
        """The facts that clauses may name, as they were on a day."""
        raise NotImplementedError

    def state_on(self, day: date) -> str | None:
        """The stage in force: the last step by (day, order of recording) on or before a day."""
        return _last(self.states, day)

    def standing_on(self, day: date) -> str:
        """The stage from which a step of that day leaves; refused before the case begins."""
        state = self.state_on(day)
        if state is None:
            raise NotBegun(since=min(stay.since for stay in self.states), day=day)
        return state

    def journey_on(self, day: date) -> str | None:
        """The version the case followed on a day."""
        return _last(self.journeys, day)

    @property
    def journey(self) -> str:
        """The version to which the case is pinned: the last by (day, order of recording)."""
        return max(self.journeys, key=lambda stay: (stay.since, stay.order)).value

    def move(self, step: Step, *, journey: str, occurred_on: PartialDate) -> None:
        """Record a step that the engine allowed under a version.

        A step dated before another one must lead where that one begins: the path stays unbroken.
        """
        day = occurred_on.first_day
        if day:
            self.standing_on(day)
        later = [stay for stay in self.states if day and stay.since > day and stay.came_from]
        if later:
            following = min(later, key=lambda stay: (stay.since, stay.order))
            if following.came_from != step.to:
                raise BreaksPath(day=following.since, state=following.came_from)
        self._moved(
            transition=step.transition,
            from_=step.from_,
            to=step.to,
            input=dict(step.input),
            verdicts=step.findings,
            journey=journey,
            occurred_on=occurred_on,
        )

    @event(Moved)
    def _moved(
        self,
        *,
        transition: str,
        from_: str,
        to: str,
        input: Mapping[str, Stored],  # noqa: A002  # the journey's own word
        verdicts: tuple[Finding, ...],
        journey: str,
        occurred_on: PartialDate,
    ) -> None:
        self.states.append(Stay(self.since, self.version, to, occurred_on, from_))

    def migrate(self, to: Journey, *, occurred_on: PartialDate) -> None:
        """Follow another version; refused when it lacks a state in which the case stands then."""
        day = occurred_on.first_day
        state = self.standing_on(day) if day else max(self.states, key=lambda s: s.order).value
        until = min((j.since for j in self.journeys if day and j.since > day), default=date.max)
        after = [s.value for s in self.states if day and day < s.since < until]
        for stands in (state, *after):
            if stands not in to.state:
                raise Stranded(to=to.ref, state=stands)
        self._migrated(
            from_=(day and self.journey_on(day)) or self.journey,
            to=to.ref,
            state=state,
            occurred_on=occurred_on,
        )

    @event(Migrated)
    def _migrated(self, *, from_: str, to: str, state: str, occurred_on: PartialDate) -> None:
        self.journeys.append(Stay(self.since, self.version, to, occurred_on))


def _last(stays: Sequence[Stay], day: date) -> str | None:
    past = [stay for stay in stays if stay.since <= day]
    return max(past, key=lambda stay: (stay.since, stay.order)).value if past else None
