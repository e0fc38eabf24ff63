"""What both recorders promise, asked of each on a real database."""

import random
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from itertools import count
from threading import Barrier, Thread
from threading import Event as Signal
from typing import Any
from uuid import UUID, uuid4

import pytest
from eventsourcing.persistence import IntegrityError, Tracking
from eventsourcing.tests import persistence as library
from pymerkle import InmemoryTree

from domain import audit
from domain.kernel import EPOCH
from infrastructure.event_store.journal import (
    CommandKey,
    ProofRow,
    Repeated,
    SealedRow,
    Stale,
)
from infrastructure.event_store.mapper import StoredState
from infrastructure.event_store.sqlite import SQLiteRecorder
from tests.conftest import OpenRecorder, Recorder, joining_threads

KEY = CommandKey("somebody/1", b"request", "answer")


def event(stream: UUID, version: int, state: bytes = b"{}") -> StoredState:
    return StoredState(stream, version, "thing.done.v1", state, uuid4())


def events(stream: UUID, versions: Iterable[int]) -> list[StoredState]:
    return [event(stream, version) for version in versions]


def together(*calls: Callable[[], Any]) -> list[Any]:
    """Results of calls that start at the same instant; a refusal counts as a result."""
    barrier = Barrier(len(calls))

    def call(function: Callable[[], Any]) -> Any:
        barrier.wait()
        try:
            return function()
        except IntegrityError as refusal:
            return refusal

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(call, calls))


def tail(recorder: Recorder, stop: Signal, seen: list[int]) -> Thread:
    """A reader that follows the journal from its beginning and notes every position it sees."""

    def read() -> None:
        for batch in recorder.follow(0, stop=stop):
            seen.extend(row.position for row in batch)

    thread = Thread(target=read)
    thread.start()
    return thread


def wait_for(seen: list[int], length: int) -> None:
    deadline = time.monotonic() + 30
    while len(seen) < length and time.monotonic() < deadline:
        time.sleep(0.01)


def entry_of(row: ProofRow) -> bytes:
    return audit.entry(
        index=row.position - 1,
        event_id=UUID(row.event_id),
        topic=row.topic,
        stream=UUID(row.stream),
        version=row.version,
        recorded_at=row.recorded_at,
        state=row.state,
    )


# Versions.


@pytest.mark.parametrize("versions", [[3], [2, 4], [1], [2, 2], [2, 3, 2]])
def test_a_version_that_does_not_follow_is_refused(recorder: Recorder, versions: list[int]) -> None:
    stream = uuid4()
    recorder.insert_events([event(stream, 1)])

    with pytest.raises(IntegrityError):
        recorder.insert_events([event(uuid4(), 1), *events(stream, versions)])

    assert recorder.size() == 1


def test_of_two_writers_of_the_same_version_one_is_refused(recorder: Recorder) -> None:
    for _ in range(20):
        stream = uuid4()

        results = together(*[partial(recorder.insert_events, [event(stream, 1)])] * 4)

        assert [isinstance(result, IntegrityError) for result in results].count(False) == 1


# What a command read.


def test_a_stream_that_moved_after_it_was_read_refuses_the_command(recorder: Recorder) -> None:
    read = uuid4()
    recorder.insert_events(events(read, [1, 2]))

    with pytest.raises(Stale):
        recorder.insert_events([event(uuid4(), 1)], reads={read: 1})
    with pytest.raises(Stale):
        recorder.insert_events([event(uuid4(), 1)], reads={read: 0})

    assert recorder.size() == 2


def test_a_stream_that_is_written_is_judged_by_its_version_alone(recorder: Recorder) -> None:
    stream = uuid4()
    recorder.insert_events(events(stream, [1, 2]))

    with pytest.raises(IntegrityError) as refused:
        recorder.insert_events([event(stream, 2)], reads={stream: 1})

    assert not isinstance(refused.value, Stale)


