"""Makes the plainest valid thing; a test states only what it is about."""

import atexit
import shutil
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from uuid import UUID

from application.command import By, Command
from application.journey import PublishJourney
from application.recognition import ConfirmFinding, ProposeFinding, ReplyToFinding
from domain.dates import PartialDate
from domain.journey import Journey
from domain.kernel import EPOCH, Aggregate, Recorded
from domain.pole import Pole, PoleFacts, PoleId
from domain.provenance import AccountId, Provenance
from domain.recognition import PoleReply, Recognition, RecognitionId, RecognitionKind
from domain.recording import Context, acting
from domain.roles import Role
from domain.rules import CompiledJourney, compile_journey, fact_types
from infrastructure.database import connect, is_sqlite, migrate, sqlite_path
from infrastructure.documents import Documents
from infrastructure.event_store import postgres
from infrastructure.event_store.journal import Journal
from infrastructure.event_store.postgres import PostgresRecorder
from infrastructure.event_store.registry import Done, Registry
from infrastructure.event_store.sqlite import Datastore, SQLiteRecorder
from infrastructure.guards import Cel
from infrastructure.keys import KeyStore
from infrastructure.read_models.follower import Follower
from infrastructure.read_models.models import MODELS
from infrastructure.read_models.register import RegisterLists
from infrastructure.reference import shipped_journeys
from interfaces.store import create
from interfaces.wiring import Product, Settings
from tests.as_stored import assert_as_stored
from tests.postgres import create_database, replace_database, server

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
def shipped() -> tuple[Journey, ...]:
    """Every version of every journey that ships, read once: YAML is slow."""
    return tuple(shipped_journeys())


def journeys() -> tuple[Journey, ...]:
    """The shipped versions of the pole's journey."""
    return tuple(journey for journey in shipped() if journey.id == "pole")


def every_other() -> frozenset[str]:
    """The journeys that ship, but for that of poles."""
    return frozenset(journey.id for journey in shipped()) - {"pole"}


@cache
def journey(ref: str = LATEST) -> CompiledJourney:
    """A shipped journey, ready to be asked."""
    definition = next(j for j in journeys() if j.ref == ref)
    return compile_journey(definition, fact_types(PoleFacts), Cel)


def migrated(url: str) -> str:
    """Give a database its schema; that of a new file is made once and copied afterwards."""
    if is_sqlite(url) and not sqlite_path(url).exists():
        shutil.copyfile(_schema(), sqlite_path(url))
        return url
    with closing_engine(url) as engine:
        migrate(engine)
    return url


@cache
def _schema() -> Path:
    """A file with the schema, and nothing else."""
    file = lasting() / "registry.db"
    with closing_engine(f"sqlite:///{file}") as engine:
        migrate(engine)
    return file


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


def recognition(kind: RecognitionKind, start: str, end: str | None = None) -> Recognition:
    """A recognition of some pole, from a day to another."""
    since, until = PartialDate(start), day(end) if end else None
    ground = "loi n° 2014-856 du 31 juillet 2014"
    with on(start):
        if kind is not RecognitionKind.COMPOSITION_FINDING:
            return Recognition.issue(
                pole=UUID(int=5),
                recognition_kind=kind,
                code="code",
                issuer="État",
                ground=ground,
                occurred_on=since,
                valid_to=until,
            )
        found = Recognition.propose(
            pole=UUID(int=5),
            code="code",
            issuer="Registre",
            evidence=("statuts",),
            persons=("un",),
            asked_on=since.first_day or TODAY,
        )
        found.reply(position=PoleReply.AGREES, words=None, persons=("pôle",))
        found.confirm(persons=("deux",), occurred_on=since, today=TODAY, valid_to=until)
        return found


