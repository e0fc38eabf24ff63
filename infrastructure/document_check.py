"""Whether every document on file is there, as it was filed; and what lies there for nothing."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from application.unit import Condemned
from domain.document import Document
from domain.errors import Damaged
from infrastructure.documents import PURPOSE, Documents
from infrastructure.event_store.beside import destroy
from infrastructure.event_store.registry import Registry

IN_PROGRESS = 3600
"""Seconds during which what no event names may be of an act under way (product rule)."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with a document, in a sentence."""

    document: UUID
    sentence: str


@dataclass(frozen=True, slots=True)
class CheckedDocuments:
    """How many were read again and found as filed, how many are erased, and what is wrong."""

    sound: int
    erased: int
    troubles: tuple[Trouble, ...]
    orphans: int
    """Files that no event names: what a filing that was stopped left. They harm nothing."""
    orphan_keys: int
    """Keys under which nothing was sealed that the registry knows; the same holds of them."""
    cleaned: int
    """Files of no document that were removed."""
    destroyed_keys: int
    finished: int
    """Erasures that were recorded, and whose key or bytes had to be destroyed still."""


@dataclass(frozen=True, slots=True)
class _Lying:
    """What lies in the stores before the journal is asked: what is filed meanwhile is not in it."""

    files: dict[Path, str | None]
    keys: list[tuple[UUID, str, float]]


def filed(registry: Registry, until: int | None = None) -> Iterator[Document]:
    """Every document that was ever filed, as it stands."""
    for recorded in registry.told(Document.Filed, until=until):
        document = registry.load(Document, recorded.stream, until)
        if document:
            yield document


def check_documents(registry: Registry, *, clean: bool = False) -> CheckedDocuments:
    """Read every document again, and tell what is missing, changed, or erased by half.

    Args:
        clean: finish what was erased by half, and destroy the files and the keys that no event
            names, unless they may be of an act under way.
    """
    store = registry.documents
    lying = _Lying({file: ref for ref, file in store.files()}, store.keys.made())
    sound = erased = finished = 0
    troubles, refs, known = list[Trouble](), set[str](), set[UUID]()
    if clean:
        finish_erasures(registry)
    for document in filed(registry):
        refs.add(document.content.ciphertext)
        known.add(document.id)
        if clean and document.is_erased and _came_back(store, document):
            finish_erasure(registry, document)  # cut short, or brought back by an older copy
            finished += 1
        said = trouble_of(store, document)
        if said:
            troubles.append(Trouble(document.id, said))
        elif document.is_erased:
            erased += 1
        else:
            sound += 1
    files = [file for file, ref in lying.files.items() if ref not in refs]
    keys = _orphan_keys(registry, lying.keys, known)
    cleaned = _remove(files) if clean else 0
    destroyed = _destroy(registry, keys) if clean else 0
    return CheckedDocuments(
        sound=sound,
        erased=erased,
        troubles=tuple(troubles),
        orphans=len(files) - cleaned,
        orphan_keys=len(keys) - destroyed,
        cleaned=cleaned,
        destroyed_keys=destroyed,
        finished=finished,
    )


def finish_erasures(registry: Registry) -> int:
    """Destroy what is left of documents whose erasure was recorded, then cut short; count them.

    The mark of an erasure that was never recorded is let go, unless it may be under way.
    """
    store, finished = registry.documents, 0
    for id_, mark in store.condemned():
        document = registry.load(Document, id_)
        if document and document.is_erased:
            finished += _came_back(store, document)
            finish_erasure(registry, document)
            store.unmark(mark)
        elif _is_old(mark):
            store.unmark(mark)
    return finished


def finish_erasure(registry: Registry, document: Document) -> None:
    """Destroy the key and the bytes of a document that is erased, and what was sealed with it."""
    sealed = (document.file_name.ref,) if document.file_name else ()
    gone = Condemned(document.id, document.content.ciphertext, sealed)
    destroy(gone, registry.journal, registry.documents)


def _came_back(store: Documents, document: Document) -> bool:
    return store.is_readable(document.id) or store.has(document.content.ciphertext)


def _orphan_keys(
    registry: Registry, keys: list[tuple[UUID, str, float]], documents: set[UUID]
) -> list[tuple[UUID, str, float]]:
    """The keys of documents that were never filed, and of subjects that nothing knows."""
    return [
        (subject, purpose, made)
        for subject, purpose, made in keys
        if subject not in documents and (purpose == PURPOSE or not registry.journal.knows(subject))
    ]


def _destroy(registry: Registry, keys: list[tuple[UUID, str, float]]) -> int:
    """Destroy keys that nothing needs; count them.

    One that may be of an act under way stays. So does one made before the last restoration: it may
    open what that restoration left out, and what a later copy would bring back.
    """
    since, until = registry.journal.last_restored(), time.time() - IN_PROGRESS
    gone = [(subject, purpose) for subject, purpose, made in keys if since <= made < until]
    for subject, purpose in gone:
        registry.keys.destroy(subject, purpose)
    return len(gone)


def _is_old(file: Path) -> bool:
    return file.stat().st_mtime < time.time() - IN_PROGRESS


def _remove(files: list[Path]) -> int:
    """Remove files, unless they may be of a filing under way; count those removed."""
    old = [file for file in files if file.exists() and _is_old(file)]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)


def trouble_of(store: Documents, document: Document) -> str | None:
    """What is wrong with one document; `None` where it is there as filed, or erased whole."""
    content, readable = document.content, store.is_readable(document.id)
    if document.is_erased:
        left = "effacé, mais sa clé ou ses octets sont encore là : ajoutez « --clean »"
        return left if _came_back(store, document) else None
    if not readable:
        return (
            "sa clé est détruite et l'effacement n'est pas enregistré : relancez "
            "« jalon document erase »"
        )
    try:
        store.read(content, document=document.id)
    except Damaged as damaged:
        return str(damaged.details["reason"])
    return None
