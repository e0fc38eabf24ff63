"""Load a case of 1,000 events, no cache; rebuild the read models. Floors in the same run."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

from application.pole import NoteContact, RegisterPole
from benchmarks.measure import Work, interleaved, report
from domain.pole import Pole, PoleId
from interfaces.history_files import reference_file
from interfaces.store import create
from interfaces.wiring import Product, Settings

EVENTS = 1000
LOADS = 5


class StockPole(Aggregate):
    """The same facts with the library's own aggregate and transcoder."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.contacts: list[str] = []

    @dataclass(frozen=True)
    class Noted(Aggregate.Event):
        channel: str
        outcome: str
        meta: dict[str, Any]
        occurred_on: str
        salt: str

    @event(Noted)
    def note(
        self, channel: str, outcome: str, meta: dict[str, Any], occurred_on: str, salt: str
    ) -> None:
        self.contacts.append(occurred_on)


def stock(folder: Path) -> Work:
    """`repository.get` of the library as it ships, on SQLite."""
    app: Application[UUID] = Application(
        {
            "PERSISTENCE_MODULE": "eventsourcing.sqlite",
            "SQLITE_DBNAME": str(folder / "stock.db"),
        }
    )
    pole = StockPole("Pôle")
    meta = {"actor": str(pole.id), "role": "registrar", "source": None, "reason": None}
    for _ in range(EVENTS - 1):
        pole.note("téléphone", "joint", meta, "2026-11-22", "AAAAAAAAAAAAAAAAAAAAAA")
    app.save(pole)

    def work() -> int:
        for _ in range(LOADS):
            app.repository.get(pole.id)
        return LOADS * EVENTS

    return work


def ours(product: Product) -> Work:
    """Our replay, of a pole with as many events."""
    by = product.operator()
    pole = product.do(RegisterPole(name="Pôle"), by).answer
    for _ in range(EVENTS - 1):
        note = NoteContact(pole=PoleId(pole), channel="téléphone", outcome="joint")
        product.registry.do(note, by)

    def work() -> int:
        for _ in range(LOADS):
            product.registry.load(Pole, pole)
        return LOADS * EVENTS

    return work


def raw_rows(product: Product) -> Work:
    """The floor of a rebuild: SELECT and orjson.loads of every state."""

    def work() -> int:
        rows = product.journal.query("SELECT state FROM event ORDER BY position")
        for row in rows:
            orjson.loads(row[0])
        return len(rows)

    return work


def rebuild(product: Product) -> Work:
    """Every read model, emptied and read again."""

    def work() -> int:
        return product.follower.rebuild()

    return work


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = Settings(home=folder / "home", database="")
        create(settings)
        product = Product(settings)
        rates = interleaved({"stock repository.get": stock(folder), "ours": ours(product)})
        report(f"load a case of {EVENTS} events", rates, floor="stock repository.get")
        by = product.operator()
        product.import_poles(reference_file("poles.csv"), by, apply=True)
        product.import_timeline(reference_file("timeline.csv"), by, apply=True)
        rates = interleaved(
            {"SELECT + orjson": raw_rows(product), "rebuild": rebuild(product)}, rounds=5
        )
        report("rebuild every read model", rates, floor="SELECT + orjson")
        product.close()


if __name__ == "__main__":
    main()
