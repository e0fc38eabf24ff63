"""Copy the registry while it works, and put a copy back, saying what was lost."""

import os
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import sqlalchemy as sa
from eventsourcing.persistence import PersistenceError
from psycopg import sql

from domain.errors import Refused, Unavailable
from domain.words import Text
from infrastructure.audit_log import Verified, verify
from infrastructure.database import (
    NoStore,
    NotAStore,
    check_schema,
    connect,
    is_sqlite,
    sqlite_path,
    writing,
)
from infrastructure.event_store import postgres
from infrastructure.event_store.journal import Journal
from infrastructure.event_store.sqlite import BUSY_SECONDS, Datastore, SQLiteRecorder, tune


class BackupFailed(Unavailable):
    """A copy could not be made or put back; the registry is as it was."""

    code = "backup.failed"
    fr = "La sauvegarde n'a pas pu être {done} : {reason}. Le registre est inchangé."
    en = "The backup could not be {done}: {reason}. The registry is unchanged."


class OlderCopy(Refused):
    """Nothing recorded is lost by putting a copy back, unless that is asked for."""

    code = "backup.older"
    fr = (
        "Cette sauvegarde est plus ancienne que le registre, qui perdrait {lost}. Le registre est "
        "inchangé. Sauvegardez-le d'abord (« jalon backup »), puis redites la commande avec "
        "« --older »."
    )
    en = (
        "This backup is older than the registry, which would lose {lost}. The registry is "
        "unchanged. Back it up first (“jalon backup”), then say the command again with “--older”."
    )


@dataclass(frozen=True)
class Restored:
    """The state put back, and the one that was there."""

    size: int
    root: bytes
    previous_size: int
    previous_root: bytes
    documents: int = 0
    """How many documents were brought back with it."""
    missing: int = 0
    """How many it names whose bytes are neither here nor beside it."""
    erased_again: int = 0
    """How many erasures of persons it did not know of, and were told anew."""

    @property
    def lost(self) -> int:
        """How many events the registry had beyond the backup."""
        return max(0, self.previous_size - self.size)


def back_up(url: str, file: Path, beside: Callable[[], object] = lambda: None) -> None:
    """Write the whole database to a new file, while others read and write.

    Args:
        beside: writes what lies outside the database; called once the database is copied, so that
            it has everything that the copy names, and before the copy bears its name.
    """
    if file.exists():
        raise BackupFailed(done="écrite", reason=f"{file} existe déjà")
    if not file.absolute().parent.is_dir():
        raise BackupFailed(
            done="écrite", reason=f"le répertoire {file.absolute().parent} n'existe pas"
        )
    partial = file.with_name(f"{file.name}.partial")
    try:
        partial.unlink(missing_ok=True)  # what an interrupted backup left
        if is_sqlite(url):
            _copy_sqlite(sqlite_path(url), partial)
        else:
            _run("pg_dump", url, "--format=custom", "--no-owner", f"--file={partial}")
        partial.chmod(0o600)
        beside()
        partial.replace(file)
    except (sqlite3.Error, OSError) as error:
        raise BackupFailed(done="écrite", reason=error) from None
    finally:
        partial.unlink(missing_ok=True)
        partial.with_name(f"{partial.name}-journal").unlink(missing_ok=True)


def _copy_sqlite(source: Path, target: Path) -> None:
    target.touch(mode=0o600)
    address = f"{source.absolute().as_uri()}?mode=ro"  # a folder may have a “?” in its name
    with (
        closing(sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS)) as read,
        closing(sqlite3.connect(target)) as write,
    ):
        # A bounded number of pages at a time would start again at each write; one step does not.
        read.backup(write)
        write.execute("PRAGMA journal_mode=DELETE").close()


def restore(
    url: str, file: Path, journal: Journal, erased: Collection[str] = (), *, older: bool = True
) -> Restored:
    """Put a backup in the place of the registry, in one transaction, and note that it was done.

    The backup is verified first, leaf by leaf; a damaged one is refused. Servers that are running
    go on with the restored state. Personal values whose keys were destroyed stay erased: keys are
    in another store.

    Args:
        erased: the sealed values that were erased since, which are not brought back.
        older: whether the registry may lose by it what was recorded since.
    """
    if not file.is_file():
        said = "n'est pas un fichier" if file.exists() else "n'existe pas"
        raise BackupFailed(done="restaurée", reason=f"{file} {said}")
    previous_size = journal.size()
    previous_root = journal.root(previous_size)

    def check(found: Verified) -> None:
        if not older and found.size < previous_size:
            lost, s = previous_size - found.size, "s" * (previous_size - found.size > 1)
            said = Text(
                fr=f"{lost} événement{s} enregistré{s} depuis", en=f"{lost} event{s} recorded since"
            )
            raise OlderCopy(lost=said)

    put_back = _restore_sqlite if is_sqlite(url) else _restore_postgres
    found = put_back(url, file, erased, check)
    restored = Restored(found.size, found.root, previous_size, previous_root)
    _note(url, restored)
    return restored


