"""Territories through every door: options, addresses, pages; a year more from a folder."""

import json
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from application.pole import LocatePole, RegisterPole
from domain.dates import PartialDate
from domain.pole import PoleId
from infrastructure.places import shipped
from interfaces.server import create_app
from interfaces.wiring import Product
from tests.interfaces.shell import jalon
from tests.places import write_package

REDON, RENNES, REDON_AGGLO = "commune:35236", "commune:35238", "epci:243500741"


@pytest.fixture(scope="module")
def next_year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the year after those that ship, in which Redon is a part of Rennes."""
    known = shipped()
    kept = [entry for entry in known.entries if entry.last == known.last_year]
    told = [
        entry._replace(nature="delegated", chief="35238", epci="")
        if (entry.nature, entry.code) == ("commune", "35236")
        else entry
        for entry in kept
    ]
    return write_package(tmp_path_factory.mktemp("year") / "package", told)


@pytest.fixture
def home(unlocated: Path, tmp_path: Path) -> Path:
    """A copy of it, to write in."""
    return shutil.copytree(unlocated, tmp_path / "home")


@pytest.fixture(scope="module")
def unlocated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry with one fictitious pole of which no territory is known; nothing writes in it."""
    home = tmp_path_factory.mktemp("unlocated") / "home"
    for line in (
        ["init"],
        ["pole", "register", "--name", "Pôle d'essai", "--occurred-on", "2021-02-01"],
    ):
        assert jalon("--home", home, *line).code == 0
    return home


def locate(home: Path, *options: str) -> Any:
    return jalon("--home", home, "pole", "locate", "--pole", "pole-d-essai", *options)


# --- the command line ---------------------------------------------------------------------------


def test_places_are_given_one_by_one_or_in_json(home: Path) -> None:
    one_by_one = locate(home, "--place", REDON, "--place", REDON_AGGLO)
    shown = jalon("--home", home, "pole", "show", "pole-d-essai", "--json").json["territory"]
    places = [{"kind": "commune", "code": "35236"}, {"kind": "epci", "code": "243500741"}]
    in_json = locate(home, "--places", json.dumps(places))
    again = jalon("--home", home, "pole", "show", "pole-d-essai", "--json").json["territory"]

    assert (one_by_one.code, in_json.code) == (0, 0), (one_by_one, in_json)
    assert shown == again
    assert [place["name"] for place in shown["places"]] == ["Redon", "CA Redon Agglomération"]


def test_a_rehearsal_tells_the_places_and_writes_nothing(home: Path) -> None:
    done = locate(home, "--place", f"{REDON}@2024", "--cross-border", "rive", "--dry-run")

    assert done.code == 0
    assert "1 commune : Redon – code de 2024" in done.out
    assert "au-delà de la frontière : rive" in done.out
    assert jalon("--home", home, "place", "list", "--json").json["total"] == 0


def test_a_code_that_nobody_can_check_is_taken_with_a_warning(home: Path) -> None:
    done = locate(home, "--place", "commune:35009@2012", "--place", REDON)
    told = locate(home, "--place", "commune:35009@2012", "--json")

    assert (done.code, told.code) == (0, 0)
    assert done.err == "À vérifier – Commune 35009 : code non vérifié (avant 2021).\n"
    assert told.json["doubts"] == ["Commune 35009 : code non vérifié (avant 2021)."]


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        ([], 4, "Dites où agit le pôle"),
        (["--place", "commune:35999"], 4, "Les plus proches : "),
        (["--place", "commune:Redon"], 4, "35236 Redon (Ille-et-Vilaine)"),
        (["--place", "epci:200067221@2022"], 4, "Lui succèdent : 200096683"),
        (["--place", REDON, "--territory", '{"region": "Corse"}'], 4, "se contredisent"),
        (["--place", "commune"], 2, "ne désigne pas un territoire"),
        (["--place", ""], 2, "ne désigne pas un territoire"),
        (["--place", "commune:35236@demain"], 2, "pas l'année d'un code"),
        (["--place", "planète:35236"], 2, "pas une nature de territoire"),
        (["--place", "commune:35236\x1b[2J"], 2, "place"),
        (["--place", "commune:" + "9" * 5000], 2, "code"),
        (["--place", "[{"], 2, "n'est pas du JSON"),
        (["--place", "[" * 20_000], 2, "n'est pas du JSON"),
        (["--place", '[{"kind": "commune", "code": 35236}]'], 2, "code"),
        (["--place", "[1, null]"], 2, "places"),
        (["--place", json.dumps([REDON] * 2001)], 2, "places"),
    ],
)
def test_what_cannot_stand_is_refused_in_one_sentence(
    unlocated: Path, options: list[str], code: int, said: str
) -> None:
    done = locate(unlocated, *options)

    assert done.code == code, done
    assert said in done.err
    assert done.err.count("\n") == 1
    assert "Traceback" not in done.err
    assert jalon("--home", unlocated, "place", "list", "--json").json["total"] == 0


