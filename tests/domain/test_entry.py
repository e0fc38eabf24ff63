"""What is said of a pole beside its members: read as people write it, refused in a sentence."""

from collections import Counter

import pytest
from pydantic import TypeAdapter, ValidationError

from application import entry as commands
from application.command import COMMANDS
from application.pole import PoleCommand
from domain.entry import Figure, Naf
from domain.naf import CODES, SUB_CLASSES
from domain.territory import Place

NAF: TypeAdapter[str] = TypeAdapter(Naf)
FIGURE: TypeAdapter[str] = TypeAdapter(Figure)

DESCRIBING = [c for c in COMMANDS.values() if issubclass(c, commands.Describe)]


@pytest.mark.parametrize("command", DESCRIBING)
def test_a_command_asks_for_what_the_value_holds_and_nothing_else(
    command: type[commands.Describe],
) -> None:
    asked = {
        name: field
        for name, field in command.model_fields.items()
        if name not in commands.Describe.model_fields or name in command.__annotations__
    }
    held = {name: f for name, f in command.OF.model_fields.items() if name != "type"}

    assert {*asked} - {"source"} == {*held}
    for name, field in held.items():
        assert asked[name].is_required() == field.is_required(), name


def test_every_value_is_described_by_one_command() -> None:
    assert len({command.OF for command in DESCRIBING}) == len(DESCRIBING) == 10
    assert issubclass(commands.Describe, PoleCommand)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("38.32Z", "38.32Z"),
        ("3832z", "38.32Z"),
        ("38", "38"),
        ("38.3", "38.3"),
        (" 38 32 Z", "38.32Z"),
    ],
)
def test_a_code_of_activity_is_read_as_people_write_it(written: str, code: str) -> None:
    assert NAF.validate_python(written) == code


@pytest.mark.parametrize("written", ["", "3", "38.32ZZ", "Z3832", "38.", "٣٨"])
def test_another_is_refused_in_one_sentence(written: str) -> None:
    with pytest.raises(ValidationError, match="n'est pas un code NAF : écrire 38"):
        NAF.validate_python(written)


@pytest.mark.parametrize("written", ["99.99Z", "38.32A", "04", "38.9", "00"])
def test_a_code_that_the_classification_does_not_have_is_refused(written: str) -> None:
    with pytest.raises(ValidationError, match=f"« {written} » n'existe pas dans la nomenclature"):
        NAF.validate_python(written)


def test_the_classification_has_as_many_codes_as_the_insee_published() -> None:
    by_length = Counter(map(len, CODES))

    assert by_length == {2: 88, 4: 272, 5: 615, 6: 732}
    assert len(set(SUB_CLASSES)) == len(SUB_CLASSES)
    assert all(NAF.validate_python(code) == code for code in CODES)


@pytest.mark.parametrize("written", ["onze", "", "1.2.3", "1e3", "12 %", "--1"])
def test_a_figure_is_a_number(written: str) -> None:
    with pytest.raises(ValidationError, match="n'est pas un nombre : écrire 12 ou 12,5"):
        FIGURE.validate_python(written)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("bidule:12", "n'est pas une nature de territoire"),
        ("commune:35236@abc", "n'est pas l'année d'un code"),
        ("commune:35236@1900", "à partir de 1943"),
        ("named_area: ", "se donne par son nom"),
        ("35236", "ne désigne pas un territoire"),
    ],
)
def test_a_place_that_cannot_be_read_is_refused_in_one_sentence(written: str, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Place.model_validate(written)
