"""The funding plan of a project: what it costs, and what each funder was asked, confirms or takes
back.

Contributions in kind stand on both sides of a budget (plan comptable des associations, classes 86
and 87), so they are told beside it and change nothing of its balance.
"""

from collections.abc import Mapping
from datetime import date
from typing import NewType, TypeVar
from uuid import UUID, uuid5

from domain.funding_plan_refusals import (
    BeforeThePlan,
    FunderAlreadyAsked,
    FunderKnownLater,
    FunderNotAsked,
    FunderWithdrawn,
)
from domain.identifiers import same_name
from domain.kernel import Aggregate, Event, event
from domain.money import CentsOrNone
from domain.organisation import Organisation
from domain.plan_balance import (
    Balance,
    Cost,
    FunderLine,
    FunderStanding,
    InKind,
    Touched,
)
from domain.recording import must_have_happened
from domain.span import Dated, in_force
from domain.spelling import same
from domain.values import Line, Prose

FundingPlanId = NewType("FundingPlanId", UUID)

_PLANS = UUID("3b7e0f5d-2c94-4e18-8f7a-6d1a9c0e4b27")


def plan_of(project: UUID) -> FundingPlanId:
    """The one stream of the funding plan of a project."""
    return FundingPlanId(uuid5(_PLANS, str(project)))


C = TypeVar("C", Cost, InKind)


# --- the aggregate ------------------------------------------------------------------------------


class PlanTold(Event):
    """Something of a plan, with the pole that carries the project then."""

    project: UUID
    pole: UUID


