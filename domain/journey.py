"""Journeys: definitions as data, published once and never changed again."""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from domain.dates import PartialDate
from domain.kernel import Frozen, Role

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
JourneyRef = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*@\d{4}-\d{2}(-\d{2})?$")]

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
