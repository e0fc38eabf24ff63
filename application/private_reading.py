"""Who reads what is kept of a pole and is not public: by office, or under a mandate covering it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from application.command import By
from application.wording import relation_in_words
from application.world import World
from domain.errors import Forbidden
from domain.mandate import Mandate, NoSuchMandate, OutsideItsReach
from domain.pole import Pole
from domain.provenance import MandateId
from domain.roles import Role


@dataclass(frozen=True, slots=True)
class Readers:
    """Who may read one kind of thing.

    Args:
        by_office: the roles that read it of every pole.
        concerned: those that read it of a pole under a mandate in force that covers it, or a
            region in which it lies.
        refused: what any other role is told.
        wanted: what those of `concerned` are told where they invoke no mandate.
    """

    by_office: frozenset[Role]
    concerned: frozenset[Role]
    refused: type[Forbidden]
    wanted: type[Forbidden]

    def admit(self, world: World, by: By, pole: UUID | None, day: date) -> None:
        """Refuse whoever may not read what is kept of a pole, on a day.

        Whoever invokes a mandate stays within it, even where their role alone would do.

        Args:
            pole: `None`, for what is of no pole, or of all: only a mandate for everything covers
                it.
        """
        within(world, self.mandate(world, by, day), pole, day)

    def mandate(self, world: World, by: By, day: date) -> Mandate | None:
        """The mandate under which somebody reads; none, where they read by office alone.

        Refused where neither their office nor a mandate in force allows them to.
        """
        if by.role not in self.by_office | self.concerned:
            raise self.refused(roles="")
        if by.on_behalf_of is None:
            if by.role not in self.by_office:
                raise self.wanted(roles="")
            return None
        return mandate_in_force(world, by, day)


def mandate_in_force(world: World, by: By, day: date) -> Mandate:
    """The mandate under which somebody reads; refused unless it serves them, today.

    So must every mandate be in force under which it was given.
    """
    held = [_mandate(world, by.on_behalf_of)]
    held[0].serve(actor=by.actor, role=by.role)
    while held[-1].under is not None:
        held.append(_mandate(world, held[-1].under))
    for mandate in held:
        mandate.hold_on(day)
    return held[0]


def covered(world: World, mandate: Mandate | None, pole: UUID | None, day: date) -> bool:
    """Whether a mandate reaches what is kept of a pole; by office alone, everything is reached."""
    if mandate is None:
        return True
    about = world.load(Pole, pole) if pole else None
    return mandate.covers(about.relations_on(day) if about else ())


def within(world: World, mandate: Mandate | None, pole: UUID | None, day: date) -> None:
    """Refuse what a mandate does not reach."""
    if mandate and not covered(world, mandate, pole, day):
        raise OutsideItsReach(relation=relation_in_words(mandate.relation), roles="")


def _mandate(world: World, id_: MandateId | None) -> Mandate:
    mandate = world.load(Mandate, id_) if id_ else None
    if mandate is None:
        raise NoSuchMandate(mandate=id_)
    return mandate
