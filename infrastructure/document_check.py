"""Whether every document on file is there, as it was filed; and what lies there for nothing."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from domain.document import Document
from domain.errors import Damaged
from infrastructure.documents import Documents
from infrastructure.event_store.registry import Registry

IN_PROGRESS = 3600
"""Seconds during which bytes without an event may be of a filing under way (product rule)."""


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
    cleaned: int


def filed(registry: Registry, until: int | None = None) -> Iterator[Document]:
    """Every document that was ever filed, as it stands."""
    for recorded in registry.told(Document.Filed, until=until):
        document = registry.load(Document, recorded.stream, until)
        if document:
            yield document


def check_documents(registry: Registry, *, clean: bool = False) -> CheckedDocuments:
    """Read every document again, and tell what is missing, changed, or erased by half.

    Args:
        clean: remove the files that no event names, unless they may be of a filing under way.
    """
    store = registry.documents
    # Listed first: what is filed meanwhile is no orphan.
    lying = {file: ref for ref, file in store.files()}
    sound = erased = 0
    troubles, known = list[Trouble](), set[str]()
    for document in filed(registry):
        known.add(document.content.ciphertext)
        if clean and document.is_erased:  # what an older backup may have brought back
            store.destroy(document.id, document.content.ciphertext)
        said = _trouble(store, document)
        if said:
            troubles.append(Trouble(document.id, said))
        elif document.is_erased:
            erased += 1
        else:
            sound += 1
    orphans = [file for file, ref in lying.items() if ref not in known]
    cleaned = 0
    for file in orphans if clean else ():
        if file.stat().st_mtime < time.time() - IN_PROGRESS:
            file.unlink(missing_ok=True)
            cleaned += 1
    return CheckedDocuments(sound, erased, tuple(troubles), len(orphans) - cleaned, cleaned)


def _trouble(store: Documents, document: Document) -> str | None:
    content, readable = document.content, store.is_readable(document.id)
    if document.is_erased:
        came_back = "effacé, mais sa clé ou ses octets sont revenus : ajoutez « --clean »"
        return came_back if readable or store.has(content.ciphertext) else None
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
