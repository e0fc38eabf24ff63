"""One durable command, everything on, against a raw INSERT of the same bytes (WAL, FULL)."""

import sqlite3
import tempfile
from pathlib import Path
from uuid import UUID, uuid4

from eventsourcing.persistence import StoredEvent
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore

from application.command import By
from application.pole import NoteContact, RegisterPole
from benchmarks.measure import Work, interleaved, report
from domain.dates import PartialDate
from domain.pole import PoleId
from infrastructure.event_store.mapper import write_state
from infrastructure.event_store.registry import Registry
from infrastructure.event_store.sqlite import Datastore, SQLiteRecorder, tune
from interfaces.store import create
from interfaces.wiring import Product, Settings

COUNT = 300


def raw_insert(folder: Path, state: bytes, count: int = COUNT) -> Work:
    """The floor: one row a transaction, nothing else."""
    db = sqlite3.connect(folder / "raw.db", isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL").close()
    tune(db)
    db.execute(
        "CREATE TABLE event (position INTEGER PRIMARY KEY, stream TEXT, version INTEGER,"
        " topic TEXT, state BLOB, UNIQUE (stream, version))"
    )

    def work() -> int:
        stream = str(uuid4())
        for version in range(count):
            db.execute(
                "INSERT INTO event (stream, version, topic, state) VALUES (?, ?, ?, ?)",
                (stream, version, "pole.contact_attempted.v1", state),
            )
        return count

    return work


def stock_recorder(folder: Path, state: bytes) -> Work:
    """The library's own recorder, as it ships."""
    recorder = SQLiteApplicationRecorder(SQLiteDatastore(str(folder / "stock.db")))
    recorder.create_table()

    def work() -> int:
        stream = uuid4()
        for version in range(COUNT):
            recorder.insert_events(
                [StoredEvent(stream, version, "pole.contact_attempted.v1", state)]
            )
        return COUNT

    return work


def our_recorder(recorder: SQLiteRecorder, state: bytes) -> Work:
    """Ours: position, instant, leaf and peak in the row of the event."""

    def work() -> int:
        stream = uuid4()
        for version in range(1, COUNT + 1):
            recorder.insert_events(
                [StoredEvent(stream, version, "pole.contact_attempted.v1", state)]
            )
        return COUNT

    return work


def command(registry: Registry, by: By, *, keyed: bool, fresh: bool) -> Work:
    """A whole command: load the pole, decide, record; with a key it is recorded once."""

    def register() -> UUID:
        return registry.do(RegisterPole(name=f"Pôle {uuid4().hex}"), by).answer

    poles = [register()]

    def work() -> int:
        if fresh:
            poles[0] = register()
        for _ in range(COUNT):
            note = NoteContact(pole=PoleId(poles[0]), channel="téléphone", outcome="joint")
            registry.do(note, by, key=uuid4().hex if keyed else None)
        return COUNT

    return work


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = Settings(home=folder / "home", database="")
        create(settings)
        product = Product(settings)
        by = product.operator()
        pole = product.do(RegisterPole(name="Pôle", occurred_on=PartialDate("2020")), by).answer
        note = NoteContact(pole=PoleId(pole), channel="téléphone", outcome="joint")
        (event,) = product.registry.do(note, by, dry_run=True).events
        state = write_state(event)
        other = Settings(home=folder / "recorder", database="")
        create(other)
        recorder = SQLiteRecorder(Datastore(str(other.home / "registry.db")))
        rates = interleaved(
            {
                "raw INSERT": raw_insert(folder, state),
                "stock recorder": stock_recorder(folder, state),
                "our recorder (leaf, peak)": our_recorder(recorder, state),
                "command, key, case of up to 300 events": command(
                    product.registry, by, keyed=True, fresh=True
                ),
            }
        )
        report(f"durable append, state of {len(state)} bytes", rates, floor="raw INSERT")
        product.close()


if __name__ == "__main__":
    main()
