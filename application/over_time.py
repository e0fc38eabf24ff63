"""Days at which to count something over time: never more than an image and a table can show."""

from collections.abc import Iterable
from datetime import date

MOST = 120
"""The days of an image at most: beyond them, some as far apart as can be."""

YEARS = 25
"""The lines of a table at most, one a year: the last ones."""


def some_days(days: Iterable[date], until: date) -> list[date]:
    """The days on which something changed by another, and that one; not more than can be shown."""
    changed = sorted({day for day in days if day < until})
    if len(changed) > MOST:
        last = len(changed) - 1
        changed = [changed[at * last // (MOST - 1)] for at in range(MOST)]
    return [*changed, until]


def year_ends(days: Iterable[date], until: date) -> list[date]:
    """The last day of each year since the first of some days, and another day that is the last."""
    first = min(days, default=until)
    ends = (date(year, 12, 31) for year in range(first.year, until.year))
    return [*ends, until][-YEARS:]
