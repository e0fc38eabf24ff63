"""Verification: whatever is changed in what was recorded is found, at its place."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from application.pole import FileEvidence, RegisterPole, RenamePole
from domain import audit
from domain.audit import EMPTY_ROOT
from domain.dates import PartialDate
from domain.pole import PoleId
from infrastructure.audit_log import LogDamaged, verify
from infrastructure.event_store.journal import Journal, ProofRow
from infrastructure.event_store.mapper import StoredState
from infrastructure.event_store.registry import Registry
from tests import make
from tests.examples import settings

EVENTS = 15

NOT_COVERED = {"command", "request", "answer"}
"""What lets a request be answered twice alike; no fact rests on it (docs/adr/0037)."""

COVERED = ["state", "leaf", "peak", "event_id", "topic", "stream", "version", "recorded_at"]


def fill(registry: Registry) -> None:
    """Three poles, whose events are mingled, and the journeys before them."""
    when = PartialDate("2022")
    ids = [
        PoleId(registry.do(RegisterPole(name=name, occurred_on=when), make.by()).answer)
        for name in ("Tétris", "Évaléco")
    ]
    for n, pole in enumerate((*ids, *ids, ids[0])):
        command = (
            FileEvidence(pole=pole, evidence="strategy", title=f"Pièce {n}")
            if n % 2
            else RenamePole(pole=pole, name=f"Nom {n}")
        )
        registry.do(command, make.by())


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small real database. Unique indexes are the first thing that a forger would drop."""
    folder = tmp_path_factory.mktemp("untouched")
    with make.registry(folder) as registry:
        fill(registry)
        assert registry.journal.size() == EVENTS
    file = folder / "registry.db"
    with closing(sqlite3.connect(file)) as db:
        db.executescript(
            "CREATE TABLE bare AS SELECT * FROM event; DROP TABLE event;"
            "ALTER TABLE bare RENAME TO event;"
        )
    return file


@pytest.fixture(scope="module")
def forged(
    untouched: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Journal]]:
    """The journal after somebody wrote into its table."""
    file = tmp_path_factory.mktemp("forged") / "registry.db"

    with make.recorder(f"sqlite:///{file}", make.Clock()) as journal:

        def forge(*statements: tuple[str, tuple[Any, ...]]) -> Journal:
            with closing(sqlite3.connect(untouched)) as read, closing(sqlite3.connect(file)) as db:
                read.backup(db)
                for sql, values in statements:
                    db.execute(sql, values)
                db.commit()
            return journal

        yield forge


Forge = Callable[..., Journal]


def damage(journal: Journal) -> tuple[int, str]:
    with pytest.raises(LogDamaged) as found:
        verify(journal)
    return int(str(found.value.details["index"])), str(found.value)


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


# What was not touched.


def test_an_untouched_log_is_verified_with_its_size_and_its_root(forged: Forge) -> None:
    journal = forged()

    found = verify(journal)

    assert (found.size, found.root) == (EVENTS, journal.root())


def test_the_root_is_that_of_an_independent_program(forged: Forge) -> None:
    judge = InmemoryTree(algorithm="sha256")
    for row in forged().proofs(0, 100):
        judge.append_entry(entry_of(row))

    assert verify(forged()).root == judge.get_root()


@pytest.mark.parametrize("batch", [1, 2, 5, 100])
def test_how_much_is_read_at_once_does_not_count(forged: Forge, batch: int) -> None:
    assert verify(forged(), batch).size == EVENTS


def test_an_empty_log_is_verified(forged: Forge) -> None:
    found = verify(forged(("DELETE FROM event", ())))

    assert (found.size, found.root) == (0, EMPTY_ROOT)


def test_a_log_is_verified_on_both_engines(tmp_path: Path, database_url: str) -> None:
    with make.registry(tmp_path, url=database_url) as registry:
        fill(registry)

        assert verify(registry.journal).root == registry.journal.root()


