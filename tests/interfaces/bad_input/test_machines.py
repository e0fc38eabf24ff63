"""Disks that fill, programs that are killed, pipes that close: told, and nothing half written."""

import ctypes
import os
import random
import resource
import shutil
import signal
import socket
import sqlite3
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.interfaces.shell import (
    BEGUN,
    POLES,
    PROGRAM,
    VERBS,
    Seen,
    audit,
    environment,
    jalon,
    poles_in,
    program,
    refused,
)


def unprivileged() -> None:
    """In the child: root may no longer write where nobody may."""
    libc = ctypes.CDLL(None)
    for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        if libc.prctl(24, capability, 0, 0, 0):  # PR_CAPBSET_DROP
            os._exit(77)


def ordinary(*line: str | Path) -> Seen:
    """Run the program as somebody for whom the permissions of files count."""
    options = {"preexec_fn": unprivileged} if os.geteuid() == 0 else {}
    seen = program(*line, **options)
    if seen.code == 77:
        pytest.skip("root cannot give up its rights here, and is never refused a file")
    return seen


def test_a_folder_that_is_read_only(home: Path) -> None:
    before = audit(home)
    home.chmod(0o555)
    try:
        for verb in ("register", "import"):
            refused(ordinary("--home", home, *VERBS[verb]), 1)
        refused(ordinary("--home", home / "dessous", "init"), 2, "l'accès est refusé")
    finally:
        home.chmod(0o755)

    assert audit(home) == before


def test_a_database_that_is_read_only_can_still_be_read(home: Path) -> None:
    before = audit(home)
    (home / "registry.db").chmod(0o444)
    try:
        refused(ordinary("--home", home, *VERBS["register"]), 1, "lecture seule")
        assert ordinary("--home", home, "pole", "list").out.endswith("77 pôles.\n")
    finally:
        for file in home.iterdir():
            file.chmod(0o644)

    assert audit(home) == before


