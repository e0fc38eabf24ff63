"""What commands and questions leave at hand is, to the last member, the fold of what is stored."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from pydantic import BaseModel

from infrastructure.event_store.registry import Registry


def assert_as_stored(registry: Registry) -> int:
    """Compare every aggregate that is at hand with the fold of its stream; how many there were.

    One whose stream was written to since, by another program, is past: its version says so.
    """
    compared = 0
    for left in registry.at_hand.kept:
        stored = registry.load(type(left), left.id)
        if stored and stored.version == left.version:
            assert _members(left) == _members(stored), f"{type(left).__name__} {left.id}"
            compared += 1
    return compared + _read_alone(registry)


def _read_alone(registry: Registry) -> int:
    """Compare what questions have at hand, which nobody changes, with the fold of its stream."""
    known, kept = registry.folds.kept
    for read in kept:
        stored = registry.journal.fold(type(read), read.id, known)
        assert _members(read) == _members(stored), f"{type(read).__name__} {read.id}"
    return len(kept)


def _members(thing: Any, *, stored: bool = False) -> Any:
    """Something, as values that are equal where all their members are: by kind, and in order.

    Args:
        stored: of a value that is stored as it is, whose names have no order there.
    """
    kind = type(thing).__name__
    if isinstance(thing, BaseModel):  # not what it works out of its members, and keeps
        names = type(thing).model_fields
        return kind, [_members(getattr(thing, name), stored=True) for name in names]
    if isinstance(thing, Mapping):
        pairs = [(_members(name), _members(one, stored=stored)) for name, one in thing.items()]
        named = all(type(name) is str for name in thing)  # variables, as an event stores them
        return kind, sorted(pairs, key=repr) if stored or named else pairs
    if isinstance(thing, set | frozenset):
        return kind, sorted(map(repr, thing))
    if isinstance(thing, list | tuple):
        own = vars(thing) if hasattr(thing, "__dict__") else {}
        return kind, [_members(one, stored=stored) for one in thing], _members(own)
    if is_dataclass(thing) and not isinstance(thing, type):
        return kind, [_members(getattr(thing, one.name)) for one in fields(thing)]
    if callable(thing):
        return "a function"
    if isinstance(thing, Enum) or not hasattr(thing, "__dict__"):
        return kind, thing
    return kind, [(name, _members(value)) for name, value in sorted(vars(thing).items())]
