"""The tables of lists, made from the lines they give, and what every one of them does."""

import json
from abc import abstractmethod
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from types import UnionType
from typing import Any, ClassVar, Union, get_args, get_origin
from uuid import UUID

import sqlalchemy as sa

from application.listing import JOINED, L, Listed, Listing
from application.world import Moment
from domain.kernel import Event, Recorded
from infrastructure.read_models.intervals import METADATA, end, interval_columns, seen, supersede
from infrastructure.read_models.register import REGISTER


def table_of(name: str, line: type[Listed]) -> sa.Table:
    """A table of intervals with a column for each field of a line, but those that are joined."""
    columns = [
        sa.Column(field, _column_type(info.annotation), nullable=field not in ("id", "fact"))
        for field, info in line.model_fields.items()
        if field not in JOINED
    ]
    columns.append(sa.Column("first_fact", sa.Text(), nullable=False))
    return sa.Table(name, METADATA, *interval_columns(), *columns, sa.Index(f"{name}_id", "id"))


def _column_type(annotation: Any) -> sa.types.TypeEngine[Any]:
    if get_origin(annotation) in (UnionType, Union):
        annotation = next(a for a in get_args(annotation) if a is not type(None))
    kinds: dict[Any, sa.types.TypeEngine[Any]] = {
        int: sa.BigInteger(),
        bool: sa.Boolean(),
        date: sa.Date(),
    }
    return kinds.get(annotation, sa.Text())


def _as_stored(value: Any) -> Any:
    match value:
        case None | bool() | int() | date():
            return value
        case tuple() | list() | dict():
            return json.dumps([str(part) for part in value], ensure_ascii=False)
        case StrEnum():
            return value.value
        case _:
            return str(value)


class ListModel:
    """A table that follows the journal. Each one nests its line, its events, and one `match`."""

    name: ClassVar[str]
    table: ClassVar[sa.Table]
    line: ClassVar[type[Listed]]
    events: tuple[type[Event], ...]

    def __init_subclass__(cls, *, name: str, line: type[Listed]) -> None:
        cls.name, cls.line = name, line
        cls.table = table_of(name, line)

    @abstractmethod
    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        """Write what an event changes."""

    def begin(self, tx: sa.Connection, recorded: Recorded, **fields: Any) -> None:
        """Open the line of a thing; the stream is its identity unless an `id` is given."""
        event = recorded.event
        told = {"id": recorded.stream, **self._told(recorded), "until": event.valid_to, **fields}
        told["first_fact"] = told["fact"]
        values = {name: _as_stored(value) for name, value in told.items()}
        self._supersede(tx, recorded, values["id"], valid_until=event.valid_to, new=values)

    def change(
        self, tx: sa.Connection, recorded: Recorded, id_: UUID | None = None, **fields: Any
    ) -> None:
        """Say something else of a thing, from the day of the event on."""
        told = {"fact": recorded.event.meta.event_id, **fields}
        values = {name: _as_stored(value) for name, value in told.items()}
        self._supersede(tx, recorded, str(id_ or recorded.stream), **values)

    def cease(self, tx: sa.Connection, recorded: Recorded, id_: UUID | None = None) -> None:
        """Let a thing hold no longer from the day of the event on."""
        day, key = recorded.in_force_from, self.table.c.id == str(id_ or recorded.stream)
        end(tx, self.table, key, at=recorded.position, day=day, until=day)

    def retract(self, tx: sa.Connection, recorded: Recorded, id_: UUID | None = None) -> None:
        """Take a thing back: it never was, though it stays readable at its date."""
        key = str(id_ or recorded.stream)
        present = (self.table.c.id == key, self.table.c.known_until.is_(None))
        tx.execute(sa.update(self.table).where(*present).values(known_until=recorded.position))

    def _told(self, recorded: Recorded) -> dict[str, Any]:
        meta = recorded.event.meta
        return {
            "fact": meta.event_id,
            "occurred_on": recorded.event.occurred_on,
            "source": meta.source,
            "confidence": meta.confidence,
        }

    def _supersede(
        self,
        tx: sa.Connection,
        recorded: Recorded,
        key: str,
        *,
        valid_until: date | None = None,
        new: dict[str, Any] | None = None,
        **changes: Any,
    ) -> None:
        supersede(
            tx,
            self.table,
            self.table.c.id == key,
            at=recorded.position,
            valid_from=recorded.in_force_from,
            valid_until=valid_until or recorded.event.valid_to,
            new=new,
            **(new or {}),
            **changes,
        )


class Lists:
    """Answers lists from their tables."""

    def __init__(self, engine: sa.Engine, tables: Mapping[str, sa.Table]) -> None:
        self._engine = engine
        self._tables = tables

    def count(self, asked: Listing[Any], moment: Moment, *, pole: UUID) -> int:
        """How many lines of a list are about a pole."""
        table = self._tables[asked.name]
        at = seen(table, known=moment.known, in_force=moment.in_force)
        query = sa.select(sa.func.count()).where(at, table.c.pole == str(pole))
        with self._engine.connect() as tx:
            return tx.execute(query).scalar_one()

    def lines(
        self, asked: Listing[L], moment: Moment, *, pole: UUID | None = None, **equal: Any
    ) -> list[L]:
        """The lines known then and in force on that day; of one pole, or with some values.

        Where the list is not one of all poles, and none is asked for: those about no pole.
        """
        table, register = self._tables[asked.name], REGISTER.alias("of_pole")

        def at(of: sa.FromClause) -> sa.ColumnElement[bool]:
            return seen(of, known=moment.known, in_force=moment.in_force)

        of_pole = sa.and_(register.c.pole == table.c.pole, at(register))
        columns: list[Any] = [
            table,
            register.c.code.label("pole_code"),
            register.c.name.label("pole_name"),
        ]
        joined = sa.outerjoin(table, register, of_pole)
        contest = self._tables.get("contest")
        if contest is not None and contest is not table:
            open_ = sa.and_(
                contest.c.contested_fact.in_((table.c.fact, table.c.first_fact)),
                contest.c.answer.is_(None),
                at(contest),
            )
            is_open = sa.exists().where(open_).correlate(table)
            columns.append(is_open.label("contested"))
        query = sa.select(*columns).select_from(joined).where(at(table))
        if pole:
            query = query.where(table.c.pole == str(pole))
        elif not asked.whole:
            query = query.where(table.c.pole.is_(None))
        for name, value in equal.items():
            if value is not None:
                query = query.where(table.c[name] == _as_stored(value))
        query = query.order_by(*(table.c[name] for name in asked.order), table.c.id)
        with self._engine.connect() as tx:
            rows = tx.execute(query).mappings().all()
        fields = asked.line.model_fields
        return [
            asked.line.model_validate(
                {
                    name: json.loads(value) if _is_sequence(fields[name].annotation) else value
                    for name, value in row.items()
                    if name in fields
                }
            )
            for row in rows
        ]


def _is_sequence(annotation: Any) -> bool:
    return get_origin(annotation) in (tuple, list)
