"""Mergers and splits: who succeeds whom, and never in a circle."""

from contextlib import suppress
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.dates import PartialDate
from domain.errors import Refused
from domain.pole import Pole, PoleEnded
from domain.succession import (
    AlreadySucceeds,
    Circle,
    OwnSuccessor,
    Succeeding,
    ancestors,
)
from domain.track import NotBegun
from domain.workflow import Step
from tests import make
from tests.examples import settings


def succeed(successor: Pole, predecessor: Pole, *known: Pole, on: str = "2023-01-01") -> None:
    poles = {pole.id: pole for pole in (successor, predecessor, *known)}
    with make.on(on):
        successor.succeed(
            predecessor.id,
            how=Succeeding.MERGER,
            day=make.day(on),
            predecessors=lambda id_: poles[id_].predecessors,
        )


def end(pole: Pole, on: str = "2023-01-01") -> None:
    step = Step(
        transition="end", from_="emergence", to="ended", input={"reason": "dissolved"}, findings=()
    )
    with make.on(on):
        pole.move(step, journey=make.LATEST, occurred_on=PartialDate(on))


def test_a_pole_takes_the_place_of_another_once() -> None:
    one, other = make.pole(), make.pole()

    succeed(one, other)

    assert one.predecessors == {other.id: Succeeding.MERGER}
    with pytest.raises(AlreadySucceeds):
        succeed(one, other)


def test_nothing_succeeds_itself() -> None:
    pole = make.pole()

    with pytest.raises(OwnSuccessor):
        succeed(pole, pole)


def test_a_successor_lives_on_that_day() -> None:
    ended, late = make.pole(), make.pole("2024-01-01")
    end(ended, "2023-06-01")

    with pytest.raises(PoleEnded):
        succeed(ended, make.pole(), on="2023-06-01")
    with pytest.raises(NotBegun):
        succeed(late, make.pole(), on="2023-01-01")


def test_whoever_was_succeeded_does_not_come_back() -> None:
    first, second, third = make.pole(), make.pole(), make.pole()
    succeed(second, first)
    succeed(third, second, first)

    with pytest.raises(Circle):
        succeed(first, third, second)


@settings(deadline=None)
@given(pairs=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.booleans()), max_size=25))
def test_the_line_of_succession_never_turns_in_a_circle(
    pairs: list[tuple[int, int, bool]],
) -> None:
    """Whoever succeeds whom, and whether the one succeeded is ended or not: checked by walking."""
    poles = [make.pole("2020-01-01") for _ in range(6)]
    for one, other, ends in pairs:
        with suppress(Refused):
            succeed(poles[one], poles[other], *poles)
            if ends:
                end(poles[other])

    before = {pole.id: set(pole.predecessors) for pole in poles}
    while before:  # take away, again and again, those that succeed nobody who is left
        free = {id_ for id_, known in before.items() if not known & before.keys()}
        assert free, "what is left is a circle"
        before = {id_: known for id_, known in before.items() if id_ not in free}


def test_ancestors_are_found_however_far_and_each_once() -> None:
    ids = [UUID(int=number) for number in range(4)]
    line = {ids[0]: [ids[1], ids[2]], ids[1]: [ids[3]], ids[2]: [ids[3]], ids[3]: [ids[0]]}

    # A circle that was stored would not keep anybody asking for ever.
    assert ancestors(ids[0], lambda id_: line[id_]) == set(ids)
