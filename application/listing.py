"""Lists as questions: declared once, asked on the command line, over HTTP and on a page."""

from collections import ChainMap
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

from application.awaited import Awaited, Thing, awaits
from application.wording import WORDS, date_in_words
from application.world import Moment, World
from domain.dates import PartialDate
from domain.provenance import Confidence
from domain.roles import Role
from domain.values import Frozen

L = TypeVar("L", bound=Frozen)


class Listed(Frozen):
    """What every line of a list says: of what, of which pole, since when, and who says so."""

    id: UUID
    pole: UUID | None = None
    fact: UUID
    """The event by which it is known."""
    occurred_on: PartialDate
    until: date | None = None
    """The day from which it no longer holds, where that is known."""
    source: str | None = None
    confidence: Confidence | None = None
    pole_code: str | None = None
    pole_name: str | None = None
    contested: bool = False
    """Whether somebody contests the fact, and nobody has answered yet."""
    contest_answered: str = ""
    """What was answered to those who contested it, in words."""

    UNKNOWN: ClassVar[Mapping[str, str]] = {}
    """What is said of a member that nobody knows; of the others nothing is said."""

    @property
    def contest_mark(self) -> str:
        """What is said beside it in brackets: that it is contested, or what was answered."""
        return mark_of(self.contested, self.contest_answered)


def mark_of(contested: bool, answered: str) -> str:
    """A mark at the end of a line of text, with the space before it; empty where it has none."""
    said = [part for part in ("contesté" * contested, answered) if part]
    return f" [{' ; '.join(said)}]" if said else ""


JOINED = frozenset({"pole_code", "pole_name", "contested", "contest_answered"})
"""What a line gets from other lists, at the moment asked about."""

LINE_TITLES: Mapping[str, str] = {
    "pole_name": "Pôle",
    "occurred_on": "Depuis",
    "until": "Jusqu'au",
    "source": "Source",
    "confidence": "Confiance",
    "id": "Identifiant",
}

Words = Callable[[World, Moment], Mapping[str, str]]
"""What gives the words of codes, as they were known then."""


@dataclass(frozen=True, slots=True)
class Listing(Generic[L]):
    """A list that can be asked for at any moment, whole or of one pole.

    Args:
        name: the concept; `recognition` is `jalon recognition list` and `/api/recognitions`.
        line: what it is made of. Its fields are the columns of its table; those that are shown
            have a `title`.
        path: the address of its page.
        columns: the fields that people see, in order.
        filters: the fields that may be asked for by their value.
        words: the fields whose codes have words that only the registry knows, such as the stages
            of published journeys: what gives them.
        begun_by: the command by which it gets a line; an empty list names it.
        ask: who answers, where it is not the table.
        complete: what adds to a line what no table may keep: sealed words, opened to be shown.
        detail: the column that leads to a page of each line, and that address before its identity.
        leads: the columns that lead elsewhere, each by the field that holds the address.
        headings: what columns are called here, where it is not the title of their field.
        above: the column whose sentences are said once, above the lines that have them.
        whole: whether, where no pole is asked for, it tells of all of them; else only of none.
        ends_with_pole: whether its lines hold no longer from the day their pole ended: they are of
            a pole that is there, not of what it once did or was told (product rule).
        own: what of it is written by hand, in the file of the concept: `verb`, `route`, `page`.
        beside: other pages that its page leads to, by their addresses, with what they are called.
        awaits: what its lines may wait for, each an act of somebody; `thing` is what one is called.
        called: the field by which a line is named among others; of a list whose things have no
            name, none: each is then called as the thing is.
        readers: who alone may read it, each reading being noted; everybody may, unless said.
        dated: the date by which a line is of a year or of a month.
        sorts: the columns that are worked out, each by the field that puts them in order; by
            none, where no table may keep what they say.
    """

    name: str
    line: type[L]
    title: str
    says: str
    path: str
    columns: tuple[str, ...]
    empty: str
    begun_by: str
    plural: str = ""
    filters: tuple[str, ...] = ()
    words: Mapping[str, Words] = field(default_factory=dict)
    order: tuple[str, ...] = ("valid_from",)
    ask: Callable[[World, Moment], list[Any]] | None = None
    complete: Callable[[World, Any], Any] | None = None
    about_poles: bool = True
    detail: tuple[str, str] | None = None
    leads: Mapping[str, str] = field(default_factory=dict)
    headings: Mapping[str, str] = field(default_factory=dict)
    above: str = ""
    whole: bool = True
    ends_with_pole: bool = False
    own: frozenset[str] = frozenset()
    beside: Mapping[str, str] = field(default_factory=dict)
    thing: str = ""
    called: str = "title"
    awaits: tuple[Awaited[Any], ...] = ()
    readers: tuple[Role, ...] = ()
    dated: str = "occurred_on"
    sorts: Mapping[str, str] = field(default_factory=dict)

    @property
    def resource(self) -> str:
        """Its name in addresses of the API."""
        return (self.plural or f"{self.name}s").replace("_", "-")

    def heading(self, name: str) -> str:
        """What a column is called."""
        said = self.headings.get(name) or self.line.model_fields[name].title
        return said or LINE_TITLES.get(name, name)


