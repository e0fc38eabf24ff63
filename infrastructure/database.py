"""The database of the journal and the read models: how it is reached, who owns its schema."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from domain.errors import Invalid, Unavailable
from infrastructure.event_store.sqlite import tune
from infrastructure.read_models import schema as read_models

MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATION_LOCK = 0x4A414C4F4E
"""The advisory lock under which PostgreSQL is migrated, once."""


class NoStore(Unavailable):
    """There is no registry here yet."""

    code = "store.missing"
    fr = "Il n'y a pas encore de registre ici ({place}) : lancez « jalon init »."
    en = "There is no registry here yet ({place}): run “jalon init”."


class OlderStore(Unavailable):
    """The schema is older than the product."""

    code = "store.older"
    fr = "Ce registre a été écrit par une version antérieure de Jalon : lancez « jalon migrate »."
    en = "This registry was written by an earlier version of Jalon: run “jalon migrate”."


class NewerStore(Unavailable):
    """The schema is newer than the product."""

    code = "store.newer"
    fr = (
        "Ce registre a été écrit par une version plus récente de Jalon (schéma {found}) : "
        "mettez Jalon à jour. Rien n'a été modifié."
    )
    en = (
        "This registry was written by a newer version of Jalon (schema {found}): "
        "update Jalon. Nothing was changed."
    )


class NotAStore(Unavailable):
    """The file is something else."""

    code = "store.not_a_store"
    fr = "{place} n'est pas un registre Jalon."
    en = "{place} is not a Jalon registry."


class UnknownDatabase(Invalid):
    """The address names no database that the product can use."""

    code = "store.address"
    fr = (
        "JALON_DATABASE n'est pas l'adresse d'une base utilisable : écrire "
        "« postgresql://utilisateur@machine/base », ou rien pour un fichier."
    )
    en = (
        "JALON_DATABASE is not the address of a database that can be used: write "
        "“postgresql://user@host/database”, or nothing for a file."
    )


def is_sqlite(url: str) -> bool:
    return url.startswith("sqlite:")


def sqlite_path(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def connect(url: str) -> sa.Engine:
    """An engine whose transactions are real on both databases: writers on SQLite lock first."""
    if not is_sqlite(url):
        if not url.startswith("postgresql://"):
            raise UnknownDatabase
        try:
            return sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
        except (sa.exc.ArgumentError, ValueError):
            raise UnknownDatabase from None
    # Not parsed as an address: a folder may have a “?” in its name.
    file = sa.URL.create("sqlite", database=str(sqlite_path(url)))
    engine = sa.create_engine(file, connect_args={"check_same_thread": False})

    @sa.event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        connection.execute("PRAGMA journal_mode=WAL").close()
        tune(connection)

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that writes."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        yield connection


def migrate(engine: sa.Engine) -> None:
    """Bring the schema up to this version of the product, once, however many processes ask."""
    from alembic import command  # a fifth of the time of a start, for this alone
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        if connection.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(MIGRATION_LOCK)))
        _refuse_newer(connection)
        command.upgrade(config, "head")
        read_models.make(connection)


def check_schema(engine: sa.Engine, place: str) -> None:
    """Refuse a store that is missing, older or newer than this version of the product."""
    file = engine.url.database if engine.dialect.name == "sqlite" else None
    if file and not Path(file).exists():  # connecting would make it
        raise NoStore(place=place)
    try:
        with engine.connect() as connection:
            found = _refuse_newer(connection)
            is_current = found == revisions()[-1] and read_models.is_current(connection)
    except sa.exc.DatabaseError as error:
        if "not a database" in str(error):
            raise NotAStore(place=place) from None
        raise
    if found is None:
        raise NoStore(place=place)
    if not is_current:
        raise OlderStore


def revisions() -> list[str]:
    """The revisions of the schema that this version of the product knows, oldest first."""
    return sorted(file.stem[1:5] for file in (MIGRATIONS / "versions").glob("v[0-9]*_*.py"))


def _refuse_newer(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    if found is not None and found not in revisions():
        raise NewerStore(found=found)
    return found
