"""Documents on file, each until it expires, is replaced, or for good."""

import sqlalchemy as sa
from typing_extensions import override

from application.document_list import DocumentListed
from domain.document import Document, DocumentStatus
from domain.kernel import Event, Recorded
from domain.retention import kept_until
from infrastructure.read_models.table import ListModel


class DocumentModel(ListModel, name="document", line=DocumentListed):
    """Follows what was filed, and what became of it. A replaced document is in force no longer."""

    events: tuple[type[Event], ...] = (
        Document.Filed,
        Document.Accepted,
        Document.NotAccepted,
        Document.Superseded,
        Document.Erased,
    )

    @override
    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        match recorded.event:
            case Document.Filed() as filed:
                self.begin(
                    tx,
                    recorded,
                    pole=filed.pole,
                    document_kind=filed.document_kind,
                    title=filed.title,
                    status=DocumentStatus.FILED,
                    media_type=filed.media_type,
                    size=filed.content.size,
                    channel=filed.channel,
                    sent_on=filed.sent_on,
                    received_on=filed.received_on,
                    retention=filed.retention,
                    keep_until=kept_until(filed.retention, recorded.in_force_from, filed.expires),
                    part_of=filed.part_of,
                )
            case Document.Accepted():
                self.change(tx, recorded, status=DocumentStatus.ACCEPTED)
            case Document.NotAccepted():
                self.change(tx, recorded, status=DocumentStatus.NOT_ACCEPTED)
            case Document.Erased():
                self.change(tx, recorded, status=DocumentStatus.ERASED)
            case Document.Superseded():
                self.cease(tx, recorded)
