"""Files of payments in a registry: taken in once, listed at any moment, matched and recorded."""

from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from application.payment import (
    PAYMENT_LIST,
    ImportPayments,
    NotAPayer,
    PayeeNotKnown,
    judge,
    payments_at,
    report,
)
from application.payment_file import PaymentGiven, read_payments
from application.payment_match import NotMatched, RecordMatched, reconciliation
from application.wording import tell
from domain.commitment import Commitment, CommitmentId
from domain.errors import JalonError
from domain.payment import PaidInTheFuture, Payments, SaidOtherwise
from domain.roles import Role
from domain.tranche import OwnApproval, TrancheStanding, WhileSuspended
from infrastructure.event_store.registry import Done, Registry
from tests.application import commitments as money
from tests.application.desk import Desk, desk
from tests.examples import settings

TODAY = "2024-06-03"
HEADER = "référence;date;montant;bénéficiaire\n"


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk(tmp_path_factory.mktemp("desk"), publish=False) as made:
        yield made


@pytest.fixture
def books(tmp_path: Path) -> Iterator[Registry]:
    with money.registry(tmp_path) as made:
        yield made


def given_row(reference: str = "VIR-1", amount: str = "40 000", **more: Any) -> PaymentGiven:
    of = {"reference": reference, "paid_on": "2024-03-01", "amount": amount}
    return PaymentGiven.model_validate({**of, "siret": money.OTHER_SIRET, **more})


def imported(
    registry: Registry, *rows: PaymentGiven, by: Any = money.PAYER, payer: str | None = None
) -> Done:
    digest = sha256(repr(rows).encode()).hexdigest()
    return registry.do(ImportPayments(digest=digest, payer=payer, rows=rows), by)


def approved(
    registry: Registry, name: str = "Pôle d'essai", on: str = "2024-02-01"
) -> CommitmentId:
    """A commitment whose first tranche, of 40 000 €, stands approved."""
    on, made = "2024-02-01", money.in_force(registry, money.pole(registry, name))
    money.meet(registry, made, "statutes", on)
    money.claim(registry, made, "first", on)
    money.approve(registry, made, "first", on)
    return made


# --- files --------------------------------------------------------------------------------------


def test_importing_the_same_file_twice_records_each_payment_once(books: Registry) -> None:
    first = imported(books, given_row("a"), given_row("b"))
    again = imported(books, given_row("a"), given_row("b"))

    assert [event.TOPIC for event in first.events] == ["payment_file.imported.v1"]
    assert again.events == ()


def test_two_files_that_overlap_record_each_payment_once(books: Registry) -> None:
    imported(books, given_row("a"), given_row("b"))
    imported(books, given_row("b"), given_row("c"))

    assert [known.paid.reference for known in payments_at(books).known] == ["a", "b", "c"]


def test_a_wrong_row_leaves_nothing_half_written(books: Registry) -> None:
    imported(books, given_row("a"))
    size = books.journal.size()

    for rows, refusal in (
        ((given_row("b"), given_row("a", "1")), SaidOtherwise),
        ((given_row("b"), given_row("c", paid_on="2024-06-04")), PaidInTheFuture),
    ):
        with pytest.raises(refusal):
            imported(books, *rows)

    assert books.journal.size() == size


def test_others_than_payers_tell_no_payment(books: Registry) -> None:
    with pytest.raises(NotAPayer, match="comptable du financeur"):
        imported(books, given_row(), by=money.FUNDER)


def test_a_program_gives_euros_with_two_decimals_and_no_fraction() -> None:
    assert given_row(amount="0,30").amount == 30
    for wrong in (0.1 + 0.2, "-1", "0", "1 USD", True):
        with pytest.raises(ValidationError):
            given_row(amount=wrong)  # type: ignore[arg-type]


