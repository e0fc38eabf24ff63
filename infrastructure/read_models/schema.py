"""The tables of the read models: made from the code, made anew when the code says otherwise.

They hold nothing that the journal does not. So no migration describes them: where what they are
made of has changed since they were made, they are dropped, and the journal is read again.
"""

from collections.abc import Mapping
from functools import cache
from hashlib import sha256

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable, DDLElement

from infrastructure.read_models.models import MODELS

MADE = sa.table("read_model", sa.column("name", sa.Text()), sa.column("digest", sa.Text()))
"""Which tables were made, each from what; made by a migration."""


DIALECT = sqlite.dialect()  # whatever the database is


@cache
def digests() -> Mapping[str, str]:
    """What each table is made of, as a SHA-256: its columns, its indexes, the events it folds."""
    return {
        model.name: _digest(model.table, sorted(e.TOPIC for e in model.events)) for model in MODELS
    }


def _digest(table: sa.Table, topics: list[str]) -> str:
    indexes = sorted(table.indexes, key=lambda index: str(index.name))
    said: list[DDLElement] = [CreateTable(table), *map(CreateIndex, indexes)]
    words = [str(part.compile(dialect=DIALECT)) for part in said]
    return sha256("\n".join([*words, *topics]).encode()).hexdigest()


def is_current(tx: sa.Connection) -> bool:
    """Whether the tables were made from what the code says now."""
    return {row.name: row.digest for row in tx.execute(sa.select(MADE))} == digests()


def make(tx: sa.Connection) -> None:
    """Make every table anew where any was made from something else; they fill from the journal."""
    if is_current(tx):
        return
    for name in [row.name for row in tx.execute(sa.select(MADE.c.name))]:
        tx.exec_driver_sql(f"DROP TABLE {name}")
    tx.execute(sa.delete(MADE))
    for model in MODELS:
        model.table.create(tx)
    rows = [{"name": name, "digest": digest} for name, digest in digests().items()]
    tx.execute(sa.insert(MADE), rows)
    tx.execute(sa.text("UPDATE tracking SET notification_id = 0"))
