"""What narrows any list beside its own filters, and in which order it is read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from application.choosing import codes, is_day
from application.listing import Listing, date_alone
from domain.dates import as_iso
from domain.errors import Invalid
from domain.spelling import plain
from domain.territory import parts

NOWHERE = "non-renseignee"
"""The region, or the department, of what is in none that is known."""

UNDATED = "inconnue"
"""The period of what has no known date."""

_PERIOD = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-\d{2})?)?", re.ASCII)


class PeriodUnread(Invalid):
    """A period is a year, a month or a day; or that it is not known."""

    code = "list.not_a_period"
    fr = f"« {{text}} » n'est pas une période : écrire 2024, 10/2024, 2024-10 ou « {UNDATED} »."
    en = f"“{{text}}” is not a period: write 2024, 10/2024, 2024-10 or “{UNDATED}”."


class NotAnOrder(Invalid):
    """A list is sorted by one of its columns."""

    code = "list.not_an_order"
    fr = "Cette liste ne se trie pas par « {text} » ; au choix : {among}."
    en = "This list is not sorted by “{text}”; one of: {among}."


class NotADateOfIt(Invalid):
    """A period is that of one of the dates of a line."""

    code = "list.not_a_date"
    fr = "« {text} » n'est pas une date de cette liste ; au choix : {among}."
    en = "“{text}” is not a date of this list; one of: {among}."


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which lines of a list are kept, and their order; all of them in its own order, unless said.

    Args:
        search: words that some column says.
        period: a year, a month or a day, or `UNDATED`.
        dated: the date that lies in it.
        region, department: where the pole of a line acts, or `NOWHERE`.
        sort: the column by which lines are sorted; after a dash, the greatest first.
        words: what the codes of columns are called, for whoever reads or sorts them.
    """

    search: str = ""
    period: str = ""
    dated: str = ""
    region: str = ""
    department: str = ""
    sort: str = ""
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def by_reading(self) -> bool:
        """Whether lines have to be read before it is known which ones come first."""
        return bool(self.search or self.sort)

    @property
    def is_backwards(self) -> bool:
        return self.sort.startswith("-")

    @property
    def column(self) -> str:
        """The column by which lines are sorted."""
        return self.sort.removeprefix("-")

    def in_words(self, asked: Listing[Any]) -> dict[str, str]:
        """By what lines are chosen, each by what it is called."""
        of = f"Période ({asked.heading(self.dated)})" if self.period else ""
        said = {
            "Mots cherchés": self.search,
            of: "date inconnue" if self.period == UNDATED else date_alone(self.period),
            "Région": "non renseignée" if self.region == NOWHERE else self.region,
            "Département": "non renseigné" if self.department == NOWHERE else self.department,
        }
        return {name: words for name, words in said.items() if words}


EVERYTHING = Narrowed()


def narrowed(asked: Listing[Any], given: Mapping[str, str]) -> Narrowed:
    """What somebody who wrote some words meant; refused where a list cannot be so narrowed."""
    period, dated = as_iso(given.get("period", "").strip()), given.get("dated", "")
    if period and period != UNDATED and not _PERIOD.fullmatch(period):
        raise PeriodUnread(text=period[:40])
    if period and (dated or asked.dated) not in dates(asked):
        said = ", ".join(asked.heading(name) for name in dates(asked)) or "aucune"
        raise NotADateOfIt(text=dated[:40] or asked.dated, among=said)
    sort = given.get("sort", "")
    if sort and sort.removeprefix("-") not in sortable(asked):
        raise NotAnOrder(text=sort[:40], among=", ".join(map(asked.heading, sortable(asked))))
    return Narrowed(
        search=given.get("q", "").strip(),
        period=period,
        dated=dated or asked.dated,
        region=given.get("region", ""),
        department=given.get("department", ""),
        sort=sort,
    )


def dates(asked: Listing[Any]) -> tuple[str, ...]:
    """The dates by which lines may be chosen: that of the list first, then those it shows."""
    shown = [name for name in asked.columns if is_day(asked, name)]
    found = dict.fromkeys([asked.dated, *shown] if asked.dated else shown)
    return () if asked.ask else tuple(name for name in found if name in asked.line.model_fields)


def sortable(asked: Listing[Any]) -> tuple[str, ...]:
    """The columns by which a list may be sorted: those that are kept, and not worked out."""
    if asked.ask:
        return asked.columns
    return tuple(name for name in asked.columns if kept_as(asked, name))


def kept_as(asked: Listing[Any], name: str) -> str:
    """The field by whose values a column is sorted; of a sum in words, that in cents."""
    fields = asked.line.model_fields
    among = (f"{name}_cents", asked.sorts.get(name, name))
    return next((one for one in among if one in fields), "")


def order_of(asked: Listing[Any], name: str, value: Any, words: Mapping[str, str]) -> Any:
    """What a stored value is sorted by: numbers as such, codes by their words; the unknown last."""
    if value in (None, "", "unknown"):
        return (1, "")
    if isinstance(value, bool | int):
        return (0, value)
    if is_day(asked, name):
        return (0, str(value))
    called = words.get(str(value)) or (codes(asked, name) or {}).get(str(value))
    return (0, plain(called or str(value)))


def lies_in(said: str | None, name: str) -> bool:
    """Whether a region or a department, or one of several, is the one that is asked for."""
    if name == NOWHERE:
        return not said
    return name in {said, *parts(said)}
