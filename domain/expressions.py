"""Every expression of a definition, read once: what cannot be used, and what is always the same."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import combinations

from domain.constants import Axis, Literal, Names, Patience, axes, compared, constant, together
from domain.fault import Fault, fault
from domain.journey import Clause, Expression, Gate, Journey, Transition, Unresolved, clauses_of
from domain.rules import (
    ENGINE,
    INPUT_TYPES,
    STEP,
    FaultyJourney,
    Guard,
    Language,
    Scope,
    names_for,
    names_in,
    variables_of,
)

SHOWN = 120
"""How many characters of an expression a sentence shows."""

SEARCHED = 4_000
"""In how long an expression that will not do, names that nobody knows are looked for."""

MOST_PAIRED = 50
"""How many clauses of a gate are held against each other."""


@dataclass(frozen=True)
class ReadClause:
    """A clause that can be asked."""

    clause: Clause
    guard: Guard
    scope: Scope
    compared: Mapping[str, frozenset[Literal]] | None
    """The literals its names are compared with, where it says nothing else."""
    reads: tuple[str, ...]
    always: bool | None = None
    """What it says whatever the values are; `None` where they matter, or that cannot be told."""


@dataclass(frozen=True)
class ReadGate:
    """A gate with those of its clauses that can be asked."""

    where: str
    gate: Gate
    names: Names
    clauses: tuple[ReadClause, ...]
    whole: bool
    """Whether all of its clauses can be asked."""
    contradictory: bool

    @property
    def shut(self) -> bool:
        """Whether its clauses let nobody pass, ever."""
        return self.contradictory or any(read.always is False for read in self.clauses)

    @property
    def free(self) -> bool:
        """Whether its clauses let everybody pass, always: what they name is always known."""
        return self.whole and all(
            read.always is True and not any(self._may_lack(name) for name in read.reads)
            for read in self.clauses
        )

    def _may_lack(self, name: str) -> bool:
        return name.startswith(("input.", "var.")) or f"{name}_known" in self.names.facts


@dataclass
class ReadJourney:
    """What the expressions of a definition say, and what is wrong with them."""

    journey: Journey
    ways: list[ReadGate] = field(default_factory=list)
    """In the order of the transitions."""
    faults: list[Fault] = field(default_factory=list)


def read_expressions(journey: Journey, facts: Mapping[str, str], language: Language) -> ReadJourney:
    """Compile every expression once; each fault stands at its own place."""
    return _Reader(journey, facts, language).read()


class _Reader:
    def __init__(self, journey: Journey, facts: Mapping[str, str], language: Language) -> None:
        self.journey, self.facts = journey, facts
        self.result = ReadJourney(journey)
        self.patience = Patience()
        self.step = {**facts, **variables_of(journey), **ENGINE, **STEP}
        self.names = dict(self.step)
        conflicting = [way for way in journey.transitions if self._joins(way)]
        self.scope = language(self.names)
        self.scopes = {
            id(way): language({**self.step, **names_for(journey, way, facts)})
            for way in conflicting
        }
        self.compiled: dict[tuple[int, str, str], Guard | FaultyJourney] = {}
        self.verdicts: dict[tuple[int, str, str], bool | None] = {}

    def _joins(self, way: Transition) -> bool:
        """Lay the inputs of a step beside all others; whether one has another type there."""
        conflicts = False
        for name, kind in names_for(self.journey, way, {}).items():
            other = self.names.setdefault(name, kind)
            if other != kind:
                conflicts = True
                self._fault("input-type-conflict", way.id, name=name, kind=kind, other=other)
        return conflicts

    def _fault(self, kind: str, where: str, /, **facts: object) -> None:
        self.result.faults.append(fault(kind, where, **facts))

    def read(self) -> ReadJourney:
        journey = self.journey
        if journey.creation:
            self._gate("creation", journey.creation)
        for variable in journey.variables:
            if variable.expression is not None:
                where = f"variables / {variable.id}"
                self._value(where, variable.id, variable.expression, self.step, self.scope)
            if variable.shown_to:
                self._gate(f"variables / {variable.id}", variable.shown_to)
        for way in journey.transitions:
            read = self._gate(way.id, way)
            self.result.ways.append(read)
            known = {**self.step, **read.names.types}
            for name, expression in way.sets.items():
                self._value(f"{way.id} / {name}", name, expression, known, self._scope_of(way))
        for listed in journey.worklists:
            self._gate(listed.id, listed)
        return self.result

    def _scope_of(self, gate: Gate) -> Scope:
        return self.scopes.get(id(gate), self.scope)

    # Values.

    def _value(
        self, where: str, name: str, expression: Expression, known: Mapping[str, str], scope: Scope
    ) -> None:
        if isinstance(expression, Unresolved):
            # What no step records is never computed.
            recorded = next((v.in_history for v in self.journey.variables if v.id == name), True)
            kind = "unresolved-value" if recorded else "unresolved-value/unrecorded"
            self._fault(kind, where, expression=shown(expression.unresolved))
            return
        kinds = {variable.id: INPUT_TYPES[variable.type] for variable in self.journey.variables}
        self._compile(where, expression, kinds.get(name, "string"), known, scope)

    # Gates and their clauses.

    def _gate(self, where: str, gate: Gate) -> ReadGate:
        scope, types = self._scope_of(gate), names_for(self.journey, gate, self.facts)
        names = Names(types, self.facts, _options(gate), self.patience)
        asked = clauses_of(gate)
        found = [self._clause(f"{where} / {c.id}", c, names, scope) for c in asked]
        clauses = tuple(read for read in found if read)
        pairs = list(self._contradictions(clauses, names))
        for ids in pairs:
            self._fault(
                "contradictory-clauses", where, clauses=", ".join(f"« {name} »" for name in ids)
            )
        return ReadGate(where, gate, names, clauses, len(clauses) == len(asked), bool(pairs))

    def _clause(self, where: str, clause: Clause, names: Names, scope: Scope) -> ReadClause | None:
        if isinstance(clause.when, Unresolved):
            self._fault("unresolved-clause", where, expression=shown(clause.when.unresolved))
            return None
        guard = self._compile(where, clause.when, "bool", names.types, scope)
        if guard is None:
            return None
        read = compared(clause.when, names.types)
        always = self._always(clause.when, guard, read, names, scope)
        if always is not None:
            kind = "constant-clause" if always else "constant-clause/false"
            self._fault(kind, where, expression=shown(clause.when))
        reads = names_in(clause.when, names.types)
        return ReadClause(clause, guard, scope, read, reads, always)

    def _always(
        self,
        expression: str,
        guard: Guard,
        read: Mapping[str, Iterable[Literal]] | None,
        names: Names,
        scope: Scope,
    ) -> bool | None:
        if read is None:
            return None
        key = (id(scope), expression, repr([(name, names.options.get(name)) for name in read]))
        if key not in self.verdicts:
            tried = axes(read, names)
            self.verdicts[key] = None if tried is None else constant(guard, scope.lay_out, tried)
        return self.verdicts[key]

    def _contradictions(
        self, clauses: Sequence[ReadClause], names: Names
    ) -> Iterator[tuple[str, ...]]:
        """Clauses that are never true together: the pairs, else all that speak of the same."""
        open_ = [c for c in clauses if c.always is None and c.compared][:MOST_PAIRED]
        pairs = [
            (one.clause.id, other.clause.id)
            for one, other in combinations(open_, 2)
            if set(one.compared or ()) & set(other.compared or ())
            and hold_together([one, other], names) is False
        ]
        yield from pairs
        if not pairs and len(open_) > 2 and hold_together(open_, names) is False:
            yield tuple(read.clause.id for read in open_)

    # Expressions.

    def _compile(
        self, where: str, expression: str, kind: str, known: Mapping[str, str], scope: Scope
    ) -> Guard | None:
        """An expression that can be asked; otherwise its fault is noted."""
        key = (id(scope), expression, kind)
        if key not in self.compiled:
            self.compiled[key] = _try(scope, expression, kind)
        found = self.compiled[key]
        if isinstance(found, FaultyJourney):
            unknown = unknown_names(expression, known) if len(expression) <= SEARCHED else []
            self._unknown(where, unknown, known)
            if not unknown:
                reason = str(found.details["reason"])
                said = str(found.details.get("said", reason))
                self._fault(
                    "bad-expression",
                    where,
                    expression=shown(expression),
                    reason=reason,
                    reason_en=said,
                )
            return None
        strange = [
            name for name in names_in(expression, {**self.names, **known}) if name not in known
        ]
        self._unknown(where, strange, known)
        return None if strange else found

    def _unknown(self, where: str, names: Iterable[str], known: Mapping[str, str]) -> None:
        for name in names:
            fr, en = near(name, known)
            self._fault("unknown-fact", where, name=shown(name), near=fr, near_en=en)


def _try(scope: Scope, expression: str, kind: str) -> Guard | FaultyJourney:
    try:
        return scope.compile(expression, kind)
    except FaultyJourney as refusal:
        return refusal


def _options(gate: Gate) -> dict[str, tuple[str, ...]]:
    inputs = gate.input if isinstance(gate, Transition) else ()
    chosen = [asked for asked in inputs if asked.options and asked.type in ("text", "texts", "id")]
    return {f"input.{asked.id}": asked.options for asked in chosen}


def hold_together(clauses: Sequence[ReadClause], names: Names) -> bool | None:
    """Whether some values make all of these true at once; `None` where that cannot be told.

    Clauses that share no name do not bear on each other: each group of those that do is asked
    by itself.
    """
    told = True
    for group in _groups(clauses):
        tried = _axes_of(group, names)
        scope = group[0].scope
        if tried is None or any(clause.scope is not scope for clause in group):
            told = False
        elif not together([c.guard for c in group], scope.lay_out, tried):
            return False
    return told or None


def hold_without(
    held: Sequence[ReadClause], shut: Sequence[Sequence[ReadClause]], names: Names
) -> bool | None:
    """Whether some values make some clauses true, and none of several others true as a whole."""
    if not shut:
        return hold_together(held, names)
    every = [*held, *(clause for clauses in shut for clause in clauses)]
    tried = _axes_of(every, names)
    scope = every[0].scope
    if tried is None or any(clause.scope is not scope for clause in every):
        return None
    return together(
        [clause.guard for clause in held],
        scope.lay_out,
        tried,
        without=[[clause.guard for clause in clauses] for clauses in shut],
    )


def _axes_of(group: Sequence[ReadClause], names: Names) -> dict[str, Axis] | None:
    read: dict[str, set[Literal]] = {}
    for clause in group:
        if clause.compared is None:
            return None
        for name, literals in clause.compared.items():
            read.setdefault(name, set()).update(literals)
    return axes(read, names)


def _groups(clauses: Sequence[ReadClause]) -> list[list[ReadClause]]:
    """The clauses that speak, directly or not, of the same names."""
    groups: list[tuple[set[str], list[ReadClause]]] = []
    for clause in clauses:
        about = {name.removesuffix("_known") for name in clause.reads}
        joined = [clause]
        apart = []
        for names, members in groups:
            if names & about:
                about |= names
                joined = [*members, *joined]
            else:
                apart.append((names, members))
        groups = [*apart, (about, joined)]
    return [members for _, members in groups]


# --- names that are not known ----------------------------------------------------------------

_STRING = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
_NAME = re.compile(r"(?<![\w.])[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*(?!\w)(?P<called>\s*\()?", re.ASCII)
_BOUND = re.compile(r"\(\s*([A-Za-z_]\w*)\s*,")
_WORDS = {"true", "false", "null", "in", "as", "int", "uint", "double", "bool", "string", "bytes"}
_WORDS |= {"list", "map", "type", "timestamp", "duration", "dyn", "null_type"}


def unknown_names(expression: str, known: Mapping[str, str]) -> list[str]:
    """The names that an expression reads and that nobody knows, in its order."""
    text = _STRING.sub("''", expression)
    bound = set(_BOUND.findall(text))  # `kinds.exists(k, …)`
    unknown: dict[str, None] = {}
    for found in _NAME.finditer(text):
        name = found[0].removesuffix(found["called"] or "")
        if found["called"]:  # a function, or the method of a name
            name = name.rpartition(".")[0]
        first = name.partition(".")[0]
        if name and first not in bound and first not in _WORDS and not names_in(name, known):
            unknown[name] = None
    return list(unknown)


def near(name: str, known: Iterable[str]) -> tuple[str, str]:
    """What somebody who wrote a name may have meant, in French and in English."""
    close = get_close_matches(name, list(known), n=1, cutoff=0.75)
    return (f" ; peut-être « {close[0]} »", f"; perhaps “{close[0]}”") if close else ("", "")


def shown(text: str) -> str:
    """What somebody wrote on one line, cut where it is long, as any screen can show it."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= SHOWN else line[: SHOWN - 1] + "…"