def test_a_file_that_may_not_be_read(untouched: Path, tmp_path: Path) -> None:
    file = tmp_path / "secret.csv"
    file.write_bytes(POLES.read_bytes())
    file.chmod(0)

    seen = ordinary("--home", untouched, "import", "poles", file)

    refused(seen, 2, "l'accès est refusé")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, of 2000 kB: enough for a registry, not for the public history."""
    place = tmp_path / "disque"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2000k", "tmpfs", str(place)]
    if os.geteuid() or not shutil.which("mount") or subprocess.run(mount, check=False).returncode:
        pytest.skip("only root can make a small disk, where mounting is allowed")
    yield place
    subprocess.run(["umount", "-l", place], check=True)  # a connection may still be on it


def test_a_disk_that_fills_up_in_the_middle_of_an_import(small_disk: Path) -> None:
    home = small_disk / "home"
    assert jalon("--home", home, "init").code == 0

    seen = jalon("--home", home, "import", "poles", POLES, "--apply")

    assert seen.code == 1
    assert "Traceback" not in seen.err
    last = seen.err.splitlines()[-1]
    assert last.startswith("Le disque est plein.")
    assert "Relancez la même commande" in last
    assert "Rien n'a été enregistré" not in last

    subprocess.run(["mount", "-o", "remount,size=8m", small_disk], check=True)
    loaded_before = poles_in(home)
    assert 0 < loaded_before < 77
    assert f"({loaded_before})" in last
    audit(home)
    assert jalon("--home", home, "import", "poles", POLES, "--apply").code == 0
    assert poles_in(home) == 77


def test_a_disk_that_is_already_full(small_disk: Path) -> None:
    home = small_disk / "home"
    assert jalon("--home", home, "init").code == 0
    before = audit(home)
    with suppress(OSError), (small_disk / "plein").open("wb", 0) as filler:
        while True:
            filler.write(bytes(4096))

    for line in (VERBS["register"], VERBS["import"], ["backup", str(small_disk / "copie")]):
        refused(jalon("--home", home, *line), 1)
    refused(jalon("--home", small_disk / "autre", "init"), 2, "le disque est plein")
    assert not list(small_disk.glob("copie*"))

    (small_disk / "plein").unlink()
    assert audit(home) == before


@pytest.mark.parametrize("room", [200_000, pytest.param(500_000, marks=pytest.mark.long)])
def test_a_quota_that_is_used_up(empty: Path, room: int) -> None:
    """The same for everybody: no file of the child may grow beyond so many bytes."""

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    seen = program("--home", empty, "import", "poles", POLES, "--apply", preexec_fn=limited)

    assert seen.code == 1, seen
    assert "Traceback" not in seen.err
    done = poles_in(empty)
    audit(empty)
    assert jalon("--home", empty, "import", "poles", POLES, "--apply").code == 0
    assert poles_in(empty) == 77
    assert done < 77


def test_a_backup_where_there_is_no_room_leaves_nothing(home: Path, tmp_path: Path) -> None:
    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    seen = program("--home", home, "backup", tmp_path / "copie", preexec_fn=limited)

    refused(seen, 1, "Le registre est inchangé.")
    assert not list(tmp_path.glob("copie*"))


def stopped_in_the_middle(home: Path, size: int, sign: signal.Signals) -> tuple[int, bytes]:
    """Start an import, and send it a signal once the journal has reached a size."""
    with environment({}) as env, closing(sqlite3.connect(home / "registry.db")) as db:
        # It yields to whoever watches it, so that it is not over before anybody looks.
        line: list[str | Path] = ["nice", "-n", "19", PROGRAM]
        line += ["--home", home, "import", "poles", POLES, "--apply"]
        child = subprocess.Popen(line, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        deadline = time.monotonic() + 60
        while db.execute("SELECT max(position) FROM event").fetchone()[0] < size:
            assert time.monotonic() < deadline
            time.sleep(0.001)
        time.sleep(random.uniform(0, 0.01))  # noqa: S311  # not a secret
        child.send_signal(sign)
        _, err = child.communicate(timeout=60)
    return child.returncode, err


def survives(home: Path, sizes: Iterable[int]) -> None:
    """Kill an import at each size; what is there must be whole, and the next must finish it."""
    for size in sizes:
        code, _ = stopped_in_the_middle(home, size, signal.SIGKILL)
        assert code == -signal.SIGKILL
        assert size <= audit(home)[0] < BEGUN + 693
        listed = poles_in(home)
        assert 0 < listed < 77
        assert jalon("--home", home, "rebuild").code == 0
        assert poles_in(home) == listed
    assert jalon("--home", home, "import", "poles", POLES, "--apply").code == 0
    assert poles_in(home) == 77
    assert audit(home)[0] == BEGUN + 693


def test_an_import_that_is_killed_is_finished_by_the_next(empty: Path) -> None:
    survives(empty, [200])


@pytest.mark.long
def test_an_import_that_is_killed_again_and_again_is_finished_by_the_next(empty: Path) -> None:
    survives(empty, range(25, 600, 25))


def test_an_import_that_is_interrupted_says_nothing_ugly(empty: Path) -> None:
    code, err = stopped_in_the_middle(empty, 100, signal.SIGINT)

    assert code in (130, -signal.SIGINT)
    assert err == b""
    assert 100 <= audit(empty)[0] < BEGUN + 693


def test_a_port_that_is_taken(untouched: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])

        seen = jalon("--home", untouched, "serve", "--port", port)

    refused(seen, 1, f"Le port {port} est déjà pris")
    assert seen.out == ""


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "exemple.fr", ""])  # noqa: S104
def test_an_address_that_others_could_reach(untouched: Path, host: str) -> None:
    seen = jalon("--home", untouched, "serve", "--host", host, "--port", "1")

    refused(seen, 2, "127.0.0.1")
    assert seen.out == ""


@pytest.mark.parametrize("line", [["claim", "list", "--json"], ["--help"]], ids=" ".join)
def test_a_reader_that_leaves_early(history: Path, line: list[str]) -> None:
    """As `| head -1` does. The output is larger than a pipe holds."""
    with environment({}) as env:
        child = subprocess.Popen(
            [PROGRAM, "--home", history, *line],
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert child.stdout
        assert child.stderr
        child.stdout.read(1)
        child.stdout.close()
        err = child.stderr.read()
        child.stderr.close()
        child.wait(60)

    assert b"Traceback" not in err
    assert b"Exception ignored" not in err
    assert err == b""


@pytest.mark.parametrize(
    ("redirection", "name", "codes"),
    [
        (">&-", "ecossolies", {0, 1}),
        (">/dev/full", "ecossolies", {1}),
        ("<&-", "ecossolies", {0}),
        ("2>&-", "zzz", {1}),
        ("2>/dev/full", "zzz", {1}),
    ],
)
def test_an_output_that_is_closed_or_full(
    history: Path, redirection: str, name: str, codes: set[int]
) -> None:
    line: list[str | Path] = [PROGRAM, "--home", history, "pole", "show", name]
    with environment({}) as env:
        done = subprocess.run(
            ["/bin/sh", "-c", f'"$@" {redirection}', "sh", *line],
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )

    assert "Traceback" not in done.stderr
    assert done.returncode in codes


def test_a_terminal_that_knows_no_french(history: Path) -> None:
    values = {"PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONUTF8": "0"}

    seen = program("--home", history, "pole", "show", "ecossolies", values=values)

    assert "Traceback" not in seen.err
    assert seen.code == 0, seen
