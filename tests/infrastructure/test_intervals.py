"""Interval rows: what was known at a size of the journal, in force on a day."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from infrastructure.read_models.intervals import interval_columns, seen, supersede
from tests.examples import settings

THING = sa.Table(
    "thing",
    sa.MetaData(),
    *interval_columns(),
    sa.Column("key", sa.Text(), nullable=False),
    sa.Column("name", sa.Text()),
    sa.Column("place", sa.Text()),
    sa.Column("since", sa.Date()),
)

FIRST = date(2020, 1, 1)
days = st.integers(0, 40).map(lambda n: FIRST + timedelta(days=n))


@contextmanager
def table() -> Iterator[sa.Connection]:
    engine = sa.create_engine("sqlite://")
    try:
        with engine.begin() as tx:
            THING.create(tx)
            yield tx
    finally:
        engine.dispose()


def tell(tx: sa.Connection, at: int, day: date, until: date | None = None, **more: Any) -> None:
    key = more.pop("key", "a")
    supersede(tx, THING, THING.c.key == key, at=at, valid_from=day, valid_until=until, **more)


def ask(tx: sa.Connection, known: int, day: date, key: str = "a") -> list[Any]:
    here = THING.c.key == key
    rows = tx.execute(sa.select(THING).where(here, seen(THING, known=known, in_force=day)))
    return [(row.name, row.place) for row in rows]


def test_a_fact_holds_from_its_day_and_what_was_known_before_stays() -> None:
    with table() as tx:
        tell(tx, 1, FIRST, new={"key": "a"}, name="Tétris")
        tell(tx, 5, date(2022, 1, 1), name="Trézor")

        assert ask(tx, 0, FIRST) == []
        assert ask(tx, 4, date(2023, 1, 1)) == [("Tétris", None)]
        assert ask(tx, 5, date(2023, 1, 1)) == [("Trézor", None)]
        assert ask(tx, 5, date(2021, 12, 31)) == [("Tétris", None)]


def test_a_fact_changes_only_what_it_is_about() -> None:
    with table() as tx:
        tell(tx, 1, FIRST, new={"key": "a"}, name="Tétris")
        tell(tx, 2, FIRST, new={"key": "b"}, name="Réalis", key="b")
        tell(tx, 3, date(2022, 1, 1), place="Grasse")
        tell(tx, 4, date(2021, 1, 1), name="Trézor")

        assert ask(tx, 4, date(2023, 1, 1)) == [("Trézor", "Grasse")]
        assert ask(tx, 4, date(2021, 6, 1)) == [("Trézor", None)]
        assert ask(tx, 4, date(2023, 1, 1), "b") == [("Réalis", None)]


def test_a_fact_that_ends_gives_way_to_what_held_before() -> None:
    with table() as tx:
        tell(tx, 1, FIRST, new={"key": "a"}, name="Tétris")
        tell(tx, 2, date(2021, 1, 1), date(2022, 1, 1), name="Trézor")

        told = [ask(tx, 2, date(year, 6, 1)) for year in (2020, 2021, 2022)]

    assert told == [[("Tétris", None)], [("Trézor", None)], [("Tétris", None)]]


@pytest.mark.parametrize("until", [date(2021, 1, 1), date(2020, 6, 1)])
def test_a_fact_that_holds_on_no_day_changes_nothing(until: date) -> None:
    with table() as tx:
        tell(tx, 1, FIRST, new={"key": "a"}, name="Tétris")
        tell(tx, 2, date(2021, 1, 1), until, name="Trézor")

        assert {str(ask(tx, 2, date(year, 6, 1))) for year in (2020, 2021)} == {
            str([("Tétris", None)])
        }


facts = st.lists(
    st.tuples(days, st.none() | st.integers(1, 15), st.sampled_from(["name", "place"])),
    min_size=1,
    max_size=8,
)


@settings(deadline=None, max_examples=150)
@given(facts=facts, known=st.integers(0, 9), day=days)
def test_the_last_recorded_fact_that_covers_a_day_is_in_force(
    facts: list[tuple[date, int | None, str]], known: int, day: date
) -> None:
    """Each of several things that are told apart; each telling may open the row."""
    told: list[tuple[str, date, date, str]] = []
    with table() as tx:
        for at, (since, length, about) in enumerate(facts, start=1):
            until = since + timedelta(days=length) if length else None
            tell(tx, at, since, until, new={"key": "a"}, **{about: f"value {at}"})
            told.append((about, since, until or date.max, f"value {at}"))
        rows = ask(tx, known, day)
        every = tx.execute(sa.select(THING)).all()

    covering = [(a, v) for a, since, until, v in told[:known] if since <= day < until]
    last = dict(covering)
    expected = [(last.get("name"), last.get("place"))] if covering else []
    assert rows == expected
    assert all(row.valid_until is None or row.valid_from < row.valid_until for row in every)
    assert all(row.known_until is None or row.known_from < row.known_until for row in every)


@settings(deadline=None, max_examples=150)
@given(
    steps=st.lists(st.tuples(days, st.sampled_from(["since", "name"])), min_size=1, max_size=8),
    known=st.integers(1, 9),
    day=days,
)
def test_of_steps_the_last_by_its_day_is_in_force(
    steps: list[tuple[date, str]], known: int, day: date
) -> None:
    """The first begins the thing; a renaming in between cuts rows, and changes no step."""
    begin = steps[0][0]
    with table() as tx:
        tell(tx, 1, begin, new={"key": "a"}, place="step 1", since=begin)
        for at, (since, what) in enumerate(steps[1:], start=2):
            if what == "since":
                more: dict[str, Any] = {"place": f"step {at}", "since": since}
                tell(tx, at, since, until_next="since", **more)
            else:
                tell(tx, at, since, name="renamed")
        rows = ask(tx, known, day)

    taken = [(begin, 1)]
    taken += [(d, at) for at, (d, what) in enumerate(steps[1:known], start=2) if what == "since"]
    past = [step for step in taken if step[0] <= day]
    assert [place for _, place in rows] == (
        [f"step {max(past)[1]}"] if past and day >= begin else []
    )