def test_a_log_is_read_on_from_any_size_on_both_engines(tmp_path: Path, database_url: str) -> None:
    with make.registry(tmp_path, url=database_url) as registry:
        fill(registry)
        whole = verify(registry.journal)

        for after in range(whole.size + 1):
            assert verify(registry.journal, batch=4, after=after) == whole
            part = verify(registry.journal, batch=4, after=after // 2, until=after)
            assert (part.size, part.root) == (after, registry.journal.root(after))
        with pytest.raises(LogDamaged):
            verify(registry.journal, after=3, until=whole.size + 1)


# Any byte.


@pytest.mark.parametrize("column", COVERED)
@settings(deadline=None, max_examples=60)
@given(position=st.integers(1, EVENTS), place=st.integers(0, 10_000), bits=st.integers(1, 255))
def test_any_byte_that_changes_is_found_at_its_place(
    forged: Forge, column: str, position: int, place: int, bits: int
) -> None:
    kept = _value(forged(), column, position)
    changed: Any
    if isinstance(kept, int):
        changed = kept ^ (bits << 8 * (place % 7))
        text = "?"
    else:
        raw = bytearray(kept if isinstance(kept, bytes) else kept.encode())
        raw[place % len(raw)] ^= bits
        changed = bytes(raw)
        text = "?" if isinstance(kept, bytes) else "CAST(? AS TEXT)"

    journal = forged(
        (f"UPDATE event SET {column} = {text} WHERE position = ?", (changed, position))
    )

    assert damage(journal)[0] == position - 1


def _value(journal: Journal, column: str, position: int) -> Any:
    return journal.query(f"SELECT {column} FROM event WHERE position = ?", [position])[0][0]


def test_every_column_is_covered_or_said_not_to_be(forged: Forge) -> None:
    columns = forged().query("SELECT name FROM pragma_table_info('event')")

    assert {name for (name,) in columns} == {*COVERED, *NOT_COVERED, "position"}


@pytest.mark.long
@pytest.mark.timeout(3000)
@pytest.mark.parametrize("column", COVERED)
def test_every_byte_of_every_column_that_changes_is_found(
    untouched: Path, tmp_path: Path, column: str
) -> None:
    """Of what is long, as the definitions that are published, each seventh byte."""
    file = tmp_path / "registry.db"
    with closing(sqlite3.connect(untouched)) as read, closing(sqlite3.connect(file)) as copy:
        read.backup(copy)
    with (
        make.recorder(f"sqlite:///{file}", make.Clock()) as journal,
        closing(sqlite3.connect(file, isolation_level=None)) as db,
    ):
        db.execute("PRAGMA synchronous=OFF").close()
        for position in range(1, EVENTS + 1):
            kept = _value(journal, column, position)
            text = "CAST(? AS TEXT)" if isinstance(kept, str) else "?"
            sql = f"UPDATE event SET {column} = {text} WHERE position = ?"
            for changed in _changed(kept):
                db.execute(sql, (changed, position)).close()
                assert damage(journal)[0] == position - 1, changed
            db.execute(sql, (kept, position)).close()
        assert verify(journal).size == EVENTS


def _changed(kept: Any) -> Iterator[Any]:
    """A value with one bit of one byte changed, for each byte of it."""
    if isinstance(kept, int):
        yield from (kept ^ (1 << bit) for bit in range(63))
        return
    raw = kept.encode() if isinstance(kept, str) else kept
    for place in range(0, len(raw), 1 if len(raw) < 3000 else 7):
        yield raw[:place] + bytes([raw[place] ^ 1 << place % 8]) + raw[place + 1 :]


@settings(deadline=None, max_examples=30)
@given(position=st.integers(1, EVENTS), name=st.sampled_from(["event_id", "stream"]))
def test_another_spelling_of_an_identity_is_found_too(
    forged: Forge, position: int, name: str
) -> None:
    sql = f"UPDATE event SET {name} = upper({name}) WHERE position = ?"
    journal = forged((sql, (position,)))

    assert damage(journal)[0] == position - 1


# Whole events.


@settings(deadline=None, max_examples=20)
@given(position=st.integers(1, EVENTS - 1))
def test_an_event_that_is_gone_is_missed_at_its_place(forged: Forge, position: int) -> None:
    journal = forged(("DELETE FROM event WHERE position = ?", (position,)))

    index, said = damage(journal)

    assert index == position - 1
    assert f"L'événement n° {index + 1} " in said
    assert "il manque" in said


@settings(deadline=None, max_examples=20)
@given(position=st.integers(1, EVENTS - 1))
def test_an_event_that_is_gone_is_missed_though_the_rest_closed_ranks(
    forged: Forge, position: int
) -> None:
    journal = forged(
        ("DELETE FROM event WHERE position = ?", (position,)),
        ("UPDATE event SET position = position - 1 WHERE position > ?", (position,)),
    )

    assert damage(journal)[0] == position - 1


def swap(one: int, other: int, columns: str) -> list[tuple[str, tuple[Any, ...]]]:
    def give(target: int, source: int) -> tuple[str, tuple[Any, ...]]:
        values = f"SELECT {columns} FROM kept WHERE position = ?"
        return f"UPDATE event SET ({columns}) = ({values}) WHERE position = ?", (source, target)

    return [("CREATE TABLE kept AS SELECT * FROM event", ()), give(one, other), give(other, one)]


EVERYTHING = "stream, version, topic, state, event_id, leaf, peak, recorded_at"


@pytest.mark.parametrize(
    "columns",
    [EVERYTHING, "stream, version, topic, state, event_id", "state", "state, leaf", "leaf, peak"],
)
@settings(deadline=None, max_examples=15)
@given(pair=st.sets(st.integers(1, EVENTS), min_size=2, max_size=2))
def test_two_events_that_changed_places_are_found(
    forged: Forge, columns: str, pair: set[int]
) -> None:
    one, other = sorted(pair)

    journal = forged(*swap(one, other, columns))

    assert damage(journal)[0] == one - 1


def test_an_event_slipped_in_afterwards_is_found(forged: Forge) -> None:
    journal = forged(
        ("UPDATE event SET position = position + 1 WHERE position > 9", ()),
        ("CREATE TABLE kept AS SELECT * FROM event WHERE position = 9", ()),
        ("UPDATE kept SET position = 10, recorded_at = recorded_at + 1, version = version + 1", ()),
        ("INSERT INTO event SELECT * FROM kept", ()),
    )

    assert damage(journal)[0] == 9


def test_a_state_that_was_replaced_with_a_leaf_of_its_own_breaks_the_tree(forged: Forge) -> None:
    """A forger who mends the leaf must mend every later peak, and then the root differs."""
    journal = forged()
    row = journal.proofs(8, 1)[0]
    state = row.state.replace("Évaléco".encode(), b"Tetris__", 1)
    assert state != row.state
    leaf = audit.leaf_hash(entry_of(row._replace(state=state)))
    published = journal.root()
    forge = ("UPDATE event SET state = ?, leaf = ? WHERE position = 9", (state, leaf))

    index, said = damage(forged(forge))
    mended = _mended(forged(forge))

    assert index == 8
    assert "sommet" in said
    assert verify(forged(forge, *mended)).root != published


def _mended(journal: Journal) -> list[tuple[str, tuple[Any, ...]]]:
    peaks: list[bytes] = []
    for row in journal.proofs(0, 100):
        peaks.append(audit.completed_peak(row.position - 1, row.leaf, peaks.__getitem__))
    sql = "UPDATE event SET peak = ? WHERE position = ?"
    return [(sql, (peak, position)) for position, peak in enumerate(peaks, start=1)]


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("recorded_at", "(SELECT recorded_at FROM event WHERE position = 7)", "heure"),
        ("recorded_at", "recorded_at - 1000000", "heure"),
        ("version", "version + 1", "version"),
        ("version", "1", "version"),
        ("stream", "(SELECT stream FROM event WHERE position = 1)", "version"),
    ],
)
def test_a_log_whose_tree_was_mended_must_still_make_sense(
    forged: Forge, column: str, value: str, said: str
) -> None:
    """Time runs forward, and the versions of each stream follow on one another."""
    forge = (f"UPDATE event SET {column} = {value} WHERE position = 11", ())
    row = forged(forge).proofs(10, 1)[0]
    leaf = audit.leaf_hash(entry_of(row))
    forges = (forge, ("UPDATE event SET leaf = ? WHERE position = 11", (leaf,)))

    index, reason = damage(forged(*forges, *_mended(forged(*forges))))

    assert index == 10
    assert said in reason


