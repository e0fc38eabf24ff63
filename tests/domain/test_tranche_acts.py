"""Tranches: claimed, held, approved, paid, never more than the one before."""

from typing import Any

from domain.condition import (
    LaterFactKnown,
)
from domain.recording import NotYetHappened
from domain.tranche import (
    ConditionsNotMet,
    ExceedsTranche,
    FlowsAfter,
    NotFlowing,
    OutOfTurn,
    OwnApproval,
    OwnClaim,
    PaysOwnClaim,
    ReferenceTwice,
    TrancheElsewhere,
    TrancheStanding,
    UnknownTranche,
    WhileSuspended,
)
from tests.domain.acts import refused
from tests.domain.samples.commitment import (
    ANOTHER,
    WHO,
)
from tests.domain.test_commitment import (
    approve,
    claim,
    day,
    draft,
    meet,
    on,
    paid,
    pay,
    promised,
    signed,
    step,
)


def test_three_persons_claim_approve_and_pay() -> None:
    made = signed()
    meet(made)
    claim(made)

    refused([(OwnClaim, lambda: approve(made, persons=WHO[1:]))])
    approve(made)
    refused(
        [
            (OwnApproval, lambda: pay(made, persons=ANOTHER)),
            (PaysOwnClaim, lambda: pay(made, persons=WHO[1:])),
        ]
    )
    pay(made)

    assert made.tranches_on(day(4))["first"].standing is TrancheStanding.PAID


def test_a_tranche_goes_its_way_in_its_turn() -> None:
    made = signed()
    refused(
        [
            (UnknownTranche, lambda: claim(made, "nothing")),
            (OutOfTurn, lambda: claim(made, "balance")),
            (TrancheElsewhere, lambda: approve(made)),
            (TrancheElsewhere, lambda: pay(made)),
            (ExceedsTranche, lambda: claim(made, amount=4_000_001)),
            (NotYetHappened, lambda: claim(made, number=400)),
            (NotFlowing, lambda: claim(promised_and_drafted())),
        ]
    )
    claim(made)
    refused([(ConditionsNotMet, lambda: approve(made)), (TrancheElsewhere, lambda: claim(made))])
    meet(made)
    refused(
        [
            (LaterFactKnown, lambda: approve(made, number=1)),
            (ExceedsTranche, lambda: approve(made, amount=4_000_001)),
        ]
    )
    approve(made, amount=3_000_000)
    pay(made, amount=1_000_000)
    refused(
        [
            (ReferenceTwice, lambda: pay(made, number=5)),
            (ExceedsTranche, lambda: pay(made, number=5, reference="VIR-2", amount=2_000_001)),
        ]
    )
    pay(made, number=5, reference="VIR-2")

    assert (made.paid_on(day(4)), made.paid_on(day(5))) == (1_000_000, 3_000_000)
    refused([(TrancheElsewhere, lambda: pay(made, number=6, reference="VIR-3"))])


def promised_and_drafted() -> Any:
    made = promised()
    draft(made)
    return made


def test_what_is_cancelled_gives_back_what_was_approved_and_not_paid() -> None:
    made = signed()
    meet(made)
    claim(made)
    approve(made)
    pay(made, amount=1_500_000)
    with on(5) as when:
        made.cancel("first", reasons="le reste n'est pas dû", day=when)

    assert (made.approved_on(day(4)), made.approved_on(day(5))) == (4_000_000, 1_500_000)
    assert made.tranches_on(day(5))["first"].standing is TrancheStanding.PAID


def test_nothing_moves_while_it_is_suspended_and_what_moved_stays_before() -> None:
    made = paid()
    refused([(FlowsAfter, lambda: step(made, "suspend", "in_force", "suspended", 4))])
    step(made, "suspend", "in_force", "suspended", 5)
    meet(made, "jobs", 6)

    refused([(WhileSuspended, lambda: claim(made, "balance", number=6))])
    step(made, "lift", "suspended", "in_force", 8)
    refused([(WhileSuspended, lambda: claim(made, "balance", number=7))])
    claim(made, "balance", number=8)
    approve(made, "balance", number=8)
    pay(made, "balance", number=9)

    assert made.paid_on(day(9)) == 6_000_000


def test_a_payment_made_before_a_suspension_is_recorded_while_it_lasts() -> None:
    made = signed()
    meet(made)
    claim(made)
    approve(made)
    step(made, "suspend", "in_force", "suspended", 6)

    refused([(WhileSuspended, lambda: pay(made, number=6))])
    pay(made, number=5)

    assert made.paid_on(day(5)) == 4_000_000
