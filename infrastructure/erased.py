"""What recorded acts erased: without one, a value that is not there is missing."""

from collections.abc import Iterable
from threading import Lock
from uuid import UUID

from domain.document import Document
from domain.erasure import Erasure
from domain.kernel import Recorded
from infrastructure.event_store.journal import Journal

ACTS = (
    *(Erasure.Requested, Erasure.Refused, Erasure.PersonErased),
    *(Document.Filed, Document.Erased),
)


class ErasedValues:
    """Which sealed values, and which documents, are erased by an act that the journal tells.

    The journal is read once, and then what it grew by.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._lock = Lock()
        self._forget()

    def _forget(self) -> None:
        self._after = 0
        self._names: dict[UUID, str] = {}
        self._under_way: dict[UUID, frozenset[str]] = {}
        self.by_act: dict[UUID, frozenset[str]] = {}
        """By each act: the values, by their references, and the documents, by their identities."""

    def follow(self) -> "ErasedValues":
        """Take in what the journal has grown by."""
        topics = [topic for act in ACTS for topic in (act.TOPIC, *act.UPCASTS)]
        with self._lock:
            if self._journal.size() < self._after:  # an older copy was put back
                self._forget()
            while rows := self._journal.rows(self._after, 1000, topics):
                for row in rows:
                    self._take_in(row.read())
                self._after = rows[-1].position
        return self

    def _take_in(self, recorded: Recorded) -> None:
        act, stream = recorded.event, recorded.stream
        match act:
            case Erasure.Requested(refs=refs, documents=documents, held=held):
                kept = {one.ref for one in held}
                asked = (ref for ref in refs if ref not in kept)
                self._under_way[stream] = frozenset([*asked, *map(str, documents)])
            case Erasure.Refused():
                self._under_way.pop(stream, None)
            case Erasure.PersonErased(refs=refs):
                self._erased(stream, [*self._under_way.pop(stream, ()), *refs])
            case Document.Filed(file_name=name):
                self._names[stream] = name.ref if name else ""
            case Document.Erased():
                self._erased(stream, [str(stream), self._names.get(stream, "")])

    def _erased(self, act: UUID, gone: Iterable[str]) -> None:
        self.by_act[act] = self.by_act.get(act, frozenset()) | frozenset(filter(None, gone))

    def asked(self) -> frozenset[str]:
        """What is being erased, by acts that are recorded and not finished."""
        return frozenset().union(*self._under_way.values())

    def done(self) -> frozenset[str]:
        """What is erased, by acts that are finished."""
        return frozenset().union(*self.by_act.values())

    def by(self, act: UUID) -> frozenset[str]:
        """What one act erased, or is erasing."""
        return self.by_act.get(act, frozenset()) | self._under_way.get(act, frozenset())

    def has(self, ref: str) -> bool:
        """Whether a value is erased, or being erased."""
        of = (*self.by_act.values(), *self._under_way.values())
        return any(ref in gone for gone in of)
