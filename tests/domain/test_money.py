"""Amounts: read as people write them, kept in whole cents, never rounded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from domain.money import MOST, Euros, EurosOrNone, cents, euros


class Asked(BaseModel):
    amount: Euros


class Paid(BaseModel):
    amount: EurosOrNone


@given(st.integers(0, MOST))
def test_what_is_shown_is_read_back(amount: int) -> None:
    assert cents(euros(amount)) == amount


@given(st.integers(1, MOST))
def test_a_command_written_out_means_the_same_amount(amount: int) -> None:
    asked = Asked(amount=euros(amount))
    assert asked.amount == amount
    assert Asked.model_validate(asked.model_dump()) == asked
    assert Asked.model_validate_json(asked.model_dump_json()) == asked


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("30000", 3_000_000),
        (30000, 3_000_000),
        ("30 000,50 €", 3_000_050),
        ("1 000 000 euros", 100_000_000),
        ("0,1", 10),
        ("12.05EUR", 1_205),
    ],
)
def test_amounts_are_read_as_people_write_them(written: object, expected: int) -> None:
    assert cents(written) == expected


@pytest.mark.parametrize(
    "written",
    [
        *(0.1 + 0.2, 30000.0, True, None, [], ""),
        *("-5", "−5", "1e9", "0,001", "1 23", "12 $", "12 USD", "CHF 12", "٣", "9" * 30),
        "100 000 000 000,01",
    ],
)
def test_what_is_no_exact_amount_in_euros_is_refused_in_a_sentence(written: object) -> None:
    with pytest.raises(ValueError, match="«"):
        cents(written)


def test_nothing_is_no_amount_but_where_it_may_be() -> None:
    with pytest.raises(ValidationError, match="montant nul"):
        Asked(amount=0)
    assert Paid(amount=0).amount == 0
