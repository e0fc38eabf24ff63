"""Everything people, files and machines get wrong: one sentence, a code, and nothing lost."""

import ctypes
import os
import random
import resource
import shutil
import signal
import socket
import sqlite3
import subprocess
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from infrastructure.reference import shipped_grids, shipped_journeys
from tests.interfaces.test_cli import (
    HEADER,
    POLES,
    PROGRAM,
    Seen,
    audit,
    environment,
    jalon,
    loaded,
    program,
)

BEGUN = len([*shipped_journeys(), *shipped_grids()])
"""Events of a registry that has just been begun."""

POLE_ROWS = POLES.read_text("utf-8").splitlines(keepends=True)


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A registry with the public history; nothing writes in it, whatever is tried."""
    home = loaded(tmp_path_factory.mktemp("history") / "home")
    before = audit(home)
    yield home
    assert audit(home) == before


@pytest.fixture
def home(history: Path, tmp_path: Path) -> Path:
    """A copy of the registry with the public history, to write in."""
    return shutil.copytree(history, tmp_path / "home")


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """A registry with its journeys, and no pole yet."""
    assert jalon("--home", tmp_path / "empty", "init").code == 0
    return tmp_path / "empty"


@pytest.fixture
def untouched(history: Path) -> Iterator[Path]:
    """The registry with the public history, which must be the same afterwards."""
    before = leaves(history)
    yield history
    assert leaves(history) == before


def leaves(home: Path) -> list[Any]:
    """The leaf of each event, which says all of it."""
    with closing(sqlite3.connect(home / "registry.db")) as db:
        return db.execute("SELECT leaf FROM event ORDER BY position").fetchall()


def refused(seen: Seen, code: int, *words: str) -> str:
    """The one sentence of a refusal."""
    assert seen.code == code, seen
    assert "Traceback" not in seen.out + seen.err
    assert "Input should" not in seen.err, "the words of a library"
    sentence = seen.err.rstrip("\n")
    assert sentence, seen
    assert "\n" not in sentence, sentence
    assert sentence[-1] in ".»)", sentence
    for word in words:
        assert word in sentence, sentence
    return sentence


def poles_in(home: Path) -> int:
    total: int = jalon("--home", home, "pole", "list", "--json").json["total"]
    return total


# --- names, days and steps ----------------------------------------------------------------------


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
    ["2013-13-01", "2013-02-30", "hier", "12/03/2014", "2013", "0000-01-01", "２０１３-01-01"],
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


@pytest.mark.parametrize("day", ["2013-13-01", "2013-02-30", "2013-13", "hier", "12/03/2014", "13"])
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
    start = time.monotonic()
    assert jalon("--home", untouched, "journey", "publish", wide).code == 4
    assert time.monotonic() - start < 5


def test_a_folder_where_a_journey_was_expected(untouched: Path, tmp_path: Path) -> None:
    seen = jalon("--home", untouched, "journey", "publish", tmp_path)

    refused(seen, seen.code or 1, "c'est un dossier")


# --- files --------------------------------------------------------------------------------------


def rows(*names: str) -> str:
    return "".join(f"{name},,,Bretagne,2014,,confirmed,,,une source\n" for name in names)


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

    assert "c'est un dossier" in told(tmp_path)
    assert "il n'existe pas" in told(tmp_path / "absent.csv")
    assert "un des dossiers n'en est pas un" in told(f"{POLES}/dedans.csv")
    assert "son nom est trop long" in told("x" * 300)
    assert "Le fichier est vide." in told("/dev/null")


def test_a_file_of_a_hundred_megabytes_is_refused_at_once(untouched: Path, tmp_path: Path) -> None:
    file = tmp_path / "enorme.csv"
    with file.open("wb") as sparse:
        sparse.truncate(100_000_000)
    start = time.monotonic()

    seen = jalon("--home", untouched, "import", "poles", file, "--apply")

    refused(seen, 2, "20 Mo")
    assert time.monotonic() - start < 5


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
    start = time.monotonic()

    seen = jalon("--home", empty, "import", "poles", file, "--apply")

    assert seen.code == 1
    assert seen.err.count("\n") == 100_000
    assert audit(empty) == before
    assert time.monotonic() - start < 30


def test_quotes_left_open_on_every_row_are_told_in_good_time(empty: Path, tmp_path: Path) -> None:
    """Each is looked for up to the end of the file: that must not take hours."""
    file = tmp_path / "guillemets.csv"
    file.write_text(HEADER + 'a,"b,,Bretagne,2014,,confirmed,,,\n' * 20_000 + "x", "utf-8")
    start = time.monotonic()

    seen = jalon("--home", empty, "import", "poles", file)

    assert seen.code == 1
    assert time.monotonic() - start < 30


# --- several at once ----------------------------------------------------------------------------


def together(lines: list[list[str]]) -> list[Seen]:
    """Run several programs at the same moment."""
    with ThreadPoolExecutor(len(lines)) as pool:
        return list(pool.map(lambda line: program(*line), lines))


def settled(seen: Seen) -> None:
    """Done, or refused cleanly."""
    assert "Traceback" not in seen.err, seen
    if seen.code:
        refused(seen, seen.code)
        assert seen.code in (1, 4, 5)


def test_two_imports_at_once_load_each_pole_once(empty: Path) -> None:
    line = ["--home", str(empty), "import", "poles", str(POLES), "--apply"]

    for seen in together([line, line]):
        assert seen.code == 0, seen

    assert poles_in(empty) == 77
    assert audit(empty)[0] == BEGUN + 693
    assert jalon("--home", empty, "rebuild").code == 0


@pytest.mark.long
def test_imports_and_members_at_once_lose_nothing(empty: Path) -> None:
    jalon("--home", empty, "pole", "register", "--name", "Commun")
    home = ["--home", str(empty)]
    imports = [[*home, "import", "poles", str(POLES), "--apply"]] * 4
    join = [*home, "pole", "add-member", "--pole", "commun", "--member-kind", "research"]
    members = [[*join, "--name", f"Nom {n}"] for n in range(12)]

    for seen in together(imports + members):
        settled(seen)
        assert seen.code == 0, seen

    sheet = jalon("--home", empty, "pole", "show", "commun", "--json").json
    assert {member["name"] for member in sheet["members"]} == {f"Nom {n}" for n in range(12)}
    assert poles_in(empty) == 78
    audit(empty)


def test_the_same_key_sent_by_many_at_once_is_done_once(home: Path) -> None:
    size = audit(home)[0]
    line = ["--home", str(home), "pole", "note-contact", "--pole", "ecossolies"]
    line += ["--channel", "téléphone", "--outcome", "joint", "--key", "ensemble"]

    seen = together([line] * 4)

    assert [s.code for s in seen] == [0] * 4, seen
    assert len({s.out.split()[-1] for s in seen}) == 1
    assert audit(home)[0] == size + 1


def test_several_may_prepare_the_same_folder_at_once(tmp_path: Path) -> None:
    home = tmp_path / "ensemble"

    for seen in together([["--home", str(home), "init"]] * 3):
        assert "Traceback" not in seen.err, seen
        if seen.code:
            refused(seen, seen.code)

    assert jalon("--home", home, "init").code == 0
    assert audit(home)[0] == BEGUN
    assert jalon("--home", home, "import", "poles", POLES, "--apply").code == 0


def test_who_waits_too_long_for_another_is_told(home: Path) -> None:
    """A program that stopped in the middle of writing keeps the others out, not in the dark."""
    with closing(sqlite3.connect(home / "registry.db", isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        with_patience = "infrastructure.event_store.sqlite.BUSY_SECONDS"
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(with_patience, 0.2)
            seen = jalon("--home", home, "pole", "register", "--name", "A")

    refused(seen, 1, "occupé par un autre programme")


# --- stores that are not ours -------------------------------------------------------------------


def alter(home: Path, statement: str) -> None:
    with closing(sqlite3.connect(home / "registry.db")) as db, db:
        db.execute(statement)


def bytes_of(home: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in home.iterdir() if path.suffix in ("", ".db")}


VERBS: dict[str, list[str]] = {
    "list": ["pole", "list"],
    "register": ["pole", "register", "--name", "A"],
    "import": ["import", "poles", str(POLES), "--apply"],
    "audit": ["audit", "verify"],
    "rebuild": ["rebuild"],
    "init": ["init"],
    "migrate": ["migrate"],
}


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_a_store_from_a_newer_version_is_left_alone(home: Path, verb: str) -> None:
    alter(home, "UPDATE alembic_version SET version_num = '9999'")
    before = bytes_of(home)

    seen = jalon("--home", home, *VERBS[verb])

    refused(seen, 1, "version plus récente", "9999", "Rien n'a été modifié.")
    assert bytes_of(home) == before


def test_a_store_without_a_version_is_not_mistaken_for_ours(home: Path) -> None:
    alter(home, "DELETE FROM alembic_version")
    before = leaves(home)

    for verb in ("list", "register", "import"):
        refused(jalon("--home", home, *VERBS[verb]), 1)
    seen = jalon("--home", home, "migrate")

    assert seen.code != 0
    refused(seen, seen.code)
    assert leaves(home) == before


def test_an_event_of_an_unknown_kind_is_told_and_kept(home: Path) -> None:
    alter(home, "UPDATE event SET topic = 'pole.sung.v9' WHERE position = 6")

    refused(jalon("--home", home, "pole", "show", "realis"), 1, "pole.sung.v9")
    refused(jalon("--home", home, "audit", "verify"), 3, "index 5")


def test_an_event_that_cannot_be_read_is_not_blamed_on_who_asks(home: Path) -> None:
    alter(home, "UPDATE event SET state = X'7B7D' WHERE position = 6")

    refused(jalon("--home", home, "pole", "show", "realis"), 3, "illisible")
    refused(jalon("--home", home, "audit", "verify"), 3, "index 5")


@pytest.mark.parametrize("column", ["state", "leaf", "peak", "event_id", "stream", "topic"])
@pytest.mark.parametrize("value", ["'{}'", "X'7B7D'", "''", "12", "1.5"])
def test_a_value_of_another_type_is_found_by_the_audit(home: Path, column: str, value: str) -> None:
    """What SQLite's own shell writes, when one edits a state by hand, is a text."""
    alter(home, f"UPDATE event SET {column} = {value} WHERE position = 6")

    refused(jalon("--home", home, "audit", "verify"), 3, "index 5")


