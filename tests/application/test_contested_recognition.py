"""A contested recognition: what hangs on it is shown so, and waits for the answer."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from application.contest import ContestFact
from domain.contest import ContestedBy
from domain.pole import Pole
from domain.values import Personal
from tests import make
from tests.application.recognitions import SECOND, Desk, answer, contest, sheet


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    clock = make.Clock()
    with make.registry(tmp_path, clock=clock) as registry:
        yield Desk(registry, clock)


def test_a_term_that_comes_while_it_is_contested_is_recorded_once_answered(desk: Desk) -> None:
    """On the axis of what was in force, nothing changes: both versions stand."""
    pole = desk.pole("2022")
    recognition = desk.select(pole, "2023-01-01", "2024-07-01")
    contested = contest(desk, recognition, 0, "2024-06-01")
    days, expected = ("2024-06-30", "2024-07-01"), ["recognised", "experimentation"]
    desk.clock.advance(days=60)
    desk.tick()

    assert desk.stages(pole, *days) == expected
    assert desk.steps(pole) == [("recognise", "2023-01-01")]
    answer(desk, contested)
    assert desk.steps(pole) == [("recognise", "2023-01-01"), ("lapse", "2024-07-01")]
    assert desk.stages(pole, *days) == expected


def test_a_contested_end_is_still_an_end_and_the_step_back_waits(desk: Desk) -> None:
    pole = desk.pole("2022")
    recognition = desk.select(pole, "2023-01-01", "2026-01-01")
    desk.select(pole, "2023-06-01", "2024-07-01")
    desk.end(recognition, "2024-05-10")
    contested = contest(desk, recognition, -1, "2024-05-15")
    desk.clock.advance(days=60)
    desk.tick()

    assert desk.stages(pole, "2024-06-30", "2024-07-01") == ["recognised", "experimentation"]
    assert [name for name, _ in desk.steps(pole)] == ["recognise"]
    answer(desk, contested)
    assert desk.steps(pole)[-1] == ("lapse", "2024-07-01")


def test_the_step_back_waits_while_the_step_to_recognition_is_contested(desk: Desk) -> None:
    pole = desk.pole("2022")
    desk.select(pole, "2023-01-01", "2024-07-01")
    moved = next(t for t in desk.registry.history(pole) if isinstance(t.event, Pole.Moved))
    command = ContestFact(
        about=moved.event.meta.event_id,
        by_kind=ContestedBy.POLE,
        version=Personal(text="Ce n'est pas ainsi."),
    )
    contested = desk.registry.do(command, SECOND).answer
    desk.clock.advance(days=60)
    desk.tick()

    assert [name for name, _ in desk.steps(pole)] == ["recognise"]
    answer(desk, contested)
    assert desk.steps(pole)[-1] == ("lapse", "2024-07-01")


def test_the_stage_is_shown_as_contested_while_it_hangs_on_a_contested_recognition(
    desk: Desk,
) -> None:
    pole = desk.pole("2016")
    past = desk.select(pole, "2017-01-01", "2018-01-01")
    present = desk.select(pole, "2023-01-01")
    of_past = contest(desk, past, 0, "2017-06-01")
    of_present = contest(desk, present, 0, "2024-05-02")

    def marked(on: str) -> set[UUID]:
        return {mark.contest for mark in sheet(desk, pole, on).contests.get("stage", ())}

    assert marked("2017-05-31") == set(), "nobody contested it yet"
    assert marked("2017-06-01") == {of_past}
    assert marked("2020-01-01") == {of_past}, "in experimentation since it ended"
    assert marked("2024-05-02") == {of_present}, "what ended years ago has no part in it"
    answer(desk, of_present)
    assert marked("2024-06-03") == set()


def test_of_two_contested_recognitions_the_stage_hangs_on_both(desk: Desk) -> None:
    pole = desk.pole("2022")
    both = [desk.select(pole, "2023-01-01"), desk.select(pole, "2023-01-01")]
    contests = [contest(desk, recognition, 0, "2024-05-02") for recognition in both]

    marks = sheet(desk, pole, "2024-06-03").contests["stage"]

    assert [mark.contest for mark in marks] == contests


def test_the_stage_is_contested_where_the_end_of_a_recognition_is(desk: Desk) -> None:
    pole = desk.pole("2022")
    recognition = desk.select(pole, "2023-01-01", "2025-01-01")
    desk.end(recognition, "2024-05-01")
    contested = contest(desk, recognition, -1, "2024-05-02")

    (mark,) = sheet(desk, pole, "2024-06-03").contests["stage"]
    assert mark.contest == contested
    assert sheet(desk, pole, "2025-01-01").contests["stage"], "so is the day since when"
