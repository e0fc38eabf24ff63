"""Grids: versioned data, checked for their shape, published once and never changed again."""

from typing import Any
from uuid import uuid4

import pytest

from domain.errors import JalonError
from domain.grid import (
    GRIDS,
    PLACEHOLDER,
    FaultyGrid,
    Grid,
    GridKind,
    GridPublished,
    Grids,
    OffScale,
    UnknownGrid,
    UnknownItem,
    check_shape,
    item_of,
    level_of,
)
from infrastructure.reference import shipped_grids
from tests import make

SHIPPED = {grid.ref: grid for grid in shipped_grids()}
REFERENTIEL = SHIPPED["referentiel@placeholder-2026-11"]
CRITERIA = SHIPPED["criteria_2012@2012-06-29"]


def changed(grid: Grid, **more: Any) -> Grid:
    return Grid.model_validate({**grid.model_dump(mode="json"), **more})


def test_the_placeholder_has_three_objectives_nine_and_twenty_seven_indicators() -> None:
    assert len(REFERENTIEL.tree) == 3
    assert sum(len(branch.objectives) for branch in REFERENTIEL.tree) == 9
    assert len(REFERENTIEL.items) == 27
    assert [level.value for level in REFERENTIEL.scale] == [0, 1, 2, 3, 4]


def test_the_placeholder_is_said_to_be_one_and_each_of_its_lines_has_a_source() -> None:
    assert REFERENTIEL.is_placeholder
    assert REFERENTIEL.notice == PLACEHOLDER.fr
    assert all(item.source for item in REFERENTIEL.items.values())
    assert CRITERIA.notice is None


def test_the_criteria_of_2012_are_eight_and_six_and_not_the_fragment_after_them() -> None:
    must_have, to_test = CRITERIA.tree

    assert [len(must_have.items), len(to_test.items)] == [8, 6]
    assert "LABEL" not in CRITERIA.items
    assert not any("label" in item.title.fr.lower() for item in CRITERIA.items.values())


@pytest.mark.parametrize(
    ("grid", "change", "reason"),
    [
        (REFERENTIEL, {"tree": []}, "3 objectifs généraux"),
        (REFERENTIEL, {"scale": []}, "l'échelle"),
        (REFERENTIEL, {"scale": [{"value": 1, "title": {"fr": "un"}}] * 2}, "de un en un"),
        (CRITERIA, {"tree": []}, "8 critères incontournables"),
        (CRITERIA, {"scale": REFERENTIEL.model_dump(mode="json")["scale"]}, "pas d'échelle"),
        (CRITERIA, {"id": "referentiel"}, "3 objectifs généraux"),
    ],
)
def test_a_grid_of_another_shape_is_refused_with_the_reason(
    grid: Grid, change: dict[str, Any], reason: str
) -> None:
    with pytest.raises(FaultyGrid, match=reason):
        check_shape(changed(grid, **change))


def test_a_code_is_given_once() -> None:
    content = REFERENTIEL.model_dump(mode="json")
    content["tree"][0]["objectives"][0]["items"][0]["code"] = "ECO3c"

    with pytest.raises(FaultyGrid, match=r"« ECO3c » est donné deux fois"):
        check_shape(Grid.model_validate(content))


def test_a_published_version_never_changes_again() -> None:
    grids = Grids(GRIDS)
    with make.on():
        assert grids.publish(REFERENTIEL)
        assert not grids.publish(REFERENTIEL)

        with pytest.raises(GridPublished):
            grids.publish(changed(REFERENTIEL, title={"fr": "Autre titre"}))

    assert len(grids.pending) == 1


def test_a_new_round_takes_the_official_version_once_there_is_one() -> None:
    grids, day = Grids(GRIDS), make.day("2027-01-01")
    official = changed(REFERENTIEL, version="3.7", status="official", dated="2014-05-23")
    with make.on():
        grids.publish(REFERENTIEL)
        assert grids.current(GridKind.REFERENTIEL, day) == REFERENTIEL
        grids.publish(official)

    assert grids.current(GridKind.REFERENTIEL, day) == official
    assert grids.current(GridKind.REFERENTIEL, make.day("2010-01-01")) == official


def test_what_is_not_in_a_grid_is_refused_with_what_is() -> None:
    for asked, refusal in (
        (lambda: Grids(uuid4()).get("referentiel@9"), UnknownGrid),
        (lambda: item_of(REFERENTIEL, "TER9z"), UnknownItem),
        (lambda: level_of(REFERENTIEL, 5), OffScale),
        (lambda: level_of(REFERENTIEL, -1), OffScale),
    ):
        with pytest.raises(refusal) as caught:
            asked()
        assert isinstance(caught.value, JalonError)
        assert caught.value.say("en")