def test_streams_as_they_were_read_refuse_nothing(recorder: Recorder) -> None:
    read, absent, written = uuid4(), uuid4(), uuid4()
    recorder.insert_events(events(read, [1, 2]))

    positions = recorder.insert_events(events(written, [1]), reads={read: 2, absent: 0, written: 0})

    assert positions == [3]


def test_two_commands_that_each_read_what_the_other_writes_are_not_both_recorded(
    recorder: Recorder,
) -> None:
    for _ in range(20):
        one, other = uuid4(), uuid4()
        recorder.insert_events([event(one, 1), event(other, 1)])

        results = together(
            partial(recorder.insert_events, [event(one, 2)], reads={other: 1}),
            partial(recorder.insert_events, [event(other, 2)], reads={one: 1}),
        )

        assert [isinstance(result, Stale) for result in results].count(True) == 1


# The key of a command.


def test_a_command_already_recorded_is_not_recorded_again(recorder: Recorder) -> None:
    stream = uuid4()
    recorder.insert_events(events(stream, [1, 2]), command=KEY)

    with pytest.raises(Repeated):
        recorder.insert_events([event(stream, 3)], command=KEY, sealed=[SealedRow("r", "s", b"c")])
    with pytest.raises(Repeated):  # though its version is taken as well: by itself
        recorder.insert_events([event(stream, 1)], command=KEY)

    assert recorder.size() == 2
    assert recorder.ciphertext("r") is None
    answered = recorder.answered(KEY.key)
    assert answered is not None
    assert (answered.position, answered.request, answered.answer) == (1, b"request", "answer")


def test_a_command_sent_twice_at_once_is_recorded_once(recorder: Recorder) -> None:
    results = together(
        *[partial(recorder.insert_events, [event(uuid4(), 1)], command=KEY) for _ in range(4)]
    )

    assert [isinstance(result, Repeated) for result in results].count(True) == 3
    assert recorder.size() == 1


def test_a_forgotten_key_can_be_used_again(recorder: Recorder) -> None:
    recorder.insert_events([event(uuid4(), 1)], command=KEY)
    root = recorder.root()

    recorder.forget_command(KEY.key)

    assert recorder.answered(KEY.key) is None
    assert recorder.root() == root
    assert recorder.insert_events([event(uuid4(), 1)], command=KEY) == [2]


# All or nothing.


def test_sealed_values_and_events_are_recorded_together(recorder: Recorder) -> None:
    sealed = [SealedRow("a", "somebody", b"\x00\xff"), SealedRow("b", "somebody", b"")]

    recorder.insert_events([event(uuid4(), 1)], sealed=sealed)

    assert recorder.ciphertext("a") == ("somebody", b"\x00\xff")
    assert recorder.ciphertext("b") == ("somebody", b"")


def test_whatever_is_refused_nothing_of_the_command_remains(recorder: Recorder) -> None:
    stream = uuid4()
    new, known = SealedRow("new", "s", b"c"), SealedRow("known", "s", b"c")
    recorder.insert_events([event(stream, 1)], sealed=[known], tracking=Tracking("reader", 5))

    refused: list[dict[str, Any]] = [
        {"stored_events": [event(stream, 1)], "sealed": [new]},
        {"stored_events": [event(stream, 2)], "sealed": [new, known]},
        {"stored_events": [event(stream, 2)], "sealed": [new], "reads": {uuid4(): 1}},
        {
            "stored_events": [event(stream, 2)],
            "sealed": [new],
            "tracking": Tracking("reader", 5),
            "command": KEY,
        },
    ]
    for command in refused:
        with pytest.raises(IntegrityError):
            recorder.insert_events(**command)

    assert recorder.size() == 1
    assert recorder.ciphertext("new") is None
    assert recorder.answered(KEY.key) is None
    assert recorder.max_tracking_id("reader") == 5


