"""File documents with their bytes, decide upon them, replace and erase them."""

from abc import abstractmethod
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterable, Iterator
from datetime import date
from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema
from typing_extensions import override

from application.command import Command, Work
from application.document_list import KINDS, USUAL_RETENTION
from application.momentary import Momentary
from application.offices import PART_TAKERS
from application.wording import capital
from domain.dates import PartialDate, days_after
from domain.document import Document, DocumentId, PartOfAMessage
from domain.filing import (
    OF_THE_POLE,
    DocumentChannel,
    DocumentKind,
    EvidenceOfNoPole,
    FiledOtherwise,
    Filing,
)
from domain.media import Attachment
from domain.pole import Pole, PoleId
from domain.retention import Retention
from domain.roles import Role
from domain.shelf import SHELF, Shelf
from domain.values import Line, Personal, Prose
from domain.words import Text

CONCEPT = "document"
"""What a pole calls what is attached to it."""

ACCEPTERS = (
    *(Role.COORDINATOR, Role.REGIONAL_COORDINATOR, Role.INSTRUCTOR),
    *(Role.SECRETARY, Role.FUNDER, Role.REGISTRAR),
)
"""Who says of a document that it is what it says it is."""

ERASERS = (Role.DPO, Role.REGISTRAR)


def _decoded(given: Any) -> Any:
    """Bytes travel in JSON as base64."""
    if not isinstance(given, str):
        return given
    try:
        return b64decode(given, validate=True)
    except (NotBase64, ValueError):
        msg = "« content » doit être en base64"
        raise ValueError(msg) from None


Content = Annotated[
    bytes,
    BeforeValidator(_decoded),
    PlainSerializer(lambda data: sha256(data).hexdigest(), when_used="json"),
    WithJsonSchema({"type": "string", "contentEncoding": "base64"}),
]
"""The bytes of a document; two requests are the same where their hashes are."""


class FileDocument(
    Command,
    name="document.file",
    says="Verser un document, avec son contenu.",
    by=(*PART_TAKERS, Role.PAYER, Role.DPO),
):
    """Put a document on file with its bytes, and the attachments of a message each on its own.

    Filed again for the same pole, the same bytes are not filed twice: the answer is the identity of
    the document that is there, and nothing is recorded. Unless another date is given, a document is
    on file from the day it was received (product rule).
    """

    content: Content = Field(repr=False, description="Le contenu du fichier, en base64.")
    kind: DocumentKind = Field(description="Nature du document : strategy, minutes, letter…")
    pole: PoleId | None = Field(None, description="Le pôle dont il s'agit ; aucun sinon.")
    title: Line | None = Field(
        None, description="Intitulé, sans nom de personne ; la nature du document sinon."
    )
    file_name: Personal | None = Field(None, description="Nom du fichier (scellé).")
    channel: DocumentChannel = Field(
        DocumentChannel.UPLOAD, description="Par où il est arrivé : post, email, upload…"
    )
    sent_on: PartialDate | None = Field(None, description="Date d'envoi.")
    received_on: PartialDate | None = Field(None, description="Date de réception.")
    retention: Retention | None = Field(
        None, description="Durée de conservation ; celle de sa nature sinon (règle du registre)."
    )
    expires: date | None = Field(None, description="Dernier jour de validité, s'il en a un.")
    as_evidence: bool = Field(
        False, description="Le compter aussi parmi les pièces du pôle, sous sa nature."
    )

    @override
    def execute(self, work: Work) -> UUID:
        if self.as_evidence and not self.pole:
            raise EvidenceOfNoPole
        owner: Pole | Shelf
        if self.pole:
            owner = work.get(Pole, self.pole)
            work.allow(owner, self.NAME)
            known = [id_ for id_, concept in owner.attached.items() if concept == CONCEPT]
        else:
            owner = work.find(Shelf, SHELF) or Shelf(SHELF)
            known = owner.documents
        since = self.occurred_on or self.received_on or work.occurred_on
        until = days_after(self.expires, 1) if self.expires else self.valid_to
        with work.dated(since):
            filing = self._filing(work)
        recognised = work.recognise(self.content)
        present = self._present(work, known)
        if present:
            if self.as_evidence and isinstance(owner, Pole):
                self._is_piece(owner, present)
            return present.id
        with work.dated(since, valid_to=until):
            name = self.file_name.text if self.file_name else None
            part = Attachment(name, self.content, recognised)
            filed = _file(work, Document.new(), part, filing, pole=self.pole)
            self._put_with(owner, filed, filing)
        work.save(*filed, owner)
        return filed[0].id

    def _is_piece(self, pole: Pole, present: Document) -> None:
        """Refuse to answer that a document is there where it is not the piece that was meant."""
        if any(
            (piece.value.document, piece.value.evidence) == (present.id, self.kind.value)
            for piece in pole.pieces
        ):
            return
        kind = present.document_kind
        raise FiledOtherwise(
            kind=Text(fr=KINDS[kind], en=kind.value),
            day=present.statuses[0].since,
            document=present.id,
            evidence=self.kind.value,
        )

    def _put_with(self, owner: Pole | Shelf, filed: list[Document], filing: Filing) -> None:
        for number, document in enumerate(filed):
            if isinstance(owner, Shelf):
                owner.receive(document.id)
            else:
                is_news = not number and self.kind in OF_THE_POLE
                owner.attach(CONCEPT, document.id, is_news=is_news)
        if isinstance(owner, Pole) and self.as_evidence:
            evidence, title = self.kind.value, filing.title
            owner.file_evidence(evidence=evidence, title=title, document=filed[0].id)

    def _filing(self, work: Work) -> Filing:
        filing = Filing(
            document_kind=self.kind,
            title=self.title or capital(KINDS[self.kind]),
            channel=self.channel,
            retention=self.retention or USUAL_RETENTION[self.kind],
            sent_on=self.sent_on,
            received_on=self.received_on,
            expires=self.expires,
        )
        filing.check(since=work.day, today=work.today)
        return filing

    def _present(self, work: Work, known: Iterable[UUID]) -> Document | None:
        """The document that has these bytes already, if one has."""
        for id_ in known:
            document = work.get(Document, id_)
            if not document.is_erased and work.same(self.content, document):
                return document
        return None


