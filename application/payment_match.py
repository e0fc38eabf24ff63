"""Payments beside the commitments on record: what matches, and recording what does."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from uuid import UUID

from pydantic import Field
from typing_extensions import override

from application.command import Work
from application.commitment_award import is_flowing
from application.ledger import commitments_at
from application.momentary import Momentary
from application.payment import PAYERS, NotAPayer, payments_at
from application.reconciliation import (
    AFTER_DAYS,
    Awaiting,
    Matched,
    OnRecord,
    Reconciliation,
    reconcile,
)
from application.unit import Outcome
from application.world import Moment, World
from domain.commitment import Commitment
from domain.dates import PartialDate
from domain.errors import Conflict, Damaged, JalonError, NotFound, Unavailable
from domain.kernel import Recorded
from domain.organisation import Organisation
from domain.payment import PAYMENTS, Known, Payments
from domain.spelling import same
from domain.tranche import TrancheStanding
from domain.values import Line

TellsOf = Callable[..., Iterable[Recorded]]
"""What gives everything recorded of some kinds, oldest first."""


def reconciliation(world: World, moment: Moment, after_days: int = AFTER_DAYS) -> Reconciliation:
    """What was known then of payments and tranches, as they stood on the day."""
    commitments = {found.id: found for found in commitments_at(world, moment)}

    def told(*events: type) -> Iterable[Recorded]:
        return world.told(*events, until=moment.known)

    return _held(
        payments_at(world, moment.known).paid_by(moment.in_force),
        commitments,
        told,
        moment.in_force,
        after_days,
    )


def _held(
    known: Iterable[Known],
    commitments: dict[UUID, Commitment],
    told: TellsOf,
    day: date,
    after_days: int = AFTER_DAYS,
) -> Reconciliation:
    return reconcile(
        known,
        _awaiting(commitments, told, day),
        _entered(commitments, told, day),
        day=day,
        after_days=after_days,
        codes=(commitment.code for commitment in commitments.values()),
    )


def _awaiting(commitments: dict[UUID, Commitment], told: TellsOf, day: date) -> Iterator[Awaiting]:
    """What stands approved on a day, and since when."""
    approved: dict[tuple[UUID, str], date] = {}
    for recorded in told(Commitment.TrancheApproved):
        event = recorded.event
        if isinstance(event, Commitment.TrancheApproved) and recorded.in_force_from <= day:
            approved[recorded.stream, event.tranche] = recorded.in_force_from
    for id_, commitment in commitments.items():
        for name, state in commitment.tranches_on(day).items():
            if state.standing is TrancheStanding.APPROVED:
                yield Awaiting(
                    commitment=id_,
                    code=commitment.code,
                    tranche=name,
                    title=state.plan.title,
                    funder=commitment.funder,
                    beneficiaries=_beneficiaries(commitment, day),
                    amount_cents=state.approved_cents - state.paid_cents,
                    approved_on=approved[id_, name],
                    payable=is_flowing(commitment, day),
                )


def _beneficiaries(commitment: Commitment, day: date) -> tuple[Organisation, ...]:
    present = commitment.beneficiary_on(day)
    return (present, *(one for one in commitment.beneficiaries if one != present))


def _entered(commitments: dict[UUID, Commitment], told: TellsOf, day: date) -> Iterator[OnRecord]:
    """What commitments have on record as paid by a day."""
    for recorded in told(Commitment.TranchePaid):
        event, commitment = recorded.event, commitments.get(recorded.stream)
        if not (commitment and isinstance(event, Commitment.TranchePaid)):
            continue
        if recorded.in_force_from <= day:
            title = commitment.tranches_on(day)[event.tranche].plan.title
            yield OnRecord(
                commitment=commitment.id,
                code=commitment.code,
                tranche=event.tranche,
                title=title,
                funder=commitment.funder.name,
                beneficiary=commitment.beneficiary_on(day).name,
                reference=event.reference,
                amount_cents=event.amount_cents,
                paid_on=recorded.in_force_from,
            )


# --- recording ----------------------------------------------------------------------------------


class NotMatched(NotFound):
    """Only what matches is recorded."""

    code = "payment.not_matched"
    fr = (
        "Le paiement « {reference} » ne correspond à aucune tranche à payer : "
        "voyez « jalon payment reconcile »."
    )
    en = "The payment “{reference}” matches no tranche that is to be paid."


class RecordMatched(
    Momentary,
    name="payment.record_matched",
    says="Enregistrer comme payées les tranches que des paiements importés paient.",
    by=PAYERS,
    refused=NotAPayer,
):
    """Record each match on its commitment, on the day of its payment.

    Who pays is not who approved: a match that its commitment refuses is left, with the reason, and
    stops no other, unless references are named: then all of them, or none.
    """

    references: tuple[Line, ...] = Field(
        (),
        description="Seulement les paiements de ces références ; tous, sinon.",
        max_length=1000,
        json_schema_extra={"each": "reference"},
    )

    @override
    def execute(self, work: Work) -> UUID:
        payments = work.find(Payments, PAYMENTS) or Payments(PAYMENTS)
        streams = {recorded.stream for recorded in work.told(Commitment.Decided)}
        commitments = {id_: work.get(Commitment, id_) for id_ in sorted(streams)}
        begun = {id_: one for id_, one in commitments.items() if one.state_on(work.today)}
        found = _held(payments.paid_by(work.today), begun, work.told, work.today)
        for match in self._chosen(found):
            self._record(work, match)
        return payments.id

    def _chosen(self, found: Reconciliation) -> list[Matched]:
        if not self.references:
            return [*found.to_record]
        by_reference: dict[str, list[Matched]] = {}
        for match in found.to_record:
            by_reference.setdefault(same(match.payment.reference), []).append(match)
        for reference in self.references:
            if same(reference) not in by_reference:
                raise NotMatched(reference=reference)
        keys = dict.fromkeys(map(same, self.references))
        return [match for key in keys for match in by_reference[key]]

    def _record(self, work: Work, match: Matched) -> None:
        if self.references:
            pay(work, match)
        else:
            work.outcomes.append(_attempt(work, match))


def _attempt(work: Work, match: Matched) -> Outcome:
    try:
        with work.attempt() as recorded:
            pay(work, match)
    except (Unavailable, Damaged, Conflict):  # no fault of this payment
        raise
    except JalonError as refusal:
        return Outcome(match.payment.id, match.commitment, refusal=refusal)
    return Outcome(match.payment.id, match.commitment, tuple(recorded))


def pay(work: Work, match: Matched) -> None:
    """Record one payment on its commitment, as of its day."""
    commitment = work.get(Commitment, match.commitment)
    work.allow(commitment, "commitment.pay")
    with work.dated(PartialDate.on(match.payment.paid_on)):
        commitment.pay(
            match.tranche,
            amount=match.amount_cents,
            reference=match.payment.reference,
            persons=work.persons,
            day=match.payment.paid_on,
        )
    work.save(commitment)
