"""Commitments whatever is tried: amounts, persons, conditions and suspensions, on any day."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from domain.commitment import Commitment
from domain.condition import Condition, ConditionKind
from domain.convention import Terms
from domain.dates import PartialDate
from domain.errors import JalonError
from domain.kernel import Event
from domain.recovery import RecoveryCause
from domain.tranche import TrancheKind, TranchePlan
from domain.workflow import Step
from tests import make
from tests.domain.samples.commitment import (
    ANOTHER,
    EVIDENCE,
    INDICATOR,
    THIRD,
    WHO,
    decided,
    plan,
)
from tests.examples import settings

FIRST = date(2024, 1, 1)
BOTH = {"funder_signatory": "La sous-directrice", "beneficiary_signatory": "La présidente"}
JOURNEY = "commitment@2013-07"
PIECE = UUID(int=7)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


@contextmanager
def on(number: int) -> Iterator[date]:
    with make.on(day(number).isoformat()):
        yield day(number)


def step(made: Commitment, way: str, left: str, to: str, number: int) -> None:
    """A step of its journey, as the engine would let it be taken."""
    with on(number) as when:
        taken = Step(transition=way, from_=left, to=to, input={}, findings=())
        made.move(taken, journey=JOURNEY, occurred_on=PartialDate.on(when))


def promised(**more: Any) -> Commitment:
    """60 000 € decided on the first day, without a convention yet."""
    with on(0) as when:
        told: dict[str, Any] = {
            "occurred_on": PartialDate.on(when),
            "granted_on": when,
            "dossier": None,
        }
        return decided(**{"on": PartialDate.on(when), **told, **more})


FIRST_PART, LAST_PART = plan("first", 4_000_000), plan("balance", 2_000_000, TrancheKind.BALANCE)


def draft(made: Commitment, number: int = 0, **more: Any) -> None:
    with on(number) as when:
        told: dict[str, Any] = {
            "reference": "CONV-1",
            "starts_on": FIRST,
            "ends_on": date(2024, 12, 31),
            "conditions": (EVIDENCE, INDICATOR),
            "tranches": (FIRST_PART, LAST_PART),
            "terms": Terms(),
            "years": (),
            "day": when,
        }
        made.draft_convention(**{**told, **more})


def signed(**more: Any) -> Commitment:
    """A convention in force from the first day on, of two tranches, each with its condition."""
    made = promised()
    draft(made, **more)
    with on(0) as when:
        made.sign_convention(**BOTH, cer=True, day=when)
    step(made, "sign_convention", "decided", "in_force", 0)
    return made


def meet(made: Commitment, name: str = "statutes", number: int = 1) -> None:
    with on(number) as when:
        told: dict[str, Any] = {"documents": (PIECE,), "value": 3, "persons": WHO}
        made.report_condition(name, words="fait", day=when, **told)
        made.find_condition(name, met=True, reasons="vu", persons=ANOTHER, day=when)


def claim(made: Commitment, name: str = "first", number: int = 2, **more: Any) -> None:
    with on(number) as when:
        told: dict[str, Any] = {"amount": None, "documents": (), "persons": WHO, **more}
        made.claim(name, day=when, **told)


def approve(made: Commitment, name: str = "first", number: int = 3, **more: Any) -> None:
    with on(number) as when:
        made.approve(name, **{"amount": None, "persons": ANOTHER, **more}, day=when)


def pay(made: Commitment, name: str = "first", number: int = 4, **more: Any) -> None:
    with on(number) as when:
        told: dict[str, Any] = {
            "amount": None,
            "reference": f"VIR-{name}",
            "persons": THIRD,
            **more,
        }
        made.pay(name, **told, day=when)


def paid(**more: Any) -> Commitment:
    made = signed(**more)
    meet(made)
    claim(made)
    approve(made)
    pay(made)
    return made


def amend(made: Commitment, number: int, **more: Any) -> None:
    with on(number) as when:
        told: dict[str, Any] = {
            "agreed": None,
            "starts_on": None,
            "ends_on": None,
            "conditions": (),
            "tranches": (),
            "reasons": "entendu",
        }
        made.amend(**{**told, **BOTH, **more}, day=when)


# --- what anybody may try, in any order, on any day ---------------------------------------------

PEOPLE = st.sampled_from([("account:a",), ("account:b",), ("account:c",), ("pole:p", "account:a")])
DAYS = st.sampled_from([0, 0, 0, 0, 0, 1, -1, -3, -8])
"""Of an act: how long after the day that has come, or before it."""
NAMES = st.sampled_from(["first", "balance", "extra"])
CENTS = st.sampled_from([None, 1, 500_000, 2_000_000, 4_000_000, 9_000_000])
GATED = Condition(
    id="later", title="Après le 5", kind=ConditionKind.DATE, not_before=day(5), tranches=("extra",)
)


class Anything(RuleBasedStateMachine):
    """Random acts by random persons on random days: what is refused leaves no trace."""

    @initialize()
    def begin(self) -> None:
        self.made = signed()
        self.number = 0
        self.today = 3
        meet(self.made)
        claim(self.made, persons=("account:a",))

    @rule()
    def go_on(self) -> None:
        self.today = min(self.today + 1, 12)

    def day(self, offset: int) -> int:
        return min(max(self.today + offset, 0), 13)

    def attempt(self, number: int, act: str, *given: Any, **told: Any) -> None:
        before = len(self.made.pending)
        with on(self.day(number)) as when:
            try:
                getattr(self.made, act)(*given, **told, day=when)
            except JalonError:
                assert len(self.made.pending) == before

    @rule(name=NAMES, cents=CENTS, who=PEOPLE, number=DAYS)
    def claim(self, name: str, cents: int | None, who: Any, number: int) -> None:
        self.attempt(number, "claim", name, amount=cents, documents=(), persons=who)

    @rule(name=NAMES, cents=CENTS, who=PEOPLE, number=DAYS)
    def approve(self, name: str, cents: int | None, who: Any, number: int) -> None:
        self.attempt(number, "approve", name, amount=cents, persons=who)

    @rule(name=NAMES, cents=CENTS, who=PEOPLE, number=DAYS)
    def pay(self, name: str, cents: int | None, who: Any, number: int) -> None:
        self.number += 1
        reference = f"VIR-{self.number // 2}"
        self.attempt(number, "pay", name, amount=cents, reference=reference, persons=who)

    @rule(name=NAMES, who=PEOPLE, number=DAYS)
    def go_through(self, name: str, who: Any, number: int) -> None:
        """The whole way in one day, so that random acts often have something to bite on."""
        for condition in ("statutes", "jobs"):
            self.report(condition, 3, ("account:a",), number)
            self.find(condition, True, ("account:b",), number)
        self.claim(name, None, ("account:a",), number)
        self.approve(name, None, ("account:b",), number)
        self.pay(name, None, who, number)

    @rule(number=DAYS, cents=st.sampled_from([400_000, 1_000_000]))
    def go_back(self, number: int, cents: int) -> None:
        """What was paid is asked back, and comes back in part."""
        self.order(number, cents, ("account:b",))
        self.receive(number, 300_000, 1, ("account:c",))
        self.waive(number, 50_000, 1, ("account:b",))

    @rule(name=NAMES, number=DAYS, act=st.sampled_from(["hold", "hold", "cancel"]))
    def stop(self, name: str, number: int, act: str) -> None:
        self.attempt(number, act, name, reasons="à revoir")

    @rule(name=NAMES, number=DAYS)
    def release(self, name: str, number: int) -> None:
        self.attempt(number, "release", name)

    @rule(
        name=st.sampled_from(["statutes", "jobs", "later"]),
        value=st.sampled_from([None, 1, 3]),
        who=PEOPLE,
        number=DAYS,
    )
    def report(self, name: str, value: int | None, who: Any, number: int) -> None:
        told: dict[str, Any] = {
            "words": None,
            "documents": (PIECE,),
            "value": value,
            "persons": who,
        }
        self.attempt(number, "report_condition", name, **told)

    @rule(
        name=st.sampled_from(["statutes", "jobs", "later"]),
        met=st.booleans(),
        who=PEOPLE,
        number=DAYS,
    )
    def find(self, name: str, met: bool, who: Any, number: int) -> None:  # drawn
        self.attempt(number, "find_condition", name, met=met, reasons="vu", persons=who)

    @rule(
        number=DAYS,
        cents=st.sampled_from([4_000_000, 6_000_000, 8_000_000]),
        again=st.booleans(),
    )
    def amend(self, number: int, cents: int, again: bool) -> None:  # drawn
        parts = {
            4_000_000: (FIRST_PART,),
            6_000_000: (FIRST_PART, LAST_PART),
            8_000_000: (
                FIRST_PART,
                LAST_PART,
                TranchePlan(
                    id="extra",
                    title="De plus",
                    kind=TrancheKind.ADVANCE,
                    amount_cents=2_000_000,
                    conditions=("statutes",) if again else (),
                ),
            ),
        }[cents]
        jobs = INDICATOR if len(parts) > 1 else INDICATOR.model_copy(update={"tranches": ()})
        conditions = (EVIDENCE, jobs, *((GATED,) if len(parts) > 2 else ()))
        told: dict[str, Any] = {"starts_on": None, "ends_on": None, "reasons": "entendu"}
        told |= {"agreed": cents, "conditions": conditions, "tranches": parts}
        self.attempt(number, "amend", **told, **BOTH)

    @rule(number=DAYS, siret=st.sampled_from(["55208131766530", "55208131766522"]), who=PEOPLE)
    def correct(self, number: int, siret: str, who: Any) -> None:
        self.attempt(number, "correct_siret", siret, reasons="erreur", persons=who)

    @rule(number=DAYS, who=PEOPLE)
    def confirm(self, number: int, who: Any) -> None:
        self.attempt(number, "confirm_siret", persons=who)

    @rule()
    def settle_doubts(self) -> None:
        """What often stops everything is often lifted."""
        self.confirm(0, ("account:d",))
        self.move(0, "in_force")
        self.release("first", 0)
        self.release("balance", 0)

    @rule(
        number=DAYS,
        to=st.sampled_from(["suspended", *["in_force"] * 4, "report_due", "terminated"]),
    )
    def move(self, number: int, to: str) -> None:
        when = self.day(number)
        left = self.made.state_on(day(when)) or "in_force"
        before = len(self.made.pending)
        try:
            if left != to and left != "terminated":
                step(self.made, f"to_{to}", left, to, when)
        except JalonError:
            assert len(self.made.pending) == before

    @rule(number=DAYS, cents=CENTS.filter(bool), who=PEOPLE)
    def order(self, number: int, cents: int, who: Any) -> None:
        told: dict[str, Any] = {"instalments": (), "reasons": "non dépensé", "persons": who}
        self.attempt(number, "order_recovery", cause=RecoveryCause.NOT_SPENT, amount=cents, **told)

    @rule(number=DAYS, cents=CENTS.filter(bool), which=st.integers(1, 2), who=PEOPLE)
    def receive(self, number: int, cents: int, which: int, who: Any) -> None:
        self.number += 1
        told: dict[str, Any] = {
            "amount": cents,
            "reference": f"REV-{self.number // 2}",
            "persons": who,
        }
        self.attempt(number, "receive_instalment", which, **told)

    @rule(number=DAYS, cents=CENTS.filter(bool), which=st.integers(1, 2), who=PEOPLE)
    def waive(self, number: int, cents: int, which: int, who: Any) -> None:
        told: dict[str, Any] = {"amount": cents, "reasons": "remise", "persons": who}
        self.attempt(number, "waive_recovery", which, **told)

    @rule(number=DAYS, cents=CENTS.filter(bool), who=PEOPLE)
    def justify(self, number: int, cents: int, who: Any) -> None:
        told: dict[str, Any] = {
            "amount": cents,
            "words": "salaires",
            "documents": (),
            "persons": who,
        }
        self.attempt(number, "justify", **told)

    # What holds whatever was tried.

    def told(self, *kinds: type[Event]) -> list[Any]:
        return [event for event in self.made.pending if isinstance(event, kinds)]

    def sum(self, kind: type[Event], when: date, field: str = "amount_cents") -> int:
        return sum(getattr(e, field) for e in self.told(kind) if e.valid_from <= when)

    def agreed(self, when: date) -> int:
        """By the events: the last by day, then by order of recording."""
        told = [
            (event.valid_from, order, event.agreed_cents)
            for order, event in enumerate(self.made.pending)
            if isinstance(event, Commitment.Decided | Commitment.Amended)
            and event.agreed_cents
            and event.valid_from
            and event.valid_from <= when
        ]
        return max(told)[2]

    @invariant()
    def amounts_hold_on_every_day(self) -> None:
        for number in range(14):
            when = day(number)
            approved = self.sum(Commitment.TrancheApproved, when)
            approved -= self.sum(Commitment.TrancheCancelled, when, "released_cents")
            found = self.sum(Commitment.TranchePaid, when)
            ordered = self.sum(Commitment.RecoveryOrdered, when)
            back = self.sum(Commitment.InstalmentReceived, when)
            waived = self.sum(Commitment.RecoveryWaived, when)
            made = self.made
            assert found <= approved <= self.agreed(when)
            assert back + waived <= ordered <= found
            assert (made.agreed_on(when), made.approved_on(when)) == (self.agreed(when), approved)
            assert (made.paid_on(when), made.ordered_on(when)) == (found, ordered)
            assert (made.recovered_on(when), made.waived_on(when)) == (back, waived)
            assert made.justified_on(when) == self.sum(Commitment.ExpensesJustified, when)
            states = made.tranches_on(when).values()
            assert sum(state.approved_cents for state in states) == approved
            assert sum(state.paid_cents for state in states) == found

    @invariant()
    def nothing_flows_while_it_is_suspended(self) -> None:
        for event in self.told(Commitment.TrancheApproved, Commitment.TranchePaid):
            assert event.valid_from
            assert self.made.state_on(event.valid_from) != "suspended"
            # It may be terminated later the same day.
            assert self.made.state_on(event.valid_from - timedelta(days=1)) != "terminated"

    @invariant()
    def three_persons_for_one_tranche(self) -> None:
        hands: dict[tuple[str, str], set[str]] = {}
        for event in self.told(
            Commitment.TrancheClaimed, Commitment.TrancheApproved, Commitment.TranchePaid
        ):
            act = type(event).__name__
            others = {"TrancheApproved": "TrancheClaimed", "TranchePaid": "TrancheApproved"}
            known = hands.get((event.tranche, others.get(act, "")), set())
            assert known.isdisjoint(event.persons)
            hands.setdefault((event.tranche, act), set()).update(event.persons)

    @invariant()
    def no_tranche_without_its_conditions(self) -> None:
        for event in self.told(Commitment.TrancheApproved):
            when = event.valid_from
            for condition in self.conditions(when):
                if event.tranche in condition.tranches:
                    assert self.is_met(condition, when), condition.id

    def conditions(self, when: date) -> tuple[Condition, ...]:
        texts = [
            (event.valid_from, order, event.conditions)
            for order, event in enumerate(self.made.pending)
            if isinstance(event, Commitment.ConventionDrafted | Commitment.Amended)
            and event.conditions
            and event.valid_from
            and event.valid_from <= when
        ]
        return max(texts, key=lambda text: text[:2])[2]

    def is_met(self, condition: Condition, when: date) -> bool:
        if condition.not_before:
            return condition.not_before <= when
        said = [
            (event.valid_from, order, isinstance(event, Commitment.ConditionFound) and event.met)
            for order, event in enumerate(self.made.pending)
            if isinstance(event, Commitment.ConditionFound | Commitment.ConditionReported)
            and event.condition == condition.id
            and event.valid_from
            and event.valid_from <= when
        ]
        return bool(said) and max(said)[2]

    @invariant()
    def it_reads_back_as_it_is(self) -> None:
        again = Commitment.replay(self.made.id, make.history(self.made))
        assert again
        for number in (0, 6, 13):
            assert again.tranches_on(day(number)) == self.made.tranches_on(day(number))
            assert again.conditions_on(day(number)) == self.made.conditions_on(day(number))
            assert again.recoveries_on(day(number)) == self.made.recoveries_on(day(number))


TestAnything = Anything.TestCase
TestAnything.settings = settings(max_examples=80, stateful_step_count=30, deadline=None)
