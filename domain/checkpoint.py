"""Checkpoints: the size and the root of the log, as its signers say them (C2SP). Pure.

tlog-checkpoint v1 gives the text, tlog-cosignature v1 what witnesses sign of it. A checkpoint of
this product has no further lines: ML-DSA-44 signatures would not cover them.
"""

import re
from dataclasses import dataclass

from domain.errors import Damaged
from domain.note import LONGEST_NAME, KeyKind, VerifierKey, base64_of, bytes_of

LARGEST = 2**63 - 1
"""Of a size, and of a second of a cosignature."""

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


class NotACheckpoint(Damaged):
    """The text of a note is no checkpoint."""

    code = "checkpoint.malformed"
    fr = "Ce n'est pas un point de contrôle : {reason}."
    en = "This is no checkpoint ({reason})."


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Which log, how many entries it had, and the root of their tree."""

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64_of(self.root)}\n"

    @classmethod
    def read(cls, text: str) -> "Checkpoint":
        """The text of a note; whatever is not exactly three lines is refused."""
        lines = text.split("\n")
        if len(lines) != 4 or lines[3] or not lines[0]:
            raise NotACheckpoint(reason="il faut trois lignes : le journal, sa taille, sa racine")
        if len(lines[0].encode()) > LONGEST_NAME:
            raise NotACheckpoint(reason=f"le nom du journal compte {LONGEST_NAME} octets au plus")
        if not _SIZE.fullmatch(lines[1]) or int(lines[1]) > LARGEST:
            raise NotACheckpoint(reason="la taille n'est pas un nombre")
        root = bytes_of(lines[2])
        if root is None or len(root) != 32:
            raise NotACheckpoint(reason="la racine n'est pas une empreinte en base64 exacte")
        return cls(lines[0], int(lines[1]), root)


def signed_bytes(checkpoint: Checkpoint, key: VerifierKey, second: int = 0) -> bytes:
    """What a key signs of a checkpoint.

    Args:
        second: when, in seconds since 1970; a log's own Ed25519 signature says no time.
    """
    match key.kind:
        case KeyKind.ED25519:
            return str(checkpoint).encode()
        case KeyKind.ED25519_COSIGNATURE:
            return f"cosignature/v1\ntime {second}\n{checkpoint}".encode()
        case KeyKind.MLDSA44_COSIGNATURE:
            return b"".join(
                (
                    b"subtree/v1\n\0",
                    _short(key.name),
                    second.to_bytes(8),
                    _short(checkpoint.origin),
                    bytes(8),
                    checkpoint.size.to_bytes(8),
                    checkpoint.root,
                )
            )


def _short(text: str) -> bytes:
    """A name, of 1 to 255 bytes, after its length (RFC 8446, section 3.4)."""
    held = text.encode()
    return bytes([len(held)]) + held
