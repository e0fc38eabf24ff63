"""Signed notes: a text, and the signatures of those who answer for it (C2SP signed-note v1). Pure.

Read strictly: bytes that differ are another note. What a signature says is checked elsewhere.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256

from domain.errors import Damaged

MOST_SIGNATURES = 64
"""Lines of signatures in a note; a verifier accepts sixteen at the least."""

LONGEST = 1_000_000
"""Bytes of a note."""

LONGEST_NAME = 255
"""Bytes of the name of a key, or of a log: what ML-DSA-44 signs has no place for more."""

_NAME = re.compile(r"[^\s+]+")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


class NotANote(Damaged):
    """The text is no signed note."""

    code = "note.malformed"
    fr = "Ce n'est pas une note signée : {reason}."
    en = "This is no signed note ({reason})."


class NotAKey(Damaged):
    """The text is no verifier key."""

    code = "note.key_malformed"
    fr = "« {text} » n'est pas une clé de vérification : {reason}."
    en = "“{text}” is no verifier key ({reason})."


class KeyKind(IntEnum):
    """What a key signs, and how: the signature types that C2SP assigned."""

    ED25519 = 0x01
    ED25519_COSIGNATURE = 0x04
    MLDSA44_COSIGNATURE = 0x06


KEY_BYTES = {
    KeyKind.ED25519: 32,
    KeyKind.ED25519_COSIGNATURE: 32,
    KeyKind.MLDSA44_COSIGNATURE: 1312,
}

SIGNATURE_BYTES = {
    KeyKind.ED25519: 64,
    KeyKind.ED25519_COSIGNATURE: 8 + 64,
    KeyKind.MLDSA44_COSIGNATURE: 8 + 2420,
}
"""Of a signature line, after the identity of its key; a cosignature tells its second first."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """Whose signatures are known, and by which public key."""

    name: str
    kind: KeyKind
    public: bytes

    @property
    def id(self) -> bytes:
        """Four bytes that name the key beside its name: an identifier, no fingerprint."""
        named = self.name.encode() + b"\n" + bytes([self.kind]) + self.public
        return sha256(named).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64_of(bytes([self.kind]) + self.public)}"

    @classmethod
    def read(cls, text: str) -> "VerifierKey":
        """A key as it is written: `name+identity+base64`; one that is not whole is refused."""

        def refused(reason: str) -> NotAKey:
            return NotAKey(text=text[:60], reason=reason)

        name, _, rest = text.partition("+")
        identity, plus, encoded = rest.partition("+")
        if not plus or not _NAME.fullmatch(name):
            raise refused("il faut un nom, un identifiant et une clé, séparés par « + »")
        if len(name.encode(errors="replace")) > LONGEST_NAME:
            raise refused(f"un nom compte {LONGEST_NAME} octets au plus")
        if not is_utf8(name):
            raise refused("son nom n'est pas en UTF-8")
        material = bytes_of(encoded)
        if not material:
            raise refused("sa base64 n'est pas exacte")
        try:
            kind = KeyKind(material[0])
        except ValueError:
            raise refused("ce genre de signature n'est pas connu ici") from None
        found = cls(name, kind, material[1:])
        if len(found.public) != KEY_BYTES[kind]:
            raise refused("la clé n'a pas la bonne longueur")
        if found.id.hex() != identity:
            raise refused("l'identifiant n'est pas celui de la clé")
        return found


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One line: who signed, with which key, and the bytes of it."""

    name: str
    key: bytes
    value: bytes

    def __str__(self) -> str:
        return f"— {self.name} {base64_of(self.key + self.value)}\n"

    @classmethod
    def read(cls, line: str) -> "NoteSignature":
        """A line without its end; anything but the exact form is refused."""
        parts = line.split(" ")
        if len(parts) != 3 or parts[0] != "—" or not _NAME.fullmatch(parts[1]):
            raise NotANote(reason="une ligne de signature est mal formée")
        held = bytes_of(parts[2])
        if held is None or len(held) < 5:
            raise NotANote(reason=f"la signature de « {parts[1]} » n'est pas en base64 exacte")
        return cls(parts[1], held[:4], held[4:])

    def is_of(self, key: VerifierKey) -> bool:
        """Whether the line says that this key made it."""
        return (self.name, self.key) == (key.name, key.id)


@dataclass(frozen=True, slots=True)
class SignedNote:
    """A text, its last line ended, and who signed it."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def __str__(self) -> str:
        return f"{self.text}\n{''.join(map(str, self.signatures))}"

    @classmethod
    def read(cls, content: bytes) -> "SignedNote":
        """A note as it is kept; what does not say itself again, byte for byte, is refused."""
        if len(content) > LONGEST:
            raise NotANote(reason="elle est trop longue")
        try:
            whole = content.decode()
        except UnicodeDecodeError:
            raise NotANote(reason="elle n'est pas en UTF-8") from None
        if _CONTROL.search(whole):
            raise NotANote(reason="elle contient un caractère de contrôle")
        text, blank, lines = whole.rpartition("\n\n")
        if not blank or not text or not lines.endswith("\n"):
            raise NotANote(reason="le texte et les signatures ne sont pas séparés")
        signed = lines.removesuffix("\n").split("\n")
        if len(signed) > MOST_SIGNATURES:
            raise NotANote(reason="elle porte trop de signatures")
        return cls(f"{text}\n", tuple(NoteSignature.read(line) for line in signed))


def is_utf8(text: str) -> bool:
    """Whether a text that was read with escapes has none."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def base64_of(value: bytes) -> str:
    """Bytes in the base64 of RFC 4648, section 4."""
    return b64encode(value).decode()


def bytes_of(text: str) -> bytes | None:
    """What a base64 holds; `None` where it is not the one way to write that."""
    try:
        value = b64decode(text, validate=True)
    except (NotBase64, ValueError):
        return None
    return value if base64_of(value) == text else None
