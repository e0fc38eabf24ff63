"""The open data of grants: what the schema asks, what it forgets to ask, and who is the judge."""

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.scdl import (
    COLUMNS,
    LONGEST,
    NATURES,
    GrantNature,
    Remark,
    as_csv,
    faults,
    share_faults,
)
from application.scdl_grant import (
    WHOLE,
    Grant,
    GrantPart,
    GrantTold,
    share_as_written,
    shares_of,
    told,
)
from domain.organisation import Organisation
from tests import scdl_judge
from tests.examples import settings

FUNDER = Organisation(name="Région fictive", siret="23350001600040")
CARRIER = Organisation(name="Association fictive", siret="38047555800058", rna="W380475558")
SUCCESSOR = Organisation(name="Coopérative fictive", siret="52499120500013")
OVERSEAS = "W9R1011072"
DAYS = st.dates(date(2014, 1, 1), date(2030, 12, 31))


def part(amount: int = 30_000_00, **more: Any) -> GrantPart:
    first = date(2024, 3, 1)
    of = {"beneficiary": CARRIER, "amount_cents": amount, "first_day": first, "last_day": first}
    return GrantPart(**{**of, **more})


def grant(*parts: GrantPart, **more: Any) -> Grant:
    of: dict[str, Any] = {
        "code": "pole-fictif-engagement-1",
        "funder": FUNDER,
        "signed_on": date(2024, 2, 1),
        "reference": "2024-12",
        "purpose": "Animation du pôle",
        "amount_cents": 30_000_00,
        "nature": GrantNature.MONEY,
        "conditions": "unique",
        "de_minimis": False,
        "parts": parts or (part(),),
    }
    return Grant(**{**of, **more})


def row(**changes: str) -> dict[str, str]:
    """A row that may be published, but for what a test changes."""
    (made,) = told(grant()).rows
    return {**made, **changes}


def reasons(found: list[Remark]) -> str:
    return " ; ".join(map(str, found))


def file(path: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))


def test_a_plain_grant_is_a_row_that_the_judge_accepts() -> None:
    made = told(grant())

    assert made.reasons == made.warnings == ()
    assert scdl_judge.verdict(as_csv(made.rows)) == []
    assert [*made.rows[0]] == list(COLUMNS)
    assert made.rows[0]["montant"] == "30000.00"
    assert made.rows[0]["pourcentageSubvention"] == "1.00"
    assert made.rows[0]["datesPeriodeVersement"] == "2024-03-01"


def test_the_judge_sees_the_faults_of_the_invalid_example_and_so_do_we() -> None:
    rows = [{"dispositifAide": "", **found} for found in file(scdl_judge.INVALID)]
    wrong = {2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 16, 30}

    assert len(scdl_judge.verdict(scdl_judge.INVALID.read_bytes())) >= len(wrong)
    assert wrong <= {line for line, found in enumerate(rows, 2) if faults(found)}


def test_the_valid_example_has_periods_that_no_calendar_knows() -> None:
    """The schema lets them through; `scdl/` holds both files as they were published."""
    rows = file(scdl_judge.VALID)
    periods = {
        line
        for line, found in enumerate(rows, 2)
        for fault in faults(found)
        if fault.column == "datesPeriodeVersement"
    }

    assert scdl_judge.verdict(as_csv(rows)) == []
    assert periods == {24, 25, 27, 29}


@pytest.mark.parametrize(
    ("column", "text", "said"),
    [
        ("nomAttribuant", "", "vide"),
        ("idAttribuant", "2335000160004", "quatorze chiffres"),
        ("idAttribuant", "23350001600041", "clé de contrôle"),
        ("idBeneficiaire", "67895644300011", "clé de contrôle"),
        ("idBeneficiaire", "380 475 558 00058", "d'un seul tenant"),
        ("idBeneficiaire", "", "en nature"),
        ("rnaBeneficiaire", OVERSEAS, "W suivi de neuf chiffres"),
        ("dateConvention", "2023-02-29", "calendrier"),
        ("dateConvention", "01/02/2024", "calendrier"),
        ("datesPeriodeVersement", "2024-02-30", "calendrier"),
        ("datesPeriodeVersement", "2024-03-01_2024-04-01", "calendrier"),
        ("datesPeriodeVersement", "2024-03-01/2024-02-01", "avant de commencer"),
        ("objet", "x" * (LONGEST + 1), "257 caractères"),
        ("montant", "30000,00", "montant"),
        ("montant", "-1", "montant"),
        ("montant", "0.00", "nul"),
        ("nature", "aide", "nature"),
        ("conditionsVersement", "y" * 300, "300 caractères"),
        ("idRAE", "123456", "6 caractères"),
        ("notificationUE", "no", "ni oui ni non"),
        ("pourcentageSubvention", "0,5", "part"),
        ("pourcentageSubvention", "0.001", "comprise"),
        ("pourcentageSubvention", "1.01", "comprise"),
    ],
)
def test_a_text_that_cannot_be_published_is_told_why(column: str, text: str, said: str) -> None:
    found = faults(row(**{column: text}))

    assert said in reasons(found)


