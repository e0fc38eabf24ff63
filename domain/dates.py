"""Days of the calendar in Paris, and dates of which only a part is known."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from pydantic_core import CoreSchema, core_schema

PARIS = ZoneInfo("Europe/Paris")

_FORM = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


_FRENCH = re.compile(r"(?:(\d{1,2})/)?(\d{1,2})/(\d{4})", re.ASCII)


def as_iso(text: str) -> str:
    """A day or a month as French people write it (`22/11/2026`, `11/2026`) as registers do.

    Anything else, and a day that does not exist, is given back as it is, for whoever reads it to
    accept or to refuse in the words that were typed.
    """
    form = _FRENCH.fullmatch(text.strip())
    if form is None:
        return text
    day, month, year = form.groups()
    iso = f"{year}-{month:0>2}-{day:0>2}" if day else f"{year}-{month:0>2}"
    return iso if _exists(iso) else text


def _exists(iso: str) -> bool:
    try:
        date.fromisoformat(f"{iso}-01"[:10])
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A day (`2012-06-25`), a month (`2012-06`), a year (`2012`) or `unknown`.

    It begins on its first day, and is always shown with no more precision than it has.
    Days that do not exist are refused.
    """

    root: str

    def __post_init__(self) -> None:
        if self.root == "unknown":
            return
        form = _FORM.fullmatch(self.root)
        if not form and _FRENCH.fullmatch(self.root.strip()) and as_iso(self.root) == self.root:
            msg = f"« {self.root} » n'existe pas dans le calendrier."
            raise ValueError(msg)
        if not form:
            msg = f"« {self.root[:40]} » n'est pas une date : écrire AAAA, AAAA-MM ou AAAA-MM-JJ."
            raise ValueError(msg)
        year, month, day = (int(part or 1) for part in form.groups())
        try:
            date(year, month, day)
        except ValueError:
            msg = f"« {self.root} » n'existe pas dans le calendrier."
            raise ValueError(msg) from None

    @classmethod
    def __get_pydantic_core_schema__(cls, _: Any, __: Any) -> CoreSchema:
        text = core_schema.no_info_after_validator_function(_parsed, core_schema.str_schema())
        return core_schema.json_or_python_schema(
            json_schema=text,
            python_schema=core_schema.union_schema([core_schema.is_instance_schema(cls), text]),
            serialization=core_schema.to_string_ser_schema(),
        )

    @classmethod
    def on(cls, day: date) -> "PartialDate":
        """The date of which everything is known."""
        return cls(day.isoformat())

    def in_words(self, language: str = "fr") -> str:
        """The date in words, with no more precision than it has."""
        if not self.first_day:
            return "date unknown" if language == "en" else "date inconnue"
        words = day_in_words(self.first_day, language).split(" ")
        return " ".join(words[{"day": 0, "month": 1, "year": 2}[self.precision] :])

    @property
    def is_known(self) -> bool:
        return self.root != "unknown"

    @property
    def precision(self) -> str:
        """One of `day`, `month`, `year`, `unknown`."""
        if not self.is_known:
            return "unknown"
        return {10: "day", 7: "month", 4: "year"}[len(self.root)]

    @property
    def first_day(self) -> date | None:
        """The day on which it begins; `None` when unknown."""
        if not self.is_known:
            return None
        return date.fromisoformat(f"{self.root}-01-01"[:10])

    @property
    def last_day(self) -> date | None:
        """The last day it may mean; `None` when unknown."""
        if not self.is_known:
            return None
        match self.precision:
            case "day":
                return date.fromisoformat(self.root)
            case "month":
                year, month = int(self.root[:4]), int(self.root[5:])
                return date(year, month, calendar.monthrange(year, month)[1])
            case _:
                return date(int(self.root), 12, 31)

    def __str__(self) -> str:
        return self.root


@lru_cache(maxsize=4096)
def _parsed(text: str) -> PartialDate:
    return PartialDate(text)  # the same few dates come back at every replay


UNKNOWN = PartialDate("unknown")


MONTHS = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]
_MONTHS_EN = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def day_in_words(day: date, language: str = "fr") -> str:
    """`1er mai 2024`, or `1 May 2024`."""
    if language == "en":
        return f"{day.day} {_MONTHS_EN[day.month - 1]} {day.year}"
    return f"{'1er' if day.day == 1 else day.day} {MONTHS[day.month - 1]} {day.year}"


def days_after(day: date, number: int) -> date:
    """The day that comes a number of days after another; the last of the calendar at most."""
    return day + timedelta(days=min(number, (date.max - day).days))


def paris_day(instant: datetime) -> date:
    """The day it is in Paris at an instant."""
    return instant.astimezone(PARIS).date()