def test_a_name_is_kept_only_where_a_commitment_has_it(books: Registry) -> None:
    known = money.load(books, money.decide(books, money.pole(books))).beneficiaries[0].name

    imported(books, given_row("a", siret=None, payee=known.upper()))
    imported(books, given_row("b", payee="Camille Inventée"))
    for wrong in ("Camille Inventée", "A"):
        with pytest.raises(PayeeNotKnown, match="donnez le SIRET"):
            imported(books, given_row("c"), given_row("d", siret=None, payee=wrong))

    kept = {one.paid.reference: one.paid.payee for one in payments_at(books).known}
    assert kept == {"a": known.upper(), "b": None}


def test_a_file_read_again_once_its_payee_is_known_brings_nothing(books: Registry) -> None:
    row = given_row("a", payee="Association fictive")
    imported(books, row)
    money.decide(books, money.pole(books))

    assert imported(books, row).events == ()


def test_the_register_is_heard_before_anything_is_written(books: Registry) -> None:
    imported(books, given_row("a"))
    data = f"{HEADER}a;2024-03-01;1;{money.OTHER_SIRET}\nb;2024-03-01;2;38047555800058\n".encode()

    found = judge(books, read_payments(data), None, date(2024, 6, 3))
    told = report(books, found, None)

    ((line, said),) = found.faults
    assert line == 2
    assert "40\u202f000\u00a0€" in said
    assert (told.rows, told.recorded, told.recorded_cents, told.unchanged) == (2, 1, 2_00, 0)


names = st.sampled_from([f"m-{number}" for number in range(6)])


@settings(max_examples=25, deadline=None)
@given(files=st.lists(st.lists(names, min_size=1, max_size=6), min_size=1, max_size=4))
def test_whatever_files_overlap_a_reference_is_one_payment_and_one_line(
    begun: Desk, files: list[list[str]]
) -> None:
    for file in files:
        imported(begun.registry, *(given_row(f"x{name}") for name in file))

    kept = [known.paid.reference for known in payments_at(begun.registry).known]
    assert len(kept) == len(set(kept))
    assert {f"x{name}" for file in files for name in file} <= set(kept)
    assert sorted(line.reference for line in begun.lines(PAYMENT_LIST)) == sorted(kept)


def test_a_payment_is_listed_from_its_day_on_as_it_was_known(tmp_path: Path) -> None:
    with desk(tmp_path, publish=False) as made:
        before = made.size
        imported(
            made.registry, given_row("a"), given_row("b", paid_on="2024-05-01"), payer="Payeur"
        )

        assert [line.reference for line in made.lines(PAYMENT_LIST)] == ["a", "b"]
        assert [line.reference for line in made.lines(PAYMENT_LIST, on="2024-04-30")] == ["a"]
        assert made.lines(PAYMENT_LIST, on="2024-02-29") == []
        assert made.lines(PAYMENT_LIST, known=before) == []
        assert made.lines(PAYMENT_LIST)[0].amount == "40\u202f000\u00a0€"
        assert made.lines(PAYMENT_LIST)[0].payer == "Payeur"
        assert made.rebuilt()


# --- reconciliation -----------------------------------------------------------------------------


def test_what_is_approved_and_unpaid_is_missing_after_some_days(books: Registry) -> None:
    approved(books)

    (missing,) = reconciliation(books, money.at(books)).missing

    assert (missing.amount_cents, missing.days) == (40_000_00, 123)
    assert reconciliation(books, money.at(books), after_days=123).missing == ()
    assert len(reconciliation(books, money.at(books), after_days=123).waiting) == 1


def test_what_is_suspended_is_not_missing(books: Registry) -> None:
    made = approved(books)
    money.suspend(books, made, "2024-03-01", "2024-02-20")

    found = reconciliation(books, money.at(books))

    assert (len(found.missing), [one.code for one in found.waiting]) == (
        0,
        [money.load(books, made).code],
    )


