"""Assessments of the criteria of 2012: named, with reasons, revised on the record."""

from typing import Any
from uuid import uuid4

import pytest
from pydantic import ValidationError

from domain.assessment import (
    Assessment,
    AssessmentWithdrawn,
    AssessorUnnamed,
    BeforeTheFirst,
    Found,
)
from domain.dates import PartialDate
from domain.values import Sealed
from tests import make

SEALED = Sealed(ref="n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg")


def assess(on: str = "2024-01-01", **more: Any) -> Assessment:
    given: dict[str, Any] = {
        "pole": uuid4(),
        "grid": "criteria_2012@2012-06-29",
        "criterion": "MIX",
        "found": Found.MET,
        "reasons": "deux entreprises de l'ESS et une autre",
        "evidence": (),
        "name": "Réseau d'essai",
        "person": None,
        "capacity": None,
    }
    with make.on(on):
        return Assessment.make(**{**given, **more})


def revise(assessment: Assessment, on: str) -> None:
    with make.on(on):
        assessment.revise(
            found=Found.NOT_MET,
            reasons="parties",
            evidence=(),
            occurred_on=PartialDate(on),
        )


@pytest.mark.parametrize(
    "who",
    [
        {"name": None},
        {"person": SEALED},
        {"name": None, "person": SEALED},
    ],
)
def test_nobody_assesses_without_a_name_nor_a_person_without_a_capacity(
    who: dict[str, Any],
) -> None:
    with pytest.raises(AssessorUnnamed):
        assess(**who)


def test_reasons_are_never_left_out() -> None:
    with pytest.raises(ValidationError):
        assess(reasons="  ")


def test_an_organisation_has_one_opinion_of_a_criterion_whatever_its_spelling() -> None:
    grid = "criteria_2012@2012-06-29"
    made = assess(name="Réseau d'essai")
    unnamed = assess(name=None, person=SEALED, capacity="directrice")

    for name, criterion, same in (
        ("RESEAU  d'essai", "MIX", True),
        ("Autre réseau", "MIX", False),
        ("Réseau d'essai", "SIZE", False),
    ):
        assert made.is_what(name, grid=grid, criterion=criterion) is same
        assert not unnamed.is_what(name, grid=grid, criterion=criterion)
    assert not made.is_what("Réseau d'essai", grid="criteria_2012@2013", criterion="MIX")


def test_nothing_tells_which_identity_an_assessment_has() -> None:
    pole = uuid4()

    assert len({assess(pole=pole).id for _ in range(3)}) == 3


def test_it_is_revised_from_a_day_on_and_not_before_it_was_made() -> None:
    assessment = assess("2024-01-01")

    with pytest.raises(BeforeTheFirst):
        revise(assessment, "2023-12-31")
    revise(assessment, "2024-02-01")

    assert [type(e).__name__ for e in assessment.pending] == ["Made", "Revised"]


def test_once_taken_back_it_no_longer_changes() -> None:
    assessment = assess()
    with make.on():
        assessment.withdraw(motive="autre pôle")

        with pytest.raises(AssessmentWithdrawn):
            assessment.withdraw(motive="encore")
    with pytest.raises(AssessmentWithdrawn):
        revise(assessment, "2024-02-01")
