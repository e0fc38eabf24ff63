"""Files that are not what they should be: one sentence, and nothing half loaded."""

import os
import time
from pathlib import Path

import pytest

from tests.interfaces.shell import (
    HEADER,
    POLES,
    audit,
    jalon,
    refused,
    rows,
)

FILES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "Le fichier est vide."),
    "blank": (b"\n \n\n", "Le fichier est vide."),
    "mark alone": (b"\xef\xbb\xbf", "Le fichier est vide."),
    "other columns": (b"nom,region\nA,Bretagne\n", "il manque : name"),
    "a column more": ((HEADER.strip() + ",avis\n").encode(), "en trop : avis"),
    "a column twice": (HEADER.replace("note", "name").encode(), "il manque : note"),
    "no header": (rows("A").encode(), "La première ligne n'est pas la bonne"),
    "latin-1": ((HEADER + rows("Énergie")).encode("latin-1"), "n'est pas en UTF-8 (ligne 2)"),
    "utf-16": ((HEADER + rows("A")).encode("utf-16"), "n'est pas en UTF-8"),
    "utf-32": ((HEADER + rows("A")).encode("utf-32"), "n'est pas"),
    "binary": (bytes(range(256)) * 64, "n'est pas"),
    "zip": (b"PK\x03\x04" + os.urandom(4000), "n'est pas"),
    "zeros": (bytes(4000), "La première ligne"),
    "open header": (b'"name,territory\n' + rows("A").encode(), "La première ligne"),
    "a number": (b"1", "La première ligne"),
}


@pytest.mark.parametrize("apply", [[], ["--apply"]], ids=["rehearsed", "applied"])
@pytest.mark.parametrize("name", sorted(FILES))
@pytest.mark.parametrize("kind", ["poles", "timeline"])
def test_a_file_that_is_not_what_it_should_be(
    untouched: Path, tmp_path: Path, kind: str, name: str, apply: list[str]
) -> None:
    content, words = FILES[name]
    file = tmp_path / "fichier.csv"
    file.write_bytes(content)
    if kind == "timeline" and "colonne" not in name and not words.startswith("il "):
        words = words.replace("est pas la bonne", "")

    seen = jalon("--home", untouched, "import", kind, file, *apply)

    refused(seen, 2, *([words] if kind == "poles" else []))
    assert seen.out == ""


def test_files_that_are_none(untouched: Path, tmp_path: Path) -> None:
    def told(file: Path | str) -> str:
        return refused(jalon("--home", untouched, "import", "poles", file, "--apply"), 2)

    assert "c'est un répertoire" in told(tmp_path)
    assert "il n'existe pas" in told(tmp_path / "absent.csv")
    assert "un des répertoires n'en est pas un" in told(f"{POLES}/dedans.csv")
    assert "son nom est trop long" in told("x" * 300)
    assert "Le fichier est vide." in told("/dev/null")


def test_a_file_of_a_hundred_megabytes_is_refused_at_once(untouched: Path, tmp_path: Path) -> None:
    file = tmp_path / "enorme.csv"
    with file.open("wb") as sparse:
        sparse.truncate(100_000_000)
    start = time.process_time()

    seen = jalon("--home", untouched, "import", "poles", file, "--apply")

    refused(seen, 2, "20 Mo")
    assert time.process_time() - start < 5


def test_a_file_without_an_end_is_refused_too(untouched: Path) -> None:
    refused(jalon("--home", untouched, "import", "poles", "/dev/zero", "--apply"), 2, "20 Mo")


@pytest.mark.parametrize(
    "row",
    [
        '"Ouvert,,,Bretagne,2014,,confirmed,,,\n',
        'Ouvert,"jamais fermé,,Bretagne,2014,,confirmed,,,\n',
        'Ouvert,,,Bretagne,2014,,confirmed,,,"\n',
        'Ouvert,,,"Bre"tagne,2014,,confirmed,,,\n',
    ],
    ids=["first", "second", "last", "inside"],
)
def test_a_quote_left_open_loses_its_own_row_only(empty: Path, tmp_path: Path, row: str) -> None:
    file = tmp_path / "guillemet.csv"
    file.write_text(HEADER + rows("Avant") + row + rows("Après", "Plus loin"), "utf-8")

    seen = jalon("--home", empty, "import", "poles", file, "--apply")

    assert seen.code == 1
    assert "Traceback" not in seen.err
    assert seen.err.splitlines()[0].startswith("ligne 3 : ")
    listed = jalon("--home", empty, "pole", "list", "--json").json["items"]
    assert {"Avant", "Après", "Plus loin"} <= {line["name"] for line in listed}


