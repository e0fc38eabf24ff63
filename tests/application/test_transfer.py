"""A commitment that passes to another: whose a payment is, told alike wherever it is told."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from application.commitment_stop import WithdrawFunderFromCommitment
from application.convention import AmendConvention, ReplaceBeneficiary
from application.scdl_export import export
from application.single_undertaking import AttestAids
from domain.commitment import CommitmentId, Regime
from domain.single_undertaking import SingleUndertaking, undertaking_of
from infrastructure.event_store.registry import Registry
from tests import make
from tests.application import commitments as money

FIRST, SECOND, THIRD = money.OTHER_SIRET, "35600000000048", "73282932000074"
NAMES = {SECOND: "Coopérative d'essai", THIRD: "Société d'essai"}


@pytest.fixture
def books(tmp_path: Path) -> Iterator[Registry]:
    with money.registry(tmp_path) as made:
        for siret in (FIRST, SECOND, THIRD):
            attested = AttestAids(siren=siret[:9], name="Organisation d'essai")
            money.do(made, attested, make.by(), "2024-01-10")
        yield made


@pytest.fixture
def made(books: Registry) -> CommitmentId:
    """40 000 € then 20 000 €, under the general de minimis regulation; the first is approved."""
    found = money.in_force(
        books, money.pole(books), funder_siret="13002526500013", regime=Regime.DE_MINIMIS
    )
    money.meet(books, found, "statutes", "2024-02-01")
    money.claim(books, found, "first", "2024-02-01")
    money.approve(books, found, "first", "2024-02-01")
    return found


def passes(books: Registry, made: CommitmentId, to: str, on: str) -> None:
    command = ReplaceBeneficiary(commitment=made, beneficiary=NAMES[to], siret=to, reasons="fusion")
    money.do(books, command, on=on)


def counted(books: Registry, made: CommitmentId, on: str) -> list[int]:
    """What counts against the ceiling of each enterprise, in euros."""
    day, found = make.day(on), []
    for siret in (FIRST, SECOND, THIRD):
        part = books.load(SingleUndertaking, undertaking_of(siret[:9]))
        assert part
        found.append(sum(aid.cents_on(day) for aid in part.aid_of(made, day)) // 100)
    return found


def published(books: Registry, on: str) -> list[int]:
    """The part of each enterprise in the open data, in euros."""
    found = dict.fromkeys((FIRST, SECOND, THIRD), 0)
    for row in export(books, money.at(books, on)).rows:
        share = Decimal(row["montant"]) * Decimal(row["pourcentageSubvention"])
        found[row["idBeneficiaire"]] += round(share)
    return [*found.values()]


@pytest.mark.parametrize("is_paid_first", [True, False], ids=["paid, passed", "passed, paid"])
def test_what_is_paid_on_the_day_of_a_transfer_is_the_new_ones_in_whatever_order_it_is_recorded(
    books: Registry, made: CommitmentId, is_paid_first: bool
) -> None:
    if is_paid_first:
        money.pay(books, made, "first", "2024-03-01")
    passes(books, made, SECOND, "2024-03-01")
    if not is_paid_first:
        money.pay(books, made, "first", "2024-03-01")

    assert counted(books, made, "2024-02-29") == [60_000, 0, 0]
    assert counted(books, made, "2024-03-01") == published(books, "2024-03-01") == [0, 60_000, 0]


def test_what_was_paid_on_the_eve_stays_the_former_ones(
    books: Registry, made: CommitmentId
) -> None:
    money.pay(books, made, "first", "2024-02-29")
    passes(books, made, SECOND, "2024-03-01")

    told = [40_000, 20_000, 0]
    assert counted(books, made, "2024-03-01") == told
    assert [round(part, -1) for part in published(books, "2024-03-01")] == told


def test_through_several_transfers_each_counts_what_it_was_paid_itself(
    books: Registry, made: CommitmentId
) -> None:
    money.pay(books, made, "first", "2024-02-28", amount=10_000)
    passes(books, made, SECOND, "2024-03-01")
    money.pay(books, made, "first", "2024-03-10", amount=30_000, reference="VIR-2")
    passes(books, made, THIRD, "2024-04-01")

    told = [10_000, 30_000, 20_000]
    assert counted(books, made, "2024-04-01") == told
    assert [round(part, -2) for part in published(books, "2024-04-01")] == told


def test_an_amendment_lowers_the_part_of_whoever_receives_now(
    books: Registry, made: CommitmentId
) -> None:
    money.pay(books, made, "first", "2024-02-28")
    passes(books, made, SECOND, "2024-03-01")
    balance = {"id": "balance", "title": "Solde", "kind": "balance", "amount": 5_000}
    lowered = AmendConvention.model_validate(
        {
            "commitment": made,
            "amount": 45_000,
            "tranches": (money.TRANCHES[0], balance),
            "reasons": "moins de dépenses",
            "funder_signatory": "La sous-directrice",
            "beneficiary_signatory": "La présidente",
        }
    )
    money.do(books, lowered, on="2024-04-01")

    assert counted(books, made, "2024-04-01") == [40_000, 5_000, 0]


@pytest.mark.parametrize("ends", ["withdrawn", "terminated"])
def test_what_stops_later_leaves_each_with_what_it_was_paid(
    books: Registry, made: CommitmentId, ends: str
) -> None:
    money.pay(books, made, "first", "2024-02-28", amount=10_000)
    passes(books, made, SECOND, "2024-03-01")
    money.pay(books, made, "first", "2024-03-10", amount=30_000, reference="VIR-2")
    if ends == "withdrawn":
        command = WithdrawFunderFromCommitment(commitment=made, reasons="budget annulé")
        money.do(books, command, on="2024-04-01")
    else:
        money.move(books, made, "terminate", "2024-04-01", reasons="faute")

    assert counted(books, made, "2024-04-01") == [10_000, 30_000, 0]
