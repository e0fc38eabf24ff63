"""Documents handed over: decrypted, under names that stay the same, with what proves each."""

import json
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO, Any

from domain.document import Document
from domain.kernel import Recorded
from domain.media import ending
from infrastructure.documents import Documents

MANIFEST = "documents.json"
SAME_DATE = (1980, 1, 1, 0, 0, 0)
"""Every entry has it, so that the same state gives the same bytes."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A document with its history, as far as it is handed over."""

    document: Document
    history: list[Recorded]


def bundle_name(document: Document) -> str:
    """Where a document lies in a bundle: by its identity, with the ending of its format."""
    return f"documents/{document.id}.{ending(document.media_type)}"


def add_documents(archive: zipfile.ZipFile, store: Documents, kept: Iterable[Kept]) -> int:
    """Write documents and their manifest into an archive that may hold other things; count them.

    Each is read whole, checked and written before the next. Of an erased one only what was recorded
    stands in the manifest. `opening` is the key of the commitment: whoever holds the bundle can
    compute HMAC-SHA-256(opening, bytes) and find it in the event, which the audit log proves.
    """
    lines, number = list[dict[str, Any]](), 0
    for one in kept:
        document = one.document
        line = _line(one)
        if not document.is_erased:
            data = store.read(document.content, document=document.id)
            opening = store.opening(document.id)
            line |= {"file": bundle_name(document), "opening": opening.hex() if opening else None}
            write_entry(archive, bundle_name(document), data)
            number += 1
        lines.append(line)
    text = json.dumps({"documents": lines, "v": 1}, ensure_ascii=False, indent=1, sort_keys=True)
    write_entry(archive, MANIFEST, text.encode())
    return number


def write_bundle(target: IO[bytes], store: Documents, kept: Iterable[Kept]) -> int:
    """An archive of documents and nothing else; the same state gives the same bytes."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        return add_documents(archive, store, kept)


def write_entry(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    """Write one file of an archive; the same content gives the same bytes."""
    entry = zipfile.ZipInfo(name, SAME_DATE)
    entry.external_attr = 0o600 << 16
    entry.create_system = 3
    archive.writestr(entry, data)


def _line(kept: Kept) -> dict[str, Any]:
    document = kept.document
    filed = next(r.event for r in kept.history if isinstance(r.event, Document.Filed))
    told = filed.model_dump(
        mode="json", include={"title", "media_type", "channel", "retention", "part_of", "pole"}
    )
    return {
        "id": str(document.id),
        **told,
        "kind": filed.document_kind.value,
        "occurred_on": str(filed.occurred_on),
        "sent_on": _text(filed.sent_on),
        "received_on": _text(filed.received_on),
        "expires": _text(filed.expires),
        "status": document.statuses[-1].value.value,
        **filed.content.model_dump(),
        "events": [
            {"position": r.position, "topic": r.event.TOPIC, "id": str(r.event.meta.event_id)}
            for r in kept.history
        ],
    }


def _text(value: object) -> str | None:
    return None if value is None else str(value)
