"""Every event about documents: of a pole and of none, accepted, refused, replaced, erased."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from domain.dates import PartialDate
from domain.document import Document
from domain.filing import DocumentChannel, DocumentKind, Enclosed, Filing
from domain.kernel import Aggregate
from domain.media import MediaType
from domain.retention import Retention
from domain.shelf import SHELF, Shelf
from domain.values import Sealed

OTHER = UUID("2f1d7c52-64a9-4f1e-8b0a-1d7d5c3f9e20")
SEALED = Sealed(ref="n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg")
FILER, READER = f"account:{OTHER}", "organisation:COORACE"


def _filed(on: PartialDate, part_of: UUID = OTHER) -> Document:
    document = Document.new()
    document.file(
        Filing(
            document_kind=DocumentKind.LETTER,
            title="Lettre d'accompagnement",
            channel=DocumentChannel.EMAIL,
            retention=Retention.TWO_YEARS,
            sent_on=on,
            received_on=on,
            expires=date(2033, 4, 30),
        ),
        content=Enclosed(size=20_480, ciphertext="3f" * 32, commitment="c0" * 32),
        media_type=MediaType.EML,
        persons=(FILER, READER),
        pole=OTHER,
        file_name=SEALED,
        part_of=part_of,
        parts=(OTHER,),
        left=2,
    )
    return document


def samples(on: PartialDate) -> Iterator[Aggregate]:
    first, second, refused = _filed(on), _filed(on), _filed(on)
    first.accept(persons=("organisation:Registre",))
    refused.refuse(motive="la signature manque")
    first.supersede(second)
    second.erase(motive=SEALED)
    yield from (first, second, refused)
    shelf = Shelf(SHELF)
    shelf.receive(OTHER)
    yield shelf
