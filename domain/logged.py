"""The proof that one entry was logged, in a file of its own (C2SP tlog-proof v1). Pure.

`extra` holds the entry itself, which is what the leaf is made of: whoever has the file needs
nothing else but a policy of trust.
"""

import re
from dataclasses import dataclass

from domain.errors import Damaged
from domain.note import SignedNote, base64_of, bytes_of

HEADER = "c2sp.org/tlog-proof@v1"

DEEPEST = 63
"""Hashes of a path: a log has fewer than 2⁶³ entries."""

_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")


class NotAProof(Damaged):
    """The file is no proof of an entry."""

    code = "proof.malformed"
    fr = "Ce n'est pas une preuve d'inscription : {reason}."
    en = "This is no proof of logging ({reason})."


@dataclass(frozen=True, slots=True)
class LogProof:
    """An entry, its place, the path to the root, and the note that signs it, byte for byte."""

    entry: bytes
    index: int
    path: tuple[bytes, ...]
    note: SignedNote

    def __str__(self) -> str:
        hashes = "".join(f"{base64_of(part)}\n" for part in self.path)
        return f"{HEADER}\nextra {base64_of(self.entry)}\nindex {self.index}\n{hashes}\n{self.note}"

    @classmethod
    def read(cls, content: bytes) -> "LogProof":
        """A file; what does not say itself again, byte for byte, is refused."""
        head, blank, note = content.partition(b"\n\n")
        try:
            lines = head.decode("ascii").split("\n")
        except UnicodeDecodeError:
            raise NotAProof(reason="son en-tête n'est pas de l'ASCII") from None
        if not blank or len(lines) < 3 or lines[0] != HEADER:
            raise NotAProof(reason=f"elle ne commence pas par « {HEADER} »")
        word, _, extra = lines[1].partition(" ")
        place = _INDEX.fullmatch(lines[2])
        if word != "extra" or place is None or len(lines) > 3 + DEEPEST:
            raise NotAProof(reason="il faut l'entrée, sa place, puis le chemin")
        path = tuple(map(_held, lines[3:]))
        if any(len(part) != 32 for part in path):
            raise NotAProof(reason="le chemin n'est pas fait d'empreintes")
        found = cls(_held(extra), int(place[1]), path, SignedNote.read(note))
        if str(found).encode() != content:
            raise NotAProof(reason="elle n'est pas écrite de la seule façon admise")
        return found


def _held(text: str) -> bytes:
    found = bytes_of(text)
    if found is None:
        raise NotAProof(reason="une de ses lignes n'est pas en base64 exacte")
    return found
