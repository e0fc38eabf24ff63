"""Rounds, grids and criteria as people meet them: on the command line, over HTTP, on pages."""

import json
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
from interfaces.store import create
from interfaces.wiring import Product, Settings
from tests.application import rounds
from tests.interfaces.test_cli import Seen, jalon

REFERENTIEL = REFERENCE / "grids" / "referentiel@placeholder-2026-11.yaml"
CODE = "pole-d-essai-auto-1"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A registry with one pole."""
    settings = Settings(home=tmp_path / "home", database="")
    create(settings)
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
    assert "Indicateur renseigné : TER1a" in history
    assert "installé" not in history
    assert CODE in listed
    assert "Grille provisoire" in listed


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
    assert "referentiel@placeholder-2026-11" in refused.err
    assert "referentiel@essai-2" in refused.err


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
    assert waiting["name"] == "Pôle d'essai : auto-positionnement"
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
    for name, found in (("Réseau d'essai", Found.MET), ("Autre réseau d'essai", Found.NOT_MET)):
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
