"""The tables of lists, made from the lines they give, and what every one of them does."""

import json
from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from types import UnionType
from typing import Any, ClassVar, Union, get_args, get_origin
from uuid import UUID

import sqlalchemy as sa

from application.contested import answer_beside
from application.listing import JOINED, L, Listed, Listing
from application.world import Moment
from domain.contest import ContestOutcome
from domain.dates import PartialDate, days_after
from domain.kernel import Event, Recorded
from domain.pole import ENDED
from infrastructure.read_models.intervals import METADATA, end, interval_columns, seen, supersede
from infrastructure.read_models.journey import JOURNEY
from infrastructure.read_models.register import REGISTER


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
        values = {name: _as_stored(value) for name, value in told.items()}
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
        values = {name: _as_stored(value) for name, value in told.items()}
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


WAITING = None
"""Of a contest: that nobody has answered it."""


def _facts(row: Mapping[str, Any]) -> set[str]:
    """The facts on which a line rests: of each thing it says, the one that says so; no others."""
    return {row["first_fact"], row["fact"], *json.loads(row["later_facts"] or "{}").values()}


class Lists:
    """Answers lists from their tables."""

    def __init__(self, engine: sa.Engine, tables: Mapping[str, sa.Table]) -> None:
        self._engine = engine
        self._tables = tables

    def count(
        self, asked: Listing[Any], moment: Moment, *, pole: UUID | None = None, **equal: Any
    ) -> int:
        """How many lines there are; of one pole, or with some values."""
        kept = self._kept(asked, moment, pole, equal)
        query = sa.select(sa.func.count()).select_from(self._tables[asked.name]).where(*kept)
        with self._engine.connect() as tx:
            return tx.execute(query).scalar_one()

    def values(self, asked: Listing[Any], moment: Moment, name: str, **equal: Any) -> list[Any]:
        """The values that a field has in the lines of that moment, each once, as they are kept."""
        column = self._tables[asked.name].c[name]
        kept = self._kept(asked, moment, equal=equal)
        query = sa.select(column).where(*kept, column.is_not(None))
        with self._engine.connect() as tx:
            return list(tx.scalars(query.distinct().order_by(column)))

    def tally(self, asked: Listing[Any], moment: Moment, name: str, **equal: Any) -> dict[Any, int]:
        """How many lines of that moment have each value of a field, as it is kept."""
        column = self._tables[asked.name].c[name]
        kept = self._kept(asked, moment, equal=equal)
        query = sa.select(column, sa.func.count()).where(*kept).group_by(column).order_by(column)
        with self._engine.connect() as tx:
            return {told[0]: told[1] for told in tx.execute(query)}

    def pole_ended(self, pole: UUID, moment: Moment) -> date | None:
        """The day on which a pole ended, where it stands ended on the day asked about."""
        standing = sa.select(JOURNEY.c.stage_since).where(
            seen(JOURNEY, known=moment.known, in_force=moment.in_force),
            JOURNEY.c.subject == str(pole),
            JOURNEY.c.stage == ENDED,
        )
        with self._engine.connect() as tx:
            return tx.execute(standing).scalar()

    def _kept(
        self,
        asked: Listing[Any],
        moment: Moment,
        pole: UUID | None = None,
        equal: Mapping[str, Any] | None = None,
    ) -> list[sa.ColumnElement[bool]]:
        """The conditions of a question to a list."""
        table = self._tables[asked.name]
        kept = [seen(table, known=moment.known, in_force=moment.in_force)]
        if asked.ends_with_pole:
            of_pole = sa.and_(JOURNEY.c.subject == table.c.pole, JOURNEY.c.stage == ENDED)
            stands = seen(JOURNEY, known=moment.known, in_force=moment.in_force)
            kept.append(~sa.exists().where(of_pole, stands).correlate(table))
        if pole:
            kept.append(table.c.pole == str(pole))
        elif not asked.whole:
            kept.append(table.c.pole.is_(None))
        return [*kept, *_equal(table, equal or {})]

    def lines(
        self,
        asked: Listing[L],
        moment: Moment,
        *,
        pole: UUID | None = None,
        limit: int | None = None,
        offset: int = 0,
        **equal: Any,
    ) -> list[L]:
        """The lines known then and in force on that day; of one pole, or with some values.

        Where the list is not one of all poles, and none is asked for: those about no pole. Their
        order is the same each time, so that a list can be read part after part.

        Args:
            equal: for some fields, the value that they have, or a tuple of those they may have.
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
        if asked.ends_with_pole:
            columns.append(_pole_ends(table, moment))
        query = sa.select(*columns).select_from(joined)
        query = query.where(*self._kept(asked, moment, pole, equal))
        query = query.order_by(*(table.c[name] for name in asked.order), table.c.id)
        query = query.limit(limit).offset(offset)
        with self._engine.connect() as tx:
            rows = [_until_pole_ends(dict(row)) for row in tx.execute(query).mappings()]
            contests = self._contests(tx, moment) if asked.name != "contest" else {}
        for row in rows if contests else ():
            said = [words for fact in sorted(_facts(row)) for words in contests.get(fact, ())]
            row["contested"] = WAITING in said
            row["contest_answered"] = " ; ".join(words for words in said if words)
        return [_line(asked, row) for row in rows]

    def bare(
        self, asked: Listing[L], moment: Moment, *, within: int | None = None, **equal: Any
    ) -> list[L]:
        """The same as their table keeps them: without what other lists say of their poles.

        Their poles are not named, nor is it told what is contested; a line of a pole that has ended
        is among them. It takes a third of the time.

        Args:
            within: how many days later the lines end at most; of any end, or none, unless said.
        """
        table = self._tables[asked.name]
        query = sa.select(table).where(seen(table, known=moment.known, in_force=moment.in_force))
        query = query.where(*_equal(table, equal)).order_by(table.c.id)
        if within is not None:
            query = query.where(table.c.until <= days_after(moment.in_force, within))
        with self._engine.connect() as tx:
            return [_line(asked, dict(row)) for row in tx.execute(query).mappings()]

    def _contests(self, tx: sa.Connection, moment: Moment) -> dict[str, list[str | None]]:
        """By contested fact, what had been answered then; `WAITING` for each awaited answer."""
        contest = self._tables.get("contest")
        if contest is None:
            return {}
        begun = seen(contest, known=moment.known, in_force=moment.in_force)
        query = sa.select(contest.c.contested_fact, contest.c.occurred_on, contest.c.answer)
        found: dict[str, list[str | None]] = {}
        for fact, since, answer in tx.execute(query.where(begun).order_by(contest.c.id)):
            said = answer and answer_beside(PartialDate(since), ContestOutcome(answer))
            found.setdefault(fact, []).append(said)
        return found


def _equal(table: sa.Table, equal: Mapping[str, Any]) -> Iterator[sa.ColumnElement[bool]]:
    """That some fields have a value, or one of several."""
    for name, value in equal.items():
        if isinstance(value, tuple):
            yield table.c[name].in_([_as_stored(one) for one in value])
        elif value is not None:
            yield table.c[name] == _as_stored(value)


def _line(asked: Listing[L], row: Mapping[str, Any]) -> L:
    """A row as the line that it tells."""
    fields = asked.line.model_fields
    return asked.line.model_validate(
        {
            name: json.loads(value) if _is_sequence(fields[name].annotation) else value
            for name, value in row.items()
            if name in fields
        }
    )


def _pole_ends(table: sa.Table, moment: Moment) -> sa.Label[date | None]:
    """The first day, after the one asked about, on which the pole of a line stands ended."""
    ended = sa.select(sa.func.min(JOURNEY.c.valid_from)).where(
        JOURNEY.c.subject == table.c.pole,
        JOURNEY.c.stage == ENDED,
        JOURNEY.c.valid_from > moment.in_force,
        JOURNEY.c.known_from <= moment.known,
        sa.or_(JOURNEY.c.known_until.is_(None), JOURNEY.c.known_until > moment.known),
    )
    return ended.correlate(table).scalar_subquery().label("pole_ends")


def _until_pole_ends(row: dict[str, Any]) -> dict[str, Any]:
    ends = row.get("pole_ends")
    if ends is None or (row["until"] and row["until"] <= ends):
        return row
    return {**row, "until": ends}


def find_named(engine: sa.Engine, table: sa.Table, name: str) -> UUID | None:
    """The thing of a list that an identity or a code means, as it is known now; `None` if none.

    What has no code is called by its title, where that is of it alone. What was taken back since
    is found where nothing else is called so: it is read as it was known before.
    """
    called = table.c.code if "code" in table.c else table.c.title
    named = sa.or_(table.c.id == name.lower(), called == name)
    query = sa.select(table.c.id).where(named).distinct()
    with engine.connect() as tx:
        for known in (table.c.known_until.is_(None), sa.true()):
            if found := list(tx.scalars(query.where(known))):
                return UUID(found[0]) if len(found) == 1 else None
    return None


def _is_sequence(annotation: Any) -> bool:
    return get_origin(annotation) in (tuple, list)
