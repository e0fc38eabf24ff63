"""The static check: what is wrong with a definition, found before it is published."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date

from domain.dates import PartialDate
from domain.deadline import Deadline
from domain.expressions import ReadGate, near, read_expressions, shown
from domain.fault import Fault as Fault
from domain.fault import Unpublishable as Unpublishable
from domain.fault import fault
from domain.holders import check_holders
from domain.journey import Gate, InputType, Journey, State, Transition, clauses_of
from domain.paths import check_paths
from domain.rules import Language, variables_of
from domain.words import Stored, Text


def check(
    journey: Journey,
    facts: Mapping[str, str],
    language: Language,
    handlers: Collection[str] = (),
) -> list[Fault]:
    """Every fault of a definition: first its names, then its ways, who takes them, what they say.

    Args:
        facts: the dotted names that clauses may ask about, and their types.
        handlers: the names registered for what happens before and after a step.
    """
    read = read_expressions(journey, facts, language)
    return [
        *_version(journey),
        *_duplicates(journey),
        *check_paths(journey, read.ways),
        *check_holders(journey),
        *_handlers(journey, handlers),
        *read.faults,
        *_variables(journey),
        *_inputs(journey),
        *_deadlines(journey, read.ways, facts),
        *_sentences(journey),
    ]


def _version(journey: Journey) -> Iterator[Fault]:
    try:
        PartialDate(journey.version)
    except ValueError:
        yield fault("bad-version", "version", version=journey.version)


# --- names ------------------------------------------------------------------------------------


def _duplicates(journey: Journey) -> Iterator[Fault]:
    for where, what, what_en, names in _named(journey):
        for name, times in Counter(names).items():
            if times > 1:
                yield fault("duplicate-id", where, name=name, what=what, what_en=what_en)


def _named(journey: Journey) -> Iterator[tuple[str, str, str, Iterable[str]]]:
    yield "states", "états", "states", (state.id for state in journey.states)
    yield "transitions", "passages", "transitions", (way.id for way in journey.transitions)
    yield "variables", "variables", "variables", (v.id for v in journey.variables)
    yield "worklists", "listes de travail", "worklists", (w.id for w in journey.worklists)
    for state in journey.states:
        yield state.id, "échéances", "deadlines", (d.id for d in state.deadlines)
    for where, gate in _gates(journey):
        yield where, "conditions", "clauses", (clause.id for clause in clauses_of(gate))
    for way in journey.transitions:
        yield way.id, "saisies", "inputs", (asked.id for asked in way.input)
        if way.approval:
            yield way.id, "collèges", "colleges", (c.id for c in way.approval.colleges)


def _gates(journey: Journey) -> Iterator[tuple[str, Gate]]:
    if journey.creation:
        yield "creation", journey.creation
    yield from ((way.id, way) for way in journey.transitions)
    yield from ((listed.id, listed) for listed in journey.worklists)


# --- sentences --------------------------------------------------------------------------------


def _sentences(journey: Journey) -> Iterator[Fault]:
    """What people read and is not said; one language stands in for the other."""
    for where, what, what_en, said in _titles(journey):
        yield from _unsaid(where, what, what_en, said)
    for where, gate in _gates(journey):
        for clause in gate.requires:
            place = f"{where} / {clause.id}"
            if clause.say.say("fr").strip():
                yield from _unsaid(place, "La phrase", "The sentence", clause.say)
            else:
                yield fault("missing-sentence/clause", place)


def _titles(journey: Journey) -> Iterator[tuple[str, str, str, Text]]:
    for state in journey.states:
        yield state.id, "Le nom de l'état", "The name of the state", state.title
        for deadline in state.deadlines:
            place = f"{state.id} / {deadline.id}"
            yield place, "Le nom de l'échéance", "The name of the deadline", deadline.title
    for way in journey.transitions:
        yield way.id, "Le nom du passage", "The name of the transition", way.title
        for asked in way.input:
            place = f"{way.id} / {asked.id}"
            yield place, "Le nom de la saisie", "The name of the input", asked.title
        for piece in way.evidence:
            place = f"{way.id} / {piece.id}"
            yield place, "Le nom de la pièce", "The name of the piece", piece.title
        for college in way.approval.colleges if way.approval else ():
            place = f"{way.id} / {college.id}"
            yield place, "Le nom du collège", "The name of the college", college.title
    for variable in journey.variables:
        if variable.in_lists:
            place = f"variables / {variable.id}"
            yield place, "Le nom de la variable", "The name of the variable", variable.title
    for listed in journey.worklists:
        yield listed.id, "Le nom de la liste", "The name of the list", listed.title
    for role, title in journey.roles.items():
        yield f"roles / {role}", "Le nom du rôle", "The name of the role", title


def _unsaid(where: str, what: str, what_en: str, said: Text) -> Iterator[Fault]:
    lacking = [name for name in ("fr", "en") if not getattr(said, name).strip()]
    if lacking:
        french = {"fr": "français", "en": "anglais"}
        english = {"fr": "French", "en": "English"}
        yield fault(
            "missing-sentence",
            where,
            what=what,
            what_en=what_en,
            languages=" et en ".join(french[name] for name in lacking),
            languages_en=" and ".join(english[name] for name in lacking),
        )


# --- handlers, variables, inputs --------------------------------------------------------------


def _handlers(journey: Journey, handlers: Collection[str]) -> Iterator[Fault]:
    for way in journey.transitions:
        for name in dict.fromkeys((*way.before, *way.after)):
            if name not in handlers:
                yield fault("missing-script", way.id, name=name)


def _variables(journey: Journey) -> Iterator[Fault]:
    types = {variable.id: variable.type for variable in journey.variables}
    named: list[tuple[str, Iterable[str]]] = [(state.id, state.sets) for state in journey.states]
    named += [(way.id, way.sets) for way in journey.transitions]
    named += [(listed.id, listed.where) for listed in journey.worklists]
    for where, names in named:
        for name in names:
            if name not in types:
                fr, en = near(name, types)
                yield fault("unknown-variable", where, name=name, near=fr, near_en=en)
    given = [(f"variables / {v.id}", v.id, v.default) for v in journey.variables]
    given += [(state.id, name, state.sets[name]) for state in journey.states for name in state.sets]
    for where, name, value in given:
        if name in types and not _is_of(types[name], value):
            yield fault("bad-value", where, value=shown(str(value)), name=name, kind=types[name])


def _is_of(kind: InputType, value: Stored) -> bool:
    """Whether a variable of a type may hold a value; it may always be without one."""
    if value is None:
        return True
    match kind:
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "texts":
            return isinstance(value, list)
        case "date":
            return isinstance(value, str) and _is_day(value)
        case _:
            return isinstance(value, str)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text[:10])
    except ValueError:
        return False
    return re.match(r"\d{4}-\d{2}-\d{2}", text) is not None


def _inputs(journey: Journey) -> Iterator[Fault]:
    for way in journey.transitions:
        for asked in way.input:
            if asked.options and asked.type in ("integer", "boolean", "date"):
                yield fault(
                    "impossible-input", f"{way.id} / {asked.id}", input=asked.id, kind=asked.type
                )


# --- deadlines and votes that clauses name ------------------------------------------------------


def _deadlines(
    journey: Journey, ways: Iterable[ReadGate], facts: Mapping[str, str]
) -> Iterator[Fault]:
    known = {**facts, **variables_of(journey)}
    ways = list(ways)
    for state in journey.states:
        for deadline in state.deadlines:
            yield from _counted(state, deadline, known)
            leaving = [
                r for r in ways if isinstance(r.gate, Transition) and state.id in r.gate.from_
            ]
            if not deadline.waits_for and not any(_follows(deadline, read) for read in leaving):
                place = f"{state.id} / {deadline.id}"
                yield fault("deadline-no-way-out", place, deadline=deadline.id)
    for where, gate in _gates(journey):
        yield from _named_in_clauses(journey, where, gate)


def _counted(state: State, deadline: Deadline, known: Mapping[str, str]) -> Iterator[Fault]:
    name, place = deadline.counted_from, f"{state.id} / {deadline.id}"
    if name == "entered":
        return
    if name not in known:
        fr, en = near(name, known)
        yield fault("unknown-fact", place, name=shown(name), near=fr, near_en=en)
    elif known[name] != "timestamp":
        yield fault("deadline-not-a-date", place, name=name, kind=known[name])


def _follows(deadline: Deadline, read: ReadGate) -> bool:
    """Whether a transition may wait for a deadline."""
    for clause in clauses_of(read.gate):
        when = clause.when if isinstance(clause.when, str) else clause.when.unresolved
        named = _members(when, "deadlines.passed")
        if deadline.id in named or len(named) < when.count("deadlines.passed"):
            return True
    return False


def _named_in_clauses(journey: Journey, where: str, gate: Gate) -> Iterator[Fault]:
    states = _states_of(journey, gate)
    passing = {deadline.id for state in states for deadline in state.deadlines}
    voted = {way.id for way in journey.transitions if way.approval}
    for clause in gate.requires:
        if not isinstance(clause.when, str):
            continue
        for kind, list_, known in (
            ("unknown-deadline", "deadlines.passed", passing),
            ("unknown-approval", "approvals.carried", voted),
        ):
            for name in dict.fromkeys(_members(clause.when, list_)):
                if name not in known:
                    yield fault(kind, f"{where} / {clause.id}", name=shown(name))


def _states_of(journey: Journey, gate: Gate) -> list[State]:
    """The states in which a gate stands."""
    if isinstance(gate, Transition):
        return [journey.state[state] for state in gate.from_ if state in journey.state]
    return list(journey.states)


def _members(expression: str, list_: str) -> list[str]:
    """The literals that an expression looks for in a list: `'x' in deadlines.passed`."""
    found = re.findall(rf"(?:'([^'\\]*)'|\"([^\"\\]*)\")\s+in\s+{re.escape(list_)}\b", expression)
    return [one or other for one, other in found]
