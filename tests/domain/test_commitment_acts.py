"""What each act of a commitment asks, and the one sentence with which it is refused."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from domain.commitment import OneKindOfSupport, Regime, RegimeUnnamed, SupportKind
from domain.condition import (
    AlreadyMet,
    ApprovedOnIt,
    Condition,
    ConditionKind,
    ConditionNotReported,
    ConditionStanding,
    LaterFactKnown,
    MetByItself,
    OwnConditionReport,
    UnknownCondition,
    WithoutProof,
)
from domain.convention import (
    AfterItsEnd,
    AmendsWhatFlowed,
    DoesNotAddUp,
    EndsTooSoon,
    NamedTwice,
    NamesNothing,
    NotDrafted,
    NothingAmended,
    NothingToPay,
    NotSigned,
    OwnCorrection,
    SameBeneficiary,
    SameSiret,
    SignedAlready,
    SiretNotInDoubt,
    TextsInOrder,
    TrancheGone,
    TrancheUnderWay,
    WithoutCondition,
)
from domain.errors import JalonError
from domain.kernel import NotYetHappened
from domain.organisation import Organisation
from domain.recovery import (
    ExceedsPaid,
    ExceedsRecovery,
    Instalment,
    InstalmentsDoNotAddUp,
    RecoveryCause,
    ReturnedTwice,
    UnknownRecovery,
)
from domain.reporting import (
    AcceptsOwnReport,
    AlreadyAccepted,
    JustifiesTooMuch,
    NothingToPublish,
    NotOfItsYears,
    ReportElsewhere,
    ReportKind,
)
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
    SiretToConfirm,
    TrancheElsewhere,
    TrancheKind,
    TrancheStanding,
    UnknownTranche,
    WhileSuspended,
)
from tests.domain.samples.commitment import (
    ABROAD,
    ANOTHER,
    ASSOCIATION,
    EVIDENCE,
    INDICATOR,
    LATER,
    THIRD,
    WHO,
    plan,
)
from tests.domain.test_commitment import (
    BOTH,
    FIRST_PART,
    LAST_PART,
    amend,
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

Refusals = list[tuple[type[JalonError], Callable[[], object]]]


def refused(cases: Refusals) -> None:
    """Each is refused so, and says it in both languages."""
    for kind, act in cases:
        with pytest.raises(kind) as told:
            act()
        assert told.value.say("fr").endswith((".", "?"))
        assert told.value.say("en").endswith(".")


# --- the decision and the convention ------------------------------------------------------------


def test_money_has_an_amount_and_what_is_in_kind_has_a_value_and_words() -> None:
    in_kind: dict[str, Any] = {"support_kind": SupportKind.IN_KIND, "agreed": None}

    refused(
        [
            (OneKindOfSupport, lambda: promised(agreed=None)),
            (
                OneKindOfSupport,
                lambda: promised(**in_kind, value=None, words="x", regime=Regime.DE_MINIMIS),
            ),
            (OneKindOfSupport, lambda: promised(value=100)),
            (OneKindOfSupport, lambda: promised(**in_kind, value=100)),
            (OneKindOfSupport, lambda: promised(**{**in_kind, "agreed": 5}, words="un local")),
            (RegimeUnnamed, lambda: promised(regime=Regime.OTHER, regime_words=None)),
        ]
    )
    given = promised(**in_kind, value=500_000, words="un local")

    assert (given.agreed_on(day(1)), given.value_cents) == (0, 500_000)


def test_a_convention_of_money_names_conditions_and_tranches_that_add_up() -> None:
    def drafted(**more: Any) -> Callable[[], object]:
        return lambda: draft(promised(), **more)

    free = plan("first", 6_000_000)
    refused(
        [
            (WithoutCondition, drafted(conditions=())),
            (DoesNotAddUp, drafted(tranches=(FIRST_PART,), conditions=(EVIDENCE,))),
            (DoesNotAddUp, drafted(tranches=(), conditions=(INDICATOR,))),
            (NamedTwice, drafted(conditions=(EVIDENCE, EVIDENCE))),
            (NamedTwice, drafted(tranches=(FIRST_PART, FIRST_PART))),
            (NamesNothing, drafted(tranches=(plan("only", 6_000_000),))),
            (NamesNothing, drafted(conditions=(EVIDENCE,))),
            (EndsTooSoon, drafted(ends_on=day(0))),
        ]
    )
    made = promised()
    draft(made, conditions=(EVIDENCE,), tranches=(free,))
    draft(made)  # again, before it is signed

    text = made.convention_on(day(1))
    assert text
    assert [part.id for part in text.tranches] == ["first", "balance"]


def test_what_is_in_kind_has_nothing_to_pay() -> None:
    given = promised(support_kind=SupportKind.IN_KIND, agreed=None, value=500_000, words="un local")

    refused([(NothingToPay, lambda: draft(given))])
    draft(given, tranches=(), conditions=())

    assert given.convention_on(day(1))


def test_both_sides_sign_what_was_drafted_once() -> None:
    def sign(made: Any, number: int = 0) -> Callable[[], object]:
        def act() -> None:
            with on(number) as when:
                made.sign_convention(**BOTH, cer=None, day=when)

        return act

    made, later = signed(), promised()
    draft(later, number=3)

    refused(
        [
            (NotDrafted, sign(promised())),
            (SignedAlready, sign(made)),
            (SignedAlready, lambda: draft(made)),
            (TextsInOrder, lambda: draft(later, number=1)),
            (NotDrafted, sign(later, 2)),
        ]
    )


def test_an_amendment_changes_something_before_the_end_and_after_what_came_before() -> None:
    made, third = paid(), plan("third", 1_000_000)
    more: dict[str, Any] = {"agreed": 7_000_000, "tranches": (FIRST_PART, LAST_PART, third)}
    less: dict[str, Any] = {
        "agreed": 2_000_000,
        "tranches": (LAST_PART,),
        "conditions": (INDICATOR,),
    }

    refused(
        [
            (NotSigned, lambda: amend(promised(), 1, agreed=1)),
            (NothingAmended, lambda: amend(made, 6)),
            (AmendsWhatFlowed, lambda: amend(made, 4, **more)),
            (DoesNotAddUp, lambda: amend(made, 6, agreed=7_000_000)),
            (TrancheUnderWay, lambda: amend(made, 6, **less)),
            (EndsTooSoon, lambda: amend(made, 6, ends_on=date(2023, 1, 1))),
            (AfterItsEnd, lambda: amend(signed(ends_on=day(5)), 6, ends_on=day(30))),
        ]
    )
    amend(made, 6, **more)
    amend(made, 6, ends_on=date(2025, 6, 30))

    text = made.convention_on(day(6))
    assert text
    assert (text.amendments, text.ends_on) == (2, date(2025, 6, 30))
    assert (made.agreed_on(day(5)), made.agreed_on(day(6))) == (6_000_000, 7_000_000)
    refused([(TextsInOrder, lambda: amend(made, 5, ends_on=date(2026, 1, 1)))])


def test_a_tranche_that_is_no_more_does_not_come_back_under_its_name() -> None:
    made = signed()
    amend(made, 1, agreed=4_000_000, tranches=(FIRST_PART,), conditions=(EVIDENCE,))

    assert made.tranches_on(day(1))["balance"].standing is TrancheStanding.CANCELLED
    whole = (FIRST_PART, LAST_PART)
    again: dict[str, Any] = {
        "agreed": 6_000_000,
        "tranches": whole,
        "conditions": (EVIDENCE, INDICATOR),
    }
    refused(
        [
            (TrancheGone, lambda: amend(made, 2, **again)),
            (UnknownTranche, lambda: claim(made, "balance")),
        ]
    )


def test_a_commitment_passes_to_another_beneficiary_and_both_are_kept() -> None:
    made = paid()

    def pass_to(who: Organisation, number: int = 6) -> Callable[[], object]:
        def act() -> None:
            with on(number) as when:
                made.replace_beneficiary(who, reasons="fusion", day=when)

        return act

    refused([(SameBeneficiary, pass_to(ASSOCIATION))])
    pass_to(ABROAD)()

    assert (made.beneficiary_on(day(5)), made.beneficiary_on(day(6))) == (ASSOCIATION, ABROAD)
    assert made.beneficiaries == (ASSOCIATION, ABROAD)
    text = made.convention_on(day(6))
    assert text
    assert text.amendments == 1
    refused([(TextsInOrder, pass_to(ASSOCIATION, 5))])


def test_a_wrong_siret_holds_what_is_to_be_paid_until_another_confirms_it() -> None:
    made, siret = signed(), "55208131766530"
    meet(made)
    claim(made)
    approve(made)

    def correct(number: str = siret, on_day: int = 5) -> None:
        with on(on_day) as when:
            made.correct_siret(number, reasons="erreur", persons=ANOTHER, day=when)

    def confirm(who: tuple[str, ...], on_day: int = 6) -> None:
        with on(on_day) as when:
            made.confirm_siret(persons=who, day=when)

    refused(
        [
            (SameSiret, lambda: correct(ASSOCIATION.siret or "")),
            (SiretNotInDoubt, lambda: confirm(THIRD)),
            (LaterFactKnown, lambda: correct(on_day=2)),
        ]
    )
    correct()

    assert made.tranches_on(day(5))["first"].standing is TrancheStanding.HELD
    assert made.siret_in_doubt_on(day(5)) == day(5)
    refused(
        [
            (SiretToConfirm, lambda: pay(made, number=5)),
            (SiretToConfirm, lambda: _release(made, 5)),
            (OwnCorrection, lambda: confirm(ANOTHER)),
            (SiretNotInDoubt, lambda: confirm(THIRD, 4)),
        ]
    )
    confirm(THIRD)
    pay(made, number=7)

    assert made.beneficiary_on(day(7)).siret == siret
    assert made.paid_on(day(7)) == 4_000_000


def test_what_is_cancelled_while_its_siret_is_in_doubt_stays_cancelled() -> None:
    made = signed()
    meet(made)
    claim(made)
    approve(made)
    with on(4) as when:
        made.correct_siret("55208131766530", reasons="erreur", persons=ANOTHER, day=when)
    with on(6) as when:
        made.cancel("first", reasons="sans objet", day=when)
    for number in (5, 7):
        with on(number) as when:
            _confirm_or_not(made, when)

        assert made.tranches_on(day(9))["first"].standing is TrancheStanding.CANCELLED
        refused([(TrancheElsewhere, lambda: pay(made, number=8))])
    assert made.approved_on(day(9)) == 0


def _confirm_or_not(made: Any, when: date) -> None:
    if made.siret_in_doubt_on(when):
        made.confirm_siret(persons=THIRD, day=when)


def test_nothing_entered_late_takes_more_of_a_tranche_than_an_amendment_left_it() -> None:
    made = signed()
    lowered = (plan("first", 2_000_000), plan("balance", 1_000_000, TrancheKind.BALANCE))
    meet(made)
    amend(made, 9, agreed=3_000_000, tranches=lowered)

    refused([(ExceedsTranche, lambda: claim(made, amount=2_000_001))])
    claim(made)
    approve(made)
    assert (made.approved_on(day(8)), made.approved_on(day(9))) == (2_000_000, 2_000_000)


def test_conditions_are_amended_after_a_tranche_was_cancelled() -> None:
    made = signed()
    with on(1) as when:
        made.cancel("balance", reasons="sans objet", day=when)
    amend(made, 2, conditions=(EVIDENCE.model_copy(update={"due": day(90)}), INDICATOR))

    assert made.conditions_on(day(2))["statutes"].condition.due == day(90)
    assert made.tranches_on(day(2))["balance"].standing is TrancheStanding.CANCELLED


def _release(made: Any, number: int) -> None:
    with on(number) as when:
        made.release("first", day=when)


# --- conditions ---------------------------------------------------------------------------------


def test_a_condition_says_what_its_kind_needs_and_nothing_else() -> None:
    for told in (
        {"kind": "evidence"},
        {"kind": "indicator", "measure": "emplois"},
        {"kind": "date"},
        {"kind": "co_funding"},
        {"kind": "evidence", "evidence": "statutes", "funder": "Région"},
    ):
        with pytest.raises(ValidationError, match=r"La condition|à la condition"):
            Condition.model_validate({"id": "x", "title": "Essai", **told})


def test_a_condition_is_reported_by_one_and_found_met_by_another() -> None:
    made = signed(conditions=(EVIDENCE, INDICATOR, LATER))

    def report(name: str, number: int = 1, **more: Any) -> Callable[[], object]:
        def act() -> None:
            with on(number) as when:
                told: dict[str, Any] = {
                    "words": None,
                    "documents": (),
                    "value": None,
                    "persons": WHO,
                    **more,
                }
                made.report_condition(name, day=when, **told)

        return act

    def find(name: str, number: int = 1, *, met: bool = True, who: Any = ANOTHER) -> Any:
        def act() -> None:
            with on(number) as when:
                made.find_condition(name, met=met, reasons="vu", persons=who, day=when)

        return act

    refused(
        [
            (UnknownCondition, report("nothing")),
            (MetByItself, report("later")),
            (ConditionNotReported, find("jobs")),
        ]
    )
    report("jobs", value=2)()
    report("statutes")()
    refused(
        [
            (OwnConditionReport, find("jobs", who=WHO[1:])),
            (WithoutProof, find("jobs")),
            (WithoutProof, find("statutes")),
            (LaterFactKnown, find("jobs", 0)),
        ]
    )
    find("jobs", met=False)()
    report("jobs", 2, value=3)()
    find("jobs", 2)()
    refused([(AlreadyMet, report("jobs", 3))])

    standing = {name: state.standing for name, state in made.conditions_on(day(2)).items()}
    assert standing["jobs"] is ConditionStanding.MET
    assert made.conditions_on(day(1))["jobs"].standing is ConditionStanding.NOT_MET
    assert standing["later"] is ConditionStanding.MET  # its day had come


def test_another_need_under_the_same_name_is_to_be_met_again() -> None:
    made = signed()
    meet(made, "jobs")
    four = INDICATOR.model_copy(update={"value": 4})
    later = INDICATOR.model_copy(update={"due": date(2024, 9, 1)})

    amend(made, 2, conditions=(EVIDENCE, later))
    assert made.conditions_on(day(2))["jobs"].is_met
    amend(made, 3, conditions=(EVIDENCE, four))

    assert not made.conditions_on(day(3))["jobs"].is_met
    assert made.conditions_on(day(2))["jobs"].is_met


def test_what_a_tranche_was_approved_on_is_not_found_wanting_before() -> None:
    made = paid()

    def find(number: int) -> None:
        with on(number) as when:
            made.find_condition("statutes", met=False, reasons="périmés", persons=THIRD, day=when)

    refused([(ApprovedOnIt, lambda: find(3)), (LaterFactKnown, lambda: find(0))])
    find(4)

    assert not made.conditions_on(day(4))["statutes"].is_met


def test_a_condition_of_a_date_is_met_by_itself() -> None:
    late = Condition(
        id="late",
        title="Après le 5",
        kind=ConditionKind.DATE,
        not_before=day(5),
        tranches=("first",),
    )
    made = signed(conditions=(EVIDENCE, INDICATOR, late))
    meet(made)
    claim(made)

    refused([(ConditionsNotMet, lambda: approve(made, number=4))])
    approve(made, number=5)

    assert made.approved_on(day(5)) == 4_000_000


# --- tranches -----------------------------------------------------------------------------------


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


# --- reports, expenses, recovery ----------------------------------------------------------------


def test_a_report_is_given_by_one_and_accepted_by_another() -> None:
    made, kind = paid(years=(2023, 2024)), ReportKind.FINANCIAL

    def receive(year: int = 2024, number: int = 5) -> None:
        with on(number) as when:
            told: dict[str, Any] = {"year": year, "document": None, "words": None, "persons": WHO}
            made.receive_report(kind, day=when, **told)

    def accept(who: Any = ANOTHER, number: int = 5) -> None:
        with on(number) as when:
            made.accept_report(kind, year=2024, persons=who, day=when)

    refused([(NotOfItsYears, lambda: receive(2022)), (ReportElsewhere, accept)])
    receive()
    refused([(AcceptsOwnReport, lambda: accept(WHO)), (LaterFactKnown, lambda: accept(number=4))])
    accept()
    refused([(AlreadyAccepted, lambda: receive(number=6)), (ReportElsewhere, accept)])

    assert made.report_owed_since(day(6)) == date(2023, 12, 31)
    receive(2023)
    assert made.report_owed_since(day(6)) is None


def test_a_financial_report_is_owed_for_the_years_in_which_paid_money_is_spent() -> None:
    def owed(made: Any, on: date) -> dict[ReportKind, tuple[int, ...]]:
        return {kind: made.accounted_years_on(on, kind) for kind in ReportKind}

    # Decided and paid in 2024, for a convention of 2025 and 2026: nothing is told of 2024.
    spans = {"starts_on": date(2025, 1, 12), "ends_on": date(2026, 3, 23)}
    made = paid(**spans)
    assert owed(made, day(3)) == dict.fromkeys(ReportKind, ())
    assert made.report_owed_since(day(3)) is None
    assert owed(made, day(4)) == dict.fromkeys(ReportKind, (2025, 2026))
    assert made.report_owed_since(day(4)) == date(2025, 12, 31)

    # It runs from 2023 on, and its first payment is of 2024.
    late = paid(starts_on=date(2023, 7, 1), ends_on=date(2025, 6, 30))
    assert owed(late, day(4))[ReportKind.FINANCIAL] == (2024, 2025)
    # What is paid after its end is accounted for with its last year.
    over = paid(starts_on=date(2022, 7, 1), ends_on=date(2023, 6, 30))
    assert owed(over, day(4))[ReportKind.FINANCIAL] == (2023,)


def test_no_report_is_owed_for_the_years_after_a_termination() -> None:
    made = paid(ends_on=date(2026, 12, 31))
    step(made, "terminate", "in_force", "terminated", 300)

    for kind in ReportKind:
        assert made.accounted_years_on(day(299), kind) == (2024, 2025, 2026)
        assert made.accounted_years_on(day(300), kind) == (2024,)


def test_no_more_is_justified_than_was_agreed() -> None:
    made = paid()

    def justify(cents: int) -> None:
        with on(6) as when:
            told: dict[str, Any] = {"words": "salaires", "documents": (), "persons": ANOTHER}
            made.justify(amount=cents, day=when, **told)

    justify(5_000_000)

    refused([(JustifiesTooMuch, lambda: justify(1_000_001))])
    assert made.justified_on(day(6)) == 5_000_000


def test_essential_data_are_owed_from_the_signature_until_they_are_published() -> None:
    made = signed()
    assert made.data_owed_since(day(3)) == day(0)
    with on(4) as when:
        made.publish_essential_data("site du financeur", day=when)

    assert (made.data_owed_since(day(3)), made.data_owed_since(day(4))) == (day(0), None)
    small = promised(agreed=2_300_000)
    draft(small, tranches=(plan("first", 2_300_000),), conditions=(EVIDENCE,))
    refused([(NothingToPublish, lambda: _publish(small))])
    with on(0) as when:
        small.sign_convention(**BOTH, cer=None, day=when)
    assert small.data_owed_since(day(1)) is None


def _publish(made: Any) -> None:
    with on(1) as when:
        made.publish_essential_data("ailleurs", day=when)


def test_what_was_paid_comes_back_by_instalments() -> None:
    made = paid()

    def order(cents: int, number: int = 6, parts: tuple[Instalment, ...] = ()) -> None:
        with on(number) as when:
            told: dict[str, Any] = {
                "instalments": parts,
                "reasons": "non dépensé",
                "persons": ANOTHER,
            }
            made.order_recovery(cause=RecoveryCause.NOT_SPENT, amount=cents, day=when, **told)

    def receive(cents: int, reference: str, which: int = 1, number: int = 7) -> None:
        with on(number) as when:
            told: dict[str, Any] = {"amount": cents, "reference": reference, "persons": THIRD}
            made.receive_instalment(which, day=when, **told)

    halves = tuple(Instalment(due_on=day(n), amount_cents=500_000) for n in (7, 9))
    refused(
        [
            (ExceedsPaid, lambda: order(4_000_001)),
            (ExceedsPaid, lambda: order(1, number=3)),
            (InstalmentsDoNotAddUp, lambda: order(1_000_001, parts=halves)),
            (UnknownRecovery, lambda: receive(1, "REV-1")),
        ]
    )
    order(1_000_000, parts=halves)
    receive(400_000, "REV-1")
    refused(
        [
            (ReturnedTwice, lambda: receive(1, "REV-1")),
            (ExceedsRecovery, lambda: receive(600_001, "REV-2")),
            (UnknownRecovery, lambda: receive(1, "REV-2", number=5)),
            (ExceedsPaid, lambda: order(3_000_001)),
        ]
    )
    assert made.recoveries_on(day(8))[1].overdue_on(day(8)) == 100_000
    assert made.recoveries_on(day(8))[1].overdue_on(day(10)) == 600_000
    with on(8) as when:
        made.waive_recovery(1, amount=600_000, reasons="remise", persons=ANOTHER, day=when)

    assert made.recoveries_on(day(8))[1].left_cents == 0
    assert (made.recovered_on(day(8)), made.waived_on(day(8))) == (400_000, 600_000)


def test_a_funder_that_withdraws_pays_nothing_more() -> None:
    made = paid()
    with on(5) as when:
        made.withdraw_funder(reasons="budget annulé", day=when)

    assert [state.is_open for state in made.tranches_on(day(5)).values()] == [False, False]
    assert (made.withdrawn_on, made.paid_on(day(5))) == (day(5), 4_000_000)


def test_an_organisation_has_a_number_or_the_reason_why_it_has_none() -> None:
    for told in (
        {},
        {"siret": "73282932000075"},
        {"siret": "73282932000074", "reason_without": "x"},
    ):
        with pytest.raises(ValidationError):
            Organisation.model_validate({"name": "Essai", **told})

    one = Organisation(name="Un", siret="73282932000074")
    assert one.siren == "732829320"
    assert one.is_same(Organisation(name="Autre nom", siret="73282932000074"))
