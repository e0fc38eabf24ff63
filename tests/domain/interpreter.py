"""A second engine, small and slow, against which the real one is held.

It is written from the words of the design (roles, permissions and groups of a gate, the order of
one step, which saying of a variable prevails) and knows nothing of the real one: it reads plain
dictionaries, and its conditions are trees that it evaluates itself. Their text in CEL is made
from the same trees, for the real engine to read.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Tree = tuple[Any, ...]
Facts = Mapping[str, Any]

# --- conditions -------------------------------------------------------------------------------


def text_of(tree: Tree) -> str:
    """A condition, or a value, in CEL."""
    match tree:
        case ("is", bool() as value):
            return "true" if value else "false"
        case ("is", str() as value):
            return f"'{value}'"
        case ("is", value):
            return str(value)
        case ("fact", name):
            return str(name)
        case ("at least", name, bound):
            return f"{name} >= {bound}"
        case ("equals", name, word):
            return f"{name} == '{word}'"
        case ("among", word, name):
            return f"'{word}' in {name}"
        case ("more", name, by):
            return f"{name} + {by}"
        case ("not", one):
            return f"!({text_of(one)})"
        case ("and", one, other):
            return f"({text_of(one)} && {text_of(other)})"
        case ("or", one, other):
            return f"({text_of(one)} || {text_of(other)})"
    raise ValueError(tree)


def value_of(tree: Tree, facts: Facts) -> Any:
    """What it comes to; `None` where something it needs is not known."""
    match tree:
        case ("is", value):
            return value
        case ("fact", name):
            return facts.get(name)
        case ("at least", name, bound):
            return facts[name] >= bound if name in facts else None
        case ("equals", name, word):
            return facts[name] == word if name in facts else None
        case ("among", word, name):
            return word in facts[name] if name in facts else None
        case ("more", name, by):
            return facts[name] + by if name in facts else None
        case ("not", one):
            inner = value_of(one, facts)
            return None if inner is None else not inner
        case ("and", one, other):
            both = {value_of(one, facts), value_of(other, facts)}
            return False if False in both else None if None in both else True
        case ("or", one, other):
            both = {value_of(one, facts), value_of(other, facts)}
            return True if True in both else None if None in both else False
    raise ValueError(tree)


def names_of(tree: Tree) -> set[str]:
    """Everything it asks about."""
    match tree:
        case ("is", _):
            return set()
        case ("fact" | "at least" | "equals" | "more", name, *_):
            return {name}
        case ("among", _, name):
            return {name}
    return set().union(*(names_of(part) for part in tree[1:]))


# --- definitions ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Person:
    roles: frozenset[str]
    groups: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Taken:
    """A step, as both engines tell it."""

    transition: str
    from_: str
    to: str
    variables: Mapping[str, Any]


class No(Exception):
    """A step is refused, for a reason given in one word."""


class Loop(Exception):
    """Automatic steps never end."""


@dataclass(frozen=True)
class Interpreter:
    """A definition, as a dictionary of what people write, with trees for expressions."""

    definition: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.definition[name]

    # Who may.

    def roles_of(self, person: Person, state: str) -> set[str]:
        """Their own roles, those of everybody, and those of their groups in this state."""
        roles = set(person.roles) | set(self["implied"])
        for group, given in self["states"][state]["groups"].items():
            if group in person.groups:
                roles |= set(given)
        return roles

    def managed(self) -> set[str]:
        """The permissions on which states decide."""
        if self["permissions"] is not None:
            return set(self["permissions"])
        return {name for state in self["states"].values() for name in state["rights"]}

    def holders(self, state: str, permission: str) -> set[str]:
        """The roles that hold a permission in a state, acquired ones too."""
        acquired = set(self["otherwise"])
        if permission not in self.managed():
            return acquired
        right = self["states"][state]["rights"].get(permission)
        if right is None:
            return acquired
        if isinstance(right, list):
            return set(right)
        return set(right["acquire"]) | acquired

    def has(self, person: Person, state: str, permission: str) -> bool:
        """Whether somebody holds a permission: by a role, or because everybody does."""
        holders = self.holders(state, permission)
        return bool(holders & self.roles_of(person, state)) or bool(holders & set(self["open_to"]))

    def bypasses(self, person: Person, state: str) -> bool:
        return bool(self.roles_of(person, state) & set(self["bypass"]))

    def lets(self, gate: Mapping[str, Any], person: Person, state: str) -> bool:
        """Each part that is there must be met: any of its permissions, roles, groups."""
        if gate["permissions"] and not any(self.has(person, state, p) for p in gate["permissions"]):
            return False
        if gate["by"] is not None and not self.roles_of(person, state) & set(gate["by"]):
            return False
        return not gate["groups"] or bool(person.groups & set(gate["groups"]))

    # What is open.

    def ways(self, state: str) -> list[str]:
        """The ways out: those that the state puts in order, then the others."""
        leave = [name for name, way in self["transitions"].items() if state in way["from"]]
        first = [name for name in self["states"][state]["exits"] or [] if name in leave]
        return first + [name for name in leave if name not in first]

    def offers(self, state: str, facts: Facts, person: Person, given: Facts) -> dict[str, str]:
        """Each way that may be taken by hand: open, closed, or waiting for input."""
        return {
            name: self.status(name, state, facts, person, given)
            for name in self.ways(state)
            if not self["transitions"][name]["automatic"]
        }

    def status(self, name: str, state: str, facts: Facts, person: Person, given: Facts) -> str:
        way = self["transitions"][name]
        wanting = any(i not in given for i, asked in way["input"].items() if asked["required"])
        if self.bypasses(person, state):
            return "needs_input" if wanting else "open"
        if not self.lets(way, person, state):
            return "closed"
        known = {**facts, **{f"input.{i}": value for i, value in given.items()}}
        missing = {f"input.{i}" for i in way["input"] if i not in given}
        for tree in way["conditions"]:
            value = value_of(tree, known)
            if value is True:
                continue
            if value is None and names_of(tree) & missing:
                wanting = True
                continue
            return "closed"
        return "needs_input" if wanting else "open"

    # One step, and what follows of itself.

    def take(
        self, name: str, state: str, facts: Facts, person: Person, given: Facts, former: Facts
    ) -> Taken:
        """A step by hand, or the word for its refusal."""
        way = self["transitions"].get(name)
        if way is None:
            raise No("unknown")
        if state not in way["from"]:
            raise No("not from here")
        if way["automatic"]:
            raise No("automatic")
        passes = self.bypasses(person, state)
        if not passes and not self.lets(way, person, state):
            raise No("not admitted")
        if set(given) - set(way["input"]):
            raise No("input")
        if any(i not in given for i, asked in way["input"].items() if asked["required"]):
            raise No("input")
        known = {**facts, **{f"input.{i}": value for i, value in given.items()}}
        if not passes and any(value_of(tree, known) is not True for tree in way["conditions"]):
            raise No("condition")
        return self.step(name, state, known, former)

    def step(self, name: str, state: str, known: Facts, former: Facts) -> Taken:
        way = self["transitions"][name]
        to = way["to"] or state
        about = {"step.transition": name, "step.from": state, "step.to": to}
        return Taken(name, state, to, self.variables(to, way["sets"], {**known, **about}, former))

    def variables(
        self, state: str, said: Mapping[str, Tree], known: Facts, former: Facts
    ) -> dict[str, Any]:
        """The state's word first; then the transition's; then what was, unless always updated;
        then the expression of the default; then the default."""
        values: dict[str, Any] = {}
        for name, variable in self["variables"].items():
            if not variable["in_history"]:
                continue
            entered = self["states"][state]["sets"]
            if name in entered:
                value = entered[name]
            elif name in said:
                value = value_of(said[name], known)
            elif name in former and not variable["update_always"]:
                value = former[name]
            elif variable["expression"] is not None:
                value = value_of(variable["expression"], known)
            else:
                value = variable["default"]
            values[name] = value
        return values

    def begin(self, facts: Facts) -> dict[str, Any]:
        """The variables where a case begins."""
        initial = self["initial"]
        known = {**facts, "step.transition": "", "step.from": "", "step.to": initial}
        return self.variables(initial, {}, known, {})

    def automatic(self, state: str, facts: Facts, person: Person, former: Facts) -> Taken | None:
        """The first way, in the order of the state, that opens of itself."""
        known = {**facts, **in_conditions(self.definition, former)}
        for name in self.ways(state):
            if not self["transitions"][name]["automatic"]:
                continue
            if self.status(name, state, known, person, {}) == "open":
                return self.step(name, state, known, former)
        return None

    def follow(self, first: Taken, facts: Facts, person: Person, most: int) -> list[Taken]:
        """A step and everything that follows it of itself."""
        steps = [first]
        while after := self.automatic(steps[-1].to, facts, person, steps[-1].variables):
            if len(steps) > most:
                raise Loop
            steps.append(after)
        return steps

    def admits(self, facts: Facts, person: Person) -> bool:
        """Whether somebody may begin a case."""
        gate = self["creation"]
        if gate is None or self.bypasses(person, self["initial"]):
            return True
        return self.lets(gate, person, self["initial"]) and all(
            value_of(tree, facts) is True for tree in gate["conditions"]
        )


def in_conditions(definition: Mapping[str, Any], kept: Facts) -> dict[str, Any]:
    """Variables under the names that conditions use; one without a value is not known.

    One that is not kept is what it is by default.
    """
    values = {name: kept.get(name, v["default"]) for name, v in definition["variables"].items()}
    return {f"var.{name}": value for name, value in values.items() if value is not None}


# --- as people write them ---------------------------------------------------------------------


def written(definition: Mapping[str, Any]) -> dict[str, Any]:
    """The definition as the real engine reads it, with CEL in place of trees."""
    plain = ("implied", "open_to", "otherwise", "bypass", "permissions", "initial")
    return {
        "id": "drawn",
        "version": "2024-01",
        "source": ["product rule"],
        "facts": "",
        **{name: definition[name] for name in plain},
        "creation": definition["creation"] and _gate(definition["creation"]),
        "states": {name: dict(state) for name, state in definition["states"].items()},
        "transitions": {
            name: {
                **_gate(way),
                "from": way["from"],
                "to": way["to"],
                "trigger": "automatic" if way["automatic"] else "user",
                "input": {i: {"title": {"fr": i}, **asked} for i, asked in way["input"].items()},
                "sets": {v: text_of(tree) for v, tree in way["sets"].items()},
            }
            for name, way in definition["transitions"].items()
        },
        "variables": {
            name: {**v, "expression": v["expression"] and text_of(v["expression"])}
            for name, v in definition["variables"].items()
        },
    }


def _gate(gate: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "by": gate["by"],
        "permissions": gate["permissions"],
        "groups": gate["groups"],
        "requires": list(_clauses(gate["conditions"])),
    }


def _clauses(conditions: Iterable[Tree]) -> Iterable[dict[str, Any]]:
    for number, tree in enumerate(conditions):
        yield {
            "id": f"c{number}",
            "when": text_of(tree),
            "say": {"fr": f"c{number}"},
            "source": "product rule",
        }
