"""Names, days and steps that are none: one sentence, a code, and nothing lost."""

import time
from pathlib import Path

import pytest

from tests.interfaces.shell import (
    audit,
    jalon,
    refused,
)


@pytest.mark.parametrize("verb", ["show", "history", "why"])
@pytest.mark.parametrize(
    "name",
    ["zzz", "' OR 1=1 --", "../../etc/passwd", "<script>zzz", "\x1b[31mzzz", "z" * 100_000],
    ids=lambda name: name[:12],
)
def test_an_unknown_pole(untouched: Path, verb: str, name: str) -> None:
    refused(jalon("--home", untouched, "pole", verb, name), 1, "ne figure pas dans le registre.")


@pytest.mark.parametrize("verb", ["show", "history", "why"])
def test_a_name_that_several_poles_bear(untouched: Path, verb: str) -> None:
    seen = jalon("--home", untouched, "pole", verb, "ateliers")

    refused(seen, 1, "désigne plusieurs pôles", "les-ateliers, les-ateliers-du-rond-point")


@pytest.mark.parametrize("name", ["", "  ", "%", "!!!", "😀", "\udcff"], ids=ascii)
def test_a_name_that_names_nothing(untouched: Path, name: str) -> None:
    """And not every pole whose name has the word “pôle” in it."""
    refused(jalon("--home", untouched, "pole", "show", name), 1, "ne figure pas dans le registre.")


def test_an_unknown_transition(untouched: Path) -> None:
    line = ["--home", str(untouched), "pole", "move", "--pole", "ecossolies", "--transition"]

    refused(jalon(*line, "canonise"), 4, "n'a pas de passage « canonise »", "sign_charter")
    refused(jalon(*line, "Signer la charte"), 4, "n'a pas de passage « Signer la charte »")
    refused(jalon(*line, "a\nb"), 2, "« --transition »")


@pytest.mark.parametrize(
    "given",
    ["{", "[1]", "1", "null", '"a"', '{"a": 1', "[" * 100_000, "9" * 5000],
    ids=lambda given: given[:8],
)
def test_an_input_that_is_not_an_object(untouched: Path, given: str) -> None:
    seen = jalon(
        *("--home", untouched, "pole", "move", "--pole", "ecossolies"),
        *("--transition", "end", "--input", given),
    )

    refused(seen, 2, "input")


@pytest.mark.parametrize("question", ["list", "show", "history", "why"])
@pytest.mark.parametrize("option", ["--known", "--in-force"])
@pytest.mark.parametrize(
    "day",
    ["2013-13-01", "2013-02-30", "hier", "12.03.2014", "2013", "0000-01-01", "２０１３-01-01"],
)
def test_a_day_of_a_question_that_is_none(
    untouched: Path, question: str, option: str, day: str
) -> None:
    name = [] if question == "list" else ["ecossolies"]

    refused(
        jalon("--home", untouched, "pole", question, *name, option, day),
        2,
        f"« {day} » n'est pas un jour",
    )


def test_a_day_that_has_not_come_is_not_known(untouched: Path) -> None:
    refused(jalon("--home", untouched, "pole", "list", "--known", "9999-12-31"), 2, "pas venu")


@pytest.mark.parametrize("day", ["2013-13-01", "2013-02-30", "2013-13", "hier", "12.03.2014", "13"])
def test_a_date_of_a_fact_that_is_none(untouched: Path, day: str) -> None:
    seen = jalon("--home", untouched, "pole", "register", "--name", "A", "--occurred-on", day)

    refused(seen, 2, f"« {day} »")


def test_a_fact_that_would_end_before_it_begins(untouched: Path) -> None:
    seen = jalon(
        *("--home", untouched, "pole", "describe-activity", "--pole", "ecossolies"),
        *("--words", "x", "--occurred-on", "2020", "--valid-to", "2019-12-31"),
    )

    refused(seen, 4, "31 décembre 2019", "1er janvier 2020")