def _file(
    work: Work,
    document: Document,
    part: Attachment,
    filing: Filing,
    *,
    pole: UUID | None,
    part_of: UUID | None = None,
) -> list[Document]:
    """A document and, of a message, all that is attached to it; the message first."""
    attached = [Document.new() for _ in part.recognised.parts]
    content = work.enclose(part.data, document=document.id)
    name = part.name and work.seal(
        Personal(text=part.name),
        event=Document.Filed,
        field="file_name",
        subject=document.id,
    )
    document.file(
        filing,
        content=content,
        media_type=part.recognised.media_type,
        persons=work.persons,
        pole=pole,
        file_name=name or None,
        part_of=part_of,
        parts=[one.id for one in attached],
        left=part.recognised.left,
    )
    filed = [document]
    for number, (one, inner) in enumerate(zip(attached, part.recognised.parts, strict=True), 1):
        title = f"Pièce jointe n° {number} : {filing.title}"[:500]
        about = {"document_kind": DocumentKind.ATTACHMENT, "title": title}
        filed += _file(
            work, one, inner, filing.model_copy(update=about), pole=pole, part_of=document.id
        )
    return filed


class DocumentCommand(Momentary):
    """Something done with one document."""

    document: DocumentId = Field(description="Identifiant du document.")

    @override
    def execute(self, work: Work) -> UUID:
        document = work.get(Document, self.document)
        if document.pole:
            work.allow(work.get(Pole, document.pole), self.NAME)
        work.save(*self.act(work, document))
        return document.id

    @abstractmethod
    def act(self, work: Work, document: Document) -> list[Document]:
        """Do it; give what is to be saved."""


class AcceptDocument(
    DocumentCommand,
    name="document.accept",
    says="Accepter un document : il est bien ce qu'il dit ; une autre personne l'a déposé.",
    by=ACCEPTERS,
):
    """Find that a document is what it says. Whoever filed it does not accept it."""

    @override
    def act(self, work: Work, document: Document) -> list[Document]:
        document.accept(persons=work.persons)
        return [document]


class RefuseDocument(
    DocumentCommand,
    name="document.refuse",
    says="Écarter un document, en disant pourquoi.",
    by=ACCEPTERS,
):
    """Say that a document is not taken, and why."""

    motive: Prose = Field(description="Pourquoi, sans nommer personne.")

    @override
    def act(self, work: Work, document: Document) -> list[Document]:
        document.refuse(motive=self.motive)
        return [document]


class SupersedeDocument(
    DocumentCommand,
    name="document.supersede",
    says="Enregistrer qu'un autre document vaut désormais à la place d'un premier.",
    by=ACCEPTERS,
):
    """Let another document of the same pole hold in the place of one."""

    by: DocumentId = Field(description="Identifiant du document qui le remplace.")

    @override
    def act(self, work: Work, document: Document) -> list[Document]:
        document.supersede(work.get(Document, self.by))
        return [document]


class EraseDocument(
    DocumentCommand,
    name="document.erase",
    says="Effacer le contenu d'un document : sa clé, puis ses octets ; la preuve reste.",
    by=ERASERS,
):
    """Destroy the key and the bytes of a document, and of all that is attached to a message.

    What was recorded stays, with its hashes and every proof. Stopped in the middle, it is asked
    for again. An attachment goes with its message only: its bytes are in there too.
    """

    ground: Line = Field(description="Fondement : RGPD art. 17, fin de conservation…")
    motive: Personal = Field(description="Pourquoi, en détail (scellé).")

    @override
    def act(self, work: Work, document: Document) -> list[Document]:
        if document.part_of and not document.is_erased:
            raise PartOfAMessage(message=document.part_of)
        whole = [*_whole(work, document)]
        for one in whole:
            motive = work.seal(
                self.motive,
                event=Document.Erased,
                field="motive",
                subject=one.id,
            )
            one.erase(motive=motive, day=work.day)
            work.destroy(one)
        return whole


def _whole(work: Work, document: Document) -> Iterator[Document]:
    """A document, and all that is attached to it."""
    yield document
    for id_ in document.parts:
        yield from _whole(work, work.get(Document, id_))
