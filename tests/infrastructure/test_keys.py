"""The keys of personal values: sealed, opened, forgotten, and never mistaken for forgotten."""

import sqlite3
from base64 import urlsafe_b64encode
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.world import Made
from domain.personal import KeysUnreachable, SealedAltered
from domain.values import Sealed
from infrastructure.keys import KeyStore
from tests.examples import settings

NAME = "Camille Martin, née le 3 mars"
WHERE: dict[str, Any] = {
    "topic": "pole.member_joined.v1",
    "field": "person",
    "purpose": "membership",
}


@pytest.fixture
def keys(tmp_path: Path) -> KeyStore:
    return KeyStore.create(f"sqlite:///{tmp_path / 'keys.db'}", tmp_path / "kek")


def seal(keys: KeyStore, text: str, **where: Any) -> tuple[Sealed, bytes]:
    """A value sealed under a key that is kept."""
    made: Made = {}
    sealed = keys.seal(text, made=made, **where)
    assert keys.keep(made)
    return sealed


def forget(keys_file: Path, subject: UUID) -> None:
    with closing(sqlite3.connect(keys_file)) as db, db:
        db.execute("PRAGMA secure_delete=ON")
        db.execute("DELETE FROM key WHERE subject = ?", (str(subject),))


def test_a_sealed_value_is_opened_where_it_was_sealed(keys: KeyStore) -> None:
    subject = uuid4()

    _, ciphertext = seal(keys, NAME, subject=subject, **WHERE)

    assert keys.open(ciphertext, subject=str(subject), **WHERE) == NAME


def test_an_event_keeps_the_hash_of_the_ciphertext_and_nothing_else(keys: KeyStore) -> None:
    kept, ciphertext = seal(keys, NAME, subject=uuid4(), **WHERE)

    assert kept.ref == urlsafe_b64encode(sha256(ciphertext).digest()).decode().rstrip("=")
    assert b"Camille" not in ciphertext


def test_the_same_name_is_never_sealed_alike(keys: KeyStore) -> None:
    subject = uuid4()

    refs = {seal(keys, NAME, subject=subject, **WHERE)[0].ref for _ in range(5)}

    assert len(refs) == 5


@pytest.mark.parametrize("place", ["topic", "field", "purpose"])
def test_a_ciphertext_cannot_be_moved_elsewhere(keys: KeyStore, place: str) -> None:
    subject = uuid4()
    _, ciphertext = seal(keys, NAME, subject=subject, **WHERE)
    seal(keys, "autre", subject=subject, **(WHERE | {"purpose": "other"}))

    with pytest.raises(KeysUnreachable, match="altérée"):
        keys.open(ciphertext, subject=str(subject), **(WHERE | {place: "other"}))


def test_one_subject_is_forgotten_without_the_others(keys: KeyStore, tmp_path: Path) -> None:
    one, other = uuid4(), uuid4()
    sealed = {s: seal(keys, NAME, subject=s, **WHERE)[1] for s in (one, other)}

    forget(tmp_path / "keys.db", one)

    assert keys.open(sealed[one], subject=str(one), **WHERE) is None
    assert keys.open(sealed[other], subject=str(other), **WHERE) == NAME


@pytest.mark.parametrize("length", [0, 5, 12, 20, 40])
def test_a_damaged_ciphertext_is_not_taken_for_an_erased_one(keys: KeyStore, length: int) -> None:
    subject = uuid4()
    _, ciphertext = seal(keys, NAME, subject=subject, **WHERE)

    with pytest.raises(KeysUnreachable, match="altérée"):
        keys.open(ciphertext[:length], subject=str(subject), **WHERE)


def test_one_key_that_was_changed_is_told_from_a_master_key_that_is_not_the_right_one(
    keys: KeyStore, tmp_path: Path
) -> None:
    one, other = uuid4(), uuid4()
    sealed = {s: seal(keys, NAME, subject=s, **WHERE)[1] for s in (one, other)}

    with closing(sqlite3.connect(tmp_path / "keys.db")) as db, db:
        db.execute("UPDATE key SET wrapped = zeroblob(40) WHERE subject = ?", (str(one),))

    with pytest.raises(SealedAltered):
        keys.open(sealed[one], subject=str(one), **WHERE)
    assert keys.open(sealed[other], subject=str(other), **WHERE) == NAME
    (tmp_path / "kek").write_bytes(bytes(32))
    with pytest.raises(KeysUnreachable, match="clé maîtresse ne correspond pas"):
        keys.open(sealed[one], subject=str(one), **WHERE)


