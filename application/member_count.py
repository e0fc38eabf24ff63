"""How many members of each kind a pole has had, over time. Persons are counted, never named."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from application.over_time import some_days, year_ends
from application.register import pole_at
from application.wording import MEMBERS
from application.world import Moment, World
from domain.membership import MemberKind
from domain.pole import ENDED, Pole


@dataclass(frozen=True, slots=True)
class CountOn:
    """How many members of each kind there were on a day, in the order of the kinds."""

    day: date
    numbers: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.numbers)


@dataclass(frozen=True, slots=True)
class MemberCount:
    """The members of a pole by kind: at each day on which they changed, and at each end of year."""

    kinds: tuple[str, ...]
    """In words: those that it ever had."""
    changes: tuple[CountOn, ...]
    years: tuple[CountOn, ...]


def member_count(world: World, pole_id: UUID, moment: Moment) -> MemberCount:
    """The members of a pole over time, up to the day asked about; none once it has ended."""
    pole, _, _ = pole_at(world, pole_id, moment)
    days = [day for day in pole.member_days if day <= moment.in_force]
    ever = [pole.members_by_kind(day) for day in days]
    kinds = [kind for kind in MemberKind if any(count.get(kind) for count in ever)]
    until = moment.in_force
    ends = [stay.since for stay in pole.main.states if stay.value == ENDED]
    return MemberCount(
        kinds=tuple(MEMBERS[kind] for kind in kinds),
        changes=tuple(_count(pole, kinds, day) for day in some_days([*days, *ends], until)),
        years=tuple(_count(pole, kinds, day) for day in year_ends(days, until)),
    )


def _count(pole: Pole, kinds: list[MemberKind], day: date) -> CountOn:
    there = {} if pole.state_on(day) == ENDED else pole.members_by_kind(day)
    return CountOn(day, tuple(there.get(kind, 0) for kind in kinds))
