"""Journeys: definitions as data, published once and never changed again."""

import json
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from domain.dates import PartialDate
from domain.deadline import Deadline
from domain.values import Frozen
from domain.vote import Approval, rule_of
from domain.words import Id, Name, Stored, Text, later, named

JourneyRef = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*@\d{4}-\d{2}(-\d{2})?$")]

InputType = Literal["text", "integer", "boolean", "date", "texts", "id"]


class Unresolved(Frozen):
    """An expression of another engine. Nobody runs it: its clause stays closed until rewritten."""

    unresolved: str


Expression = str | Unresolved
"""A condition or a value in CEL, or one that is still to be written in it."""


class Clause(Frozen):
    """A named condition: an expression over facts and input, and the sentence to show."""

    id: Name
    when: Expression
    say: Text
    source: str
    unblocked_by: tuple[Id, ...] | None = None
    """Who can make it hold: whoever may take the step, unless said; nobody, where it is empty."""


class Gate(Frozen):
    """Who may pass, and on which conditions: each part that is given must let them."""

    by: tuple[Id, ...] | None = None
    """One of these roles; nobody, where it is empty; roles are not asked where it is not given."""
    permissions: tuple[Id, ...] = later(())
    """One of these permissions, as the state grants them."""
    groups: tuple[Id, ...] = later(())
    """A member of one of these groups."""
    requires: tuple[Clause, ...] = ()
    """All of these clauses."""


class Input(Frozen):
    """Something a step asks for; the declared inputs are also its form."""

    id: Name
    type: InputType
    title: Text
    options: tuple[str, ...] = ()
    required: bool = True


class Evidence(Frozen):
    """A piece that must be on file before a step is taken."""

    id: Annotated[Name, StringConstraints(max_length=50)]  # its clause is named after it
    title: Text


class Right(Frozen):
    """The roles that hold a permission in a state; `acquired` adds those that hold it anyway."""

    roles: tuple[Id, ...]
    acquired: bool = False


def _right(given: Any) -> Any:
    """Read `[roles]`, or `{acquire: [roles]}`, as people write them."""
    if isinstance(given, list | tuple):
        return {"roles": given}
    if isinstance(given, Mapping) and set(given) == {"acquire"}:
        return {"roles": given["acquire"], "acquired": True}
    return given


class State(Frozen):
    """A stage of a journey, and what follows from standing in it."""

    id: Id
    title: Text = Text()
    about: Text = later(Text())
    """What standing in it means."""
    final: bool = False
    exits: tuple[Id, ...] | None = later(None)
    """The order in which ways out are shown and automatic ones tried; the definition's, unless."""
    rights: Mapping[Id, Annotated[Right, BeforeValidator(_right)]] = later({})
    """Which roles hold each permission."""
    groups: Mapping[Id, tuple[Id, ...]] = later({})
    """The roles that members of a group hold here."""
    sets: Mapping[Id, Stored] = later({})
    """The values that variables take when the state is entered."""
    deadlines: Annotated[tuple[Deadline, ...], BeforeValidator(named)] = later(())


class Transition(Gate):
    """A way from some states to another: who may take it, with what, on which conditions."""

    id: Id
    title: Text = Text()
    about: Text = later(Text())
    """What taking it does."""
    from_: tuple[Id, ...] = Field(alias="from")
    to: Id | None = None
    """The state it leads to; where it is not given, the case stays where it is."""
    trigger: Literal["user", "automatic"] = later("user")
    """An automatic one is taken as soon as it may be, after a step or when a deadline passes."""
    input: Annotated[tuple[Input, ...], BeforeValidator(named)] = ()
    evidence: Annotated[tuple[Evidence, ...], BeforeValidator(named)] = ()
    approval: Approval | None = later(None)
    sets: Mapping[Id, Expression] = later({})
    """The values that variables take with this step, as expressions."""
    before: tuple[Id, ...] = later(())
    """Handlers called before the step is recorded; one may refuse it."""
    after: tuple[Id, ...] = later(())
    """Handlers called once it is."""


