"""The keys of personal values: one per subject and purpose, in a store of their own, wrapped."""

import hmac
import os
import sqlite3
from base64 import urlsafe_b64encode
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import (
    InvalidUnwrap,
    aes_key_unwrap,
    aes_key_wrap,
)

from domain.errors import Unavailable
from domain.kernel import Sealed

REQUESTS = ("", "requests")
CHECK = ("", "check")
"""A key wrapped when the store is made, by which a wrong key-encryption key is found out."""


class KeysUnreachable(Unavailable):
    """The key store or its key cannot be used; nothing is thereby erased."""

    code = "keys.unavailable"
    fr = "Les clés des données personnelles sont indisponibles ({reason})."
    en = "The keys of personal values are unavailable ({reason})."


class KeyStore:
    """Seals and opens personal values.

    AES-256-GCM with a random 96-bit nonce; the associated data name the topic, the field and the
    purpose, so that a ciphertext cannot be moved elsewhere. Each key is wrapped (RFC 3394) by the
    key-encryption key of a file that lies in neither store.
    """

    def __init__(self, path: Path, kek: Path) -> None:
        self._path = path
        self._kek = kek
        self._request_key: bytes | None = None

    @classmethod
    def create(cls, path: Path, kek: Path) -> "KeyStore":
        """Make an empty key store and its key-encryption key, readable by their owner alone."""
        if not kek.exists():
            if path.exists():
                raise KeysUnreachable(reason=f"il manque {kek.name}, qui ouvre {path.name}")
            descriptor = os.open(kek, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(os.urandom(32))
        path.touch(mode=0o600)
        store = cls(path, kek)
        with closing(store._open()) as db, db:
            db.execute(
                "CREATE TABLE IF NOT EXISTS key (subject TEXT, purpose TEXT, wrapped BLOB NOT NULL,"
                " PRIMARY KEY (subject, purpose)) WITHOUT ROWID"
            )
        store._find_or_make(*CHECK)
        return store

    def _open(self) -> sqlite3.Connection:
        if not self._path.exists():
            raise KeysUnreachable(reason=self._path.name)
        db = sqlite3.connect(self._path, timeout=30)
        db.execute("PRAGMA secure_delete=ON").close()
        db.execute("PRAGMA synchronous=FULL").close()
        return db

    def _wrapping_key(self) -> bytes:
        try:
            key = self._kek.read_bytes()
        except OSError as error:
            raise KeysUnreachable(reason=error.strerror) from None
        if len(key) != 32:
            raise KeysUnreachable(reason="la clé maîtresse est endommagée")
        return key

    def _find(self, subject: str, purpose: str) -> bytes | None:
        try:
            with closing(self._open()) as db:
                row = db.execute(
                    "SELECT wrapped FROM key WHERE subject = ? AND purpose = ?", (subject, purpose)
                ).fetchone()
            return aes_key_unwrap(self._wrapping_key(), row[0]) if row else None
        except sqlite3.Error as error:
            raise KeysUnreachable(reason=error) from None
        except InvalidUnwrap:
            raise KeysUnreachable(reason="la clé maîtresse ne correspond pas") from None

    def _find_or_make(self, subject: str, purpose: str) -> bytes:
        key = self._find(subject, purpose)
        if key is not None:
            return key
        if self._find(*CHECK) is None and (subject, purpose) != CHECK:
            raise KeysUnreachable(reason="le dépôt de clés n'est pas complet")
        wrapped = aes_key_wrap(self._wrapping_key(), AESGCM.generate_key(256))
        try:
            with closing(self._open()) as db, db:
                db.execute(
                    "INSERT OR IGNORE INTO key VALUES (?, ?, ?)", (subject, purpose, wrapped)
                )
        except sqlite3.Error as error:
            raise KeysUnreachable(reason=error) from None
        made = self._find(subject, purpose)
        if made is None:
            raise KeysUnreachable(reason="clé non enregistrée")
        return made

    def key(self, subject: UUID, purpose: str, *, make: bool = False) -> bytes | None:
        """The key of a subject for a purpose; `None` where there is none, or no longer."""
        found = self._find_or_make if make else self._find
        return found(str(subject), purpose)

    def destroy(self, subject: UUID, purpose: str) -> None:
        """Make everything unreadable that was sealed for a subject and a purpose, for ever."""
        try:
            with closing(self._open()) as db, db:
                db.execute(
                    "DELETE FROM key WHERE subject = ? AND purpose = ?", (str(subject), purpose)
                )
        except sqlite3.Error as error:
            raise KeysUnreachable(reason=error) from None

    def seal(
        self,
        text: str,
        *,
        topic: str,
        field: str,
        purpose: str,
        subject: UUID,
        lasting: bool = True,
    ) -> tuple[Sealed, bytes]:
        """Encrypt a value; give what the event keeps and the ciphertext to lay beside it.

        Args:
            lasting: keep the key; otherwise nobody will ever read the value.
        """
        nonce = os.urandom(12)
        key = self._find_or_make(str(subject), purpose) if lasting else os.urandom(32)
        bound = f"{topic}|{field}|{purpose}".encode()
        ciphertext = nonce + AESGCM(key).encrypt(nonce, text.encode(), bound)
        ref = urlsafe_b64encode(sha256(ciphertext).digest()).rstrip(b"=").decode()
        return Sealed(ref=ref), ciphertext

    def open(
        self, ciphertext: bytes, *, topic: str, field: str, purpose: str, subject: str
    ) -> str | None:
        """Decrypt a value to show it; `None` once its key was destroyed."""
        key = self._find(subject, purpose)
        if key is None:
            return None
        bound = f"{topic}|{field}|{purpose}".encode()
        try:
            return AESGCM(key).decrypt(ciphertext[:12], ciphertext[12:], bound).decode()
        except (InvalidTag, ValueError):  # the latter, where it is too short to be one
            raise KeysUnreachable(reason="valeur scellée altérée") from None

    def fingerprint(self, request: bytes) -> bytes:
        """A keyed MAC (HMAC-SHA-256): a plain hash of a name could be guessed."""
        if self._request_key is None:
            self._request_key = self._find_or_make(*REQUESTS)
        return hmac.digest(self._request_key, request, "sha256")