def test_la_poste_follows_a_rule_of_its_own() -> None:
    assert faults(row(idBeneficiaire="35600000049837")) == []


def test_in_kind_an_association_may_have_no_siret_but_then_its_rna() -> None:
    without = row(nature=GrantNature.IN_KIND, idBeneficiaire="")

    assert faults({**without, "rnaBeneficiaire": "W380475558"}) == []
    assert "RNA" in reasons(faults({**without, "rnaBeneficiaire": ""}))


def test_an_overseas_number_is_left_out_beside_a_siret_and_said() -> None:
    overseas = CARRIER.model_copy(update={"rna": OVERSEAS})
    made = told(grant(part(beneficiary=overseas)))

    assert made.rows[0]["rnaBeneficiaire"] == ""
    assert OVERSEAS in made.warnings[0]
    assert scdl_judge.verdict(as_csv(made.rows)) == []


def test_an_overseas_association_without_a_siret_is_refused_and_told_why() -> None:
    alone = Organisation(name="Association fictive", rna=OVERSEAS)
    made = told(grant(part(beneficiary=alone), nature=GrantNature.IN_KIND))

    assert made.rows == ()
    assert "W suivi de neuf chiffres" in made.reasons[0]


def test_an_object_that_is_too_long_is_cut_and_said() -> None:
    made = told(grant(purpose="é" * 300))

    assert made.rows[0]["objet"] == "é" * 255 + "…"
    assert "300" in made.warnings[0]


def test_a_payment_before_the_signature_is_said() -> None:
    made = told(grant(part(first_day=date(2024, 1, 1))))

    assert made.rows[0]["datesPeriodeVersement"] == "2024-01-01/2024-03-01"
    assert "avant la signature" in made.warnings[0]


def test_a_carrier_replaced_leaves_one_row_to_each() -> None:
    made = told(grant(part(10_000_00), part(20_000_00, beneficiary=SUCCESSOR)))

    assert [found["nomBeneficiaire"] for found in made.rows] == [CARRIER.name, SUCCESSOR.name]
    assert [found["pourcentageSubvention"] for found in made.rows] == ["0.3333", "0.6667"]
    assert {found["montant"] for found in made.rows} == {"30000.00"}
    assert list(share_faults(made.rows)) == []


def test_a_carrier_that_was_paid_nothing_has_no_row() -> None:
    made = told(grant(part(0), part(beneficiary=SUCCESSOR)))

    assert [found["nomBeneficiaire"] for found in made.rows] == [SUCCESSOR.name]


def test_a_share_under_one_hundredth_keeps_the_whole_decision_back() -> None:
    made = told(grant(part(1), part(20_000_00, beneficiary=SUCCESSOR)))

    assert made.rows == ()
    assert "0.01" in made.reasons[0]


def test_shares_that_do_not_add_up_are_told_on_every_row_of_the_decision() -> None:
    rows = [row(pourcentageSubvention="0.50"), row(pourcentageSubvention="0.40"), row(montant="1")]

    found = dict(share_faults(rows))

    assert found.keys() == {0, 1}
    assert "0.90" in str(found[0])


@given(amounts=st.lists(st.integers(0, 10**13), min_size=1, max_size=8))
def test_shares_always_add_up_to_one(amounts: list[int]) -> None:
    shares = shares_of(amounts)

    assert sum(shares) == (WHOLE if any(amounts) else 0)
    for amount, share in zip(amounts, shares, strict=True):
        assert abs(share * sum(amounts) - amount * WHOLE) <= sum(amounts), "rounded, not moved"