def test_a_match_is_recorded_on_the_day_of_its_payment(books: Registry) -> None:
    made = approved(books)
    imported(books, given_row("VIR-1"))

    done = books.do(RecordMatched(), money.PAYER)

    (event,) = done.events
    assert isinstance(event, Commitment.TranchePaid)
    assert event.valid_from == date(2024, 3, 1)
    case = money.load(books, made)
    assert case.tranches_on(date(2024, 3, 1))["first"].standing is TrancheStanding.PAID
    assert case.paid_on(date(2024, 2, 29)) == 0
    found = reconciliation(books, money.at(books))
    assert [match.is_recorded for match in found.matched] == [True]
    assert found.missing == found.waiting == ()


def test_recording_again_records_nothing(books: Registry) -> None:
    approved(books)
    imported(books, given_row("VIR-1"))
    books.do(RecordMatched(), money.PAYER)

    assert books.do(RecordMatched(), money.PAYER).events == ()


def test_who_approved_does_not_pay(books: Registry) -> None:
    approved(books)
    imported(books, given_row("VIR-1"))
    approver = money.FUNDER.model_copy(update={"role": Role.PAYER})

    (outcome,) = books.do(RecordMatched(), approver).outcomes
    with pytest.raises(OwnApproval):
        books.do(RecordMatched(references=("VIR-1",)), approver)

    assert isinstance(outcome.refusal, OwnApproval)
    assert len(reconciliation(books, money.at(books)).to_record) == 1


def test_one_refused_match_stops_no_other(books: Registry) -> None:
    one, other = approved(books), approved(books, "Autre pôle d'essai")
    money.suspend(books, one, "2024-02-10", "2024-02-05")
    imported(books, given_row("pole-d-essai-engagement-1"))
    imported(books, given_row("autre-pole-d-essai-engagement-1"))

    done = books.do(RecordMatched(), money.PAYER)

    refused = [item for item in done.outcomes if item.refusal]
    assert [type(item.refusal) for item in refused] == [WhileSuspended]
    assert money.load(books, one).paid_on(date(2024, 6, 3)) == 0
    assert money.load(books, other).paid_on(date(2024, 6, 3)) == 40_000_00


def test_a_reference_that_matches_nothing_is_told(books: Registry) -> None:
    approved(books)

    with pytest.raises(NotMatched, match="VIR-9"):
        books.do(RecordMatched(references=("VIR-9",)), money.PAYER)


def test_a_reconciliation_of_the_past_is_what_was_known_then(books: Registry) -> None:
    approved(books)
    before = money.at(books)
    imported(books, given_row("VIR-1"))
    books.do(RecordMatched(), money.PAYER)

    assert reconciliation(books, before).matched == ()
    assert len(reconciliation(books, before).missing) == 1
    early = money.at(books, "2024-02-20")
    assert reconciliation(books, early).matched == ()
    assert len(reconciliation(books, early).waiting) == 1


def test_what_a_commitment_has_on_record_and_no_file_is_unseen(books: Registry) -> None:
    made = approved(books)
    money.pay(books, made, "first", "2024-03-01")

    (entry,) = reconciliation(books, money.at(books)).unseen
    assert (entry.reference, entry.amount_cents) == ("VIR-first", 40_000_00)

    imported(books, given_row("VIR-first"))
    found = reconciliation(books, money.at(books))
    assert (len(found.matched), found.unseen, found.to_record) == (1, (), ())


def test_refusals_are_sentences() -> None:
    for refusal in (SaidOtherwise, PaidInTheFuture, NotMatched, NotAPayer):
        assert issubclass(refusal, JalonError)
        assert refusal.fr.endswith(".")
        assert refusal.en.endswith(".")


def test_an_import_is_told_in_words(books: Registry) -> None:
    (event,) = imported(books, given_row("a"), given_row("b"), payer="Payeur fictif").events

    assert isinstance(event, Payments.Imported)
    assert tell(event) == (
        "Fichier de paiements",
        "2 paiements, 80\u202f000\u00a0€, par Payeur fictif",
    )
