"""Who signed a checkpoint, of each kind of key: nobody else, nothing else, at no other time."""

import json
import time
from base64 import b64decode
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey
from hypothesis import given
from hypothesis import strategies as st

from domain.checkpoint import Checkpoint
from domain.note import KeyKind, NoteSignature, SignedNote, VerifierKey
from infrastructure.signatures import SigningKey, signed_at
from tests.domain.test_note import KEY, NOTE
from tests.examples import settings

VECTORS = Path(__file__).with_name("mldsa44.json")
CHECKPOINT = Checkpoint("registre.exemple/journal", 12, bytes(range(32)))


@pytest.mark.parametrize("kind", KeyKind)
def test_a_key_signs_a_checkpoint_under_its_name_and_the_time(kind: KeyKind) -> None:
    key, before = SigningKey("temoin.exemple/w1", kind, bytes(32)), int(time.time())
    signature = key.sign(CHECKPOINT)

    at = signed_at(CHECKPOINT, key.verifier, signature)

    assert at is not None
    assert at == 0 if kind is KeyKind.ED25519 else before <= at <= time.time()
    for other in (
        Checkpoint("registre.exemple/autre", 12, CHECKPOINT.root),
        Checkpoint(CHECKPOINT.origin, 13, CHECKPOINT.root),
        Checkpoint(CHECKPOINT.origin, 12, bytes(32)),
    ):
        assert signed_at(other, key.verifier, signature) is None
    another = SigningKey("temoin.exemple/w1", kind, bytes([1]) * 32).verifier
    assert signed_at(CHECKPOINT, another, signature) is None
    assert "seed" not in repr(key)
    assert bytes(32).hex() not in repr(key)


def test_the_note_of_the_specification_is_signed_by_its_key() -> None:
    """C2SP signed-note, section Example: the signature is over the text alone."""
    key, note = VerifierKey.read(KEY), SignedNote.read(NOTE.encode())

    public = Ed25519PublicKey.from_public_bytes(key.public)

    public.verify(note.signatures[0].value, note.text.encode())


@pytest.mark.parametrize("case", json.loads(VECTORS.read_text()))
def test_ml_dsa_44_is_that_of_fips_204(case: dict[str, str]) -> None:
    """Known answers of cryptography_vectors 50 (kat_MLDSA_44_det_pure): seed, key, signature."""
    key = SigningKey("temoin.exemple/w1", KeyKind.MLDSA44_COSIGNATURE, bytes.fromhex(case["seed"]))
    public = key.verifier.public
    assert sha256(public).hexdigest() == case["public_sha256"]

    MLDSA44PublicKey.from_public_bytes(public).verify(
        b64decode(case["signature"]),
        bytes.fromhex(case["message"]),
        bytes.fromhex(case["context"]),
    )


@pytest.mark.parametrize("kind", KeyKind)
@given(data=st.data())
@settings(deadline=None, max_examples=60)
def test_a_signature_of_other_bytes_is_none(kind: KeyKind, data: st.DataObject) -> None:
    key = SigningKey("temoin.exemple/w1", kind, bytes(32))
    signed = key.sign(CHECKPOINT)
    value = bytearray(signed.value)
    value[data.draw(st.integers(0, len(value) - 1))] ^= data.draw(st.integers(1, 255))

    for bent in (bytes(value), signed.value[:-1], signed.value + b"\0", b""):
        altered = NoteSignature(signed.name, signed.key, bent)
        assert signed_at(CHECKPOINT, key.verifier, altered) is None
