"""Minutes of the clock in Paris: those that do not exist, those that come twice."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.minute import Minute

SECONDS = int(datetime(2090, 1, 1, tzinfo=UTC).timestamp())


@given(st.integers(0, SECONDS))
def test_the_minute_of_an_instant_holds_that_instant_and_is_read_back(second: int) -> None:
    instant = datetime.fromtimestamp(second, UTC)
    minute = Minute.of(instant)
    assert minute.begins <= instant < minute.over
    assert Minute(str(minute)) == minute
    assert minute.over - minute.begins == timedelta(minutes=1)


def test_the_hour_that_does_not_exist_in_march_is_refused() -> None:
    with pytest.raises(ValueError, match="n'existe pas : les horloges avancent"):
        Minute("2026-03-29T02:30")
    assert str(Minute("2026-03-29T03:30")) == "2026-03-29T03:30+02:00"


def test_the_hour_that_comes_twice_in_october_is_given_with_its_offset() -> None:
    with pytest.raises(ValueError, match="arrive deux fois"):
        Minute("2026-10-25T02:30")
    first, second = Minute("2026-10-25T02:30+02:00"), Minute("2026-10-25T02:30+01:00")
    assert second.begins - first.begins == timedelta(hours=1)
    assert first < second
    assert first != second


def test_an_hour_of_another_place_is_told_as_that_of_paris() -> None:
    assert str(Minute("2026-07-01T10:00Z")) == "2026-07-01T12:00+02:00"
    assert str(Minute("2026-03-29T01:30Z")) == "2026-03-29T03:30+02:00"


def test_it_is_said_as_people_say_it() -> None:
    assert Minute("2015-06-30T23:59").in_words() == "30 juin 2015 à 23 h 59"
    assert Minute("2022-10-17T12:00").in_words("en") == "17 October 2022 at 12:00 (Paris)"


def test_of_the_hour_that_comes_twice_it_is_said_which() -> None:
    first, second = Minute("2027-10-31T02:30+02:00"), Minute("2027-10-31T02:30+01:00")
    assert first.in_words() == "31 octobre 2027 à 2 h 30 (heure d'été)"
    assert second.in_words() == "31 octobre 2027 à 2 h 30 (heure d'hiver)"
    assert first.in_words("en") == "31 October 2027 at 02:30 (Paris, summer time)"
    assert second.in_words("en") == "31 October 2027 at 02:30 (Paris, winter time)"
    for only_once in ("2027-10-31T01:59", "2027-10-31T03:00", "2027-03-28T03:00"):
        assert "heure d'" not in Minute(only_once).in_words()


@given(st.integers(0, SECONDS), st.integers(1, 7200))
def test_two_minutes_that_are_not_the_same_are_not_said_alike(second: int, apart: int) -> None:
    one = Minute.of(datetime.fromtimestamp(second, UTC))
    other = Minute.of(datetime.fromtimestamp(second + apart * 60, UTC))
    assert one.in_words() != other.in_words()


@pytest.mark.parametrize("given_", ["", "2026-07-01", "2026-07-01T24:00", "2026-02-30T10:00", "x"])
def test_what_is_no_minute_is_refused_in_a_sentence(given_: str) -> None:
    with pytest.raises(ValueError, match="«"):
        Minute(given_)
