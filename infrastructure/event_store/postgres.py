"""The journal in PostgreSQL: one call of `append` records a command whole, under one lock."""

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from threading import Event as Signal
from typing import Any, TypeVar
from uuid import UUID, uuid4

import psycopg
from eventsourcing.persistence import (
    IntegrityError,
    InterfaceError,
    OperationalError,
    StoredEvent,
    Tracking,
)
from eventsourcing.postgres import PostgresDatastore, PostgresProcessRecorder
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import dict_row, tuple_row
from typing_extensions import override

from infrastructure.event_store.journal import CommandKey, Journal, Repeated, Row, SealedRow, Stale
from infrastructure.event_store.mapper import StoredState

T = TypeVar("T")

BUSY_SECONDS = 30
"""How long a writer waits for the others before it gives up."""

LOST_SECONDS = 10
"""How long a lost database is sought again before the caller is told."""

HEARTBEAT = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}
"""A server out of reach is noticed in 25 seconds, unless the URL says otherwise."""

REFUSALS = {"JL001": Repeated, "JL002": Stale, "JL003": IntegrityError}
"""What `append` raises, by its SQLSTATE."""

APPEND = (
    "SELECT append(%s::text[], %s::int[], %s::text[], %b::bytea[], %s::text[], %s, %b, %s, "
    "%s::text[], %s::int[], %s::text[], %s::text[], %b::bytea[], %s, %s, %s)"
)

log = logging.getLogger("jalon.journal")


def _is_lost(error: Exception) -> bool:
    """A connection that broke has no SQLSTATE; 57P is a server that is stopping."""
    sqlstate = getattr(error.__cause__, "sqlstate", None)
    lost = sqlstate is None or sqlstate.startswith(("08", "57P"))
    return lost and isinstance(error, InterfaceError | OperationalError)


