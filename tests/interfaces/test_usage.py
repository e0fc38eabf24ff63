"""The help of the command line, in French to the last word."""

import pytest

from interfaces.cli.usage import usage_line
from tests.interfaces.test_cli import jalon


@pytest.mark.parametrize(
    ("english", "french"),
    [
        (
            "Usage: jalon charter show [OPTIONS] {CHARTE}",
            "Usage : jalon charter show [OPTIONS] CHARTE",
        ),
        (
            "Usage: jalon pole [OPTIONS] COMMAND [ARGS]...",
            "Usage : jalon pole [OPTIONS] COMMANDE [ARGUMENTS]…",
        ),
        (
            "Usage: jalon evaluation profile [OPTIONS] [[TOUR]]",
            "Usage : jalon evaluation profile [OPTIONS] [TOUR]",
        ),
    ],
)
def test_the_usage_line_is_french(english: str, french: str) -> None:
    assert usage_line(english) == french


def test_the_help_says_what_each_code_means() -> None:
    told = " ".join(jalon("charter-signature", "sign", "--help").out.replace("│", " ").split())

    assert "existing_pole (PTCE existant), in_creation (PTCE en création)" in told
    assert "Usage : " in told


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["pole", "shw"], "La commande « shw » n'existe pas ; peut-être show ?"),
        (
            ["pole", "why", "x", "--roles", "y"],
            "L'option --roles n'existe pas ; peut-être --role ?",
        ),
    ],
)
def test_a_mistyped_word_is_answered_with_the_nearest_one(words: list[str], sentence: str) -> None:
    seen = jalon(*words)

    assert (seen.code, seen.err.strip()) == (2, sentence)
