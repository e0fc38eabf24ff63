"""The schedule of a commitment: its tranches as they are planned, and how each stands on a day."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from typing_extensions import override

from domain.condition import ConditionState
from domain.conditions import Conditioned
from domain.running import Running, latest
from domain.tranche import TrancheAct, TranchePlan, TrancheStanding, TrancheState, UnknownTranche


class Scheduled(Conditioned):
    """A commitment as what is agreed, its tranches, and what was done about each of them.

    Of one tranche, each act follows the others in time; so its amounts hold on any day.
    """

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self._schedules: list[Running[tuple[TranchePlan, ...]]] = []
        self._acts: dict[str, list[Running[TrancheAct]]] = {}
        self._agreed: list[Running[int]] = []

    # What is known on a day.

    def planned_on(self, name: str, day: date) -> TranchePlan:
        """A tranche as it is scheduled on a day."""
        schedule = latest(self._schedules, day)
        plans = {plan.id: plan for plan in (schedule.value if schedule else ())}
        if name not in plans:
            raise UnknownTranche(name=name[:60], day=day, known=", ".join(plans) or "aucune")
        return plans[name]

    def agreed_on(self, day: date) -> int:
        """What is agreed in money, in cents; nothing in kind is counted."""
        found = latest(self._agreed, day)
        return found.value if found else 0

    def tranches_on(self, day: date) -> dict[str, TrancheState]:
        """Every tranche that was ever scheduled, as it stands on a day: those of the plan first."""
        texts = sorted((t for t in self._schedules if t.since <= day), key=lambda t: t.place)
        plans = {plan.id: plan for text in texts for plan in text.value}
        present = {plan.id: plan for plan in texts[-1].value} if texts else {}
        return {
            name: self._state_of(plan, day, dropped=name not in present)
            for name, plan in {**present, **plans}.items()
        }

    def _state_of(self, plan: TranchePlan, day: date, *, dropped: bool) -> TrancheState:
        entry = latest(self._acts.get(plan.id, ()), day)
        act = entry.value if entry else TrancheAct()
        return TrancheState(
            plan=plan,
            standing=TrancheStanding.CANCELLED if dropped else act.standing,
            claimed_cents=act.claimed_cents,
            approved_cents=act.approved_cents,
            paid_cents=act.paid_cents,
            reference=act.reference,
            reasons=act.reasons,
            since=entry.since if entry else None,
        )

    def approved_on(self, day: date) -> int:
        """What was approved by a day, and not given up since."""
        return sum(entry.value.approved_cents for entry in self._acts_on(day))

    def paid_on(self, day: date) -> int:
        """What was paid by a day."""
        return sum(entry.value.paid_cents for entry in self._acts_on(day))

    def _acts_on(self, day: date) -> Iterable[Running[TrancheAct]]:
        found = (latest(entries, day) for entries in self._acts.values())
        return (entry for entry in found if entry)

    def gates_on(self, name: str, day: date) -> list[ConditionState]:
        """The conditions for which a tranche waits, as they stand on a day."""
        named = self.planned_on(name, day).conditions
        states = self.conditions_on(day).values()
        return [s for s in states if s.condition.id in named or name in s.condition.tranches]

    @override
    def relying_on(self, condition: str, day: date) -> tuple[str, date] | None:
        for name, entries in self._acts.items():
            for entry in entries:
                approved = entry.value.standing is TrancheStanding.APPROVED
                if approved and entry.since >= day and name in self._gated_by(condition, entry):
                    return self.planned_on(name, entry.since).title, entry.since
        return None

    def _gated_by(self, condition: str, entry: Running[TrancheAct]) -> set[str]:
        """The tranches that waited for a condition when something was done."""
        text = latest(self._schedules, entry.since)
        plans = text.value if text else ()
        named = [c for c in self.clauses_on(entry.since) if c.id == condition]
        return {p.id for p in plans if condition in p.conditions}.union(
            *(c.tranches for c in named)
        )

    def _money_days(self) -> list[date]:
        """The days on which what is agreed, approved or paid changes."""
        acts = (entry.since for entries in self._acts.values() for entry in entries)
        return [*(entry.since for entry in self._agreed), *acts]

    # What is remembered.

    def _agree(self, cents: int) -> None:
        self._agreed.append(Running(self.since, self.version, cents))

    def _schedule(self, tranches: tuple[TranchePlan, ...]) -> None:
        self._schedules.append(Running(self.since, self.version, tranches))

    def _act(self, name: str) -> TrancheAct:
        entries = self._acts.get(name)
        return entries[-1].value if entries else TrancheAct()

    def _done(self, name: str, act: TrancheAct) -> None:
        self._acts.setdefault(name, []).append(Running(self.since, self.version, act))
