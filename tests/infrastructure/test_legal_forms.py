"""The legal forms that ship with the product, and what the law says of each."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from domain.legal_form import ByLaw
from infrastructure.reference import REFERENCE, legal_forms

SEED = Path(__file__).parents[3] / "shared" / "domain" / "legal_forms_ess.csv"


def test_each_category_of_the_insee_is_there_once_with_its_label_and_its_ground() -> None:
    with (REFERENCE / "legal_forms.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))

    codes = [row["code"] for row in rows]
    assert codes == sorted(set(codes))
    assert all(re.fullmatch(r"\d{4}", code) for code in codes)
    assert all(form.label and form.ground for form in legal_forms().values())


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("9220", ByLaw.BY_FORM),  # a declared association
        ("8210", ByLaw.BY_FORM),  # a mutual
        ("9300", ByLaw.BY_FORM),  # a foundation
        ("5458", ByLaw.BY_FORM),  # a workers' cooperative
        ("5499", ByLaw.CONDITIONAL),  # a limited company
        ("5710", ByLaw.CONDITIONAL),  # a simplified one: a SCIC has no code of its own
        ("9223", ByLaw.TO_CHECK),  # a group of employers: an association, or not
        ("9210", ByLaw.NO),  # an association that was never declared
        ("7210", ByLaw.NO),  # a commune
    ],
)
def test_a_form_is_read_as_the_law_says(code: str, status: ByLaw) -> None:
    assert legal_forms()[code].status is status


@pytest.mark.skipif(not SEED.exists(), reason="the list this one was made from is not here")
def test_no_form_is_read_more_freely_than_in_the_list_this_one_was_made_from() -> None:
    with SEED.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    read = {"by_form_to_check": "to_check", "no_legal_personality": "no"}
    times = Counter(row["code_insee"] for row in rows)

    assert set(times) == set(legal_forms())
    for row in rows:
        code, status = row["code_insee"], read.get(row["ess_status"], row["ess_status"])
        doubtful = times[code] > 1 or "to check" in row["basis_own_reading"]
        assert legal_forms()[code].status == ("to_check" if doubtful else status)
