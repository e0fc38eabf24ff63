"""Establishments that closed: from which day, and until they open again."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import JalonError
from domain.establishment import (
    ESTABLISHMENTS,
    AlreadyClosed,
    EstablishmentClosed,
    EstablishmentKnownLater,
    Establishments,
    NotClosed,
)
from tests import make

SIRET, OTHER = "73282932000074", "55208131766522"


def close(known: Establishments, on: str, siret: str = SIRET) -> None:
    with make.on(on):
        known.close(siret, closed_on=make.day(on))


def reopen(known: Establishments, on: str, siret: str = SIRET) -> None:
    with make.on(on):
        known.reopen(siret, day=make.day(on), motive="reprise")


def test_it_is_closed_from_its_day_on_and_open_the_day_before() -> None:
    known = Establishments(ESTABLISHMENTS)
    close(known, "2024-03-31")

    known.must_be_open(SIRET, make.day("2024-03-30"))
    known.must_be_open(OTHER, make.day("2024-04-01"))
    with pytest.raises(EstablishmentClosed, match="31 mars 2024"):
        known.must_be_open(SIRET, make.day("2024-03-31"))


def test_it_may_have_closed_earlier_than_was_known_and_open_again() -> None:
    known = Establishments(ESTABLISHMENTS)
    close(known, "2024-03-31")
    with pytest.raises(AlreadyClosed):
        close(known, "2024-04-15")
    close(known, "2024-02-01")
    with pytest.raises(NotClosed):
        reopen(known, "2024-01-31")
    with pytest.raises(EstablishmentKnownLater):
        reopen(known, "2024-02-10")
    reopen(known, "2024-05-01")
    with pytest.raises(EstablishmentKnownLater):
        close(known, "2024-01-01")

    days = ("2024-01-31", "2024-02-01", "2024-04-30", "2024-05-01")
    closed = [known.closed_since(SIRET, make.day(on)) is not None for on in days]
    assert closed == [False, True, True, False]


DAYS = st.dates(date(2022, 1, 1), date(2022, 3, 1))


@given(acts=st.lists(st.tuples(st.booleans(), DAYS), max_size=10), day=DAYS)
def test_it_stands_as_the_last_thing_that_was_said_by_the_day(
    acts: list[tuple[bool, date]], day: date
) -> None:
    known, told = Establishments(ESTABLISHMENTS), list[tuple[date, bool]]()
    for closes, on in acts:
        with suppress(JalonError):
            (close if closes else reopen)(known, on.isoformat())
            told.append((on, closes))
    last = max(((on, n, closes) for n, (on, closes) in enumerate(told) if on <= day), default=None)

    assert (known.closed_since(SIRET, day) is not None) == bool(last and last[2])
    again = Establishments.replay(ESTABLISHMENTS, make.history(known))
    assert known.version == 0 or (
        again and again.closed_since(SIRET, day) == known.closed_since(SIRET, day)
    )