class Variable(Frozen):
    """A value that a case carries from step to step.

    At each step it takes, in this order: what the state entered sets; what the transition says;
    what it was, unless it is always updated; its expression; its default.
    """

    id: Id
    type: InputType = "text"
    title: Text = Text()
    about: Text = later(Text())
    default: Stored = None
    expression: Expression | None = None
    update_always: bool = False
    in_history: bool = True
    """Whether each step records it."""
    in_lists: bool = False
    """Whether lists may show it and be filtered by it."""
    shown_to: Gate | None = None


class Worklist(Gate):
    """Cases that wait for somebody: those that stand in some states."""

    id: Id
    title: Text = Text()
    about: Text = later(Text())
    states: tuple[Id, ...] = ()
    where: Mapping[Id, tuple[str, ...]] = {}
    """For variables, the values of which one must be met."""


class Journey(Frozen):
    """A definition, named by id, version and content hash; it never changes once published."""

    id: Name
    version: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}(-\d{2})?$")]
    title: Text = later(Text())
    about: Text = later(Text())
    source: tuple[str, ...]
    facts: str
    """The name of the model of facts its clauses may ask about; empty where they ask none."""
    initial: Id
    states: Annotated[tuple[State, ...], BeforeValidator(named)]
    transitions: Annotated[tuple[Transition, ...], BeforeValidator(named)]
    creation: Gate | None = later(None)
    """Who may begin a case."""
    variables: Annotated[tuple[Variable, ...], BeforeValidator(named)] = later(())
    worklists: Annotated[tuple[Worklist, ...], BeforeValidator(named)] = later(())
    permissions: tuple[Id, ...] | None = later(None)
    """The permissions that states decide; those that some state grants, unless it is given."""
    roles: Mapping[Id, Text] = later({})
    """Roles of its own, beside the product's."""
    implied: tuple[Id, ...] = later(())
    """Roles that everybody who is signed in holds."""
    open_to: tuple[Id, ...] = later(("public",))
    """Roles which, where they hold a permission, give it to everybody."""
    otherwise: tuple[Id, ...] = later(())
    """Who holds a permission that the states do not decide, and one that they let be acquired."""
    otherwise_for: Mapping[Id, tuple[Id, ...]] = later({})
    """The same for some permissions, where others hold them."""
    bypass: tuple[Id, ...] = later(())
    """Roles that pass every gate."""
    state_variable: Id = later("state")
    """The name under which the state is known to what comes from elsewhere."""
    replaces: Mapping[Id, Id] = later({})
    """For states that earlier versions had: the state of this one in which their cases go on."""

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

    @cached_property
    def managed(self) -> frozenset[str]:
        """The permissions that states decide."""
        if self.permissions is not None:
            return frozenset(self.permissions)
        return frozenset(name for state in self.states for name in state.rights)

    def ways_out(self, state: str) -> tuple[Transition, ...]:
        """The transitions that leave a state, in its order, else in that of the definition."""
        return self._ways_out.get(state, ())

    @cached_property
    def _ways_out(self) -> Mapping[str, tuple[Transition, ...]]:
        leaving: dict[str, list[Transition]] = {state.id: [] for state in self.states}
        for way in self.transitions:
            for name in leaving.keys() & set(way.from_):
                leaving[name].append(way)
        found = {}
        for state in self.states:
            ways = leaving[state.id]
            order = {name: place for place, name in enumerate(state.exits or ())}
            found[state.id] = tuple(sorted(ways, key=lambda way: order.get(way.id, len(order))))
        return found


ON_FILE = Text(fr="La pièce est versée : {title}.", en="The piece is on file: {title}.")


def clauses_of(gate: Gate) -> tuple[Clause, ...]:
    """The clauses of a gate, with those that its evidence and its vote stand for."""
    pieces = gate.evidence if isinstance(gate, Transition) else ()
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
        for piece in pieces
    )
    if isinstance(gate, Transition) and gate.approval:
        return (*gate.requires, *asked, _carried(gate.id, gate.approval))
    return (*gate.requires, *asked)


APPROVED = "approved"
"""The clause of a vote."""


def _carried(transition: str, approval: Approval) -> Clause:
    return Clause(
        id=APPROVED,
        when=f"{json.dumps(transition, ensure_ascii=False)} in approvals.carried",
        say=rule_of(approval),
        source=approval.source,
        unblocked_by=tuple(dict.fromkeys(r for c in approval.colleges for r in c.roles)),
    )
