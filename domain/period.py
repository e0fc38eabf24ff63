"""Lengths of time, counted in days of Paris as the law counts them."""

import calendar
from datetime import date, timedelta
from functools import lru_cache
from typing import Annotated

from pydantic import StringConstraints

Period = Annotated[
    str, StringConstraints(pattern=r"^[1-9]\d{0,3} (days|working_days|weeks|months|years)$")
]
"""A length of time, as `2 months` or `10 working_days`."""

DAY = timedelta(days=1)


def end_of(period: str, since: date, *, extended: bool = True) -> date:
    """The last day of a period: it is over at midnight in Paris, when that day ends.

    - The day of the act does not count. A period in months or years ends on the day that bears
      the same number; where the month has none, on its last day (code de procédure civile,
      article 641).
    - A period in weeks ends on the same day of the week (product rule, after article 3 of
      regulation 1182/71), one in working days on the last of so many (product rule).
    - It ends when that day does, and one that would end on a Saturday, a Sunday or a public
      holiday runs to the next working day (article 642). That article is about procedure: to
      count every deadline so, unless its definition says otherwise, is a product rule.

    Args:
        extended: whether it runs to the next working day.

    Returns:
        a day; the last of the calendar where the period goes beyond it.
    """
    try:
        day = _counted(period, since, forward=True)
        while extended and not is_working(day):
            day += DAY
    except OverflowError:
        return date.max
    return day


def before(period: str, day: date) -> date:
    """The day that comes a period before another, counted back by the same numbers.

    It is not moved where it falls on a holiday (product rule: a reminder costs nobody a right).
    """
    try:
        return _counted(period, day, forward=False)
    except OverflowError:
        return date.min


def is_working(day: date) -> bool:
    """Whether people work: Monday to Friday, but on the holidays of article L3133-1.

    The holidays that some territories add (Alsace, Moselle, overseas) are not counted (product
    rule): one calendar holds for the whole register.
    """
    return day.weekday() < 5 and day not in _holidays(day.year)


@lru_cache(maxsize=256)
def _holidays(year: int) -> frozenset[date]:
    """The eleven fêtes légales of a year (code du travail, article L3133-1)."""
    # Reading the package takes 40 ms, which whoever counts no working day need not wait for. Its
    # own calendar fills itself when it is asked: one a year, and no thread sees half of it.
    from holidays import country_holidays

    return frozenset(country_holidays("FR", years=year))


def _counted(period: str, since: date, *, forward: bool) -> date:
    amount, _, unit = period.partition(" ")
    number = int(amount) if forward else -int(amount)
    match unit:
        case "days":
            return since + timedelta(days=number)
        case "weeks":
            return since + timedelta(weeks=number)
        case "months":
            return _same_number(since, number)
        case "years":
            return _same_number(since, 12 * number)
        case _:
            return _working_days(since, number)


def _same_number(since: date, months: int) -> date:
    """The day of the same number so many months away, or the last one of that month."""
    year, month = divmod(12 * since.year + since.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        raise OverflowError
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(since.day, last))


def _working_days(since: date, number: int) -> date:
    day, step = since, DAY if number > 0 else -DAY
    for _ in range(abs(number)):
        day += step
        while not is_working(day):
            day += step
    return day
