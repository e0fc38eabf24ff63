"""Every stored column: what is changed by hand is found and located, or is said not to be."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, nullcontext
from pathlib import Path
from typing import Any

import pytest

from application.contribution import PublishContribution
from application.contribution_list import CONTRIBUTIONS
from application.personal import ERASED, MISSING
from application.pole import RegisterPole
from domain.contribution import ContributionId
from domain.errors import Damaged, JalonError
from domain.roles import Role
from infrastructure.access_log import ACCESS
from infrastructure.audit_log import LogDamaged, verify
from infrastructure.erasure_told import DamagedBefore
from infrastructure.read_models.intervals import METADATA
from infrastructure.sealed_check import SealedFault, check_sealed
from interfaces.wiring import Product, Settings
from tests import make
from tests.infrastructure.persons.acts import NAME, RIGHT, contribute, dpo, file, join, pole

REPEATED = "lets a request be answered twice alike for thirty days; no fact rests on it (ADR 37)"
READINGS = "the log of readings is apart from the journal, and purged after a year (ADR 39)"
DERIVED = "made from the journal, and made again by « jalon rebuild », which compares"
NOTED = "when an erasure was begun and ended; what it erased is told by the journal"

NOT_COVERED = {
    "event.command": REPEATED,
    "event.request": REPEATED,
    "event.answer": REPEATED,
    "access.*": READINGS,
    "tracking.*": DERIVED,
    "read_model.*": DERIVED,
    "alembic_version.*": "which version wrote the tables: another one refuses to open them",
    "restoration.*": "what a restoration said of itself; what was lost, signed notes tell",
    "key.made": "the age of a key, by which the keys that nothing needs are destroyed later",
    "erasure.*": NOTED,
    "job.*": "work that was asked for, deleted after some days; no fact rests on it (ADR 48)",
}
"""What may be changed without being found by a verification, and why."""

LISTS = {*METADATA.tables} - {ACCESS.name}
"""The lists, which are made from the journal, and made again by « jalon rebuild »."""

ROWS = 4
"""Of each table, so many rows are changed, from its beginning to its end."""


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A registry with values that are sealed, corrected of nobody, and erased."""
    settings = Settings(home=tmp_path_factory.mktemp("columns") / "home", database="")
    make.begin(settings)
    with make.closing_product(settings) as product:
        product.do(RegisterPole(name="Fictif"), product.operator())
        join(product, "Camille Ailleurs")
        file(product)
        contribute(product, "Dominique Imaginaire")
        contribute(product)
        product.forget(NAME, dpo(product), right=RIGHT)
        product.follower.catch_up()
        yield product


def stores(product: Product) -> dict[str, Path]:
    return {
        "registry": Path(product.settings.url.removeprefix("sqlite:///")),
        "keys": product.settings.home / "keys.db",
    }


def columns(file: Path) -> list[tuple[str, str]]:
    """Every column of every table that is not made from the journal."""
    with closing(sqlite3.connect(file)) as db:
        rows = db.execute(
            "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c "
            "WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'"
        )
        return [(table, column) for table, column in rows if table not in LISTS]


def changed(value: Any) -> Any:
    match value:
        case int():
            return value + 1
        case bytes():
            return bytes([value[0] ^ 1, *value[1:]]) if value else b"\x01"
        case str():
            return f"{value[:-1]}{'b' if value.endswith('a') else 'a'}"
    return "x"


def findings(product: Product) -> list[str]:
    """What a verification says, each finding with the place that it names."""
    try:
        verify(product.journal)
        found = check_sealed(product.registry)
    except LogDamaged as damaged:
        return [f"{damaged.details['index']}"]
    except JalonError as error:
        return [str(error)]
    return [*map(str, found.faults), *([found.keys] if found.keys else [])]


def test_every_stored_column_that_is_changed_is_found_or_said_not_to_be(kept: Product) -> None:
    assert findings(kept) == []
    missed, found = set[str](), set[str]()
    for store in stores(kept).values():
        with closing(sqlite3.connect(store, isolation_level=None)) as db:
            for table, column in columns(store):
                rows = _rows(db, table, column)
                for where, value in rows:
                    place = f"{table}.{column}"
                    if not _set(db, table, column, where, changed(value)):
                        continue  # a unique value, refused by the database itself
                    (found if findings(kept) else missed).add(place)
                    where[column] = changed(value)
                    assert _set(db, table, column, where, value)
    covered = {place for place in found | missed if not _excused(place)}

    assert {place for place in missed if not _excused(place)} == set()
    assert covered >= {
        *("event.state", "event.recorded_at", "sealed.ref", "sealed.subject", "sealed.ciphertext"),
        *("key.subject", "key.purpose", "key.wrapped"),
        *("person.name", "person.subject", "person.purpose"),
        *("forgotten.ref", "forgotten.erasure"),
    }
    assert findings(kept) == []


