"""The codes of places: the years that ship with the product, and those a registry loaded."""

import csv
import gzip
import io
from collections.abc import Iterable, Sequence
from functools import cache

from application.pole_map import Department
from domain.place import FIRST_YEAR, Gazetteer, PlaceEntry
from domain.place_year import YearChange, with_year
from infrastructure.reference import REFERENCE

SHIPPED = REFERENCE / "places" / "places.csv.gz"
DEPARTMENTS = REFERENCE / "places" / "departments.csv"

COLUMNS = (
    *("nature", "code", "name", "department", "region", "epci", "ept", "chief", "former"),
    *("first_year", "last_year"),
)


@cache
def shipped() -> Gazetteer:
    """The years that ship with the product; read once, when somebody first asks."""
    with gzip.open(SHIPPED, "rt", encoding="utf-8", newline="") as file:
        return read(file)


@cache
def departments() -> tuple[Department, ...]:
    """Those that the map draws, by code."""
    with DEPARTMENTS.open(encoding="utf-8", newline="") as file:
        return tuple(Department.model_validate(row) for row in csv.DictReader(file))


def read(file: Iterable[str]) -> Gazetteer:
    """A table of entries, each with its first and last year."""
    rows = csv.reader(file)
    next(rows)
    entries = [
        PlaceEntry(
            nature, code, name, dep, reg, epci, ept, chief, tuple(old.split()), int(a), int(z)
        )
        for nature, code, name, dep, reg, epci, ept, chief, old, a, z in rows
    ]
    last = max(entry.last for entry in entries)
    return Gazetteer(entries, years=range(FIRST_YEAR, last + 1))


def write(gazetteer: Gazetteer) -> bytes:
    """The same table, compressed: the same bytes for the same entries."""
    text = io.StringIO(newline="")
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    for entry in sorted(gazetteer.entries, key=lambda e: (e.nature, e.code, e.first)):
        rows.writerow((*entry[:8], " ".join(entry.former), entry.first, entry.last))
    packed = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=packed, mtime=0, compresslevel=9) as file:
        file.write(text.getvalue().encode())
    return packed.getvalue()


class Places:
    """The reference of a registry: what ships, and the years loaded into it."""

    def __init__(self) -> None:
        self._known: dict[tuple[YearChange, ...], Gazetteer] = {}

    def of(self, changes: Sequence[YearChange]) -> Gazetteer:
        """What is known once these years are loaded, one after the other."""
        found, key = shipped(), tuple(changes)
        if not key:
            return found
        if key not in self._known:
            for change in key:
                found = with_year(found, change)
            self._known = {key: found}
        return self._known[key]
