"""Rounds, grids and criteria as people meet them: on the command line, over HTTP, on pages."""

import html
import json
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import yaml
from starlette.testclient import TestClient

from application.assessment import RecordAssessment
from application.pole import RegisterPole
from domain.assessment import Found
from domain.dates import PartialDate
from domain.pole import PoleId
from infrastructure.reference import REFERENCE
from interfaces.server import create_app
from interfaces.wiring import Product, Settings
from tests.application import rounds
from tests.application.test_positioning import MERIT
from tests.interfaces.shell import Seen, jalon
from tests.make import begin

REFERENTIEL = REFERENCE / "grids" / "referentiel@placeholder-2026-11.yaml"
CODE = "pole-d-essai-auto-1"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A registry with one pole."""
    settings = Settings(home=tmp_path / "home", database="")
    begin(settings)
    with closing(Product(settings)) as product:
        product.do(
            RegisterPole(name="Pôle d'essai", occurred_on=PartialDate("2022-01-01")),
            product.operator(),
        )
    return settings.home


@pytest.fixture
def product(home: Path) -> Iterator[Product]:
    with closing(Product(Settings(home=home, database=""))) as made:
        made.follower.catch_up()
        yield made


@pytest.fixture
def client(product: Product) -> Iterator[TestClient]:
    with TestClient(create_app(product)) as made:
        yield made


def run(home: Path, *words: str | Path) -> Seen:
    return jalon("--home", home, *words)


def plan(home: Path, *more: str) -> Seen:
    return run(
        home,
        *("evaluation", "plan", "--pole", "pole-d-essai", "--round-kind", "self_positioning"),
        *more,
    )


def move(home: Path, way: str, **given: Any) -> Seen:
    words = ("evaluation", "move", "--evaluation", CODE, "--transition", way)
    return run(home, *words, "--input", json.dumps(given))


def published(product: Product, on: str = "2024-06-03", **more: Any) -> UUID:
    """A published round, through the registry itself."""
    pole = PoleId(product.find("pole-d-essai"))
    round_ = rounds.published(product.registry, pole, on, **more)
    product.follower.catch_up()
    return round_


# --- the command line ---------------------------------------------------------------------------


def test_a_round_is_planned_filled_read_and_asked_why_on_the_command_line(home: Path) -> None:
    assert plan(home).code == 0
    assert move(home, "open").code == 0
    position = ("evaluation", "position", "--evaluation", CODE)
    assert run(home, *position, "--item", "TER1a", "--level", "3").code == 0
    unseen = ("evaluation", "leave-unobserved", "--evaluation", CODE)
    assert run(home, *unseen, "--item", "TER1b", "--motive", "sans accès").code == 0

    shown = run(home, "evaluation", "show", CODE).out
    why = run(home, "evaluation", "why", CODE).out
    profile = run(home, "evaluation", "profile", CODE).out
    history = run(home, "evaluation", "history", CODE).out
    listed = run(home, "evaluation", "list").out

    assert "2 indicateurs sur 27" in shown
    assert "Grille provisoire" in shown
    assert "Un miroir, jamais un seuil" in shown
    assert "indicateurs renseignés : 2, indicateurs : 27" in why.replace(
        "indicateurs : 27, indicateurs renseignés : 2",
        "indicateurs renseignés : 2, indicateurs : 27",
    )
    assert "TER1a" in profile
    assert "3 – installé" in profile
    assert "non observé" in profile
    assert "Indicateur renseigné : Périmètre d'activité délimité (TER1a)" in history
    assert "installé" not in history
    assert CODE in listed
    assert listed.count("Grille provisoire") == 1
    for told in (shown, history, listed, profile):
        assert "auto-positionnement n° 1, novembre 2026" in told or told is history
        assert "référentiel provisoire (trame d'attente) de novembre 2026" in told.lower() or (
            told is profile
        )


def test_positions_are_given_in_words_and_one_by_one(home: Path) -> None:
    plan(home)
    move(home, "open")
    again = plan(home, "--occurred-on", "2024-06-03")
    twice = plan(home, "--occurred-on", "2024-06-03")
    one = ("evaluation", "position", "--evaluation", CODE, "--item")
    item = "Périmètre d'activité délimité"
    many = ("evaluation", "fill", "--evaluation", CODE)
    each = [json.dumps({"item": code, "level": "Amorcé"}) for code in ("TER1b", "TER1c")]

    assert again.code == 0
    assert twice.code == 4
    assert "pole-d-essai-auto-2" in twice.err
    done = run(home, *one, item, "--level", "amorcé")
    assert done.out.splitlines()[0] == "Fait (1 événement) :"
    assert "Indicateur renseigné : TER1a" in done.out
    off = run(home, *one, "TER1a", "--level", "énorme")
    assert "« énorme » n'est pas un niveau" in off.err
    assert "2 (amorcé)" in off.err
    assert run(home, *many, "--positions", each[0], "--positions", each[1]).code == 0
    assert run(home, *many, "--positions", f"[{', '.join(each)}]").code == 0
    assert run(home, "evaluation", "profile", CODE).out.count("2 – amorcé") == 3


def test_identities_are_given_one_by_one_or_with_commas(home: Path) -> None:
    plan(home)
    move(home, "open")
    pieces = [str(UUID(int=number)) for number in (1, 2)]
    position = ("evaluation", "position", "--evaluation", CODE, "--item", "TER1a", "--level", "1")

    apart = run(home, *position, "--piece", pieces[0], "--piece", pieces[1])
    joined = run(home, *position, "--piece", ", ".join(pieces))

    assert apart.code == joined.code == 2
    assert apart.err == joined.err
    assert pieces[0] in joined.err


def test_what_is_wanting_on_the_command_line_is_said_in_french(home: Path) -> None:
    plan(home)
    known = ("Code du tour (tetris-auto-1) ou identifiant", "L'autre tour")

    nothing = run(home, "evaluation", "show")
    one = run(home, "evaluation", "compare", CODE)
    itself = run(home, "evaluation", "compare", CODE, CODE)
    unknown = run(home, "evaluation", "show", "nulle-part-auto-1")

    assert (nothing.code, one.code, itself.code, unknown.code) == (2, 2, 4, 1)
    assert nothing.err.strip() == f"Il manque TOUR : c{known[0][1:]}."
    assert one.err.strip() == f"Il manque AUTRE : l{known[1][1:]}."
    assert "ne se compare pas à lui-même (auto-positionnement n° 1" in itself.err
    assert "Aucun tour d'évaluation ne s'appelle « nulle-part-auto-1 »" in unknown.err


def test_a_radar_is_drawn_to_a_file(home: Path, tmp_path: Path) -> None:
    plan(home)
    file = tmp_path / "radar.svg"

    done = run(home, "evaluation", "radar", CODE, "--svg", file)

    assert done.code == 0
    assert file.read_text("utf-8").startswith("<svg ")
    assert "Grille provisoire" in file.read_text("utf-8")


def test_a_comparison_across_versions_is_refused_and_names_both(home: Path, tmp_path: Path) -> None:
    plan(home)
    other = tmp_path / "autre.yaml"
    text = REFERENTIEL.read_text("utf-8").replace("placeholder-2026-11", "essai-2")
    other.write_text(text, "utf-8")
    assert run(home, "grid", "publish", other).code == 0
    plan(home, "--grid", "referentiel@essai-2")

    refused = run(home, "evaluation", "compare", CODE, "pole-d-essai-auto-2")

    assert refused.code == 4
    assert "référentiel provisoire (trame d'attente) de novembre 2026" in refused.err
    assert "référentiel provisoire (trame d'attente), version essai-2" in refused.err


def test_a_grid_is_loaded_from_a_file_and_never_changes(home: Path, tmp_path: Path) -> None:
    text = REFERENTIEL.read_text("utf-8").replace("placeholder-2026-11", "essai-3")
    file, again = tmp_path / "grille.yaml", tmp_path / "encore.json"
    file.write_text(text, "utf-8")
    content = yaml.safe_load(text)
    again.write_text(json.dumps({**content, "title": {"fr": "Autre"}}), "utf-8")

    assert run(home, "grid", "publish", file).code == 0
    assert run(home, "grid", "publish", file).code == 0
    changed = run(home, "grid", "publish", again)
    shown = run(home, "grid", "show", "referentiel@essai-3")
    listed = run(home, "grid", "list", "--json").json

    assert (changed.code, "déjà publiée" in changed.err) == (4, True)
    assert "TER1a" in shown.out
    assert "Grille provisoire" in shown.out
    assert [line["placeholder"] for line in listed["items"]] == [False, True, True]


BAD = {
    "empty": "",
    "no_grid": "- 1\n- 2\n",
    "not_yaml": "{",
    "twice": "id: referentiel\nid: referentiel\n",
    "alias": "a: &a [1]\nb: *b\n",
    "other_kind": "id: autre\nversion: '1'\n",
    "huge": "a: " + "x" * 1_100_000,
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_grid_is_refused_in_one_sentence(home: Path, tmp_path: Path, name: str) -> None:
    file = tmp_path / "grille.yaml"
    file.write_text(BAD[name], "utf-8")

    refused = run(home, "grid", "publish", file)

    assert refused.code == 2
    assert refused.err.count("\n") == 1
    assert "Traceback" not in refused.err
    assert refused.out == ""


@pytest.mark.parametrize(
    "words",
    [
        ("show", "rien"),
        ("why", "rien"),
        ("profile", "rien"),
        ("compare", "rien", "rien"),
        ("radar", ""),
        ("profile",),
        ("position", "--evaluation", "rien", "--item", "TER1a", "--level", "1"),
        ("position", "--evaluation", CODE, "--item", "TER1a", "--level", "beaucoup"),
        ("position", "--evaluation", CODE, "--item", "é" * 500, "--level", "1"),
        ("fill", "--evaluation", CODE, "--positions", "{"),
        ("fill", "--evaluation", CODE, "--positions", "[]"),
        ("plan", "--pole", "pole-d-essai", "--round-kind", "third_party", "--grid", "autre@1"),
        ("list", "--known", "hier"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_read_is_refused_in_one_sentence(home: Path, words: tuple[str, ...]) -> None:
    plan(home)
    move(home, "open")

    refused = run(home, "evaluation", *words)

    assert refused.code in (1, 2)
    assert refused.err.strip()
    assert "Traceback" not in refused.err


def test_criteria_are_assessed_and_shown_on_the_command_line(home: Path) -> None:
    record = ("assessment", "record", "--pole", "pole-d-essai", "--criterion", "MIX")
    made = run(home, *record, "--found", "met", "--reasons", "vu", "--name", "Réseau d'essai")
    nameless = run(home, *record, "--found", "met", "--reasons", "vu")
    label = run(home, *(*record[:-1], "LABEL"), "--found", "met", "--reasons", "v", "--name", "R")
    shown = run(home, "assessment", "show", "pole-d-essai").out

    assert made.code == 0
    assert (nameless.code, label.code) == (2, 2)
    assert "rempli : vu" in shown
    assert shown.count("pas encore apprécié") == 13
    assert "Aucun avis d'ensemble" in shown
    assert "Réseau d'essai" in run(home, "assessment", "list").out


# --- over HTTP ----------------------------------------------------------------------------------


def test_positions_that_are_not_published_are_for_the_operator(
    client: TestClient, product: Product
) -> None:
    pole = PoleId(product.find("pole-d-essai"))
    rounds.plan(product.registry, pole)
    product.follower.catch_up()
    token = {"Authorization": f"Bearer {product.token}"}
    address = f"/api/evaluations/{CODE}"

    assert client.get(address).status_code == 200
    for path in ("profile", "radar.svg"):
        assert client.get(f"{address}/{path}").status_code == 403
        assert client.get(f"{address}/{path}", headers=token).status_code == 200
        wrong = {"Authorization": "Bearer faux"}
        assert client.get(f"{address}/{path}", headers=wrong).status_code == 403


def test_a_published_round_is_read_compared_and_drawn(client: TestClient, product: Product) -> None:
    first, second = published(product, "2024-01-01"), published(product, "2024-06-01")

    profile = client.get(f"/api/evaluations/{second}/profile").json()
    of_pole = client.get("/api/poles/pole-d-essai/referentiel?in_force=2024-02-01").json()
    pair = client.get(f"/api/evaluations/{first}/compare/{second}").json()
    radar = client.get(f"/api/evaluations/{first}/radar.svg?with={second}")
    listed = client.get("/api/evaluations").json()
    why = client.get(f"/api/evaluations/{second}/why").json()

    assert profile["round"]["placeholder"] is True
    assert of_pole["round"]["id"] == str(first)
    assert len(pair["pairs"]) == 27
    assert radar.headers["content-type"].startswith("image/svg+xml")
    assert "Grille provisoire" in radar.text
    assert {line["placeholder"] for line in listed["items"]} == {True}
    assert {way["transition"] for way in why["items"]} == {"supersede"}


def test_versions_count_the_rounds_that_follow_them(client: TestClient, product: Product) -> None:
    published(product)

    cases = {v["ref"]: v["cases"] for v in client.get("/api/journeys").json()["items"]}

    assert cases["self_positioning@2026-11-22"] == 1
    assert cases["pole@2021-05-12"] == 1


def test_what_waits_includes_rounds(client: TestClient, product: Product) -> None:
    rounds.plan(product.registry, PoleId(product.find("pole-d-essai")))
    product.follower.catch_up()

    items = client.get("/api/inbox").json()["items"]
    page = client.get("/a-faire", headers={"accept": "text/html"}).text

    (waiting,) = [item for item in items if item["concept"] == "evaluation"]
    assert waiting["name"] == "Pôle d'essai : auto-positionnement n° 1, juin 2024"
    assert f"/evaluations/{waiting['id']}#manque" in page
    assert client.get("/en-attente?days=0").status_code == 200


# --- the pages ----------------------------------------------------------------------------------


def test_the_page_of_a_round_marks_the_placeholder_and_shows_radar_and_table(
    client: TestClient, product: Product
) -> None:
    first, second = (
        published(product, "2024-01-01", levels={"TER1a": None}),
        published(product, "2024-06-01"),
    )

    page = client.get(f"/evaluations/{first}")
    pair = client.get(f"/evaluations/{first}/compare/{second}")

    for answer in (page, pair):
        assert answer.status_code == 200
        assert "Grille provisoire" in answer.text
        assert '<svg xmlns="http://www.w3.org/2000/svg" class="radar"' in answer.text
        assert "<caption>" in answer.text
        assert " style=" not in answer.text
    assert "aucun accès aux comptes" in page.text
    assert f"/evaluations/{first}/compare/{second}" in page.text
    assert CODE in client.get("/evaluations").text
    assert f'href="/evaluations/{first}"' in client.get("/evaluations").text


def test_people_read_words_and_codes_only_identify(client: TestClient, product: Product) -> None:
    first, second = published(product, "2024-01-01"), published(product, "2024-06-01")
    product.do(
        RecordAssessment(
            pole=PoleId(product.find("pole-d-essai")),
            criterion="SIZE",
            found=Found.MET,
            reasons="cinq",
            name="Réseau d'essai",
        ),
        product.operator(),
    )
    product.follower.catch_up()
    named = "auto-positionnement n° 2, juin 2024"

    for address in ("/evaluations", f"/evaluations/{second}", f"/evaluations/{first}"):
        page = text_of(client, address)
        assert named in page
        assert "référentiel provisoire (trame d'attente) de novembre 2026" in page.lower()
        assert "referentiel@" not in page
    pair = text_of(client, f"/evaluations/{first}/compare/{second}")
    assert CODE not in pair
    assert text_of(client, "/evaluations").count("Grille provisoire") == 1
    assert "Cinq à dix organisations" in text_of(client, "/criteres-2012")
    assert "SIZE" not in text_of(client, "/criteres-2012").replace('value="SIZE"', "")


def test_a_refusal_about_rounds_speaks_of_rounds(client: TestClient, product: Product) -> None:
    round_ = published(product)

    for address, code, title in (
        ("/evaluations/nulle-part", 404, "Évaluation introuvable"),
        (f"/evaluations/{round_}/compare/{round_}", 409, "Comparaison impossible"),
        (f"/evaluations/{round_}?in_force=2010-01-01", 404, "Pas encore à cette date"),
    ):
        answer = client.get(address, headers={"accept": "text/html"})
        assert answer.status_code == code
        assert title in answer.text
        assert 'href="/evaluations"' in answer.text


def test_no_page_and_no_field_is_a_judgement_drawn_from_a_grid(
    client: TestClient, product: Product
) -> None:
    first = published(product, "2024-01-01", levels={"TER1a": 0})
    second = published(product, "2024-06-01", levels={"TER1a": 4})
    about = re.compile("/api/(evaluations|assessments|grids)|criteria-2012|referentiel")
    schema = client.get("/api/openapi.json").json()
    paths = {path: told for path, told in schema["paths"].items() if about.search(path)}
    questions = {path: told["get"] for path, told in paths.items() if "get" in told}

    fields = set(fields_of(questions, schema["components"]["schemas"]))

    assert {"level", "found", "pairs", "answered"} <= fields
    assert not [name for name in fields - {"total"} if MERIT.search(name.replace("_", " "))]
    for address in (
        *("/evaluations", "/criteres-2012", "/poles/pole-d-essai"),
        *(f"/evaluations/{second}", f"/evaluations/{first}/compare/{second}"),
    ):
        page = re.sub(r"jamais un seuil\b.*?verdict", "", text_of(client, address))
        assert not MERIT.search(page), address


def text_of(client: TestClient, address: str) -> str:
    """The words of a page."""
    page = client.get(address, headers={"accept": "text/html"}).text
    words = html.unescape(re.sub(r"<[^>]*>", " ", page.partition("<main")[2]))
    return re.sub(r"\s+", " ", words)


def fields_of(told: Any, known: dict[str, Any], seen: frozenset[str] = frozenset()) -> Any:
    """The name of every field in a part of the description of the API, however deep."""
    match told:
        case {"$ref": str(ref)}:
            name = ref.rpartition("/")[2]
            if name not in seen:
                yield from fields_of(known[name], known, seen | {name})
        case dict():
            properties = told.get("properties")
            yield from properties if isinstance(properties, dict) else ()
            for inner in told.values():
                yield from fields_of(inner, known, seen)
        case list():
            for inner in told:
                yield from fields_of(inner, known, seen)


def test_the_page_of_a_draft_keeps_its_positions(client: TestClient, product: Product) -> None:
    pole = PoleId(product.find("pole-d-essai"))
    round_ = rounds.plan(product.registry, pole)
    rounds.move(product.registry, round_, "open")
    rounds.fill(product.registry, round_)
    product.follower.catch_up()

    page = client.get(f"/evaluations/{round_}").text

    assert 'class="radar"' not in page
    assert "ses positions ne se lisent que par ses auteurs" in page.replace("\u00a0", " ")


def test_the_journeys_of_rounds_have_their_pages(client: TestClient) -> None:
    for ref in ("self_positioning@2026-11-22", "third_party@2026-11-22"):
        assert ref in client.get("/parcours").text
        page = client.get(f"/parcours/{ref}")
        assert page.status_code == 200
        assert "Deux parties distinctes" in page.text


def test_the_sheet_of_a_pole_shows_the_criteria_and_who_said_what(
    client: TestClient, product: Product
) -> None:
    pole = PoleId(product.find("pole-d-essai"))
    for name, found in (
        ("Réseau d'essai", Found.MET),
        ("Autre réseau d'essai", Found.NOT_MET),
    ):
        product.do(
            RecordAssessment(pole=pole, criterion="PLACE", found=found, reasons="vu", name=name),
            product.operator(),
        )

    page = client.get("/poles/pole-d-essai").text

    assert "Critères incontournables" in page
    assert "Autre réseau d&#39;essai" in page
    assert page.count("Pas encore apprécié.") == 13
    assert client.get("/criteres-2012").status_code == 200
    assert client.get("/grilles").status_code == 200


def test_a_round_is_offered_for_comparison_once_both_are_published(
    client: TestClient, product: Product
) -> None:
    first = published(product)
    planned = rounds.plan(product.registry, PoleId(product.find("pole-d-essai")))
    product.follower.catch_up()

    page = client.get(f"/evaluations/{first}").text

    assert f'href="/evaluations/{planned}"' in page
    assert f"/compare/{planned}" not in page
    assert "/compare/" not in client.get(f"/evaluations/{planned}").text


def test_reading_positions_that_are_not_published_is_noted_and_only_that(
    client: TestClient, product: Product
) -> None:
    pole = PoleId(product.find("pole-d-essai"))
    published_one = published(product)
    own = rounds.plan(product.registry, pole)
    product.follower.catch_up()
    token = {"Authorization": f"Bearer {product.token}"}

    for address in (
        f"{own}/profile",
        f"{own}/compare/{published_one}",
        f"{own}/radar.svg",
        f"{published_one}/radar.svg?with={own}",
        f"{published_one}/profile",
    ):
        assert client.get(f"/api/evaluations/{address}", headers=token).status_code == 200

    lines = product.read_accesses(product.operator())
    assert [(line.concept, line.part) for line in lines] == [("evaluation", "positions")] * 4
    assert {line.subject for line in lines} == {own}


def test_positions_that_are_not_published_are_refused_in_a_role_without_a_part_in_them(
    home: Path, client: TestClient, product: Product
) -> None:
    rounds.plan(product.registry, PoleId(product.find("pole-d-essai")))
    product.follower.catch_up()
    token = {"Authorization": f"Bearer {product.token}", "Jalon-Role": "funder"}

    answer = client.get(f"/api/evaluations/{CODE}/profile", headers=token)
    seen = run(home, "evaluation", "profile", CODE, "--as", "moderator")
    allowed = run(home, "evaluation", "profile", CODE, "--as", "auditor")

    assert (answer.status_code, answer.json()["code"]) == (403, "evaluation.no_part")
    assert (seen.code, seen.err.count("\n")) == (4, 1)
    assert allowed.code == 0
    assert [line.role.value for line in product.read_accesses(product.operator())] == ["auditor"]
    told = run(home, "access", "list").out
    assert "positions d'un tour qui n'est pas publié" in told
