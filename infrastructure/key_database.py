"""The database of the keys, apart from the registry's: how it is reached, and what it holds."""

import fcntl
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from domain.errors import Invalid
from domain.personal import KeysUnreachable
from infrastructure.database import sqlite_path

PATIENCE = 10
"""Seconds for which a store that others write to is waited for."""

FILE = "sqlite:///"

MAKING = 0x4A414C4B
"""The advisory lock under which PostgreSQL is given these tables, once."""

ERASING = 0x4A414C45
"""The advisory lock under which PostgreSQL lets one program erase at a time."""

METADATA = sa.MetaData()

KEY = sa.Table(
    "key",
    METADATA,
    sa.Column("subject", sa.Text(), primary_key=True),
    sa.Column("purpose", sa.Text(), primary_key=True),
    sa.Column("wrapped", sa.LargeBinary(), nullable=False),
    sa.Column("made", sa.BigInteger(), nullable=False, server_default="0"),
    sqlite_with_rowid=False,
)
"""The keys, wrapped, each with the second in which it was made (0: before that was noted)."""

PERSON = sa.Table(
    "person",
    METADATA,
    sa.Column("name", sa.LargeBinary(), primary_key=True),
    sa.Column("subject", sa.Text(), primary_key=True),
    sa.Column("purpose", sa.Text(), primary_key=True),
    sqlite_with_rowid=False,
)
"""Whose name is sealed under which key, by a keyed MAC of the name; it goes with the key."""

ERASURE = sa.Table(
    "erasure",
    METADATA,
    sa.Column("erasure", sa.Text(), primary_key=True),
    sa.Column("at", sa.BigInteger(), nullable=False),
    sa.Column("finished", sa.Boolean(), nullable=False),
    sqlite_with_rowid=False,
)
"""The erasures that were begun, with the second; those not finished are taken up again."""

FORGOTTEN = sa.Table(
    "forgotten",
    METADATA,
    sa.Column("ref", sa.Text(), primary_key=True),
    sa.Column("erasure", sa.Text(), nullable=False),
    sqlite_with_rowid=False,
)
"""What was erased, by which erasure: it outlives any copy of the registry that is put back."""


Named = tuple[UUID, str]
"""A key: its subject and its purpose."""


def subject_of(stored: str) -> UUID:
    """An identity as it is stored; anything else was written by somebody else."""
    try:
        return UUID(stored)
    except ValueError:
        raise KeysUnreachable(reason="leur dépôt a été altéré") from None


class UnknownKeyStore(Invalid):
    """The address names no database that can hold the keys."""

    code = "keys.address"
    fr = (
        "JALON_KEYS n'est pas l'adresse d'un dépôt de clés : écrire « sqlite:///fichier » ou "
        "« postgresql://utilisateur@machine/base », ou rien pour un fichier."
    )
    en = (
        "JALON_KEYS is not the address of a key store: write “sqlite:///file” or "
        "“postgresql://user@host/database”, or nothing for a file."
    )


