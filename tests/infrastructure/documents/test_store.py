"""The store of documents: encrypted, whole or not at all, and erased for good."""

from hashlib import sha256
from hmac import digest
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Damaged, Unavailable
from domain.media import TooLarge
from domain.personal import KeysUnreachable
from infrastructure.documents import Documents
from infrastructure.keys import KeyStore
from tests.examples import settings
from tests.infrastructure.documents.filing import PDF, enclose, raw


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=5000))
def test_what_is_stored_is_got_back(data: bytes) -> None:
    with TemporaryDirectory() as folder:
        keys = KeyStore.create(f"sqlite:///{folder}/keys.db", Path(folder, "kek"))
        store, document = Documents(Path(folder, "documents"), keys, 10_000), uuid4()

        kept, ciphertext = enclose(store, data, document=document)
        store.keep(kept.ciphertext, ciphertext)

        assert store.read(kept, document=document) == data
        assert kept.ciphertext == sha256(store.place(kept.ciphertext).read_bytes()).hexdigest()
        opening = store.opening(document)
        assert opening is not None
        assert kept.commitment == digest(opening, data, "sha256").hex()
        assert len(data) < 8 or data not in raw(Path(folder))


def test_every_single_byte_that_changes_is_found(store: Documents) -> None:
    document = uuid4()
    kept, ciphertext = enclose(store, b"%PDF-1.4 une page", document=document)
    store.keep(kept.ciphertext, ciphertext)
    place = store.place(kept.ciphertext)

    for at in range(len(ciphertext)):
        for bit in (0x01, 0x80):
            spoilt = bytearray(ciphertext)
            spoilt[at] ^= bit
            place.write_bytes(spoilt)
            with pytest.raises(Damaged, match="changé"):
                store.read(kept, document=document)
    for cut in (b"", ciphertext[:-1], ciphertext + b"\x00", ciphertext[:20]):
        place.write_bytes(cut)
        with pytest.raises(Damaged, match="changé"):
            store.read(kept, document=document)


def test_another_ciphertext_under_its_own_hash_is_not_taken(store: Documents) -> None:
    """Whoever can write everywhere but in the journal and in the keys changes nothing unseen."""
    one, other = uuid4(), uuid4()
    kept, ciphertext = enclose(store, b"%PDF-1.4 un", document=one)
    theirs, _ = enclose(store, b"%PDF-1.4 autre", document=other)
    store.keep(kept.ciphertext, ciphertext)
    moved = theirs.model_copy(update={"ciphertext": kept.ciphertext, "size": kept.size})
    lying = kept.model_copy(update={"commitment": theirs.commitment})

    with pytest.raises(Damaged, match="clé"):
        store.read(moved, document=other)
    with pytest.raises(Damaged, match="déposé"):
        store.read(lying, document=one)


def test_the_hashes_of_the_same_bytes_are_never_alike(store: Documents) -> None:
    """Nobody who knows them can test a guess, nor see that two poles filed the same."""
    kept = [enclose(store, PDF, document=uuid4())[0] for _ in range(4)]

    assert len({one.ciphertext for one in kept}) == len({one.commitment for one in kept}) == 4
    assert sha256(PDF).hexdigest() not in str(kept)


def test_files_are_their_owner_s_alone_and_nothing_is_left_beside_them(store: Documents) -> None:
    kept, ciphertext = enclose(store, PDF, document=uuid4())
    store.keep(kept.ciphertext, ciphertext)

    place = store.place(kept.ciphertext)
    assert place == store.folder / kept.ciphertext[:2] / kept.ciphertext[2:]
    assert place.stat().st_mode & 0o777 == 0o600
    for folder in (store.folder, place.parent):
        assert folder.stat().st_mode & 0o777 == 0o700
    assert list(place.parent.iterdir()) == [place]


def test_the_largest_document_is_taken_and_one_byte_more_is_not(store: Documents) -> None:
    document = uuid4()
    kept, ciphertext = enclose(store, bytes(store.largest), document=document)
    store.keep(kept.ciphertext, ciphertext)

    assert store.read(kept, document=document) == bytes(store.largest)
    with pytest.raises(TooLarge, match="1 Mo"):
        enclose(store, bytes(store.largest + 1), document=document)


def test_a_destroyed_document_is_gone_and_can_be_destroyed_again(store: Documents) -> None:
    document = uuid4()
    kept, ciphertext = enclose(store, PDF, document=document)
    store.keep(kept.ciphertext, ciphertext)

    for _ in range(2):
        store.destroy(document, kept.ciphertext)

        assert not store.is_readable(document)
        assert not store.has(kept.ciphertext)
        assert not store.same(PDF, kept, document=document)


def test_keys_that_cannot_be_reached_are_not_taken_for_destroyed(
    store: Documents, tmp_path: Path
) -> None:
    document = uuid4()
    kept, ciphertext = enclose(store, PDF, document=document)
    store.keep(kept.ciphertext, ciphertext)
    (tmp_path / "kek").rename(tmp_path / "elsewhere")

    with pytest.raises(KeysUnreachable):
        store.read(kept, document=document)


def test_a_folder_that_cannot_serve_is_said(store: Documents, tmp_path: Path) -> None:
    (tmp_path / "documents").write_bytes(b"a file where a folder should be")
    kept, ciphertext = enclose(store, PDF, document=uuid4())

    with pytest.raises(Unavailable, match="répertoire des documents"):
        store.keep(kept.ciphertext, ciphertext)
