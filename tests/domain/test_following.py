"""Following: a place is held by one account at most, whoever takes it, and whenever it is said."""

from contextlib import suppress
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import JalonError
from domain.following import (
    Following,
    LaterFollower,
    NobodyFollows,
    SameFollower,
    Seat,
    following_of,
)
from domain.provenance import AccountId
from tests import make

POLE = UUID(int=5)
ONE, TWO, THREE = (AccountId(UUID(int=number)) for number in (1, 2, 3))
PRINCIPAL, DEPUTY = Seat


def assign(
    following: Following,
    follower: AccountId,
    since: str,
    until: str | None = None,
    place: Seat = PRINCIPAL,
) -> None:
    end = make.day(until) if until else None
    with make.on(since, valid_to=end):
        following.assign(
            pole=POLE,
            place=place,
            follower=follower,
            organisation=f"Réseau {follower.int}",
            day=make.day(since),
            until=end,
        )


def finish(following: Following, on: str, place: Seat = PRINCIPAL) -> None:
    with make.on(on):
        following.finish(place, day=make.day(on))


def holders(following: Following, *days: str, place: Seat = PRINCIPAL) -> list[int | None]:
    found = [following.holder_on(place, make.day(day)) for day in days]
    return [stint.follower.int if stint else None for stint in found]


def test_whoever_takes_a_place_relieves_whoever_held_it_on_that_day() -> None:
    following = Following(following_of(POLE))

    assign(following, ONE, "2024-01-01")
    assign(following, TWO, "2024-03-01")

    days = ("2023-12-31", "2024-01-01", "2024-02-29", "2024-03-01")
    assert holders(following, *days) == [None, 1, 1, 2]


def test_the_end_of_whoever_is_relieved_has_no_end_of_its_own() -> None:
    following = Following(following_of(POLE))
    assign(following, ONE, "2024-01-01")

    assign(following, TWO, "2024-03-01", "2024-06-01")

    (ended,) = [e for e in following.pending if isinstance(e, Following.Ended)]
    assert (ended.handed_over, ended.valid_to) == (True, None)
    assert holders(following, "2024-05-31", "2024-06-01") == [2, None]


def test_a_deputy_stands_beside_the_principal_and_is_somebody_else() -> None:
    following = Following(following_of(POLE))
    assign(following, ONE, "2024-01-01")

    assign(following, TWO, "2024-02-01", place=DEPUTY)

    assert holders(following, "2024-02-01") == [1]
    assert holders(following, "2024-02-01", place=DEPUTY) == [2]
    with pytest.raises(SameFollower):
        assign(following, ONE, "2024-03-01", place=DEPUTY)
    with pytest.raises(SameFollower):
        assign(following, TWO, "2024-03-01")


def test_what_is_recorded_late_ends_before_what_is_already_arranged() -> None:
    following = Following(following_of(POLE))
    assign(following, TWO, "2024-03-01")

    with pytest.raises(LaterFollower, match=r"« Réseau 2 » à partir du 1er mars 2024"):
        assign(following, ONE, "2024-01-01")
    assign(following, ONE, "2024-01-01", "2024-03-01")

    assert holders(following, "2024-02-29", "2024-03-01") == [1, 2]


def test_a_place_taken_by_mistake_is_given_to_another_on_the_same_day() -> None:
    following = Following(following_of(POLE))
    assign(following, ONE, "2024-03-01")

    assign(following, TWO, "2024-03-01")

    assert holders(following, "2024-03-01") == [2]


def test_what_nobody_does_is_not_ended() -> None:
    following = Following(following_of(POLE))
    assign(following, ONE, "2024-01-01")
    finish(following, "2024-02-01")

    assert holders(following, "2024-01-31", "2024-02-01") == [1, None]
    for on in ("2023-12-31", "2024-02-01"):
        with pytest.raises(NobodyFollows):
            finish(following, on)
    with pytest.raises(NobodyFollows):
        finish(following, "2024-01-15", DEPUTY)


FIRST = date(2024, 1, 1)
days = st.integers(0, 40).map(lambda n: FIRST + timedelta(days=n))
acts = st.tuples(
    st.sampled_from(["assign", "assign", "assign", "finish"]),
    st.sampled_from([ONE, TWO, THREE]),
    st.sampled_from(Seat),
    days,
    st.none() | days,
)


@given(st.lists(acts, max_size=15))
def test_no_day_has_two_principals_nor_one_account_in_two_places(
    history: list[tuple[str, AccountId, Seat, date, date | None]],
) -> None:
    following = Following(following_of(POLE))

    for act, follower, place, day, until in history:
        with suppress(JalonError):
            if act == "finish":
                finish(following, day.isoformat(), place)
            else:
                end = until.isoformat() if until and until > day else None
                assign(following, follower, day.isoformat(), end, place)

    for number in range(45):
        day = FIRST + timedelta(days=number)
        held = [stint for stint in following.stints.values() if stint.covers(day)]
        assert len({stint.place for stint in held}) == len(held)
        assert len({stint.follower for stint in held}) == len(held)
