"""The bytes of documents: encrypted one by one, laid down by their hash, checked when read."""

import hmac
import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from application.sentences import of_system
from application.world import Made
from domain.document import FILE_NAME
from domain.errors import Damaged, Unavailable
from domain.filing import Enclosed
from domain.media import TooLarge
from infrastructure.keys import KeyStore

PURPOSE = FILE_NAME.purpose
"""The purpose of the key of a document: its bytes, and the name of its file."""

BOUND = b"document.filed.v1|content|document"
OPENING = b"jalon document commitment"
PARTIAL = ".partial"
CONDEMNED = "condemned"
"""The folder of the marks of documents that are being erased."""
KEY_GONE = "sa clé n'est plus là (effacement à finir, ou dépôt de clés d'une autre date)"
NONCE = 12


class DocumentsUnreachable(Unavailable):
    """The folder of the documents cannot be read or written; nothing was recorded."""

    code = "document.unavailable"
    fr = "Le répertoire des documents ({folder}) ne peut pas servir : {reason}."
    en = "The folder of the documents ({folder}) cannot be used: {reason}."


class DocumentDamaged(Damaged):
    """What lies in the folder is not what was filed; it is never given."""

    code = "document.damaged"
    fr = "Le document {document} n'est pas remis : {reason}."
    en = "The document {document} is not given: {reason}."


