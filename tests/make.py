"""Makes the plainest valid thing; a test states only what it is about."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from application.command import By
from application.journey import PublishJourney
from domain.dates import PartialDate
from domain.journey import Journey
from domain.kernel import (
    EPOCH,
    AccountId,
    Aggregate,
    Context,
    Provenance,
    Recorded,
    Role,
    acting,
)
from domain.pole import Pole, PoleFacts
from domain.rules import CompiledJourney, compile_journey, fact_types
from infrastructure.database import connect, is_sqlite, migrate, sqlite_path
from infrastructure.event_store import postgres
from infrastructure.event_store.journal import Journal
from infrastructure.event_store.postgres import PostgresRecorder
from infrastructure.event_store.registry import Registry
from infrastructure.event_store.sqlite import Datastore, SQLiteRecorder
from infrastructure.guards import Cel
from infrastructure.keys import KeyStore
from infrastructure.read_models.follower import Follower
from infrastructure.read_models.models import MODELS
from infrastructure.read_models.register import RegisterLists
from infrastructure.reference import shipped_journeys
from interfaces.wiring import Product, Settings, create

NOW = datetime(2024, 6, 3, 10, 0, tzinfo=UTC)
TODAY = NOW.date()
ACTOR = AccountId(UUID("6f1b6a3e-0c57-4c1c-9b54-6a8f2b1d7e90"))
LATEST = "pole@2021-05-12"


class Clock:
    """A clock that stands still until it is told to go on."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def microseconds(self) -> int:
        return (self.now - EPOCH) // timedelta(microseconds=1)

    def advance(self, **time: float) -> None:
        self.now += timedelta(**time)


def by(role: Role = Role.REGISTRAR) -> By:
    """The same person, in a role."""
    return By(actor=ACTOR, role=role)


def context(occurred_on: str = TODAY.isoformat(), **more: Any) -> Context:
    """Somebody who answers for what is recorded."""
    provenance = Provenance(actor=ACTOR, role=Role.REGISTRAR, correlation_id=UUID(int=1))
    return replace(Context(provenance, NOW, PartialDate(occurred_on)), **more)


@contextmanager
def on(occurred_on: str = TODAY.isoformat(), **more: Any) -> Iterator[None]:
    """Record, inside this block, what took place on a day."""
    with acting(context(occurred_on, **more)):
        yield


def pole(since: str = "2022-01-01", journey: str = LATEST, stage: str = "emergence") -> Pole:
    """A pole in the register, of which nothing else is known."""
    with on(since):
        return Pole.register(
            code="tetris",
            name="Tétris",
            journey=journey,
            stage=stage,
            occurred_on=PartialDate(since),
        )


def history(aggregate: Aggregate, at: datetime = NOW) -> list[Recorded]:
    """What an aggregate recorded and did not save, as the store would give it back."""
    return [
        Recorded(version, at, aggregate.id, version, event)
        for version, event in enumerate(aggregate.pending, start=1)
    ]


@cache
def journeys() -> tuple[Journey, ...]:
    """The shipped journeys, read once: YAML is slow."""
    return tuple(shipped_journeys())


@cache
def journey(ref: str = LATEST) -> CompiledJourney:
    """A shipped journey, ready to be asked."""
    definition = next(j for j in journeys() if j.ref == ref)
    return compile_journey(definition, fact_types(PoleFacts), Cel)


def migrated(url: str) -> str:
    """Give a database its schema."""
    with closing_engine(url) as engine:
        migrate(engine)
    return url


@contextmanager
def closing_engine(url: str) -> Iterator[Any]:
    """An engine on a database, for a while."""
    engine = connect(url)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def recorder(url: str, clock: Clock) -> Iterator[SQLiteRecorder | PostgresRecorder]:
    """A recorder on a migrated database."""
    if is_sqlite(url):
        with closing(Datastore(str(sqlite_path(url)))) as file:
            yield SQLiteRecorder(file, clock.microseconds)
    else:
        with closing(postgres.Datastore(url)) as pool:
            yield PostgresRecorder(pool, clock.microseconds)


@contextmanager
def registry(
    folder: Path, *, url: str = "", clock: Clock | None = None, publish: bool = True
) -> Iterator[Registry]:
    """A registry with its keys, on a migrated database or a new file; it may publish journeys."""
    clock = clock or Clock()
    keys = KeyStore.create(folder / "keys.db", folder / "kek")
    url = url or migrated(f"sqlite:///{folder / 'registry.db'}")
    with recorder(url, clock) as store, closing(Registry(store, keys, clock)) as made:
        if publish:
            for definition in journeys():
                made.do(PublishJourney(journey=definition), by(Role.ADMINISTRATOR))
        yield made


@contextmanager
def lists(url: str, journal: Journal) -> Iterator[tuple[Follower, RegisterLists]]:
    """What keeps the lists of a journal up to date, and the register it keeps."""
    with closing_engine(url) as engine:
        yield Follower(engine, journal, MODELS), RegisterLists(engine, {})


@contextmanager
def product(folder: Path, url: str = "") -> Iterator[Product]:
    """The whole product, new, in a folder; it goes by the real time of day."""
    settings = Settings(home=folder, database=url)
    create(settings)
    with closing_product(settings) as made:
        yield made


def closing_product(settings: Settings) -> closing[Product]:
    """The product on a registry that is there, for a while."""
    return closing(Product(settings))


def day(text: str) -> date:
    """A day of the calendar."""
    return date.fromisoformat(text)
