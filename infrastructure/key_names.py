"""By which names the persons of keys are found: marks that tell nobody the name."""

import hmac
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from domain.personal import name_key
from infrastructure.key_database import PERSON, KeyDatabase, Named, subject_of

INDEXED = (b"", "", "")
"""What stands among the names once those of every key are there."""


class KeyNames:
    """The marks of the names that are sealed under each key; they go with the key."""

    def __init__(self, database: KeyDatabase, key: Callable[[], bytes]) -> None:
        self._database = database
        self._find_or_make = key

    def make(self) -> None:
        """Make the key of the marks now, so that a rehearsal has nothing to make."""
        _ = self._key

    @cached_property
    def _key(self) -> bytes:
        return self._find_or_make()

    def mark(self, name: str) -> bytes:
        """A keyed MAC of a name, however it is spelt: it tells nobody the name."""
        return hmac.digest(self._key, name_key(name).encode(), "sha256")

    def bearing(self, name: str) -> set[Named]:
        """The keys under which a name is sealed."""
        wanted = PERSON.c.name == self.mark(name)
        with self._database.reading() as tx:
            rows = tx.execute(sa.select(PERSON.c.subject, PERSON.c.purpose).where(wanted))
            return {(subject_of(subject), purpose) for subject, purpose in rows}

    def marks(self) -> dict[Named, frozenset[bytes]]:
        """The marks of the names that are sealed under each key."""
        with self._database.reading() as tx:
            rows = {tuple(row) for row in tx.execute(sa.select(PERSON))}
        found: dict[Named, set[bytes]] = {}
        for mark, subject, purpose in rows - {INDEXED}:
            found.setdefault((subject_of(subject), purpose), set()).add(mark)
        return {key: frozenset(marks) for key, marks in found.items()}

    def are_kept(self) -> bool:
        """Whether the names of every key can be found; not in a store of before they were noted."""
        with self._database.reading() as tx:
            done = sa.select(PERSON.c.name).where(PERSON.c.name == INDEXED[0])
            return tx.execute(done).first() is not None

    def keep(self, names: Iterable[tuple[bytes, UUID, str]] = ()) -> None:
        """Note the names that were sealed before, and that none is missing from now on."""
        rows = [(mark, str(subject), purpose) for mark, subject, purpose in names]
        with self._database.writing() as tx:
            note_names(tx, [*rows, INDEXED])


def note_names(tx: sa.Connection, names: Iterable[tuple[bytes, str, str]]) -> None:
    """Note names under which keys they are, each once."""
    for mark, subject, purpose in dict.fromkeys(names):
        row: dict[str, Any] = {"name": mark, "subject": subject, "purpose": purpose}
        known = sa.select(PERSON).where(*(PERSON.c[column] == row[column] for column in row))
        if tx.execute(known).first() is None:
            tx.execute(sa.insert(PERSON).values(row))
