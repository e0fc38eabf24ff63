"""What both recorders share: the shape of a row, and the questions asked of the journal."""

from abc import abstractmethod
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from threading import Event as Signal
from typing import Any, ClassVar, NamedTuple, TypeVar
from uuid import UUID

import orjson
from eventsourcing.persistence import IntegrityError, Notification, StoredEvent

from domain import audit
from domain.correction import Mend, Mends
from domain.errors import Damaged
from domain.kernel import EPOCH, Aggregate, Recorded, instant_of
from domain.provenance import Kind
from infrastructure.event_store.canonical import canonical
from infrastructure.event_store.mapper import read_state

A = TypeVar("A", bound=Aggregate)

LAST = 2**63 - 1
"""No position lies beyond it."""

MOST_AT_ONCE = 500
"""Rows asked for by their positions in one query."""


class Row(NamedTuple):
    """An event as it is stored. `recorded_at` is in microseconds since 1970, UTC."""

    position: int
    recorded_at: int
    stream: str
    version: int
    topic: str
    state: bytes

    def read(self) -> Recorded:
        return Recorded(
            self.position,
            instant_of(self.recorded_at),
            UUID(self.stream),
            self.version,
            read_state(self.topic, self.state),
        )

    @property
    def command(self) -> str:
        """What everything recorded by one command has in common."""
        return str(orjson.loads(self.state)["meta"]["correlation_id"])


class ProofRow(NamedTuple):
    """What the tree was built from, and what was kept of it."""

    position: int
    recorded_at: int
    stream: str
    version: int
    topic: str
    state: bytes
    event_id: str
    leaf: bytes
    peak: bytes


@dataclass(frozen=True, slots=True)
class CommandKey:
    """The name of a command, the keyed MAC of its request, and the answer to give again."""

    key: str
    request: bytes
    answer: str


class Answered(NamedTuple):
    """What is remembered of a command that was recorded."""

    position: int
    recorded_at: int
    request: bytes
    answer: str


@dataclass(frozen=True, slots=True)
class SealedRow:
    """The ciphertext of a personal value; the only rows of the journal that may be deleted."""

    ref: str
    subject: str
    ciphertext: bytes


class Repeated(IntegrityError):
    """A command of this key was recorded before."""


class Stale(IntegrityError):
    """Something the command read has changed since."""


class Replaced(IntegrityError):
    """Another state was put in the place of the store."""


