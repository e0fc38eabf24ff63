"""What is wrong with what was given is said in the reader's language, whatever is wrong with it."""

import json
import re
from typing import Any

import pytest
from pydantic import ValidationError

from application.catalogue import COMMANDS
from application.recognition import ProposeFinding
from application.sentences import malformed, of_system_at, of_validation

ENGLISH = re.compile(
    r"\b(should|must|input|valid|field|the|value|values|least|badly|not|string|unexpected|be|item)\b",
    re.IGNORECASE,
)
CODES = re.compile(r"«[^»]*»|choisir parmi .*|\([^)]*\)")
"""What is quoted, or a code that is to be written as it is."""

WRONG: tuple[Any, ...] = (
    *(None, "", " ", "x" * 20_000, "\x00", "abc", "2024-99-99", "1e999", "{}", "é" * 600),
    *(0, -1, 10**30, 1.5, float("nan"), float("inf"), True, b"x"),
    *([], [" "], [""], ["x"] * 3000, [{}], [[]], [1], [None]),
    *({}, {"a": 1}, {"text": ""}, {"text": 1}, {"1": [{}]}),
)


def refusals(command: Any, given: dict[str, Any]) -> list[Any]:
    """What pydantic says of a value, given as a program does and as JSON; of what is there only."""
    found = []
    for ask, form in (
        (command.model_validate, given),
        (command.model_validate_json, json.dumps(given, default=str)),
    ):
        try:
            ask(form)
        except ValidationError as error:
            found.append([fault for fault in error.errors() if fault["type"] != "missing"])
    return [faults for faults in found if faults]


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_no_wrong_value_of_any_field_is_answered_in_english(name: str) -> None:
    command = COMMANDS[name]

    for field in command.model_fields:
        for value in WRONG:
            for faults in refusals(command, {field: value}):
                said = malformed(faults).say("fr")
                assert not ENGLISH.search(CODES.sub("", said)), (field, value, said)
                assert said.endswith(".")


def test_a_list_is_counted_and_a_text_is_not() -> None:
    with pytest.raises(ValidationError) as none:
        ProposeFinding.model_validate({"evidence": []})
    with pytest.raises(ValidationError) as blank:
        ProposeFinding.model_validate({"evidence": ["a"], "ground": " "})

    assert "« evidence » doit avoir 1 valeur au moins" in of_validation(none.value).say("fr")
    assert "“evidence” must have at least 1 value" in of_validation(none.value).say("en")
    assert "« ground » ne peut pas être vide" in of_validation(blank.value).say("fr")


def test_a_file_that_is_not_there_is_named() -> None:
    absent = FileNotFoundError(2, "No such file or directory", "absent.pdf")

    assert of_system_at(absent) == "Il n'y a ni fichier ni répertoire « absent.pdf »."
