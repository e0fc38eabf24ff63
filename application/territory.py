"""A pole's territory: its codes checked against the data of their year, and said in words."""

import re
from collections.abc import Iterable, Mapping, Sequence

from application.territory_in_words import PLACE_KINDS
from domain.errors import Refused
from domain.place import FIRST_YEAR, Gazetteer, Heir, Nature, PlaceEntry
from domain.spelling import plain
from domain.territory import (
    BETWEEN,
    WITHOUT_REFERENCE,
    Place,
    PlaceKind,
    Territory,
    parts,
)
from domain.words import Text

_ENGLISH: Mapping[str, str] = {
    PlaceKind.COMMUNE: "commune",
    PlaceKind.EPCI: "EPCI",
    PlaceKind.DEPARTMENT: "department",
    PlaceKind.REGION: "region",
    PlaceKind.LIVING_AREA: "living area",
    PlaceKind.NAMED_AREA: "named area",
}

_FORMS: Mapping[PlaceKind, str] = {
    PlaceKind.COMMUNE: r"(?:[0-9]{2}|2[AB])[0-9]{3}",
    PlaceKind.EPCI: r"[0-9]{9}",
    PlaceKind.DEPARTMENT: r"[0-9]{2,3}|2[AB]",
    PlaceKind.REGION: r"[0-9]{2,3}",
    PlaceKind.LIVING_AREA: r"(?:[0-9]{2}|2[AB])[0-9]{3}",
}
"""How codes are written; a living area has that of the commune at its centre."""


# --- refusals ------------------------------------------------------------------------------------


class UnknownPlace(Refused):
    """A code names something in its year."""

    code = "place.unknown"
    fr = "{kind} {given} : ce code n'existe pas en {year}. {advice}"
    en = "{kind} {given}: this code does not exist in {year}. {advice}"


class CodeWanted(Refused):
    """A place of the data is given by its code: several may bear a name."""

    code = "place.code_wanted"
    fr = "{kind} « {given} » : donnez son code. {advice}"
    en = "{kind} “{given}”: give its code. {advice}"


class PlaceEnded(Refused):
    """A code that ended names nothing any more; what took its place does."""

    code = "place.ended"
    fr = "{kind} {given} : ce code n'existe plus en {year} ({name}, {last}). {advice}"
    en = "{kind} {given}: this code no longer exists in {year} ({name}, {last}). {advice}"


class PlaceNotYet(Refused):
    """A code names nothing before it is given."""

    code = "place.not_yet"
    fr = "{kind} {given} : ce code n'est connu que depuis {first} ({name}), pas en {year}."
    en = "{kind} {given}: this code is known since {first} only ({name}), not in {year}."


class MalformedCode(Refused):
    """A code that nobody can check is at least written as one."""

    code = "place.malformed"
    fr = "{kind} : « {given} » n'est pas écrit comme un code (par exemple {example})."
    en = "{kind}: “{given}” is not written as a code (for instance {example})."


class YearNotLoaded(Refused):
    """Nobody knows yet what codes mean in that year."""

    code = "place.year_unknown"
    fr = (
        "Les codes de {year} ne sont pas encore connus (la dernière année est {last}) : "
        "chargez-les par « jalon place load {year} RÉPERTOIRE », ou donnez une année antérieure."
    )
    en = (
        "The codes of {year} are not known yet (the last year is {last}): load them with "
        "“jalon place load {year} FOLDER”, or give an earlier year."
    )


class NameWanted(Refused):
    """What no data name is named by whoever gives it."""

    code = "place.name_wanted"
    fr = "{kind} : donnez aussi son nom, par exemple {example}."
    en = "{kind}: give its name too, for instance {example}."


class OtherName(Refused):
    """A name that goes with a code is the one that the code has."""

    code = "place.other_name"
    fr = "{kind} {given} : ce code désigne {name} en {year}, et non « {said} ». {advice}"
    en = "{kind} {given}: this code names {name} in {year}, not “{said}”. {advice}"


