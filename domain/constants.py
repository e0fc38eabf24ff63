"""Clauses that are always true or never: told for comparisons with literals, else not at all.

A clause made of such comparisons and of boolean connectives changes only where one of its values
crosses one of its literals. Asking it on both sides of each, and on each, is asking it everywhere.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import chain, combinations, product
from math import prod

from domain.rules import Guard, Laid, Value

MOST_POINTS = 2000
"""How many combinations of values are tried; where there are more, nothing is said."""

MOST_ASKED = 1_000_000
"""How many are tried for one definition in all."""

MOST_MEMBERS = 6
"""Of how many members of one list every combination is tried."""

Literal = bool | int | str | datetime
Point = Mapping[str, Value]
"""A value for each name; none for what is not known."""

LayOut = Callable[[Point], Laid]


# --- what a clause compares ------------------------------------------------------------------


class _Beyond(Exception):
    """The expression says more than comparisons with literals; never leaves this file."""


@dataclass
class _Node:
    """What was read: a condition, or a name, a literal or a list of literals to be compared."""

    name: str | None = None
    literals: list[Literal] = field(default_factory=list)
    is_list: bool = False

    @property
    def is_literal(self) -> bool:
        return bool(self.literals) and not self.is_list and self.name is None


_TOKEN = re.compile(
    r"""[ \t\r\n]*(?:
        (?P<string>'[^'\\\r\n]*'|"[^"\\\r\n]*")
      | (?P<integer>(?:0|[1-9][0-9]*)(?![\w.]))
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*(?![\w'"]))
      | (?P<sign>&&|\|\||[=!<>]=|[<>!?:()\[\],-])
    )""",
    re.VERBOSE,
)
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", re.ASCII)
_COMPARE = ("==", "!=", "<=", ">=", "<", ">")
_KINDS: Mapping[str, type] = {"int": int, "string": str, "bool": bool, "timestamp": datetime}


def compared(expression: str, known: Mapping[str, str]) -> dict[str, frozenset[Literal]] | None:
    """The names that a clause reads, each with the literals it is compared with.

    `None` where the clause says anything else than comparisons of one name with literals, joined
    by `&&`, `||`, `!` and `? :`. The clause is known to compile.
    """
    try:
        return _Reader(expression, known).read()
    except (_Beyond, RecursionError):
        return None


class _Reader:
    def __init__(self, expression: str, known: Mapping[str, str]) -> None:
        self.known = known
        self.tokens = list(_tokens(expression))
        self.at = 0
        self.found: dict[str, set[Literal]] = {}

    def read(self) -> dict[str, frozenset[Literal]]:
        self._condition(self._choice())
        if self.at != len(self.tokens):
            raise _Beyond
        return {name: frozenset(literals) for name, literals in self.found.items()}

    def _next(self, *texts: str) -> str | None:
        """Step over one of these signs, if it comes next."""
        if self.at < len(self.tokens):
            kind, text = self.tokens[self.at]
            if kind != "string" and text in texts:
                self.at += 1
                return text
        return None

    def _need(self, text: str) -> None:
        if not self._next(text):
            raise _Beyond

    def _condition(self, node: _Node) -> _Node:
        """A node that stands for true or false."""
        if node.name is not None:
            if self.known[node.name] != "bool":
                raise _Beyond
            self.found.setdefault(node.name, set())
        elif node.is_list or any(not isinstance(literal, bool) for literal in node.literals):
            raise _Beyond
        return _Node()

    def _choice(self) -> _Node:
        node = self._joined(("||",), lambda: self._joined(("&&",), self._relation))
        if self._next("?"):
            self._condition(node)
            self._condition(self._joined(("||",), lambda: self._joined(("&&",), self._relation)))
            self._need(":")
            return self._condition(self._choice())
        return node

    def _joined(self, signs: tuple[str, ...], part: Callable[[], _Node]) -> _Node:
        node = part()
        while self._next(*signs):
            self._condition(node)
            node = self._condition(part())
        return node

    def _relation(self) -> _Node:
        left = self._unary()
        sign = self._next(*_COMPARE, "in")
        if sign is None:
            return left
        right = self._unary()
        if self._next(*_COMPARE, "in"):  # `a == b == c`
            raise _Beyond
        (self._member if sign == "in" else self._compare)(left, right, sign)
        return _Node()

    def _unary(self) -> _Node:
        if self._next("!"):
            return self._condition(self._unary())
        if self._next("("):
            node = self._choice()
            self._need(")")
            return node
        if self._next("["):
            return self._list()
        return self._term()

    def _list(self) -> _Node:
        literals: list[Literal] = []
        while not self._next("]"):
            if literals:
                self._need(",")
            term = self._term()
            if not term.is_literal:
                raise _Beyond
            literals += term.literals
        return _Node(literals=literals, is_list=True)

    def _term(self) -> _Node:
        negative = self._next("-")
        if self.at == len(self.tokens):
            raise _Beyond
        kind, text = self.tokens[self.at]
        self.at += 1
        if kind == "integer":
            return _Node(literals=[-int(text) if negative else int(text)])
        if negative:
            raise _Beyond
        if kind == "string":
            return _Node(literals=[text[1:-1]])
        if text in ("true", "false"):
            return _Node(literals=[text == "true"])
        if text == "timestamp" and text not in self.known:
            return self._instant()
        if kind == "name" and text in self.known:
            return _Node(name=text)
        raise _Beyond

    def _instant(self) -> _Node:
        self._need("(")
        term = self._term()
        self._need(")")
        said = term.literals[0] if term.is_literal else None
        if not isinstance(said, str) or not _INSTANT.fullmatch(said):
            raise _Beyond
        try:
            return _Node(literals=[datetime.fromisoformat(said)])
        except ValueError:
            raise _Beyond from None

    def _member(self, left: _Node, right: _Node, _: str) -> None:
        if left.is_literal and right.name and self.known[right.name] == "list":
            self._note(right.name, left.literals, str)
        elif left.name and right.is_list:
            self._note(left.name, right.literals, _KINDS.get(self.known[left.name]))
        elif not (left.is_literal and right.is_list):
            raise _Beyond

    def _compare(self, left: _Node, right: _Node, sign: str) -> None:
        if left.name and right.is_literal:
            name, literals = left.name, right.literals
        elif right.name and left.is_literal:
            name, literals = right.name, left.literals
        elif left.is_literal and right.is_literal:
            return
        elif sign in ("==", "!="):  # two conditions that agree, or do not
            self._condition(left)
            self._condition(right)
            return
        else:
            raise _Beyond
        kind = self.known[name]
        if kind == "string" and sign not in ("==", "!="):  # texts have no nearest neighbours
            raise _Beyond
        self._note(name, literals, _KINDS.get(kind))

    def _note(self, name: str, literals: Iterable[Literal], kind: type | None) -> None:
        literals = list(literals)
        if kind is None or any(type(literal) is not kind for literal in literals):
            raise _Beyond
        self.found.setdefault(name, set()).update(literals)


def _tokens(expression: str) -> Iterable[tuple[str, str]]:
    at, end = 0, len(expression.rstrip(" \t\r\n"))
    while at < end:
        token = _TOKEN.match(expression, at)
        if token is None or token.lastgroup is None:
            raise _Beyond
        yield token.lastgroup, token[token.lastgroup]
        at = token.end()


# --- the points at which it may change -------------------------------------------------------


@dataclass
class Patience:
    """How many combinations of values may still be tried."""

    left: int = MOST_ASKED

    def lasts(self, points: int) -> bool:
        if points > min(self.left, MOST_POINTS):
            return False
        self.left -= points
        return True


@dataclass(frozen=True)
class Names:
    """What the names of a gate may hold."""

    types: Mapping[str, str]
    facts: Mapping[str, str]
    """Those among them that are facts: beside an optional one stands whether it is known."""
    options: Mapping[str, Sequence[str]]
    """The choices that an input is held to."""
    patience: Patience


Axis = Sequence[Point]
"""The values tried for a name, or for a fact and whether it is known."""


def axes(read: Mapping[str, Iterable[Literal]], names: Names) -> dict[str, Axis] | None:
    """For each name, every value between which a clause may change; `None` where too many."""
    found: dict[str, Axis] = {}
    for name, literals in read.items():
        if f"{name}_known" in names.facts and name in names.facts and f"{name}_known" in read:
            known = f"{name}_known"
            values = _values(name, literals, names)
            told: Axis = [{known: True, name: value} for value in values]
            found[name] = [{known: False}, *told]
        elif name.endswith("_known") and name in names.facts and name[:-6] in read:
            continue
        else:
            found[name] = [{name: value} for value in _values(name, literals, names)]
        if not found[name]:
            return None
    return found if names.patience.lasts(prod(len(axis) for axis in found.values())) else None


def _values(name: str, literals: Iterable[Literal], names: Names) -> Sequence[Value]:
    options = names.options.get(name)
    match names.types[name]:
        case "bool":
            return (False, True)
        case "int":
            near = {n + d for n in literals if isinstance(n, int) for d in (-1, 0, 1)}
            return sorted(n for n in near | {0} if -(2**63) <= n < 2**63)
        case "timestamp":
            tick = timedelta(microseconds=1)
            try:
                return sorted(
                    t + d
                    for t in literals
                    if isinstance(t, datetime)
                    for d in (-tick, tick * 0, tick)
                ) or [datetime(2000, 1, 1, tzinfo=UTC)]
            except OverflowError:
                return ()
        case "string":
            texts = sorted(text for text in literals if isinstance(text, str))
            return options or [*texts, _other_than(texts)]
        case _:
            members = sorted(text for text in literals if isinstance(text, str))
            members = [m for m in members if options is None or m in options]
            return _subsets(members) if len(members) <= MOST_MEMBERS else ()


def _other_than(texts: Sequence[str]) -> str:
    return max((len(text) for text in texts), default=0) * "x" + "x"


def _subsets(members: Sequence[str]) -> list[tuple[str, ...]]:
    return list(chain.from_iterable(combinations(members, n) for n in range(len(members) + 1)))


# --- verdicts --------------------------------------------------------------------------------


def constant(guard: Guard, lay_out: LayOut, tried: Mapping[str, Axis]) -> bool | None:
    """What a clause says wherever it can be told; `None` where it says both, or cannot be told.

    What is not known closes a gate, so that a clause which is always true still asks that what it
    names be known.
    """
    told: set[bool] = set()
    for point, whole in _points(tried):
        said = guard(lay_out(point))
        if said is None and whole:
            return None
        if said is not None:
            told.add(said)
        if len(told) > 1:
            return None
    return told.pop() if told else None


def together(
    guards: Sequence[Guard],
    lay_out: LayOut,
    tried: Mapping[str, Axis],
    without: Sequence[Sequence[Guard]] = (),
) -> bool:
    """Whether some values make all of these clauses true at once.

    Args:
        without: clauses of others, which must not all be true at the same time.
    """
    for point, _ in _points(tried):
        laid = lay_out(point)
        if all(guard(laid) is True for guard in guards) and not any(
            all(guard(laid) is True for guard in others) for others in without
        ):
            return True
    return False


def _points(tried: Mapping[str, Axis]) -> Iterable[tuple[Point, bool]]:
    """Every combination, with whether it gives every name its value."""
    for parts in product(*tried.values()):
        point = {name: value for part in parts for name, value in part.items()}
        # A fact that is not known stands beside nothing but the word that says so.
        whole = all(name in part for name, part in zip(tried, parts, strict=True))
        yield point, whole
