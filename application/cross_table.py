"""Tables of figures by year: what is counted, in which rows, and what each figure opens."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from application.charter_signature import SIGNATURE_LIST
from application.commitment_list import COMMITMENTS
from application.dossier_list import DOSSIERS
from application.extract import Cell, Money
from application.listing import Listing
from application.member import MEMBERS_LIST
from application.narrowing import NOWHERE
from application.recognition import RECOGNITION_LIST
from domain.errors import Invalid
from domain.spelling import plain
from domain.territory import parts

REGISTER_PATH = "/poles"
MOST_YEARS = 15
USUAL_YEARS = 6
"""Years of a table: as many as it has at most, and unless others are asked for."""

PLACES: Mapping[str, str] = {"region": "region", "departement": "department"}
TITLES: Mapping[str, str] = {
    "etape": "Étape",
    "region": "Région",
    "departement": "Département",
    "nature": "Nature",
    "appel": "Appel",
    "financeur": "Financeur",
    "regime": "Régime d'aide",
}
"""What rows are, as addresses and as people say it."""


class UnknownReport(Invalid):
    """A table counts one of the things that it can count, in rows that these have."""

    code = "report.unknown"
    fr = "« {text} » ne se lit pas ainsi ; au choix : {among}."
    en = "“{text}” is not read so; one of: {among}."


class NotTheseYears(Invalid):
    """A table has some years, one after the other."""

    code = "report.years"
    fr = f"Les années vont de la plus ancienne à la plus récente, {MOST_YEARS} au plus."
    en = f"Years go from the earliest to the latest, {MOST_YEARS} at most."


@dataclass(frozen=True, slots=True)
class YearMeasure:
    """Something that is counted, or added up, year by year.

    Args:
        listing: where each line of it is read; the register, where it is none.
        dated: the date by which a line is of a year; what stands at the end of it, where it is
            none.
        summed: the amount that is added up, in cents; lines are counted, where it is none.
        rows: what its rows may be, each with the field that says it.
    """

    title: str
    says: str
    rows: Mapping[str, str]
    listing: Listing[Any] | None = None
    dated: str = ""
    summed: str = ""

    @property
    def path(self) -> str:
        """Where its lines are read."""
        return self.listing.path if self.listing else REGISTER_PATH

    @property
    def adds_up(self) -> bool:
        """Whether its years may be added: what stands at the end of each may not."""
        return bool(self.dated)


MEASURES: Mapping[str, YearMeasure] = {
    "poles": YearMeasure(
        "Pôles à la fin de l'année",
        "Les pôles du registre au 31 décembre, chacun à l'étape où il se tient ce jour-là.",
        {"etape": "stage", **PLACES},
    ),
    "entrees": YearMeasure(
        "Pôles entrés dans l'année à leur étape",
        "Les pôles qui, au 31 décembre, sont à une étape où ils sont entrés dans l'année.",
        {"etape": "stage", **PLACES},
        dated="period",
    ),
    "membres": YearMeasure(
        "Membres des pôles à la fin de l'année",
        "Les membres que le registre connaît aux pôles au 31 décembre.",
        {"nature": "member_kind", **PLACES},
        MEMBERS_LIST,
    ),
    "reconnaissances": YearMeasure(
        "Reconnaissances de l'année",
        "Les reconnaissances accordées dans l'année et en vigueur à sa fin.",
        {"nature": "recognition_kind", **PLACES},
        RECOGNITION_LIST,
        "occurred_on",
    ),
    "signatures": YearMeasure(
        "Signatures de chartes dans l'année",
        "Les signatures de l'année, en vigueur à sa fin.",
        {"nature": "charter_kind", **PLACES},
        SIGNATURE_LIST,
        "occurred_on",
    ),
    "dossiers": YearMeasure(
        "Dossiers commencés dans l'année",
        "Les dossiers aux appels de l'État, à l'étape où ils se tiennent à la fin de l'année.",
        {"appel": "call_code", "etape": "stage"},
        DOSSIERS,
        "occurred_on",
    ),
    "promis": YearMeasure(
        "Montants convenus dans l'année",
        "Ce que les financeurs ont accordé dans l'année, comme il est convenu à sa fin.",
        {"financeur": "funder", "etape": "stage", "regime": "regime", **PLACES},
        COMMITMENTS,
        "granted_on",
        "agreed_cents",
    ),
    "paye": YearMeasure(
        "Montants payés, cumulés à la fin de l'année",
        "Tout ce qui est payé au 31 décembre, depuis le premier versement.",
        {"financeur": "funder", "etape": "stage", "regime": "regime", **PLACES},
        COMMITMENTS,
        "",
        "paid_cents",
    ),
}
"""What can be counted, by the word for it in addresses."""


@dataclass(frozen=True, slots=True)
class TableAsked:
    """Which table is asked for: what it counts, in which rows, of which years."""

    measure: str
    rows: str
    years: tuple[int, ...]

    @property
    def of(self) -> YearMeasure:
        return MEASURES[self.measure]

    @property
    def field(self) -> str:
        """The field that says in which row a line is."""
        return self.of.rows[self.rows]

    @property
    def is_of_places(self) -> bool:
        return self.rows in PLACES


def table_asked(measure: str, rows: str, first: str, last: str, today: date) -> TableAsked:
    """The table that some words mean; refused where there is none."""
    measure = measure or next(iter(MEASURES))
    if measure not in MEASURES:
        raise UnknownReport(text=measure[:40], among=", ".join(MEASURES))
    rows = rows or next(iter(MEASURES[measure].rows))
    if rows not in MEASURES[measure].rows:
        raise UnknownReport(text=rows[:40], among=", ".join(MEASURES[measure].rows))
    given = [text for text in (first, last) if text]
    if not all(text.isdecimal() and len(text) == 4 for text in given):
        raise NotTheseYears
    end = min(int(last or today.year), today.year)
    start = int(first) if first else end - USUAL_YEARS + 1
    if not 0 <= end - start < MOST_YEARS:
        raise NotTheseYears
    return TableAsked(measure, rows, tuple(range(start, end + 1)))


def end_of(year: int, today: date) -> date:
    """The day on which a year is read: its last one, or today where it is not over."""
    return min(date(year, 12, 31), today)


@dataclass(frozen=True, slots=True)
class YearFigure:
    """A figure, and what chooses the lines that it counts in their list."""

    number: int
    query: Mapping[str, str]
    day: date | None = None
    """The day on which they are read; that of the table, unless said."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row: what it is called, its figures in the order of the columns, and their sum."""

    title: str
    figures: tuple[YearFigure, ...]

    @property
    def total(self) -> int:
        return sum(figure.number for figure in self.figures)