class Journal:
    """Questions to the one table of events. Positions count from 1; a leaf's index from 0."""

    HOLDS: ClassVar[str]
    """The condition that a state holds some bytes, which take the place of `?`."""
    CIPHERTEXT: ClassVar[str] = "ciphertext"
    """The column of what is sealed, as bytes whatever somebody wrote there."""
    NOTICES: ClassVar[bool] = False
    """Whether an append is refused, once, where another state was put in the store's place."""
    lineage: int = 0
    """How often that was noticed; an append that tells of fewer is refused as well."""

    @abstractmethod
    def append(
        self,
        events: Sequence[StoredEvent],
        *,
        reads: dict[UUID, int],
        command: CommandKey | None,
        sealed: Sequence[SealedRow],
        lineage: int,
    ) -> Sequence[int]:
        """Record events, all or none, and give their positions.

        Refused where a version does not follow, or a stream that was read has gone on.

        Args:
            lineage: what it was before anything was read of what these were decided on.
        """

    @abstractmethod
    def query(self, sql: str, parameters: Sequence[Any] = ()) -> list[Any]:
        """Rows of a SELECT whose parameters are written `?`."""

    @abstractmethod
    def await_growth(self, after: int, stop: Signal, seconds: float) -> None:
        """Return when the journal may have grown beyond a position, or after some seconds."""

    @abstractmethod
    def forget_command(self, key: str) -> None:
        """Let a key that is past its time be used again."""

    @abstractmethod
    def forget_sealed(self, *refs: str) -> None:
        """Let go of the ciphertexts of personal values, all at once."""

    @abstractmethod
    def scrub(self) -> bool:
        """Leave nothing in the files of what was deleted; `False` while somebody reads it still."""

    def is_refusal(self, error: BaseException) -> bool:
        """Whether whoever appended and got this can be sure of what the journal says next."""
        return True

    def knows(self, identity: UUID) -> bool:
        """Whether anything was recorded of an identity, or sealed for it."""
        sql = (
            "SELECT 1 WHERE EXISTS (SELECT 1 FROM event WHERE stream = ?) "
            "OR EXISTS (SELECT 1 FROM sealed WHERE subject = ?)"
        )
        return bool(self.query(sql, [str(identity)] * 2))

    def last_restored(self) -> float:
        """The second in which an older state was last put back; zero where none ever was."""
        return float(self.query("SELECT coalesce(max(at), 0) FROM restoration")[0][0]) / 1e6

    def fold(self, cls: type[A], stream: UUID, until: int | None = None) -> A | None:
        """An aggregate as of a position of the journal; `None` when nothing was in effect of it."""
        rows = self._stream("version, recorded_at, topic, state", stream, until)
        if not any(may_mend(row[0], row[3]) for row in rows):
            return cls.fold(stream, rows)
        told = rows_in_effect(self.everything(stream, until))
        found = cls.fold(stream, [(r.version, r.recorded_at, r.topic, r.state) for r in told])
        if found:
            found.version = rows[-1][0]
        return found

    def version(self, stream: UUID | str, until: int | None = None) -> int:
        """How many events a stream has, in effect or not, up to a position of the journal."""
        sql = "SELECT coalesce(max(version), 0) FROM event WHERE stream = ? AND position <= ?"
        return int(self.query(sql, [str(stream), LAST if until is None else until])[0][0])

    def positions(self, stream: UUID, until: int | None = None) -> list[int]:
        """Where everything of a stream was recorded, oldest first."""
        return [row[0] for row in self._stream("position", stream, until)]

    def everything(self, stream: UUID, until: int | None = None) -> list[Row]:
        """A stream as it is stored: facts, what corrects them, and what takes them back."""
        columns = "position, recorded_at, stream, version, topic, state"
        return [Row._make(row) for row in self._stream(columns, stream, until)]

    def history(self, stream: UUID, until: int | None = None) -> list[Recorded]:
        """A stream as it was in effect at a position of the journal, oldest place first."""
        return [row.read() for row in rows_in_effect(self.everything(stream, until))]

    def together(self, position: int) -> list[Row]:
        """What was recorded by one command, from any position of it."""
        wanted = self.rows(position - 1, 1)[0].command

        def runs(positions: Iterable[int]) -> Iterator[Row]:
            for place in positions:
                row = self.rows(place - 1, 1)
                if not row or row[0].command != wanted:
                    return
                yield row[0]

        before = [*runs(range(position - 1, 0, -1))]
        return [*reversed(before), *runs(count(position))]

    def naming(self, identities: Sequence[UUID]) -> list[Row]:
        """Every event that names one of some things. The whole journal is looked at."""
        found: dict[int, Row] = {}
        for at in range(0, len(identities), MOST_AT_ONCE):
            wanted = [str(one).encode() for one in identities[at : at + MOST_AT_ONCE]]
            sql = (
                "SELECT position, recorded_at, stream, version, topic, state FROM event "  # noqa: S608  # our own names
                f"WHERE {' OR '.join([self.HOLDS] * len(wanted))}"
            )
            found |= {row[0]: Row._make(row) for row in self.query(sql, wanted)}
        return [found[position] for position in sorted(found)]

    def fact(self, event_id: UUID) -> Recorded | None:
        """The event of an identity; `None` where there is none."""
        sql = (
            "SELECT position, recorded_at, stream, version, topic, state FROM event "
            "WHERE event_id = ?"
        )
        rows = self.query(sql, [str(event_id)])
        return Row._make(rows[0]).read() if rows else None

    def stream(self, stream: UUID, until: int | None = None, page: int = 500) -> Iterator[Row]:
        """As it is stored, a page of so many events at a time: however long, never held whole."""
        sql = (
            "SELECT position, recorded_at, stream, version, topic, state FROM event "
            "WHERE stream = ? AND version > ?"
        )
        bound: list[Any] = []
        if until is not None:
            sql += " AND position <= ?"
            bound.append(until)
        after = 0
        while rows := self.query(
            f"{sql} ORDER BY version LIMIT ?", [str(stream), after, *bound, page]
        ):
            yield from (Row._make(row) for row in rows)
            after = rows[-1][3]

    def _stream(self, columns: str, stream: UUID, until: int | None) -> list[Any]:
        sql = f"SELECT {columns} FROM event WHERE stream = ?"  # noqa: S608  # our own names
        parameters: list[Any] = [str(stream)]
        if until is not None:
            sql += " AND position <= ?"
            parameters.append(until)
        return self.query(f"{sql} ORDER BY version", parameters)

    def rows(
        self, after: int, limit: int, topics: Sequence[str] = (), until: int | None = None
    ) -> list[Row]:
        """The journal beyond a position, oldest first."""
        sql = (
            "SELECT position, recorded_at, stream, version, topic, state FROM event "
            "WHERE position > ?"
        )
        parameters: list[Any] = [after]
        if until is not None:
            sql += " AND position <= ?"
            parameters.append(until)
        if topics:
            sql += f" AND topic IN ({', '.join('?' * len(topics))})"
            parameters += topics
        rows = self.query(f"{sql} ORDER BY position LIMIT ?", [*parameters, limit])
        return [Row._make(row) for row in rows]

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> list[StoredEvent]:
        """A stream, as the library asks for it."""
        sql = "SELECT stream, version, topic, state FROM event WHERE stream = ?"
        parameters: list[Any] = [str(originator_id)]
        for condition, bound in (("version > ?", gt), ("version <= ?", lte)):
            if bound is not None:
                sql += f" AND {condition}"
                parameters.append(bound)
        sql += f" ORDER BY version {'DESC' if desc else 'ASC'}"
        if limit is not None:
            sql += " LIMIT ?"
            parameters.append(limit)
        rows = self.query(sql, parameters)
        return [StoredEvent(UUID(row[0]), row[1], row[2], row[3]) for row in rows]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> list[Notification]:
        """The journal, as the library asks for it."""
        after = 0 if start is None else start - inclusive_of_start
        return [
            Notification(UUID(row.stream), row.version, row.topic, row.state, id=row.position)
            for row in self.rows(after, limit, topics, until=stop)
        ]

    def max_notification_id(self) -> int | None:
        """The last position; `None` where there is none, as the library wants it."""
        return self.size() or None

    def proofs(self, after: int, limit: int) -> list[ProofRow]:
        """The journal with what proves it."""
        sql = (
            "SELECT position, recorded_at, stream, version, topic, state, event_id, leaf, peak "
            "FROM event WHERE position > ? ORDER BY position LIMIT ?"
        )
        return [ProofRow._make(row) for row in self.query(sql, [after, limit])]

    def states(self, after: int, limit: int, until: int) -> list[tuple[int, bytes]]:
        """What is stored beyond a position, up to another, as it is."""
        sql = (
            "SELECT position, state FROM event WHERE position > ? AND position <= ? "
            "ORDER BY position LIMIT ?"
        )
        return [(row[0], row[1]) for row in self.query(sql, [after, until, limit])]

    def proofs_at(self, positions: Sequence[int]) -> list[ProofRow]:
        """Some events of the journal with what proves them, oldest first."""
        columns = "position, recorded_at, stream, version, topic, state, event_id, leaf, peak"
        found: list[ProofRow] = []
        for at in range(0, len(positions), MOST_AT_ONCE):
            some = positions[at : at + MOST_AT_ONCE]
            found += (ProofRow._make(row) for row in self.query(_at(columns, some), some))
        return sorted(found)

    def tree_at(self, indexes: Sequence[int]) -> dict[int, tuple[bytes, bytes]]:
        """The leaf and the peak kept at some indexes, which count from 0."""
        found: dict[int, tuple[bytes, bytes]] = {}
        for at in range(0, len(indexes), MOST_AT_ONCE):
            some = [index + 1 for index in indexes[at : at + MOST_AT_ONCE]]
            for position, leaf, peak in self.query(_at("position, leaf, peak", some), some):
                found[position - 1] = bytes(leaf), bytes(peak)
        return found

    def follow(
        self, after: int, *, stop: Signal, limit: int = 1000, patience: float = 1.0
    ) -> Iterator[list[Row]]:
        """The journal beyond a position, batch by batch, for ever; none is missed or repeated."""
        while not stop.is_set():
            batch = self.rows(after, limit)
            if batch:
                yield batch
                after = batch[-1].position
            else:
                self.await_growth(after, stop, patience)

    def size(self) -> int:
        """How many events there are, which is also the last position."""
        return int(self.query("SELECT coalesce(max(position), 0) FROM event")[0][0])

    def recorded_at(self, position: int) -> datetime:
        """When the event at a position was recorded."""
        return instant_of(self.instant(position))

    def instant(self, position: int) -> int:
        """The same, in microseconds since 1970, UTC."""
        rows = self.query("SELECT recorded_at FROM event WHERE position = ?", [position])
        return int(rows[0][0])

    def size_at(self, instant: datetime) -> int:
        """How many events had been recorded by an instant, that instant included."""
        microseconds = (instant - EPOCH) // timedelta(microseconds=1)

        def recorded(index: int) -> int:
            sql = "SELECT recorded_at FROM event WHERE position = ?"
            return int(self.query(sql, [index + 1])[0][0])

        # The clock of the journal never runs backwards, so the position can be halved for.
        return bisect_right(range(self.size()), microseconds, key=recorded)

    def told_anew(self, after: int, until: int) -> int:
        """How many events beyond a position, up to another, correct a fact or take it back."""
        rows = self.query(
            "SELECT version, state FROM event WHERE position > ? AND position <= ? AND version > 1",
            [after, until],
        )
        return sum(may_mend(version, bytes(state)) for version, state in rows)

    def streams_between(self, after: int, until: int, most: int) -> list[str]:
        """The streams that grew beyond a position, up to another; so many at most."""
        rows = self.query(
            "SELECT DISTINCT stream FROM event WHERE position > ? AND position <= ? LIMIT ?",
            [after, until, most],
        )
        return [row[0] for row in rows]

    def topics_between(self, after: int, until: int) -> frozenset[str]:
        """The topics of what was recorded beyond a position, up to another."""
        sql = "SELECT DISTINCT topic FROM event WHERE position > ? AND position <= ?"
        return frozenset(row[0] for row in self.query(sql, [after, until]))

    def leaf(self, size: int) -> bytes:
        """The last leaf of the tree of a size, which no other history has; empty of no event."""
        rows = self.query("SELECT leaf FROM event WHERE position = ?", [size])
        return bytes(rows[0][0]) if rows else b""

    def peaks(self, size: int) -> list[bytes]:
        """The frontier of the tree of a size, largest subtree first."""
        wanted = [index + 1 for index in audit.frontier(size)]
        if not wanted:
            return []
        rows = self.query(_at("position, peak", wanted), wanted)
        found: Mapping[int, bytes] = {row[0]: bytes(row[1]) for row in rows}
        return [found[position] for position in wanted]

    def root(self, size: int | None = None) -> bytes:
        """The root that the kept peaks give, now or at a size."""
        return audit.root_of(self.peaks(self.size() if size is None else size))

    def answered(self, key: str) -> Answered | None:
        """What a command of this key did, if it was recorded."""
        sql = "SELECT position, recorded_at, request, answer FROM event WHERE command = ?"
        rows = self.query(sql, [key])
        if not rows:
            return None
        position, recorded_at, request, answer = rows[0]
        return Answered(position, recorded_at, bytes(request), answer)

    def ciphertext(self, ref: str) -> tuple[str, bytes] | None:
        """Whose value it is and its ciphertext; `None` when erased."""
        rows = self.query(f"SELECT subject, {self.CIPHERTEXT} FROM sealed WHERE ref = ?", [ref])  # noqa: S608  # our own names
        return (rows[0][0], bytes(rows[0][1])) if rows else None

    def sealed(self) -> dict[str, SealedRow]:
        """Every personal value that is there, by its reference."""
        rows = self.query(f"SELECT ref, subject, {self.CIPHERTEXT} FROM sealed")  # noqa: S608  # our own names
        return {ref: SealedRow(ref, subject, bytes(text)) for ref, subject, text in rows}

    def sealed_row(self, ref: str) -> SealedRow | None:
        """One of them; `None` where it is not there."""
        found = self.ciphertext(ref)
        return SealedRow(ref, *found) if found else None

    def sealed_for(self, subjects: Sequence[UUID]) -> dict[str, UUID]:
        """Every value that is sealed for some subjects, each with its own."""
        return self._sealed("subject", [str(subject) for subject in subjects])

    def every_subject(self) -> dict[str, str]:
        """For whom each value that is there is sealed, as it is stored, altered or not."""
        return dict(self.query("SELECT ref, subject FROM sealed"))

    def subjects_of(self, refs: Sequence[str]) -> dict[str, UUID]:
        """For whom some values are sealed; those that are erased are not among them."""
        return self._sealed("ref", refs)

    def _sealed(self, column: str, wanted: Sequence[str]) -> dict[str, UUID]:
        found: dict[str, UUID] = {}
        for at in range(0, len(wanted), MOST_AT_ONCE):
            some = wanted[at : at + MOST_AT_ONCE]
            marks = ", ".join("?" * len(some))
            sql = f"SELECT ref, subject FROM sealed WHERE {column} IN ({marks})"  # noqa: S608  # our own names
            found |= {ref: _subject(subject) for ref, subject in self.query(sql, some)}
        return found


