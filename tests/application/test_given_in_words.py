"""What a step was given, in words: by its title in the journey, nothing by a code of ours."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from application.given_in_words import StepGiven, option_in_words
from application.history_in_words import pole_history
from application.pole import MovePole
from infrastructure.reference import shipped_journeys
from tests.application.desk import Desk, desk

OPTIONS = {
    (journey.ref, option)
    for journey in shipped_journeys()
    for way in journey.transitions
    for asked in way.input
    for option in asked.options
}


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Desk]:
    with desk(tmp_path) as made:
        yield made


@pytest.mark.parametrize(("journey", "option"), sorted(OPTIONS))
def test_what_a_journey_lets_choose_among_has_its_words(journey: str, option: str) -> None:
    assert option_in_words(option) != option, f"« {option} », dans {journey}"


def test_a_pole_that_is_named_is_called_by_its_name(at: Desk) -> None:
    pole, other = at.pole("Pôle d'hier", on="2022-01-01"), at.pole("Pôle d'après", on="2022-01-01")
    given = {"reason": "merged_into", "successor": str(other)}
    at.do(MovePole(pole=pole, transition="end", input=given), "2023-05-01")

    lines = pole_history(at.registry, pole, at.moment())

    assert [line.given for line in lines if line.given] == [
        (
            StepGiven(
                id="reason",
                title="Raison",
                value="merged_into",
                said="il a fusionné avec un autre",
            ),
            StepGiven(
                id="successor", title="Pôle successeur", value=str(other), said="Pôle d'après"
            ),
        )
    ]