class KeyDatabase:
    """The tables of the keys, in a file or in a database of their own; the same on both.

    In a file, what is deleted is overwritten, and no log of it is kept: each transaction opens the
    file anew, so that a store that was taken away is noticed.
    """

    def __init__(self, url: str) -> None:
        self.file = sqlite_path(url) if url.startswith(FILE) and url != FILE else None
        self._engine = _of_file(self.file) if self.file else _of_server(url)
        self._is_whole = False

    @property
    def name(self) -> str:
        """How people call it; never its address, which may hold a password."""
        return self.file.name if self.file else f"la base {self._engine.url.database}"

    @property
    def place(self) -> str:
        """The same, with the folder of a file."""
        return str(self.file) if self.file else self.name

    def close(self) -> None:
        self._engine.dispose()

    def make(self) -> None:
        """Make what is missing; what is there stays as it is."""
        if self.file:
            self.file.touch(mode=0o600)
        with self._begun(writes=True) as tx:
            if not self.file:
                tx.execute(sa.select(sa.func.pg_advisory_xact_lock(MAKING)))
            METADATA.create_all(tx)
            columns = {column["name"] for column in sa.inspect(tx).get_columns(KEY.name)}
            if KEY.c.made.name not in columns:  # of the first stores that were made
                tx.execute(sa.text("ALTER TABLE key ADD COLUMN made BIGINT NOT NULL DEFAULT 0"))
        self._is_whole = True

    def holds_keys(self) -> bool:
        """Whether there is something in it that a key-encryption key opens."""
        if self.file and not self.file.exists():
            return False
        with self.reading(whole=False) as tx:
            has = sa.inspect(tx).has_table(KEY.name)
            return has and tx.scalar(sa.select(sa.literal(1)).select_from(KEY).limit(1)) is not None

    @contextmanager
    def reading(self, *, whole: bool = True) -> Iterator[sa.Connection]:
        """A transaction that only reads.

        Args:
            whole: bring a store that an earlier version made up to this one first.
        """
        if whole:
            self._make_whole()
        with self._begun(writes=False) as tx:
            yield tx

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction that writes. On a file it is alone from its beginning to its end."""
        self._make_whole()
        with self._begun(writes=True) as tx:
            yield tx

    def _make_whole(self) -> None:
        if self._is_whole:
            return
        with self._begun(writes=False) as tx:
            self._is_whole = sa.inspect(tx).has_table(FORGOTTEN.name)
        if not self._is_whole:
            self.make()

    def alone(self, tx: sa.Connection) -> None:
        """Let nobody else write keys until this transaction ends."""
        if not self.file:
            tx.execute(sa.text("LOCK TABLE key IN EXCLUSIVE MODE"))

    def beside(self, tx: sa.Connection) -> None:
        """Wait for whoever is alone, before anything is read that decides what is written."""
        if not self.file:
            tx.execute(sa.text("LOCK TABLE key IN ROW EXCLUSIVE MODE"))

    @contextmanager
    def erasing(self) -> Iterator[None]:
        """Be the only one who erases, until this ends; whoever comes waits. A kill lets go of it.

        Keys are written and read meanwhile as ever.
        """
        if self.file:
            with _lock_beside(self.file).open("a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield
            return
        with self._begun(writes=False) as tx:
            tx.execute(sa.select(sa.func.pg_advisory_xact_lock(ERASING)))
            yield

    @contextmanager
    def _begun(self, *, writes: bool) -> Iterator[sa.Connection]:
        if self.file and not self.file.exists():  # connecting would make it
            raise KeysUnreachable(reason=f"{self.file.name} manque")
        try:
            options = self._engine.execution_options(writes=writes)
            with options.connect() as tx, tx.begin():
                yield tx
        except sa.exc.IntegrityError:
            raise
        except sa.exc.DBAPIError as error:
            raise KeysUnreachable(reason=_said(error)) from None


IN_WORDS = {
    "disk is full": "le disque est plein",
    "no space left": "le disque est plein",
    "readonly": "leur dépôt est en lecture seule",
    "locked": "leur dépôt est occupé par un autre programme depuis trop longtemps",
    "unable to open": "leur dépôt ne peut pas être ouvert",
    "not a database": "ce fichier n'est pas un dépôt de clés",
    "connection refused": "le serveur de leur base ne répond pas",
    "could not translate host": "le serveur de leur base est introuvable",
    "authentication failed": "le serveur de leur base refuse cet accès",
}
"""By what a database says of a failure: why the keys cannot be reached."""


def _said(error: sa.exc.DBAPIError) -> str:
    lines = str(error.orig).strip().splitlines() or [type(error.orig).__name__]
    text = " ".join(lines).lower()
    return next((say for sign, say in IN_WORDS.items() if sign in text), lines[0])


def _lock_beside(file: Path) -> Path:
    if not file.exists():  # nothing is made beside a store that was taken away
        raise KeysUnreachable(reason=f"{file.name} manque")
    return file.with_name(f"{file.name}.lock")


def _of_file(file: Path) -> sa.Engine:
    address = sa.URL.create("sqlite", database=str(file))
    engine = sa.create_engine(
        address, poolclass=sa.NullPool, connect_args={"timeout": PATIENCE, "check_same_thread": 0}
    )

    @sa.event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        for pragma in ("secure_delete=ON", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}").close()

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _of_server(url: str) -> sa.Engine:
    if not url.startswith("postgresql://"):
        raise UnknownKeyStore
    try:
        return sa.create_engine(
            url.replace("postgresql://", "postgresql+psycopg://", 1),
            pool_pre_ping=True,
            connect_args={"connect_timeout": PATIENCE},
        )
    except (sa.exc.ArgumentError, ValueError):
        raise UnknownKeyStore from None


def destroy(tx: sa.Connection, keys: Iterable[Named]) -> None:
    """Destroy keys, and the marks of the names that they opened."""
    for subject, purpose in keys:
        for table in (KEY, PERSON):
            place = (table.c.subject == str(subject), table.c.purpose == purpose)
            tx.execute(sa.delete(table).where(*place))
