"""Load a year of codes: what it changes, and which poles have a code that ends with it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from pydantic import Field
from typing_extensions import override

from application.command import Command, Work
from application.offices import PUBLISHERS
from application.place_ended import EndedPlace
from application.wording import tells
from domain.errors import Invalid
from domain.kernel import Event
from domain.place import Gazetteer, Nature, PlaceEntry
from domain.place_year import PLACES, PlaceYears, Sha256, YearChange, entry_of
from domain.values import Frozen, Line


class UnreadableReference(Invalid):
    """A folder that does not hold a year of data."""

    code = "place.unreadable"
    fr = "Ce répertoire ne contient pas une année de codes : {reason}."
    en = "This folder does not hold a year of codes: {reason}."


@dataclass(frozen=True, slots=True)
class PlacePackage:
    """A year of data as a folder brings it."""

    year: int
    name: str
    files: Mapping[str, str]
    """The SHA-256 of each file that was read."""
    entries: tuple[PlaceEntry, ...]


class LoadPlaces(
    Command,
    name="place.load",
    says="Ajouter une année de codes de l'INSEE à celles que le registre connaît.",
    by=PUBLISHERS,
):
    """Take in the codes of the year that follows the last one known. No pole is changed by it."""

    change: YearChange = Field(description="Ce que cette année dit de plus que la précédente.")
    package: Line = Field(description="Nom et version du paquet de données.")
    files: dict[str, Sha256] = Field(description="L'empreinte SHA-256 de chaque fichier lu.")

    @override
    def execute(self, work: Work) -> UUID:
        years = work.find(PlaceYears, PLACES) or PlaceYears(PLACES)
        years.load(self.change, package=self.package, files=self.files, known=work.places)
        work.save(years)
        return years.id


class LoadReport(Frozen):
    """What a year of data changes, and which poles have a code that ends with it."""

    year: int
    package: str
    files: dict[str, str]
    places: dict[Nature, int]
    """How many codes of each nature the year has."""
    ended: dict[Nature, int]
    new: dict[Nature, int]
    changed: int
    """How many codes are told otherwise: another name, or another grouping."""
    poles: tuple[EndedPlace, ...]
    applied: bool


def load_report(
    known: Gazetteer,
    package: PlacePackage,
    change: YearChange,
    poles: Sequence[EndedPlace],
    *,
    applied: bool,
) -> LoadReport:
    """What a year changes, in figures."""
    told = [entry_of(line, change.year) for line in change.changed]
    there = {(entry.nature, entry.code) for entry in known.entries if entry.last == known.last_year}
    new = [entry for entry in told if (entry.nature, entry.code) not in there]
    return LoadReport(
        year=package.year,
        package=package.name,
        files=dict(package.files),
        places=_counted(entry.nature for entry in package.entries),
        ended=_counted(key.partition(":")[0] for key in change.ended),
        new=_counted(entry.nature for entry in new),
        changed=len(told) - len(new),
        poles=tuple(poles),
        applied=applied,
    )


def _counted(natures: Iterable[str]) -> dict[Nature, int]:
    counts = Counter(natures)
    return {nature: counts[nature] for nature in Nature if counts[nature]}


@tells
def tell_years(event: Event) -> tuple[str, str] | None:
    """A year that was loaded, as a title and a detail."""
    match event:
        case PlaceYears.YearLoaded(change=change, package=package):
            return "Année de codes ajoutée", (
                f"codes de {change.year}, du paquet {package} : {len(change.ended)} terminés, "
                f"{len(change.changed)} nouveaux ou changés"
            )
        case _:
            return None
