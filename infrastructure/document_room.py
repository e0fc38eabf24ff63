"""Where documents are read and handed over, to those who may; each reading is noted before."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from uuid import UUID

from application.command import By
from application.document_list import UnknownDocument
from application.document_reading import may_read
from application.exchange import may_watch
from application.sentences import of_system
from domain.dates import paris_day
from domain.document import Document, DocumentErased
from domain.errors import JalonError, Unavailable
from domain.media import MediaType, ending
from infrastructure.access_log import AccessLine, AccessLog
from infrastructure.document_bundle import Kept, write_bundle
from infrastructure.document_check import (
    CheckedDocuments,
    check_documents,
    filed,
    finish_erasures,
)
from infrastructure.event_store.failure import STORE_ERRORS, explain
from infrastructure.event_store.registry import Registry

log = logging.getLogger("jalon")

CONCEPT, CONTENT = "document", "content"
"""What a reading of the bytes of a document is called in the log of readings."""


class NotWritten(Unavailable):
    """A document could not be given in a file; there is no file."""

    code = "document.not_written"
    fr = "Rien n'a pu être remis dans {file} : {reason}."
    en = "Nothing could be given in {file}: {reason}."


@dataclass(frozen=True, slots=True)
class Fetched:
    """The bytes of a document, with the name under which they are given."""

    data: bytes
    media_type: MediaType
    name: str


class DocumentRoom:
    """The bytes of a registry's documents, for those who may read them.

    Whether somebody may is decided first (`may_read`), then the reading is noted, then it takes
    place. Who is refused has read nothing, and is not noted.
    """

    def __init__(self, registry: Registry, accesses: AccessLog) -> None:
        self._registry = registry
        self._accesses = accesses

    @property
    def largest(self) -> int:
        """The largest document that is taken, in bytes."""
        return self._registry.documents.largest

    def check_size(self, size: int) -> None:
        """Refuse what is larger than a document may be."""
        self._registry.documents.check_size(size)

    def fetch(self, id_: UUID, by: By) -> Fetched:
        """The bytes of a document, exactly as filed; that they were read is noted first."""
        document = self._registry.load(Document, id_)
        if document is None:
            raise UnknownDocument(name=id_)
        self._may_read(by, document.pole)
        if document.is_erased:
            raise DocumentErased
        self._accesses.note(by, CONCEPT, [id_], CONTENT)
        data = self._registry.documents.read(document.content, document=id_)
        return Fetched(data, document.media_type, self._name(document))

    def _may_read(self, by: By, pole: UUID | None) -> None:
        may_read(self._registry, by, pole, paris_day(self._registry.clock()))

    def get(self, id_: UUID, file: Path, by: By) -> Fetched:
        """The same, in a new file that its owner alone can read."""
        if file.exists():
            raise NotWritten(file=file, reason="il existe déjà")
        found = self.fetch(id_, by)
        with _new_file(file) as target:
            target.write(found.data)
        return found

    def _name(self, document: Document) -> str:
        said = document.file_name and self._registry.unseal(
            document.file_name, event=Document.Filed, field="file_name"
        )
        return said or f"document-{document.id}.{ending(document.media_type)}"

    def downloads(self, by: By, id_: UUID | None = None) -> list[AccessLine]:
        """Who read the bytes of documents, or of one, and when, for those who watch over that.

        The oldest first.
        """
        may_watch(self._registry, by, paris_day(self._registry.clock()))
        lines = self._accesses.lines(id_)
        return [line for line in lines if (line.concept, line.part) == (CONCEPT, CONTENT)]

    def check(self, *, clean: bool = False) -> CheckedDocuments:
        """Read every document again; see `check_documents`."""
        return check_documents(self._registry, clean=clean)

    def finish_erasures(self) -> None:
        """Finish the erasures that were cut short once they were recorded, where that can be.

        The registry serves all the same where it cannot: their contents are given to nobody.
        """
        try:
            finished = finish_erasures(self._registry)
        except (JalonError, *STORE_ERRORS) as error:
            said = error if isinstance(error, JalonError) else explain(error).details["reason"]
            log.warning("Un effacement enregistré reste à finir. %s", said)
        else:
            if finished:
                log.warning("Effacements interrompus, finis à l'ouverture : %s.", finished)

    def bundle(self, file: Path, by: By, *, pole: UUID | None = None) -> int:
        """Hand over the documents of a pole, or all of them, in a new file; count those inside."""
        self._may_read(by, pole)
        if file.exists():
            raise NotWritten(file=file, reason="il existe déjà")
        kept = [
            Kept(document, self._registry.history(document.id))
            for document in filed(self._registry)
            if pole is None or document.pole == pole
        ]
        read = [one.document.id for one in kept if not one.document.is_erased]
        self._accesses.note(by, CONCEPT, read, CONTENT)
        with _new_file(file) as target:
            return write_bundle(target, self._registry.documents, kept)


@contextmanager
def _new_file(file: Path) -> Iterator[IO[bytes]]:
    """A file that its owner alone can read, and that is there whole or not at all."""
    partial = file.with_name(f"{file.name}.partial")
    try:
        partial.unlink(missing_ok=True)  # what an interrupted one left
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w+b") as target:
            yield target
        partial.replace(file)
    except OSError as error:
        raise NotWritten(file=file, reason=of_system(error)) from None
    finally:
        partial.unlink(missing_ok=True)