class ContradictsCodes(Refused):
    """Words and codes say the same place."""

    code = "territory.contradiction"
    fr = "Les mots et les codes se contredisent : {what} « {given} », et des codes de : {found}."
    en = "Words and codes contradict one another: {what} “{given}”, and codes in: {found}."


EXAMPLES: Mapping[PlaceKind, str] = {
    PlaceKind.COMMUNE: "commune:35236",
    PlaceKind.EPCI: "epci:243500741",
    PlaceKind.DEPARTMENT: "department:2A",
    PlaceKind.REGION: "region:53",
    PlaceKind.LIVING_AREA: "living_area:35236:Redon",
    PlaceKind.NAMED_AREA: "named_area:Pays de Redon",
}


# --- checking ------------------------------------------------------------------------------------


def locate(
    known: Gazetteer,
    territory: Territory,
    places: Sequence[Place],
    cross_border: str | None,
    *,
    year: int,
) -> Territory:
    """A territory whose codes were checked, and whose department and region follow from them.

    A code is read in the year given with it, else in that of the fact, or the last one known. One
    of a year before the data is taken as it is given, and says so wherever it is shown. A place
    given twice is one place. Refused: an unknown code, one that ended, a name that is another's,
    and a department or a region in which the codes do not lie.
    """
    given = [*territory.places, *places]
    checked = [check(known, place, year=min(year, known.last_year)) for place in given]
    told = tuple({place.identity: place for place in reversed(checked)}.values())[::-1]
    departments, regions, complete = around(known, told)
    whole = complete and all(place.kind is not PlaceKind.REGION for place in told)
    return Territory(
        words=territory.words,
        department=_agreed(DEPARTMENT, territory.department, departments, whole),
        region=_agreed(REGION, territory.region, regions, complete),
        places=told,
        cross_border=cross_border or territory.cross_border,
    )


def around(
    known: Gazetteer, places: Iterable[Place]
) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """The departments and regions of some places; whether these are all of them."""
    departments: dict[str, None] = {}
    regions: dict[str, None] = {}
    complete = True
    for place in places:
        year = place.year or known.last_year
        entry = known.find(place.kind, place.code or "", year) if place.checked else None
        complete = complete and entry is not None
        if entry:
            within = known.within(entry, year)
            departments |= dict.fromkeys(within[0])
            regions |= dict.fromkeys(within[1])
    return tuple(departments), tuple(regions), complete


DEPARTMENT = Text(fr="le département", en="the department")
REGION = Text(fr="la région", en="the region")


def _agreed(what: Text, given: str | None, found: Sequence[str], complete: bool) -> str | None:
    """The words given, where they do not contradict what follows from codes; else what does."""
    if not given or not found:
        return given or BETWEEN.join(found) or None
    known = {plain(name): name for name in found}
    said = [known.get(plain(part), part) for part in parts(given)]
    strange = [part for part in said if plain(part) not in known]
    if strange and complete:
        raise ContradictsCodes(what=what, given=strange[0][:80], found=", ".join(found))
    return BETWEEN.join(said)


def check(known: Gazetteer, place: Place, *, year: int) -> Place:
    """A place as it is recorded: with its year, its name, and whether its code was checked."""
    if place.kind in WITHOUT_REFERENCE:
        return _unreferenced(place, year)
    year, code = place.year or year, place.code or ""
    if year > known.last_year:
        raise YearNotLoaded(year=year, last=known.last_year)
    if year < FIRST_YEAR:
        return _too_old(known, place, year)
    entry = known.find(place.kind, code, year)
    if entry is None:
        raise _absent(known, place, year)
    if place.name and plain(place.name) != plain(entry.name):
        meant = known.nearest(place.kind, "", year, place.name)
        raise OtherName(
            kind=_kind(place.kind),
            given=code,
            name=entry.name,
            year=year,
            said=place.name[:80],
            advice=_candidates(known, meant, year) if meant else "",
        )
    return Place(kind=place.kind, code=code, year=year, name=entry.name)


