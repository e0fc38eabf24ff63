"""What lists answer from their tables: lines, how many of them, and the values that they hold."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, get_origin
from uuid import UUID

import sqlalchemy as sa

from application.contested import answer_beside
from application.listing import L, Listing
from application.narrowing import EVERYTHING, Narrowed
from application.world import Moment
from domain.contest import ContestOutcome
from domain.dates import PartialDate, days_after
from domain.pole import ENDED
from infrastructure.read_models.intervals import seen
from infrastructure.read_models.journey import JOURNEY
from infrastructure.read_models.narrowing import conditions, rows_in_order
from infrastructure.read_models.register import REGISTER
from infrastructure.read_models.table import Row, as_stored

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
        self,
        asked: Listing[Any],
        moment: Moment,
        *,
        pole: UUID | None = None,
        by: Narrowed = EVERYTHING,
        **equal: Any,
    ) -> int:
        """How many lines there are; of one pole, or with some values."""
        table, kept = self._tables[asked.name], self._kept(asked, moment, pole, equal)
        with self._engine.connect() as tx:
            kept = [*kept, *conditions(tx, table, moment, by)]
            if by.search:
                return len(rows_in_order(tx, asked, table, moment, kept, by))
            query = sa.select(sa.func.count()).select_from(table).where(*kept)
            return tx.execute(query).scalar_one()

    def counts(
        self,
        asked: Listing[Any],
        moment: Moment,
        name: str,
        *,
        pole: UUID | None = None,
        by: Narrowed = EVERYTHING,
        **equal: Any,
    ) -> dict[Any, int]:
        """How many lines have each value of a field; what is searched for is left aside."""
        table, kept = self._tables[asked.name], self._kept(asked, moment, pole, equal)
        query = sa.select(table.c[name], sa.func.count()).group_by(table.c[name])
        with self._engine.connect() as tx:
            query = query.where(*kept, *conditions(tx, table, moment, by))
            return {row[0]: row[1] for row in tx.execute(query)}

    def tally(
        self,
        asked: Listing[Any],
        moment: Moment,
        name: str = "",
        *,
        summed: str = "",
        by: Narrowed = EVERYTHING,
        **equal: Any,
    ) -> list[tuple[Any, int]]:
        """How many lines have each value of a field, or what an amount of theirs comes to.

        Args:
            name: a field, or where their poles act: `region`, `department`; altogether, if none.
            summed: the amount that is added up, in cents.
        """
        table, kept = self._tables[asked.name], self._kept(asked, moment, equal=equal)
        told = sa.func.coalesce(sa.func.sum(table.c[summed]), 0) if summed else sa.func.count()
        joined: sa.FromClause = table
        value: sa.ColumnElement[Any] = sa.literal("")
        if name in table.c:
            value = table.c[name]
        elif name:
            value = REGISTER.c[name]
            at = seen(REGISTER, known=moment.known, in_force=moment.in_force)
            joined = sa.outerjoin(table, REGISTER, sa.and_(REGISTER.c.pole == table.c.pole, at))
        query = sa.select(value, told).select_from(joined)
        with self._engine.connect() as tx:
            query = query.where(*kept, *conditions(tx, table, moment, by))
            rows = tx.execute(query.group_by(value) if name else query)
            return [(row[0], int(row[1])) for row in rows]

    def sources(
        self, asked: Listing[Any], moment: Moment, *, by: Narrowed = EVERYTHING, **equal: Any
    ) -> list[str]:
        """What the lines of a moment cite, each source once, by its words."""
        table, kept = self._tables[asked.name], self._kept(asked, moment, equal=equal)
        column = table.c.source
        query = sa.select(column).where(*kept, column.is_not(None)).distinct().order_by(column)
        with self._engine.connect() as tx:
            return list(tx.scalars(query.where(*conditions(tx, table, moment, by))))

    def values(self, asked: Listing[Any], moment: Moment, name: str, **equal: Any) -> list[Any]:
        """The values that a field has in the lines of that moment, each once, as they are kept."""
        column = self._tables[asked.name].c[name]
        kept = self._kept(asked, moment, equal=equal)
        query = sa.select(column).where(*kept, column.is_not(None))
        with self._engine.connect() as tx:
            return list(tx.scalars(query.distinct().order_by(column)))

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
        by: Narrowed = EVERYTHING,
        rows: Sequence[int] | None = None,
        **equal: Any,
    ) -> list[L]:
        """The lines known then and in force on that day; of one pole, or with some values.

        Where the list is not one of all poles, and none is asked for: those about no pole. Their
        order is the same each time, so that a list can be read part after part.

        Args:
            rows: those of some lines that were found, in their order; no others are read.
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
        query = query.order_by(*(table.c[name] for name in asked.order), table.c.id)
        with self._engine.connect() as tx:
            kept = [*self._kept(asked, moment, pole, equal), *conditions(tx, table, moment, by)]
            first = [*rows] if rows is not None else []
            if by.by_reading:
                first = rows_in_order(tx, asked, table, moment, kept, by)[offset:][:limit]
            if rows is not None or by.by_reading:
                query = query.where(table.c.row.in_(first))
            else:
                query = query.where(*kept).limit(limit).offset(offset)
            found = [_until_pole_ends(dict(row)) for row in tx.execute(query).mappings()]
            found.sort(key=_place_in(first))
            contests = self._contests(tx, moment) if asked.name != "contest" else {}
        for row in found if contests else ():
            said = [words for fact in sorted(_facts(row)) for words in contests.get(fact, ())]
            row["contested"] = WAITING in said
            row["contest_answered"] = " ; ".join(words for words in said if words)
        return [_line(asked, row) for row in found]

    def latest(self, asked: Listing[L], moment: Moment, number: int) -> list[L]:
        """The last lines by their date, the latest first; none of which no date is known."""
        table = self._tables[asked.name]
        date_ = sa.cast(table.c[asked.dated], sa.Text())
        dated = [date_.is_not(None), date_ != "unknown"]
        query = sa.select(table.c.row).where(*self._kept(asked, moment), *dated)
        with self._engine.connect() as tx:
            last = list(tx.scalars(query.order_by(date_.desc(), table.c.row.desc()).limit(number)))
        return self.lines(asked, moment, rows=last)

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


def _place_in(first: list[int]) -> Callable[[Row], int]:
    """Where a row stands among those read first; rows keep their order where none were."""
    places = {row: place for place, row in enumerate(first)}
    return lambda row: places.get(row["row"], 0)


def _equal(table: sa.Table, equal: Mapping[str, Any]) -> Iterator[sa.ColumnElement[bool]]:
    """That some fields have a value, or one of several."""
    for name, value in equal.items():
        if isinstance(value, tuple):
            yield table.c[name].in_([as_stored(one) for one in value])
        elif value is not None:
            yield table.c[name] == as_stored(value)


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
