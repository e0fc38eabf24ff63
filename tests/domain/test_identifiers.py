"""Numbers by which the State names organisations."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from stdnum.fr import siren as judge_of_siren
from stdnum.fr import siret as judge_of_siret

from domain.identifiers import Siren, Siret

HEAD_OFFICE = "35600000000048"
SIRET: TypeAdapter[str] = TypeAdapter(Siret)
SIREN: TypeAdapter[str] = TypeAdapter(Siren)


def luhn(number: str) -> bool:
    """The sum of the digits, every other one from the right doubled, is a multiple of ten."""
    doubled = [int(digit) * (1 + n % 2) for n, digit in enumerate(reversed(number))]
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0


def is_accepted(kind: TypeAdapter[str], number: str) -> bool:
    try:
        kind.validate_python(number)
    except ValidationError:
        return False
    return True


def test_a_siret_is_read_with_its_spaces() -> None:
    assert SIRET.validate_python("732 829 320 00074") == "73282932000074"


@pytest.mark.parametrize(
    "number",
    [
        HEAD_OFFICE,  # which follows the common one
        "35600000049837",  # an office, which does not: its digits add up to a multiple of five
    ],
)
def test_the_establishments_of_la_poste_follow_a_rule_of_their_own(number: str) -> None:
    assert SIRET.validate_python(number) == number


def test_the_rule_of_la_poste_is_only_for_la_poste() -> None:
    assert sum(map(int, "35600000049838")) % 5 != 0
    assert not is_accepted(SIRET, "35600000049838")
    assert not is_accepted(SIRET, "73282932000070")  # whose digits add up to 45


@pytest.mark.parametrize("number", ["73282932000075", "12345678901234"])
def test_a_siret_with_a_wrong_key_is_refused_in_one_sentence(number: str) -> None:
    said = f"Le SIRET {number} n'est pas valide : sa clé de contrôle ne correspond pas."

    with pytest.raises(ValidationError, match=said):
        SIRET.validate_python(number)


@pytest.mark.parametrize("number", ["", "7328293200007", "7328293200007X", "٧٣٢٨٢٩٣٢٠٠٠٠٧٤"])
def test_a_siret_has_fourteen_digits(number: str) -> None:
    with pytest.raises(ValidationError, match="il faut quatorze chiffres"):
        SIRET.validate_python(number)


def test_a_siren_has_nine_digits_and_a_key() -> None:
    assert SIREN.validate_python("732 829 320") == "732829320"
    with pytest.raises(ValidationError, match="il faut neuf chiffres"):
        SIREN.validate_python("73282932")
    with pytest.raises(
        ValidationError,
        match=r"Le SIREN 732829321 n'est pas valide : sa clé de contrôle ne correspond pas\.",
    ):
        SIREN.validate_python("732829321")


@settings(deadline=None, max_examples=300)
@given(number=st.from_regex(r"[0-9]{9}", fullmatch=True))
def test_a_siren_is_accepted_when_its_key_is_right(number: str) -> None:
    assert is_accepted(SIREN, number) == luhn(number) == judge_of_siren.is_valid(number)


@settings(deadline=None, max_examples=300)
@given(number=st.from_regex(r"(356000000[0-9]{5})|([0-9]{14})", fullmatch=True))
def test_a_siret_is_accepted_when_its_keys_are_right(number: str) -> None:
    if number.startswith("356000000") and number != HEAD_OFFICE:
        right = sum(map(int, number)) % 5 == 0
    else:
        right = luhn(number) and luhn(number[:9])

    assert is_accepted(SIRET, number) == right == judge_of_siret.is_valid(number)


@settings(deadline=None)
@given(number=st.from_regex(r"[0-9]{8}", fullmatch=True), slip=st.integers(0, 8))
def test_a_slip_of_one_digit_is_always_noticed(number: str, slip: int) -> None:
    key = next(str(k) for k in range(10) if luhn(f"{number}{k}"))
    siren = number + key
    wrong = siren[:slip] + str((int(siren[slip]) + 1) % 10) + siren[slip + 1 :]

    assert is_accepted(SIREN, siren)
    assert not is_accepted(SIREN, wrong)
