"""Reports, expenses and recovery: what a beneficiary accounts for, and gives back."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from domain.condition import (
    LaterFactKnown,
)
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
from tests.domain.acts import refused
from tests.domain.samples.commitment import (
    ANOTHER,
    EVIDENCE,
    THIRD,
    WHO,
    plan,
)
from tests.domain.test_commitment import (
    BOTH,
    day,
    draft,
    on,
    paid,
    promised,
    signed,
    step,
)


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
