"""Journeys: definitions as data, published once, and their clauses ready to be called."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cached_property
from hashlib import sha256
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

from pydantic import BeforeValidator, Field, StringConstraints

from domain.dates import PartialDate
from domain.errors import Refused
from domain.kernel import Aggregate, Event, Frozen, Role, event

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
JourneyRef = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*@\d{4}-\d{2}(-\d{2})?$")]

Value = bool | int | str | date | datetime | tuple[str, ...]
"""What a fact or an input may hold."""

Stored = bool | int | str | list[str] | None
"""A value as it is kept inside an event."""


# --- definitions ----------------------------------------------------------------------------


class Text(Frozen):
    """A sentence in the languages of the product."""

    fr: str
    en: str

    def say(self, language: str) -> str:
        return self.en if language == "en" else self.fr


class Clause(Frozen):
    """A named condition: an expression over facts and input, and the sentence to show."""

    id: Name
    when: str
    say: Text
    source: str
    unblocked_by: tuple[Role, ...] | None = None
    """Who can make it hold: whoever may take the step, unless said; nobody, where it is empty."""


def _named(given: Any) -> Any:
    """Read `{name: {…}}`, as people write it, as a list that keeps its order for ever."""
    if isinstance(given, Mapping):
        return [{"id": name, **(value or {})} for name, value in given.items()]
    return given


class Input(Frozen):
    """Something a step asks for; the declared inputs are also its form."""

    id: Name
    type: Literal["text", "integer", "boolean", "date", "texts", "id"]
    title: Text
    options: tuple[str, ...] = ()
    required: bool = True


class Evidence(Frozen):
    """A piece that must be on file before a step is taken."""

    id: Name
    title: Text


class State(Frozen):
    """A stage of a journey."""

    id: Name
    title: Text
    final: bool = False


class Transition(Frozen):
    """A way from some states to another: who may take it, with what, on which conditions."""

    id: Name
    title: Text
    from_: tuple[Name, ...] = Field(alias="from")
    to: Name
    by: tuple[Role, ...]
    input: Annotated[tuple[Input, ...], BeforeValidator(_named)] = ()
    requires: tuple[Clause, ...] = ()
    evidence: Annotated[tuple[Evidence, ...], BeforeValidator(_named)] = ()


class Journey(Frozen):
    """A definition, named by id, version and content hash; it never changes once published."""

    id: Name
    version: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}(-\d{2})?$")]
    source: tuple[str, ...]
    facts: str
    initial: Name
    states: Annotated[tuple[State, ...], BeforeValidator(_named)]
    transitions: Annotated[tuple[Transition, ...], BeforeValidator(_named)]

    @property
    def ref(self) -> str:
        """`id@version`, as cases name it."""
        return f"{self.id}@{self.version}"

    @property
    def in_force_from(self) -> PartialDate:
        """A version is named after the date from which it is in force."""
        return PartialDate(self.version)

    @cached_property
    def state(self) -> Mapping[str, State]:
        return {state.id: state for state in self.states}

    @cached_property
    def transition(self) -> Mapping[str, Transition]:
        return {way.id: way for way in self.transitions}

    def ways_out(self, state: str) -> list[Transition]:
        """The transitions that leave a state, in the order of the definition."""
        return [way for way in self.transitions if state in way.from_]


ON_FILE = Text(fr="La pièce est au dossier : {title}.", en="The piece is on file: {title}.")


def clauses_of(transition: Transition) -> tuple[Clause, ...]:
    """The clauses of a transition, with one for each item of evidence it asks for."""
    asked = (
        Clause(
            id=f"evidence_{piece.id}",
            when=f"'{piece.id}' in evidence.kinds",
            say=Text(
                fr=ON_FILE.fr.format(title=piece.title.fr),
                en=ON_FILE.en.format(title=piece.title.en),
            ),
            source="product rule",
        )
        for piece in transition.evidence
    )
    return (*transition.requires, *asked)


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


# --- the rulebook ---------------------------------------------------------------------------

RULEBOOK = UUID("7d3f6c1e-52a4-4b8e-9f0d-6a1c2e8b4d70")
"""The one stream in which every definition is published."""


class AlreadyPublished(Refused):
    """A published version never changes again."""

    code = "journey.published"
    fr = "{ref} est déjà publié avec un autre contenu ; publiez une nouvelle version."
    en = "{ref} is already published with another content; publish a new version."


class Rulebook(Aggregate):
    """The definitions that were published, each once."""

    class JourneyPublished(Event):
        """A version of a journey was published, whole, under the hash of its content."""

        TOPIC = "rulebook.journey_published.v1"
        journey: Journey
        digest: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.journeys: dict[str, tuple[Journey, str]] = {}

    def publish(self, journey: Journey) -> bool:
        """Publish a definition; `False` when this very content was published before."""
        digest = digest_of(journey)
        if journey.ref in self.journeys:
            if self.journeys[journey.ref][1] != digest:
                raise AlreadyPublished(ref=journey.ref)
            return False
        self._published(journey=journey, digest=digest, occurred_on=journey.in_force_from)
        return True

    @event(JourneyPublished)
    def _published(self, *, journey: Journey, digest: str, occurred_on: PartialDate) -> None:
        self.journeys[journey.ref] = (journey, digest)

    def in_force(self, journey_id: str, day: date) -> str:
        """The version of a journey in force on a day; the oldest one before all of them."""
        versions = sorted(
            (j.in_force_from.first_day or date.min, ref)
            for ref, (j, _) in self.journeys.items()
            if j.id == journey_id
        )
        if not versions:
            raise NoJourney(journey=journey_id)
        return next((ref for since, ref in reversed(versions) if since <= day), versions[0][1])

    def between(self, journey_id: str, after: str, until: date) -> list[str]:
        """The versions that came into force after one of them, up to a day, oldest first."""
        since = self.journeys[after][0].in_force_from.first_day or date.min
        later = sorted(
            (j.in_force_from.first_day or date.min, ref)
            for ref, (j, _) in self.journeys.items()
            if j.id == journey_id
        )
        return [ref for start, ref in later if since < start <= until]


class NoJourney(Refused):
    """No definition of this kind was published."""

    code = "journey.none"
    fr = "Aucune version du parcours « {journey} » n'est publiée."
    en = "No version of the journey “{journey}” is published."


def digest_of(journey: Journey) -> str:
    """SHA-256, in hexadecimal, of the definition's JSON with its members in order."""
    content = journey.model_dump(mode="json")
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()
