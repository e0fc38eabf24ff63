"""What a clause saw, in words: what the fact is called, and its value as people say it."""

from collections.abc import Callable, Mapping

from application.wording import KNOWN, fact, value_in_words
from domain.journey import Journey
from domain.money import euros
from domain.words import Stored

SAID: dict[str, Callable[[Stored], str]] = {}
"""The facts whose values are not said as they are kept, such as amounts; concepts add their own."""


def cents_in_words(stored: Stored) -> str:
    """An amount in cents, in euros."""
    return euros(stored) if isinstance(stored, int) else value_in_words(stored)


def seen_in_words(name: str, stored: Stored, journey: Journey) -> str:
    """What a clause of a journey saw of a fact: `pièces manquantes : 2`.

    What the journey itself names by a code, a deadline, a step, a value that cases carry, is called
    by its title.
    """
    carried = {f"var.{value.id}": value.title.fr for value in journey.variables}
    return f"{carried.get(name) or fact(name)} : {_value(name, stored, journey)}"


def _value(name: str, stored: Stored, journey: Journey) -> str:
    if name in SAID:
        return SAID[name](stored)
    if name.endswith(KNOWN):
        return "connu" if stored else "inconnu"
    titles = _titles(name, journey)
    if isinstance(stored, list | tuple):
        return value_in_words([titles.get(str(part)) or str(part) for part in stored])
    return value_in_words(stored)


def _titles(name: str, journey: Journey) -> Mapping[str, str]:
    """What a journey calls what a fact lists by codes."""
    if name == "deadlines.passed":
        return {d.id: d.title.fr for state in journey.states for d in state.deadlines}
    if name == "approvals.carried":
        return {way.id: way.title.fr for way in journey.transitions}
    return {}
