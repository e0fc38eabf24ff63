"""The criteria of 2012: who said what, side by side, and no opinion drawn from it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import pytest

from application.assessment import (
    AssessmentListed,
    RecordAssessment,
    ReviseAssessment,
    WithdrawAssessment,
    criteria_of,
)
from application.history_in_words import pole_history
from domain.assessment import Assessment, AssessmentId, AssessmentWithdrawn, Found
from domain.dates import PartialDate
from domain.errors import JalonError
from domain.grid import UnknownItem
from domain.pole import Pole, PoleId
from domain.values import Personal
from infrastructure.event_store.registry import Registry
from tests import make
from tests.application import rounds
from tests.application.rounds import at, do

MET, NOT_MET, UNSEEN = Found.MET, Found.NOT_MET, Found.NOT_OBSERVED


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    with rounds.registry(tmp_path) as made:
        yield made


@pytest.fixture
def pole(registry: Registry) -> PoleId:
    return rounds.pole(registry)


def assess(
    registry: Registry,
    pole: PoleId,
    name: str | None = "Réseau d'essai",
    found: Found = MET,
    on: str = "2024-01-01",
    **more: Any,
) -> UUID:
    given = {"criterion": "MIX", "reasons": "constaté sur place", **more}
    return do(registry, RecordAssessment(pole=pole, name=name, found=found, **given), on=on)


def test_several_assessors_disagree_and_stand_side_by_side(
    registry: Registry, pole: PoleId
) -> None:
    one = assess(registry, pole, "Réseau d'essai", MET)
    other = assess(registry, pole, "Autre réseau d'essai", NOT_MET)
    person = assess(
        registry,
        pole,
        None,
        UNSEEN,
        person=Personal(text="Une personne d'essai"),
        capacity="chargée de mission",
    )

    assert len({one, other, person}) == 3


def test_the_same_organisation_revises_what_it_said(registry: Registry, pole: PoleId) -> None:
    first = assess(registry, pole, "Réseau d'essai", MET)
    again = assess(registry, pole, "réseau d'essai ", NOT_MET, on="2024-02-01")

    events = [type(r.event) for r in registry.history(first)]
    assert again == first
    assert events == [Assessment.Made, Assessment.Revised]


def test_of_first_ones_recorded_at_once_one_is_made_and_the_others_revise_it(
    registry: Registry, pole: PoleId
) -> None:
    def say(number: int) -> UUID:
        return assess(registry, pole, reasons=f"vu par la personne {number}")

    with ThreadPoolExecutor(4) as pool:
        made = set(pool.map(say, range(4)))

    (one,) = made
    events = [type(r.event) for r in registry.history(one)]
    assert events == [Assessment.Made, *[Assessment.Revised] * 3]
    assert [r.stream for r in registry.told(Assessment.Made)] == [one]


def test_one_of_an_identity_that_was_drawn_from_its_name_is_revised_like_any_other(
    registry: Registry, pole: PoleId
) -> None:
    """Stores of before hold some: they are found through the pole, as all are."""
    known = registry.load(Pole, pole)
    assert known
    old = Assessment(uuid5(pole, "criteria_2012@2012-06-29/MIX/reseau d'essai"))
    with make.on("2024-01-01"):
        old._made(
            pole=pole,
            grid="criteria_2012@2012-06-29",
            criterion="MIX",
            found=MET,
            reasons="vu alors",
            evidence=(),
            name="Réseau d'essai",
            person=None,
            capacity=None,
        )
        known.attach("assessment", old.id, is_news=False)
    registry.save(old, known, reads={}, command=None, sealed=[])

    assert assess(registry, pole, "Réseau d'essai", NOT_MET, on="2024-02-01") == old.id


def test_a_name_is_sealed_and_a_capacity_is_not(registry: Registry, pole: PoleId) -> None:
    made = assess(
        registry, pole, None, person=Personal(text="Prénom Nom d'essai"), capacity="directrice"
    )

    (told,) = [r.event.model_dump_json() for r in registry.history(made)]
    assert "Prénom" not in told
    assert "directrice" in told


def test_what_is_not_a_criterion_is_refused(registry: Registry, pole: PoleId) -> None:
    for criterion in ("LABEL", "TER1a"):
        with pytest.raises(UnknownItem):
            assess(registry, pole, criterion=criterion)


def test_a_withdrawn_assessment_is_not_made_again(registry: Registry, pole: PoleId) -> None:
    made = AssessmentId(assess(registry, pole))
    do(registry, WithdrawAssessment(assessment=made, motive="autre pôle"))

    with pytest.raises(AssessmentWithdrawn):
        assess(registry, pole)
    with pytest.raises(AssessmentWithdrawn):
        do(registry, ReviseAssessment(assessment=made, found=MET, reasons="-"))


def test_evidence_is_on_the_file_of_the_pole(registry: Registry, pole: PoleId) -> None:
    with pytest.raises(JalonError, match="n'est pas de celles"):
        assess(registry, pole, evidence=(make.ACTOR,))


def test_it_is_part_of_the_history_of_the_pole(registry: Registry, pole: PoleId) -> None:
    assess(registry, pole)

    titles = [line.title for line in pole_history(registry, pole, at(registry))]

    assert "Critère de 2012 apprécié" in titles


def test_the_fourteen_criteria_are_shown_with_who_said_what(
    registry: Registry, pole: PoleId
) -> None:
    line = AssessmentListed(
        id=make.ACTOR,
        fact=make.ACTOR,
        occurred_on=PartialDate("2024-01-01"),
        grid="criteria_2012@2012-06-29",
        criterion="PLACE",
        found=MET,
        reasons="un lieu ouvert",
        assessor="Réseau d'essai",
    )

    found = criteria_of(registry, [line], at(registry))

    assert found
    assert [len(group.criteria) for group in found.groups] == [8, 6]
    said = {c.code: len(c.said) for group in found.groups for c in group.criteria}
    assert sum(said.values()) == said["PLACE"] == 1
    assert not {"found", "verdict", "met", "total", "score"} & set(type(found).model_fields)


def test_before_the_grid_was_published_there_is_nothing_to_show(registry: Registry) -> None:
    assert criteria_of(registry, [], at(registry, known=1)) is None
