"""Where what was erased is kept from coming back, by any copy that is put back."""

import time
from collections.abc import Iterable, Mapping
from uuid import UUID

from application.command import By
from application.erasure import RecordErased, may_decide
from application.personal import places
from domain.dates import paris_day
from domain.erasure import Erasure, ErasureId
from domain.values import Frozen
from infrastructure.documents import PURPOSE
from infrastructure.event_store.registry import Registry
from infrastructure.sealed_check import BACK, check_sealed

UNDER_WAY = 300
"""Seconds during which a key that opens nothing may be of an act under way (product rule)."""


class CameBack(Frozen):
    """Erased values that are there again, and what was done about it."""

    values: int
    keys: int
    cleaned: bool
    spared: int = 0
    """Keys that open nothing, and may be those of values that are missing or altered."""


class ComingBack:
    """Looks for what was erased and is there again, and erases it again."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._journal = registry.journal
        self._keys = registry.keys
        self._notes = registry.keys.notes

    def erased(self) -> dict[str, UUID]:
        """Everything that was erased, by the notes beside the keys and by the journal."""
        told = {
            ref: recorded.stream
            for recorded in self._registry.told(Erasure.PersonErased)
            if isinstance(recorded.event, Erasure.PersonErased)
            for ref in recorded.event.refs
        }
        return told | self._notes.forgotten()

    def reapply(self, erased: Mapping[str, UUID], by: By) -> int:
        """Erase again what an older copy of the registry brought back; count the erasures.

        Args:
            erased: as it was known before that copy was put back.
        """
        by_erasure: dict[UUID, list[str]] = {}
        for ref, erasure in erased.items():
            by_erasure.setdefault(erasure, []).append(ref)
        again = 0
        for id_, gone in by_erasure.items():
            refs = [ref for ref in gone if not _is_identity(ref)]
            documents = [UUID(ref) for ref in gone if _is_identity(ref)]
            destroy(self._registry, id_, refs, documents)
            known = self._registry.load(Erasure, id_)
            if known is None or known.erased is None:
                redo = RecordErased(
                    erasure=ErasureId(id_), again=tuple(refs), documents=tuple(documents)
                )
                self._registry.do(redo, by)
                again += 1
        if by_erasure:
            self._journal.scrub()
        return again

    def check(self, by: By, *, clean: bool = False) -> CameBack:
        """Look for what was erased and is there again; destroy it, where that is asked."""
        may_decide(self._registry, by, paris_day(self._registry.clock()))
        erased = self.erased()
        back = self._journal.subjects_of([ref for ref in erased if not _is_identity(ref)])
        found = places(self._registry, back)
        keys = {(place.subject, place.purpose) for place in found}
        keys |= {(UUID(ref), PURPOSE) for ref in erased if _is_identity(ref)}
        opened = [named for named in keys if self._keys.key(*named) is not None]
        idle, spared = self._idle_keys()
        if clean and (back or opened):
            self.reapply(erased, by)
        if clean:
            for named in idle:
                self._keys.destroy(*named)
        keys_back = len({*opened, *idle})
        return CameBack(values=len(back), keys=keys_back, cleaned=clean, spared=len(spared))

    def _idle_keys(self) -> tuple[list[tuple[UUID, str]], list[tuple[UUID, str]]]:
        """The keys under which nothing is sealed: an older key store brings back those of persons
        who were erased, and they would open what any older copy of the registry still has.

        One that may be of an act under way is none of them; nor is one made before the last
        restoration, which may open what that restoration left out. Those of the purpose of a
        value that is missing or altered come apart: a backup may put it back, to be opened so.
        """
        subjects = {ref: UUID(row.subject) for ref, row in self._journal.sealed().items()}
        needed = {(place.subject, place.purpose) for place in places(self._registry, subjects)}
        since, until = self._journal.last_restored(), time.time() - UNDER_WAY
        idle = [
            (subject, purpose)
            for subject, purpose, made in self._keys.made()
            if purpose != PURPOSE and (subject, purpose) not in needed and since <= made < until
        ]
        if not idle:
            return [], []
        faults = check_sealed(self._registry).faults
        unsure = {fault.purpose for fault in faults if fault.reason != BACK}
        return (
            [key for key in idle if key[1] not in unsure],
            [key for key in idle if key[1] in unsure],
        )


def destroy(registry: Registry, id_: UUID, refs: Iterable[str], documents: Iterable[UUID]) -> None:
    """Destroy keys, note what they opened, delete what was sealed under them."""
    gone = [*refs]
    found = places(registry, registry.journal.subjects_of(gone))
    keys = {(place.subject, place.purpose) for place in found}
    keys |= {(document, PURPOSE) for document in documents}
    registry.keys.notes.forget(id_, [*gone, *map(str, documents)], keys)
    registry.journal.forget_sealed(*gone)


def _is_identity(ref: str) -> bool:
    """Whether what was erased is a document, by its identity, and not a sealed value."""
    return len(ref) == 36