def test_any_text_is_kept_as_it_is(recorder: Recorder) -> None:
    text = 'a "b" \\c, {d} é\n'
    stored = StoredState(uuid4(), 1, text, b"\x00", uuid4())
    sealed = [SealedRow(text, "NULL", b""), SealedRow("NULL", text, b"\\")]

    recorder.insert_events([stored], command=CommandKey(text, b"", text), sealed=sealed)

    assert recorder.rows(0, 1)[0].topic == text
    assert recorder.answered(text) is not None
    assert recorder.ciphertext(text) == ("NULL", b"")
    assert recorder.ciphertext("NULL") == (text, b"\\")


# Time.


def test_recorded_at_never_runs_backwards_even_when_the_clock_does(
    database_url: str, open_recorder: OpenRecorder
) -> None:
    clock = iter([1_000, 2_000, 500, 2_000, 1_999, 9_000])
    recorder = open_recorder(database_url, lambda: next(clock))

    for _ in range(6):
        recorder.insert_events(events(uuid4(), [1, 2]))

    recorded = [row.recorded_at for row in recorder.rows(0, 100)]
    assert recorded[:8] == [1_000, 1_001, 2_000, 2_001, 2_002, 2_003, 2_004, 2_005]
    assert recorded[8:] == [2_006, 2_007, 9_000, 9_001]


def test_without_another_clock_it_is_the_time_of_day(recorder: Recorder) -> None:
    before = time.time()

    recorder.insert_events([event(uuid4(), 1)])

    assert before - 1 < recorder.recorded_at(1).timestamp() < time.time() + 1


def test_a_past_instant_gives_the_size_of_that_time(
    database_url: str, open_recorder: OpenRecorder
) -> None:
    clock = count(1_000, 1_000)
    recorder = open_recorder(database_url, lambda: next(clock))
    for _ in range(5):
        recorder.insert_events([event(uuid4(), 1)])

    sizes = [recorder.size_at(EPOCH + timedelta(microseconds=at)) for at in (999, 1_000, 3_500)]

    assert sizes == [0, 1, 3]


# The tree.


def test_both_engines_build_the_tree_of_an_independent_program(
    sqlite_database: str, postgresql_database: str, open_recorder: OpenRecorder
) -> None:
    dice = random.Random(6962)  # noqa: S311  # a fixed sequence
    recorders = [
        open_recorder(url, lambda: 1_700_000_000_000_000)
        for url in (sqlite_database, postgresql_database)
    ]
    for length in (1, 1, 2, 3, 1, 7, 1, 16, 33, 1, 64, 1, 100):
        stream = uuid4()
        batch = [event(stream, n + 1, dice.randbytes(n)) for n in range(length)]
        for recorder in recorders:
            recorder.insert_events(batch)

    on_sqlite, on_postgresql = (recorder.proofs(0, 1000) for recorder in recorders)
    assert on_sqlite == on_postgresql
    judge = InmemoryTree(algorithm="sha256")
    for row in on_sqlite:
        judge.append_entry(entry_of(row))
        assert row.leaf == judge.get_leaf(row.position)
        assert {recorder.root(row.position) for recorder in recorders} == {judge.get_root()}


# Many at once.


def test_positions_are_contiguous_whoever_writes(recorder: Recorder) -> None:
    written: list[tuple[int, str]] = []

    def write(_: int) -> None:
        for length in (1, 2, 3, 5) * 5:
            batch = events(uuid4(), range(1, length + 1))
            positions = recorder.insert_events(batch) or ()
            written.extend(zip(positions, [str(stored.event_id) for stored in batch], strict=True))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))

    rows = recorder.proofs(0, 10_000)
    assert [row.position for row in rows] == list(range(1, 8 * 5 * 11 + 1))
    assert [(row.position, row.event_id) for row in rows] == sorted(written)
    times = [row.recorded_at for row in rows]
    assert times == sorted(set(times))
    judge = InmemoryTree(algorithm="sha256")
    judge.append_entries([entry_of(row) for row in rows])
    assert recorder.root() == judge.get_root()


