"""What the two parties of a commitment draft, sign and change by amendment."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise
from uuid import UUID

from typing_extensions import override

from domain.condition import Condition
from domain.convention import (
    ENGAGED,
    AfterItsEnd,
    AmendsWhatFlowed,
    Convention,
    ConventionSigning,
    DoesNotAddUp,
    EndsTooSoon,
    NamedTwice,
    NamesNothing,
    NotDrafted,
    NothingAmended,
    NothingToPay,
    NotSigned,
    SignedAlready,
    Terms,
    TextsInOrder,
    TrancheGone,
    TrancheUnderWay,
    WithoutCondition,
)
from domain.errors import Refused
from domain.kernel import Event, event
from domain.money import Cents, euros
from domain.recording import must_have_happened
from domain.running import Running, latest
from domain.tranche import STANDINGS, TranchePlan, TrancheStanding
from domain.tranches import Tranched
from domain.values import Line, Prose
from domain.words import Name, Whole


class Contracted(Tranched):
    """A commitment as what its two parties wrote and signed."""

    class ConventionDrafted(Event):
        """What the convention will say; nobody is bound by it yet."""

        TOPIC = "commitment.convention_drafted.v1"
        UNDONE_BY = ("commitment.draft_convention",)
        reference: Line
        starts_on: date
        ends_on: date
        conditions: tuple[Condition, ...] = ()
        tranches: tuple[TranchePlan, ...] = ()
        terms: Terms = Terms()
        years: tuple[Whole, ...] = ()

    class ConventionSigned(Event):
        """Both sides signed it, by the offices that bind them."""

        TOPIC = "commitment.convention_signed.v1"
        STATED_BY = ("commitment.sign_convention",)
        funder_signatory: Line
        beneficiary_signatory: Line
        cer: bool | None = None
        """Whether the contrat d'engagement républicain was subscribed (art. 10-1)."""

    class GrantedWithoutConvention(Event):
        """A small amount, or something in kind, is granted by the decision alone."""

        TOPIC = "commitment.granted_without_convention.v1"
        STATED_BY = ("commitment.grant_without_convention",)
        tranche: TranchePlan | None = None
        """What is to be paid, where it is money."""

    class Amended(Event):
        """Both sides changed the convention; what is not given stays as it was."""

        TOPIC = "commitment.amended.v1"
        UNDONE_BY = ("commitment.amend",)
        number: Whole
        agreed_cents: Cents | None = None
        starts_on: date | None = None
        ends_on: date | None = None
        conditions: tuple[Condition, ...] = ()
        tranches: tuple[TranchePlan, ...] = ()
        dropped: tuple[Name, ...] = ()
        """The tranches that are no more."""
        reasons: Prose
        funder_signatory: Line
        beneficiary_signatory: Line

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self._texts: list[Running[Convention]] = []
        self._contract_days: list[date] = []
        self._amendments = 0
        self.signed_on: date | None = None

    # Decisions.

    def draft_convention(
        self,
        *,
        reference: str,
        starts_on: date,
        ends_on: date,
        conditions: tuple[Condition, ...],
        tranches: tuple[TranchePlan, ...],
        terms: Terms,
        years: tuple[int, ...],
        day: date,
    ) -> None:
        """Say what the convention will say; drafted again, it says something else."""
        must_have_happened()
        self.must_keep_its_award(day)
        if self.signed_on:
            raise SignedAlready(day=self.signed_on)
        self._in_order(day)
        if ends_on <= starts_on:
            raise EndsTooSoon(starts=starts_on, ends=ends_on)
        self._must_fit(conditions, tranches, self.agreed_on(day))
        self._convention_drafted(
            reference=reference,
            starts_on=starts_on,
            ends_on=ends_on,
            conditions=_gating(conditions, tranches),
            tranches=tranches,
            terms=terms,
            years=years,
        )

    def sign_convention(
        self, *, funder_signatory: str, beneficiary_signatory: str, cer: bool | None, day: date
    ) -> None:
        """Bind both sides to what was drafted."""
        must_have_happened()
        self.must_keep_its_award(day)
        if self.signed_on:
            raise SignedAlready(day=self.signed_on)
        if self.convention_on(day) is None:
            raise NotDrafted
        self._in_order(day)
        self._convention_signed(
            funder_signatory=funder_signatory,
            beneficiary_signatory=beneficiary_signatory,
            cer=cer,
        )

    def grant_without_convention(self, tranche: TranchePlan | None, *, day: date) -> None:
        """Grant by the decision alone: one tranche of the whole, without condition."""
        must_have_happened()
        self.must_keep_its_award(day)
        self._in_order(day)
        self._granted_without_convention(tranche=tranche)

    def amend(
        self,
        *,
        agreed: int | None,
        starts_on: date | None,
        ends_on: date | None,
        conditions: tuple[Condition, ...],
        tranches: tuple[TranchePlan, ...],
        reasons: str,
        funder_signatory: str,
        beneficiary_signatory: str,
        day: date,
    ) -> None:
        """Change the convention, both sides agreeing, before it ends."""
        now = self._amendable(day)
        if agreed and agreed > self.agreed_on(day):
            self.must_keep_its_award(day)
        if not (agreed or starts_on or ends_on or conditions or tranches):
            raise NothingAmended
        starts, ends = starts_on or now.starts_on, ends_on or now.ends_on
        if ends <= starts:
            raise EndsTooSoon(starts=starts, ends=ends)
        dropped: tuple[str, ...] = ()
        if agreed or conditions or tranches:
            if flowed := [since for since in self._flows if since >= day]:
                raise AmendsWhatFlowed(day=max(flowed))
            total = agreed or self.agreed_on(day)
            new = tranches or now.tranches
            self._must_fit(
                conditions or now.conditions, new, total, adds_up=bool(agreed or tranches)
            )
            dropped = self._dropped(tranches, day) if tranches else ()
            gating = _gating(conditions or now.conditions, new)
            conditions = gating if gating != now.conditions else ()
        self._amended(
            number=self._amendments + 1,
            agreed_cents=agreed,
            starts_on=starts_on,
            ends_on=ends_on,
            conditions=conditions,
            tranches=tranches,
            dropped=dropped,
            reasons=reasons,
            funder_signatory=funder_signatory,
            beneficiary_signatory=beneficiary_signatory,
        )

    # What decisions ask.

    def _in_order(self, day: date) -> None:
        last = max(self._contract_days, default=date.min)
        if day < last:
            raise TextsInOrder(day=last)

    def _before_its_end(self, day: date) -> None:
        must_have_happened()
        self.main.standing_on(day)
        self._in_order(day)
        now = self.convention_on(day)
        if now and day > now.ends_on:
            raise AfterItsEnd(day=now.ends_on)

    def _amendable(self, day: date) -> Convention:
        now = self.convention_on(day)
        if now is None or now.signing is None:
            raise NotSigned
        self._before_its_end(day)
        return now

    def _next_number(self, day: date) -> int | None:
        now = self.convention_on(day)
        return self._amendments + 1 if now and now.signing else None

    def _must_fit(
        self,
        conditions: tuple[Condition, ...],
        tranches: tuple[TranchePlan, ...],
        agreed: int,
        *,
        adds_up: bool = True,
    ) -> None:
        """Refuse conditions and tranches that are not one convention of an amount."""
        if not agreed and tranches:
            raise NothingToPay
        if agreed and not conditions:
            raise WithoutCondition
        _named_once(c.id for c in conditions)
        _named_once(t.id for t in tranches)
        refers = [(c.title, c.tranches, {t.id for t in tranches}) for c in conditions]
        refers += [(t.title, t.conditions, {c.id for c in conditions}) for t in tranches]
        for title, names, known in refers:
            for name in names:
                if name not in known:
                    raise NamesNothing(title=title, name=name)
        planned = sum(t.amount_cents for t in tranches)
        if adds_up and planned != agreed:
            raise DoesNotAddUp(planned=euros(planned), agreed=euros(agreed))

    def _dropped(self, new: tuple[TranchePlan, ...], day: date) -> tuple[str, ...]:
        """The tranches that another plan leaves out; refused where one of them is under way."""
        planned = {plan.id: plan for plan in new}
        gone = []
        for name, state in self.tranches_on(day).items():
            act, plan = self._act(name), planned.get(name)
            if state.standing is TrancheStanding.CANCELLED:
                if plan:
                    raise TrancheGone(title=state.plan.title)
                continue
            least = max(act.claimed_cents if act.standing in ENGAGED else 0, act.approved_cents)
            if least > (plan.amount_cents if plan else 0):
                raise TrancheUnderWay(
                    title=state.plan.title, standing=STANDINGS[act.standing], least=euros(least)
                )
            if plan is None:
                gone.append(name)
        return tuple(gone)

    @override
    def incoherences(self) -> Iterator[Refused]:
        """Texts out of order, amended unsigned, or whose tranches are not what is agreed."""
        yield from super().incoherences()
        for before, day in pairwise(self._contract_days):
            if day < before:
                yield TextsInOrder(day=before)
        if self._amendments and not self.signed_on:
            yield NotSigned()
        for told in self._schedules:
            planned, agreed = sum(t.amount_cents for t in told.value), self.agreed_on(told.since)
            if planned != agreed:
                yield DoesNotAddUp(planned=euros(planned), agreed=euros(agreed))

    # What is known on a day.

    def convention_on(self, day: date) -> Convention | None:
        """The convention as it reads on a day."""
        text = latest(self._texts, day)
        if text is None:
            return None
        schedule = latest(self._schedules, day)
        tranches = schedule.value if schedule else ()
        return replace(text.value, conditions=self.clauses_on(day), tranches=tranches)

    # What is remembered.

    def _contract(self, text: Convention) -> None:
        self._texts.append(Running(self.since, self.version, text))
        self._contract_days.append(self.since)

    @event(ConventionDrafted)
    def _convention_drafted(
        self,
        *,
        reference: str,
        starts_on: date,
        ends_on: date,
        conditions: tuple[Condition, ...],
        tranches: tuple[TranchePlan, ...],
        terms: Terms,
        years: tuple[int, ...],
    ) -> None:
        self._contract(Convention(reference, starts_on, ends_on, terms, years, self.since))
        self._name_conditions(conditions)
        self._schedule(tranches)

    @event(ConventionSigned)
    def _convention_signed(
        self, *, funder_signatory: str, beneficiary_signatory: str, cer: bool | None
    ) -> None:
        signing = ConventionSigning(self.since, funder_signatory, beneficiary_signatory, cer)
        self._contract(replace(self._texts[-1].value, signing=signing))
        self.signed_on = self.since

    @event(GrantedWithoutConvention)
    def _granted_without_convention(self, *, tranche: TranchePlan | None) -> None:
        self._contract_days.append(self.since)
        self._schedule((tranche,) if tranche else ())

    @event(Amended)
    def _amended(
        self,
        *,
        number: int,
        agreed_cents: int | None,
        starts_on: date | None,
        ends_on: date | None,
        conditions: tuple[Condition, ...],
        tranches: tuple[TranchePlan, ...],
        dropped: tuple[str, ...],
        reasons: str,
        funder_signatory: str,
        beneficiary_signatory: str,
    ) -> None:
        before = self._texts[-1].value
        starts, ends = starts_on or before.starts_on, ends_on or before.ends_on
        self._contract(replace(before, starts_on=starts, ends_on=ends, amendments=number))
        self._amendments = number
        if agreed_cents:
            self._agree(agreed_cents)
        if conditions:
            self._name_conditions(conditions)
        if tranches:
            self._schedule(tranches)


def _gating(
    conditions: tuple[Condition, ...], tranches: tuple[TranchePlan, ...]
) -> tuple[Condition, ...]:
    """Conditions, each with every tranche that waits for it, whichever of the two says so."""
    waits = {c.id: [t.id for t in tranches if c.id in t.conditions] for c in conditions}
    return tuple(
        c.model_copy(update={"tranches": tuple(dict.fromkeys([*c.tranches, *waits[c.id]]))})
        for c in conditions
    )


def _named_once(names: Iterable[str]) -> None:
    twice = [name for name, times in Counter(names).items() if times > 1]
    if twice:
        raise NamedTwice(name=twice[0])