@pytest.mark.parametrize("verb", sorted(set(VERBS) - {"init", "migrate"}))
@pytest.mark.parametrize("content", [b"ceci n'est pas une base" * 10, bytes(8192)])
def test_a_file_that_is_not_a_database(tmp_path: Path, verb: str, content: bytes) -> None:
    jalon("--home", tmp_path, "init")
    (tmp_path / "registry.db").write_bytes(content)

    seen = jalon("--home", tmp_path, *VERBS[verb])

    refused(seen, 1)
    assert (tmp_path / "registry.db").read_bytes() == content


@pytest.mark.parametrize("verb", sorted(set(VERBS) - {"init", "migrate"}))
def test_a_database_of_something_else(tmp_path: Path, verb: str) -> None:
    jalon("--home", tmp_path, "init")
    (tmp_path / "registry.db").unlink()
    alter(tmp_path, "CREATE TABLE contact (name TEXT)")

    refused(jalon("--home", tmp_path, *VERBS[verb]), 1)


@pytest.mark.parametrize("kept", [100, 4096, 50_000, 400_000, 700_000])
def test_a_truncated_database_is_told_and_not_made_worse(home: Path, kept: int) -> None:
    file = home / "registry.db"
    with file.open("r+b") as opened:
        opened.truncate(kept)
    left = file.read_bytes()

    for verb in ("list", "register", "import", "audit"):
        refused(jalon("--home", home, *VERBS[verb]), 1, "restaurez une sauvegarde")

    assert file.read_bytes() == left


