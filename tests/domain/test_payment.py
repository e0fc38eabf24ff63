"""Payments count once, whatever file has them; a file is recorded whole, or not at all."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.organisation import Organisation
from domain.payment import (
    PAYMENTS,
    NothingPaid,
    Paid,
    PaidInTheFuture,
    PaymentId,
    Payments,
    SaidOtherwise,
)
from tests import make

DIGEST = "0" * 64
TODAY = date(2024, 6, 3)


def paid(reference: str = "m-1", amount: int = 5_000_00, day: date = TODAY) -> Paid:
    return Paid(
        id=PaymentId(uuid4()),
        reference=reference,
        paid_on=day,
        amount_cents=amount,
        payee="Association fictive",
    )


def taken(payments: Payments, *rows: Paid, payer: str | None = None) -> list[Paid]:
    with make.on():
        return payments.import_file(
            rows, digest=DIGEST, payer=payer, persons=("account:1",), today=TODAY
        )


def test_a_file_imported_twice_records_nothing_the_second_time() -> None:
    payments = Payments(PAYMENTS)
    taken(payments, paid("m-1"), paid("m-2"))

    again = taken(payments, paid("m-1"), paid("M-2"))

    assert again == []
    assert len(payments.pending) == 1


def test_two_files_that_overlap_record_each_payment_once() -> None:
    payments = Payments(PAYMENTS)
    taken(payments, paid("m-1"), paid("m-2"))

    assert [row.reference for row in taken(payments, paid("m-2"), paid("m-3"))] == ["m-3"]
    assert [known.paid.reference for known in payments.known] == ["m-1", "m-2", "m-3"]


def test_a_reference_that_says_something_else_refuses_the_whole_file() -> None:
    payments = Payments(PAYMENTS)
    taken(payments, paid("m-1"))

    with pytest.raises(SaidOtherwise, match=r"5\s000\s€"):
        taken(payments, paid("m-2"), paid("m-1", 1))

    assert [known.paid.reference for known in payments.known] == ["m-1"]


def test_two_payers_may_number_alike() -> None:
    payments = Payments(PAYMENTS)
    taken(payments, paid("m-1"), payer="Région fictive")

    assert taken(payments, paid("m-1", 1), payer="Ministère fictif")
    assert taken(payments, paid("m-1", 1), payer="MINISTERE fictif") == []
    with pytest.raises(SaidOtherwise):
        taken(payments, paid("m-1", 2))  # of whom is not said
    for amount in (5_000_00, 1):
        assert taken(payments, paid("m-1", amount)) == []


def test_a_payment_to_come_and_an_empty_file_are_refused() -> None:
    payments = Payments(PAYMENTS)

    with pytest.raises(PaidInTheFuture, match="4 juin 2024"):
        taken(payments, paid(day=TODAY + timedelta(days=1)))
    with pytest.raises(NothingPaid):
        taken(payments)

    assert payments.pending == []


def test_whom_a_payment_is_to_is_told_by_the_legal_unit_then_by_the_name() -> None:
    moved = Organisation(name="Autre nom", siret="38047555800058")
    by_number = paid().model_copy(update={"siret": "38047555800025", "payee": None})

    assert by_number.is_to(moved)
    assert paid().is_to(Organisation(name="ASSOCIATION  fictive", rna="W123456789"))
    assert not paid().is_to(moved)


references = st.sampled_from([f"m-{number}" for number in range(8)])
files = st.lists(st.lists(references, min_size=1, max_size=10), max_size=8)


@given(files=files)
def test_whatever_the_files_each_reference_is_one_payment(files: list[list[str]]) -> None:
    payments = Payments(PAYMENTS)

    for file in files:
        taken(payments, *(paid(reference, 100 + int(reference[2:])) for reference in file))

    told = [known.paid.reference for known in payments.known]
    assert len(told) == len(set(told))
    assert set(told) == {reference for file in files for reference in file}
    rows = [
        row
        for event in payments.pending
        if isinstance(event, Payments.Imported)
        for row in event.rows
    ]
    assert [row.reference for row in rows] == told
