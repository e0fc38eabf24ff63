"""What a log asks of a witness, and what it answers (C2SP tlog-witness, `add-checkpoint`). Pure."""

import re
from collections.abc import Sequence
from enum import StrEnum

from domain.note import NotANote, NoteSignature, SignedNote, base64_of

DEEPEST = 63
"""Hashes that a witness is sent, at the most."""

SIZE_TYPE = "text/x.tlog.size"
"""The content type of the size that a witness saw last."""

_SIZE = re.compile(rb"(0|[1-9][0-9]{0,18})\n")


class WitnessState(StrEnum):
    """What came of asking a witness to cosign the last checkpoint."""

    NOT_ASKED = "not_asked"
    COSIGNED = "cosigned"
    SILENT = "silent"
    """It did not answer in time, or could not be reached."""
    REFUSED = "refused"
    """It does not know this log, or its key, or is at fault."""
    MALFORMED = "malformed"
    """What it answered is nothing that the protocol knows."""
    NOT_ITS_OWN = "not_its_own"
    """It answered without a signature by the key that the policy gives for it."""
    OTHER_SIZE = "other_size"
    """It says to have cosigned a size that this log never signed."""
    CONTRADICTED = "contradicted"
    """It shows a note that our own key signed, and of which this log is not the continuation."""
    INCONSISTENT = "inconsistent"
    """It says that this log is not the continuation of what it saw."""


def asked(old: int, path: Sequence[bytes], note: SignedNote) -> bytes:
    """The body of a request: the size that the witness saw last, the path from it, the note."""
    hashes = "".join(f"{base64_of(part)}\n" for part in path)
    return f"old {old}\n{hashes}\n{note}".encode()


def cosignatures(body: bytes) -> list[NoteSignature] | None:
    """The lines of an answer; `None` where it is not made of signature lines alone."""
    try:
        text = body.decode()
        if not text.endswith("\n"):
            return None
        return [NoteSignature.read(line) for line in text.removesuffix("\n").split("\n")]
    except (UnicodeDecodeError, NotANote):
        return None


def size_told(content_type: str, body: bytes) -> int | None:
    """The size that a witness says it saw last; `None` where it says none."""
    found = _SIZE.fullmatch(body)
    return int(found[1]) if found and content_type.strip().lower() == SIZE_TYPE else None
