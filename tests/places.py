"""Folders of the shape of the packages of codes, made of entries, for those who read them."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from domain.place import Gazetteer, Nature, PlaceEntry

TYPES = {
    Nature.COMMUNE: "commune-actuelle",
    Nature.DELEGATED: "commune-deleguee",
    Nature.ASSOCIATED: "commune-associee",
    Nature.DISTRICT: "arrondissement-municipal",
}

YEARS = range(2021, 2024)


def commune(code: str, name: str, **more: Any) -> PlaceEntry:
    """A commune of the department 35, in no grouping unless it is said."""
    told = {"department": "35", "region": "53", "first": 2021, "last": 2023, **more}
    return PlaceEntry("commune", code, name, **told)


def part(code: str, name: str, chief: str, **more: Any) -> PlaceEntry:
    """A former commune that is a delegated part of another."""
    told = {"department": "35", "region": "53", "first": 2021, "last": 2023, **more}
    return PlaceEntry("delegated", code, name, chief=chief, **told)


def grouping(code: str, name: str, **more: Any) -> PlaceEntry:
    return PlaceEntry("epci", code, name, **{"first": 2021, "last": 2023, **more})


FRAME = (
    PlaceEntry("region", "53", "Bretagne", first=2021, last=2023),
    PlaceEntry("region", "52", "Pays de la Loire", first=2021, last=2023),
    PlaceEntry("department", "35", "Ille-et-Vilaine", region="53", first=2021, last=2023),
    PlaceEntry("department", "44", "Loire-Atlantique", region="52", first=2021, last=2023),
)


def gazetteer(*entries: PlaceEntry) -> Gazetteer:
    """Three years of a small country of two regions."""
    return Gazetteer([*FRAME, *entries], years=YEARS)


def write_package(folder: Path, entries: Iterable[PlaceEntry], *, name: str = "essai") -> Path:
    """The files of a year in which these entries stand."""
    told: dict[str, list[dict[str, Any]]] = {
        file: [] for file in ("communes", "epci", "ept", "departements", "regions")
    }
    kept = list(entries)
    members: dict[str, list[str]] = {}
    for entry in kept:
        for code in (entry.epci, entry.ept):
            if code and entry.nature == Nature.COMMUNE:
                members.setdefault(code, []).append(entry.code)
    for entry in kept:
        file, item = _item(entry, members.get(entry.code, ()))
        told[file].append(item)
    (folder / "data").mkdir(parents=True)
    for file, items in told.items():
        if items or file != "ept":
            text = json.dumps(items, ensure_ascii=False)
            (folder / "data" / f"{file}.json").write_text(text, "utf-8")
    package = {"name": name, "version": "7.0.0"}
    (folder / "package.json").write_text(json.dumps(package), "utf-8")
    return folder


def _item(entry: PlaceEntry, members: Sequence[str]) -> tuple[str, dict[str, Any]]:
    item: dict[str, Any] = {"code": entry.code, "nom": entry.name}
    match entry.nature:
        case Nature.REGION:
            return "regions", item
        case Nature.DEPARTMENT:
            return "departements", item | {"region": entry.region}
        case Nature.EPCI | Nature.EPT:
            return str(entry.nature), item | {"membres": [{"code": code} for code in members]}
        case _:
            nature = Nature(entry.nature)
            item |= {"type": TYPES[nature], "departement": entry.department}
            item |= {"region": entry.region}
            chief = "commune" if nature is Nature.DISTRICT else "chefLieu"
            item |= {chief: entry.chief} if entry.chief else {}
            return "communes", item | ({"anciensCodes": list(entry.former)} if entry.former else {})