def _restore_sqlite(
    url: str, file: Path, erased: Collection[str], check: Callable[[Verified], None]
) -> Verified:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.db"
        try:
            shutil.copyfile(file, copy)
            _check_file(copy, file.name)
            datastore = Datastore(str(copy))
            try:
                found = verify(SQLiteRecorder(datastore))
            finally:
                datastore.close()
            check(found)
            with (
                closing(sqlite3.connect(copy)) as read,
                closing(sqlite3.connect(sqlite_path(url), timeout=BUSY_SECONDS)) as write,
            ):
                tune(write)
                tune(read)
                with read:
                    read.executemany("DELETE FROM sealed WHERE ref = ?", [(ref,) for ref in erased])
                read.backup(write)
        except (sqlite3.Error, PersistenceError, OSError) as error:
            raise BackupFailed(done="restaurée", reason=error) from None
    return found


def _check_file(copy: Path, name: str) -> None:
    """Refuse a file that is damaged, or something else; the lists are not in the tree."""
    engine = connect(f"sqlite:///{copy}")
    try:
        check_schema(engine, name)
        with engine.connect() as tx:
            sound = tx.exec_driver_sql("PRAGMA integrity_check(1)").scalar() == "ok"
    except (NoStore, NotAStore):
        raise _no_backup(name) from None
    except sa.exc.DatabaseError:
        sound = False
    finally:
        engine.dispose()
    if not sound:
        raise BackupFailed(done="restaurée", reason=f"{name} est endommagé")


def _no_backup(name: str) -> BackupFailed:
    return BackupFailed(done="restaurée", reason=f"{name} n'est pas une sauvegarde de Jalon")


def _restore_postgres(
    url: str, file: Path, erased: Collection[str], check: Callable[[Verified], None]
) -> Verified:
    try:
        with _scratch_database(url) as copied:
            try:
                _run("pg_restore", str(file), "--no-owner", f"--dbname={copied}")
            except OSError as error:
                is_one = not any(sign in str(error) for sign in NO_ARCHIVE)
                raise error if is_one else _no_backup(file.name) from None
            engine = connect(copied)
            try:
                check_schema(engine, file.name)
            except NoStore:
                raise _no_backup(file.name) from None
            finally:
                engine.dispose()
            datastore = postgres.Datastore(copied)
            try:
                found = verify(postgres.PostgresRecorder(datastore))
            finally:
                datastore.close()
        check(found)
        _run(
            "pg_restore",
            str(file),
            "--clean",
            "--if-exists",
            "--no-owner",
            "--single-transaction",
            f"--dbname={url}",
        )
        # Until this is done they are there again, and nothing opens them: their keys are not.
        with psycopg.connect(url) as connection:
            connection.execute("DELETE FROM sealed WHERE ref = ANY(%s)", [list(erased)])
    except (OSError, psycopg.Error) as error:
        raise BackupFailed(done="restaurée", reason=error) from None
    return found


NO_ARCHIVE = (
    "appear to be a valid",
    "too short",
    "unsupported version",
    "magic string",
    "text format",
)
"""By what pg_restore says that a file is none that pg_dump wrote so."""


@contextmanager
def _scratch_database(url: str) -> Iterator[str]:
    """An empty database beside ours, in which a backup is looked at before it is trusted."""
    name = f"jalon_restore_{uuid4().hex}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield urlsplit(url)._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(
                sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            )


def _note(url: str, restored: Restored) -> None:
    engine = connect(url)
    try:
        with writing(engine) as tx:
            tx.execute(
                sa.text(
                    "INSERT INTO restoration (at, size, root, previous_size, previous_root) "
                    "VALUES (:at, :size, :root, :previous_size, :previous_root)"
                ),
                {
                    "at": time.time_ns() // 1000,
                    "size": restored.size,
                    "root": restored.root,
                    "previous_size": restored.previous_size,
                    "previous_root": restored.previous_root,
                },
            )
    finally:
        engine.dispose()


def _run(program: str, what: str, *options: str) -> None:
    found = find_program(program)
    done = subprocess.run(  # noqa: S603  # our own program and options
        [str(found), *options, what], capture_output=True, text=True, check=False
    )
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or [f"{program} a échoué"]
        raise OSError(last[0])


def find_program(program: str) -> Path:
    """A program of PostgreSQL: `JALON_PG_BIN`, then PATH, then Debian's folders, newest first."""
    places = [os.environ.get("JALON_PG_BIN", ""), *os.environ.get("PATH", "").split(os.pathsep)]
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for place in [*map(Path, filter(None, places)), *debian]:
        if (place / program).is_file():
            return place / program
    msg = f"le programme {program} de PostgreSQL est introuvable"
    raise OSError(msg)
