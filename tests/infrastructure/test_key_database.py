"""The key store in a file and in a database of its own: alike, rotated, found, forgotten."""

import os
import shutil
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.personal import KeysUnreachable
from infrastructure import key_database
from infrastructure.kek import KeyEncryption, wrap
from infrastructure.key_database import KeyDatabase, UnknownKeyStore
from infrastructure.keys import KeyStore
from infrastructure.settings import KeysAmongEvents, Settings
from tests.infrastructure.test_keys import NAME, WHERE, seal
from tests.postgres import create_database, drop_database


@pytest.fixture
def _file(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'keys.db'}"


@pytest.fixture
def _server(postgres_url: str) -> Iterator[str]:
    url = create_database(postgres_url)
    yield url
    drop_database(url)


@pytest.fixture(params=["_file", "_server"])
def url(request: pytest.FixtureRequest) -> str:
    """Where the keys lie, on each engine in turn."""
    found: str = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def keys(url: str, tmp_path: Path) -> Iterator[KeyStore]:
    with closing(KeyStore.create(url, tmp_path / "kek")) as made:
        yield made


def opened(keys: KeyStore, subject: UUID, ciphertext: bytes) -> str | None:
    return keys.open(ciphertext, subject=str(subject), **WHERE)


def test_what_is_sealed_is_opened_by_whoever_comes_next(
    keys: KeyStore, url: str, tmp_path: Path
) -> None:
    subject = uuid4()
    _, ciphertext = seal(keys, NAME, subject=subject, **WHERE)

    with closing(KeyStore.create(url, tmp_path / "kek")) as again:
        assert opened(again, subject, ciphertext) == NAME
    assert [(s, p) for s, p, _ in keys.made()] == [(subject, WHERE["purpose"])]


def test_of_two_who_make_the_same_key_one_is_told(keys: KeyStore) -> None:
    subject = uuid4()

    assert keys.keep({(subject, "p"): bytes(32)})
    assert not keys.keep({(uuid4(), "p"): bytes(32), (subject, "p"): bytes(32)})
    assert len(keys.made()) == 1


def test_a_name_is_found_however_it_is_written_and_no_longer_once_its_key_is_gone(
    keys: KeyStore,
) -> None:
    one, other = uuid4(), uuid4()
    keys.keep({(one, "p"): bytes(32)}, [(keys.names.mark("Mme Éloïse  Exemple"), one, "p")])
    keys.keep({(other, "p"): bytes(32)}, [(keys.names.mark("Éloi Exemple"), other, "p")])

    assert keys.names.bearing("EXEMPLE Eloise") == {(one, "p")}
    keys.destroy(one, "p")
    assert keys.names.bearing("Éloïse Exemple") == set()
    assert keys.names.bearing("Éloi Exemple") == {(other, "p")}


def test_a_name_in_another_script_is_a_name(keys: KeyStore) -> None:
    subject = uuid4()
    keys.keep({(subject, "p"): bytes(32)}, [(keys.names.mark("Ελένη"), subject, "p")])

    assert keys.names.bearing("ΕΛΈΝΗ") == {(subject, "p")}
    assert keys.names.bearing("Άλλη") == set()


def test_what_was_forgotten_is_noted_with_the_loss_of_its_key(keys: KeyStore) -> None:
    subject, erasure = uuid4(), uuid4()
    sealed, ciphertext = seal(keys, NAME, subject=subject, **WHERE)

    keys.notes.begin(erasure)
    for _ in range(2):  # cut short, it is done again
        keys.notes.forget(erasure, [sealed.ref], {(subject, WHERE["purpose"])})
    assert [id_ for id_, _ in keys.notes.unfinished()] == [erasure]
    keys.notes.finish(erasure)

    assert opened(keys, subject, ciphertext) is None
    assert keys.notes.forgotten() == {sealed.ref: erasure}
    assert keys.notes.unfinished() == []


# Rotation.


def test_every_key_is_wrapped_anew_and_opens_as_before(keys: KeyStore, tmp_path: Path) -> None:
    sealed = {s: seal(keys, NAME, subject=s, **WHERE)[1] for s in (uuid4() for _ in range(5))}
    before = (tmp_path / "kek").read_bytes()

    assert keys.rotate() == len(sealed) + 2, "the key of marks too, and that of the check"

    assert (tmp_path / "kek").read_bytes() != before
    assert not (tmp_path / "kek.next").exists()
    assert {opened(keys, s, c) for s, c in sealed.items()} == {NAME}
    (tmp_path / "kek").write_bytes(before)
    with pytest.raises(KeysUnreachable, match="clé maîtresse ne correspond pas"):
        opened(keys, *next(iter(sealed.items())))


def _before_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(KeyEncryption, "prepare", _die)


def _once_the_successor_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    prepare = KeyEncryption.prepare
    monkeypatch.setattr(KeyEncryption, "prepare", lambda self: (prepare(self), _die()))


def _in_the_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infrastructure.keys.wrap", _die)


def _once_all_is_wrapped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(KeyEncryption, "promote", _die)