def find_composition(do: Callable[[Command, By], Done], pole: PoleId, on: str) -> RecognitionId:
    """Make a composition finding by two persons on a day, the pole heard."""
    day = {"occurred_on": PartialDate(on)}
    proposed = ProposeFinding(
        pole=pole, code="constat", issuer="Registre", evidence=("statuts",), **day
    )
    finding = RecognitionId(do(proposed, by()).answer)
    reply = ReplyToFinding(recognition=finding, position=PoleReply.AGREES, **day)
    third, second = (
        by().model_copy(update={"actor": AccountId(UUID(int=number))}) for number in (3, 2)
    )
    do(reply, third)
    do(ConfirmFinding(recognition=finding, **day), second)
    return finding


@contextmanager
def registry(
    folder: Path,
    *,
    url: str = "",
    clock: Clock | None = None,
    publish: bool = True,
    also: Collection[str] = (),
) -> Iterator[Registry]:
    """A registry with its keys, on a migrated database or a new file.

    Args:
        publish: whether it has published the journeys of poles, and those that follow.
        also: the names of other journeys that ship.
    """
    clock = clock or Clock()
    if publish and not url:
        made_before = _published(clock.now, frozenset(also))
        shutil.copytree(made_before, folder, dirs_exist_ok=True)
    keys = KeyStore.create(f"sqlite:///{folder / 'keys.db'}", folder / "kek")
    documents = Documents(folder / "documents", keys, 20_000_000)
    file = f"sqlite:///{folder / 'registry.db'}"
    if not url and not publish:
        migrated(file)
    with (
        recorder(url or file, clock) as store,
        closing(Registry(store, keys, documents, clock)) as made,
    ):
        if publish and url:
            _publish(made, also)
        yield made
        assert_as_stored(made)


def _publish(registry: Registry, also: Collection[str]) -> None:
    others = [definition for definition in shipped() if definition.id in also]
    for definition in (*journeys(), *others):
        registry.do(PublishJourney(journey=definition), by(Role.ADMINISTRATOR))


@cache
def _published(now: datetime, also: frozenset[str]) -> Path:
    """A registry that has published journeys at an instant: made once, copied afterwards."""
    folder = lasting()
    with registry(folder, clock=Clock(now), publish=False) as made:
        _publish(made, also)
    return folder


ORIGIN = "registre.localhost/journal"
"""The name of a log, where a test is not about names."""


def begin(settings: Settings) -> None:
    """Make a registry as `jalon init` does, in a new database: once, and copied afterwards."""
    if settings.keys:
        create(settings)
        return
    url = settings.url
    folder, database = _begun("" if is_sqlite(url) else server(url))
    shutil.copytree(folder, settings.home, dirs_exist_ok=True)
    if not is_sqlite(url):
        replace_database(url, database)
    elif settings.database:
        shutil.move(settings.home / "registry.db", sqlite_path(url))


@cache
def _begun(where: str) -> tuple[Path, str]:
    """The folder of a registry, and its database on a server."""
    folder, url = lasting(), migrated(create_database(where)) if where else ""
    create(Settings(home=folder, database=url))
    return folder, url


def lasting() -> Path:
    """A folder that is there until this process ends."""
    folder = Path(mkdtemp(prefix="jalon-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@contextmanager
def lists(url: str, journal: Journal) -> Iterator[tuple[Follower, RegisterLists]]:
    """What keeps the lists of a journal up to date, and the register it keeps."""
    with closing_engine(url) as engine:
        yield Follower(engine, journal, MODELS), RegisterLists(engine, {}, journal)


@contextmanager
def product(folder: Path, url: str = "") -> Iterator[Product]:
    """The whole product, new, in a folder; it goes by the real time of day."""
    settings = Settings(home=folder, database=url)
    begin(settings)
    with closing_product(settings) as made:
        yield made


def closing_product(settings: Settings) -> closing[Product]:
    """The product on a registry that is there, for a while."""
    return closing(Product(settings))


def day(text: str) -> date:
    """A day of the calendar."""
    return date.fromisoformat(text)