@pytest.mark.parametrize(
    ("siret", "held"),
    [
        ("732 829 320 00074", True),
        ("73282932000074", True),
        ("73282932000075", False),
        ("7328293200007", False),
        ("732829320000744", False),
        ("7328293200007A", False),
        ("٧٣٢٨٢٩٣٢٠٠٠٠٧٤", False),
        # La Poste: the head office by the common rule, the others by the sum of their digits.
        ("35600000000048", True),
        ("35600000049837", True),
        ("35600000049838", False),
    ],
)
def test_a_siret_is_checked_by_its_key(home: Path, siret: str, held: bool) -> None:
    before = audit(home)

    seen = jalon(
        *("--home", home, "pole", "designate-carrier", "--pole", "ecossolies"),
        *("--name", "Association", "--siret", siret),
    )

    if held:
        assert seen.code == 0, seen
    else:
        refused(seen, 2, "SIRET", "n'est pas valide")
        assert audit(home) == before


@pytest.mark.parametrize(
    "name",
    ["", "   ", "a\x00b", "a\x07b", "\x1b[2Jrien", "a\nb", "a\rb", "x" * 100_000, "\udcff", "\x85"],
    ids=lambda name: ascii(name[:8]),
)
def test_a_name_that_cannot_be_one(empty: Path, name: str) -> None:
    """A control character would rewrite the terminal of whoever lists the poles."""
    before = audit(empty)

    refused(jalon("--home", empty, "pole", "register", "--name", name), 2, "name")

    assert audit(empty) == before


@pytest.mark.parametrize(
    "name", ["😀", "مركز", "<script>alert(1)</script>", "{0}", "%s", "'; DROP TABLE event", "Ａ"]
)
def test_a_strange_name_is_kept_as_it_is(home: Path, name: str) -> None:
    made = jalon("--home", home, "pole", "register", "--name", name, "--json").json["id"]

    assert jalon("--home", home, "pole", "show", made, "--json").json["name"] == name
    assert name in jalon("--home", home, "pole", "list").out
    assert name in jalon("--home", home, "pole", "history", made).out


@pytest.mark.parametrize(
    "line",
    [
        ["pole", "abolish"],
        ["rien"],
        ["pole", "list", "--rien"],
        ["pole", "show"],
        ["pole", "show", "a", "b"],
        ["pole", "register"],
        ["pole", "register", "--name"],
        ["pole", "add-member", "--pole", "ecossolies", "--member-kind", "ami"],
        ["pole", "why", "ecossolies", "--role", "roi"],
        ["pole", "register", "--name", "A", "--as", "roi"],
        ["serve", "--port", "0"],
        ["serve", "--port", "65536"],
        ["serve", "--port", "http"],
        ["import", "poles"],
        ["claim", "retract", "--claim", "1"],
        ["journey", "publish", "/nulle/part.yaml"],
    ],
    ids=" ".join,
)
def test_a_line_that_is_not_one(untouched: Path, line: list[str]) -> None:
    refused(jalon("--home", untouched, *line), 2)


@pytest.mark.parametrize(
    "content", [b"", b"\x00\xff", b"a: [", b"- 1", b"id: pole", b"a: *b", b"\t"]
)
def test_a_journey_that_is_not_one(untouched: Path, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "parcours.yaml"
    file.write_bytes(content)

    refused(jalon("--home", untouched, "journey", "publish", file), 4, "parcours.yaml")


def test_a_journey_without_end_or_depth(untouched: Path, tmp_path: Path) -> None:
    deep, wide = tmp_path / "profond.yaml", tmp_path / "bombe.yaml"
    deep.write_text("a: " + "{a: " * 5000)
    levels = (f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]" for n in range(24))
    wide.write_text("\n".join(["a: &a [x, x]", *levels]))

    refused(jalon("--home", untouched, "journey", "publish", deep), 4, "trop de niveaux")
    refused(jalon("--home", untouched, "journey", "publish", "/dev/zero"), 2, "fichier ordinaire")
    start = time.process_time()
    assert jalon("--home", untouched, "journey", "publish", wide).code == 4
    assert time.process_time() - start < 5


def test_a_folder_where_a_journey_was_expected(untouched: Path, tmp_path: Path) -> None:
    seen = jalon("--home", untouched, "journey", "publish", tmp_path)

    refused(seen, seen.code or 1, "c'est un répertoire")
