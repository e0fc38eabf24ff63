"""Whether each personal value is there as it was sealed, or was erased by an act on record."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from application.personal import marked_events
from domain.kernel import Recorded
from domain.personal import KeysUnreachable, SealedField, sealed_in
from infrastructure.erased import ErasedValues
from infrastructure.erasure_notes import ErasureNotes
from infrastructure.event_store.journal import SealedRow
from infrastructure.event_store.registry import Registry
from infrastructure.keys import Opener
from infrastructure.sealing import seal_of


@dataclass(frozen=True, slots=True)
class SealedFault:
    """What is wrong with a personal value, or with the note of an erasure."""

    index: int | None
    """Of the event that keeps the value, which counts from 0; none where no event does."""
    ref: str
    reason: str
    purpose: str = ""
    """That of the value, where an event keeps one."""

    def __str__(self) -> str:
        if self.index is None:
            return f"« {self.ref} » : {self.reason}"
        return f"L'événement n° {self.index + 1} : {self.reason} (« {self.ref} »)"


@dataclass(frozen=True, slots=True)
class CheckedSealed:
    """How many values are there as they were sealed, how many are erased, and what is wrong."""

    there: int
    erased: int
    faults: tuple[SealedFault, ...]
    keys: str | None
    """Why the keys could not be used, where they could not: then no value was opened."""


CHANGED = "une valeur personnelle n'est plus celle qui fut scellée"
MISSING = "une valeur personnelle manque, sans effacement enregistré"
BACK = "une valeur personnelle effacée est revenue ; « jalon privacy check --clean » la détruit"
NO_KEY = "la clé d'une valeur personnelle manque, sans effacement enregistré"
NOT_OPENED = "une valeur personnelle ne s'ouvre plus : sa clé, ou ce qui la relie à elle, a changé"
NOT_FOUND = "un nom ne se retrouve plus parmi les noms : son repère a changé ou manque"
UNNAMED = "une valeur scellée que ne garde aucun événement"
NOT_RECORDED = "noté comme effacé à côté des clés, sans effacement enregistré"


def check_sealed(registry: Registry) -> CheckedSealed:
    """Compare every reference that an event keeps with what lies beside the journal.

    Each value is opened, so that what leads to its key is checked too; none of it is shown. Where
    the keys cannot be used, that is said, and only what lies in the registry is checked.
    """
    journal, keys = registry.journal, registry.keys
    rows = journal.sealed()
    told = [
        (o, found) for o in registry.told_ever(*marked_events()) for found in sealed_in(o.event)
    ]
    later = [found.sealed.ref for _, found in told if found.sealed.ref not in rows]
    rows |= {ref: row for ref in later if (row := journal.sealed_row(ref))}
    erased = ErasedValues(journal).follow()
    done, asked, unusable = erased.done(), erased.asked(), None
    faults, there, opened = list[SealedFault](), 0, None
    try:
        keys.must_open()
        opened = _Opening(registry, keys.opener())
        faults += _notes(keys.notes, erased)
    except KeysUnreachable as error:
        unusable = str(error.details["reason"])
    for recorded, found in told:
        ref, row = found.sealed.ref, rows.get(found.sealed.ref)
        if row is None:
            reason = None if ref in done or ref in asked else MISSING
        elif ref in done:
            reason = BACK
        elif seal_of(row.ciphertext) != ref:
            reason = CHANGED
        else:
            reason = opened.fault(recorded, found, row) if opened and ref not in asked else None
            there += reason is None
        if reason:
            purpose = found.marking.purpose
            faults.append(SealedFault(recorded.position - 1, ref, reason, purpose))
    named = {found.sealed.ref for _, found in told}
    faults += (SealedFault(None, ref, UNNAMED) for ref in rows if ref not in named)
    gone = sum(found.sealed.ref in done for _, found in told)
    return CheckedSealed(there, gone, tuple(faults), unusable)


class _Opening:
    """Opens one value after the other, and looks whether its name can be found."""

    def __init__(self, registry: Registry, opener: Opener) -> None:
        self._registry, self._open = registry, opener
        marks = registry.keys.names.marks()  # altered ones are said, whether all are kept or not
        self._names = marks if registry.keys.names.are_kept() else None

    def fault(self, recorded: Recorded, found: SealedField, row: SealedRow) -> str | None:
        marked = found.marking
        try:
            said = self._open(row, recorded.event.TOPIC, found.field, marked.purpose)
        except KeysUnreachable:
            return NOT_OPENED
        if said is None:
            return NO_KEY
        if not marked.is_name or self._names is None:
            return None
        mark = self._registry.name_mark(said)
        key = UUID(row.subject), marked.purpose
        return None if mark in self._names.get(key, ()) else NOT_FOUND


def _notes(notes: ErasureNotes, erased: ErasedValues) -> Iterator[SealedFault]:
    """What is noted beside the keys as erased, and by no act on record.

    A document has an act of its own, whatever erasure of a person it was for.
    """
    documents = {str(act) for act, gone in erased.by_act.items() if str(act) in gone}
    for ref, act in notes.forgotten().items():
        if ref not in erased.by(act) and ref not in documents:
            yield SealedFault(None, ref, NOT_RECORDED)
