"""Every case that follows a journey, whatever it is a case of."""

from collections.abc import Iterator
from uuid import UUID

from application.world import World
from domain.case import Begun, Case
from domain.pole import Pole

KINDS: tuple[type[Case], ...] = (Pole,)
"""What journeys are followed by."""

BEGINNINGS = (Pole.Registered, Pole.Begun)
"""The events by which a case begins to follow a journey."""


def cases_of(world: World, journey: str, until: int | None = None) -> dict[UUID, type[Case]]:
    """The cases that follow a journey, under any version, in the order in which they began to."""
    found: dict[UUID, type[Case]] = {}
    for recorded in world.told(*BEGINNINGS, until=until):
        event = recorded.event
        if isinstance(event, Pole.Registered | Begun) and event.journey.startswith(f"{journey}@"):
            found.setdefault(recorded.stream, Pole)
    return found


def loaded(world: World, journey: str, until: int | None = None) -> Iterator[Case]:
    """The same, one loaded after the other: no two are held at once."""
    for id_, kind in cases_of(world, journey, until).items():
        case = world.load(kind, id_, until)
        if case:
            yield case


def called(case: Case) -> tuple[str, str]:
    """The code and the name under which people know a case."""
    if isinstance(case, Pole) and case.names:
        return case.code, case.names[-1].value
    return str(case.id), str(case.id)
