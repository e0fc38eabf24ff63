"""Copies: taken while others write, verified before they are trusted, honest about what is lost."""

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Event as Signal
from threading import Thread

import pytest

from application.charter_signature import SignCharter
from application.pole import RegisterPole, RenamePole
from domain.charter import SIGNATORY, Capacity, CharterSignature, Variant
from domain.dates import PartialDate
from domain.errors import Damaged, JalonError
from domain.pole import PoleId
from domain.values import Personal
from infrastructure.audit_log import LogDamaged
from infrastructure.backup import BackupFailed, find_program
from infrastructure.database import NewerStore, is_sqlite
from interfaces.wiring import Product
from tests import make
from tests.postgres import binaries


@pytest.fixture(autouse=True)
def _programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The programs of the server that the tests start, not those of another version."""
    if found := binaries():
        monkeypatch.setenv("JALON_PG_BIN", str(found))


@pytest.fixture
def product(tmp_path: Path, database_url: str) -> Iterator[Product]:
    """The whole product on each engine in turn."""
    with make.product(tmp_path / "home", database_url) as made:
        yield made


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Where the backup goes."""
    return tmp_path / "copy"


def register(product: Product, *names: str) -> list[PoleId]:
    by = product.operator()
    return [PoleId(product.do(RegisterPole(name=name), by).answer) for name in names]


def names(product: Product) -> list[str]:
    return [line.name for line in product.register.lines(product.moment())]


def execute(product: Product, sql: str) -> None:
    with make.closing_engine(product.settings.url) as engine, engine.begin() as tx:
        tx.exec_driver_sql(sql)


# Backups.


def test_a_backup_taken_while_others_write_is_whole(product: Product, copy: Path) -> None:
    stop, before = Signal(), product.journal.size()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            register(product, f"Pôle {number}")

    writer = Thread(target=write)
    writer.start()
    try:
        while product.journal.size() < before + 20:
            pass
        at_least = product.journal.size()
        product.back_up(copy)
    finally:
        stop.set()
        writer.join()
    root_then = product.journal.root

    restored = product.restore(copy)

    assert at_least <= restored.size <= restored.previous_size
    assert product.verify().root == restored.root == root_then(restored.size)
    assert len(names(product)) == (restored.size - before) // 2


def test_a_backup_is_readable_by_its_owner_alone(product: Product, copy: Path) -> None:
    product.back_up(copy)

    assert copy.stat().st_mode & 0o777 == 0o600


def test_a_backup_replaces_no_file(product: Product, copy: Path) -> None:
    copy.write_bytes(b"something dear")

    with pytest.raises(BackupFailed, match="existe déjà"):
        product.back_up(copy)

    assert copy.read_bytes() == b"something dear"


def test_a_backup_needs_a_folder(product: Product, tmp_path: Path) -> None:
    with pytest.raises(BackupFailed, match="n'existe pas"):
        product.back_up(tmp_path / "nowhere" / "copy")


def test_what_an_interrupted_backup_left_is_no_obstacle(product: Product, copy: Path) -> None:
    copy.with_name("copy.partial").write_bytes(b"half a copy" * 1000)

    product.back_up(copy)

    assert product.restore(copy).lost == 0
    assert [file.name for file in copy.parent.glob("copy*")] == ["copy"]


# Restoring.


def test_an_older_state_is_put_back_and_what_is_lost_is_said(product: Product, copy: Path) -> None:
    (pole, _) = register(product, "Tétris", "Réalis")
    product.back_up(copy)
    then = product.verify()
    product.do(RenamePole(pole=pole, name="Trézor"), product.operator())
    register(product, "Évaléco")
    later = product.verify()

    restored = product.restore(copy)

    assert (restored.size, restored.root) == (then.size, then.root)
    assert (restored.previous_size, restored.previous_root) == (later.size, later.root)
    assert restored.lost == 3
    assert product.verify() == then
    assert names(product) == ["Réalis", "Tétris"]
    assert product.sheet("tetris", product.moment()).name == "Tétris"
    ((_, size, before),) = product.restorations()
    assert (size, before) == (then.size, later.size)


def test_a_backup_of_the_present_loses_nothing(product: Product, copy: Path) -> None:
    register(product, "Tétris")
    product.back_up(copy)

    assert product.restore(copy).lost == 0


def test_after_a_restoration_recording_goes_on_where_the_copy_ends(
    product: Product, copy: Path
) -> None:
    """Also in another program, which still remembers the end that is no more."""
    with make.closing_product(product.settings) as other:
        (pole,) = register(product, "Tétris")
        product.back_up(copy)
        size = product.journal.size()
        register(other, *(f"Pôle {number}" for number in range(7)))
        product.restore(copy)

        done = other.do(RenamePole(pole=pole, name="Trézor"), other.operator())
        again = product.do(RenamePole(pole=pole, name="Tréteau"), product.operator())

        assert (done.position, again.position) == (size + 1, size + 2)
        assert product.verify().root == other.journal.root() == product.journal.root()
        assert names(other) == names(product) == ["Tréteau"]


def test_a_command_that_was_lost_can_be_sent_again(product: Product, copy: Path) -> None:
    product.back_up(copy)
    command, by = RegisterPole(name="Tétris"), product.operator()
    lost = product.do(command, by, key="k")
    assert product.restore(copy).lost == 2

    done = product.do(command, by, key="k")

    assert not done.repeated
    assert done.answer != lost.answer