def test_a_share_is_written_with_two_decimals_at_least() -> None:
    assert [share_as_written(share) for share in (10_000, 4_500, 3_333, 100)] == [
        "1.00",
        "0.45",
        "0.3333",
        "0.01",
    ]


# --- what holds for all -------------------------------------------------------------------------

texts = st.text(max_size=300)
sirets = st.sampled_from([FUNDER.siret, CARRIER.siret, SUCCESSOR.siret, "35600000049837", ""])
written = {
    "nomAttribuant": texts,
    "idAttribuant": sirets | texts,
    "dateConvention": DAYS.map(str) | texts,
    "idBeneficiaire": sirets | texts,
    "rnaBeneficiaire": st.sampled_from(["", "W123456789", "w123456789", OVERSEAS, "W٣٣٣٣٣٣٣٣٣"]),
    "objet": texts,
    "montant": st.sampled_from(["1", "1.5", "0.10", "1e3", "NaN", "-3", "٣", "1.000"]) | texts,
    "nature": st.sampled_from(sorted(NATURES)) | texts,
    "conditionsVersement": texts,
    "datesPeriodeVersement": st.builds("{}/{}".format, DAYS, DAYS) | DAYS.map(str) | texts,
    "idRAE": st.text(max_size=6),
    "notificationUE": st.sampled_from(["oui", "non", "Oui", "", "true"]),
    "pourcentageSubvention": st.sampled_from(["1", "1.00", "0.01", "0.009", "2", "INF", ""]),
}


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(st.tuples(st.sampled_from(sorted(written)), st.data()), min_size=1, max_size=4)
)
def test_whatever_has_no_fault_is_valid_for_the_judge(rows: list[tuple[str, Any]]) -> None:
    changed = [row(**{column: data.draw(written[column])}) for column, data in rows]

    published = [found for found in changed if not faults(found)]

    assert scdl_judge.verdict(as_csv(published)) == []


organisations = (
    st.builds(
        Organisation,
        name=st.sampled_from(
            ["Association, « fictive »", 'Coopérative "fictive"', "=1+1", "Énergie"]
        ),
        siret=st.sampled_from([CARRIER.siret, SUCCESSOR.siret, "35600000049837"]),
        rna=st.sampled_from([None, "W123456789", OVERSEAS, "W2A1234567"]),
    )
    | st.builds(
        Organisation,
        name=st.just("Association fictive"),
        rna=st.sampled_from(["W123456789", OVERSEAS]),
    )
    | st.just(Organisation(name="Sans numéro", reason_without="collectif"))
)
parts = st.builds(
    GrantPart,
    beneficiary=organisations,
    amount_cents=st.integers(0, 10**9),
    first_day=st.none() | DAYS,
    last_day=st.none() | DAYS,
)
grants = st.builds(
    Grant,
    code=st.just("pole-engagement-1"),
    funder=organisations,
    signed_on=DAYS,
    reference=st.sampled_from(["", "2024-1", "Délibération n° 12, du 3 mai"]),
    purpose=st.text(min_size=1, max_size=300).filter(str.strip),
    amount_cents=st.integers(0, 10**13),
    nature=st.sampled_from(GrantNature),
    conditions=st.sampled_from(["unique", "échelonné", "sur " + "pièce " * 60]),
    de_minimis=st.booleans(),
    parts=st.lists(parts, max_size=3).map(tuple),
)


@settings(max_examples=150, deadline=None)
@given(given=st.lists(grants, max_size=4))
def test_every_exported_file_is_valid_and_every_refusal_has_its_reason(given: list[Grant]) -> None:
    found: list[GrantTold] = [told(one) for one in given]

    rows = [line for one in found for line in one.rows]
    assert scdl_judge.verdict(as_csv(rows)) == []
    assert not any(faults(line) for line in rows)
    for one in found:
        assert bool(one.rows) != bool(one.reasons)
        assert list(share_faults(one.rows)) == []
        assert all(remark.strip() for remark in one.reasons + one.warnings)


def test_a_period_that_runs_backwards_keeps_a_grant_back() -> None:
    day = date(2024, 5, 1)
    made = told(grant(part(first_day=day, last_day=day - timedelta(days=1))))

    assert made.rows == ()
    assert "avant de commencer" in made.reasons[0]
