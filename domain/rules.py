"""What clauses are about: facts by dotted names, and the journeys whose clauses can be called."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from types import UnionType
from typing import Union, get_args, get_origin

from domain.errors import Refused
from domain.journey import Clause, Journey, Transition, clauses_of
from domain.kernel import Frozen

Value = bool | int | str | date | datetime | tuple[str, ...]
"""What a fact or an input may hold."""

Stored = bool | int | str | list[str] | None
"""A value as it is kept inside an event."""


# --- facts ----------------------------------------------------------------------------------

_TYPES = {bool: "bool", int: "int", str: "string", date: "timestamp", datetime: "timestamp"}
_INPUT_TYPES = {
    "text": "string",
    "integer": "int",
    "boolean": "bool",
    "date": "timestamp",
    "texts": "list",
    "id": "string",
}


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
    for name, field in type(facts).model_fields.items():
        value, dotted = getattr(facts, name), f"{prefix}{name}"
        if get_origin(field.annotation) in (UnionType, Union):
            values[f"{dotted}_known"] = value is not None
        if isinstance(value, Frozen):
            values |= fact_values(value, f"{dotted}.")
        elif value is not None:
            values[dotted] = value
    return values


def variables(transition: Transition, facts: Mapping[str, str]) -> dict[str, str]:
    """Everything a clause of a transition may name, and its type."""
    asked = {f"input.{i.id}": _INPUT_TYPES[i.type] for i in transition.input}
    return {**facts, **asked, "now": "timestamp"}


_STRINGS = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
_NAMES = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")


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


def stored(value: Value) -> Stored:
    """A value in the form in which events keep it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


# --- the compiled journey -------------------------------------------------------------------

Guard = Callable[[Mapping[str, Value]], bool | None]
"""A compiled clause: `True` and `False` as the expression says, `None` when it cannot be told."""

Compile = Callable[[str, Mapping[str, str]], Guard]
"""Compile an expression over typed variables; raises `FaultyJourney` when it is not a condition."""


class FaultyJourney(Refused):
    """A definition cannot be used."""

    code = "journey.faulty"
    fr = "La définition ne peut pas être publiée : {where} : {reason}."
    en = "The definition cannot be published: {where}: {reason}."


@dataclass(frozen=True)
class CompiledClause:
    clause: Clause
    guard: Guard
    reads: tuple[str, ...]


@dataclass(frozen=True)
class CompiledJourney:
    """A journey whose clauses can be called."""

    journey: Journey
    clauses: Mapping[str, tuple[CompiledClause, ...]]


def compile_journey(
    journey: Journey, facts: Mapping[str, str], compile_: Compile
) -> CompiledJourney:
    """Compile every clause; a missing state or a clause that is not a condition is refused."""
    try:
        _ = journey.in_force_from
    except ValueError as error:
        raise FaultyJourney(where="version", reason=error) from None
    states = set(journey.state)
    if journey.initial not in states:
        raise FaultyJourney(where="initial", reason=f"l'état {journey.initial} manque")
    compiled = {}
    for way in journey.transitions:
        for missing in sorted({*way.from_, way.to} - states):
            raise FaultyJourney(where=way.id, reason=f"l'état {missing} manque")
        known = variables(way, facts)
        ready = []
        for clause in clauses_of(way):
            try:
                guard = compile_(clause.when, known)
            except FaultyJourney as fault:
                where = f"{way.id} / {clause.id}"
                raise FaultyJourney(where=where, reason=fault.details["reason"]) from None
            ready.append(CompiledClause(clause, guard, names_in(clause.when, known)))
        compiled[way.id] = tuple(ready)
    return CompiledJourney(journey, compiled)


def instant(day: date) -> datetime:
    """A day as clauses see it: its first instant, UTC."""
    return datetime.combine(day, time(), UTC)