def _die(*_: Any) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize(
    "where",
    [_before_anything, _once_the_successor_is_made, _in_the_transaction, _once_all_is_wrapped],
)
def test_a_rotation_killed_anywhere_loses_no_key_and_is_finished(
    keys: KeyStore, url: str, tmp_path: Path, where: Callable[[pytest.MonkeyPatch], None]
) -> None:
    subject, late = uuid4(), uuid4()
    _, ciphertext = seal(keys, NAME, subject=subject, **WHERE)
    keys.close()

    child = os.fork()
    if not child:
        with pytest.MonkeyPatch.context() as patched:
            where(patched)
            KeyStore(url, tmp_path / "kek").rotate()
        os._exit(0)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL

    assert opened(keys, subject, ciphertext) == NAME
    _, since = seal(keys, NAME, subject=late, **WHERE)
    keys.rotate()
    assert not (tmp_path / "kek.next").exists()
    assert opened(keys, subject, ciphertext) == opened(keys, late, since) == NAME


def test_a_wrong_master_key_is_refused_and_nothing_is_made(keys: KeyStore, tmp_path: Path) -> None:
    subject = uuid4()
    _, ciphertext = seal(keys, NAME, subject=subject, **WHERE)
    shutil.copy(tmp_path / "kek", tmp_path / "right")
    (tmp_path / "kek").write_bytes(bytes(32))

    with pytest.raises(KeysUnreachable, match="clé maîtresse ne correspond pas"):
        keys.rotate()

    assert not (tmp_path / "kek.next").exists()
    shutil.copy(tmp_path / "right", tmp_path / "kek")
    assert opened(keys, subject, ciphertext) == NAME


def test_keys_made_while_the_others_are_wrapped_anew_are_not_lost(keys: KeyStore) -> None:
    sealed: dict[UUID, bytes] = {}

    def seal_some() -> None:
        for subject in [uuid4() for _ in range(30)]:
            sealed[subject] = seal(keys, NAME, subject=subject, **WHERE)[1]

    writers = [Thread(target=seal_some) for _ in range(2)]
    for writer in writers:
        writer.start()
    for _ in range(5):
        keys.rotate()
    for writer in writers:
        writer.join()

    assert len(sealed) == 60
    assert {opened(keys, s, c) for s, c in sealed.items()} == {NAME}


def test_a_key_is_found_while_the_successor_takes_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kek = KeyEncryption(tmp_path / "kek")
    kek.make("")
    wrapped = wrap(kek.prepare(), bytes(32))
    read = KeyEncryption.current

    def promoted_meanwhile(self: KeyEncryption) -> bytes:
        found = read(self)
        kek.promote()
        return found

    monkeypatch.setattr(KeyEncryption, "current", promoted_meanwhile)

    assert KeyEncryption(tmp_path / "kek").unwrap(wrapped)[0] == bytes(32)
    assert kek.unwrap(wrapped)[0] == bytes(32)


# What cannot serve.


def test_a_file_that_somebody_else_holds_is_unavailable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_database, "PATIENCE", 0.1)
    keys = KeyStore.create(f"sqlite:///{tmp_path / 'keys.db'}", tmp_path / "kek")
    subject = uuid4()
    _, ciphertext = seal(keys, NAME, subject=subject, **WHERE)

    with closing(sqlite3.connect(tmp_path / "keys.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(KeysUnreachable, match="occupé"):
            opened(keys, subject, ciphertext)
    assert opened(keys, subject, ciphertext) == NAME


def test_a_server_that_does_not_answer_is_unavailable_and_its_address_is_not_told(
    tmp_path: Path,
) -> None:
    keys = KeyStore("postgresql://keys:motdepasse@127.0.0.1:1/keys", tmp_path / "kek")

    with pytest.raises(KeysUnreachable) as refused:
        keys.key(uuid4(), "p")

    assert "motdepasse" not in str(refused.value)
    assert keys.database.place == "la base keys"


def test_a_store_of_before_gains_its_tables_when_it_is_used(tmp_path: Path) -> None:
    keys = KeyStore.create(f"sqlite:///{tmp_path / 'keys.db'}", tmp_path / "kek")
    subject = uuid4()
    _, ciphertext = seal(keys, NAME, subject=subject, **WHERE)
    with closing(sqlite3.connect(tmp_path / "keys.db")) as db, db:
        for table in ("person", "erasure", "forgotten"):
            db.execute(f"DROP TABLE {table}")
        db.execute("ALTER TABLE key DROP COLUMN made")

    again = KeyStore(f"sqlite:///{tmp_path / 'keys.db'}", tmp_path / "kek")

    assert opened(again, subject, ciphertext) == NAME
    assert again.made() == [(subject, WHERE["purpose"], 0)]
    assert again.notes.forgotten() == {}
    assert not again.names.are_kept()
    assert keys.names.are_kept() is False


@pytest.mark.parametrize(
    "address",
    [
        "mysql://là/base",
        "keys.db",
        "sqlite://",
        "sqlite:///",
        "sqlite:keys.db",
        "postgresql://hôte:port/base",
    ],
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(UnknownKeyStore, match="JALON_KEYS"):
        KeyDatabase(address)


def test_the_keys_never_lie_in_the_database_of_the_registry(tmp_path: Path) -> None:
    url = "postgresql://jalon@localhost/jalon"
    file = f"sqlite:///{tmp_path / 'x' / '..' / 'registry.db'}"

    for database, keys in [
        (url, url),
        (url, "postgresql://keys:a@localhost:5432/jalon"),
        ("", file),
    ]:
        with pytest.raises(KeysAmongEvents):
            _ = Settings(home=tmp_path, database=database, keys=keys).key_store
    assert Settings(home=tmp_path, database="", keys="").key_store.endswith("/keys.db")