@settings(deadline=None, max_examples=40)
@given(text=st.text(min_size=1, max_size=40), flip=st.integers(0, 10_000))
def test_any_change_of_a_ciphertext_is_noticed(
    tmp_path_factory: pytest.TempPathFactory, text: str, flip: int
) -> None:
    folder = tmp_path_factory.mktemp("keys")
    keys, subject = KeyStore.create(f"sqlite:///{folder / 'keys.db'}", folder / "kek"), uuid4()
    text = text.encode("utf-8", "replace").decode()
    _, ciphertext = seal(keys, text, subject=subject, **WHERE)
    changed = bytearray(ciphertext)
    changed[flip % len(changed)] ^= 1 + flip % 255

    assert keys.open(ciphertext, subject=str(subject), **WHERE) == text
    with pytest.raises(KeysUnreachable):
        keys.open(bytes(changed), subject=str(subject), **WHERE)


def _gone(folder: Path) -> None:
    (folder / "keys.db").unlink()


def _replaced(folder: Path) -> None:
    (folder / "keys.db").write_bytes(b"something else" * 500)


def _emptied(folder: Path) -> None:
    (folder / "keys.db").write_bytes(b"")


def _a_folder(folder: Path) -> None:
    (folder / "keys.db").unlink()
    (folder / "keys.db").mkdir()


def _no_master_key(folder: Path) -> None:
    (folder / "kek").unlink()


def _another_master_key(folder: Path) -> None:
    (folder / "kek").write_bytes(bytes(32))


def _half_a_master_key(folder: Path) -> None:
    (folder / "kek").write_bytes((folder / "kek").read_bytes()[:20])


@pytest.mark.parametrize(
    "accident",
    [
        _gone,
        _replaced,
        _emptied,
        _a_folder,
        _no_master_key,
        _another_master_key,
        _half_a_master_key,
    ],
)
def test_a_store_out_of_reach_is_unavailable_and_not_erased(
    keys: KeyStore, tmp_path: Path, accident: Any
) -> None:
    subject = uuid4()
    _, ciphertext = seal(keys, NAME, subject=subject, **WHERE)

    accident(tmp_path)

    with pytest.raises(KeysUnreachable, match="indisponibles"):
        keys.open(ciphertext, subject=str(subject), **WHERE)
    if accident is not _another_master_key:
        with pytest.raises(KeysUnreachable):
            seal(keys, NAME, subject=uuid4(), **WHERE)


def test_no_key_lies_open_in_the_store(keys: KeyStore, tmp_path: Path) -> None:
    subject = uuid4()
    _, ciphertext = seal(keys, NAME, subject=subject, **WHERE)
    stolen = (tmp_path / "keys.db").read_bytes()

    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "keys.db").write_bytes(stolen)
    (elsewhere / "kek").write_bytes(bytes(32))
    thief = KeyStore(f"sqlite:///{elsewhere / 'keys.db'}", elsewhere / "kek")

    assert b"Camille" not in stolen
    with pytest.raises(KeysUnreachable, match="clé maîtresse ne correspond pas"):
        thief.open(ciphertext, subject=str(subject), **WHERE)


def test_keys_are_readable_by_their_owner_alone(keys: KeyStore, tmp_path: Path) -> None:
    assert keys

    modes = [(tmp_path / name).stat().st_mode & 0o777 for name in ("keys.db", "kek")]

    assert modes == [0o600, 0o600]


def test_making_a_store_again_keeps_its_keys(keys: KeyStore, tmp_path: Path) -> None:
    subject = uuid4()
    _, ciphertext = seal(keys, NAME, subject=subject, **WHERE)

    again = KeyStore.create(f"sqlite:///{tmp_path / 'keys.db'}", tmp_path / "kek")

    assert again.open(ciphertext, subject=str(subject), **WHERE) == NAME


def test_a_fingerprint_names_a_request_to_one_registry_only(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "other").mkdir()
    one, other = (
        KeyStore.create(f"sqlite:///{tmp_path / name / 'keys.db'}", tmp_path / name / "kek")
        for name in ("one", "other")
    )

    assert one.fingerprint(b"request") == one.fingerprint(b"request")
    assert one.fingerprint(b"request") != one.fingerprint(b"another")
    assert one.fingerprint(b"request") != other.fingerprint(b"request")
