"""The tables of lists, made from the lines they give, and what every one of them does."""

import json
from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from enum import StrEnum
from types import UnionType
from typing import Any, ClassVar, Union, get_args, get_origin
from uuid import UUID

import sqlalchemy as sa

from application.listing import JOINED, Listed
from domain.kernel import Event, Recorded
from infrastructure.read_models.intervals import METADATA, end, interval_columns, supersede


def table_of(name: str, line: type[Listed]) -> sa.Table:
    """A table of intervals with a column for each field of a line, but those that are joined."""
    columns = [
        sa.Column(field, _column_type(info.annotation), nullable=field not in ("id", "fact"))
        for field, info in line.model_fields.items()
        if field not in JOINED
    ]
    columns.append(sa.Column("first_fact", sa.Text(), nullable=False))
    columns.append(sa.Column("later_facts", sa.Text()))
    indexes = [sa.Index(f"{name}_{column}", column) for column in ("id", "pole")]
    return sa.Table(name, METADATA, *interval_columns(), *columns, *indexes)


def _column_type(annotation: Any) -> sa.types.TypeEngine[Any]:
    if get_origin(annotation) in (UnionType, Union):
        annotation = next(a for a in get_args(annotation) if a is not type(None))
    kinds: dict[Any, sa.types.TypeEngine[Any]] = {
        int: sa.BigInteger(),
        bool: sa.Boolean(),
        date: sa.Date(),
    }
    return kinds.get(annotation, sa.Text())


def as_stored(value: Any) -> Any:
    """A value of a line as its table keeps it."""
    match value:
        case None | bool() | int() | date():
            return value
        case tuple() | list() | dict():
            return json.dumps([str(part) for part in value], ensure_ascii=False)
        case StrEnum():
            return value.value
        case _:
            return str(value)


Row = dict[str, Any]
"""A row of a table, by the names of its columns."""


def _holds(row: Row) -> bool:
    return row["valid_until"] is None or row["valid_from"] < row["valid_until"]


class ListModel:
    """A table that follows the journal. Each one nests its line, its events, and one `match`."""

    name: ClassVar[str]
    table: ClassVar[sa.Table]
    line: ClassVar[type[Listed]]
    events: tuple[type[Event], ...]

    def __init_subclass__(cls, *, name: str = "", line: type[Listed] | None = None) -> None:
        if line is None:  # what several of them stand on
            return
        cls.name, cls.line = name, line
        cls.table = table_of(name, line)

    @abstractmethod
    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        """Write what an event changes."""

    def begin(self, tx: sa.Connection, recorded: Recorded, **fields: Any) -> None:
        """Open the line of a thing; the stream is its identity unless an `id` is given."""
        event = recorded.event
        told = {"id": recorded.stream, **self._told(recorded), "until": event.valid_to, **fields}
        told |= {"first_fact": told["fact"], "later_facts": None}
        values = {name: as_stored(value) for name, value in told.items()}
        self._supersede(tx, recorded, values["id"], valid_until=event.valid_to, new=values)

    def change(
        self,
        tx: sa.Connection,
        recorded: Recorded,
        id_: UUID | None = None,
        *,
        added_to: Iterable[str] = (),
        **fields: Any,
    ) -> None:
        """Say something else of a thing, from the day of the event on.

        Args:
            added_to: the fields that are sums, to which the event only adds.
        """
        told = {"fact": recorded.event.meta.event_id, **fields}
        values = {name: as_stored(value) for name, value in told.items()}
        values["later_facts"] = resting_on(recorded, fields, added_to=added_to)
        self._supersede(tx, recorded, str(id_ or recorded.stream), **values)

    def cease(self, tx: sa.Connection, recorded: Recorded, id_: UUID | None = None) -> None:
        """Let a thing hold no longer from the day of the event on."""
        day, key = recorded.in_force_from, self.table.c.id == str(id_ or recorded.stream)
        told: dict[str, Any] = {"until": day, "later_facts": resting_on(recorded, ["until"])}
        end(tx, self.table, key, at=recorded.position, day=day, **told)

    def retract(self, tx: sa.Connection, recorded: Recorded, id_: UUID | None = None) -> None:
        """Take a thing back: it never was, though it stays readable at its date."""
        key = str(id_ or recorded.stream)
        present = (self.table.c.id == key, self.table.c.known_until.is_(None))
        tx.execute(sa.update(self.table).where(*present).values(known_until=recorded.position))

    def cut(
        self, tx: sa.Connection, recorded: Recorded, parts: Callable[[Row], Iterable[Row]]
    ) -> None:
        """Cut the present rows of a stream where what they say changes with the days alone.

        Args:
            parts: a row as it is to be, in one part or several; those that hold on no day are left
                out.
        """
        table = self.table
        key = (table.c.id == str(recorded.stream), table.c.known_until.is_(None))
        for found in list(tx.execute(sa.select(table).where(*key)).mappings()):
            row = {name: value for name, value in found.items() if name != "row"}
            cut = [part for part in parts(row) if _holds(part)]
            if cut != [row]:
                present = sa.update(table).where(table.c.row == found["row"])
                tx.execute(present.values(known_until=recorded.position))
                tx.execute(
                    sa.insert(table), [{**part, "known_from": recorded.position} for part in cut]
                )

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


def resting_on(
    recorded: Recorded, fields: Iterable[str], *, added_to: Iterable[str] = ()
) -> Callable[[Mapping[str, Any]], str]:
    """Keep, in the rows that an event changes, from which fact each field comes since.

    Whoever changes rows other than by `begin`, `change` and `cease` gives this as `later_facts`.
    """
    fact = str(recorded.event.meta.event_id)
    told = dict.fromkeys([*fields, *(f"{name} {fact}" for name in added_to)], fact)

    def facts(row: Mapping[str, Any]) -> str:
        return json.dumps({**json.loads(row.get("later_facts") or "{}"), **told}, sort_keys=True)

    return facts