def test_codes_are_searched_by_name(home: Path) -> None:
    found = jalon("--home", home, "place", "search", "Redon")
    none = jalon("--home", home, "place", "search", "Nulle-Part-sur-Rien")

    assert f"35236  Redon (commune, Ille-et-Vilaine)  → --place {REDON}" in found.out
    assert none.code == 0
    assert none.out == "Rien ne porte ce code ni ce nom.\n"
    lines = jalon("--home", home, "place", "search", "2A004", "--year", "2021", "--json").json
    assert lines["items"][0]["name"] == "Ajaccio"


def test_a_year_is_loaded_dry_then_for_good_once_and_by_name(home: Path, next_year: Path) -> None:
    year = shipped().last_year + 1
    assert (
        locate(home, "--occurred-on", "2022-01-01", "--place", REDON, "--place", RENNES).code == 0
    )

    dry = jalon("--home", home, "place", "load", str(year), next_year)
    unknown = jalon("--home", home, "place", "ended", "--year", str(year))
    done = jalon("--home", home, "place", "load", str(year), next_year, "--apply", "--json")
    again = jalon("--home", home, "place", "load", str(year), next_year, "--apply")
    ended = jalon("--home", home, "place", "ended", "--json").json

    assert dry.code == 0
    assert "commune : 34968 (1 de moins)" in dry.out
    assert "successeur proposé : 35238 Rennes" in dry.out
    assert "rien n'a été écrit" in dry.out
    assert unknown.code == 4
    assert done.json["applied"] is True
    assert len(done.json["files"]["communes.json"]) == 64
    assert again.code == 4
    assert "déjà connus" in again.err
    assert [line["code"] for line in ended["items"]] == ["35236"]

    shown = jalon("--home", home, "pole", "show", "pole-d-essai").out
    assert "2 communes : Redon, Rennes – codes de 2022" in shown, "no pole is changed by it"
    line = shlex.split(ended["items"][0]["command"])
    assert line[0] == "jalon"
    assert jalon("--home", home, *line[1:]).code == 0
    assert jalon("--home", home, "place", "ended", "--json").json["total"] == 0
    assert jalon("--home", home, "audit", "verify").code == 0


def test_a_folder_that_is_not_a_year_is_refused_in_one_sentence(
    home: Path, next_year: Path, tmp_path: Path
) -> None:
    small = write_package(
        tmp_path / "small", [e for e in shipped().entries if e.nature != "commune"]
    )
    year = str(shipped().last_year + 1)

    lines: list[tuple[list[str | Path], int]] = [
        ([year, tmp_path / "none"], 2),
        ([year, tmp_path], 2),
        ([year, small], 2),
        (["2050", next_year], 4),
        (["2021", next_year], 4),
        (["-5", next_year], 2),
        (["demain", next_year], 2),
        (["99999", next_year], 2),
    ]
    for line, code in lines:
        done = jalon("--home", home, "place", "load", *line, "--apply")
        assert done.code == code, (line, done)
        assert done.err.count("\n") == 1, done
        assert "Traceback" not in done.err


def test_another_country_is_not_a_year_more(home: Path, tmp_path: Path) -> None:
    known = shipped()
    kept = [entry for entry in known.entries if entry.last == known.last_year]
    few = [e for e in kept if e.nature != "commune" or not e.code.startswith("1")]
    folder = write_package(tmp_path / "few", few)

    done = jalon("--home", home, "place", "load", str(known.last_year + 1), folder, "--apply")

    assert done.code == 4
    assert "communes sur 34969 auraient disparu" in done.err


