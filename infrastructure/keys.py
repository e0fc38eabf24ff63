"""The keys of personal values: one per subject and purpose, in a store of their own, wrapped."""

import hmac
import os
import sqlite3
import time
from base64 import urlsafe_b64encode
from collections.abc import Mapping
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

from application.world import Made
from domain.errors import Unavailable
from domain.kernel import Sealed

REQUESTS = ("", "requests")
CHECK = ("", "check")
"""A key wrapped when the store is made, by which a wrong key-encryption key is found out."""


DATED = "SELECT subject, purpose, made FROM key WHERE subject <> ''"
UNDATED = "SELECT subject, purpose, 0 FROM key WHERE subject <> ''"
"""Of a store that was made before the keys were dated."""


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
                " made INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (subject, purpose)) WITHOUT ROWID"
            )
            _date_keys(db)
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
        if (subject, purpose) != CHECK:
            self._check()
        self._insert({(subject, purpose): AESGCM.generate_key(256)})
        made = self._find(subject, purpose)
        if made is None:
            raise KeysUnreachable(reason="clé non enregistrée")
        return made

    def _check(self) -> None:
        if self._find(*CHECK) is None:
            raise KeysUnreachable(reason="le dépôt de clés n'est pas complet")

    def _insert(self, keys: Mapping[tuple[str, str], bytes]) -> bool:
        """Store keys, all of them, or none where one is there already."""
        wrapping, now = self._wrapping_key(), int(time.time())
        rows = [(*named, aes_key_wrap(wrapping, key), now) for named, key in keys.items()]
        try:
            with closing(self._open()) as db, db:
                _date_keys(db)
                db.executemany(
                    "INSERT INTO key (subject, purpose, wrapped, made) VALUES (?, ?, ?, ?)", rows
                )
        except sqlite3.IntegrityError:
            return False
        except sqlite3.Error as error:
            raise KeysUnreachable(reason=error) from None
        return True

    def key(self, subject: UUID, purpose: str) -> bytes | None:
        """The key of a subject for a purpose; `None` where there is none, or no longer."""
        return self._find(str(subject), purpose)

    def key_for(self, subject: UUID, purpose: str, made: Made) -> bytes:
        """The same, or a new one among those that were made and are not stored yet."""
        key = made.get((subject, purpose)) or self.key(subject, purpose)
        if key is None:
            key = made[subject, purpose] = AESGCM.generate_key(256)
        return key

    def keep(self, made: Made) -> bool:
        """Store new keys, all of them; none, and `False`, where somebody else made one meanwhile.

        Until then nothing that was sealed under them can be read again.
        """
        if not made:
            return True
        self._check()
        return self._insert({(str(s), purpose): key for (s, purpose), key in made.items()})

    def made(self) -> list[tuple[UUID, str, float]]:
        """Every key by its subject and purpose, with the second in which it was made.

        Zero, for one that was made before that was noted.
        """
        try:
            with closing(self._open()) as db:
                rows = db.execute(DATED if _is_dated(db) else UNDATED).fetchall()
        except sqlite3.Error as error:
            raise KeysUnreachable(reason=error) from None
        return [(UUID(subject), purpose, made) for subject, purpose, made in rows]

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
        made: Made,
    ) -> tuple[Sealed, bytes]:
        """Encrypt a value; give what the event keeps and the ciphertext to lay beside it.

        Args:
            made: where a new key is put, for whoever records the event to keep it.
        """
        nonce = os.urandom(12)
        key = self.key_for(subject, purpose, made)
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


def _is_dated(db: sqlite3.Connection) -> bool:
    return any(column[1] == "made" for column in db.execute("PRAGMA table_info(key)"))


def _date_keys(db: sqlite3.Connection) -> None:
    """Let a store that an earlier version made tell when its keys are made from now on."""
    if not _is_dated(db):
        db.execute("BEGIN IMMEDIATE")  # of two programs, the second finds it done
        if not _is_dated(db):
            db.execute("ALTER TABLE key ADD COLUMN made INTEGER NOT NULL DEFAULT 0")
