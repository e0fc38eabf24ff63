"""Signing checkpoints, and checking who signed them: Ed25519 and ML-DSA-44."""

import time
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from domain.checkpoint import LARGEST, Checkpoint, signed_bytes
from domain.note import SIGNATURE_BYTES, KeyKind, NoteSignature, SignedNote, VerifierKey


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key, under the name and for the kind of signature it serves; never shown."""

    name: str
    kind: KeyKind
    seed: bytes

    @property
    def verifier(self) -> VerifierKey:
        """What others check its signatures with."""
        return VerifierKey(self.name, self.kind, self._private().public_key().public_bytes_raw())

    def sign(self, checkpoint: Checkpoint) -> NoteSignature:
        """Sign a checkpoint now; whether it may be signed is asked before."""
        key = self.verifier
        timed = self.kind is not KeyKind.ED25519
        second = int(time.time()) if timed else 0
        value = self._private().sign(signed_bytes(checkpoint, key, second))
        return NoteSignature(self.name, key.id, (second.to_bytes(8) if timed else b"") + value)

    def _private(self) -> Ed25519PrivateKey | MLDSA44PrivateKey:
        if self.kind is KeyKind.MLDSA44_COSIGNATURE:
            return MLDSA44PrivateKey.from_seed_bytes(self.seed)
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    def __repr__(self) -> str:
        return f"SigningKey({self.verifier})"


def signed_at(checkpoint: Checkpoint, key: VerifierKey, signature: NoteSignature) -> int | None:
    """When a key signed a checkpoint; 0 where the kind says no time, `None` where it did not."""
    if not signature.is_of(key) or len(signature.value) != SIGNATURE_BYTES[key.kind]:
        return None
    timed = key.kind is not KeyKind.ED25519
    second = int.from_bytes(signature.value[:8]) if timed else 0
    if second > LARGEST or (timed and second == 0):
        return None
    value = signature.value[8:] if timed else signature.value
    public = (
        MLDSA44PublicKey.from_public_bytes(key.public)
        if key.kind is KeyKind.MLDSA44_COSIGNATURE
        else Ed25519PublicKey.from_public_bytes(key.public)
    )
    try:
        public.verify(value, signed_bytes(checkpoint, key, second))
    except InvalidSignature:
        return None
    return second


def signed_by(key: VerifierKey, note: SignedNote) -> int | None:
    """When a key signed the checkpoint of a note; `None` where no line of it is its own."""
    found = Checkpoint.read(note.text)
    told = (signed_at(found, key, signature) for signature in note.signatures)
    return next((second for second in told if second is not None), None)