def test_a_question_makes_no_registry(tmp_path: Path) -> None:
    home = tmp_path / "absent"

    refused(jalon("--home", home, "pole", "list"), 1, "lancez « jalon init »")
    assert not home.exists()
    home.mkdir()
    refused(jalon("--home", home, "pole", "list"), 1, "lancez « jalon init »")
    assert list(home.iterdir()) == []


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    file = tmp_path / "fichier"
    file.write_text("précieux")

    for place in (file, file / "dessous"):
        refused(jalon("pole", "list", JALON_HOME=str(place)), 1)
        refused(jalon("init", JALON_HOME=str(place)), 2, str(file))
    assert file.read_text() == "précieux"


@pytest.mark.parametrize(
    "address", ["rien", "mysql://a/b", "postgresql://u@h:port/x", "sqlite:///", "postgresql://"]
)
def test_an_address_that_names_no_database(tmp_path: Path, address: str) -> None:
    seen = jalon("--home", tmp_path, "pole", "list", JALON_DATABASE=address)

    refused(seen, seen.code or 2)


def test_a_server_of_databases_that_does_not_answer(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"postgresql://nobody@127.0.0.1:{taken.getsockname()[1]}/x"
        for line in (["pole", "list"], ["init"]):
            seen = jalon("--home", tmp_path, *line, JALON_DATABASE=address)
            refused(seen, 1, "ne répond pas")


@pytest.mark.parametrize("content", [b"", b"x", b"SQLite format 3\x00", bytes(5000)])
def test_a_backup_that_is_not_one_changes_nothing(
    untouched: Path, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "sauvegarde"
    file.write_bytes(content)

    refused(jalon("--home", untouched, "restore", file), 1)
    refused(jalon("--home", untouched, "restore", tmp_path), 1, "n'est pas un fichier")
    refused(jalon("--home", untouched, "restore", tmp_path / "absente"), 1, "n'existe pas")


def test_a_journal_that_was_lost_is_put_back_from_a_backup(home: Path, tmp_path: Path) -> None:
    before = audit(home)
    jalon("--home", home, "backup", tmp_path / "copie")
    (home / "registry.db").unlink()

    refused(jalon("--home", home, "restore", tmp_path / "copie"), 1, "jalon init")
    jalon("--home", home, "init")
    assert jalon("--home", home, "restore", tmp_path / "copie").code == 0

    assert audit(home) == before
    assert poles_in(home) == 77


def test_a_damaged_backup_is_not_put_back(home: Path, tmp_path: Path) -> None:
    jalon("--home", home, "backup", tmp_path / "bonne")
    before = audit(home)
    for n, statement in enumerate(
        (
            "UPDATE event SET state = X'7B7D' WHERE position = 9",
            "DELETE FROM event WHERE position = 9",
            "UPDATE alembic_version SET version_num = '9999'",
        )
    ):
        file = tmp_path / f"{n}"
        shutil.copyfile(tmp_path / "bonne", file)
        with closing(sqlite3.connect(file)) as db, db:
            db.execute(statement)
        refused(jalon("--home", home, "restore", file), 3 if n < 2 else 1)

    assert audit(home) == before


# --- keys and the operator ----------------------------------------------------------------------


SIGN = ["charter-signature", "sign", "--pole", "ecossolies", "--charter", "2014-09-19"]
SIGN += ["--variant", "existing_pole", "--capacity", "president", "--place", "Nantes"]
SIGN += ["--signatory", "Jeanne Martin"]


@pytest.mark.parametrize("lost", ["kek", "keys.db"])
@pytest.mark.parametrize("content", [None, b"", b"court", b"ceci n'est pas une base" * 100])
def test_nothing_personal_is_recorded_without_its_key(
    home: Path, lost: str, content: bytes | None
) -> None:
    before = audit(home)
    (home / lost).unlink()
    if content is not None:
        (home / lost).write_bytes(content)

    seen = jalon("--home", home, *SIGN)

    said = refused(seen, 1, "Les clés des données personnelles sont indisponibles")
    assert "Jeanne" not in said
    assert audit(home) == before


def test_a_wrong_master_key_is_not_used(home: Path) -> None:
    """What it sealed could not be opened once the right one is put back."""
    before = audit(home)
    (home / "kek").write_bytes(os.urandom(32))

    refused(jalon("--home", home, *SIGN), 1, "ne correspond pas")
    assert audit(home) == before


def test_an_import_without_its_keys_stops_at_once(home: Path, tmp_path: Path) -> None:
    (home / "kek").unlink()
    file = tmp_path / "poles.csv"
    file.write_text(HEADER + rows(*[f"Nouveau {n}" for n in range(50)]), "utf-8")

    refused(jalon("--home", home, "import", "poles", file, "--apply"), 1, "Les clés")


@pytest.mark.parametrize(
    "content", [None, b"", b"{", b"[]", b"{}", b'{"account": "x", "token": "y"}', b"\xff", b'"a"']
)
def test_nothing_is_recorded_without_an_operator(home: Path, content: bytes | None) -> None:
    before = audit(home)
    (home / "operator.json").unlink()
    if content is not None:
        (home / "operator.json").write_bytes(content)

    for verb in ("register", "import"):
        refused(jalon("--home", home, *VERBS[verb]), 1, "operator.json", "jalon init")

    assert jalon("--home", home, "pole", "list").code == 0
    assert audit(home) == before


# --- machines -----------------------------------------------------------------------------------


def unprivileged() -> None:
    """In the child: root may no longer write where nobody may."""
    libc = ctypes.CDLL(None)
    for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        if libc.prctl(24, capability, 0, 0, 0):  # PR_CAPBSET_DROP
            os._exit(77)


def ordinary(*line: str | Path) -> Seen:
    """Run the program as somebody for whom the permissions of files count."""
    options = {"preexec_fn": unprivileged} if os.geteuid() == 0 else {}
    seen = program(*line, **options)
    if seen.code == 77:
        pytest.skip("root cannot give up its rights here, and is never refused a file")
    return seen


def test_a_folder_that_is_read_only(home: Path) -> None:
    before = audit(home)
    home.chmod(0o555)
    try:
        for verb in ("register", "import"):
            refused(ordinary("--home", home, *VERBS[verb]), 1)
        refused(ordinary("--home", home / "dessous", "init"), 2, "l'accès est refusé")
    finally:
        home.chmod(0o755)

    assert audit(home) == before


def test_a_database_that_is_read_only_can_still_be_read(home: Path) -> None:
    before = audit(home)
    (home / "registry.db").chmod(0o444)
    try:
        refused(ordinary("--home", home, *VERBS["register"]), 1, "lecture seule")
        assert ordinary("--home", home, "pole", "list").out.endswith("77 pôles.\n")
    finally:
        for file in home.iterdir():
            file.chmod(0o644)

    assert audit(home) == before


def test_a_file_that_may_not_be_read(untouched: Path, tmp_path: Path) -> None:
    file = tmp_path / "secret.csv"
    file.write_bytes(POLES.read_bytes())
    file.chmod(0)

    seen = ordinary("--home", untouched, "import", "poles", file)

    refused(seen, 2, "l'accès est refusé")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, of 1400 kB: enough for a registry, not for the public history."""
    place = tmp_path / "disque"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1400k", "tmpfs", str(place)]
    if os.geteuid() or not shutil.which("mount") or subprocess.run(mount, check=False).returncode:
        pytest.skip("only root can make a small disk, where mounting is allowed")
    yield place
    subprocess.run(["umount", "-l", place], check=True)  # a connection may still be on it


def test_a_disk_that_fills_up_in_the_middle_of_an_import(small_disk: Path) -> None:
    home = small_disk / "home"
    assert jalon("--home", home, "init").code == 0

    seen = jalon("--home", home, "import", "poles", POLES, "--apply")

    assert seen.code == 1
    assert "Traceback" not in seen.err
    last = seen.err.splitlines()[-1]
    assert last.startswith("Le disque est plein.")
    assert "Relancez la même commande" in last
    assert "Rien n'a été enregistré" not in last

    subprocess.run(["mount", "-o", "remount,size=8m", small_disk], check=True)
    loaded_before = poles_in(home)
    assert 0 < loaded_before < 77
    assert f"({loaded_before})" in last
    audit(home)
    assert jalon("--home", home, "import", "poles", POLES, "--apply").code == 0
    assert poles_in(home) == 77


def test_a_disk_that_is_already_full(small_disk: Path) -> None:
    home = small_disk / "home"
    assert jalon("--home", home, "init").code == 0
    before = audit(home)
    with suppress(OSError), (small_disk / "plein").open("wb", 0) as filler:
        while True:
            filler.write(bytes(4096))

    for line in (VERBS["register"], VERBS["import"], ["backup", str(small_disk / "copie")]):
        refused(jalon("--home", home, *line), 1)
    refused(jalon("--home", small_disk / "autre", "init"), 2, "le disque est plein")
    assert not list(small_disk.glob("copie*"))

    (small_disk / "plein").unlink()
    assert audit(home) == before


@pytest.mark.parametrize("room", [200_000, 500_000])
def test_a_quota_that_is_used_up(empty: Path, room: int) -> None:
    """The same for everybody: no file of the child may grow beyond so many bytes."""

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    seen = program("--home", empty, "import", "poles", POLES, "--apply", preexec_fn=limited)

    assert seen.code == 1, seen
    assert "Traceback" not in seen.err
    done = poles_in(empty)
    audit(empty)
    assert jalon("--home", empty, "import", "poles", POLES, "--apply").code == 0
    assert poles_in(empty) == 77
    assert done < 77


def test_a_backup_where_there_is_no_room_leaves_nothing(home: Path, tmp_path: Path) -> None:
    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    seen = program("--home", home, "backup", tmp_path / "copie", preexec_fn=limited)

    refused(seen, 1, "Le registre est inchangé.")
    assert not list(tmp_path.glob("copie*"))


def stopped_in_the_middle(home: Path, size: int, sign: signal.Signals) -> tuple[int, bytes]:
    """Start an import, and send it a signal once the journal has reached a size."""
    with environment({}) as env, closing(sqlite3.connect(home / "registry.db")) as db:
        # It yields to whoever watches it, so that it is not over before anybody looks.
        line: list[str | Path] = ["nice", "-n", "19", PROGRAM]
        line += ["--home", home, "import", "poles", POLES, "--apply"]
        child = subprocess.Popen(line, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        deadline = time.monotonic() + 60
        while db.execute("SELECT max(position) FROM event").fetchone()[0] < size:
            assert time.monotonic() < deadline
            time.sleep(0.001)
        time.sleep(random.uniform(0, 0.01))  # noqa: S311  # not a secret
        child.send_signal(sign)
        _, err = child.communicate(timeout=60)
    return child.returncode, err


def survives(home: Path, sizes: Iterable[int]) -> None:
    """Kill an import at each size; what is there must be whole, and the next must finish it."""
    for size in sizes:
        code, _ = stopped_in_the_middle(home, size, signal.SIGKILL)
        assert code == -signal.SIGKILL
        assert size <= audit(home)[0] < BEGUN + 693
        listed = poles_in(home)
        assert 0 < listed < 77
        assert jalon("--home", home, "rebuild").code == 0
        assert poles_in(home) == listed
    assert jalon("--home", home, "import", "poles", POLES, "--apply").code == 0
    assert poles_in(home) == 77
    assert audit(home)[0] == BEGUN + 693


def test_an_import_that_is_killed_is_finished_by_the_next(empty: Path) -> None:
    survives(empty, [200])


@pytest.mark.long
def test_an_import_that_is_killed_again_and_again_is_finished_by_the_next(empty: Path) -> None:
    survives(empty, range(25, 600, 25))


def test_an_import_that_is_interrupted_says_nothing_ugly(empty: Path) -> None:
    code, err = stopped_in_the_middle(empty, 100, signal.SIGINT)

    assert code in (130, -signal.SIGINT)
    assert err == b""
    assert 100 <= audit(empty)[0] < BEGUN + 693


# --- the ends of pipes and ports ----------------------------------------------------------------


def test_a_port_that_is_taken(untouched: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])

        seen = jalon("--home", untouched, "serve", "--port", port)

    refused(seen, 1, f"Le port {port} est déjà pris")
    assert seen.out == ""


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "exemple.fr", ""])  # noqa: S104
def test_an_address_that_others_could_reach(untouched: Path, host: str) -> None:
    seen = jalon("--home", untouched, "serve", "--host", host, "--port", "1")

    refused(seen, 2, "127.0.0.1")
    assert seen.out == ""


@pytest.mark.parametrize("line", [["claim", "list", "--json"], ["--help"]], ids=" ".join)
def test_a_reader_that_leaves_early(history: Path, line: list[str]) -> None:
    """As `| head -1` does. The output is larger than a pipe holds."""
    with environment({}) as env:
        child = subprocess.Popen(
            [PROGRAM, "--home", history, *line],
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert child.stdout
        assert child.stderr
        child.stdout.read(1)
        child.stdout.close()
        err = child.stderr.read()
        child.stderr.close()
        child.wait(60)

    assert b"Traceback" not in err
    assert b"Exception ignored" not in err
    assert err == b""


@pytest.mark.parametrize(
    ("redirection", "name", "codes"),
    [
        (">&-", "ecossolies", {0, 1}),
        (">/dev/full", "ecossolies", {1}),
        ("<&-", "ecossolies", {0}),
        ("2>&-", "zzz", {1}),
        ("2>/dev/full", "zzz", {1}),
    ],
)
def test_an_output_that_is_closed_or_full(
    history: Path, redirection: str, name: str, codes: set[int]
) -> None:
    line: list[str | Path] = [PROGRAM, "--home", history, "pole", "show", name]
    with environment({}) as env:
        done = subprocess.run(
            ["/bin/sh", "-c", f'"$@" {redirection}', "sh", *line],
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )

    assert "Traceback" not in done.stderr
    assert done.returncode in codes


def test_a_terminal_that_knows_no_french(history: Path) -> None:
    values = {"PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONUTF8": "0"}

    seen = program("--home", history, "pole", "show", "ecossolies", values=values)

    assert "Traceback" not in seen.err
    assert seen.code == 0, seen


# --- definitions in files -----------------------------------------------------------------------

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
        ("folder.yaml", "c'est un dossier."),
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
    refused(jalon(*line, tmp_path / "file"), 2, "ce n'est pas un dossier.")


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