def test_rows_with_what_no_name_may_hold(empty: Path, tmp_path: Path) -> None:
    file = tmp_path / "noms.csv"
    names = ["a\x00b", "x" * 100_000, "a\x1b[31mb", "a\x07", "Bon"]
    file.write_text(HEADER + rows(*names), "utf-8")

    seen = jalon("--home", empty, "import", "poles", file, "--apply")

    assert seen.code == 1
    assert "Traceback" not in seen.err
    assert "Input should" not in seen.err
    assert [line.split(" : ")[0] for line in seen.err.splitlines()] == [
        f"ligne {n}" for n in (2, 3, 4, 5)
    ]
    listed = jalon("--home", empty, "pole", "list", "--json").json["items"]
    assert [line["name"] for line in listed] == ["Bon"]


def test_a_hundred_thousand_bad_rows_are_told_without_waiting(empty: Path, tmp_path: Path) -> None:
    file = tmp_path / "faux.csv"
    file.write_text(HEADER + "x\n" * 100_000, "utf-8")
    before = audit(empty)
    start = time.process_time()

    seen = jalon("--home", empty, "import", "poles", file, "--apply")

    assert seen.code == 1
    assert seen.err.count("\n") == 100_000
    assert audit(empty) == before
    assert time.process_time() - start < 30


def test_quotes_left_open_on_every_row_are_told_in_good_time(empty: Path, tmp_path: Path) -> None:
    """Each is looked for up to the end of the file: that must not take hours."""
    file = tmp_path / "guillemets.csv"
    file.write_text(HEADER + 'a,"b,,Bretagne,2014,,confirmed,,,\n' * 20_000 + "x", "utf-8")
    start = time.process_time()

    seen = jalon("--home", empty, "import", "poles", file)

    assert seen.code == 1
    assert time.process_time() - start < 30


OF_A_FILE = [
    ("journey", "publish"),
    ("journey", "diff", "pole@2021-05-12"),
    ("workflow", "backtest"),
    ("workflow", "check"),
    ("workflow", "draw"),
    ("workflow", "export"),
    ("workflow", "import"),
]


@pytest.mark.parametrize("verb", OF_A_FILE, ids=lambda verb: verb[1])
def test_a_definition_that_is_no_file(untouched: Path, tmp_path: Path, verb: list[str]) -> None:
    """A pipe is not waited for, and what is not there is not said to be too large."""
    (tmp_path / "folder.yaml").mkdir()
    os.mkfifo(tmp_path / "pipe.yaml")

    for name, reason in (
        ("folder.yaml", "c'est un répertoire."),
        ("pipe.yaml", "ce n'est pas un fichier ordinaire."),
        ("none.yaml", "il n'existe pas."),
    ):
        refused(
            jalon("--home", untouched, *verb, tmp_path / name), 2, "ne peut pas être lu", reason
        )


@pytest.mark.parametrize("verb", ["publish", "backtest", "draw", "export"])
def test_a_definition_that_describes_no_journey(untouched: Path, tmp_path: Path, verb: str) -> None:
    """YAML, of which nobody asks that it be JSON."""
    line = ("--home", untouched, "journey" if verb == "publish" else "workflow", verb)
    for text, reason in (("", "le fichier est vide."), ("[1, 2]", "ce n'est pas un parcours.")):
        (tmp_path / "draft.yaml").write_text(text)
        refused(jalon(*line, tmp_path / "draft.yaml"), 4, reason)


def test_a_folder_of_definitions_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    line = ("workflow", "answer", "--definitions")

    refused(jalon(*line, tmp_path / "none"), 2, "il n'existe pas.")
    refused(jalon(*line, tmp_path / "file"), 2, "ce n'est pas un répertoire.")


def test_an_account_that_is_none(untouched: Path) -> None:
    for given in ("zzz", ""):
        seen = jalon("--home", untouched, "inbox", "--person", given)
        refused(seen, 2, "--person : un identifiant est attendu.")


@pytest.mark.parametrize("verb", [(), ("tick",), ("bulk", "move"), ("workflow", "answer")])
def test_the_help_is_in_french(verb: tuple[str, ...]) -> None:
    shown = jalon(*verb, "--help").out

    assert "Montrer cette aide." in " ".join(shown.split())
    for word in ("Show this message", "<str>", "<bool>", "<path>", "range"):
        assert word not in shown
