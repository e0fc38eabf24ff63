"""A year of codes in the folder of an unpacked package, read with suspicion."""

import json
import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from application.place_year import PlacePackage, UnreadableReference
from application.sentences import of_system
from domain.place import Nature, PlaceEntry

LARGEST_SOURCE = 40_000_000
"""Bytes. The largest file of a year is a quarter of it."""

FILES = ("communes", "epci", "departements", "regions")
OPTIONAL = ("ept",)
"""Groupings of the Grand Paris, which a package names since 2023."""

TYPES: Mapping[str, Nature] = {
    "commune-actuelle": Nature.COMMUNE,
    "commune-deleguee": Nature.DELEGATED,
    "commune-associee": Nature.ASSOCIATED,
    "arrondissement-municipal": Nature.DISTRICT,
}

_CODE = re.compile(r"[0-9][0-9A-Z]{1,8}", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def read_package(folder: Path, year: int) -> PlacePackage:
    """A year of data in the folder of an unpacked package; what is not one is refused."""
    if not folder.is_dir():
        reason = (
            f"{folder} n'est pas un répertoire" if folder.exists() else f"{folder} n'existe pas"
        )
        raise UnreadableReference(reason=reason)
    data = folder / "data" if (folder / "data").is_dir() else folder
    sources = {f"{name}.json": _bytes(data / f"{name}.json") for name in FILES}
    for name in OPTIONAL:
        if (data / f"{name}.json").exists():
            sources[f"{name}.json"] = _bytes(data / f"{name}.json")
    lists = {name: _list(name, source) for name, source in sources.items()}
    return PlacePackage(
        year=year,
        name=_package_name(folder),
        files={name: sha256(source).hexdigest() for name, source in sources.items()},
        entries=tuple(_entries(lists, year)),
    )


def _bytes(path: Path) -> bytes:
    if not path.is_file():  # nor a pipe, which nobody may ever fill
        raise UnreadableReference(reason=f"il y manque le fichier {path.name}")
    try:
        with path.open("rb") as file:
            found = file.read(LARGEST_SOURCE + 1)
    except OSError as error:
        raise UnreadableReference(reason=f"{path.name} : {of_system(error)}") from None
    if len(found) > LARGEST_SOURCE:
        limit = f"{LARGEST_SOURCE // 1_000_000} Mo"
        raise UnreadableReference(reason=f"{path.name} fait plus de {limit}")
    return found


def _list(name: str, source: bytes) -> list[dict[str, Any]]:
    try:
        found = json.loads(source.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise UnreadableReference(reason=f"{name} n'est pas en UTF-8") from None
    except (ValueError, RecursionError):  # also numbers, and depths, without end
        raise UnreadableReference(reason=f"{name} n'est pas du JSON") from None
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise UnreadableReference(reason=f"{name} n'est pas une liste de fiches")
    if not found:
        raise UnreadableReference(reason=f"{name} est vide")
    return found


def _package_name(folder: Path) -> str:
    """The name and version that the package gives itself; that of the folder otherwise."""
    file = folder / "package.json"
    if file.is_file():
        try:
            told = json.loads(_bytes(file).decode("utf-8-sig"))
            name, version = told["name"], told["version"]
        except (ValueError, RecursionError, LookupError, TypeError):
            raise UnreadableReference(reason="package.json est illisible") from None
        return _one_line(f"{name}@{version}")
    return _one_line(folder.resolve().name)


def _one_line(text: str) -> str:
    return _CONTROL.sub("", text)[:200].strip() or "sans nom"


class _Fiche:
    """One item of a file, asked for its members; what is not as it should be is refused."""

    def __init__(self, file: str, number: int, item: Mapping[str, Any]) -> None:
        self.file, self.number, self.item = file, number, item

    def code(self, name: str) -> str:
        found = self.item.get(name)
        if not isinstance(found, str) or not _CODE.fullmatch(found):
            raise self._fault(name, "n'est pas un code")
        return found

    def code_or_none(self, name: str) -> str:
        return self.code(name) if self.item.get(name) is not None else ""

    def codes(self, name: str) -> tuple[str, ...]:
        found = self.item.get(name, [])
        if not isinstance(found, list):
            raise self._fault(name, "n'est pas une liste")
        told = {_Fiche(self.file, self.number, {name: code}).code(name) for code in found[:251]}
        if len(found) > 250:
            raise self._fault(name, "compte plus de 250 codes")
        return tuple(sorted(told))

    def name(self) -> str:
        found = self.item.get("nom")
        if not isinstance(found, str) or not found.strip() or len(found) > 200:
            raise self._fault("nom", "n'est pas un nom")
        if _CONTROL.search(found):
            raise self._fault("nom", "contient un caractère de contrôle")
        return " ".join(found.split())

    def nature(self) -> Nature:
        found = TYPES.get(str(self.item.get("type"))[:40])
        if found is None:
            raise self._fault("type", "est inconnu")
        return found

    def inside(self, name: str) -> list["_Fiche"]:
        found = self.item.get(name)
        if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
            raise self._fault(name, "n'est pas une liste de fiches")
        return [_Fiche(self.file, self.number, item) for item in found]

    def _fault(self, name: str, what: str) -> UnreadableReference:
        missing = "manque" if name not in self.item else what
        reason = f"{self.file}, fiche n° {self.number} : « {name} » {missing}"
        return UnreadableReference(reason=reason)


def _fiches(lists: Mapping[str, list[dict[str, Any]]], name: str) -> Iterator[_Fiche]:
    for number, item in enumerate(lists.get(name, ()), 1):
        yield _Fiche(name, number, item)


def _entries(lists: Mapping[str, list[dict[str, Any]]], year: int) -> list[PlaceEntry]:
    """Everything a year names; a code named twice as the same thing is refused."""
    found: dict[tuple[str, str], PlaceEntry] = {}

    def add(nature: Nature, code: str, name: str, **more: Any) -> None:
        if (nature, code) in found:
            raise UnreadableReference(reason=f"le code {code} y figure deux fois ({nature})")
        found[nature, code] = PlaceEntry(str(nature), code, name, first=year, last=year, **more)

    for fiche in _fiches(lists, "regions.json"):
        add(Nature.REGION, fiche.code("code"), fiche.name())
    for fiche in _fiches(lists, "departements.json"):
        add(Nature.DEPARTMENT, fiche.code("code"), fiche.name(), region=fiche.code("region"))
    belongs: dict[str, dict[str, str]] = {"epci": {}, "ept": {}}
    for kind, nature in (("epci", Nature.EPCI), ("ept", Nature.EPT)):
        for fiche in _fiches(lists, f"{kind}.json"):
            code = fiche.code("code")
            add(nature, code, fiche.name())
            for member in fiche.inside("membres"):
                belongs[kind][member.code("code")] = code
    for fiche in _fiches(lists, "communes.json"):
        nature = fiche.nature()
        code, more = fiche.code("code"), _parents(fiche)
        if nature is Nature.COMMUNE:
            more |= {kind: belongs[kind].get(code, "") for kind in belongs}
            more["former"] = fiche.codes("anciensCodes")
        elif nature is Nature.DISTRICT:
            more["chief"] = fiche.code("commune")
            more |= {kind: belongs[kind].get(str(more["chief"]), "") for kind in belongs}
        else:
            more["chief"] = fiche.code("chefLieu")
        add(nature, code, fiche.name(), **more)
    _name_collectivities(lists, found, year)
    return list(found.values())


def _parents(fiche: _Fiche) -> dict[str, Any]:
    """The department and the region of a commune; overseas, the collectivity stands for both."""
    if "collectiviteOutremer" in fiche.item and "departement" not in fiche.item:
        code = _collectivity(fiche).code("code")
        return {"department": code, "region": code}
    return {"department": fiche.code("departement"), "region": fiche.code("region")}


def _collectivity(fiche: _Fiche) -> _Fiche:
    told = fiche.item["collectiviteOutremer"]
    return _Fiche(fiche.file, fiche.number, told if isinstance(told, dict) else {})


def _name_collectivities(
    lists: Mapping[str, list[dict[str, Any]]], found: dict[tuple[str, str], PlaceEntry], year: int
) -> None:
    """Name the overseas collectivities where only their communes do, as in the data of 2021."""
    for fiche in _fiches(lists, "communes.json"):
        if "collectiviteOutremer" in fiche.item:
            told = _collectivity(fiche)
            code, name = told.code("code"), told.name()
            for nature, region in ((Nature.DEPARTMENT, code), (Nature.REGION, "")):
                entry = PlaceEntry(str(nature), code, name, region=region, first=year, last=year)
                found.setdefault((nature, code), entry)
