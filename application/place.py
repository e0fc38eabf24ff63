"""The places in which poles act, as a list; and the codes of a year, searched."""

from collections.abc import Iterator, Mapping
from enum import StrEnum

from pydantic import Field

from application.listing import Listed, Listing, listing
from application.territory import YearNotLoaded
from application.territory_in_words import PLACE_KINDS, UNCHECKED, UNCHECKED_OLD, doubt
from application.wording import WORDS, capital, doubts
from application.world import Moment, World
from domain.errors import Invalid
from domain.kernel import Event
from domain.place import FIRST_YEAR, Gazetteer, Nature, PlaceEntry
from domain.pole import Pole
from domain.territory import WITHOUT_REFERENCE, Place, PlaceKind
from domain.values import Frozen

NATURES: Mapping[str, str] = {
    Nature.COMMUNE: "commune",
    Nature.DELEGATED: "commune déléguée",
    Nature.ASSOCIATED: "commune associée",
    Nature.DISTRICT: "arrondissement municipal",
    Nature.EPCI: "intercommunalité",
    Nature.EPT: "établissement public territorial",
    Nature.DEPARTMENT: "département",
    Nature.REGION: "région",
}


class Checking(StrEnum):
    """Whether the code of a place was found in the data of its year."""

    CHECKED = "checked"
    TOO_OLD = "too_old"
    NO_REFERENCE = "no_reference"
    NO_CODE = "no_code"


def checking(place: Place) -> Checking:
    """Whether a code was checked; else why not."""
    if place.checked:
        return Checking.CHECKED
    if not place.code:
        return Checking.NO_CODE
    return Checking.NO_REFERENCE if place.kind in WITHOUT_REFERENCE else Checking.TOO_OLD


CHECKINGS: Mapping[str, str] = {
    Checking.CHECKED: "code vérifié",
    Checking.TOO_OLD: UNCHECKED_OLD,
    Checking.NO_REFERENCE: UNCHECKED,
    Checking.NO_CODE: "sans code",
}

WORDS[PlaceKind] = PLACE_KINDS
WORDS[Nature] = NATURES
WORDS[Checking] = CHECKINGS


@doubts
def _unchecked(event: Event) -> Iterator[str]:
    if isinstance(event, Pole.Located):
        for place in event.territory.places:
            if doubt(place):
                yield f"{capital(PLACE_KINDS[place.kind])} {place.code} : {doubt(place)}."


# --- the list ------------------------------------------------------------------------------------


class PlaceListed(Listed):
    """A place in which a pole acts, as lists show it."""

    place_kind: PlaceKind = Field(title="Nature")
    code: str | None = Field(None, title="Code")
    year: str | None = Field(None, title="Année du code")
    name: str | None = Field(None, title="Nom")
    checked: Checking = Field(title="Vérification")


PLACE_LIST = listing(
    Listing(
        name="place",
        line=PlaceListed,
        title="Territoires",
        says="Les communes, intercommunalités, départements et régions où agissent les pôles, "
        "par leur code et l'année de ce code.",
        path="/territoires",
        columns=(
            *("pole_name", "name", "place_kind", "code", "year"),
            *("checked", "occurred_on", "until", "source"),
        ),
        filters=("place_kind", "code"),
        order=("pole", "place_kind", "code", "name"),
        own=frozenset({"page"}),
        empty="Aucun territoire n'est encore décrit par des codes.",
        begun_by="pole.locate",
        ends_with_pole=True,
    )
)


# --- searching -----------------------------------------------------------------------------------


class PlaceLine(Frozen):
    """A code of a year, with where it lies and when it was in use."""

    nature: Nature
    code: str
    name: str
    departments: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    part_of: str | None = None
    """The commune of which it is a part."""
    first_year: int
    last_year: int
    label: str
    """How it is given to a command; empty for a former commune, in which no pole is located."""


def search(
    world: World, words: str, moment: Moment, *, year: int | None = None, limit: int = 50
) -> list[PlaceLine]:
    """The places of a year that a code, a name or a part of a name designates."""
    known = world.places(moment.known)
    when = known_year(known, year)
    return [place_line(known, entry, when) for entry in known.search(words, when, limit=limit)]


def place_line(known: Gazetteer, entry: PlaceEntry, year: int) -> PlaceLine:
    departments, regions = known.within(entry, year)
    chief = known.find(PlaceKind.COMMUNE, entry.chief, year) if entry.chief else None
    located = known.find(entry.kind, entry.code, year)
    told = [one for one in known.known(entry.kind, entry.code) if one.nature == entry.nature]
    return PlaceLine(
        nature=Nature(entry.nature),
        code=entry.code,
        name=entry.name,
        departments=departments,
        regions=regions,
        part_of=chief.said if chief else None,
        first_year=min((one.first for one in told), default=entry.first),
        last_year=max((one.last for one in told), default=entry.last),
        label=f"{entry.kind}:{entry.code}" if located and located.nature == entry.nature else "",
    )


def known_year(known: Gazetteer, year: int | None) -> int:
    """The year asked about; the last one known, where none is. Another is refused."""
    if year is None:
        return known.last_year
    if year > known.last_year:
        raise YearNotLoaded(year=year, last=known.last_year)
    if year < FIRST_YEAR:
        raise YearTooOld(year=year, first=FIRST_YEAR)
    return year


class YearTooOld(Invalid):
    """The data begin with a year."""

    code = "place.year_too_old"
    fr = "Les codes de {year} ne sont pas connus : les données commencent en {first}."
    en = "The codes of {year} are not known: the data begin in {first}."