class SealedDamaged(Damaged):
    """What lies beside the journal is not what was laid there."""

    code = "sealed.damaged"
    fr = (
        "Une valeur personnelle scellée a été altérée : « jalon audit verify » dit de quel "
        "événement elle est."
    )
    en = "A sealed personal value was changed: “jalon audit verify” says of which event it is."


def _subject(stored: str) -> UUID:
    try:
        return UUID(stored)
    except (ValueError, AttributeError, TypeError):
        raise SealedDamaged from None


def may_mend(version: int, state: bytes) -> bool:
    """Whether a stored event may correct or retract another of its stream; seldom wrong."""
    return version > 1 and b'"corrects":"' in state


def rows_in_effect(rows: Sequence[Row]) -> Sequence[Row]:
    """Rows as they are in effect, each fact in the place, and under the identity, it had first.

    Args:
        rows: whole streams, or all of some topics with every retraction, in order.
    """
    if not any(may_mend(row.version, row.state) for row in rows):
        return rows
    mends = Mends.of(mend for row in rows if (mend := _mend(row)))
    return [*mends.in_effect(rows, _identity, _told_again)]


def _mend(row: Row) -> Mend | None:
    if not may_mend(row.version, row.state):
        return None
    told = orjson.loads(row.state)
    if not told["corrects"]:
        return None
    is_retraction = told["kind"] == Kind.RETRACT
    return Mend(_identity(row), UUID(told["corrects"]), is_retraction)


def _identity(row: Row) -> UUID:
    return UUID(orjson.loads(row.state)["meta"]["event_id"])


def _told_again(first: Row, last: Row) -> Row:
    state = orjson.loads(last.state)
    state["meta"]["event_id"] = str(_identity(first))
    return first._replace(topic=last.topic, state=canonical(state))


def _at(columns: str, positions: Sequence[int]) -> str:
    """A question about some positions, each a mark of its own."""
    marks = ", ".join("?" * len(positions))
    return f"SELECT {columns} FROM event WHERE position IN ({marks})"  # noqa: S608  # our own names
