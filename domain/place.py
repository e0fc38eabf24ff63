"""What the codes of places meant, year by year: which existed, and what became of the others."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from domain.likeness import closest
from domain.spelling import plain
from domain.territory import PlaceKind

FIRST_YEAR = 2021
"""The first year of the data; older codes are accepted unchecked."""


class Nature(StrEnum):
    """What a code of the data names. A part is a former commune, or a district of a large one."""

    COMMUNE = "commune"
    DELEGATED = "delegated"
    ASSOCIATED = "associated"
    DISTRICT = "district"
    EPCI = "epci"
    EPT = "ept"
    DEPARTMENT = "department"
    REGION = "region"


NATURES: Mapping[PlaceKind, tuple[Nature, ...]] = {
    PlaceKind.COMMUNE: (Nature.COMMUNE, Nature.DISTRICT),
    PlaceKind.EPCI: (Nature.EPCI, Nature.EPT),
    PlaceKind.DEPARTMENT: (Nature.DEPARTMENT,),
    PlaceKind.REGION: (Nature.REGION,),
}
"""What each kind of place may be. A district of Paris, Lyon or Marseille is located as a commune;

an établissement public territorial (EPT) is an EPCI too (CGCT, article L5219-2)."""

FORMER = (Nature.DELEGATED, Nature.ASSOCIATED)


class PlaceEntry(NamedTuple):
    """What a code named from one year to another, both included.

    `department` and `region` are codes; `epci` and `ept` those of the groupings a commune belongs
    to; `chief` is the commune of which this is a part; `former` the codes that a commune took over.
    A first year that is the first of the data may be any year before, too.
    """

    nature: str
    code: str
    name: str
    department: str = ""
    region: str = ""
    epci: str = ""
    ept: str = ""
    chief: str = ""
    former: tuple[str, ...] = ()
    first: int = FIRST_YEAR
    last: int = FIRST_YEAR

    def holds_in(self, year: int) -> bool:
        return self.first <= year <= self.last

    @property
    def kind(self) -> PlaceKind:
        """As what it is located."""
        return next(
            (kind for kind, natures in NATURES.items() if self.nature in natures),
            PlaceKind.COMMUNE,
        )

    @property
    def said(self) -> str:
        """`35236 Redon`."""
        return f"{self.code} {self.name}"

    def same_as(self, other: "PlaceEntry") -> bool:
        """Whether both say the same of the same code, whatever the years."""
        return self[:9] == other[:9]


class Heir(NamedTuple):
    """What a code that ended became, or a part of it: so many of its communes."""

    entry: PlaceEntry
    communes: int
    of: int


NEAREST = 5
"""How many candidates are named for a code that is not known."""


class Gazetteer:
    """The data of some following years, to be asked about one of them."""

    def __init__(self, entries: Iterable[PlaceEntry], *, years: range) -> None:
        self.entries = tuple(entries)
        self.years = years
        self._by_code: dict[str, dict[str, list[PlaceEntry]]] = {nature: {} for nature in Nature}
        for entry in self.entries:
            self._by_code[entry.nature].setdefault(entry.code, []).append(entry)

    @property
    def last_year(self) -> int:
        return self.years[-1]

    # One code.

    def find(self, kind: PlaceKind, code: str, year: int) -> PlaceEntry | None:
        """What a code named in a year, as something in which a pole can be located."""
        return self._of_nature(NATURES.get(kind, ()), code, year)

    def known(self, kind: PlaceKind, code: str) -> list[PlaceEntry]:
        """Everything that a code ever named, oldest first."""
        natures = NATURES.get(kind, ())
        found = [e for nature in natures for e in self._by_code[nature].get(code, ())]
        return sorted(found, key=lambda entry: entry.first)

    def _of_nature(self, natures: Iterable[str], code: str, year: int) -> PlaceEntry | None:
        return next(
            (
                entry
                for nature in natures
                for entry in self._by_code[nature].get(code, ())
                if entry.holds_in(year)
            ),
            None,
        )

    def former_name(self, code: str, year: int) -> str | None:
        """The name of a former commune that is still a part of another in a year."""
        found = self._of_nature(FORMER, code, year)
        return found.name if found else None

    def within(self, entry: PlaceEntry, year: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The names of the departments and of the regions in which a place lies, most of it first.

        A region lies in itself, and in no department.
        """
        if entry.nature == Nature.REGION:
            return (), (entry.name,)
        if entry.nature == Nature.DEPARTMENT:
            return (entry.name,), self._names(Nature.REGION, [entry.region], year)
        inside = [entry]
        if entry.nature in NATURES[PlaceKind.EPCI]:
            inside = [member for member in self.members(entry.code) if member.holds_in(year)]
        departments = Counter(member.department for member in inside)
        regions = Counter(member.region for member in inside)
        return (
            self._names(Nature.DEPARTMENT, (code for code, _ in departments.most_common()), year),
            self._names(Nature.REGION, (code for code, _ in regions.most_common()), year),
        )

    def _names(self, nature: Nature, codes: Iterable[str], year: int) -> tuple[str, ...]:
        found = (self._of_nature([nature], code, year) for code in codes if code)
        return tuple(entry.name for entry in found if entry)

    def members(self, code: str) -> Sequence[PlaceEntry]:
        """The communes that ever belonged to a grouping, with the years in which they did."""
        return self._members.get(code, ())

    @cached_property
    def _members(self) -> Mapping[str, list[PlaceEntry]]:
        found: dict[str, list[PlaceEntry]] = {}
        for entries in self._by_code[Nature.COMMUNE].values():
            for entry in entries:
                for grouping in (entry.epci, entry.ept):
                    if grouping:
                        found.setdefault(grouping, []).append(entry)
        return found

    # What became of it.

    def successors(self, kind: PlaceKind, code: str, year: int) -> tuple[Heir, ...]:
        """What a code became by a year, the largest part first; nothing where nobody knows.

        A commune becomes the one of which it is a delegated or associated part, or the one that
        took its code over; an EPCI, those to which its communes belong in that year.
        """
        if self.find(kind, code, year):
            return ()
        if kind is PlaceKind.COMMUNE:
            found = self._heirs(code, year, {code})
            return tuple(Heir(entry, 1, 1) for entry in found)
        if kind is PlaceKind.EPCI:
            return tuple(self._dispersed(code, year))
        return ()

    def _heirs(self, code: str, year: int, seen: set[str]) -> list[PlaceEntry]:
        """The communes that stand in the place of one, through every year since it ended."""
        known = self._by_code[Nature.COMMUNE].get(code, ())
        ended = max((entry.last for entry in known if entry.last < year), default=0)
        for since in range(max(ended + 1, self.years[0]), year + 1):
            if not (heirs := self._direct(code, since)):
                continue
            found: dict[str, PlaceEntry] = {}
            for heir in heirs:
                alive = self._of_nature([Nature.COMMUNE], heir, year)
                further = [] if alive or heir in seen else self._heirs(heir, year, {*seen, heir})
                found |= {entry.code: entry for entry in ([alive] if alive else further)}
            if found:
                return list(found.values())
        return []

    def _direct(self, code: str, year: int) -> list[str]:
        part = self._of_nature(FORMER, code, year)
        takers = [entry.code for entry in self._took_over.get(code, ()) if entry.holds_in(year)]
        return list(dict.fromkeys([*([part.chief] if part else []), *takers]))

    @cached_property
    def _took_over(self) -> Mapping[str, list[PlaceEntry]]:
        found: dict[str, list[PlaceEntry]] = {}
        for entries in self._by_code[Nature.COMMUNE].values():
            for entry in entries:
                for old in entry.former:
                    found.setdefault(old, []).append(entry)
        return found

    def _dispersed(self, code: str, year: int) -> Iterator[Heir]:
        natures = NATURES[PlaceKind.EPCI]
        known = [entry for nature in natures for entry in self._by_code[nature].get(code, ())]
        last = max((entry.last for entry in known if entry.last < year), default=None)
        if last is None:
            return
        members = [member.code for member in self.members(code) if member.holds_in(last)]
        is_ept = any(entry.nature == Nature.EPT for entry in known)
        joined: Counter[str] = Counter()
        for member in members:
            alive = self._of_nature([Nature.COMMUNE], member, year)
            heirs = [alive] if alive else self._heirs(member, year, {member})
            for heir in heirs[:1]:  # a commune that was divided counts once
                joined[heir.ept if is_ept and heir.ept else heir.epci] += 1
        for grouping, communes in sorted(joined.items(), key=lambda pair: (-pair[1], pair[0])):
            if entry := self._of_nature(natures, grouping, year):
                yield Heir(entry, communes, len(members))

    # What somebody may have meant.

    def nearest(
        self, kind: PlaceKind, code: str, year: int, name: str | None = None
    ) -> list[PlaceEntry]:
        """What a code that is not known may have meant, the likeliest first; five at most.

        Where a name goes with it, those of that name come first; then the codes that the fewest
        slips of the pen part from it.
        """
        named = self.search(name, year, kind=kind, limit=NEAREST) if name else []
        close = closest(code, self._codes(kind, year), NEAREST) if code else []
        near = [entry for one in close if (entry := self.find(kind, one, year))]
        found = {entry.code: entry for entry in (*named, *near)}
        return list(found.values())[:NEAREST]

    def _codes(self, kind: PlaceKind, year: int) -> list[str]:
        return sorted(
            {
                code
                for nature in NATURES.get(kind, ())
                for code, entries in self._by_code[nature].items()
                if any(entry.holds_in(year) for entry in entries)
            }
        )

    def search(
        self, words: str, year: int, *, kind: PlaceKind | None = None, limit: int = 50
    ) -> list[PlaceEntry]:
        """The places of a year whose code or name answers to some words, the closest name first."""
        wanted, code = plain(words), words.strip().upper()
        found = []
        for number, name in self._plain_names:
            if wanted and (wanted in name or self.entries[number].code == code):
                entry = self.entries[number]
                if entry.holds_in(year) and (kind is None or entry.nature in NATURES.get(kind, ())):
                    found.append((_rank(name, wanted), entry.code == code, entry))
        found.sort(key=lambda one: (not one[1], one[0], _ORDER[one[2].nature], one[2].code))
        return [entry for _, _, entry in found[:limit]]

    @cached_property
    def _plain_names(self) -> list[tuple[int, str]]:
        return [(number, plain(entry.name)) for number, entry in enumerate(self.entries)]

    def entries_of(self, nature: Nature, year: int) -> Iterator[PlaceEntry]:
        """Everything of a nature that a year names."""
        for entries in self._by_code[nature].values():
            yield from (entry for entry in entries if entry.holds_in(year))


_ORDER: Mapping[str, int] = {nature: rank for rank, nature in enumerate(Nature)}


def _rank(name: str, wanted: str) -> tuple[int, int, str]:
    """Whole names first, then those that begin so, then a word that does, then any."""
    if name == wanted:
        return 0, len(name), name
    if name.startswith(wanted):
        return 1, len(name), name
    return (2 if f"-{wanted}" in name else 3), len(name), name
