"""A commitment decided, and its convention: what is recorded, and what is refused."""

from collections.abc import Callable
from datetime import date
from typing import Any

from domain.commitment import OneKindOfSupport, Regime, RegimeUnnamed, SupportKind
from domain.condition import (
    LaterFactKnown,
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
from domain.organisation import Organisation
from domain.tranche import (
    ExceedsTranche,
    SiretToConfirm,
    TrancheElsewhere,
    TrancheKind,
    TrancheStanding,
    UnknownTranche,
)
from tests.domain.acts import refused
from tests.domain.samples.commitment import (
    ABROAD,
    ANOTHER,
    ASSOCIATION,
    EVIDENCE,
    INDICATOR,
    THIRD,
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
)


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
