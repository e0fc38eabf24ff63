"""Who reads what is kept of a pole and is not public: by office, or for what they hold."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from application.authority import Authority, authority
from application.command import By
from application.world import World
from domain.errors import Forbidden
from domain.mandate import Related
from domain.pole import Pole
from domain.roles import Role


@dataclass(frozen=True, slots=True)
class Readers:
    """Who may read one kind of thing.

    Args:
        by_office: the roles that read it of every pole.
        concerned: those that read it of a pole where what they hold covers it, or a region in
            which it lies: a role of their account, or a mandate in force.
        refused: what any other role is told.
        wanted: what those of `concerned` are told who hold nothing.
    """

    by_office: frozenset[Role]
    concerned: frozenset[Role]
    refused: type[Forbidden]
    wanted: type[Forbidden]

    def admit(self, world: World, by: By, pole: UUID | None, day: date) -> None:
        """Refuse whoever may not read what is kept of a pole, on a day.

        Whoever invokes a mandate stays within it, even where their role alone would do; so does
        whoever has an account, within what it holds.

        Args:
            pole: `None`, for what is of no pole, or of all: only what reaches everything covers it.
        """
        within(world, self.authority(world, by, day), pole, day)

    def authority(self, world: World, by: By, day: date) -> Authority:
        """What lets somebody read, on a day: their office, what their account holds, a mandate."""
        if by.role not in self.by_office | self.concerned:
            raise self.refused(roles="")
        found = authority_of(world, by, day)
        if not found.is_bounded and by.role not in self.by_office:
            raise self.wanted(roles="")
        return found


def authority_of(world: World, by: By, day: date) -> Authority:
    """What lets somebody ask something, on a day; refused where nothing does."""
    return authority(world.load, by, (), day)


def may_ask_of_all(world: World, by: By, day: date) -> None:
    """Refuse whoever holds their role about some things only: this is asked of everything."""
    authority_of(world, by, day).check(())


def relations_in(world: World, about: Related, day: date) -> frozenset[str]:
    """What something stands in relation to; as the pole that it is about does, so does it."""
    own = about.relations_on(day)
    named = (relation.partition(":") for relation in own)
    poles = (world.load(Pole, UUID(name)) for kind, _, name in named if kind == "pole")
    return own.union(*(pole.relations_on(day) for pole in poles if pole))


def covered(world: World, reader: Authority, pole: UUID | None, day: date) -> bool:
    """Whether somebody reaches what is kept of a pole."""
    return reader.covers(_of_pole(world, reader, pole, day))


def within(world: World, reader: Authority, pole: UUID | None, day: date) -> None:
    """Refuse what is kept of a pole beyond somebody's reach."""
    reader.check(_of_pole(world, reader, pole, day))


def _of_pole(world: World, reader: Authority, pole: UUID | None, day: date) -> frozenset[str]:
    about = world.load(Pole, pole) if pole and reader.is_bounded else None
    return about.relations_on(day) if about else frozenset()
