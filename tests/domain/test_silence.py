"""Silence: how long since the pole was heard of, and since somebody first looked for it."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.pole import Pole
from domain.recognition import Recognition
from tests import make

FIRST = date(2024, 1, 1)


def since_attempt(pole: Pole, on: str) -> int | None:
    facts = pole.facts_on(make.day(on), lambda _, id_: Recognition(id_))
    return facts.silence.days_since_attempt


def attempt(pole: Pole, on: str) -> None:
    with make.on(on):
        pole.attempt_contact(channel="appel", outcome="sans réponse")


def hear(pole: Pole, on: str) -> None:
    with make.on(on):
        pole.file_evidence(evidence="strategy", title="Stratégie")


def test_days_count_from_the_first_attempt_made_after_the_last_news() -> None:
    pole = make.pole("2024-01-01")
    attempt(pole, "2024-02-01")
    attempt(pole, "2024-02-20")

    days = ("2024-01-31", "2024-02-01", "2024-03-02")
    assert [since_attempt(pole, day) for day in days] == [None, 0, 30]


def test_news_answers_every_attempt_made_before_it_and_on_its_day() -> None:
    pole = make.pole("2024-01-01")
    attempt(pole, "2024-02-01")
    hear(pole, "2024-02-10")
    attempt(pole, "2024-02-10")

    assert since_attempt(pole, "2024-02-09") == 8
    assert since_attempt(pole, "2024-06-01") is None
    attempt(pole, "2024-03-01")
    assert since_attempt(pole, "2024-03-31") == 30


def test_what_is_attached_is_news_only_where_it_says_so() -> None:
    pole = make.pole("2024-01-01")
    attempt(pole, "2024-02-01")
    with make.on("2024-02-10"):
        pole.attach("exchange", make.ACTOR, is_news=False)
    assert since_attempt(pole, "2024-02-11") == 10

    with make.on("2024-02-12"):
        pole.attach("exchange", make.ACTOR, is_news=True)

    assert since_attempt(pole, "2024-02-13") is None


def test_it_changes_as_days_pass() -> None:
    """So a draft that asks for it is tried on every day of a stay."""
    assert {"silence.months", "silence.days_since_attempt"} <= Pole.PASSING


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 60)), max_size=12), st.integers(0, 70))
def test_it_is_what_counting_by_hand_gives(history: list[tuple[bool, int]], asked: int) -> None:
    pole = make.pole(FIRST.isoformat())
    for is_news, number in history:
        on = (FIRST + timedelta(days=number)).isoformat()
        (hear if is_news else attempt)(pole, on)

    last = max((number for is_news, number in [*history, (True, 0)] if is_news and number <= asked))
    tried = [n for is_news, n in history if not is_news and last < n <= asked]

    on = (FIRST + timedelta(days=asked)).isoformat()
    assert since_attempt(pole, on) == (asked - min(tried) if tried else None)