def _array(values: Iterable[object]) -> str:
    """The literal of an array, which psycopg would be slower to write."""
    escaped = (str(value).replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return "{" + ",".join(f'"{value}"' for value in escaped) + "}"


class Datastore(PostgresDatastore):
    """The library's pool of connections, for a URL: one kept open, sixteen at most."""

    def __init__(self, url: str) -> None:
        super().__init__("", "", "", "", "", pool_size=1, max_overflow=15, connect_timeout=5)
        self.pool.reconnect_timeout = 1  # or its growing pauses outlast the server's absence
        self.pool.kwargs = {**HEARTBEAT, **conninfo_to_dict(url), "row_factory": dict_row}

    def after_connect_func(self) -> Callable[[psycopg.Connection[Any]], None]:
        library = super().after_connect_func()

        def configure(connection: psycopg.Connection[Any]) -> None:
            library(connection)
            # A stricter isolation would hide from `append` what the lock's last holder wrote, and
            # a plan made while the journal was small would read the whole of it once it is not.
            connection.execute(
                f"SET lock_timeout = '{BUSY_SECONDS}s'; SET enable_seqscan = off; "
                "SET default_transaction_isolation = 'read committed'"
            )

        return configure


class PostgresRecorder(Journal, PostgresProcessRecorder):
    """The library's recorder over our tables, with the same promises as the one on SQLite.

    Whatever depends on the end of the journal is decided by the function `append`, in the
    database and under its lock. A lost connection is replaced and the question asked again; an
    append that had been recorded before its answer was lost is recognised by its event ids.
    """

    HOLDS = "position(? IN state) > 0"

    def __init__(self, datastore: Datastore, clock: Callable[[], int] | None = None) -> None:
        super().__init__(datastore, events_table_name="event", tracking_table_name="tracking")
        self._clock = clock

    @override
    def append(self, events: Sequence[StoredEvent], **recorded: Any) -> Sequence[int]:
        return self.insert_events(events, **recorded)

    def insert_events(
        self,
        stored_events: Sequence[StoredEvent],
        *,
        tracking: Tracking | None = None,
        reads: dict[UUID, int] | None = None,
        command: CommandKey | None = None,
        sealed: Sequence[SealedRow] = (),
        **_: Any,
    ) -> Sequence[int]:
        reads = reads or {}
        streams = [str(UUID(str(event.originator_id))) for event in stored_events]
        versions = [event.originator_version for event in stored_events]
        event_ids = [
            str(event.event_id if isinstance(event, StoredState) else uuid4())
            for event in stored_events
        ]
        arguments = [
            _array(streams),
            _array(versions),
            _array(event.topic for event in stored_events),
            [event.state for event in stored_events],
            _array(event_ids),
            command and command.key,
            command and command.request,
            command and command.answer,
            _array(reads),
            _array(reads.values()),
            _array(row.ref for row in sealed),
            _array(row.subject for row in sealed),
            [row.ciphertext for row in sealed] or None,
            tracking and tracking.application_name,
            tracking and tracking.notification_id,
            self._clock and self._clock(),
        ]

        def append(again: bool) -> int:
            try:
                return int(self._run(APPEND, arguments)[0][0])
            except IntegrityError:
                found = (
                    self._run(
                        "SELECT position FROM event "
                        "WHERE stream = %s AND version = %s AND event_id = %s",
                        (streams[-1], versions[-1], event_ids[-1]),
                    )
                    if again and streams
                    else None
                )
                if not found:
                    raise
                return int(found[0][0])

        last = self._surviving(append)
        return list(range(last - len(streams) + 1, last + 1))

    def forget_command(self, key: str) -> None:
        self.query(
            "UPDATE event SET command = NULL, request = NULL, answer = NULL "
            "WHERE command = ? RETURNING position",
            [key],
        )

    # The journal's.

    def forget_sealed(self, *refs: str) -> None:
        self.query("DELETE FROM sealed WHERE ref = ANY(?) RETURNING ref", [list(refs)])

    def scrub(self) -> bool:
        """Give the room of deleted rows back; the server's own log keeps ciphertexts for a while.

        Nothing opens those: their keys are destroyed, in another database.
        """
        kwargs: Any = self.datastore.pool.kwargs
        with psycopg.connect(**kwargs, autocommit=True) as connection:
            connection.execute("VACUUM sealed")
        return True

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> list[Any]:
        statement = sql.replace("%", "%%").replace("?", "%s")
        return self._surviving(lambda _: self._run(statement, parameters))

    @override
    def is_refusal(self, error: BaseException) -> bool:
        """Not where the connection was lost, or left: the server may still be at it."""
        return isinstance(error, Exception) and not _is_lost(error)

    def await_growth(self, after: int, stop: Signal, seconds: float) -> None:
        """Listen to what `append` announces."""
        end = time.monotonic() + seconds
        try:
            with self.datastore.get_connection() as connection:
                connection.execute("LISTEN event")
                # Asked once it listens, so that nothing falls between the question and the wait.
                grown = connection.execute("SELECT FROM event WHERE position > %s", [after])
                while not (grown.rowcount or stop.is_set() or time.monotonic() > end):
                    if list(connection.notifies(timeout=min(0.1, seconds), stop_after=1)):
                        break
                connection.execute("UNLISTEN event")
        except (InterfaceError, OperationalError):
            stop.wait(0.1)  # the next question replaces the connection

    def follow(
        self, after: int, *, stop: Signal, limit: int = 1000, patience: float = 1.0
    ) -> Iterator[list[Row]]:
        """As any journal's; however long the database is away, it goes on where it was."""
        while not stop.is_set():
            try:
                for batch in super().follow(after, stop=stop, limit=limit, patience=patience):
                    yield batch
                    after = batch[-1].position
            except (InterfaceError, OperationalError) as error:
                if self.datastore.pool.closed:
                    raise
                log.warning("the journal cannot be read, and is asked again: %s", error)
                stop.wait(patience)

    def _run(self, statement: str, parameters: Sequence[Any]) -> list[Any]:
        with self.datastore.get_connection() as connection:
            cursor = connection.cursor(row_factory=tuple_row)
            try:
                cursor.execute(statement, parameters)
            except psycopg.DatabaseError as error:
                refusal = REFUSALS.get(error.sqlstate or "")
                if refusal is None:
                    raise
                raise refusal(error.diag.message_primary) from None
            return cursor.fetchall()

    def _surviving(self, ask: Callable[[bool], T]) -> T:
        """Ask; where the connection is lost, ask again (and say so) for a while."""
        end = time.monotonic() + LOST_SECONDS
        again = False
        while True:
            try:
                return ask(again)
            except (InterfaceError, OperationalError) as error:
                if not _is_lost(error) or self.datastore.pool.closed or time.monotonic() > end:
                    raise
            again = True
            self.datastore.pool.check()  # the others were probably lost as well
            time.sleep(0.1)
