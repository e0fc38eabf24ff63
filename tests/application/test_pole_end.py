"""A pole does not end while a commitment is open, whatever version of its journey it follows."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from application.migration import plan
from application.pole import MovePole, RecordPastStep, RegisterPole
from application.register import pole_why
from application.succession import MergePoles
from domain.errors import JalonError
from domain.pole import Pole, PoleId
from domain.pole_end import StillCommitted
from domain.workflow import Verdict
from infrastructure.event_store.registry import Registry
from tests import make
from tests.application import commitments as money

OLDER, NEWEST = "pole@2026-11-01", "pole@2026-11-23"


@pytest.fixture
def books(tmp_path: Path) -> Iterator[Registry]:
    clock = make.Clock()
    clock.advance(hours=24 * 1000)  # 2027: both versions are in force
    with money.registry(tmp_path, clock) as made:
        yield made


def registered(books: Registry, journey: str = OLDER, name: str = "Pôle d'essai") -> PoleId:
    command = RegisterPole(name=name, journey=journey)
    return PoleId(money.do(books, command, make.by(), "2026-11-25"))


def end(books: Registry, pole: PoleId, on: str) -> None:
    command = MovePole(pole=pole, transition="end", input={"reason": "dissolved"})
    money.do(books, command, make.by(), on)


def state(books: Registry, pole: PoleId) -> str | None:
    found = books.load(Pole, pole)
    assert found
    return found.state_on(make.day("2027-02-01"))


@pytest.mark.parametrize("journey", [OLDER, NEWEST])
def test_it_ends_once_every_commitment_is_over(books: Registry, journey: str) -> None:
    pole = registered(books, journey)
    made = money.decide(books, pole, on="2026-12-01")
    before = books.journal.size()

    with pytest.raises(JalonError) as refused:
        end(books, pole, "2027-01-10")
    assert books.journal.size() == before
    if journey == OLDER:
        assert isinstance(refused.value, StillCommitted)
        assert money.load(books, made).code in str(refused.value)
    money.move(books, made, "abandon", "2027-01-05", reasons="sans suite")
    end(books, pole, "2027-01-10")
    assert state(books, pole) == "ended"


def test_an_end_of_before_the_grant_waits_for_what_is_open_now(books: Registry) -> None:
    pole = registered(books)
    money.decide(books, pole, on="2027-01-05")

    with pytest.raises(StillCommitted):
        end(books, pole, "2026-12-31")


def test_a_merger_ends_no_pole_that_is_still_promised_something(books: Registry) -> None:
    pole, other = registered(books), registered(books, name="Autre pôle")
    money.decide(books, pole, on="2026-12-01")
    merged = MergePoles(poles=(pole, other), name="Pôle réuni")

    with pytest.raises(StillCommitted):
        money.do(books, merged, make.by(), "2027-01-10")
    assert (state(books, pole), state(books, other)) == ("emergence", "emergence")


def test_what_is_wanting_is_told_before_anybody_tries(books: Registry) -> None:
    pole = registered(books)
    made = money.decide(books, pole, on="2026-12-01")

    def ways(on: str) -> dict[str, str]:
        return {w.transition: w.status for w in pole_why(books, pole, money.at(books, on))}

    assert ways("2026-11-30")["end"] == "closed"  # it is open today
    money.move(books, made, "abandon", "2027-01-05", reasons="sans suite")
    assert ways("2027-01-04")["end"] == "closed"
    assert ways("2027-01-05")["end"] == "needs_input"
    (told,) = (
        clause
        for way in pole_why(books, pole, money.at(books, "2027-01-04"))
        if way.transition == "end"
        for clause in way.clauses
        if clause.clause == "no_open_commitment"
    )
    assert told.verdict is Verdict.FAILED
    assert money.load(books, made).code in told.sentence


def test_a_step_of_the_past_is_told_as_it_was(books: Registry) -> None:
    pole = registered(books)
    money.decide(books, pole, on="2026-12-01")
    past = RecordPastStep(
        pole=pole,
        transition="end",
        journey=OLDER,
        input={"reason": "dissolved"},
        source="journal officiel",
    )
    money.do(books, past, make.by(), "2027-01-10")

    assert state(books, pole) == "ended"


def test_the_plan_brings_it_to_the_version_that_says_it(books: Registry) -> None:
    pole = registered(books)
    money.decide(books, pole, on="2026-12-01")

    (item,) = plan(books, NEWEST).items

    assert (item.id, item.journey, item.is_possible) == (pole, OLDER, True)
