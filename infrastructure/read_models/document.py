"""Documents on file, with what became of each: expired, replaced or erased, it stays listed."""

from typing import Any

import sqlalchemy as sa
from typing_extensions import override

from application.document_list import DocumentListed
from domain.dates import days_after
from domain.document import Document, DocumentStatus
from domain.kernel import Event, Recorded
from domain.retention import kept_until
from infrastructure.read_models.intervals import supersede
from infrastructure.read_models.table import ListModel


class DocumentModel(ListModel, name="document", line=DocumentListed):
    """Follows what was filed, and what became of it: nothing leaves the list unsaid."""

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
                    expired=False,
                    past_retention=False,
                )
                self._go_on(tx, recorded, filed)
            case Document.Accepted():
                self.change(tx, recorded, status=DocumentStatus.ACCEPTED)
            case Document.NotAccepted():
                self.change(tx, recorded, status=DocumentStatus.NOT_ACCEPTED)
            case Document.Erased():
                self.change(tx, recorded, status=DocumentStatus.ERASED)
            case Document.Superseded():
                until = recorded.in_force_from
                self.change(tx, recorded, status=DocumentStatus.SUPERSEDED, until=until)

    def _go_on(self, tx: sa.Connection, recorded: Recorded, filed: Document.Filed) -> None:
        """Let it stay on file once it has expired, and once it need no longer be kept."""
        of_it = (self.table.c.id == str(recorded.stream), self.table.c.known_until.is_(None))
        row = tx.execute(sa.select(self.table).where(*of_it)).mappings().first()
        if row is None:
            return  # it was on file on no day
        same = {name: value for name, value in row.items() if name not in OF_INTERVALS}
        last = kept_until(filed.retention, recorded.in_force_from, filed.expires)
        for since, mark in (
            (filed.valid_to, "expired"),
            (last and days_after(last, 1), "past_retention"),
        ):
            if since:
                marked: dict[str, Any] = {mark: True}
                same |= marked
                key, at = of_it[0], recorded.position
                supersede(tx, self.table, key, at=at, valid_from=since, new=same, **marked)


OF_INTERVALS = frozenset({"row", "known_from", "known_until", "valid_from", "valid_until"})
"""The columns of the two times, which no line says of itself."""
