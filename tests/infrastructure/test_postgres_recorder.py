"""What only a database server can do to a recorder; and the library's own cases on PostgreSQL."""

import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from select import select
from threading import Event as Signal
from threading import Thread
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import psycopg
import pytest
from eventsourcing.persistence import IntegrityError, OperationalError
from eventsourcing.tests import persistence as library

from infrastructure.event_store import postgres
from infrastructure.event_store.journal import CommandKey
from infrastructure.event_store.postgres import PostgresRecorder
from tests.conftest import OpenRecorder, joining_threads
from tests.infrastructure.test_recorder import KEY, event, tail, wait_for


class Wire:
    """A wire to the server of a URL, that can lose an answer, be cut and be mended."""

    def __init__(self, url: str) -> None:
        server = urlsplit(url)
        self._server = (server.hostname, server.port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        port = self._listener.getsockname()[1]
        self.url = server._replace(netloc=f"{server.username}@127.0.0.1:{port}").geturl()
        self.loses: bytes | None = None
        """What a question contains whose answer is lost, once."""
        self.is_cut = False
        self._carried: set[socket.socket] = set()
        self._threads: list[Thread] = []
        self._start(self._accept)

    def cut(self) -> None:
        self.is_cut = True
        for end in list(self._carried):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        self.is_cut = False

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self.cut()
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def _start(self, target: Callable[..., None], *args: Any) -> None:
        self._threads.append(Thread(target=target, args=args))
        self._threads[-1].start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                if self.is_cut:
                    client.close()
                else:
                    self._start(self._carry, client)

    def _carry(self, client: socket.socket) -> None:
        with client, socket.create_connection(self._server) as server, suppress(OSError):
            other_end = {client: server, server: client}
            self._carried.update(other_end)
            losing = False
            while True:
                for end in select(list(other_end), [], [])[0]:
                    data = end.recv(65536)
                    if not data or (losing and end is server):
                        return
                    if end is client and self.loses and self.loses in data:
                        losing, self.loses = True, None
                    other_end[end].sendall(data)


@pytest.fixture
def wire(postgresql_database: str) -> Iterator[Wire]:
    wire = Wire(postgresql_database)
    yield wire
    wire.close()


@pytest.fixture
def recorder(postgresql_database: str, open_recorder: OpenRecorder) -> PostgresRecorder:
    return opened(open_recorder, postgresql_database)


def opened(open_recorder: OpenRecorder, url: str) -> PostgresRecorder:
    recorder = open_recorder(url)
    assert isinstance(recorder, PostgresRecorder)
    return recorder


def everybody_elses_connections_end(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


# Lost connections and lost answers.


def test_an_append_whose_answer_was_lost_is_recorded_once(
    wire: Wire, open_recorder: OpenRecorder
) -> None:
    recorder = opened(open_recorder, wire.url)
    stream = uuid4()

    wire.loses = b"append("
    positions = recorder.insert_events([event(stream, 1), event(stream, 2)], command=KEY)

    assert wire.loses is None
    assert positions == [1, 2]
    assert recorder.size() == 2


def test_a_refusal_whose_answer_was_lost_is_still_a_refusal(
    wire: Wire, open_recorder: OpenRecorder
) -> None:
    recorder = opened(open_recorder, wire.url)
    stream = uuid4()
    opened(open_recorder, wire.url).insert_events([event(stream, 1)])

    wire.loses = b"append("
    with pytest.raises(IntegrityError):
        recorder.insert_events([event(stream, 1)])

    assert wire.loses is None
    assert recorder.size() == 1


def test_writers_and_a_follower_survive_the_loss_of_their_connections(
    postgresql_database: str, open_recorder: OpenRecorder
) -> None:
    writing, reading = (opened(open_recorder, postgresql_database) for _ in range(2))

    told: list[int] = []

    def write(stream: UUID) -> None:
        for version in range(1, 61):
            told.extend(writing.insert_events([event(stream, version)]))
            time.sleep(0.01)

    stop, seen = Signal(), list[int]()
    follower = tail(reading, stop, seen)
    try:
        time.sleep(0.3)  # the follower is listening
        with ThreadPoolExecutor(4) as pool:
            futures = [pool.submit(write, uuid4()) for _ in range(4)]
            for _ in range(8):
                everybody_elses_connections_end(postgresql_database)
                time.sleep(0.1)
            for future in futures:
                future.result()
        wait_for(seen, 240)
    finally:
        stop.set()
        follower.join()

    assert sorted(told) == list(range(1, 241))
    assert seen == list(range(1, 241))


def test_a_follower_goes_on_when_the_database_comes_back(
    wire: Wire,
    postgresql_database: str,
    open_recorder: OpenRecorder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(postgres, "LOST_SECONDS", 0.5)
    recorder, writer = (opened(open_recorder, url) for url in (wire.url, postgresql_database))
    recorder.datastore.pool.timeout = 0.5
    writer.insert_events([event(uuid4(), 1)])

    stop, seen = Signal(), list[int]()
    follower = tail(recorder, stop, seen)
    try:
        wait_for(seen, 1)
        wire.cut()
        writer.insert_events([event(uuid4(), 1)])
        time.sleep(3)
        with pytest.raises(OperationalError):
            recorder.size()
        wire.mend()
        wait_for(seen, 2)
    finally:
        stop.set()
        follower.join()

    assert seen == [1, 2]


def test_a_follower_does_not_wait_for_a_recorder_that_was_closed(
    recorder: PostgresRecorder,
) -> None:
    recorder.insert_events([event(uuid4(), 1)])
    batches = recorder.follow(0, stop=Signal(), patience=0.1)
    next(batches)

    recorder.datastore.close()

    with pytest.raises(OperationalError):
        next(batches)


# The lock.


def test_a_writer_gives_up_a_lock_that_is_held_too_long_and_readers_need_none(
    postgresql_database: str, open_recorder: OpenRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "BUSY_SECONDS", 1)
    recorder = opened(open_recorder, postgresql_database)

    with psycopg.connect(postgresql_database) as holder:
        holder.execute("LOCK TABLE event IN EXCLUSIVE MODE")
        with pytest.raises(OperationalError):
            recorder.insert_events([event(uuid4(), 1)])
        assert recorder.size() == 0
        holder.rollback()

    assert recorder.insert_events([event(uuid4(), 1)]) == [1]


def test_a_stricter_isolation_by_default_refuses_nobody(
    postgresql_database: str, open_recorder: OpenRecorder
) -> None:
    with psycopg.connect(postgresql_database, autocommit=True) as connection:
        connection.execute(
            "DO $$BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_isolation "
            "= serializable', current_database()); END$$"
        )
    recorder = opened(open_recorder, postgresql_database)

    def write(_: int) -> None:
        for _ in range(20):
            recorder.insert_events([event(uuid4(), 1)])

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))

    assert recorder.size() == 80


# What it costs.


def test_a_journal_that_was_small_when_first_asked_is_never_read_whole(
    recorder: PostgresRecorder, postgresql_database: str
) -> None:
    def work() -> None:
        stream = uuid4()
        recorder.insert_events(
            [event(stream, 1)], command=CommandKey(str(stream), b"", ""), reads={uuid4(): 0}
        )
        recorder.select_events(stream)
        recorder.rows(recorder.size() - 1, 10)

    def whole_readings() -> int:
        recorder.query("SELECT pg_stat_force_next_flush()")
        sql = "SELECT seq_scan FROM pg_stat_user_tables WHERE relname = 'event'"
        return int(recorder.query(sql)[0][0])

    for _ in range(20):
        work()
    with psycopg.connect(postgresql_database) as connection:
        connection.execute("ANALYZE event")
    before = whole_readings()
    for _ in range(20):
        work()

    assert whole_readings() == before


# The library's own cases. Those on SQLite are in `test_recorder.py`.


class OnPostgreSQL:
    @pytest.fixture(autouse=True)
    def _open(self, recorder: PostgresRecorder) -> Iterator[None]:
        self.recorder = recorder
        with joining_threads():  # one of its cases leaves its readers running
            yield

    def create_recorder(self) -> PostgresRecorder:
        return self.recorder


class TestApplicationRecorder(OnPostgreSQL, library.ApplicationRecorderTestCase[PostgresRecorder]):
    """Without its subscriptions, which nothing here uses: what is recorded after their first
    reading and before they listen wakes nobody. Whoever follows the journal asks it again.
    """


class TestProcessRecorder(OnPostgreSQL, library.ProcessRecorderTestCase):
    pass


class TestTrackingRecorder(OnPostgreSQL, library.TrackingRecorderTestCase):
    pass


class TestNonInterleavingNotificationIDs(
    OnPostgreSQL, library.NonInterleavingNotificationIDsBaseCase
):
    pass