class Documents:
    """The encrypted bytes of documents, each in a file that bears the SHA-256 of what it holds.

    A file is a nonce of 12 bytes, then AES-256-GCM under a key of the document alone; the key lies
    in the key store. What is laid down survives a power cut before its event is recorded, so that
    no event ever names bytes that are not there; bytes without an event are harmless. A document
    that is to be erased is marked before its erasure is recorded, and destroyed after.
    """

    def __init__(self, folder: Path, keys: KeyStore, largest: int) -> None:
        self.folder = folder
        self.keys = keys
        self.largest = largest

    # Bytes and their encrypted form.

    def enclose(self, data: bytes, *, document: UUID, made: Made) -> tuple[Enclosed, bytes]:
        """Encrypt; give what an event keeps, and what is to be laid down.

        Args:
            made: where a new key is put, for whoever records the event to keep it.
        """
        self.check_size(len(data))
        key = self.keys.key_for(document, PURPOSE, made)
        nonce = os.urandom(NONCE)
        ciphertext = nonce + AESGCM(key).encrypt(nonce, data, BOUND)
        kept = Enclosed(
            size=len(data),
            ciphertext=sha256(ciphertext).hexdigest(),
            commitment=commitment(opening_of(key), data),
        )
        return kept, ciphertext

    def check_size(self, size: int) -> None:
        """Refuse what is larger than a document may be."""
        if size > self.largest:
            raise TooLarge(megabytes=self.largest // 1_000_000)

    def same(self, data: bytes, content: Enclosed, *, document: UUID) -> bool:
        """Whether these are the bytes of a document; of one whose key is gone nobody can say."""
        if len(data) != content.size:
            return False
        key = self.keys.key(document, PURPOSE)
        said = key and commitment(opening_of(key), data)
        return bool(said) and hmac.compare_digest(said or "", content.commitment)

    def read(self, content: Enclosed, *, document: UUID) -> bytes:
        """The bytes of a document, as they were filed; anything else is refused."""
        key = self.keys.key(document, PURPOSE)
        if key is None:
            raise DocumentDamaged(document=document, reason=KEY_GONE)
        stored = self.stored(content.ciphertext, limit=content.size + NONCE + 16)
        if stored is None:
            raise DocumentDamaged(document=document, reason="ses octets manquent")
        if sha256(stored).hexdigest() != content.ciphertext:
            raise DocumentDamaged(document=document, reason="ses octets ont changé")
        try:
            data = AESGCM(key).decrypt(stored[:NONCE], stored[NONCE:], BOUND)
        except (InvalidTag, ValueError):  # the latter, where it is too short to be one
            raise DocumentDamaged(document=document, reason="sa clé n'est pas la sienne") from None
        if commitment(opening_of(key), data) != content.commitment:
            raise DocumentDamaged(document=document, reason="ce n'est pas ce qui a été déposé")
        return data

    def opening(self, document: UUID) -> bytes | None:
        """What lets others check the commitment of a document; `None` once its key is gone."""
        key = self.keys.key(document, PURPOSE)
        return None if key is None else opening_of(key)

    def is_readable(self, document: UUID) -> bool:
        """Whether the key of a document is there."""
        return self.keys.key(document, PURPOSE) is not None

    def destroy(self, document: UUID, ref: str) -> None:
        """Destroy the key of a document, then its bytes; done again, it does no harm."""
        self.keys.destroy(document, PURPOSE)
        self.remove(ref)

    # What is to be destroyed once that is recorded.

    def condemn(self, document: UUID) -> Path:
        """Mark a document that is about to be erased, so that whoever comes finishes it."""
        mark = self.folder / CONDEMNED / f"{document}.{token_hex(4)}"
        try:
            self._make_folders(mark.parent)
            _write(mark, b"")
            _flush(mark.parent)
        except OSError as error:
            raise self._unreachable(error) from None
        return mark

    def condemned(self) -> list[tuple[UUID, Path]]:
        """The documents that are marked, each with its mark."""
        found = sorted((self.folder / CONDEMNED).glob("*"))
        return [(UUID(mark.name.partition(".")[0]), mark) for mark in found]

    def unmark(self, mark: Path) -> None:
        """Let a mark go: nothing is left to be done."""
        try:
            mark.unlink(missing_ok=True)
        except OSError as error:
            raise self._unreachable(error) from None

    # Files.

    def place(self, ref: str) -> Path:
        """Where the bytes of a hash lie."""
        return self.folder / ref[:2] / ref[2:]

    def has(self, ref: str) -> bool:
        return self.place(ref).is_file()

    def stored(self, ref: str, *, limit: int | None = None) -> bytes | None:
        """What lies under a hash, as it lies there; no more than one byte beyond a limit."""
        try:
            with self.place(ref).open("rb") as file:
                return file.read() if limit is None else file.read(limit + 1)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._unreachable(error) from None

    def keep(self, ref: str, ciphertext: bytes) -> None:
        """Lay bytes down under their hash, whole or not at all, and wait until they would last."""
        place = self.place(ref)
        partial = place.with_name(f".{place.name}.{token_hex(4)}{PARTIAL}")
        try:
            self._make_folders(place.parent)
            try:
                _write(partial, ciphertext)
                partial.replace(place)
            finally:
                partial.unlink(missing_ok=True)
            _flush(place.parent)
        except OSError as error:
            raise self._unreachable(error) from None

    def _make_folders(self, inner: Path) -> None:
        for folder in (self.folder, inner):
            if not folder.is_dir():
                folder.mkdir(mode=0o700, exist_ok=True)
                _flush(folder.parent)

    def remove(self, ref: str) -> None:
        """Let bytes go, where they are there."""
        place = self.place(ref)
        try:
            place.unlink(missing_ok=True)
            if place.parent.is_dir():
                _flush(place.parent)
        except OSError as error:
            raise self._unreachable(error) from None

    def files(self) -> Iterator[tuple[str | None, Path]]:
        """Every file of the folder with the hash that it is named by; none, if it was cut short."""
        for folder in sorted(self.folder.glob("[0-9a-f][0-9a-f]")):
            for file in sorted(folder.iterdir()):
                yield (None if file.name.startswith(".") else folder.name + file.name), file

    def _unreachable(self, error: OSError) -> DocumentsUnreachable:
        return DocumentsUnreachable(folder=self.folder, reason=of_system(error))


def opening_of(key: bytes) -> bytes:
    """What opens the commitment of a document, derived from its key and telling nothing of it."""
    return hmac.digest(key, OPENING, "sha256")


def commitment(opening: bytes, data: bytes) -> str:
    """The HMAC-SHA-256 by which others recognise the bytes of a document, and cannot guess them."""
    return hmac.digest(opening, data, "sha256").hex()


def _write(file: Path, data: bytes) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as target:
        target.write(data)
        target.flush()
        os.fsync(target.fileno())


def _flush(folder: Path) -> None:
    """Make the names in a folder last, as `fsync` does for the bytes of a file."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
