"""What is said of a document when it is filed, and what is kept of its bytes."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import StringConstraints

from domain.dates import PartialDate
from domain.errors import Invalid, Refused
from domain.retention import Retention
from domain.values import Frozen, Line
from domain.words import Whole

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class DocumentKind(StrEnum):
    """What a document is (product rule)."""

    STRATEGY = "strategy"
    CHARTER_FORM = "charter_form"
    STATUTES = "statutes"
    MINUTES = "minutes"
    LETTER = "letter"
    PROOF_OF_ESS = "proof_of_ess"
    MEMBERS_LIST = "members_list"
    AGREEMENT = "agreement"
    APPLICATION = "application"
    DECISION = "decision"
    BUDGET = "budget"
    ACCOUNTS = "accounts"
    REPORT = "report"
    EVALUATION = "evaluation"
    ATTACHMENT = "attachment"
    OTHER = "other"


OF_THE_POLE = frozenset(DocumentKind) - {
    DocumentKind.DECISION,
    DocumentKind.EVALUATION,
    DocumentKind.ATTACHMENT,
    DocumentKind.OTHER,
}
"""What a pole gives or makes itself: one on file shows that it is alive (product rule)."""


class DocumentChannel(StrEnum):
    """How a document came."""

    POST = "post"
    EMAIL = "email"
    UPLOAD = "upload"
    HAND = "hand"
    PLATFORM = "platform"


class Enclosed(Frozen):
    """What an event keeps of the bytes of a document: enough to prove them, too little to guess.

    `ciphertext` is the SHA-256 of the encrypted file. `commitment` is an HMAC-SHA-256 of the bytes
    themselves, under a key that is destroyed with the document's: see docs/adr/0022.
    """

    size: Whole
    ciphertext: Sha256
    commitment: Sha256


class ReceivedBeforeSent(Invalid):
    """A document is sent, then received."""

    code = "document.received_before_sent"
    fr = "Un document ne peut pas être reçu ({received}) avant d'avoir été envoyé ({sent})."
    en = "A document cannot be received ({received}) before it was sent ({sent})."


class NotYetReceived(Invalid):
    """Only what is there is filed."""

    code = "document.future"
    fr = "Un document ne peut pas être déposé avant d'être reçu : le {day} n'est pas venu."
    en = "A document cannot be filed before it is received: {day} has not come."


class ExpiresBeforeItBegins(Invalid):
    """The last day of validity comes after the document."""

    code = "document.expires_before_start"
    fr = "Un document ne peut pas expirer le {expires} avant d'avoir été reçu le {since}."
    en = "A document cannot expire on {expires} before it was received on {since}."


class EvidenceOfNoPole(Invalid):
    """A piece of evidence is one of a pole."""

    code = "document.evidence_of_no_pole"
    fr = "Une pièce se compte pour un pôle : dites lequel, ou retirez « as_evidence »."
    en = "A piece of evidence is one of a pole: say which, or leave “as_evidence” out."


class FiledOtherwise(Refused):
    """The same bytes are not filed twice: they become evidence by the document that has them."""

    code = "document.filed_otherwise"
    fr = (
        "Ce fichier est déjà versé comme « {kind} », depuis le {day}, et rien n'a été "
        "enregistré. Pour en faire une pièce du pôle, versez une pièce qui désigne ce document : "
        "jalon pole file-evidence --evidence {evidence} --document {document}."
    )
    en = (
        "This file is already there as “{kind}”, since {day}, and nothing was recorded. To make it "
        "evidence of the pole, file a piece that names this document: "
        "jalon pole file-evidence --evidence {evidence} --document {document}."
    )


class Filing(Frozen):
    """What whoever files a document says of it."""

    document_kind: DocumentKind
    title: Line
    channel: DocumentChannel
    retention: Retention
    sent_on: PartialDate | None = None
    received_on: PartialDate | None = None
    expires: date | None = None

    def check(self, *, since: date, today: date) -> None:
        """Refuse dates that cannot be.

        Args:
            since: the day from which the document is on file.
        """
        sent = self.sent_on.first_day if self.sent_on else None
        received = self.received_on.last_day if self.received_on else None
        if sent and received and received < sent:
            raise ReceivedBeforeSent(sent=sent, received=received)
        begins = self.received_on.first_day if self.received_on else None
        for day in (begins, sent, since):
            if day and day > today:
                raise NotYetReceived(day=day)
        if self.expires and self.expires < since:
            raise ExpiresBeforeItBegins(expires=self.expires, since=since)