def test_a_verb_that_asks_for_no_code_does_not_read_them(home: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from interfaces.wiring import Product, Settings;"
        "from infrastructure.places import shipped; p = Product(Settings(home=Path(sys.argv[1])));"
        "p.follower.catch_up(); p.register.lines(p.moment()); p.sheet('pole-d-essai', p.moment());"
        "assert shipped.cache_info().currsize == 0; p.registry.places();"
        "assert shipped.cache_info().currsize == 1; p.close()"
    )
    line = [sys.executable, "-c", script, str(home)]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


# --- over HTTP ----------------------------------------------------------------------------------


@pytest.fixture
def located(bare: Product) -> Product:
    """A registry with a pole in two regions, whose territory has a code of every sort."""
    by = bare.operator()
    register = RegisterPole(name="Pôle d'essai", occurred_on=PartialDate("2021-02-01"))
    pole = PoleId(bare.do(register, by).answer)
    places = (REDON, REDON_AGGLO, "commune:35009@2012:Neuf", "named_area:Rives")
    given = {"pole": pole, "places": places, "occurred_on": "2022-05-01", "cross_border": "rive"}
    bare.do(LocatePole.model_validate(given), by)
    return bare


@pytest.fixture
def client(located: Product) -> Iterator[TestClient]:
    with TestClient(create_app(located)) as client:
        yield client


def test_the_api_answers_what_the_command_line_does(client: TestClient) -> None:
    listed = client.get("/api/places").json()
    one = client.get("/api/places", params={"place_kind": "epci"}).json()
    found = client.get("/api/places/search", params={"q": "redon"}).json()
    ended = client.get("/api/places/ended").json()
    sheet = client.get("/api/poles/pole-d-essai").json()

    assert listed["total"] == 4
    assert [line["code"] for line in one["items"]] == ["243500741"]
    assert found["items"][0]["label"] == REDON
    assert ended == {"items": [], "total": 0}
    assert "1 commune : Neuf – code non vérifié (avant 2021)" in sheet["places"]
    past = client.get("/api/places", params={"in_force": "2021-06-01"}).json()
    assert past["total"] == 0


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/places/search", 400),
        ("/api/places/search?q=", 400),
        ("/api/places/search?q=" + "a" * 500, 400),
        ("/api/places/search?q=redon&year=2020", 400),
        ("/api/places/search?q=redon&year=2900", 422),
        ("/api/places/ended?year=demain", 400),
        ("/api/places?place_kind=planet", 422),
    ],
)
def test_a_question_that_makes_no_sense_is_a_problem(
    client: TestClient, path: str, status: int
) -> None:
    answer = client.get(path)

    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_places_are_given_over_http_as_texts_or_objects(
    client: TestClient, located: Product
) -> None:
    headers = {"Authorization": f"Bearer {located.token}"}
    pole = str(located.find("pole-d-essai"))

    def send(places: Any) -> Any:
        body = {"pole": pole, "places": places}
        return client.post("/api/commands/pole.locate", json=body, headers=headers)

    assert "doubts" not in send([RENNES, {"kind": "commune", "code": "35236"}]).json()
    assert send(["commune:35009@2012"]).json()["doubts"]
    refused = send(["commune:35999"])
    assert refused.status_code == 422
    assert refused.json()["code"] == "place.unknown"
    assert "35299" in refused.json()["detail"]


# --- pages --------------------------------------------------------------------------------------


def test_the_pages_show_places_in_words(client: TestClient) -> None:
    places = client.get("/territoires").text
    sheet = client.get("/poles/pole-d-essai").text

    for said in ("CA Redon Agglomération", "code non vérifié (avant 2021)", "sans code"):
        assert said in places
    assert "Codes qui n'existent plus en" in places or "Codes qui n&#39;existent plus en" in places
    assert "1 intercommunalité" in sheet
    assert "rive" in sheet
    for region in ("Bretagne", "Pays de la Loire"):
        assert "1 pôle" in client.get("/poles", params={"region": region}).text


def test_the_page_proposes_what_may_take_the_place_of_a_code(
    client: TestClient, located: Product, next_year: Path
) -> None:
    year = shipped().last_year + 1
    located.load_places(year, next_year, located.operator(), apply=True)

    page = client.get("/territoires").text
    before = client.get("/territoires", params={"year": str(year - 1)}).text

    assert "Rennes (35238)" in page
    assert "jalon pole locate --pole pole-d-essai" in page
    assert "jalon pole locate" not in before
    assert client.get("/territoires", params={"year": "2900"}).status_code == 400
