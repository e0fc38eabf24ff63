"""Refusals: a code of its own and one sentence, in both languages."""

from collections.abc import Iterator
from string import Formatter

import pytest

from application import catalogue as product  # every refusal of the two inner layers is known
from domain.errors import Forbidden, JalonError, NotFound

assert product.COMMANDS


def refusals() -> Iterator[type[JalonError]]:
    found: list[type[JalonError]] = [JalonError]
    for kind in found:
        found += kind.__subclasses__()
    return (kind for kind in found if kind.__module__.startswith(("domain.", "application.")))


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_every_refusal_has_a_code_of_its_own() -> None:
    """One that says more of another keeps its code."""
    codes = [kind.code for kind in refusals() if "code" in vars(kind)]

    assert sorted(codes) == sorted(set(codes))


@pytest.mark.parametrize("kind", list(refusals()), ids=lambda kind: kind.code)
def test_a_refusal_says_the_same_in_both_languages(kind: type[JalonError]) -> None:
    assert placeholders(kind.fr) == placeholders(kind.en)


def test_a_refusal_says_its_sentence_in_french_unless_asked() -> None:
    refusal = NotFound(name="tetris")

    assert str(refusal) == refusal.say("fr") == "« tetris » ne figure pas dans le registre."
    assert refusal.say("en") == "“tetris” is not in the register."


def test_a_refusal_keeps_the_facts_that_fill_its_sentence() -> None:
    assert Forbidden(roles="registrar").details == {"roles": "registrar"}