LISTINGS: dict[str, Listing[Any]] = {}
"""Every list that everybody may read, by its name."""

RESERVED: dict[str, Listing[Any]] = {}
"""Every list that only some may read, by its name."""

EVERY_LIST: Mapping[str, Listing[Any]] = ChainMap(LISTINGS, RESERVED)
"""All of them, by their names."""


def listing(declared: Listing[L]) -> Listing[L]:
    """Declare a list; a name is given once."""
    lists, others = (RESERVED, LISTINGS) if declared.readers else (LISTINGS, RESERVED)
    if declared.name in others or lists.setdefault(declared.name, declared) is not declared:
        msg = f"{declared.name} names two lists"
        raise ValueError(msg)
    if declared.awaits:
        awaits(Thing(declared.name, declared.thing or declared.title, declared.awaits, declared))
    return declared


def said_above(asked: Listing[Any], lines: Iterable[Frozen]) -> list[str]:
    """What is said once of the lines of a list, and on none of them."""
    said = (value_as_read(getattr(line, asked.above)) for line in lines if asked.above)
    return [words for words in dict.fromkeys(said) if words]


def cell(line: Frozen, name: str, words: Mapping[str, Mapping[str, str]] | None = None) -> str:
    """What a column says of a line, as people read it; empty where it says nothing.

    Of what nobody knows it says so, where the line does not leave it out.

    Args:
        words: of the columns that hold codes of the registry, what those are called.
    """
    value = getattr(line, name)
    called = words.get(name, {}) if words else {}
    said = called.get(str(value)) or value_as_read(value)
    return said or getattr(type(line), "UNKNOWN", {}).get(name, "")


def value_as_code(value: Any) -> str:
    """A stored value as addresses write it."""
    return str(value).lower() if isinstance(value, bool) else str(value or "")


def date_alone(text: str) -> str:
    """A date, or the part of it that is known, as in a column: `25 juin 2012`, `2021`."""
    words = date_in_words(text) if text else ""
    return words.removeprefix("le ").removeprefix("en ")


def value_as_read(value: Any) -> str:
    """A value of a line in French."""
    match value:
        case None | "":
            return ""
        case bool():
            return "oui" if value else "non"
        case PartialDate():
            return date_in_words(str(value))
        case date():
            return date_in_words(value.isoformat())
        case StrEnum():
            return WORDS[type(value)][value]
        case tuple() | list():
            return ", ".join(value_as_read(part) for part in value)
        case int():
            return f"{value:,}".replace(",", "\u202f")
        case _:
            return str(value)
