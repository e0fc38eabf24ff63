"""Where what is known of a pole comes from: the events that tell it, and who answers for each.

What the history of the pole does not tell yet (`application.withheld`) is not here either.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from application.history_in_words import everything_of
from application.register import pole_at
from application.withheld import told_yet
from application.world import Moment, World
from domain.kernel import Recorded
from domain.mandate import Mandate
from domain.provenance import MandateId


class ProvFormat(StrEnum):
    """How it is written."""

    JSONLD = "jsonld"
    PROVN = "provn"


@dataclass(frozen=True, slots=True)
class Provenances:
    """The events of a pole and of what concerns it, in the order in which they were recorded.

    Args:
        pole: its identity.
        size: how many events were known.
        principals: of each mandate under which something was done, for whom, as a party.
    """

    pole: UUID
    size: int
    events: tuple[Recorded, ...]
    principals: Mapping[MandateId, str]


def provenances(world: World, pole_id: UUID, moment: Moment) -> Provenances:
    """Everything that was known of a pole, and told."""
    pole, _, _ = pole_at(world, pole_id, moment)
    events = everything_of(world, pole, moment.known)
    begun = (one for one in events if one.in_force_from <= moment.in_force)
    told = sorted(told_yet(world, [*begun], moment.known), key=lambda one: one.position)
    mandates = {one.event.meta.on_behalf_of for one in told} - {None}
    given = {id_: world.load(Mandate, id_, moment.known) for id_ in mandates if id_}
    return Provenances(
        pole=pole.id,
        size=moment.known,
        events=tuple({one.position: one for one in told}.values()),
        principals={id_: mandate.principal for id_, mandate in given.items() if mandate},
    )