def test_a_log_of_thousands_of_events_is_verified(tmp_path: Path) -> None:
    url = make.migrated(f"sqlite:///{tmp_path / 'registry.db'}")
    stream = uuid4()

    def event(version: int) -> StoredState:
        id_ = uuid4()
        state = f'{{"meta":{{"event_id":"{id_}"}}}}'.encode()
        return StoredState(stream, version, "thing.done.v1", state, id_)

    with make.recorder(url, make.Clock()) as journal:
        for first in range(1, 9001, 3000):
            journal.insert_events([event(version) for version in range(first, first + 3000)])

        found = verify(journal)

        assert (found.size, found.root) == (9000, journal.root())


def test_a_shortened_log_has_another_root_than_the_published_one(forged: Forge) -> None:
    """Nothing in what is left tells it: that is what published roots are for."""
    published = verify(forged())

    shortened = verify(forged(("DELETE FROM event WHERE position > ?", (EVENTS - 2,))))

    assert shortened.size == published.size - 2
    assert shortened.root != published.root
    assert forged().root(shortened.size) == shortened.root


def test_a_state_of_another_event_is_found_though_its_leaf_fits(forged: Forge) -> None:
    journal = forged()
    row = journal.proofs(8, 1)[0]
    state = row.state.replace(row.event_id.encode(), str(make.ACTOR).encode(), 1)
    leaf = audit.leaf_hash(entry_of(row._replace(state=state)))
    forge = ("UPDATE event SET state = ?, leaf = ? WHERE position = 9", (state, leaf))

    index, said = damage(forged(forge, *_mended(forged(forge))))

    assert index == 8
    assert "identité" in said


