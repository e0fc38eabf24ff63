"""Figures: exact, as their source says them; two contradict each other if no number is both."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from domain.figure import Amount, Comparator, Figure, UnfitFigure, figure

AMOUNT = TypeAdapter(Amount)
amounts = st.integers(-20, 20).map(str)


@st.composite
def figures(draw: st.DrawFn) -> Figure:
    comparator = draw(st.sampled_from(Comparator))
    one, other = sorted(draw(st.tuples(amounts, amounts)), key=int)
    if comparator is Comparator.BETWEEN:
        made = figure(measure="candidates", low=one, high=other, comparator=comparator)
    else:
        made = figure(measure="candidates", value=one, comparator=comparator)
    assert made
    return made


def fits(number: Decimal, said: Figure) -> bool:
    """What the words mean, read one number at a time."""
    match said.comparator:
        case Comparator.MORE_THAN:
            return number > Decimal(said.value or "")
        case Comparator.LESS_THAN:
            return number < Decimal(said.value or "")
        case Comparator.BETWEEN:
            return Decimal(said.low or "") <= number <= Decimal(said.high or "")
        case _:
            return number == Decimal(said.value or "")


HALVES = [Decimal(n) / 2 for n in range(-100, 101)]


@given(figures(), figures())
def test_two_figures_contradict_each_other_exactly_if_no_number_is_both(
    one: Figure, other: Figure
) -> None:
    both = any(fits(number, one) and fits(number, other) for number in HALVES)

    assert one.contradicts(other) is other.contradicts(one) is (not both)


def test_nothing_is_said_of_figures_in_different_units() -> None:
    jobs = figure(measure="jobs_total", value="12", unit="postes")
    full_time = figure(measure="jobs_total", value="9", unit="équivalents temps plein")

    assert jobs
    assert full_time
    assert not jobs.contradicts(full_time)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("1 500 000", "1500000"),
        ("72\u202f000,50", "72000.50"),
        ("  12 ", "12"),
        ("0.10", "0.10"),
        ("-3", "-3"),
        ("100000000000000000000000000001", "100000000000000000000000000001"),
    ],
)
def test_a_number_is_kept_as_exactly_as_it_is_written(written: str, kept: str) -> None:
    assert AMOUNT.validate_python(written) == kept


@pytest.mark.parametrize(
    "written", ["", "environ 12", "1e6", "1,2,3", "NaN", "٣", "1" * 31, "12 €", "--1", 12]
)
def test_what_is_no_number_is_refused(written: Any) -> None:
    with pytest.raises(ValidationError):
        AMOUNT.validate_python(written)


@pytest.mark.parametrize(
    "given_",
    [
        {"value": "12"},
        {"unit": "postes"},
        {"measure": "jobs_total", "value": "1", "low": "1"},
        {"measure": "jobs_total", "low": "1"},
        {"measure": "jobs_total", "low": "2", "high": "1"},
        {"measure": "jobs_total", "comparator": Comparator.ABOUT},
        {"measure": "jobs_total", "comparator": Comparator.ABOUT, "low": "1", "high": "2"},
        {"measure": "jobs_total", "comparator": Comparator.BETWEEN, "value": "1"},
    ],
)
def test_parts_that_do_not_make_one_figure_are_refused(given_: dict[str, Any]) -> None:
    with pytest.raises(UnfitFigure):
        figure(**{"measure": None, **given_})


def test_a_value_is_meant_exactly_and_two_bounds_are_a_range() -> None:
    exact = figure(measure="jobs_total", value="12")
    ranged = figure(measure="jobs_total", low="1", high="2")
    in_words = figure(measure="jobs_total")

    assert (exact and exact.comparator) is Comparator.EXACTLY
    assert (ranged and ranged.comparator) is Comparator.BETWEEN
    assert in_words
    assert in_words.bounds is None
