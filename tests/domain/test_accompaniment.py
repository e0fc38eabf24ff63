"""Accompaniment: no more days are used than were granted, on any day."""

from contextlib import suppress
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.accompaniment import (
    Accompaniment,
    MoreThanGranted,
    NothingMore,
    OutsideItsDays,
    days_in_words,
)
from domain.errors import JalonError
from tests import make


def grant(half_days: int, since: str = "2024-01-01", until: str | None = None) -> Accompaniment:
    with make.on(since, valid_to=make.day(until) if until else None):
        return Accompaniment.grant(
            pole=UUID(int=5),
            offer="bouquet de services",
            provider="Réseau fictif",
            half_days=half_days,
        )


def use(of: Accompaniment, half_days: int, on: str) -> None:
    with make.on(on):
        of.use(half_days, words="atelier", day=make.day(on))


def extend(of: Accompaniment, on: str, half_days: int = 0, until: str | None = None) -> None:
    with make.on(on):
        end = make.day(until) if until else None
        of.extend(half_days=half_days, until=end, motive="à sa demande", day=make.day(on))


def test_days_are_used_until_none_is_left() -> None:
    accompaniment = grant(5)
    use(accompaniment, 3, "2024-02-01")

    with pytest.raises(MoreThanGranted, match=r"1,5 jour seraient .* reste 1 jour le 1er mars"):
        use(accompaniment, 3, "2024-03-01")
    use(accompaniment, 2, "2024-03-01")

    with pytest.raises(MoreThanGranted):
        use(accompaniment, 1, "2024-04-01")


def test_an_extension_gives_days_from_its_own_day_on() -> None:
    accompaniment = grant(2)
    extend(accompaniment, "2024-06-01", 2)

    with pytest.raises(MoreThanGranted):
        use(accompaniment, 3, "2024-05-31")
    use(accompaniment, 3, "2024-06-01")

    assert accompaniment.used_on(make.day("2024-06-01")) == 3


def test_what_is_counted_late_leaves_enough_for_what_was_counted_before() -> None:
    accompaniment = grant(4)
    use(accompaniment, 3, "2024-05-01")

    with pytest.raises(MoreThanGranted):
        use(accompaniment, 2, "2024-02-01")
    use(accompaniment, 1, "2024-02-01")


def test_nothing_is_used_before_it_begins_nor_after_it_ended() -> None:
    accompaniment = grant(9, until="2024-06-01")

    for on in ("2023-12-31", "2024-06-01"):
        with pytest.raises(OutsideItsDays):
            use(accompaniment, 1, on)
    extend(accompaniment, "2024-05-01", until="2024-09-01")
    use(accompaniment, 1, "2024-06-01")
    with make.on("2024-07-01"):
        accompaniment.finish(motive="tout est fait", day=make.day("2024-07-01"))

    with pytest.raises(OutsideItsDays, match="a pris fin"):
        use(accompaniment, 1, "2024-07-01")
    with pytest.raises(OutsideItsDays):
        extend(accompaniment, "2024-07-01", 2)


def test_it_does_not_end_before_a_day_that_was_used() -> None:
    accompaniment = grant(9)
    use(accompaniment, 1, "2024-06-01")

    with make.on("2024-05-01"), pytest.raises(OutsideItsDays):
        accompaniment.finish(motive="déjà", day=make.day("2024-05-01"))


def test_what_comes_of_it_may_come_after_its_end() -> None:
    accompaniment = grant(1, until="2024-02-01")

    with make.on("2024-03-01"):
        accompaniment.hand(title="Note", document=None, day=make.day("2024-03-01"))
    with make.on("2023-03-01"), pytest.raises(OutsideItsDays):
        accompaniment.hand(title="Note", document=None, day=make.day("2023-03-01"))

    assert accompaniment.deliverables == ["Note"]


@pytest.mark.parametrize(("half_days", "until"), [(0, None), (0, "2024-06-01"), (3, "2024-05-01")])
def test_an_extension_gives_more(half_days: int, until: str | None) -> None:
    with pytest.raises(NothingMore):
        extend(grant(1, until="2024-06-01"), "2024-02-01", half_days, until)


def test_days_are_said_as_people_count() -> None:
    said = [days_in_words(half_days) for half_days in (0, 1, 2, 3, 4, 5)]

    assert [text.fr for text in said] == [
        *("0 jour", "0,5 jour", "1 jour", "1,5 jour", "2 jours", "2,5 jours")
    ]
    assert [said[2].en, said[3].en] == ["1 day", "1.5 days"]


FIRST = date(2024, 1, 1)
days = st.integers(0, 30).map(lambda n: FIRST + timedelta(days=n))
acts = st.tuples(st.sampled_from(["use", "use", "use", "extend"]), st.integers(1, 6), days)


@given(granted=st.integers(1, 10), history=st.lists(acts, max_size=15))
def test_on_no_day_are_more_used_than_granted(
    granted: int, history: list[tuple[str, int, date]]
) -> None:
    accompaniment = grant(granted)

    for act, half_days, day in history:
        with suppress(JalonError):
            if act == "use":
                use(accompaniment, half_days, day.isoformat())
            else:
                extend(accompaniment, day.isoformat(), half_days)

    for number in range(32):
        day = FIRST + timedelta(days=number)
        assert accompaniment.used_on(day) <= accompaniment.granted_on(day)