@dataclass(frozen=True, slots=True)
class CrossTable:
    """A table of figures.

    Args:
        columns: what its columns are called: the years, then that of what has no known year.
        whole: all that is counted, each line once: a pole of two regions is in two rows.
    """

    asked: TableAsked
    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]
    whole: TableRow

    @property
    def counts_twice(self) -> bool:
        """Whether some lines are in several rows, so that the rows come to more than the whole."""
        pairs = zip(*(row.figures for row in self.rows), strict=True)
        sums = [sum(figure.number for figure in of) for of in pairs]
        return any(one > all_.number for one, all_ in zip(sums, self.whole.figures, strict=False))

    def lines(self) -> tuple[tuple[str, ...], list[tuple[Cell, ...]]]:
        """The same as the lines of a file."""
        adds_up = self.asked.of.adds_up
        titles = (TITLES[self.asked.rows], *self.columns, *(("Total",) if adds_up else ()))
        return titles, [
            (
                row.title,
                *(self.cell(figure.number) for figure in row.figures),
                *((self.cell(row.total),) if adds_up else ()),
            )
            for row in (*self.rows, replace(self.whole, title="Ensemble"))
        ]

    def cell(self, number: int) -> Cell:
        """A figure as a sheet holds it."""
        return Money(number) if self.asked.of.summed else number


@dataclass(slots=True)
class YearTally:
    """What one column counts: by the values of the rows, and altogether."""

    by_value: dict[str, int] = field(default_factory=dict)
    whole: int = 0


def cross_table(
    asked: TableAsked,
    tallies: Mapping[str, tuple[date, YearTally]],
    titles: Mapping[str, str],
) -> CrossTable:
    """A table of what was counted.

    Args:
        tallies: each column, with the day on which it was read and what it counts.
        titles: what the values of the rows are called, in the order of the rows.
    """
    values = {value for _, tally in tallies.values() for value in tally.by_value}
    known = [value for value in titles if value in values]
    others = sorted(values - titles.keys() - {""}, key=plain)
    rows = tuple(
        TableRow(
            titles.get(value, value) or "non renseigné",
            tuple(
                YearFigure(tally.by_value.get(value, 0), _query(asked, column, value), day)
                for column, (day, tally) in tallies.items()
            ),
        )
        for value in (*known, *others, *([""] if "" in values and "" not in known else []))
    )
    whole = tuple(
        YearFigure(tally.whole, _query(asked, column), day)
        for column, (day, tally) in tallies.items()
    )
    return CrossTable(asked, tuple(tallies), rows, TableRow("Ensemble", whole))


def _query(asked: TableAsked, column: str, value: str | None = None) -> dict[str, str]:
    """What chooses the lines of a column in their list, and of a row where one is given."""
    chosen = {asked.field: value or NOWHERE} if value is not None else {}
    if not asked.of.dated:
        return chosen
    dated = {} if _is_its_own(asked.of) else {"dated": asked.of.dated}
    return {**chosen, "period": column, **dated}


def _is_its_own(measure: YearMeasure) -> bool:
    return measure.listing is None or measure.listing.dated == measure.dated


def apart(asked: TableAsked, counted: Sequence[tuple[Any, int]]) -> dict[str, int]:
    """Figures by value; of what lies in several places, in each of them."""
    found: dict[str, int] = {}
    for value, number in counted:
        said = str(value or "")
        for one in (parts(said) or ("",)) if asked.is_of_places else (said,):
            found[one] = found.get(one, 0) + number
    return found
