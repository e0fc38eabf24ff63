"""Days of the calendar in Paris, and dates of which only a part is known."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from domain.dates import UNKNOWN, PartialDate, paris_day
from tests.domain.strategies import known_dates
from tests.examples import settings

ANY_DAY = st.dates()
PARSE = TypeAdapter(PartialDate)


@pytest.mark.parametrize(
    ("said", "precision", "first", "last"),
    [
        ("2012-06-25", "day", "2012-06-25", "2012-06-25"),
        ("2012-06", "month", "2012-06-01", "2012-06-30"),
        ("2012-02", "month", "2012-02-01", "2012-02-29"),
        ("2012", "year", "2012-01-01", "2012-12-31"),
    ],
)
def test_a_partial_date_covers_the_days_it_may_mean(
    said: str, precision: str, first: str, last: str
) -> None:
    date = PartialDate(said)

    assert date.is_known
    assert date.precision == precision
    assert (str(date.first_day), str(date.last_day)) == (first, last)


def test_an_unknown_date_has_no_day() -> None:
    assert not UNKNOWN.is_known
    assert (UNKNOWN.precision, UNKNOWN.first_day, UNKNOWN.last_day) == ("unknown", None, None)


def test_a_date_is_shown_with_no_more_precision_than_it_has() -> None:
    assert [str(PartialDate(said)) for said in ("2012", "2012-06", "unknown")] == [
        "2012",
        "2012-06",
        "unknown",
    ]


@settings(deadline=None)
@given(date=known_dates())
def test_a_date_begins_no_later_than_it_ends(date: PartialDate) -> None:
    first, last = date.first_day, date.last_day

    assert first
    assert last
    assert first <= last
    assert last - first <= timedelta(days={"day": 0, "month": 30, "year": 365}[date.precision])


@settings(deadline=None)
@given(day=ANY_DAY, length=st.sampled_from([4, 7, 10]))
def test_a_day_lies_in_its_own_month_and_year(day: date, length: int) -> None:
    partial = PartialDate(day.isoformat()[:length])

    assert partial.first_day
    assert partial.last_day
    assert partial.first_day <= day <= partial.last_day


@settings(deadline=None)
@given(day=ANY_DAY)
def test_a_whole_day_is_itself(day: date) -> None:
    assert PartialDate.on(day).first_day == day


@pytest.mark.parametrize(
    "said",
    ["2013-02-29", "2012-13", "2012-00", "2012-06-31", "0000", "2012-06-00", "1900-02-29"],
)
def test_a_day_that_does_not_exist_is_refused(said: str) -> None:
    with pytest.raises(ValueError, match="n'existe pas dans le calendrier"):
        PartialDate(said)


@pytest.mark.parametrize(
    "said",
    ["", "12", "2012-6", "25/06/2012", "2012-06-25T10:00", " 2012", "2012-06-25\n", "Unknown"],
)
def test_what_is_not_a_date_is_refused_with_the_form_to_write(said: str) -> None:
    with pytest.raises(ValueError, match="écrire AAAA, AAAA-MM ou AAAA-MM-JJ"):
        PartialDate(said)


@settings(deadline=None, max_examples=300)
@given(said=st.text("0123456789-٢²", max_size=11) | st.from_regex(r"\d{4}(-\d{2}){0,2}"))
def test_whatever_is_accepted_has_days(said: str) -> None:
    try:
        date = PartialDate(said)
    except ValueError:
        return

    assert date.first_day is not None
    assert date.last_day is not None


@settings(deadline=None)
@given(said=known_dates())
def test_a_date_is_stored_as_it_was_said(said: PartialDate) -> None:
    stored = PARSE.dump_json(said)

    assert stored.decode() == f'"{said.root}"'
    assert PARSE.validate_json(stored) == PARSE.validate_python(said.root) == said


def test_a_date_that_is_not_a_text_is_refused() -> None:
    with pytest.raises(ValidationError):
        PARSE.validate_json("2012")


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2024, 6, 30, 21, 59, tzinfo=UTC), "2024-06-30"),
        (datetime(2024, 6, 30, 22, 0, tzinfo=UTC), "2024-07-01"),
        (datetime(2024, 12, 31, 22, 59, tzinfo=UTC), "2024-12-31"),
        (datetime(2024, 12, 31, 23, 0, tzinfo=UTC), "2025-01-01"),
    ],
)
def test_a_day_begins_at_midnight_in_paris(instant: datetime, day: str) -> None:
    assert paris_day(instant).isoformat() == day
