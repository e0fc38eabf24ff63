"""Recognitions: dated facts that begin and end, and are never a label."""

from uuid import uuid4

import pytest

from domain.dates import PartialDate
from domain.recognition import (
    ARTICLE_9,
    AlreadyEnded,
    EndsBeforeItBegins,
    Recognition,
    RecognitionKind,
)
from tests import make


def issue(start: str, end: str | None = None) -> Recognition:
    with make.on(start):
        return Recognition.issue(
            pole=uuid4(),
            recognition_kind=RecognitionKind.SELECTION,
            code="selection_2016",
            issuer="comité interministériel",
            ground="loi n° 2014-856, art. 9 II",
            occurred_on=PartialDate(start),
            valid_to=make.day(end) if end else None,
        )


def finish(recognition: Recognition, on: str) -> None:
    with make.on(on):
        recognition.finish(
            motive="à terme", withdrawn=False, occurred_on=PartialDate(on), today=make.TODAY
        )


def in_force(recognition: Recognition, *days: str) -> list[bool]:
    return [recognition.in_force_on(make.day(day)) for day in days]


def test_a_recognition_holds_from_its_day_until_its_end() -> None:
    recognition = issue("2016", "2019-01-01")

    assert in_force(recognition, "2015-12-31", "2016-01-01", "2018-12-31", "2019-01-01") == [
        False,
        True,
        True,
        False,
    ]


def test_a_recognition_without_an_end_holds_until_one_is_recorded() -> None:
    recognition = issue("2016")

    finish(recognition, "2020-03-01")

    assert in_force(recognition, "2020-02-29", "2020-03-01") == [True, False]


@pytest.mark.parametrize("end", ["2016-01-01", "2015-06-01"])
def test_a_recognition_cannot_end_before_it_began(end: str) -> None:
    with pytest.raises(EndsBeforeItBegins):
        issue("2016", end)
    with pytest.raises(EndsBeforeItBegins, match="2015"):
        finish(issue("2016"), "2015-12")


def test_a_recognition_ends_once() -> None:
    recognition = issue("2016")
    finish(recognition, "2018")

    with pytest.raises(AlreadyEnded):
        finish(recognition, "2019")


def test_a_recognition_given_for_a_time_may_be_withdrawn_before_its_term() -> None:
    recognition = issue("2016", "2019-01-01")

    with pytest.raises(AlreadyEnded):
        finish(recognition, "2019-01-01")
    finish(recognition, "2017-06")

    assert in_force(recognition, "2017-05-31", "2017-06-01") == [True, False]
    with pytest.raises(AlreadyEnded):
        finish(recognition, "2017-01")


def test_only_two_kinds_rest_on_article_9() -> None:
    assert {kind.value for kind in ARTICLE_9} == {"composition_finding", "selection"}
