"""What clauses are about: facts by dotted names, and the journeys whose clauses can be called."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from types import UnionType
from typing import Any, Protocol, Union, get_args, get_origin

from domain.errors import Refused
from domain.journey import Clause, Expression, Gate, Journey, Transition, Unresolved, clauses_of
from domain.values import Frozen
from domain.words import Stored

Value = bool | int | str | date | datetime | tuple[str, ...]
"""What a fact or an input may hold."""


# --- facts ----------------------------------------------------------------------------------

_TYPES = {bool: "bool", int: "int", str: "string", date: "timestamp", datetime: "timestamp"}
INPUT_TYPES: Mapping[str, str] = {
    "text": "string",
    "integer": "int",
    "boolean": "bool",
    "date": "timestamp",
    "texts": "list",
    "id": "string",
}

ENGINE: Mapping[str, str] = {
    "now": "timestamp",
    "approvals.carried": "list",
    "deadlines.passed": "list",
}
"""What every clause may ask beside the facts of its case: the instant, the transitions that votes
have carried since the state was entered, and the deadlines of the state that have passed."""

STEP: Mapping[str, str] = {
    "step.transition": "string",
    "step.from": "string",
    "step.to": "string",
    "step.comment": "string",
    "actor.id": "string",
}
"""What the expression of a variable may ask beside that."""


def fact_types(model: type[Frozen], prefix: str = "") -> dict[str, str]:
    """The dotted names of a model of facts and their types; `x_known` beside each optional one.

    Types are `bool`, `int`, `string`, `timestamp` and `list` (of strings): facts flatten to
    scalars, because maps would let typing errors through.
    """
    types: dict[str, str] = {}
    for name, field in model.model_fields.items():
        annotation, dotted = field.annotation, f"{prefix}{name}"
        if get_origin(annotation) in (UnionType, Union):
            annotation = next(a for a in get_args(annotation) if a is not type(None))
            types[f"{dotted}_known"] = "bool"
        if isinstance(annotation, type) and issubclass(annotation, Frozen):
            types |= fact_types(annotation, f"{dotted}.")
        elif get_origin(annotation) is tuple:
            types[dotted] = "list"
        else:
            types[dotted] = _TYPES[annotation]  # type: ignore[index]  # KeyError: not a fact
    return types


def fact_values(facts: Frozen, prefix: str = "") -> dict[str, Value]:
    """The values of a model of facts by dotted name; what is not known is absent."""
    values: dict[str, Value] = {}
    for name, dotted, known in _named(type(facts), prefix):
        value = getattr(facts, name)
        if known:
            values[known] = value is not None
        if isinstance(value, Frozen):
            values |= fact_values(value, f"{dotted}.")
        elif value is not None:
            values[dotted] = value
    return values


@cache
def _named(model: type[Frozen], prefix: str) -> tuple[tuple[str, str, str | None], ...]:
    """The fields of a model of facts, their dotted names, and the `x_known` of optional ones."""
    return tuple(
        (name, f"{prefix}{name}", f"{prefix}{name}_known" if optional else None)
        for name, field in model.model_fields.items()
        for optional in [get_origin(field.annotation) in (UnionType, Union)]
    )


def variables_of(journey: Journey) -> dict[str, str]:
    """The variables of a journey under the names that its clauses use, and their types."""
    return {
        f"var.{variable.id}": INPUT_TYPES[variable.type]
        for variable in journey.variables
        if _NAMED.fullmatch(variable.id)
    }


def names_for(journey: Journey, gate: Gate, facts: Mapping[str, str]) -> dict[str, str]:
    """Everything a clause of a gate may name, and its type."""
    inputs = gate.input if isinstance(gate, Transition) else ()
    asked = {f"input.{i.id}": INPUT_TYPES[i.type] for i in inputs}
    return {**facts, **variables_of(journey), **asked, **ENGINE}


_STRINGS = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
_NAMES = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
_NAMED = re.compile(r"[A-Za-z_]\w*")


def names_in(expression: str, known: Iterable[str]) -> tuple[str, ...]:
    """The variables an expression reads, in the order in which it names them."""
    known = set(known)
    found: dict[str, None] = {}
    for dotted in _NAMES.findall(_STRINGS.sub("", expression)):
        while dotted and dotted not in known:  # `kinds.exists(…)`: the method is not the name
            dotted = dotted.rpartition(".")[0]
        if dotted:
            found[dotted] = None
    return tuple(found)


def rests_on(name: str, parts: Iterable[str]) -> bool:
    """Whether a name is one of some, or lies below one: `members.total` below `members`."""
    return any(name == part or name.startswith(f"{part}.") for part in parts)


def mentions(expression: str, parts: Iterable[str]) -> bool:
    """Whether an expression names something that rests on one of some parts."""
    parts = tuple(parts)
    return any(rests_on(name, parts) for name in _NAMES.findall(_STRINGS.sub("", expression)))


def stored(value: Value) -> Stored:
    """A value in the form in which events keep it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def instant(day: date) -> datetime:
    """A day as clauses see it: its first instant, UTC."""
    return datetime.combine(day, time(), UTC)


# --- the compiled journey -------------------------------------------------------------------

Laid = Any
"""Values laid out once, in the form that the language of clauses reads; shared by all clauses."""

