"""The items of funding plans, each from the day it is set."""

from uuid import UUID, uuid5

import sqlalchemy as sa
from typing_extensions import override

from application.funding_plan_list import FundingPlanListed, PlanItem
from domain.funding_plan import FundingPlan, PlanTold
from domain.kernel import Event, Recorded
from domain.money import euros
from domain.organisation import Organisation
from domain.plan_balance import FunderStanding
from domain.project import Project
from domain.spelling import same
from infrastructure.read_models.table import ListModel

OWN = "Ressources propres"


class FundingPlanModel(ListModel, name="funding_plan", line=FundingPlanListed):
    """Follows what is entered in each plan, and the pole that takes a project over."""

    events: tuple[type[Event], ...] = (
        FundingPlan.CostSet,
        FundingPlan.OwnResourcesSet,
        FundingPlan.InKindSet,
        FundingPlan.FunderAsked,
        FundingPlan.FunderConfirmed,
        FundingPlan.FunderWithdrew,
        Project.Transferred,
    )

    @override
    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        match recorded.event:
            case FundingPlan.CostSet(title=title, amount_cents=cents):
                self._set(tx, recorded, PlanItem.COST, title, cents)
            case FundingPlan.OwnResourcesSet(amount_cents=cents):
                self._set(tx, recorded, PlanItem.OWN, OWN, cents)
            case FundingPlan.InKindSet(title=title, value_cents=cents):
                self._set(tx, recorded, PlanItem.IN_KIND, title, cents)
            case FundingPlan.FunderAsked(funder=funder, asked_cents=cents):
                self._answered(tx, recorded, funder, cents, FunderStanding.ASKED)
            case FundingPlan.FunderConfirmed(funder=funder, confirmed_cents=cents):
                self._answered(tx, recorded, funder, cents, FunderStanding.CONFIRMED)
            case FundingPlan.FunderWithdrew(funder=funder, cents=cents):
                self._answered(tx, recorded, funder, cents, FunderStanding.WITHDRAWN)
            case Project.Transferred(to=pole):
                self._taken_over(tx, recorded, pole)

    def _set(
        self, tx: sa.Connection, recorded: Recorded, item: PlanItem, title: str, cents: int
    ) -> None:
        """An item that comes to so much; one of nothing is there no longer."""
        if cents:
            self._item(tx, recorded, item, title, cents, same(title))
        else:
            self.cease(tx, recorded, _line(recorded.stream, item, same(title)))

    def _answered(
        self,
        tx: sa.Connection,
        recorded: Recorded,
        funder: Organisation,
        cents: int,
        standing: FunderStanding,
    ) -> None:
        key = funder.model_dump_json()
        self._item(tx, recorded, PlanItem.FUNDER, funder.name, cents, key, standing)

    def _item(
        self,
        tx: sa.Connection,
        recorded: Recorded,
        item: PlanItem,
        title: str,
        cents: int,
        key: str,
        standing: FunderStanding | None = None,
    ) -> None:
        told = recorded.event
        if isinstance(told, PlanTold):
            self.begin(
                tx,
                recorded,
                id=_line(recorded.stream, item, key),
                pole=told.pole,
                project=told.project,
                item=item,
                title=title,
                amount_cents=cents,
                amount=euros(cents),
                standing=standing,
            )

    def _taken_over(self, tx: sa.Connection, recorded: Recorded, pole: UUID) -> None:
        of_it = self.table.c.project == str(recorded.stream)
        known = sa.select(self.table.c.id).where(of_it, self.table.c.known_until.is_(None))
        for id_ in sorted(set(tx.scalars(known))):
            self.change(tx, recorded, UUID(id_), pole=pole)


def _line(plan: UUID, item: PlanItem, key: str) -> UUID:
    """The identity of an item: one title is one item, whatever its capitals and accents."""
    return uuid5(plan, f"{item}:{key}")
