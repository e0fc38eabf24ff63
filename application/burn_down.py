"""What was promised to a pole, paid, justified, and what is left to be paid, over time.

The amounts are those of the ledger, commitment by commitment; what is given in kind is no money.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from application.commitment_award import standing_promise
from application.ledger import amounts_on, late_tranches, left_of
from application.over_time import some_days, year_ends
from application.register import pole_at
from application.world import Moment, World
from domain.commitment import Commitment, SupportKind


@dataclass(frozen=True, slots=True)
class MoneyOn:
    """Amounts in cents on a day, of all commitments of a pole."""

    day: date
    promised: int
    paid: int
    justified: int

    @property
    def left(self) -> int:
        """Promised, and not paid yet."""
        return self.promised - self.paid


@dataclass(frozen=True, slots=True)
class LateTranche:
    """A tranche that should have been paid by a day."""

    title: str
    due_on: date
    left: int


@dataclass(frozen=True, slots=True)
class CommitmentLeft:
    """A commitment, with what is left of it and what is late."""

    id: UUID
    object: str
    funder: str
    promised: int
    paid: int
    justified: int
    late_cents: int
    late: tuple[LateTranche, ...]

    @property
    def left(self) -> int:
        return self.promised - self.paid


@dataclass(frozen=True, slots=True)
class BurnDown:
    """The money promised to a pole: each commitment, and their sums over time."""

    commitments: tuple[CommitmentLeft, ...]
    in_kind: int
    """How many commitments are in kind, and not counted here."""
    changes: tuple[MoneyOn, ...]
    years: tuple[MoneyOn, ...]

    @property
    def late(self) -> list[LateTranche]:
        """What is late of all of them, the oldest first."""
        every = (late for one in self.commitments for late in one.late)
        return sorted(every, key=lambda late: late.due_on)


def burn_down(world: World, pole_id: UUID, moment: Moment) -> BurnDown:
    """The money promised to a pole up to the day asked about."""
    pole, _, _ = pole_at(world, pole_id, moment)
    every = [
        found
        for id_, concept in pole.attached.items()
        if concept == "commitment" and (found := world.load(Commitment, id_, moment.known))
        if found.granted_on <= moment.in_force
    ]
    money = [one for one in every if one.support_kind is not SupportKind.IN_KIND]
    days = {
        recorded.in_force_from
        for one in money
        for recorded in world.history(one.id, moment.known)
        if recorded.in_force_from <= moment.in_force
    }
    until = moment.in_force
    return BurnDown(
        commitments=tuple(_left(one, until) for one in money),
        in_kind=len(every) - len(money),
        changes=tuple(_sums(money, day) for day in some_days(days, until)) if money else (),
        years=tuple(_sums(money, day) for day in year_ends(days, until)) if money else (),
    )


def _sums(money: list[Commitment], day: date) -> MoneyOn:
    begun = [one for one in money if one.state_on(day) is not None]
    return MoneyOn(
        day=day,
        promised=sum(standing_promise(one, day) for one in begun),
        paid=sum(one.paid_on(day) for one in begun),
        justified=sum(one.justified_on(day) for one in begun),
    )


def _left(one: Commitment, day: date) -> CommitmentLeft:
    found = amounts_on(one, day)
    return CommitmentLeft(
        id=one.id,
        object=one.object,
        funder=one.funder.name,
        promised=found.promised_cents,
        paid=found.paid_cents,
        justified=found.justified_cents,
        late_cents=found.late_cents,
        late=tuple(_late(one, day)),
    )


def _late(one: Commitment, day: date) -> Iterator[LateTranche]:
    for state in late_tranches(one, day):
        if state.plan.due_on:
            yield LateTranche(state.plan.title, state.plan.due_on, left_of(state))
