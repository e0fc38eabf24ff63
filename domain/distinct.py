"""Two distinct persons: what one did, another answers, accepts, assesses, moderates or confirms.

Acting for another makes no second person of anybody: of each act, both for whom it is done and the
account that does it are compared.
"""

from collections.abc import Iterable

from domain.kernel import Line
from domain.mandate import same

Persons = tuple[Line, ...]
"""Everybody who had a hand in an act: for whom it was done first, then who did it, if another."""


def share(one: Iterable[str], other: Iterable[str]) -> bool:
    """Whether somebody had a hand in both of two acts, however their names are spelt."""
    return not {same(person) for person in one}.isdisjoint(same(person) for person in other)


def those(persons: Persons, party: str) -> Persons:
    """Who had a hand in what is remembered; before November 2026 only for whom was kept."""
    return persons or (party,)
