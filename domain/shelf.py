"""The documents that are of no pole: the charter, specifications, decisions on several poles."""

from uuid import UUID

from domain.finality import Finality
from domain.kernel import Aggregate, Event, event

SHELF = UUID("6b0c7a52-3f1e-4c1d-9a55-0d5e8f2c7b14")


class Shelf(Aggregate):
    """The documents of no pole in particular: an owner, so that none is filed there twice."""

    class Received(Event):
        """A document was put on it."""

        TOPIC = "shelf.received.v1"
        UNDONE_BY = Finality.KEEPING
        document: UUID

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.documents: list[UUID] = []

    def receive(self, document: UUID) -> None:
        self._received(document=document)

    @event(Received)
    def _received(self, *, document: UUID) -> None:
        self.documents.append(document)
