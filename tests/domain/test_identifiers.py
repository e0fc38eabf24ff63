"""Numbers by which the State names organisations."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from stdnum.fr import siren as judge_of_siren
from stdnum.fr import siret as judge_of_siret

from domain.identifiers import Identifier, Scheme, Siren, Siret
from tests.examples import settings

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


# --- identifiers of any register -----------------------------------------------------------------


def faults(given: object) -> list[str]:
    """What is said of an identifier; nothing where it is accepted."""
    try:
        Identifier.model_validate(given)
    except ValidationError as error:
        return [fault["msg"].removeprefix("Value error, ") for fault in error.errors()]
    return []


VALID = {
    "siren": "732829320",
    "siret": "35600000049837",
    "rna": "W9R1011072",
    "ridet": "1234567001",
    "tahiti": "A12345",
}


@pytest.mark.parametrize(
    ("written", "scheme", "number"),
    [
        ("SIREN 732 829 320", "siren", "732829320"),
        ("siret : 732 829 320 00074", "siret", "73282932000074"),
        ("732829320", "siren", "732829320"),
        ("356 000 000 49837", "siret", "35600000049837"),
        ("w9r1011072", "rna", "W9R1011072"),
        ("RNA W2A1000001", "rna", "W2A1000001"),  # Corsica
        ("RIDET 123 456", "ridet", "123456"),
        ("RIDET 1 234 567.001", "ridet", "1234567001"),
        ("Tahiti 075390", "tahiti", "075390"),
        ("tahiti a12345-001", "tahiti", "A12345001"),
    ],
)
def test_an_identifier_is_read_as_people_write_it(written: str, scheme: str, number: str) -> None:
    read = Identifier.model_validate(written)

    assert (read.scheme, read.number) == (scheme, number)


def test_a_foreign_number_comes_with_its_register_and_country() -> None:
    read = Identifier.model_validate(
        "étranger 0403.170.701, Banque-Carrefour des Entreprises, Belgique"
    )

    assert (read.scheme, read.number) == (Scheme.FOREIGN, "0403.170.701")
    assert (read.registry, read.country) == ("Banque-Carrefour des Entreprises", "Belgique")
    assert faults({"scheme": "foreign", "number": "12"}) == [
        "Un numéro étranger demande le nom du registre et le pays."
    ]


def test_an_organisation_without_a_number_says_why() -> None:
    read = Identifier.model_validate("aucun : collectif non déclaré")

    assert (read.scheme, read.number, read.reason) == (Scheme.NONE, None, "collectif non déclaré")
    assert read.organisation is None
    assert faults("aucun") == [
        "Sans identifiant, il faut le motif : dites pourquoi l'organisation n'en a pas."
    ]
    assert faults({"scheme": "none", "number": "12", "reason": "sans"}) == [
        "Une organisation sans identifiant n'a pas de numéro : donnez seulement le motif."
    ]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("RNA W12345678", "Le numéro RNA « W12345678 » n'est pas valide"),
        ("RNA WA23456789", "Le numéro RNA « WA23456789 » n'est pas valide"),
        ("RIDET 12345", "Le numéro RIDET « 12345 » n'est pas valide"),
        ("RIDET 12345678", "Le numéro RIDET « 12345678 » n'est pas valide"),
        ("Tahiti AB1234", "Le numéro Tahiti « AB1234 » n'est pas valide"),
        ("Tahiti ٠75390", "Le numéro Tahiti « ٠75390 » n'est pas valide"),
        ("SIREN", "Il manque le numéro SIREN."),
        ("12345", "« 12345 » ne dit pas quel registre donne ce numéro"),
        ("", "«  » ne dit pas quel registre"),
        ({"scheme": "rna"}, "Il manque le numéro RNA."),
        (
            {"scheme": "siren", "number": "732829320", "country": "Belgique"},
            "Le registre et le pays ne se donnent que pour un numéro étranger.",
        ),
        (
            {"scheme": "siren", "number": "732829320", "reason": "sans"},
            "Le motif ne se donne que pour une organisation sans identifiant.",
        ),
    ],
)
def test_each_fault_is_said_in_one_sentence(given: object, said: str) -> None:
    (told,) = faults(given)

    assert told.startswith(said)


@given(scheme=st.sampled_from(sorted(VALID)), data=st.data())
def test_spaces_never_make_a_valid_number_invalid(scheme: str, data: st.DataObject) -> None:
    number = VALID[scheme]
    gaps = st.sampled_from(["", " ", "\u00a0", "\u202f", "  "])
    spaced = "".join(digit + data.draw(gaps) for digit in number)

    assert Identifier.model_validate({"scheme": scheme, "number": spaced}).number == number


@given(number=st.from_regex(r"W[0-9][A-Z0-9][0-9]{7}", fullmatch=True), text=st.text(max_size=12))
def test_an_rna_number_is_what_the_pattern_of_the_state_says(number: str, text: str) -> None:
    for candidate in (number, number.lower(), text):
        form = re.fullmatch(r"W\d[A-Z\d]\d{7}", "".join(candidate.split()).upper(), re.ASCII)
        assert (not faults({"scheme": "rna", "number": candidate})) == bool(form)


def test_the_establishments_of_one_organisation_are_of_one_organisation() -> None:
    def organisation(written: str) -> object:
        return Identifier.model_validate(written).organisation

    assert organisation("SIREN 732829320") == organisation("SIRET 73282932000074")
    assert organisation("RIDET 123456") == organisation("RIDET 123456002")
    assert organisation("Tahiti 075390") == organisation("Tahiti 075390-002")
    assert organisation("RIDET 123456") == organisation("RIDET 0123456.002")
    assert organisation("RIDET 1234567") != organisation("Tahiti A12345")
    belgian = "étranger {}, Banque-Carrefour des Entreprises, Belgique"
    assert organisation(belgian.format("0403.170.701")) == organisation(
        belgian.format("0403 170 701")
    )
