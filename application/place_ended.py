"""The places of poles whose codes ended: what may take their place, ready to be recorded."""

import json
import shlex
from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from application.place import PlaceListed, known_year
from application.territory import around, candidate
from application.world import Moment, World
from domain.dates import PartialDate
from domain.place import Gazetteer, Heir
from domain.pole import Pole
from domain.spelling import plain
from domain.territory import BETWEEN, WITHOUT_REFERENCE, Place, PlaceKind, Territory, parts
from domain.values import Frozen


class ProposedPlace(Frozen):
    """What may take the place of a code that ended; nothing is changed before somebody says so."""

    code: str
    name: str
    communes: int
    """How many of its communes are there now, out of `of`."""
    of: int


class EndedPlace(Frozen):
    """A place of a pole whose code no longer exists in a year."""

    pole: UUID
    pole_code: str
    pole_name: str
    place_kind: PlaceKind
    code: str
    year: int
    """The year in which it was to be read."""
    name: str | None
    since: int | None
    """The first year without it; unknown where it ended before the data begin."""
    successors: tuple[ProposedPlace, ...]
    nearest: tuple[str, ...] = ()
    """Where nothing is known to succeed it: what it may have meant."""
    command: str | None = None
    """The line that puts the proposal in its place, to be read over, then run."""


def ended(
    world: World,
    lines: Iterable[PlaceListed],
    moment: Moment,
    *,
    year: int | None = None,
    known: Gazetteer | None = None,
) -> list[EndedPlace]:
    """The places of poles whose codes ended by a year, with what may take their place.

    Args:
        lines: the places in question.
        known: the data to go by, where they are not those known at that moment.
    """
    known = known or world.places(moment.known)
    when = known_year(known, year)
    found = []
    territories: dict[UUID, Territory] = {}
    for line in lines:
        if not (line.pole and line.code and line.year) or line.place_kind in WITHOUT_REFERENCE:
            continue
        if int(line.year) > when or known.find(line.place_kind, line.code, when):
            continue
        if line.pole not in territories:
            pole = world.load(Pole, line.pole, moment.known)
            territories[line.pole] = pole.territory_on(moment.in_force) if pole else Territory()
        found.append(_ended(known, line, territories[line.pole], when))
    return sorted(found, key=lambda one: (plain(one.pole_name), one.place_kind, one.code))


def _ended(known: Gazetteer, line: PlaceListed, territory: Territory, year: int) -> EndedPlace:
    code, pole = line.code or "", line.pole or UUID(int=0)
    heirs = known.successors(line.place_kind, code, year)
    near = () if heirs else known.nearest(line.place_kind, code, year, line.name)
    pole_code = line.pole_code or str(pole)
    return EndedPlace(
        pole=pole,
        pole_code=pole_code,
        pole_name=line.pole_name or pole_code,
        place_kind=line.place_kind,
        code=code,
        year=int(line.year or year),
        name=line.name,
        since=_gone_since(known, line.place_kind, code, year),
        successors=tuple(map(_proposal, heirs)),
        nearest=tuple(candidate(known, entry, year) for entry in near),
        command=_line(known, pole_code, territory, line.occurred_on, year) if heirs else None,
    )


def _proposal(heir: Heir) -> ProposedPlace:
    entry = heir.entry
    return ProposedPlace(code=entry.code, name=entry.name, communes=heir.communes, of=heir.of)


def _gone_since(known: Gazetteer, kind: PlaceKind, code: str, year: int) -> int | None:
    """The first year without a code; `None` where it ended before the data begin."""
    last = max((e.last for e in known.known(kind, code) if e.last < year), default=None)
    return last + 1 if last else None


def _line(known: Gazetteer, pole: str, territory: Territory, since: PartialDate, year: int) -> str:
    """The command that puts what succeeded in the place of every code of a pole that ended.

    It says the whole territory again, for a territory is described whole. It takes effect on the
    first day of the year in which the last of these codes was gone, where that is known and comes
    after the description that it replaces.
    """
    places: list[Place] = []
    gone: list[int | None] = []
    for place in territory.places:
        heirs = _heirs(known, place, year)
        if heirs:
            gone.append(_gone_since(known, place.kind, place.code or "", year))
        places += heirs or [place]
    words = ["jalon", "pole", "locate", "--pole", pole]
    day = max((date(one, 1, 1) for one in gone if one), default=None)
    if day and None not in gone and (since.first_day or date.min) < day:
        words += ["--occurred-on", day.isoformat()]
    said = _words_kept(known, territory, places)
    if said:
        words += ["--territory", json.dumps(said, ensure_ascii=False)]
    if territory.cross_border:
        words += ["--cross-border", territory.cross_border]
    for label in dict.fromkeys(place.label for place in places):
        words += ["--place", label]
    words += ["--source", f"découpage administratif de la France, année {year}"]
    return shlex.join(words)


def _heirs(known: Gazetteer, place: Place, year: int) -> list[Place]:
    if place.kind in WITHOUT_REFERENCE or not place.code or (place.year or year) > year:
        return []
    return [
        Place(kind=place.kind, code=heir.entry.code, year=year)
        for heir in known.successors(place.kind, place.code, year)
    ]


def _words_kept(known: Gazetteer, territory: Territory, places: Sequence[Place]) -> dict[str, str]:
    """The words of a territory that its new codes do not contradict, and do not say themselves."""
    departments, regions, complete = around(known, places)
    said = {"words": territory.words} if territory.words else {}
    for name, given, found in (
        ("department", territory.department, departments),
        ("region", territory.region, regions),
    ):
        kept = [part for part in parts(given) if not complete or part in found]
        if kept and kept != list(found):
            said[name] = BETWEEN.join(kept)
    return said