class FundingPlan(Aggregate):
    """What a project costs, and who pays for it. Amounts hold from the day of their event on."""

    class DrawnUp(PlanTold):
        """A project has a funding plan."""

        TOPIC = "funding_plan.drawn_up.v1"
        STATED_BY = ("funding_plan.draw_up",)

    class CostSet(PlanTold):
        """An item of the costs comes to so much; one of nothing is taken out."""

        TOPIC = "funding_plan.cost_set.v1"
        STATED_BY = ("funding_plan.set_cost",)
        title: Line
        amount_cents: CentsOrNone

    class OwnResourcesSet(PlanTold):
        """Whoever carries the project puts so much in."""

        TOPIC = "funding_plan.own_resources_set.v1"
        STATED_BY = ("funding_plan.set_own_resources",)
        amount_cents: CentsOrNone

    class InKindSet(PlanTold):
        """Something is given in kind, worth so much; one of nothing is taken out."""

        TOPIC = "funding_plan.in_kind_set.v1"
        STATED_BY = ("funding_plan.set_in_kind",)
        title: Line
        giver: Line
        value_cents: CentsOrNone
        words: Prose

    class FunderAsked(PlanTold):
        """A funder is asked for so much."""

        TOPIC = "funding_plan.funder_asked.v1"
        STATED_BY = ("funding_plan.ask_funder",)
        funder: Organisation
        asked_cents: CentsOrNone

    class FunderConfirmed(PlanTold):
        """It confirms so much. What commits it is a commitment of its own."""

        TOPIC = "funding_plan.funder_confirmed.v1"
        STATED_BY = ("funding_plan.confirm_funder",)
        funder: Organisation
        confirmed_cents: CentsOrNone

    class FunderWithdrew(PlanTold):
        """It withdrew, or said no; with what that touches, as it was known."""

        TOPIC = "funding_plan.funder_withdrew.v1"
        STATED_BY = ("funding_plan.withdraw_funder",)
        funder: Organisation
        reasons: Prose
        cents: CentsOrNone
        """What it had confirmed, or else was asked."""
        touches: tuple[Touched, ...] = ()

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.project = UUID(int=0)
        self.pole = UUID(int=0)
        self.drawn_up_on = date.max
        self._costs: dict[str, list[Dated[Cost]]] = {}
        self._own: list[Dated[int]] = []
        self._in_kind: dict[str, list[Dated[InKind]]] = {}
        self._funders: list[list[Dated[FunderLine]]] = []

    # Decisions.

    @classmethod
    def draw_up(cls, *, project: UUID, pole: UUID) -> "FundingPlan":
        made = cls(plan_of(project))
        made._drawn_up(project=project, pole=pole)
        return made

    def set_cost(self, title: str, *, cents: int, pole: UUID, day: date) -> None:
        """Say what an item of the costs comes to; nothing, to take it out."""
        self._follow_on(day)
        told = in_force(self._costs.get(same(title), []), day)
        called = told.title if told else title
        self._cost_set(project=self.project, pole=pole, title=called, amount_cents=cents)

    def set_own_resources(self, cents: int, *, pole: UUID, day: date) -> None:
        self._follow_on(day)
        self._own_resources_set(project=self.project, pole=pole, amount_cents=cents)

    def set_in_kind(
        self, title: str, *, giver: str, cents: int, words: str, pole: UUID, day: date
    ) -> None:
        """Say what is given in kind; worth nothing, to take it out."""
        self._follow_on(day)
        told = in_force(self._in_kind.get(same(title), []), day)
        title = told.title if told else title
        self._in_kind_set(
            project=self.project,
            pole=pole,
            title=title,
            giver=giver,
            value_cents=cents,
            words=words,
        )

    def ask_funder(self, funder: Organisation, *, cents: int, pole: UUID, day: date) -> None:
        """Say that a funder is asked; one that withdrew may be asked again."""
        self._follow_on(day)
        known = next((line for line in self._last() if line.funder.is_same(funder)), None)
        if known:
            self._in_order(known, day)
            if known.standing is not FunderStanding.WITHDRAWN:
                raise FunderAlreadyAsked(name=funder.name)
        called = known.funder if known else funder
        self._funder_asked(project=self.project, pole=pole, funder=called, asked_cents=cents)

    def confirm_funder(self, name: str, *, cents: int, pole: UUID, day: date) -> None:
        """Record what a funder that was asked confirms, or confirms instead of before."""
        must_have_happened()
        line = self._answering(name, day)
        self._funder_confirmed(
            project=self.project, pole=pole, funder=line.funder, confirmed_cents=cents
        )

    def withdraw_funder(
        self, name: str, *, reasons: str, touches: tuple[Touched, ...], pole: UUID, day: date
    ) -> None:
        """Record that a funder withdraws, with everything that touches."""
        must_have_happened()
        line = self._answering(name, day)
        self._funder_withdrew(
            project=self.project,
            pole=pole,
            funder=line.funder,
            reasons=reasons,
            cents=line.cents,
            touches=touches,
        )

    def funder_named(self, name: str) -> FunderLine:
        """A funder that was asked, by its name or its SIRET, as it stands last."""
        known = self._last()
        siret = "".join(name.split())
        for line in known:
            if same_name(line.funder.name, name) or line.funder.siret == siret:
                return line
        raise FunderNotAsked(
            name=name[:80], known=", ".join(line.funder.name for line in known) or "aucun"
        )

    def _last(self) -> list[FunderLine]:
        """Every funder as it stands after all that is told of it."""
        return [told[-1].value for told in self._funders]

    def _answering(self, name: str, day: date) -> FunderLine:
        self._follow_on(day)
        line = self.funder_named(name)
        self._in_order(line, day)
        if line.standing is FunderStanding.WITHDRAWN:
            raise FunderWithdrawn(name=line.funder.name)
        return line

    def _in_order(self, line: FunderLine, day: date) -> None:
        if day < line.since:
            raise FunderKnownLater(name=line.funder.name, day=line.since)

    def _follow_on(self, day: date) -> None:
        if day < self.drawn_up_on:
            raise BeforeThePlan(since=self.drawn_up_on)

    # What is known on a day.

    def costs_on(self, day: date) -> list[Cost]:
        return _some(self._costs, day)

    def in_kind_on(self, day: date) -> list[InKind]:
        return _some(self._in_kind, day)

    def own_on(self, day: date) -> int:
        return in_force(self._own, day) or 0

    def funders_on(self, day: date) -> list[FunderLine]:
        """Every funder asked by a day, as it stands then, in the order in which they were asked."""
        found = (in_force(told, day) for told in self._funders)
        return [line for line in found if line]

    def balance_on(self, day: date) -> Balance:
        """What the plan comes to on a day."""
        funders = self.funders_on(day)

        def sum_of(standing: FunderStanding) -> int:
            return sum(line.cents for line in funders if line.standing is standing)

        return Balance(
            costs=sum(cost.cents for cost in self.costs_on(day)),
            own=self.own_on(day),
            asked=sum_of(FunderStanding.ASKED),
            confirmed=sum_of(FunderStanding.CONFIRMED),
            withdrawn=sum_of(FunderStanding.WITHDRAWN),
            in_kind=sum(given.cents for given in self.in_kind_on(day)),
        )

    def relations_on(self, day: date) -> frozenset[str]:
        """The pole that carries the project, as of the last thing that was entered."""
        return frozenset({f"pole:{self.pole}"})

    # What is remembered.

    @event(DrawnUp)
    def _drawn_up(self, *, project: UUID, pole: UUID) -> None:
        self.project = project
        self.pole = pole
        self.drawn_up_on = self.since

    @event(CostSet)
    def _cost_set(self, *, project: UUID, pole: UUID, title: str, amount_cents: int) -> None:
        self.pole = pole
        self._costs.setdefault(same(title), []).append(self.dated(Cost(title, amount_cents)))

    @event(OwnResourcesSet)
    def _own_resources_set(self, *, project: UUID, pole: UUID, amount_cents: int) -> None:
        self.pole = pole
        self._own.append(self.dated(amount_cents))

    @event(InKindSet)
    def _in_kind_set(
        self, *, project: UUID, pole: UUID, title: str, giver: str, value_cents: int, words: str
    ) -> None:
        self.pole = pole
        given = InKind(title, giver, value_cents, words)
        self._in_kind.setdefault(same(title), []).append(self.dated(given))

    @event(FunderAsked)
    def _funder_asked(
        self, *, project: UUID, pole: UUID, funder: Organisation, asked_cents: int
    ) -> None:
        self.pole = pole
        asked = FunderLine(funder, FunderStanding.ASKED, asked_cents, self.since, asked_cents)
        self._told_of(funder).append(self.dated(asked))

    @event(FunderConfirmed)
    def _funder_confirmed(
        self, *, project: UUID, pole: UUID, funder: Organisation, confirmed_cents: int
    ) -> None:
        self.pole = pole
        told = self._told_of(funder)
        confirmed = FunderLine(
            funder,
            FunderStanding.CONFIRMED,
            confirmed_cents,
            self.since,
            told[-1].value.asked_cents,
        )
        told.append(self.dated(confirmed))

    @event(FunderWithdrew)
    def _funder_withdrew(
        self,
        *,
        project: UUID,
        pole: UUID,
        funder: Organisation,
        reasons: str,
        cents: int,
        touches: tuple[Touched, ...],
    ) -> None:
        self.pole = pole
        told = self._told_of(funder)
        asked = told[-1].value.asked_cents
        withdrawn = FunderLine(
            funder, FunderStanding.WITHDRAWN, cents, self.since, asked, reasons, touches
        )
        told.append(self.dated(withdrawn))

    def _told_of(self, funder: Organisation) -> list[Dated[FunderLine]]:
        """What was told of a funder; the same one is told by its numbers, else by its name."""
        for told in self._funders:
            if told[0].value.funder == funder:
                return told
        self._funders.append([])
        return self._funders[-1]


def _some(known: Mapping[str, list[Dated[C]]], day: date) -> list[C]:
    """What stands on a day, and comes to something."""
    found = (in_force(told, day) for told in known.values())
    return [one for one in found if one and one.cents]
