"""The journal in one SQLite file: WAL, synchronous=FULL, one flush a commit."""

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from threading import Event as Signal
from typing import Any
from uuid import UUID, uuid4

from eventsourcing import persistence
from eventsourcing.persistence import IntegrityError, StoredEvent, Tracking
from eventsourcing.sqlite import (
    SQLiteConnection,
    SQLiteConnectionPool,
    SQLiteCursor,
    SQLiteDatastore,
    SQLiteProcessRecorder,
)
from typing_extensions import override

from domain import audit
from infrastructure.event_store.journal import (
    CommandKey,
    Journal,
    Repeated,
    Replaced,
    SealedRow,
    Stale,
)
from infrastructure.event_store.mapper import StoredState

BUSY_SECONDS = 30
"""How long a writer waits for another process before it gives up."""

SCRUB_SECONDS = 5
"""How long it is waited for those who read an earlier state, before the log is emptied."""

INSERT = (
    "INSERT INTO event (position, stream, version, topic, state, event_id, "
    "command, request, answer, leaf, peak, recorded_at) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)"
)


def microseconds() -> int:
    """The clock of the machine."""
    return time.time_ns() // 1000


def tune(connection: sqlite3.Connection) -> None:
    """What every connection to the file must agree on."""
    for pragma in (
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        f"busy_timeout={BUSY_SECONDS * 1000}",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


class _Pool(SQLiteConnectionPool):
    def _create_connection(self) -> SQLiteConnection:
        connection = super()._create_connection()
        tune(connection._sqlite_conn)  # the library gives no other way in
        return connection


class Datastore(SQLiteDatastore):
    """The library's pool, whose writers take the lock first, so that a reader never becomes one."""

    def __init__(self, path: str) -> None:
        super().__init__(path, lock_timeout=BUSY_SECONDS, pool_size=8)
        self.pool.close()
        self.pool = _Pool(db_name=path, lock_timeout=BUSY_SECONDS, pool_size=8)

    @contextmanager
    def transaction(self, *, commit: bool) -> Iterator[SQLiteCursor]:
        try:
            with self.get_connection(commit=commit) as connection:
                cursor = connection.cursor()
                cursor.execute("BEGIN IMMEDIATE" if commit else "BEGIN")
                try:
                    yield cursor
                    if commit:
                        connection.commit()
                finally:
                    connection.rollback()
        except sqlite3.Error as error:
            kind = getattr(persistence, type(error).__name__, persistence.PersistenceError)
            raise kind(error) from error


@dataclass(slots=True)
class _Head:
    """The end of the journal as this process last saw it, and the peaks it may need next."""

    size: int = 0
    recorded_at: int = 0
    leaf: bytes = b""
    peaks: dict[int, bytes] = field(default_factory=dict)


class SQLiteRecorder(Journal, SQLiteProcessRecorder):  # type: ignore[misc]  # it says int for None
    """The library's recorder over our one table, with the leaf in the row of its event.

    What an event is recorded with is decided inside the write lock: its position, its instant
    (`max(now, last + 1 µs)`), its leaf and the peak it completes. Versions must follow on one
    another; streams the command only read must still be at the version it saw.
    """

    NOTICES = True
    HOLDS = "instr(state, ?) > 0"
    CIPHERTEXT = "CAST(ciphertext AS BLOB)"

    def __init__(self, datastore: Datastore, clock: Callable[[], int] = microseconds) -> None:
        super().__init__(datastore, events_table_name="event")
        self._clock = clock
        self._head = _Head()

    @override
    def append(self, events: Sequence[StoredEvent], **recorded: Any) -> Sequence[int]:
        with self.datastore.transaction(commit=True) as c:
            return self._insert_events(c, events, **recorded)

    def _insert_events(
        self,
        c: SQLiteCursor,
        stored_events: Sequence[StoredEvent],
        *,
        command: CommandKey | None = None,
        **recorded: Any,
    ) -> Sequence[int]:
        try:
            return self._append(c, stored_events, command=command, **recorded)
        except (IntegrityError, sqlite3.IntegrityError):
            # Asked only now: that a key is new is what the index says of every other append.
            if command and self._is_known(c, command.key):
                raise Repeated(command.key) from None
            raise

    def _append(
        self,
        c: SQLiteCursor,
        stored_events: Sequence[StoredEvent],
        *,
        tracking: Tracking | None = None,
        reads: dict[UUID, int] | None = None,
        command: CommandKey | None = None,
        sealed: Sequence[SealedRow] = (),
        lineage: int | None = None,
        **_: Any,
    ) -> Sequence[int]:
        head = self._current_head(c)
        if lineage not in (None, self.lineage):
            raise Replaced
        self._check_versions(c, stored_events, reads or {})
        size, recorded_at, leaf = head.size, head.recorded_at, head.leaf
        peaks = dict(head.peaks)
        now = self._clock()
        rows: list[tuple[Any, ...]] = []
        for event in stored_events:
            event_id = event.event_id if isinstance(event, StoredState) else uuid4()
            stream = UUID(str(event.originator_id))
            recorded_at = max(now, recorded_at + 1)
            entry = audit.entry(
                index=size,
                event_id=event_id,
                topic=event.topic,
                stream=stream,
                version=event.originator_version,
                recorded_at=recorded_at,
                state=event.state,
            )
            leaf = audit.leaf_hash(entry)
            peaks[size] = peak = audit.completed_peak(size, leaf, peaks.__getitem__)
            size += 1
            key = command if command and not rows else None
            rows.append(
                (
                    size,
                    str(stream),
                    event.originator_version,
                    event.topic,
                    event.state,
                    str(event_id),
                    key and key.key,
                    key and key.request,
                    key and key.answer,
                    leaf,
                    peak,
                    recorded_at,
                )
            )
        c.executemany(INSERT, rows)
        for row in sealed:
            c.execute(
                "INSERT INTO sealed (ref, subject, ciphertext) VALUES (?,?,?)",
                (row.ref, row.subject, row.ciphertext),
            )
        if tracking:
            self._insert_tracking(c, tracking)
        kept = {index: peaks[index] for index in audit.frontier(size)}
        self._head = _Head(size, recorded_at, leaf, kept)
        return [row[0] for row in rows]

    def _current_head(self, c: SQLiteCursor) -> _Head:
        """The head under the lock: another process may have written, or a backup been restored."""
        c.execute("SELECT position, recorded_at, leaf FROM event ORDER BY position DESC LIMIT 1")
        last = c.fetchone()
        head = self._head
        if last is None or (last[0], last[2]) != (head.size, head.leaf):
            if head.size:
                self._check_grown(c, head)
            if last is None:
                return _Head()
            head = _Head(last[0], last[1], last[2])
            for index in audit.frontier(head.size):
                c.execute("SELECT peak FROM event WHERE position = ?", (index + 1,))
                head.peaks[index] = c.fetchone()[0]
        return head

    def _check_grown(self, c: SQLiteCursor, head: _Head) -> None:
        """Refuse where what this process saw last is no longer there; said once.

        Whoever had read before that, and appends later, is refused by the lineage.
        """
        c.execute("SELECT leaf FROM event WHERE position = ?", (head.size,))
        kept = c.fetchone()
        if kept is None or kept[0] != head.leaf:
            self._head = _Head()
            self.lineage += 1
            raise Replaced

    @staticmethod
    def _check_versions(
        c: SQLiteCursor, stored_events: Sequence[StoredEvent], reads: dict[UUID, int]
    ) -> None:
        def last_of(stream: UUID | str) -> int | None:
            c.execute("SELECT max(version) FROM event WHERE stream = ?", (str(stream),))
            version: int | None = c.fetchone()[0]
            return version

        ends: dict[UUID | str, int | None] = {}
        for event in stored_events:
            stream, version = event.originator_id, event.originator_version
            end = ends[stream] if stream in ends else last_of(stream)
            if end is not None and version != end + 1:
                msg = f"version {version} of {stream} does not follow {end}"
                raise IntegrityError(msg)
            ends[stream] = version
        for stream, seen in reads.items():
            if stream not in ends and (last_of(stream) or 0) != seen:
                raise Stale(stream)

    @staticmethod
    def _is_known(c: SQLiteCursor, key: str) -> bool:
        c.execute("SELECT 1 FROM event WHERE command = ?", (key,))
        return c.fetchone() is not None

    def forget_command(self, key: str) -> None:
        """Let a key that is past its time be used again."""
        with self.datastore.transaction(commit=True) as c:
            c.execute(
                "UPDATE event SET command = NULL, request = NULL, answer = NULL WHERE command = ?",
                (key,),
            )

    # The journal's.

    def forget_sealed(self, *refs: str) -> None:
        with self.datastore.transaction(commit=True) as c:
            c.executemany("DELETE FROM sealed WHERE ref = ?", [(ref,) for ref in refs])

    def scrub(self) -> bool:
        """Take the log of writes into the file, where deleted rows are overwritten, and empty it.

        Not while somebody reads an earlier state out of that log.
        """
        with closing(sqlite3.connect(self.datastore.pool.db_name, isolation_level=None)) as db:
            tune(db)
            db.execute(f"PRAGMA busy_timeout={SCRUB_SECONDS * 1000}").close()
            (busy, _, _) = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> list[Any]:
        with self.datastore.transaction(commit=False) as c:
            c.execute(sql, parameters)
            rows: list[Any] = c.fetchall()
            return rows

    def await_growth(self, after: int, stop: Signal, seconds: float) -> None:
        """Poll the file's `data_version`, which changes when anybody else commits."""
        watch = sqlite3.connect(self.datastore.pool.db_name, isolation_level=None)
        try:
            seen = None
            end = time.monotonic() + seconds
            while time.monotonic() < end and not stop.is_set():
                version = watch.execute("PRAGMA data_version").fetchone()[0]
                if version != seen and self.size() != after:
                    return
                seen = version
                stop.wait(0.02)
        finally:
            watch.close()
