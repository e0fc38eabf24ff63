"""Any command that could be given, made from the types of its fields alone."""

import string
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from application.command import Command
from domain.dates import UNKNOWN, PartialDate
from domain.grid import Grid
from domain.journey import Journey
from domain.minute import Minute
from domain.values import Line, Personal
from infrastructure.reference import shipped_grids, shipped_journeys
from interfaces.form_fields import NOT_ASKED, unwrapped

LETTERS = string.ascii_letters + string.digits + " éàçœ«»’-:/,.;_@#&<>\"'()[]{}="
"""What people type, and what would break out of a page or of an address."""

lines = st.text(LETTERS, min_size=1, max_size=30).filter(lambda text: text.strip())
proses = st.text(LETTERS + "\n", min_size=1, max_size=60).filter(lambda text: text.strip())

EXAMPLES = (
    "73282932000074",
    "732829320",
    "W9R1011072",
    "0,5",
    "2",
    "12,5",
    "organisation:Caisse des Dépôts: Bretagne",
    "account:6f1b6a3e-0c57-4c1c-9b54-6a8f2b1d7e90",
    "pole:6f1b6a3e-0c57-4c1c-9b54-6a8f2b1d7e90",
    "call:6f1b6a3e-0c57-4c1c-9b54-6a8f2b1d7e90",
    "region:Bretagne",
    "everywhere",
    "5499",
    "38.32Z",
    "ab" * 32,
)
"""Texts that follow rules of their own; each type takes those that it can."""


def valid(annotation: Any, found: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Those of some values that a type takes, as it keeps them."""
    adapter = TypeAdapter[Any](annotation)

    def takes(value: Any) -> bool:
        try:
            adapter.validate_python(value)
        except ValidationError:
            return False
        return True

    return found.filter(takes).map(adapter.validate_python)


def values(annotation: Any, rules: tuple[Any, ...] = ()) -> st.SearchStrategy[Any]:
    """The values of a type."""
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return values(args[0], (*rules, *_rules(args[1:])))
    if int in {unwrapped(one)[0] for one in args if origin in (Union, UnionType)}:
        words = values(Line).filter(lambda text: not text.isdecimal())  # in figures, it is a number
        return st.one_of(st.integers(0, 9), words, *([st.none()] * (type(None) in args)))
    if origin in (Union, UnionType):
        return st.one_of(*(st.none() if one is type(None) else values(one, rules) for one in args))
    if origin is Literal:
        return st.sampled_from(args)
    if origin is tuple:
        few = next((rule.min_length for rule in rules if hasattr(rule, "min_length")), 0)
        return st.lists(values(args[0]), min_size=few, max_size=3).map(tuple)
    if origin is dict:
        return st.dictionaries(values(args[0]), values(args[1]), max_size=2)
    if supertype := getattr(annotation, "__supertype__", None):
        return values(supertype, rules)
    if annotation is Any:
        return st.one_of(lines, st.booleans(), st.integers(0, 9), st.lists(lines, max_size=2))
    return _of_class(annotation, rules)


def _rules(found: tuple[Any, ...]) -> Iterator[Any]:
    for one in found:
        if isinstance(one, FieldInfo):
            yield from one.metadata
        else:
            yield one


def _of_class(kind: Any, rules: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    if issubclass(kind, StrEnum):
        return st.sampled_from(list(kind))
    if kind is bool:
        return st.booleans()
    if kind is UUID:
        return st.uuids()
    if kind is bytes:
        return st.binary(min_size=1, max_size=20)
    if kind is date:
        return st.dates()
    if kind is PartialDate:
        told = st.tuples(st.dates(), st.sampled_from([4, 7, 10]))
        some = told.map(lambda pair: PartialDate(pair[0].isoformat()[: pair[1]]))
        return st.one_of(st.just(UNKNOWN), some)
    if kind is Minute:
        days = st.dates(min_value=date(1920, 1, 1), max_value=date(2100, 1, 1))
        at = st.tuples(days, st.times()).map(lambda at: f"{at[0]}T{at[1]:%H:%M}")
        twice = st.sampled_from(["2027-10-31T02:30+02:00", "2027-10-31T02:30+01:00"])
        return valid(Minute, st.one_of(at, twice))
    if kind is int:
        return _wholes(rules)
    if kind is str:
        return _texts(rules)
    if kind is Personal:
        told = st.one_of(lines, st.just("lou@exemple.fr"))  # some are an address
        return told.map(lambda text: Personal(text=text))
    return _models(kind)


def _wholes(rules: tuple[Any, ...]) -> st.SearchStrategy[int]:
    least = next((rule.ge for rule in rules if hasattr(rule, "ge")), None)
    most = next((rule.le for rule in rules if hasattr(rule, "le")), None)
    is_money = any("Serializer" in type(rule).__name__ for rule in rules)
    return st.integers(least or (1 if is_money else 0), most or 10**9)


def _texts(rules: tuple[Any, ...]) -> st.SearchStrategy[str]:
    pattern = next((rule.pattern for rule in rules if getattr(rule, "pattern", None)), None)
    annotated: Any = Annotated[(str, *rules)] if rules else str
    if any("AfterValidator" in type(rule).__name__ for rule in rules):
        return valid(annotated, st.sampled_from(EXAMPLES))
    if pattern and not pattern.startswith("^[^"):
        return valid(annotated, st.from_regex(pattern.replace("$", r"\Z"), fullmatch=True))
    return valid(annotated, proses if pattern and r"\x0b" in pattern else lines)


SHIPPED: dict[type, list[Any]] = {
    Journey: list(shipped_journeys()),
    Grid: list(shipped_grids()),
}
"""Definitions that follow more rules than their types say: those that ship."""


def _models(kind: type[BaseModel]) -> st.SearchStrategy[Any]:
    if shipped := SHIPPED.get(kind):
        return st.sampled_from(shipped)
    return st.deferred(lambda: valid(kind, given_for(kind)).filter(says_something))


def says_something(made: BaseModel) -> bool:
    """Whether anything is said in a value: who leaves a group of fields blank gives none."""
    return any(value != type(made).model_fields[name].default for name, value in made)


def given_for(kind: type[BaseModel]) -> st.SearchStrategy[dict[str, Any]]:
    """What could be given to make one; what need not be is left out now and then."""
    asked = dict[str, st.SearchStrategy[Any]]()
    free = dict[str, st.SearchStrategy[Any]]()
    said = (pair for pair in kind.model_fields.items() if pair[0] not in NOT_ASKED.get(kind, ()))
    for name, field in said:
        found = values(field.annotation, tuple(field.metadata))
        (asked if field.is_required() else free)[name] = found
    return st.fixed_dictionaries(asked, optional=free)


def commands(cls: type[Command]) -> st.SearchStrategy[Command]:
    """Any command of a class."""
    return valid(cls, given_for(cls))
