"""What narrows the lines of any list, as conditions on its table, and their order."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from application.listing import Listing, value_as_read
from application.narrowing import EVERYTHING, NOWHERE, UNDATED, Narrowed, kept_as, lies_in, order_of
from application.world import Moment
from domain.spelling import plain
from infrastructure.read_models.intervals import seen
from infrastructure.read_models.register import REGISTER


def conditions(
    tx: sa.Connection, table: sa.Table, moment: Moment, by: Narrowed = EVERYTHING
) -> Iterator[sa.ColumnElement[bool]]:
    """What lines have to be kept: of a period, of poles that act somewhere."""
    if by.period:
        yield _within(table.c[by.dated], by.period)
    for name, place in (("region", by.region), ("department", by.department)):
        if place:
            yield _of_poles_in(tx, table, moment, REGISTER.c[name], place)


def _within(column: sa.ColumnElement[Any], period: str) -> sa.ColumnElement[bool]:
    """That a date, or the part of it that is known, lies in a year, a month or a day."""
    said = sa.cast(column, sa.Text())
    if period == UNDATED:
        return sa.or_(said.is_(None), said == "unknown")
    return said.startswith(period)


def _of_poles_in(
    tx: sa.Connection,
    table: sa.Table,
    moment: Moment,
    told: sa.ColumnElement[Any],
    place: str,
) -> sa.ColumnElement[bool]:
    at = seen(REGISTER, known=moment.known, in_force=moment.in_force)
    every = tx.scalars(sa.select(told).where(at).distinct())
    meant = [said for said in every if lies_in(said, place)]
    there: sa.ColumnElement[bool] = told.in_([said for said in meant if said])
    if place == NOWHERE:
        there = sa.or_(told.is_(None), told == "")
    poles = sa.select(REGISTER.c.pole).where(at, there)
    return table.c.pole.in_(poles)


def rows_in_order(
    tx: sa.Connection,
    asked: Listing[Any],
    table: sa.Table,
    moment: Moment,
    kept: Sequence[sa.ColumnElement[bool]],
    by: Narrowed,
) -> list[int]:
    """The rows that say what is searched for, in the order that is asked for.

    Words are compared as people read them, whatever their case and accents: no database does that
    as the other does.
    """
    of_pole = sa.and_(
        REGISTER.c.pole == table.c.pole,
        seen(REGISTER, known=moment.known, in_force=moment.in_force),
    )
    names = {*asked.columns, kept_as(asked, by.column)} if by.column else {*asked.columns}
    columns = {name: table.c[name] for name in sorted(names) if name in table.c}
    columns["pole_name"] = REGISTER.c.name
    query = sa.select(table.c.row, *(c.label(name) for name, c in columns.items()))
    query = query.select_from(sa.outerjoin(table, REGISTER, of_pole)).where(*kept)
    query = query.order_by(*(table.c[name] for name in asked.order), table.c.id)
    rows = [dict(row) for row in tx.execute(query).mappings()]
    if wanted := plain(by.search):
        rows = [row for row in rows if _says(asked, row, wanted, by.words)]
    if name := by.column:
        field, words = kept_as(asked, name), by.words.get(name, {})

        def key(row: Mapping[str, Any]) -> Any:
            return order_of(asked, field, row[field], words)

        unknown = [row for row in rows if key(row)[0]]
        known = [row for row in rows if not key(row)[0]]
        rows = sorted(known, key=key, reverse=by.is_backwards) + unknown
    return [row["row"] for row in rows]


def _says(
    asked: Listing[Any],
    row: Mapping[str, Any],
    wanted: str,
    words: Mapping[str, Mapping[str, str]],
) -> bool:
    """Whether some column of a row says some words, each column by itself."""
    return any(wanted in plain(text) for text in _texts(asked, row, words))


def _texts(
    asked: Listing[Any], row: Mapping[str, Any], words: Mapping[str, Mapping[str, str]]
) -> Iterator[str]:
    for name in ("pole_name", *asked.columns):
        value = row.get(name)
        if isinstance(value, str):
            yield words.get(name, {}).get(value) or _parts(value)
        elif value is not None:
            yield value_as_read(value)


def _parts(value: str) -> str:
    """A text; of several that are kept as one, all of them."""
    return " ".join(json.loads(value)) if value.startswith('["') else value