def test_a_reader_that_tails_four_writers_misses_nothing_and_repeats_nothing(
    recorder: Recorder,
) -> None:
    def write(_: int) -> None:
        for length in (1, 2, 3) * 40:
            recorder.insert_events(events(uuid4(), range(1, length + 1)))

    stop, seen = Signal(), list[int]()
    reader = tail(recorder, stop, seen)
    try:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(write, range(4)))
        wait_for(seen, 960)
    finally:
        stop.set()
        reader.join()

    assert seen == list(range(1, 961))


def test_two_processes_each_see_what_the_other_wrote(
    database_url: str, open_recorder: OpenRecorder
) -> None:
    one, other = open_recorder(database_url), open_recorder(database_url)
    stream = uuid4()

    for version in range(1, 20):
        writer = (one, other)[version % 2]
        assert writer.insert_events([event(stream, version)]) == [version]

    assert one.root() == other.root()
    assert [row.version for row in one.rows(0, 100)] == list(range(1, 20))


# Waiting.


def test_growth_is_noticed_at_once(database_url: str, open_recorder: OpenRecorder) -> None:
    recorder, writer = open_recorder(database_url), open_recorder(database_url)
    noticed = list[float]()

    def wait() -> None:
        recorder.await_growth(0, Signal(), 20)
        noticed.append(time.monotonic())

    waiting = Thread(target=wait)
    waiting.start()
    time.sleep(0.3)
    assert not noticed
    written = time.monotonic()
    writer.insert_events([event(uuid4(), 1)])
    waiting.join()

    assert noticed[0] - written < 10


def test_what_was_recorded_before_the_wait_is_noticed(recorder: Recorder) -> None:
    recorder.insert_events([event(uuid4(), 1)])
    started = time.monotonic()

    recorder.await_growth(0, Signal(), 20)

    assert time.monotonic() - started < 10


def test_a_wait_ends_in_time_or_when_told_to(recorder: Recorder) -> None:
    stop = Signal()
    started = time.monotonic()

    recorder.await_growth(0, stop, 0.2)
    stop.set()
    recorder.await_growth(0, stop, 20)

    assert 0.1 < time.monotonic() - started < 10


# The library's own cases. Those on PostgreSQL are in `test_postgres_recorder.py`.


class OnSQLite:
    @pytest.fixture(autouse=True)
    def _open(self, sqlite_database: str, open_recorder: OpenRecorder) -> Iterator[None]:
        recorder = open_recorder(sqlite_database)
        assert isinstance(recorder, SQLiteRecorder)
        self.recorder = recorder
        with joining_threads():  # one of its cases leaves its readers running
            yield

    def create_recorder(self) -> SQLiteRecorder:
        return self.recorder


class TestApplicationRecorder(OnSQLite, library.ApplicationRecorderTestCase[SQLiteRecorder]):
    pass


class TestProcessRecorder(OnSQLite, library.ProcessRecorderTestCase):
    pass


class TestTrackingRecorder(OnSQLite, library.TrackingRecorderTestCase):
    pass


class TestNonInterleavingNotificationIDs(OnSQLite, library.NonInterleavingNotificationIDsBaseCase):
    pass


def test_what_names_one_of_many_things_is_found_wherever_it_does(recorder: Recorder) -> None:
    stream, named, other = uuid4(), uuid4(), uuid4()
    states = [f'{{"a":"é","things":["{uuid4()}","{one}"]}}' for one in (other, named, stream)]
    told = [event(stream, version, said.encode()) for version, said in enumerate(states, 1)]
    recorder.insert_events(told)
    strangers = [uuid4() for _ in range(1200)]

    assert [row.position for row in recorder.naming([named])] == [2]
    assert [row.position for row in recorder.naming([stream, *strangers, named])] == [2, 3]
    assert recorder.naming([named])[0].state == told[1].state
    assert recorder.naming(strangers) == recorder.naming([]) == []