Guard = Callable[[Laid], bool | None]
"""A compiled clause: `True` and `False` as it says, `None` when it cannot be told."""

Formula = Callable[[Laid], Any]
"""A compiled expression: its value, `None` when it cannot be told."""


class Scope(Protocol):
    """Names and their types, and what expressions over them mean."""

    def compile(self, expression: str, kind: str = "bool") -> Formula:
        """An expression of a kind; raises `FaultyJourney` when it is not one."""

    def lay_out(self, values: Mapping[str, Value]) -> Laid:
        """Values in the form that the expressions of this scope read."""


Language = Callable[[Mapping[str, str]], Scope]
"""The language that expressions are written in: a scope for names and their types."""


class FaultyJourney(Refused):
    """A definition cannot be used."""

    code = "journey.faulty"
    fr = "La définition ne peut pas être publiée : {where} : {reason}."
    en = "The definition cannot be published: {where}: {reason}."


@dataclass(frozen=True, slots=True)
class CompiledClause:
    clause: Clause
    guard: Guard
    reads: tuple[str, ...]
    """The names it asks about."""
    asks: tuple[str, ...] = ()
    """Among them, what the step must be given."""


@dataclass(frozen=True)
class CompiledJourney:
    """A journey whose clauses can be called."""

    journey: Journey
    clauses: Mapping[str, tuple[CompiledClause, ...]]
    """The clauses of each transition."""
    creation: tuple[CompiledClause, ...]
    worklists: Mapping[str, tuple[CompiledClause, ...]]
    defaults: Mapping[str, Formula]
    """The expression of each variable that has one."""
    sets: Mapping[str, Mapping[str, Formula]]
    """What each transition says of variables."""
    lay_out: Callable[[Mapping[str, Value]], Laid]


def compile_journey(
    journey: Journey,
    facts: Mapping[str, str],
    language: Language,
    *,
    unresolved: bool | None = None,
) -> CompiledJourney:
    """Make every expression callable; what is not one of its kind is refused, with its place.

    Args:
        unresolved: what the clauses that are still to be written are taken to say. Nothing, as
            long as it is not given: they cannot be told, and stay closed.
    """
    return _Compiler(journey, facts, language, unresolved).compile()


class _Compiler:
    """All expressions of a journey share one scope, so that facts are laid out once for them."""

    def __init__(
        self,
        journey: Journey,
        facts: Mapping[str, str],
        language: Language,
        unresolved: bool | None,
    ) -> None:
        self.journey = journey
        self.facts = facts
        self.unresolved = unresolved
        self.step = {**facts, **variables_of(journey), **ENGINE, **STEP}
        self.names = dict(self.step)
        for way in journey.transitions:
            for name, kind in names_for(journey, way, facts).items():
                if self.names.setdefault(name, kind) != kind:
                    reason = f"« {name} » a un autre type ailleurs ({self.names[name]}, {kind})"
                    raise FaultyJourney(where=way.id, reason=reason)
        self.scope = language(self.names)

    def compile(self) -> CompiledJourney:
        journey = self.journey
        return CompiledJourney(
            journey,
            clauses={way.id: self._clauses(way.id, way) for way in journey.transitions},
            creation=self._clauses("creation", journey.creation) if journey.creation else (),
            worklists={listed.id: self._clauses(listed.id, listed) for listed in journey.worklists},
            defaults={
                variable.id: self._formula("variables", variable.id, variable.expression, self.step)
                for variable in journey.variables
                if variable.expression is not None
            },
            sets={
                way.id: {
                    name: self._formula(way.id, name, expression, self._of_step(way))
                    for name, expression in way.sets.items()
                }
                for way in journey.transitions
            },
            lay_out=self.scope.lay_out,
        )

    def _of_step(self, way: Transition) -> Mapping[str, str]:
        return {**self.step, **names_for(self.journey, way, self.facts)}

    def _clauses(self, place: str, gate: Gate) -> tuple[CompiledClause, ...]:
        known = names_for(self.journey, gate, self.facts)
        return tuple(self._clause(place, clause, known) for clause in clauses_of(gate))

    def _clause(self, place: str, clause: Clause, known: Mapping[str, str]) -> CompiledClause:
        if isinstance(clause.when, Unresolved):
            return CompiledClause(clause, lambda laid: self.unresolved, ())
        guard = self._compile(f"{place} / {clause.id}", clause.when, known, "bool")
        reads = names_in(clause.when, known)
        asks = tuple(name.removeprefix("input.") for name in reads if name.startswith("input."))
        return CompiledClause(clause, guard, reads, asks)

    def _formula(
        self, place: str, name: str, expression: Expression, known: Mapping[str, str]
    ) -> Formula:
        if isinstance(expression, Unresolved):
            return lambda laid: None
        kinds = {variable.id: INPUT_TYPES[variable.type] for variable in self.journey.variables}
        return self._compile(f"{place} / {name}", expression, known, kinds.get(name, "string"))

    def _compile(self, where: str, expression: str, known: Mapping[str, str], kind: str) -> Formula:
        try:
            formula = self.scope.compile(expression, kind)
        except FaultyJourney as fault:
            raise FaultyJourney(where=where, reason=fault.details["reason"]) from None
        for name in names_in(expression, self.names):
            if name not in known:
                raise FaultyJourney(where=where, reason=f"« {name} » n'est pas connu ici")
        return formula
