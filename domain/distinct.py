"""Two distinct persons: what one did, another answers, accepts, assesses, moderates or confirms.

Acting for another makes no second person of anybody: of each act, both for whom it is done and the
account that does it are compared.
"""

from collections import Counter
from collections.abc import Iterable

from domain.spelling import same
from domain.values import Line

Persons = tuple[Line, ...]
"""Everybody who had a hand in an act: for whom it was done first, then who did it, if another."""


class AnotherPerson:
    """Among the reasons of a refusal: somebody else must do it."""


def share(one: Iterable[str], other: Iterable[str]) -> bool:
    """Whether somebody had a hand in both of two acts, however their names are spelt."""
    return not {same(person) for person in one}.isdisjoint(same(person) for person in other)


def apart(acts: Iterable[frozenset[str]]) -> int:
    """How many acts there are, at most, of which no two share anybody.

    Never more than there are; exactly as many as long as no two are for the same party.

    Args:
        acts: of each, everybody who had a hand in it, spelt alike: for whom, then who did it.
    """
    left, found = {act for act in acts if act}, 0
    while left:
        hands = Counter(person for act in left for person in act)
        # Whoever shares the fewest persons with others stands least in the way of others.
        taken = min(left, key=lambda act: (sum(hands[p] > 1 for p in act), sorted(act)))
        left = {act for act in left if act.isdisjoint(taken)}
        found += 1
    return found


def those(persons: Persons, party: str) -> Persons:
    """Who had a hand in what is remembered; before November 2026 only for whom was kept."""
    return persons or (party,)
