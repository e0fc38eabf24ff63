"""The tranches of a commitment: claimed, approved and paid, each by another person."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import NoReturn
from uuid import UUID

from typing_extensions import override

from domain.condition import LaterFactKnown
from domain.distinct import Persons, share
from domain.errors import Refused
from domain.kernel import Event, event
from domain.money import Cents, CentsOrNone, euros
from domain.recording import must_have_happened
from domain.running import least
from domain.schedule import Scheduled
from domain.tranche import (
    FLOWING,
    OVER,
    STANDINGS,
    SUSPENDED,
    ConditionsNotMet,
    ExceedsAgreed,
    ExceedsTranche,
    FlowsAfter,
    NotFlowing,
    OutOfTurn,
    OwnApproval,
    OwnClaim,
    PaysOwnClaim,
    ReferenceTwice,
    SiretToConfirm,
    TrancheAct,
    TrancheElsewhere,
    TrancheKind,
    TranchePlan,
    TrancheStanding,
    WhileSuspended,
)
from domain.values import Line, Prose
from domain.words import Name


class Tranched(Scheduled):
    """A commitment as what is claimed, approved and paid of each of its tranches."""

    class TrancheClaimed(Event):
        """The beneficiary asked for a tranche."""

        TOPIC = "commitment.tranche_claimed.v1"
        UNDONE_BY = ("commitment.hold",)
        tranche: Name
        amount_cents: Cents
        documents: tuple[UUID, ...] = ()
        persons: Persons

    class TrancheHeld(Event):
        """A tranche waits, and why."""

        TOPIC = "commitment.tranche_held.v1"
        UNDONE_BY = ("commitment.release",)
        tranche: Name
        reasons: Prose

    class TrancheReleased(Event):
        """It goes on from where it stood."""

        TOPIC = "commitment.tranche_released.v1"
        UNDONE_BY = ("commitment.hold",)
        tranche: Name
        standing: TrancheStanding

    class TrancheApproved(Event):
        """Somebody else than who claimed it found it due; nothing is paid thereby."""

        TOPIC = "commitment.tranche_approved.v1"
        UNDONE_BY = ("commitment.hold",)
        tranche: Name
        amount_cents: Cents
        persons: Persons

    class TranchePaid(Event):
        """All or part of an approved tranche left the funder's account."""

        TOPIC = "commitment.tranche_paid.v1"
        STATED_BY = ("commitment.pay",)
        tranche: Name
        amount_cents: Cents
        reference: Line
        is_whole: bool
        """Whether nothing approved of it is left to pay."""
        persons: Persons

    class TrancheCancelled(Event):
        """What was not paid of a tranche will not be."""

        TOPIC = "commitment.tranche_cancelled.v1"
        UNDONE_BY = ("commitment.amend",)
        tranche: Name
        released_cents: CentsOrNone
        """What had been approved and was not paid."""
        standing: TrancheStanding
        reasons: Prose

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self._siret_spans: list[tuple[date, date | None]] = []
        """From the correction of a SIRET to its confirmation."""
        self._flows: list[date] = []
        """The days of approvals and payments."""
        self.references: set[str] = set()

    # Decisions.

    def claim(
        self,
        name: str,
        *,
        amount: int | None,
        documents: tuple[UUID, ...],
        persons: Persons,
        day: date,
    ) -> None:
        """Ask for a tranche, in its turn; for less than was planned, where an amount is given."""
        self._must_flow(day)
        plan, _ = self._standing_at(name, day, TrancheStanding.CLAIMED, TrancheStanding.SCHEDULED)
        self._must_be_next(plan, day)
        asked = amount or plan.amount_cents
        self._within(plan, asked, plan.amount_cents)
        self._claimed(tranche=name, amount_cents=asked, documents=documents, persons=persons)

    def hold(self, name: str, *, reasons: str, day: date) -> None:
        """Let a tranche wait that is claimed or approved."""
        must_have_happened()
        before = (TrancheStanding.CLAIMED, TrancheStanding.APPROVED)
        self._standing_at(name, day, TrancheStanding.HELD, *before)
        self._held(tranche=name, reasons=reasons)

    def release(self, name: str, *, day: date) -> None:
        """Let a tranche go on from where it stood before it was held."""
        must_have_happened()
        self._siret_is_sure(day)
        _, act = self._standing_at(name, day, TrancheStanding.CLAIMED, TrancheStanding.HELD)
        self._released(tranche=name, standing=act.before)

    def approve(self, name: str, *, amount: int | None, persons: Persons, day: date) -> None:
        """Find a tranche due: its conditions met, by another than who claimed it."""
        self._must_flow(day)
        self._siret_is_sure(day)
        before = {TrancheStanding.CLAIMED}
        if self.planned_on(name, day).kind is TrancheKind.ADVANCE:
            before.add(TrancheStanding.SCHEDULED)
        plan, act = self._standing_at(name, day, TrancheStanding.APPROVED, *before)
        wanting = [c.condition.title for c in self.gates_on(name, day) if not c.is_met]
        if wanting:
            raise ConditionsNotMet(title=plan.title, wanting=" ; ".join(wanting))
        if share(persons, act.claimants):
            raise OwnClaim
        most = act.claimed_cents or plan.amount_cents
        asked = amount or most
        self._within(plan, asked, most)
        left = least(day, self._money_days(), lambda d: self.agreed_on(d) - self.approved_on(d))
        if asked > left:
            raise ExceedsAgreed(asked=euros(asked), left=euros(left))
        self._approved(tranche=name, amount_cents=asked, persons=persons)

    def pay(
        self, name: str, *, amount: int | None, reference: str, persons: Persons, day: date
    ) -> None:
        """Record that an approved tranche was paid, wholly or in part, by a third person."""
        self._must_flow(day, once=True)
        self._siret_is_sure(day)
        plan, act = self._standing_at(name, day, TrancheStanding.PAID, TrancheStanding.APPROVED)
        if share(persons, act.approvers):
            raise OwnApproval
        if share(persons, act.claimants):
            raise PaysOwnClaim
        left = act.approved_cents - act.paid_cents
        asked = amount or left
        self._within(plan, asked, left)
        if reference in self.references:
            raise ReferenceTwice(reference=reference)
        self._paid(
            tranche=name,
            amount_cents=asked,
            reference=reference,
            is_whole=asked == left,
            persons=persons,
        )

    def cancel(self, name: str, *, reasons: str, day: date) -> None:
        """Say that what was not paid of a tranche will not be."""
        must_have_happened()
        open_ = [standing for standing in TrancheStanding if standing not in OVER]
        _, act = self._standing_at(name, day, TrancheStanding.CANCELLED, *open_)
        self._cancel(name, act, reasons)

    def cancel_open(self, *, reasons: str, day: date) -> None:
        """Cancel every tranche that is not paid."""
        for name, state in self.tranches_on(day).items():
            if state.is_open:
                self.cancel(name, reasons=reasons, day=day)

    def _cancel(self, name: str, act: TrancheAct, reasons: str) -> None:
        self._cancelled(
            tranche=name,
            released_cents=act.approved_cents - act.paid_cents,
            standing=TrancheStanding.PAID if act.paid_cents else TrancheStanding.CANCELLED,
            reasons=reasons,
        )

    # What decisions ask.

    def _must_flow(self, day: date, *, once: bool = False) -> None:
        """Refuse what is dated of a day on which the commitment is suspended, or not under way.

        Args:
            once: whether it happened whatever is known now: a payment made before a suspension is
                recorded even while that lasts, and nothing is decided of those days any more.
        """
        must_have_happened()
        self.must_keep_its_award(day, once=once)
        stays = [self.main.standing_on(day), *([] if once else [self.main.states.last])]
        for stay in stays:
            if stay.value == SUSPENDED:
                raise WhileSuspended(since=stay.since)
        if stays[0].value not in FLOWING:
            raise NotFlowing(day=day)

    def _siret_is_sure(self, day: date) -> None:
        for since, until in self._siret_spans:
            if until is None or since <= day < until:
                raise SiretToConfirm(day=since)

    def siret_in_doubt_on(self, day: date) -> date | None:
        """Since when, as of a day, a corrected SIRET waits to be confirmed."""
        spans = self._siret_spans
        return next((s for s, until in spans if s <= day and (not until or day < until)), None)

    def _standing_at(
        self, name: str, day: date, to: TrancheStanding, *among: TrancheStanding
    ) -> tuple[TranchePlan, TrancheAct]:
        """A tranche that stands, now and on the day, where something may be done with it."""
        plan = self.planned_on(name, day)
        for later in self._schedules:
            if later.since > day:  # what an amendment left out, or lowered, since stays so
                plan = min(
                    (plan, self.planned_on(name, later.since)), key=lambda one: one.amount_cents
                )
        entries = self._acts.get(name)
        act = entries[-1].value if entries else TrancheAct()
        if act.standing not in among:
            _elsewhere(plan, act.standing, to)
        if entries and day < entries[-1].since:
            raise LaterFactKnown(title=plan.title, last=entries[-1].since)
        return plan, act

    def _must_be_next(self, plan: TranchePlan, day: date) -> None:
        for other in self.tranches_on(day).values():
            if other.plan.id == plan.id:
                return
            if other.is_open:
                raise OutOfTurn(title=plan.title, before=other.plan.title)

    def _within(self, plan: TranchePlan, asked: int, left: int) -> None:
        if asked > left:
            raise ExceedsTranche(asked=euros(asked), title=plan.title, left=euros(left))

    def must_stop_after_flows(self, day: date, *, state: str) -> None:
        """Refuse a step that stops the commitment before what it already let through.

        A suspension takes effect the day after it at the earliest: on one day nobody could tell
        what came first.
        """
        flows = [d for d in self._flows if d > day or (state == SUSPENDED and d == day)]
        if state not in FLOWING and flows:
            raise FlowsAfter(day=max(flows))

    @override
    def incoherences(self) -> Iterator[Refused]:
        """What was approved or paid on a day on which nothing was being carried out."""
        yield from super().incoherences()
        for day in self._flows:
            if self.state_on(day) not in FLOWING:
                yield NotFlowing(day=day)

    # What is remembered.

    @event(TrancheClaimed)
    def _claimed(
        self, *, tranche: str, amount_cents: int, documents: tuple[UUID, ...], persons: Persons
    ) -> None:
        standing = TrancheStanding.CLAIMED
        self._done(
            tranche,
            replace(
                self._act(tranche), standing=standing, claimed_cents=amount_cents, claimants=persons
            ),
        )

    @event(TrancheHeld)
    def _held(self, *, tranche: str, reasons: str) -> None:
        self._hold(tranche, reasons)

    def _hold(self, tranche: str, reasons: str, *, over_siret: bool = False) -> None:
        act = self._act(tranche)
        held = replace(act, standing=TrancheStanding.HELD, before=act.standing, reasons=reasons)
        self._done(tranche, replace(held, over_siret=over_siret))

    @event(TrancheReleased)
    def _released(self, *, tranche: str, standing: TrancheStanding) -> None:
        self._go_on(tranche, standing)

    def _go_on(self, tranche: str, standing: TrancheStanding) -> None:
        gone = replace(self._act(tranche), standing=standing, reasons=None, over_siret=False)
        self._done(tranche, gone)

    @event(TrancheApproved)
    def _approved(self, *, tranche: str, amount_cents: int, persons: Persons) -> None:
        approved = replace(
            self._act(tranche),
            standing=TrancheStanding.APPROVED,
            approved_cents=amount_cents,
            approvers=persons,
        )
        self._done(tranche, approved)
        self._flows.append(self.since)

    @event(TranchePaid)
    def _paid(
        self, *, tranche: str, amount_cents: int, reference: str, is_whole: bool, persons: Persons
    ) -> None:
        act = self._act(tranche)
        paid = replace(act, paid_cents=act.paid_cents + amount_cents, reference=reference)
        self._done(tranche, replace(paid, standing=TrancheStanding.PAID) if is_whole else paid)
        self.references.add(reference)
        self._flows.append(self.since)

    @event(TrancheCancelled)
    def _cancelled(
        self, *, tranche: str, released_cents: int, standing: TrancheStanding, reasons: str
    ) -> None:
        act = self._act(tranche)
        left = act.approved_cents - released_cents
        gone = replace(act, standing=standing, approved_cents=left, reasons=reasons)
        self._done(tranche, replace(gone, over_siret=False))  # it waits for nothing any more


def _elsewhere(plan: TranchePlan, at: TrancheStanding, to: TrancheStanding) -> NoReturn:
    standing = f"déjà {STANDINGS[at]}" if at is to else STANDINGS[at]
    raise TrancheElsewhere(title=plan.title, standing=standing, asked=STANDINGS[to])
