"""The conventions on record as open data: valid, whole, and equal to the register."""

import csv
import io
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from application.convention import ReplaceBeneficiary
from application.ledger import LinesChosen
from application.scdl import faults, share_faults
from application.scdl_export import Export, export, export_of
from domain.commitment import Commitment, Regime
from domain.organisation import Organisation
from tests import scdl_judge
from tests.application import commitments as money
from tests.application.funding import (
    CARRIER,
    END,
    START,
    SUCCESSOR,
    Act,
    attempt,
    commitments,
    decided,
    sign,
)
from tests.examples import settings

DAYS = st.dates(START - timedelta(days=10), END + timedelta(days=400))


def flows(*found: Commitment, day: date = END) -> dict[UUID, list[tuple[date, int]]]:
    """What events say was paid by a day."""
    paid: dict[UUID, list[tuple[date, int]]] = defaultdict(list)
    told = ((one.id, event) for one in found for event in one.pending)
    for id_, event in told:
        if isinstance(event, Commitment.TranchePaid) and (event.valid_from or day) <= day:
            paid[id_].append((event.valid_from or day, event.amount_cents))
    return paid


def exported(*found: Commitment, day: date = END) -> Export:
    return export_of(found, flows(*found, day=day), day)


def played(commitment: Commitment, *acts: tuple[int, str, str]) -> Commitment:
    """The same after some acts, each so many days after it began."""
    for days, name, tranche in acts:
        day = START + timedelta(days=days)
        commitment = attempt(commitment, Act(day, name, 3_000_000, tranche))
    return commitment


def signed(**more: object) -> Commitment:
    made = decided(**more)  # type: ignore[arg-type]
    sign(made, START, START + timedelta(days=100), START + timedelta(days=400))
    return made


def test_a_convention_is_a_row_with_its_planned_days() -> None:
    found = exported(signed(regime=Regime.DE_MINIMIS))

    (row,) = found.rows
    assert scdl_judge.verdict(found.csv) == []
    assert (row["dateConvention"], row["referenceDecision"]) == ("2022-01-10", "2022-12")
    assert row["datesPeriodeVersement"] == "2022-04-20/2023-02-14"
    assert (row["conditionsVersement"], row["notificationUE"]) == ("échelonné", "oui")
    assert found.published == ("pole-fictif-engagement-1",)


def test_what_was_paid_is_told_on_its_real_day() -> None:
    made = played(signed(), (10, "approve", "advance"), (20, "pay", "advance"))

    (row,) = exported(made).rows

    assert row["datesPeriodeVersement"] == "2022-01-30/2023-02-14"


def test_another_regime_than_the_general_one_is_not_that_notification() -> None:
    (row,) = exported(signed(regime=Regime.SGEI_DE_MINIMIS)).rows

    assert row["notificationUE"] == "non"


def test_what_is_not_signed_is_not_published_and_is_told_apart() -> None:
    found = exported(decided())

    assert (found.rows, found.refused) == ((), ())
    assert found.unsigned == ("pole-fictif-engagement-1",)
    assert exported(signed(), day=START - timedelta(days=1)).rows == ()


def test_a_funder_without_a_siret_is_refused_and_told_why() -> None:
    abroad = Organisation(name="Fondation fictive", reason_without="à l'étranger")

    (told,) = exported(signed(funder=abroad)).refused

    assert told.code == "pole-fictif-engagement-1"
    assert "idAttribuant" in told.reasons[0]


def test_support_in_kind_to_an_association_without_a_siret_is_published() -> None:
    association = Organisation(name="Association fictive", rna="W380475558")
    made = decided(value=5_000_00, beneficiary=association)
    sign(made)

    found = exported(made)

    (row,) = found.rows
    assert scdl_judge.verdict(found.csv) == []
    assert (row["nature"], row["idBeneficiaire"]) == ("aide en nature", "")
    assert row["datesPeriodeVersement"] == "2022-01-10/2024-06-28"


def test_money_to_whom_has_no_siret_is_refused() -> None:
    association = Organisation(name="Association fictive", rna="W380475558")

    (told,) = exported(signed(beneficiary=association)).refused

    assert "en nature" in told.reasons[0]


def test_a_carrier_replaced_keeps_what_it_was_paid() -> None:
    made = played(signed(), (10, "approve", "advance"), (20, "pay", "advance"), (30, "replace", ""))

    first, second = exported(made).rows

    assert (first["nomBeneficiaire"], first["pourcentageSubvention"]) == (CARRIER.name, "0.3333")
    assert first["datesPeriodeVersement"] == "2022-01-30"
    assert (second["nomBeneficiaire"], second["pourcentageSubvention"]) == (
        SUCCESSOR.name,
        "0.6667",
    )
    assert second["datesPeriodeVersement"] == "2023-02-14"


def test_what_is_paid_on_the_day_of_a_transfer_is_of_who_receives_that_day() -> None:
    made = played(signed(), (10, "approve", "advance"), (30, "pay", "advance"), (30, "replace", ""))

    (row,) = exported(made).rows

    assert (row["nomBeneficiaire"], row["pourcentageSubvention"]) == (SUCCESSOR.name, "1.00")


def test_two_conventions_under_one_reference_are_told_apart() -> None:
    found = exported(signed(code="a-engagement-1"), signed(code="b-engagement-1"))

    assert [row["referenceDecision"] for row in found.rows] == [
        "2022-12 (a-engagement-1)",
        "2022-12 (b-engagement-1)",
    ]
    assert list(share_faults(found.rows)) == []


def test_the_file_is_the_register_at_the_day_asked_about(tmp_path: Path) -> None:
    with money.registry(tmp_path) as books:
        before = money.at(books)
        made = money.decide(books, money.pole(books), beneficiary_rna="W9R1011072")
        money.draft(books, made)
        money.sign(books, made, cer=True)
        money.paid(books, made, "first", "2024-02-01")
        replaced = ReplaceBeneficiary(
            commitment=made, beneficiary="Coopérative d'essai", siret=money.SIRET, reasons="choix"
        )
        money.do(books, replaced, on="2024-03-01")

        found = export(books, money.at(books))

        rows = list(csv.DictReader(io.StringIO(found.csv.decode("utf-8"))))
        assert scdl_judge.verdict(found.csv) == []
        assert [row["pourcentageSubvention"] for row in rows] == ["0.6667", "0.3333"]
        assert "W9R1011072" in found.warned[0].warnings[0]
        assert export(books, before).rows == ()
        assert len(export(books, money.at(books, "2024-02-15")).rows) == 1
        assert export(books, money.at(books), LinesChosen(funder="Autre")).rows == ()


several = st.lists(st.integers(1, 10**6), max_size=3, unique=True).flatmap(
    lambda numbers: st.tuples(*(commitments(number) for number in numbers))
)


@settings(max_examples=200, deadline=None)
@given(found=several, day=DAYS)
def test_whatever_happened_the_file_is_valid_and_adds_up(
    found: tuple[Commitment, ...], day: date
) -> None:
    begun = [one for one in found if one.state_on(day) is not None]
    told = exported(*begun, day=day)

    assert scdl_judge.verdict(told.csv) == []
    assert not any(faults(row) for row in told.rows)
    assert list(share_faults(told.rows)) == []
    codes = [*told.published, *(one.code for one in told.refused), *told.unsigned]
    assert sorted(codes) == sorted(one.code for one in begun)
    assert all(one.reasons for one in told.refused)
    amounts = {
        Decimal(cents).scaleb(-2)
        for one in begun
        for cents in (one.agreed_on(day), one.value_cents)
    }
    assert {Decimal(row["montant"]) for row in told.rows} <= amounts
