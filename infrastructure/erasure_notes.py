"""What is noted of erasures beside the keys: those begun, and all that was erased."""

import time
from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa

from infrastructure.key_database import ERASURE, FORGOTTEN, KeyDatabase, Named, destroy, subject_of


class ErasureNotes:
    """Outlives any copy of the registry that is put back: what was erased stays so."""

    def __init__(self, database: KeyDatabase) -> None:
        self._database = database

    def forget(self, erasure: UUID, refs: Collection[str], keys: Collection[Named]) -> None:
        """Destroy keys and note what they opened as erased: all of it, or nothing."""
        with self._database.writing() as tx:
            known = set(tx.scalars(sa.select(FORGOTTEN.c.ref)))
            new = [{"ref": ref, "erasure": str(erasure)} for ref in refs if ref not in known]
            if new:
                tx.execute(sa.insert(FORGOTTEN), new)
            destroy(tx, keys)

    def begin(self, erasure: UUID) -> None:
        """Note that an erasure begins, so that whoever comes takes it up where it was cut short."""
        with self._database.writing() as tx:
            row = {"erasure": str(erasure), "at": int(time.time()), "finished": False}
            tx.execute(sa.insert(ERASURE).values(row))

    def unfinished(self) -> list[tuple[UUID, float]]:
        """The erasures that were begun and not finished, each with the second of that."""
        with self._database.reading() as tx:
            wanted = sa.select(ERASURE.c.erasure, ERASURE.c.at).where(~ERASURE.c.finished)
            return [(subject_of(erasure), at) for erasure, at in tx.execute(wanted)]

    def finish(self, erasure: UUID) -> None:
        """Note that nothing of an erasure is left to be done."""
        with self._database.writing() as tx:
            place = ERASURE.c.erasure == str(erasure)
            tx.execute(sa.update(ERASURE).where(place).values(finished=True))

    def forgotten(self) -> dict[str, UUID]:
        """Everything that was erased, by which erasure."""
        with self._database.reading() as tx:
            rows = tx.execute(sa.select(FORGOTTEN.c.ref, FORGOTTEN.c.erasure))
            return {ref: subject_of(erasure) for ref, erasure in rows}
