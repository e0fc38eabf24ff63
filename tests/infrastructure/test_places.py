"""The codes that ship, and folders of a year more: whatever they hold, one sentence says it."""

import gzip
import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from application.place_year import UnreadableReference
from domain.place import FIRST_YEAR, Gazetteer
from domain.territory import PlaceKind
from infrastructure import place_package
from infrastructure.place_package import read_package
from infrastructure.places import SHIPPED, read, shipped, write
from tests.places import FRAME, commune, grouping, part, write_package

README = SHIPPED.with_name("README.md").read_text("utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A year in which two communes stand, one with a part and in a grouping."""
    return write_package(
        tmp_path / "package",
        [
            *FRAME,
            grouping("200000001", "CC d'essai"),
            commune("35001", "Une", epci="200000001", former=("35003",)),
            commune("35002", "Deux"),
            part("35003", "Trois", "35001"),
        ],
    )


# --- what ships ---------------------------------------------------------------------------------


def test_the_codes_that_ship_begin_with_the_first_year_and_leave_none_out() -> None:
    known = shipped()

    assert known.years == range(FIRST_YEAR, 2027)
    for year, communes, groupings in ((2021, 35_059, 1_254), (2026, 34_969, 1_255)):
        counts = [
            sum(entry.nature == nature and entry.holds_in(year) for entry in known.entries)
            for nature in ("commune", "epci")
        ]
        assert counts == [communes, groupings]


def test_the_codes_that_ship_are_small_and_written_alike_each_time() -> None:
    packed = SHIPPED.read_bytes()

    assert len(packed) < 1_000_000
    assert write(shipped()) == write(read(gzip.decompress(packed).decode().splitlines()))
    assert packed[4:8] == bytes(4), "no time of writing"


def test_codes_are_texts_and_overseas_and_corsica_are_there() -> None:
    known = shipped()

    for code, name in (("01004", "Ambérieu-en-Bugey"), ("2A004", "Ajaccio")):
        assert (found := known.find(PlaceKind.COMMUNE, code, 2024))
        assert found.name == name
    saint_denis = known.find(PlaceKind.COMMUNE, "97411", 2021)
    assert saint_denis
    assert known.within(saint_denis, 2021) == (("La Réunion",), ("La Réunion",))
    papeete = known.find(PlaceKind.COMMUNE, "98735", 2021)
    assert papeete
    assert known.within(papeete, 2021)[0] == ("Polynésie française",)


def test_every_commune_that_ended_has_a_successor() -> None:
    known = shipped()
    codes = {e.code for e in known.entries if e.nature == "commune"}
    ended = [code for code in codes if not known.find(PlaceKind.COMMUNE, code, known.last_year)]

    assert len(ended) == 102
    assert [c for c in ended if not known.successors(PlaceKind.COMMUNE, c, known.last_year)] == []


def test_the_sources_of_every_year_are_told_with_their_licence() -> None:
    assert "Licence Ouverte" in README
    for year in shipped().years:
        assert f"| {year} | `communes.json` |" in README


# --- a folder -----------------------------------------------------------------------------------


def test_a_folder_gives_its_year_with_the_hash_of_each_file(folder: Path) -> None:
    package = read_package(folder, 2027)

    source = (folder / "data" / "communes.json").read_bytes()
    assert package.files["communes.json"] == sha256(source).hexdigest()
    assert package.name == "essai@7.0.0"
    assert "ept.json" not in package.files, "the first packages have none"
    known = Gazetteer(package.entries, years=range(2027, 2028))
    une = known.find(PlaceKind.COMMUNE, "35001", 2027)
    assert une
    assert (une.epci, une.former, une.department) == ("200000001", ("35003",), "35")
    assert read_package(folder / "data", 2027).files == package.files


def test_overseas_collectivities_are_named_by_their_communes_where_nothing_else_does(
    folder: Path,
) -> None:
    def overseas(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        told = {"code": "987", "nom": "Archipel"}
        item = {"code": "98735", "nom": "Port", "collectiviteOutremer": told}
        return [*items, {**item, "type": "commune-actuelle"}]

    change(folder, "communes", overseas)

    known = Gazetteer(read_package(folder, 2027).entries, years=range(2027, 2028))
    port = known.find(PlaceKind.COMMUNE, "98735", 2027)
    assert port
    assert known.within(port, 2027) == (("Archipel",), ("Archipel",))


def change(folder: Path, name: str, how: Callable[[list[dict[str, Any]]], Any]) -> None:
    file = folder / "data" / f"{name}.json"
    file.write_text(json.dumps(how(json.loads(file.read_text("utf-8")))), "utf-8")


def with_first(**members: Any) -> Callable[[list[dict[str, Any]]], Any]:
    return lambda items: [{**items[0], **members}, *items[1:]]


def without_first(name: str) -> Callable[[list[dict[str, Any]]], Any]:
    def drop(items: list[dict[str, Any]]) -> Any:
        return [{k: v for k, v in items[0].items() if k != name}, *items[1:]]

    return drop


@pytest.mark.parametrize(
    ("name", "how", "said"),
    {
        "an object": ("communes", lambda _: {}, "communes.json n'est pas une liste"),
        "numbers": ("communes", lambda _: [1, 2], "communes.json n'est pas une liste"),
        "nothing": ("communes", lambda _: [], "communes.json est vide"),
        "a number as code": ("communes", with_first(code=35001), "n° 1 : « code »"),
        "a code of words": ("communes", with_first(code="trente-cinq"), "n° 1 : « code »"),
        "no code": ("communes", without_first("code"), "n° 1 : « code » manque"),
        "no name": ("epci", without_first("nom"), "epci.json, fiche n° 1 : « nom » manque"),
        "an empty name": ("communes", with_first(nom="  "), "« nom » n'est pas un nom"),
        "a long name": ("communes", with_first(nom="x" * 300), "« nom » n'est pas un nom"),
        "a screen rewritten": ("communes", with_first(nom="a\x1b[2J"), "caractère de contrôle"),
        "half a sign": ("communes", with_first(nom="\ud800"), "caractère de contrôle"),
        "a line of two": ("communes", with_first(nom="a\tb"), "caractère de contrôle"),
        "an unknown type": ("communes", with_first(type="hameau"), "« type » est inconnu"),
        "no type": ("communes", without_first("type"), "« type » manque"),
        "no department": ("communes", without_first("departement"), "« departement » manque"),
        "no chief": ("communes", lambda i: [*i[:2], {**i[2], "chefLieu": None}], "« chefLieu »"),
        "members of words": ("epci", with_first(membres="toutes"), "« membres »"),
        "members without code": ("epci", with_first(membres=[{}]), "« code » manque"),
        "old codes of words": ("communes", with_first(anciensCodes="x"), "« anciensCodes »"),
        "many old codes": ("communes", with_first(anciensCodes=["35001"] * 300), "plus de 250"),
        "twice": ("communes", lambda items: [*items, items[0]], "35001 y figure deux fois"),
    }.values(),
    ids=lambda value: value if isinstance(value, str) and " " not in value else None,
)
def test_a_file_that_is_not_one_of_a_year_is_refused_in_one_sentence(
    folder: Path, name: str, how: Callable[[list[dict[str, Any]]], Any], said: str
) -> None:
    change(folder, name, how)

    with pytest.raises(UnreadableReference) as refused:
        read_package(folder, 2027)

    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "n'est pas du JSON"),
        (b"[{]", "n'est pas du JSON"),
        (b"[" * 200_000, "n'est pas du JSON"),
        (b"[" + b"9" * 10_000 + b"]", "n'est pas du JSON"),
        ('[{"nom": "Été"}]'.encode("latin-1"), "n'est pas en UTF-8"),
        ('[{"nom": "Été"}]'.encode("utf-16"), "n'est pas en UTF-8"),
        (b"\x1f\x8b\x08\x00", "n'est pas en UTF-8"),
    ],
    ids=["empty", "broken", "deep", "endless", "latin-1", "utf-16", "gzip"],
)
def test_bytes_that_are_not_json_are_refused(folder: Path, content: bytes, said: str) -> None:
    (folder / "data" / "communes.json").write_bytes(content)

    with pytest.raises(UnreadableReference, match=said):
        read_package(folder, 2027)


def test_a_huge_file_is_not_read_whole(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place_package, "LARGEST_SOURCE", 100)

    with pytest.raises(UnreadableReference, match="plus de"):
        read_package(folder, 2027)


def test_a_folder_that_is_not_one_is_refused(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("{}")
    for path, said in ((tmp_path / "none", "n'existe pas"), (file, "n'est pas un répertoire")):
        with pytest.raises(UnreadableReference, match=said):
            read_package(path, 2027)
    (folder / "data" / "epci.json").unlink()
    with pytest.raises(UnreadableReference, match=r"manque le fichier epci\.json"):
        read_package(folder, 2027)


@pytest.mark.parametrize("content", ["[]", "{", "{}", "5"])
def test_a_package_that_does_not_say_its_name_is_refused(folder: Path, content: str) -> None:
    (folder / "package.json").write_text(content)

    with pytest.raises(UnreadableReference, match=r"package\.json"):
        read_package(folder, 2027)
