"""Documents: what was filed, by whom, and what became of it. Their bytes lie elsewhere."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated, NewType
from uuid import UUID

from domain.dates import PartialDate, days_after
from domain.distinct import AnotherPerson, Persons, share, those
from domain.errors import Refused
from domain.filing import DocumentChannel, DocumentKind, Enclosed, Filing
from domain.finality import Finality
from domain.kernel import Aggregate, Event, event
from domain.media import MediaType
from domain.personal import Basis, Marking
from domain.retention import Retention, kept_until
from domain.span import Dated, in_force
from domain.values import Line, Prose, Sealed
from domain.words import Id, Text, Whole, later

DocumentId = NewType("DocumentId", UUID)


class DocumentStatus(StrEnum):
    """What became of a document."""

    FILED = "filed"
    ACCEPTED = "accepted"
    NOT_ACCEPTED = "not_accepted"
    SUPERSEDED = "superseded"
    ERASED = "erased"


# --- refusals -----------------------------------------------------------------------------------


class AcceptanceAlreadyDecided(Refused):
    """A document is accepted or not, once."""

    code = "document.decided"
    fr = "Ce document a déjà été {status} ; un autre peut le remplacer."
    en = "This document was already decided upon ({status}); another may replace it."


class OwnDocument(AnotherPerson, Refused):
    """Two distinct persons: one files, another accepts (product rule)."""

    code = "document.own"
    fr = "Qui a déposé un document ne l'accepte pas : une autre personne doit le faire."
    en = "Whoever filed a document does not accept it: somebody else must."


class NoDocumentInItsPlace(Refused):
    """Another document of the same pole, that nothing replaces yet, comes in its place."""

    code = "document.successor"
    fr = "{reason}"
    en = "{reason}"


class OfAnotherPole(Refused):
    """A piece of evidence of a pole is among its own documents."""

    code = "document.other_pole"
    fr = "Ce document n'est pas de ceux de ce pôle."
    en = "This document is not one of this pole."


class DocumentErased(Refused):
    """Of an erased document only its hashes and its history are left."""

    code = "document.erased"
    fr = "Ce document a été effacé : il n'en reste que les empreintes et l'histoire."
    en = "This document was erased: only its hashes and its history are left."


class PartOfAMessage(Refused):
    """An attachment is also inside its message."""

    code = "document.part_of"
    fr = "Cette pièce est aussi dans le message {message} : effacez le message, elle le sera avec."
    en = "This piece is also inside the message {message}: erase that, and it goes with it."


DECIDED = {
    DocumentStatus.ACCEPTED: "accepté",
    DocumentStatus.NOT_ACCEPTED: "écarté",
    DocumentStatus.SUPERSEDED: "remplacé",
}


# --- the aggregate ------------------------------------------------------------------------------


FILE_NAME = Marking(
    purpose="document",
    holds=Text(
        fr="le nom d'un fichier déposé, qui va avec ses octets",
        en="the name of a filed file, which goes with its bytes",
    ),
    persons=Text(fr="personnes que nomme un nom de fichier", en="whom the name of a file names"),
    basis=Basis.LEGITIMATE_INTERESTS,
    retention=Retention.TEN_YEARS,
)

ERASURE = Marking(
    purpose="document_erasure",
    holds=Text(fr="pourquoi un document a été effacé", en="why a document was erased"),
    persons=Text(fr="personnes que cite ce motif", en="whom that motive names"),
    basis=Basis.LEGAL_OBLIGATION,
    retention=Retention.FIVE_YEARS,
)


class Document(Aggregate):
    """A document on file, of a pole or of none. Its bytes are never in an event."""

    class Filed(Event):
        """A document was put on file. Its file name is sealed, its title names no person.

        It no longer holds from the day after `expires`. `parts` are the attachments of a message,
        each a document of its own; `left` counts those of no accepted format, which stay inside
        the message only. `filed_by` is for whom it was filed.
        """

        TOPIC = "document.filed.v1"
        UNDONE_BY = ("document.supersede", "document.erase")
        pole: UUID | None
        document_kind: DocumentKind
        title: Line
        media_type: MediaType
        content: Enclosed
        file_name: Annotated[Sealed | None, FILE_NAME]
        channel: DocumentChannel
        sent_on: PartialDate | None
        received_on: PartialDate | None
        retention: Retention
        expires: date | None
        part_of: UUID | None
        parts: tuple[UUID, ...]
        left: Whole
        filed_by: Id
        persons: Persons = later(())
        """For whom it was filed, and who did it."""

    class Accepted(Event):
        """Somebody other than who filed it found that it is what it says."""

        TOPIC = "document.accepted.v1"
        UNDONE_BY = ("document.refuse",)
        accepted_by: Id

    class NotAccepted(Event):
        """It was not taken, and why."""

        TOPIC = "document.not_accepted.v1"
        UNDONE_BY = ("document.accept",)
        motive: Prose

    class Superseded(Event):
        """Another document holds in its place."""

        TOPIC = "document.superseded.v1"
        UNDONE_BY = ("document.file",)
        successor: UUID

    class Erased(Event):
        """Its key and its bytes were destroyed. Why is sealed; the ground is in `meta`."""

        TOPIC = "document.erased.v1"
        UNDONE_BY = Finality.ERASURE
        motive: Annotated[Sealed, ERASURE]
        unfinished: Retention | None = later(None)
        """How long it was to be kept, where it was erased before the end of that."""

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.pole: UUID | None = None
        self.title = ""
        self.document_kind = DocumentKind.OTHER
        self.media_type = MediaType.PDF
        self.content = Enclosed(size=0, ciphertext="0" * 64, commitment="0" * 64)
        self.file_name: Sealed | None = None
        self.part_of: UUID | None = None
        self.parts: tuple[UUID, ...] = ()
        self.left = 0
        self.retention = Retention.PERMANENT
        self.expires: date | None = None
        self.successor: UUID | None = None
        self.filers: Persons = ()
        self.statuses: list[Dated[DocumentStatus]] = []

    # Decisions.

    def file(
        self,
        filing: Filing,
        *,
        content: Enclosed,
        media_type: MediaType,
        persons: Persons,
        pole: UUID | None = None,
        file_name: Sealed | None = None,
        part_of: UUID | None = None,
        parts: Sequence[UUID] = (),
        left: int = 0,
        valid_to: date | None = None,
    ) -> None:
        """Put a new one on file, under whose identity its bytes were enclosed."""
        if filing.expires:
            valid_to = days_after(filing.expires, 1)
        self._filed(
            pole=pole,
            document_kind=filing.document_kind,
            title=filing.title,
            media_type=media_type,
            content=content,
            file_name=file_name,
            channel=filing.channel,
            sent_on=filing.sent_on,
            received_on=filing.received_on,
            retention=filing.retention,
            expires=filing.expires,
            part_of=part_of,
            parts=tuple(parts),
            left=left,
            filed_by=persons[0],
            persons=persons,
            valid_to=valid_to,
        )

    def accept(self, *, persons: Persons) -> None:
        """Find that it is what it says; never by whom it was filed (product rule)."""
        self._undecided()
        if share(persons, self.filers):
            raise OwnDocument
        self._accepted(accepted_by=persons[0])

    def refuse(self, *, motive: str) -> None:
        """Say that it is not taken, and why."""
        self._undecided()
        self._not_accepted(motive=motive)

    def supersede(self, successor: "Document") -> None:
        """Let another document of the same pole hold in its place."""
        self._present()
        successor._present()
        if self.successor:
            raise AcceptanceAlreadyDecided(status=DECIDED[DocumentStatus.SUPERSEDED])
        if successor.id == self.id:
            raise NoDocumentInItsPlace(reason="Un document ne se remplace pas lui-même.")
        if successor.pole != self.pole:
            raise NoDocumentInItsPlace(reason="Le remplaçant doit être un document du même pôle.")
        if successor.successor:
            raise NoDocumentInItsPlace(
                reason="Le remplaçant a lui-même été remplacé : désignez le dernier."
            )
        self._superseded(successor=successor.id)

    def attest(self, pole: UUID) -> None:
        """Refuse to stand as evidence for another pole, or with nothing left in it."""
        self._present()
        if self.pole != pole:
            raise OfAnotherPole

    def erase(self, *, motive: Sealed, day: date | None = None) -> None:
        """Record that nothing is left of its bytes and of its key.

        Before the end of its retention too: the ground may ask for that, and it is told (product
        rule).

        Args:
            day: of the erasure, by which it is told whether it came before that end.
        """
        self._present()
        last = kept_until(self.retention, self.statuses[0].since, self.expires)
        is_early = day is not None and (last is None or day <= last)
        self._erased(motive=motive, unfinished=self.retention if is_early else None)

    def _present(self) -> None:
        if self.is_erased:
            raise DocumentErased

    def _undecided(self) -> None:
        self._present()
        status = self.statuses[-1].value
        if status is not DocumentStatus.FILED:
            raise AcceptanceAlreadyDecided(status=DECIDED[status])

    # What is known of it.

    @property
    def is_erased(self) -> bool:
        return any(status.value is DocumentStatus.ERASED for status in self.statuses)

    def status_on(self, day: date) -> DocumentStatus | None:
        """What had become of it on a day; `None` before it was on file."""
        return in_force(self.statuses, day)

    def relations_on(self, day: date) -> frozenset[str]:
        """The pole it is about, if it is about one."""
        return frozenset({f"pole:{self.pole}"} if self.pole else ())

    # What is remembered.

    @event(Filed)
    def _filed(
        self,
        *,
        pole: UUID | None,
        document_kind: DocumentKind,
        title: str,
        media_type: MediaType,
        content: Enclosed,
        file_name: Sealed | None,
        channel: DocumentChannel,
        sent_on: PartialDate | None,
        received_on: PartialDate | None,
        retention: Retention,
        expires: date | None,
        part_of: UUID | None,
        parts: tuple[UUID, ...],
        left: int,
        filed_by: str,
        persons: Persons,
        valid_to: date | None,
    ) -> None:
        self.pole, self.filers = pole, those(persons, filed_by)
        self.part_of, self.parts, self.left = part_of, parts, left
        self.document_kind, self.title, self.media_type = document_kind, title, media_type
        self.content, self.file_name = content, file_name
        self.retention, self.expires = retention, expires
        self.statuses.append(Dated(self.since, None, DocumentStatus.FILED))

    @event(Accepted)
    def _accepted(self, *, accepted_by: str) -> None:
        self.statuses.append(Dated(self.since, None, DocumentStatus.ACCEPTED))

    @event(NotAccepted)
    def _not_accepted(self, *, motive: str) -> None:
        self.statuses.append(Dated(self.since, None, DocumentStatus.NOT_ACCEPTED))

    @event(Superseded)
    def _superseded(self, *, successor: UUID) -> None:
        self.successor = successor
        self.statuses.append(Dated(self.since, None, DocumentStatus.SUPERSEDED))

    @event(Erased)
    def _erased(self, *, motive: Sealed, unfinished: Retention | None) -> None:
        self.statuses.append(Dated(self.since, None, DocumentStatus.ERASED))
