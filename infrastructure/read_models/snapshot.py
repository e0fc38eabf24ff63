"""The rows of the lists as they were known at a size of the journal, as digests."""

from collections.abc import Mapping, Sequence
from hashlib import sha256

import sqlalchemy as sa

from domain.snapshot import ListDigest
from infrastructure.event_store.canonical import canonical
from infrastructure.read_models.intervals import ReadModel

OWN = frozenset({"row", "known_until"})
"""Columns that tell how a table is kept: a number of its own, and when a row was given up since."""


def digests_at(
    engine: sa.Engine,
    models: Sequence[ReadModel],
    size: int,
    kept: Mapping[str, ListDigest] | None = None,
) -> dict[str, ListDigest]:
    """What each list said at a size: rows that were known by then, given up by then or not.

    Args:
        kept: earlier digests; each list is digested in the columns that its own names. Of those
            that are no more, the answer does not name them.
    """
    found = {}
    with engine.connect() as tx:
        for model in models:
            there = [column.name for column in model.table.c if column.name not in OWN]
            asked = kept[model.name].columns if kept and model.name in kept else sorted(there)
            columns = [name for name in asked if name in there]
            found[model.name] = _digest(tx, model.table, columns, size)
    return found


def _digest(tx: sa.Connection, table: sa.Table, columns: list[str], size: int) -> ListDigest:
    given_up = sa.case((table.c.known_until <= size, table.c.known_until), else_=None)
    query = sa.select(given_up, *(table.c[name] for name in columns))
    rows = sorted(
        canonical([None if value is None else str(value) for value in row])
        for row in tx.execute(query.where(table.c.known_from <= size))
    )
    digest = sha256(b"\n".join(rows)).hexdigest()
    return ListDigest(columns=tuple(columns), rows=len(rows), digest=digest)
