"""The keys of personal values: one per subject and purpose, in a store of their own, wrapped."""

import hmac
import time
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from application.world import Made
from domain.personal import KeysUnreachable, SealedAltered
from domain.values import Sealed
from infrastructure.erasure_notes import ErasureNotes
from infrastructure.event_store.journal import SealedRow
from infrastructure.kek import KeyEncryption, unwrapped, wrap
from infrastructure.key_database import KEY, KeyDatabase, destroy, subject_of
from infrastructure.key_names import KeyNames, note_names
from infrastructure.sealing import decrypted, encrypted, seal_of

REQUESTS = ("", "requests")
NAMES = ("", "names")
DRAFTS = ("", "drafts")
CHECK = ("", "check")
"""A key wrapped when the store is made, by which a wrong key-encryption key is found out."""

Opener = Callable[[SealedRow, str, str, str], str | None]
"""What opens sealed values: given one, and the topic, the field and the purpose it is bound to."""


class KeyStore:
    """Seals and opens personal values.

    AES-256-GCM with a random 96-bit nonce; the associated data name the topic, the field and the
    purpose, so that a ciphertext cannot be moved elsewhere. Each key is wrapped (RFC 3394) by the
    key-encryption key of a file that lies in neither store.
    """

    def __init__(self, url: str, kek: Path) -> None:
        self.database = KeyDatabase(url)
        self.notes = ErasureNotes(self.database)
        self.names = KeyNames(self.database, lambda: self._find_or_make(*NAMES))
        self._kek = KeyEncryption(kek)

    @classmethod
    def create(cls, url: str, kek: Path) -> "KeyStore":
        """Make an empty key store and its key-encryption key, readable by their owner alone."""
        store = cls(url, kek)
        database = store.database
        used = database.name if database.holds_keys() else ""
        store._kek.make(used)
        database.make()
        store._find_or_make(*CHECK)
        store.names.make()
        if not used:
            store.names.keep()
        return store

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()

    def _find(self, subject: str, purpose: str) -> bytes | None:
        before = None
        while (wrapped := self._look_up(subject, purpose)) is not None:
            try:
                return self._kek.unwrap(wrapped)[0]
            except KeysUnreachable:
                if wrapped == before:  # it was not wrapped anew between the two looks
                    raise
                before = wrapped
        return None

    def _look_up(self, subject: str, purpose: str) -> bytes | None:
        with self.database.reading(whole=False) as tx:
            return _wrapped(tx, subject, purpose)

    def _find_or_make(self, subject: str, purpose: str) -> bytes:
        key = self._find(subject, purpose)
        if key is not None:
            return key
        self._insert({(subject, purpose): AESGCM.generate_key(256)})
        made = self._find(subject, purpose)
        if made is None:
            raise KeysUnreachable(reason="clé non enregistrée")
        return made

    def _insert(
        self,
        keys: Mapping[tuple[str, str], bytes],
        names: Iterable[tuple[bytes, str, str]] = (),
    ) -> bool:
        """Store keys, all of them, or none where one is there already."""
        try:
            with self.database.writing() as tx:
                self.database.beside(tx)
                under, now = self._wrapping_key(tx, making=CHECK in keys), int(time.time())
                rows = [
                    {"subject": s, "purpose": p, "wrapped": wrap(under, key), "made": now}
                    for (s, p), key in keys.items()
                ]
                if rows:
                    tx.execute(sa.insert(KEY), rows)
                note_names(tx, names)
        except sa.exc.IntegrityError:
            return False
        return True

    def _wrapping_key(self, tx: sa.Connection, *, making: bool) -> bytes:
        """The key-encryption key that the keys are wrapped under, whichever of the two that is."""
        check = _wrapped(tx, *CHECK)
        if check is not None:
            return self._kek.unwrap(check)[1]
        if not making:
            raise KeysUnreachable(reason="le dépôt de clés n'est pas complet")
        return self._kek.current()

    def rotate(self) -> int:
        """Wrap every key under a new key-encryption key; count them.

        The new one lies beside the old one until all are wrapped, in one transaction; only then
        does it take its place. Cut short anywhere, no key is lost, and it is finished when asked
        again. A wrong key-encryption key is refused before anything is made.
        """
        with self.database.reading() as tx:
            check = _wrapped(tx, *CHECK)
        if check is None:
            raise KeysUnreachable(reason="le dépôt de clés n'est pas complet")
        self._kek.unwrap(check)
        successor = self._kek.prepare()
        with self.database.writing() as tx:
            self.database.alone(tx)
            rows = [
                {"s": subject, "p": purpose, "w": wrap(successor, self._kek.unwrap(wrapped)[0])}
                for subject, purpose, wrapped in tx.execute(
                    sa.select(KEY.c.subject, KEY.c.purpose, KEY.c.wrapped)
                )
                if unwrapped(successor, wrapped) is None
            ]
            if rows:
                place = (KEY.c.subject == sa.bindparam("s"), KEY.c.purpose == sa.bindparam("p"))
                tx.execute(sa.update(KEY).where(*place).values(wrapped=sa.bindparam("w")), rows)
        self._kek.promote()
        return len(rows)

    def key(self, subject: UUID, purpose: str) -> bytes | None:
        """The key of a subject for a purpose; `None` where there is none, or no longer."""
        return self._find(str(subject), purpose)

    def key_for(self, subject: UUID, purpose: str, made: Made) -> bytes:
        """The same, or a new one among those that were made and are not stored yet."""
        key = made.get((subject, purpose)) or self.key(subject, purpose)
        if key is None:
            key = made[subject, purpose] = AESGCM.generate_key(256)
        return key

    def keep(self, made: Made, names: Iterable[tuple[bytes, UUID, str]] = ()) -> bool:
        """Store new keys, all of them; none, and `False`, where somebody else made one meanwhile.

        Until then nothing that was sealed under them can be read again.

        Args:
            names: the marks of the names (`names.mark`) sealed under these keys, or under others.
        """
        known = [(mark, str(subject), purpose) for mark, subject, purpose in names]
        if not made and not known:
            return True
        return self._insert({(str(s), purpose): key for (s, purpose), key in made.items()}, known)

    def made(self) -> list[tuple[UUID, str, float]]:
        """Every key by its subject and purpose, with the second in which it was made.

        Zero, for one that was made before that was noted.
        """
        with self.database.reading() as tx:
            rows = tx.execute(
                sa.select(KEY.c.subject, KEY.c.purpose, KEY.c.made).where(KEY.c.subject != "")
            )
            return [(subject_of(subject), purpose, made) for subject, purpose, made in rows]

    def destroy(self, subject: UUID, purpose: str) -> None:
        """Make everything unreadable that was sealed for a subject and a purpose, for ever."""
        with self.database.writing() as tx:
            destroy(tx, [(subject, purpose)])

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
        key = self.key_for(subject, purpose, made)
        ciphertext = encrypted(key, text, f"{topic}|{field}|{purpose}")
        return Sealed(ref=seal_of(ciphertext)), ciphertext

    def open(
        self, ciphertext: bytes, *, topic: str, field: str, purpose: str, subject: str
    ) -> str | None:
        """Decrypt a value to show it; `None` once its key was destroyed."""
        try:
            key = self._find(subject, purpose)
        except KeysUnreachable:
            self.must_open()
            raise SealedAltered from None
        return None if key is None else decrypted(key, ciphertext, f"{topic}|{field}|{purpose}")

    def must_open(self) -> None:
        """Refuse where the keys of the store itself cannot be read with this key-encryption key."""
        for named in (CHECK, NAMES):
            if self._find(*named) is None:
                raise KeysUnreachable(reason="le dépôt de clés n'est pas complet")
        self._find(*REQUESTS)

    def opener(self) -> Opener:
        """What opens one value after the other, as `open` does, with keys that are read at once."""
        with self.database.reading() as tx:
            every = tx.execute(sa.select(KEY.c.subject, KEY.c.purpose, KEY.c.wrapped)).all()
        wrapped = {(subject, purpose): bytes(key) for subject, purpose, key in every}

        def opened(row: SealedRow, topic: str, field: str, purpose: str) -> str | None:
            found = wrapped.get((row.subject, purpose))
            if found is None:
                return None
            try:
                key, _ = self._kek.unwrap(found)
            except KeysUnreachable:  # wrapped anew since they were read, or altered
                where = {"topic": topic, "field": field, "purpose": purpose}
                return self.open(row.ciphertext, subject=row.subject, **where)
            return decrypted(key, row.ciphertext, f"{topic}|{field}|{purpose}")

        return opened

    def fingerprint(self, request: bytes) -> bytes:
        """A keyed MAC (HMAC-SHA-256): a plain hash of a name could be guessed."""
        mac = self._requests.copy()
        mac.update(request)
        return mac.digest()

    @cached_property
    def drafts_key(self) -> bytes:
        """The key of what people have begun to write and not sent."""
        return self._find_or_make(*DRAFTS)

    @cached_property
    def _requests(self) -> hmac.HMAC:
        """What every such MAC begins as: the key is taken in once."""
        return hmac.new(self._find_or_make(*REQUESTS), digestmod="sha256")


def _wrapped(tx: sa.Connection, subject: str, purpose: str) -> bytes | None:
    place = (KEY.c.subject == subject, KEY.c.purpose == purpose)
    found: bytes | None = tx.scalar(sa.select(KEY.c.wrapped).where(*place))
    return None if found is None else bytes(found)