def _excused(place: str) -> bool:
    return place in NOT_COVERED or f"{place.partition('.')[0]}.*" in NOT_COVERED


def _rows(db: sqlite3.Connection, table: str, column: str) -> list[tuple[dict[str, Any], Any]]:
    db.row_factory = sqlite3.Row
    every = [dict(row) for row in db.execute(f"SELECT * FROM {table}")]  # our own names
    step = max(1, len(every) // ROWS)
    return [(row, row[column]) for row in every[::step]]


def _set(
    db: sqlite3.Connection, table: str, column: str, where: dict[str, Any], value: Any
) -> bool:
    same = " AND ".join(f"{name} IS ?" for name in where)
    try:
        done = db.execute(
            f"UPDATE {table} SET {column} = ? WHERE {same}",  # our own names
            [value, *where.values()],
        )
    except sqlite3.IntegrityError:
        return False
    return done.rowcount == 1


@pytest.mark.parametrize("column", ["subject", "ciphertext"])
def test_one_value_that_was_changed_keeps_nobody_else_from_being_found(
    kept: Product, column: str
) -> None:
    (place,) = kept.persons.find("Camille Ailleurs", dpo(kept)).places
    row = kept.journal.sealed()[place.ref]
    with closing(sqlite3.connect(stores(kept)["registry"], isolation_level=None)) as db:
        db.execute(f"UPDATE sealed SET {column} = 'x' WHERE ref = ?", (row.ref,))  # our own names
        found = kept.persons.search("Imaginaire", dpo(kept)) if column == "ciphertext" else None
        with pytest.raises(Damaged) if column == "subject" else nullcontext():
            kept.persons.find("Dominique Imaginaire", dpo(kept))
            kept.persons.find(str(pole(kept)), dpo(kept))
        (fault,) = faults(kept)
        values = (row.subject, row.ciphertext, row.ref)
        db.execute("UPDATE sealed SET subject = ?, ciphertext = ? WHERE ref = ?", values)

    assert fault.index == place.position - 1
    assert not found or [one.name for one in found.bearers] == ["Dominique Imaginaire"]


def faults(product: Product) -> list[SealedFault]:
    return list(check_sealed(product.registry).faults)


def test_a_value_that_was_deleted_is_missing_and_never_said_to_be_erased(kept: Product) -> None:
    registry = stores(kept)["registry"]
    id_ = contribute(kept, "Alix Fictive")
    published = PublishContribution(contribution=ContributionId(id_))
    kept.do(published, make.by(Role.MODERATOR))
    (author, text) = kept.persons.find("Alix Fictive", dpo(kept)).places
    row = kept.journal.sealed()[text.ref]

    with closing(sqlite3.connect(registry, isolation_level=None)) as db:
        db.execute("DELETE FROM sealed WHERE ref = ?", (text.ref,))
        (fault,) = faults(kept)
        (line,) = kept.listed(CONTRIBUTIONS, kept.moment())
        db.execute("INSERT INTO sealed VALUES (?, ?, ?)", (row.ref, row.subject, row.ciphertext))

    assert (fault.index, fault.ref) == (text.position - 1, text.ref)
    assert "sans effacement enregistré" in str(fault)
    assert (line.text, line.is_readable) == (MISSING, False)
    assert author.ref in kept.journal.sealed()
    kept.registry.keys.destroy(author.subject, author.purpose)
    (line,) = kept.listed(CONTRIBUTIONS, kept.moment())
    assert {fault.index for fault in faults(kept)} == {text.position - 1}
    assert line.text == MISSING
    with pytest.raises(DamagedBefore, match="la clé d'une valeur personnelle manque"):
        kept.forget(str(id_), dpo(kept), right=RIGHT)
    assert len(faults(kept)) == 2
    receipt = kept.forget(str(id_), dpo(kept), right=RIGHT, damaged=True)
    (line,) = kept.listed(CONTRIBUTIONS, kept.moment())
    assert (line.text, faults(kept)) == (ERASED, [])
    assert receipt.damage is not None
    assert f"L'événement n° {text.position}" in receipt.damage