@pytest.mark.parametrize(
    ("kept", "changed"),
    [
        (b'{"', b'{{"'),
        (b'"event_id"', b'"event-id"'),
        (b'"meta":', b'"beta":'),
        ("É".encode(), b"\xc9"),
        (b"null}", b"null}}"),
    ],
)
def test_a_state_that_is_not_read_any_more_is_found_though_its_leaf_fits(
    forged: Forge, kept: bytes, changed: bytes
) -> None:
    row = forged().proofs(8, 1)[0]
    state = row.state.replace(kept, changed, 1)
    assert state != row.state
    leaf = audit.leaf_hash(entry_of(row._replace(state=state)))
    forge = ("UPDATE event SET state = ?, leaf = ? WHERE position = 9", (state, leaf))

    index, said = damage(forged(forge, *_mended(forged(forge))))

    assert index == 8
    assert "état est illisible" in said


def test_a_changed_state_is_found_on_postgresql_too(
    tmp_path: Path, postgresql_database: str
) -> None:
    with make.registry(tmp_path, url=postgresql_database) as registry:
        fill(registry)
        with make.closing_engine(postgresql_database) as engine, engine.begin() as tx:
            tx.execute(
                sa.text("UPDATE event SET recorded_at = recorded_at + 1 WHERE position = 10")
            )

        assert damage(registry.journal)[0] == 9
