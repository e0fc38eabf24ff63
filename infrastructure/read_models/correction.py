"""What lists say of a fact that is told again or taken back: rows closed, and opened, from there.

No list knows of corrections. What a correction changes in one is found by telling the list, apart,
the history as it was in effect before and as it is in effect after: the rows that only the first
telling makes are closed at the correction, those that only the second makes are opened from it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from domain.kernel import Recorded
from infrastructure.event_store.journal import Journal, Row, may_mend, rows_in_effect
from infrastructure.read_models.intervals import METADATA, ReadModel

Open = Counter[tuple[Any, ...]]
"""The present rows of a table, but for their number and the positions at which they are known."""

_BESIDES = ("row", "known_from", "known_until")


def is_mend(row: Row) -> bool:
    """Whether a row of the journal corrects or retracts another of its stream."""
    return may_mend(row.version, row.state) and row.read().mends is not None


class Correction:
    """A correction or a retraction, with the histories that it changes, before it and after it."""

    def __init__(self, engine: sa.Engine, journal: Journal, mend: Row) -> None:
        self.position = mend.position
        streams = _told_with(engine, UUID(mend.stream))
        self._before = _history(journal, streams, mend.position - 1)
        self._after = _history(journal, streams, mend.position)

    def write(self, tx: sa.Connection, models: Sequence[ReadModel]) -> None:
        """Close the rows that are no longer told, and open those that are told instead."""
        told = {type(recorded.event) for recorded in (*self._before, *self._after)}
        concerned = [model for model in models if told.intersection(model.events)]
        before, after = _tell(concerned, self._before), _tell(concerned, self._after)
        for model in concerned:
            for row in before[model.name] - after[model.name]:
                self._close(tx, model.table, row)
            opened = (after[model.name] - before[model.name]).elements()
            names = _columns(model.table)
            known = {"known_from": self.position, "known_until": None}
            rows = [{**dict(zip(names, row, strict=True)), **known} for row in opened]
            if rows:
                tx.execute(sa.insert(model.table), rows)

    def _close(self, tx: sa.Connection, table: sa.Table, row: tuple[Any, ...]) -> None:
        said = zip(_columns(table), row, strict=True)
        same = [table.c[name].is_not_distinct_from(value) for name, value in said]
        present = sa.select(table.c.row).where(table.c.known_until.is_(None), *same)
        found = tx.execute(present.order_by(table.c.row).limit(1)).scalar_one()
        closing = sa.update(table).where(table.c.row == found)
        tx.execute(closing.values(known_until=self.position))


def _columns(table: sa.Table) -> list[str]:
    return [column.name for column in table.c if column.name not in _BESIDES]


def _told_with(engine: sa.Engine, stream: UUID) -> list[UUID]:
    """The streams whose rows say something of each other: poles that succeed one another.

    Every other row is told by one stream alone.
    """
    succession = METADATA.tables["succession"]
    found, new = {str(stream)}, {str(stream)}
    with engine.connect() as tx:
        while new:
            ends = (succession.c.pole, succession.c.predecessor)
            named = sa.or_(*(end.in_(sorted(new)) for end in ends))
            rows = tx.execute(sa.select(*ends).where(named)).all()
            new = {end for row in rows for end in row if end} - found
            found |= new
    return [UUID(one) for one in sorted(found)]


def _history(journal: Journal, streams: Iterable[UUID], until: int) -> list[Recorded]:
    rows = [r for stream in streams for r in rows_in_effect(journal.everything(stream, until))]
    return [row.read() for row in sorted(rows)]


def _tell(models: Sequence[ReadModel], history: Iterable[Recorded]) -> Mapping[str, Open]:
    """The present rows that a history alone makes."""
    engine = sa.create_engine("sqlite://")
    try:
        with engine.connect() as tx:
            for model in models:
                model.table.create(tx)
            for recorded in history:
                for model in models:
                    if type(recorded.event) in model.events:
                        model.apply(tx, recorded)
            return {model.name: _present(tx, model.table) for model in models}
    finally:
        engine.dispose()


def _present(tx: sa.Connection, table: sa.Table) -> Open:
    columns = [table.c[name] for name in _columns(table)]
    rows = tx.execute(sa.select(*columns).where(table.c.known_until.is_(None)))
    return Counter(tuple(row) for row in rows)
