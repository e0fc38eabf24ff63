"""Names that corrections put in the place of others: another spelling, or another person."""

from collections.abc import Iterator, Mapping
from itertools import permutations
from uuid import UUID

from application.personal import marked_events
from application.world import World
from domain.correction import mends_of
from domain.personal import sealed_in

Key = tuple[UUID, str]
"""Under what a value is sealed: its subject and its purpose."""

Names = Mapping[Key, frozenset[bytes]]
"""The marks of the names that are sealed under each key: two are of one name if a mark recurs."""


def respelt(world: World, subjects: Mapping[str, UUID], names: Names) -> Iterator[tuple[Key, Key]]:
    """The keys of two names of which a correction put one in the place of the other, both ways.

    A fact that is told again tells its names anew: one that recurs took no other's place.

    Args:
        subjects: for whom each value that is still there is sealed, by its reference.
    """
    told = list(world.told_ever(*marked_events()))
    mends = mends_of(told)
    tellings: dict[UUID, list[set[Key]]] = {}
    for one in told:
        said = {
            (subjects[kept.ref], marked.purpose)
            for _, kept, marked in sealed_in(one.event)
            if marked.is_name and kept.ref in subjects
        }
        tellings.setdefault(mends.fact(one.event.meta.event_id), []).append(said)
    for of_one_fact in tellings.values():
        for said, otherwise in permutations(of_one_fact, 2):
            for key in _not_among(said, otherwise, names):
                yield from ((key, other) for other in _not_among(otherwise, said, names))


def _not_among(said: set[Key], others: set[Key], names: Names) -> list[Key]:
    known = {mark for key in others for mark in names.get(key, ())}
    return [key for key in said if known.isdisjoint(names.get(key, ()))]
