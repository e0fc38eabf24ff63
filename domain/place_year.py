"""Years of codes, each told as what it changes in the one before; those loaded into a registry."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from domain.errors import Refused
from domain.kernel import Aggregate, Event, event
from domain.place import Gazetteer, Nature, PlaceEntry
from domain.territory import Year
from domain.values import Frozen, Line

PLACES = UUID("5a0c27d4-9be1-4f63-8d27-c4b19e3f7a60")
"""The one stream of the years that were loaded into a registry."""

SEPARATOR = "\t"


def line_of(entry: PlaceEntry) -> str:
    """What a year says of a code, on a line: its fields apart by tabulations, but the years."""
    return SEPARATOR.join((*entry[:8], " ".join(entry.former)))


def entry_of(line: str, year: int) -> PlaceEntry:
    """The same, read back."""
    fields = line.split(SEPARATOR)
    nature, code, name, department, region, epci, ept, chief, former = fields
    old = tuple(former.split())
    return PlaceEntry(nature, code, name, department, region, epci, ept, chief, old, year, year)


_NATURES = "|".join(Nature)
EntryLine = Annotated[
    str,
    StringConstraints(
        max_length=3000,
        pattern=rf"^(?:{_NATURES})\t[0-9A-Z]{{2,12}}(?:\t[^\x00-\x1f\x7f]*){{7}}$",
    ),
]
EntryKey = Annotated[str, StringConstraints(pattern=rf"^(?:{_NATURES}):[0-9A-Z]{{2,12}}$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]

MOST_LOST = 20
"""One commune in so many may end, or be called otherwise, from one year to the next; where more

do, it is another set of data, or a file in another encoding (product rule)."""


class YearChange(Frozen):
    """What a year says that the one before does not: codes that ended, codes told anew."""

    year: Year
    ended: tuple[EntryKey, ...] = ()
    changed: tuple[EntryLine, ...] = ()


def change_to(known: Gazetteer, year: int, entries: Iterable[PlaceEntry]) -> YearChange:
    """What a year says that the last one known does not."""
    present = {_key(e): e for e in known.entries if e.last == known.last_year}
    told = {_key(entry): entry for entry in entries}
    changed = [
        line_of(entry)
        for key, entry in sorted(told.items())
        if not (key in present and present[key].same_as(entry))
    ]
    return YearChange(
        year=year, ended=tuple(sorted(present.keys() - told.keys())), changed=tuple(changed)
    )


def with_year(known: Gazetteer, change: YearChange) -> Gazetteer:
    """The same data with a year more; as they were, where they have that year already."""
    if change.year != known.last_year + 1:
        return known
    year, last = change.year, known.last_year
    changed = [entry_of(line, year) for line in change.changed]
    stopped = {*change.ended, *map(_key, changed)}
    kept = (
        entry._replace(last=year) if entry.last == last and _key(entry) not in stopped else entry
        for entry in known.entries
    )
    return Gazetteer([*kept, *changed], years=range(known.years[0], year + 1))


def _key(entry: PlaceEntry) -> str:
    return f"{entry.nature}:{entry.code}"


def _shaken(known: Gazetteer, change: YearChange) -> tuple[int, int]:
    """How many communes of the last year would end or be called otherwise, and of how many."""
    present = {e.code: e.name for e in known.entries_of(Nature.COMMUNE, known.last_year)}
    told = (entry_of(line, change.year) for line in change.changed)
    named = {entry.code: entry.name for entry in told if entry.nature == Nature.COMMUNE}
    gone = frozenset(change.ended)
    ended = sum(f"{Nature.COMMUNE}:{code}" in gone for code in present)
    renamed = sum(named.get(code, name) != name for code, name in present.items())
    return ended + renamed, len(present)


def _contradiction(known: Gazetteer, change: YearChange) -> str | None:
    """A code that a change tells twice, or ends without its having been there."""
    told = Counter([*change.ended, *(_key(entry_of(line, 0)) for line in change.changed)])
    present = {_key(entry) for entry in known.entries if entry.last == known.last_year}
    twice = (key for key, times in told.items() if times > 1)
    return next(twice, next((key for key in change.ended if key not in present), None))


class NotTheNextYear(Refused):
    """Years follow one another, so that nobody has to guess what happened between them."""

    code = "place.not_next_year"
    fr = "L'année {year} ne suit pas {last}, la dernière connue : chargez d'abord {next}."
    en = "The year {year} does not follow {last}, the last one known: load {next} first."


class YearAlreadyKnown(Refused):
    """A year is loaded once: what was checked against it stays so."""

    code = "place.year_known"
    fr = "Les codes de {year} sont déjà connus : une année connue ne change plus."
    en = "The codes of {year} are known already: a year that is known no longer changes."


class InconsistentYear(Refused):
    """A year tells each code once."""

    code = "place.inconsistent_year"
    fr = "L'année {year} se contredit : {place} y figure deux fois, ou n'était pas là en {last}."
    en = "The year {year} contradicts itself: {place} stands twice, or was not there in {last}."


class AnotherSetOfData(Refused):
    """A year changes some codes, not most of them."""

    code = "place.implausible_year"
    fr = (
        "Ces données ne prolongent pas l'année {last} : {count} communes sur {of} auraient disparu "
        "ou changé de nom en un an. Rien n'a été chargé."
    )
    en = (
        "These data do not follow the year {last}: {count} communes out of {of} would have ended "
        "or changed names in one year. Nothing was loaded."
    )


class PlaceYears(Aggregate):
    """The years of data that were loaded into a registry, beyond those of the product."""

    class YearLoaded(Event):
        """A year of data became part of the reference: what it changed, and out of which files."""

        TOPIC = "place.year_loaded.v1"
        UNDONE_BY = ("place.load",)
        change: YearChange
        package: Line
        files: Mapping[str, Sha256]

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.changes: list[YearChange] = []
        self.packages: dict[int, str] = {}
        self.files: dict[int, dict[str, str]] = {}

    def load(
        self, change: YearChange, *, package: str, files: Mapping[str, str], known: Gazetteer
    ) -> None:
        """Take in the year that follows the last one known."""
        last = known.last_year
        if change.year <= last:
            raise YearAlreadyKnown(year=change.year)
        if change.year != last + 1:
            raise NotTheNextYear(year=change.year, last=last, next=last + 1)
        if key := _contradiction(known, change):
            raise InconsistentYear(year=change.year, last=last, place=key)
        count, of = _shaken(known, change)
        if count * MOST_LOST > of:
            raise AnotherSetOfData(last=last, count=count, of=of)
        self._loaded(change=change, package=package, files=dict(files))

    @event(YearLoaded)
    def _loaded(self, *, change: YearChange, package: str, files: Mapping[str, str]) -> None:
        self.changes.append(change)
        self.packages[change.year] = package
        self.files[change.year] = dict(files)
