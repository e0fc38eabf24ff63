"""Recognitions: dated facts that begin and end, and are never a label."""

from contextlib import suppress
from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.dates import PartialDate
from domain.recognition import (
    ARTICLE_9,
    EndToCome,
    Recognition,
    RecognitionAlreadyEnded,
    RecognitionEndsBeforeItBegins,
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
def test_a_recognition_holds_for_a_day_at_least(end: str) -> None:
    with pytest.raises(RecognitionEndsBeforeItBegins):
        issue("2016", end)
    with pytest.raises(RecognitionEndsBeforeItBegins, match="1er janvier 2016"):
        finish(issue("2016"), end)


def test_what_has_ended_does_not_end_again_later_but_may_have_ended_earlier() -> None:
    recognition = issue("2016")
    finish(recognition, "2018")

    for later in ("2018", "2019"):
        with pytest.raises(RecognitionAlreadyEnded, match="1er janvier 2018"):
            finish(recognition, later)
    finish(recognition, "2017-02")

    assert in_force(recognition, "2017-01-31", "2017-02-01") == [True, False]


def test_no_end_is_recorded_in_advance_but_the_term() -> None:
    recognition = issue("2016", "2030-01-01")

    for other in ("2029-12-31", "2030-01-02", "2040"):
        with pytest.raises(EndToCome):
            finish(recognition, other)
    finish(recognition, "2030-01-01")
    finish(recognition, "2024-06")

    assert in_force(recognition, "2024-05-31", "2024-06-01") == [True, False]


def test_a_recognition_given_for_a_time_may_be_withdrawn_before_its_term() -> None:
    recognition = issue("2016", "2019-01-01")

    with pytest.raises(RecognitionAlreadyEnded):
        finish(recognition, "2019-01-01")
    finish(recognition, "2017-06")

    assert in_force(recognition, "2017-05-31", "2017-06-01") == [True, False]
    finish(recognition, "2017-01")
    assert in_force(recognition, "2016-12-31", "2017-01-01") == [True, False]


ENDS = st.dates(date(2015, 6, 1), date(2026, 1, 1))


@given(st.none() | ENDS, st.lists(ENDS, max_size=6))
def test_of_several_ends_the_earliest_that_was_recorded_prevails(
    term: date | None, ends: list[date]
) -> None:
    start = date(2016, 1, 1)
    if term and term <= start:
        return
    recognition, known = issue("2016", term.isoformat() if term else None), [term or date.max]
    for end in ends:
        with suppress(EndToCome, RecognitionAlreadyEnded, RecognitionEndsBeforeItBegins):
            finish(recognition, end.isoformat())
            assert start < end
            assert end <= make.TODAY or end == term
            known.append(end)

    assert (recognition.end or date.max) == min(known)
    if all(end > make.TODAY for end in known):
        finish(recognition, make.TODAY.isoformat())


def test_only_two_kinds_rest_on_article_9() -> None:
    assert {kind.value for kind in ARTICLE_9} == {"composition_finding", "selection"}
