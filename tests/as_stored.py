"""What commands leave at hand is, to the last member, the fold of what is stored."""

from typing import Any

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
    return compared


def _members(thing: Any) -> Any:
    """Something, as values that are equal where all their members are."""
    if isinstance(thing, dict):
        return {key: _members(value) for key, value in thing.items()}
    if isinstance(thing, list | tuple):
        return type(thing).__name__, [_members(one) for one in thing]
    compares = any("__eq__" in vars(kind) for kind in type(thing).__mro__[:-1])
    if hasattr(thing, "__dict__") and not compares:
        return type(thing).__name__, {k: _members(v) for k, v in vars(thing).items()}
    return "a function" if callable(thing) else thing
