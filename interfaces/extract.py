"""How an extract is handed over as a file: CSV, a workbook, or JSON; never anything to compute."""

import io
import json
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any
from urllib.parse import quote

import xlsxwriter
from fastapi import Response

from application.extract import Cell, Extract, Money
from application.spreadsheet import french_table, plain_text
from domain.spelling import plain
from interfaces.download import GUARDS


class FileForm(StrEnum):
    """The forms in which lines are taken away."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"


QUESTION = "Question"
"""Under what the question stands in a file."""

FIRST_DAY = date(1900, 3, 1)
"""Workbooks know no day before this one without counting one too many."""

LONGEST_TEXT = 32_767
"""Letters of one cell of a workbook."""

WIDEST = 60
"""Letters across of a column."""


def handed_out(extract: Extract, form: FileForm) -> Response:
    """An extract as a file, under a name that says what it is of and which day it is about."""
    write, media_type = FORMS[form]
    name = f"{extract.name}.{form}"
    named = f"attachment; filename=\"{plain_name(name)}\"; filename*=UTF-8''{quote(name, safe='')}"
    return Response(
        write(extract), media_type=media_type, headers={**GUARDS, "Content-Disposition": named}
    )


def plain_name(name: str) -> str:
    """A name of a file in ASCII, with its ending."""
    stem, _, ending = name.rpartition(".")
    return f"{plain(stem)}.{ending}"


# --- CSV ----------------------------------------------------------------------------------------


def as_csv(extract: Extract) -> bytes:
    """The lines under their titles; then, after an empty record, the question.

    Every record has as many fields as there are columns, two at least.
    """
    width = max(len(extract.columns), 2)

    def record(cells: tuple[Cell, ...]) -> list[str | int]:
        return [_as_text(cell) for cell in cells] + [""] * (width - len(cells))

    question = [record((name, said)) for name, said in extract.asked.items()]
    records = [record(extract.columns), *map(record, extract.rows), record(()), *question]
    return french_table(records).encode()


def _as_text(cell: Cell) -> str | int:
    match cell:
        case None:
            return ""
        case Money(cents):
            return f"{'-' * (cents < 0)}{abs(cents) // 100},{abs(cents) % 100:02d}"
        case date():
            return cell.isoformat()
        case int():
            return cell
    return plain_text(cell)


# --- JSON ---------------------------------------------------------------------------------------


def as_json(extract: Extract) -> bytes:
    """The question, the titles of the columns, and each line by these titles."""
    lines = [
        {title: _as_value(cell) for title, cell in zip(extract.columns, row, strict=True)}
        for row in extract.rows
    ]
    told = {"question": dict(extract.asked), "colonnes": extract.columns, "lignes": lines}
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def _as_value(cell: Cell) -> Any:
    match cell:
        case Money(cents):
            return cents / 100
        case date():
            return cell.isoformat()
    return cell


# --- workbook -----------------------------------------------------------------------------------

CAREFUL: Mapping[str, Any] = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
"""What keeps a text what it is: a word is never computed, nor followed."""


def as_xlsx(extract: Extract) -> bytes:
    """A workbook of two sheets: the lines, their first row in sight; and the question."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, dict(CAREFUL))
    book.set_properties({"title": extract.title, "created": _midnight(extract.day)})
    strong = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    kinds = {
        date: book.add_format({"num_format": "dd/mm/yyyy"}),
        Money: book.add_format({"num_format": '#,##0.00\\ "€"'}),
        int: book.add_format({"num_format": "#,##0"}),
    }
    lines = book.add_worksheet("Lignes")
    for place, title in enumerate(extract.columns):
        lines.write_string(0, place, title, strong)
    for number, row in enumerate(extract.rows, 1):
        for place, cell in enumerate(row):
            _write(lines, number, place, cell, kinds)
    for place, width in enumerate(_widths(extract)):
        lines.set_column(place, place, width)
    lines.freeze_panes(1, 0)
    if extract.columns:
        lines.autofilter(0, 0, len(extract.rows), len(extract.columns) - 1)
    lines.set_landscape()
    lines.set_paper(9)  # A4
    lines.fit_to_pages(1, 0)
    lines.repeat_rows(0)
    question = book.add_worksheet(QUESTION)
    question.set_column(0, 0, 28)
    question.set_column(1, 1, WIDEST)
    for number, (name, said) in enumerate(extract.asked.items()):
        question.write_string(number, 0, name, strong)
        question.write_string(number, 1, said)
    book.close()
    return out.getvalue()


def _write(sheet: Any, row: int, place: int, cell: Cell, kinds: Mapping[type, Any]) -> None:
    match cell:
        case None:
            return
        case Money(cents):
            sheet.write_number(row, place, cents / 100, kinds[Money])
        case date() if cell >= FIRST_DAY:
            sheet.write_datetime(row, place, _midnight(cell), kinds[date])
        case date():
            sheet.write_string(row, place, cell.strftime("%d/%m/%Y"))
        case int():
            sheet.write_number(row, place, cell, kinds[int])
        case str():
            cut = f"{cell[: LONGEST_TEXT - 1]}…" if len(cell) > LONGEST_TEXT else cell
            sheet.write_string(row, place, cut)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def _widths(extract: Extract) -> list[int]:
    """How wide each column is, by what its first lines say."""
    seen = [extract.columns, *extract.rows[:200]]
    return [
        min(max(len(str(_as_text(row[place]))) for row in seen) + 3, WIDEST)
        for place in range(len(extract.columns))
    ]


FORMS: Mapping[FileForm, tuple[Callable[[Extract], bytes], str]] = {
    FileForm.CSV: (as_csv, "text/csv; charset=utf-8; header=present"),
    FileForm.XLSX: (
        as_xlsx,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    FileForm.JSON: (as_json, "application/json"),
}
"""How each form is written, and what it is called on the network."""
