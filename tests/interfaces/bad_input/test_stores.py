"""Stores that are damaged, or not ours, and keys that are lost: told, and left alone."""

import os
import shutil
import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.interfaces.shell import (
    HEADER,
    VERBS,
    audit,
    jalon,
    leaves,
    poles_in,
    refused,
    rows,
)


def alter(home: Path, statement: str) -> None:
    with closing(sqlite3.connect(home / "registry.db")) as db, db:
        db.execute(statement)


def bytes_of(home: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in home.iterdir() if path.suffix in ("", ".db")}


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
    refused(jalon("--home", home, "audit", "verify"), 3, "L'événement n° 6 ")


def test_an_event_that_cannot_be_read_is_not_blamed_on_who_asks(home: Path) -> None:
    alter(home, "UPDATE event SET state = X'7B7D' WHERE position = 6")

    refused(jalon("--home", home, "pole", "show", "realis"), 3, "illisible")
    refused(jalon("--home", home, "audit", "verify"), 3, "L'événement n° 6 ")


@pytest.mark.parametrize("column", ["state", "leaf", "peak", "event_id", "stream", "topic"])
@pytest.mark.parametrize("value", ["'{}'", "X'7B7D'", "''", "12", "1.5"])
def test_a_value_of_another_type_is_found_by_the_audit(home: Path, column: str, value: str) -> None:
    """What SQLite's own shell writes, when one edits a state by hand, is a text."""
    alter(home, f"UPDATE event SET {column} = {value} WHERE position = 6")

    refused(jalon("--home", home, "audit", "verify"), 3, "L'événement n° 6 ")


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

    refused(jalon("--home", home, "pole", "list"), 1, f"lancez « jalon --home {home} init »")
    assert not home.exists()
    home.mkdir()
    refused(jalon("--home", home, "pole", "list"), 1, f"lancez « jalon --home {home} init »")
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

    refused(jalon("--home", untouched, "restore", file), 1, "n'est pas une sauvegarde de Jalon")
    refused(jalon("--home", untouched, "restore", tmp_path), 1, "n'est pas un fichier")
    refused(jalon("--home", untouched, "restore", tmp_path / "absente"), 1, "n'existe pas")


def test_a_journal_that_was_lost_is_put_back_from_a_backup(home: Path, tmp_path: Path) -> None:
    before = audit(home)
    jalon("--home", home, "backup", tmp_path / "copie")
    (home / "registry.db").unlink()

    refused(jalon("--home", home, "restore", tmp_path / "copie"), 1, f"jalon --home {home} init")
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
        refused(jalon("--home", home, *VERBS[verb]), 1, "operator.json", f"--home {home} init")

    assert jalon("--home", home, "pole", "list").code == 0
    assert audit(home) == before
