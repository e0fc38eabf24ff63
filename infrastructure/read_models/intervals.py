"""Interval rows: one helper that closes the old row and opens the new, on both axes of time.

`known_from` and `known_until` are positions of the journal, `valid_from` and `valid_until` days;
both ends are excluded. Today's answer is the row whose intervals are open. Nothing is updated in
place: what was known at any earlier size stays in the table.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol

import sqlalchemy as sa

from domain.kernel import Event, Recorded

METADATA = sa.MetaData()


class ReadModel(Protocol):
    """A table, the events it folds, and one `match`."""

    @property
    def name(self) -> str: ...
    @property
    def table(self) -> sa.Table: ...
    @property
    def events(self) -> tuple[type[Event], ...]: ...

    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        """Write what an event changes."""


def interval_columns() -> list[sa.Column[Any]]:
    """The columns every table of intervals begins with."""
    return [
        sa.Column("row", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("known_from", sa.BigInteger(), nullable=False),
        sa.Column("known_until", sa.BigInteger()),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date()),
    ]


def supersede(
    tx: sa.Connection,
    table: sa.Table,
    key: sa.ColumnElement[bool],
    *,
    at: int,
    valid_from: date,
    valid_until: date | None = None,
    until_next: str | None = None,
    new: dict[str, Any] | None = None,
    **changes: Any,
) -> None:
    """Let a fact hold from a day on, in every row of one thing that its days cover.

    Args:
        key: the condition that names the thing.
        at: the position of the event that says so.
        until_next: for steps: the column that dates the value; the fact holds until the next
            later date in it, for the stage in force is that of the last step on or before a day.
        new: what a row needs beside the changes, where the thing has none yet on some day.
        changes: what is said from then on; a function makes it of the row as it was.
    """
    present = sa.select(table).where(key, table.c.known_until.is_(None)).order_by("valid_from")
    rows = [dict(row) for row in tx.execute(present).mappings()]
    end = valid_until
    if until_next:
        later = [r[until_next] for r in rows if r[until_next] and r[until_next] > valid_from]
        end = min(later, default=None)

    if end is not None and end <= valid_from:
        return  # it holds on no day

    def covers(row: dict[str, Any]) -> bool:
        starts_before_end = end is None or row["valid_from"] < end
        return starts_before_end and (row["valid_until"] is None or row["valid_until"] > valid_from)

    opened: list[dict[str, Any]] = []
    closed = [row for row in rows if covers(row)]
    free = valid_from  # the first day of the fact not yet covered by a row
    for row in closed:
        kept = {name: value for name, value in row.items() if name != "row"}
        begins = max(row["valid_from"], valid_from)
        ends = row["valid_until"] if end is None else _earlier(row["valid_until"], end)
        if row["valid_from"] < valid_from:
            opened.append({**kept, "valid_until": valid_from})
        if new is not None and free < begins:
            opened.append({**_said(new, changes), "valid_from": free, "valid_until": begins})
        opened.append({**_said(kept, changes), "valid_from": begins, "valid_until": ends})
        if end is not None and (row["valid_until"] is None or row["valid_until"] > end):
            opened.append({**kept, "valid_from": end})
        free = ends or date.max
    if new is not None and (end is None or free < end) and free < date.max:
        opened.append({**_said(new, changes), "valid_from": free, "valid_until": end})
    if closed:
        numbers = [row["row"] for row in closed]
        tx.execute(sa.update(table).where(table.c.row.in_(numbers)).values(known_until=at))
    if opened:
        # Every column in every row: of several, SQLAlchemy writes those that the first one has.
        blank = {column.name: None for column in table.c if column.name != "row"}
        known = {"known_from": at, "known_until": None}
        tx.execute(sa.insert(table), [{**blank, **row, **known} for row in opened])


def end(
    tx: sa.Connection,
    table: sa.Table,
    key: sa.ColumnElement[bool],
    *,
    at: int,
    day: date,
    emptied: bool = False,
    **changes: Any,
) -> None:
    """Let a thing hold no longer from a day on; `changes` are said of the days before it too.

    Args:
        emptied: keep what began on that day or later, holding on no day, so that it is known of.
    """
    present = (key, table.c.known_until.is_(None))
    rows = [dict(row) for row in tx.execute(sa.select(table).where(*present)).mappings()]
    tx.execute(sa.update(table).where(*present).values(known_until=at))
    kept = [
        {
            **_said({name: value for name, value in row.items() if name != "row"}, changes),
            "known_from": at,
            "valid_until": _earlier(row["valid_until"], day),
        }
        for row in rows
        if row["valid_from"] < day
    ]
    if emptied:
        never = (row for row in rows if row["valid_from"] >= day)
        kept += [
            {
                **_said({name: value for name, value in row.items() if name != "row"}, changes),
                "known_from": at,
                "valid_until": row["valid_from"],
            }
            for row in never
        ]
    if kept:
        tx.execute(sa.insert(table), kept)


def _said(row: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """A row with something else said of it."""
    said = {name: value(row) if callable(value) else value for name, value in changes.items()}
    return {**row, **said}


def _earlier(one: date | None, other: date) -> date:
    return other if one is None else min(one, other)


def seen(table: sa.FromClause, *, known: int, in_force: date) -> sa.ColumnElement[bool]:
    """The condition of a question at a moment: what was known at a size, in force on a day."""
    return sa.and_(
        table.c.known_from <= known,
        sa.or_(table.c.known_until.is_(None), table.c.known_until > known),
        table.c.valid_from <= in_force,
        sa.or_(table.c.valid_until.is_(None), table.c.valid_until > in_force),
    )
