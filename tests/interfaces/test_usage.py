"""The help of the command line, in French to the last word."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import typer
from typer.core import TyperGroup

from interfaces.cli.main import program
from interfaces.cli.usage import range_in_words, usage_line
from tests.interfaces.shell import jalon

ENGLISH = re.compile(r"\b(the|of|and|with|for|is|are|file|path|name|default|required|this)\b")
RAW = re.compile(r"[a-z]+\.[a-z]+_[a-z]+|Seulement : |<=|>=|[<>{}]|PosixPath")


def asked(command: Any = None, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Every argument and option of every verb, with the verb."""
    command = command or program()
    yield from ((" ".join(path), parameter) for parameter in command.params)
    if isinstance(command, TyperGroup):
        for name in command.list_commands(typer.Context(command)):
            yield from asked(command.commands[name], (*path, name))


def test_every_argument_and_option_says_in_french_what_it_is() -> None:
    found = list(asked())
    said = {
        f"{verb} {p.opts}": re.sub(r"[\[{].*[\]}]", "", p.help or "").strip()  # examples of JSON
        for verb, p in found
        if p.opts != ["--help"]
    }

    assert len(found) > 1000
    assert [where for where, words in said.items() if not words.endswith((".", "…"))] == []
    assert [where for where, words in said.items() if not words[0].isupper()] == []
    assert [words for words in said.values() if ENGLISH.search(words) or RAW.search(words)] == []
    for verb, parameter in found:
        assert len(set(parameter.opts)) == len(parameter.opts), verb
        if parameter.param_type_name == "argument":
            assert parameter.metavar, verb
            assert parameter.metavar.lstrip("[")[0].isupper(), verb


@pytest.mark.parametrize(
    ("verb", "told"),
    [
        (["backup"], ["jalon backup [OPTIONS] FICHIER", "Fichier à créer."]),
        (["succession", "list"], ["les lignes où « Par » a cette valeur. Au choix : fusion, sci"]),
        (["claim", "correct"], ["entre deux nombres… ; au choix : exactly (exactement), about"]),
        (["stalls"], ["de 0 à 36500"]),
        (["workflow", "check"], ["[OPTIONS] FICHIER…"]),
    ],
)
def test_the_help_reads_as_french(verb: list[str], told: list[str]) -> None:
    said = " ".join(jalon(*verb, "--help", COLUMNS="300").out.replace("│", " ").split())

    assert all(words in said for words in told), said
    assert not ENGLISH.search(said)
    assert not RAW.search(said)


def test_limits_are_said_in_words() -> None:
    said = [range_in_words(limit) for limit in ("0<=x<=9", "x>=1", "x<=5", "")]

    assert said == ["de 0 à 9", "1 au moins", "5 au plus", ""]


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
        (["pole", "list", "--where", "x"], "L'option --where n'existe pas."),
    ],
)
def test_a_mistyped_word_is_answered_with_the_nearest_one(words: list[str], sentence: str) -> None:
    seen = jalon(*words)

    assert (seen.code, seen.err.strip()) == (2, sentence)