def _unreferenced(place: Place, year: int) -> Place:
    if not place.name:
        raise NameWanted(kind=_kind(place.kind), example=EXAMPLES[place.kind])
    if place.kind is PlaceKind.NAMED_AREA:
        return Place(kind=place.kind, name=place.name, checked=False)
    if place.code:
        _be_written(place)
    when = (place.year or year) if place.code else place.year
    return place.model_copy(update={"year": when, "checked": False})


def _too_old(known: Gazetteer, place: Place, year: int) -> Place:
    _be_written(place)
    entry = known.find(place.kind, place.code or "", FIRST_YEAR)
    name = place.name or (entry.name if entry else None)
    return place.model_copy(update={"year": year, "name": name, "checked": False})


def _be_written(place: Place) -> None:
    if not re.fullmatch(_FORMS[place.kind], place.code or ""):
        example = EXAMPLES[place.kind]
        given = (place.code or place.name or "")[:60]
        raise MalformedCode(kind=_kind(place.kind), given=given, example=example)


def _absent(known: Gazetteer, place: Place, year: int) -> Refused:
    """Why a code cannot be taken: it ended, it is still to come, or it never was."""
    code = place.code or ""
    kind = _kind(place.kind)
    told = known.known(place.kind, code)
    ended = [entry for entry in told if entry.last < year]
    heirs = known.successors(place.kind, code, year)
    if ended or heirs:
        last = f"jusqu'en {ended[-1].last}" if ended else f"terminée avant {FIRST_YEAR}"
        name = ended[-1].name if ended else (known.former_name(code, year) or "ancienne commune")
        advice = heirs_in_words(heirs)
        return PlaceEnded(kind=kind, given=code, year=year, name=name, last=last, advice=advice)
    if told:
        first = told[0]
        return PlaceNotYet(kind=kind, given=code, year=year, first=first.first, name=first.name)
    advice = _candidates(known, known.nearest(place.kind, code, year, place.name), year)
    if not code:
        return CodeWanted(kind=kind, given=(place.name or "")[:60], advice=advice)
    return UnknownPlace(kind=kind, given=code, year=year, advice=advice)


def _kind(kind: PlaceKind) -> Text:
    fr, en = PLACE_KINDS[kind], _ENGLISH[kind]
    return Text(fr=fr[:1].upper() + fr[1:], en=en[:1].upper() + en[1:])


def _candidates(known: Gazetteer, near: Sequence[PlaceEntry], year: int) -> Text:
    if not near:
        return Text(fr="Aucun code ne s'en approche.", en="No code comes near it.")
    said = ", ".join(candidate(known, entry, year) for entry in near)
    return Text(fr=f"Les plus proches : {said}.", en=f"The nearest: {said}.")


def candidate(known: Gazetteer, entry: PlaceEntry, year: int) -> str:
    """`35236 Redon (Ille-et-Vilaine)`."""
    departments, _ = known.within(entry, year)
    inside = entry.nature not in (Nature.DEPARTMENT, Nature.REGION) and departments
    return f"{entry.said} ({', '.join(departments[:3])})" if inside else entry.said


def heirs_in_words(heirs: Sequence[Heir]) -> Text:
    """What took the place of a code, and how much of it each."""
    if not heirs:
        return Text(fr="Aucun successeur n'est connu.", en="No successor is known.")
    said = [heir.entry.said + (_share(heir) if heir.of > 1 else Text()).fr for heir in heirs]
    english = [heir.entry.said + (_share(heir) if heir.of > 1 else Text()).en for heir in heirs]
    fr = "Lui succède" if len(heirs) == 1 else "Lui succèdent"
    en = "Succeeded by"
    return Text(fr=f"{fr} : {', '.join(said)}.", en=f"{en}: {', '.join(english)}.")


def _share(heir: Heir) -> Text:
    plural = "s" * (heir.communes > 1)
    return Text(
        fr=f" ({heir.communes} commune{plural} sur {heir.of})",
        en=f" ({heir.communes} of its {heir.of} communes)",
    )
