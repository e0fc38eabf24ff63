"""What is taken away from a list or a table: its lines, in the words and columns of its page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from application.listing import Listing, cell, date_alone, mark_of
from domain.dates import PartialDate
from domain.errors import Invalid
from domain.money import euros
from domain.spelling import plain

MOST = 20_000
"""Lines of one file. More of them are asked for part after part, or by a narrower question."""

CONTESTATION = "Contestation"
"""What the column is called that says of lines that they are contested, where some are."""


class TooManyLines(Invalid):
    """A file holds so many lines, and no more."""

    code = "extract.too_many"
    fr = (
        "{lines} lignes, c'est plus que les {most} qu'un fichier contient : choisissez moins de "
        "lignes par les filtres, ou demandez-les par l'API, partie après partie."
    )
    en = (
        "{lines} lines are more than the {most} that a file holds: choose fewer by the filters, "
        "or ask for them by the API, part after part."
    )


@dataclass(frozen=True, slots=True)
class Money:
    """An amount that a sheet can add up, in cents."""

    cents: int


Cell = str | int | date | Money | None
"""What stands in one column of a line; `None` where nothing is said."""


@dataclass(frozen=True, slots=True)
class Extract:
    """Lines, under the titles of their columns, with the question that they answer.

    Args:
        title: what it is called; files are named after it.
        asked: the question, each part of it with what it is called.
        day: the day that it is about, and `known` how many events were known.
        address: where the same is read again, for ever.
    """

    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]
    asked: Mapping[str, str]
    day: date
    known: int
    address: str

    @property
    def name(self) -> str:
        """What its file is called, without its ending."""
        return f"{plain(self.title)[:80].strip('-')}-{self.day.isoformat()}"


def rows_of(
    asked: Listing[Any], lines: Sequence[Any], words: Mapping[str, Mapping[str, str]]
) -> tuple[tuple[str, ...], list[tuple[Cell, ...]]]:
    """The columns that say something of some line, and all lines; as the page of a list has them.

    What is said beside a line, that it is contested, has a column of its own.
    """
    columns = telling(asked, lines, words)
    titles = tuple(asked.heading(name) for name in columns)
    rows = [tuple(value(line, name, words) for name in columns) for line in lines]
    marks = [
        mark_of(getattr(line, "contested", False), getattr(line, "contest_answered", "")).strip(
            " []"
        )
        for line in lines
    ]
    if any(marks):
        titles += (CONTESTATION,)
        rows = [(*row, mark or None) for row, mark in zip(rows, marks, strict=True)]
    return titles, rows


def telling(
    asked: Listing[Any], lines: Sequence[Any], words: Mapping[str, Mapping[str, str]]
) -> list[str]:
    """The columns that say something of some line, and the first one."""
    return [
        name
        for name in asked.columns
        if name == asked.columns[0] or any(cell(line, name, words) for line in lines)
    ]


def value(line: Any, name: str, words: Mapping[str, Mapping[str, str]]) -> Cell:
    """What a column says of a line: dates, numbers and amounts as such, all else in its words."""
    told, said = getattr(line, name), cell(line, name, words)
    cents = getattr(line, f"{name}_cents", None)
    match told:
        case PartialDate():
            return date_cell(str(told))
        case date():
            return told
        case int() if not isinstance(told, bool) and str(told) not in words.get(name, {}):
            return told
        case str() if cents is not None and said == euros(cents):
            return Money(cents)
    return said or None


def date_cell(written: str) -> Cell:
    """A date as a sheet holds it, where its day is known; else what is known of it."""
    told = PartialDate(written)
    return told.first_day if told.precision == "day" else date_alone(written)


def must_fit(lines: int) -> None:
    """Refuse a file of more lines than one holds."""
    if lines > MOST:
        raise TooManyLines(lines=lines, most=MOST)
