"""Tables for spreadsheets: UTF-8, and words that no sheet computes."""

import csv
import io
from collections.abc import Iterable, Sequence

COMPUTED = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""With what a spreadsheet takes a text for a formula to begin."""


def plain_text(text: str) -> str:
    """A text that a spreadsheet does not take for a formula."""
    return f"'{text}" if text.startswith(COMPUTED) else text


def french_table(records: Iterable[Sequence[str | int]]) -> str:
    """Records as a French spreadsheet opens them: semicolons, quoted texts, CRLF (RFC 4180).

    Texts must be plain already: what is given as a number or an amount may be negative.
    """
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";", quoting=csv.QUOTE_NONNUMERIC).writerows(records)
    return f"\ufeff{out.getvalue()}"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table as CSV; its texts are made plain, so figures that may be negative are not for it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([plain_text(cell) for cell in row] for row in rows)
    return out.getvalue()