def test_what_was_erased_since_stays_erased(product: Product, copy: Path, tmp_path: Path) -> None:
    (pole,) = register(product, "Tétris")
    sign = SignCharter(
        pole=pole,
        charter=PartialDate("2014-09-19"),
        variant=Variant.EXISTING_POLE,
        capacity=Capacity.PRESIDENT,
        place="Grasse",
        signatory=Personal(text="Camille Martin"),
    )
    (signed, _) = product.do(sign, product.operator()).events
    assert isinstance(signed, CharterSignature.Signed)
    product.back_up(copy)
    with closing(sqlite3.connect(tmp_path / "home" / "keys.db")) as db, db:
        db.execute("DELETE FROM key WHERE purpose = ?", (SIGNATORY.purpose,))

    product.restore(copy)

    shown = product.registry.unseal(
        signed.signatory, event=CharterSignature.Signed, field="signatory"
    )
    assert shown is None


# What is no backup.


@pytest.fixture
def unchanged(product: Product) -> Iterator[None]:
    """Whatever happens in between, the registry is as it was."""
    register(product, "Tétris")
    before = (product.verify(), names(product), product.restorations())
    yield
    assert (product.verify(), names(product), product.restorations()) == before
    register(product, "Réalis")
    assert names(product) == ["Réalis", "Tétris"]
    if not is_sqlite(product.settings.url):
        left = "SELECT datname FROM pg_database WHERE datname LIKE 'jalon_restore_%'"
        assert product.journal.query(left) == []


leaves_it_unchanged = pytest.mark.usefixtures("unchanged")


@leaves_it_unchanged
def test_a_file_that_is_not_there_is_refused(product: Product, copy: Path) -> None:
    with pytest.raises(BackupFailed, match="n'existe pas"):
        product.restore(copy)


@leaves_it_unchanged
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a backup at all",
        random.Random(7).randbytes(50_000),  # noqa: S311  # a fixed sequence
        b"SQLite format 3\x00" + bytes(5000),
        b"PGDMP" + bytes(5000),
    ],
    ids=["empty", "words", "noise", "an SQLite header", "a PostgreSQL header"],
)
def test_a_file_that_is_something_else_is_refused(
    product: Product, copy: Path, content: bytes
) -> None:
    copy.write_bytes(content)

    with pytest.raises(JalonError, match=r"n'est pas une sauvegarde de Jalon|est endommagé"):
        product.restore(copy)


@leaves_it_unchanged
@pytest.mark.parametrize("part", [0.02, 0.3, 0.6, 0.95])
def test_a_backup_that_was_cut_short_is_refused(product: Product, copy: Path, part: float) -> None:
    product.back_up(copy)
    whole = copy.read_bytes()
    copy.write_bytes(whole[: int(len(whole) * part)])

    with pytest.raises(JalonError):
        product.restore(copy)


@leaves_it_unchanged
def test_a_backup_whose_history_was_changed_is_refused(product: Product, copy: Path) -> None:
    execute(product, "UPDATE event SET recorded_at = recorded_at + 1 WHERE position = 3")
    product.back_up(copy)
    execute(product, "UPDATE event SET recorded_at = recorded_at - 1 WHERE position = 3")

    with pytest.raises(LogDamaged) as refusal:
        product.restore(copy)

    assert refusal.value.details["index"] == 2


@leaves_it_unchanged
def test_a_backup_of_a_newer_product_is_refused(product: Product, copy: Path) -> None:
    execute(product, "UPDATE alembic_version SET version_num = '9999'")
    product.back_up(copy)
    execute(product, "UPDATE alembic_version SET version_num = '0001'")

    with pytest.raises(NewerStore, match="9999"):
        product.restore(copy)


# One file: any page of it.


@pytest.fixture
def on_file(tmp_path: Path) -> Iterator[Product]:
    with make.product(tmp_path / "home") as made:
        register(made, *(f"Pôle {number}" for number in range(30)))
        yield made


def test_a_file_of_another_program_is_refused(on_file: Product, copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as db, db:
        db.execute("CREATE TABLE recipe (name TEXT)")

    with pytest.raises(JalonError):
        on_file.restore(copy)

    assert len(names(on_file)) == 30


def test_a_damaged_page_is_refused_or_changes_nothing_that_counts(
    on_file: Product, copy: Path
) -> None:
    """A page may belong to the history, to a list, to an index, or to nobody."""
    on_file.back_up(copy)
    whole, verified = copy.read_bytes(), on_file.verify()
    shown, dice = names(on_file), random.Random(11)  # noqa: S311  # a fixed sequence
    refused = 0

    for page in range(len(whole) // 4096):
        damaged = bytearray(whole)
        start = page * 4096 + (100 if page == 0 else 0)
        damaged[start : start + 64] = dice.randbytes(64)
        copy.write_bytes(damaged)
        try:
            on_file.restore(copy)
        except (BackupFailed, Damaged, JalonError):
            refused += 1
        assert on_file.verify() == verified, page
        assert names(on_file) == shown, page

    assert refused > len(whole) // 4096 * 0.6


# Programs.


def test_the_programs_of_postgresql_are_sought_where_the_setting_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pg_dump").touch()
    monkeypatch.setenv("JALON_PG_BIN", str(tmp_path))

    assert find_program("pg_dump") == tmp_path / "pg_dump"
    with pytest.raises(OSError, match="no_such_program de PostgreSQL est introuvable"):
        find_program("no_such_program")
