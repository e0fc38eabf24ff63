"""A territory in French: its words, its places like with like, what lies beyond the border."""

from collections.abc import Mapping
from itertools import groupby

from domain.place import FIRST_YEAR
from domain.territory import WITHOUT_REFERENCE, Place, PlaceKind, Territory

PLACE_KINDS: Mapping[str, str] = {
    PlaceKind.COMMUNE: "commune",
    PlaceKind.EPCI: "intercommunalité",
    PlaceKind.DEPARTMENT: "département",
    PlaceKind.REGION: "région",
    PlaceKind.LIVING_AREA: "bassin de vie",
    PlaceKind.NAMED_AREA: "zone nommée",
}
_SEVERAL: Mapping[str, str] = {
    PlaceKind.LIVING_AREA: "bassins de vie",
    PlaceKind.NAMED_AREA: "zones nommées",
}
UNCHECKED_OLD = f"code non vérifié (avant {FIRST_YEAR})"
UNCHECKED = "code non vérifié (pas de données de référence)"


def doubt(place: Place) -> str:
    """Why the code of a place was not checked; nothing, where it was or there is none."""
    if place.checked or not place.code:
        return ""
    return UNCHECKED if place.kind in WITHOUT_REFERENCE else UNCHECKED_OLD


def places_in_words(territory: Territory) -> list[str]:
    """The places of a territory, like with like: `3 communes : Redon, … – codes de 2026`."""

    def alike(place: Place) -> tuple[int, int, bool]:
        return list(PlaceKind).index(place.kind), place.year or 0, place.checked

    said = []
    for _, group in groupby(sorted(territory.places, key=alike), key=alike):
        places = list(group)
        first, number = places[0], len(places)
        kind = PLACE_KINDS[first.kind]
        if number > 1:
            kind = _SEVERAL.get(first.kind, kind + "s")
        names = ", ".join(place.name or place.code or "" for place in places)
        told = doubt(first)
        if not told and first.year:
            told = f"code{'s' * (number > 1)} de {first.year}"
        said.append(f"{number} {kind} : {names}" + (f" – {told}" if told else ""))
    return said


def territory_in_words(territory: Territory) -> str:
    """A territory on one line: its words, its department and region, its places, what is abroad."""
    words = (territory.words, territory.department, territory.region)
    said = [", ".join(dict.fromkeys(word for word in words if word)), *places_in_words(territory)]
    if territory.cross_border:
        said.append(f"au-delà de la frontière : {territory.cross_border}")
    return " ; ".join(part for part in said if part)
