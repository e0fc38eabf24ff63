"""What poles do, their projects, who succeeds whom: the command line, the API and the page."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from interfaces.api.app import handle_errors, mount
from interfaces.web.page import error_page
from interfaces.wiring import Product, Settings
from tests.interfaces.conftest import pages_of
from tests.interfaces.shell import Seen, audit, jalon, refused

ON = "--occurred-on"


class Desk:
    """The command line, on one registry."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def __call__(self, *line: str) -> Seen:
        return jalon("--home", self.home, *line)

    def done(self, *line: str) -> str:
        """Do it; give the identity that comes of it."""
        seen = self(*line, "--json")
        assert seen.code == 0, seen
        return str(seen.json["id"])

    def lines(self, *line: str) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self(*line, "--json").json["items"]
        return items


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry with two fictitious poles; the first has an entry of many kinds and a project."""
    home = tmp_path_factory.mktemp("kept") / "home"
    desk = Desk(home)
    assert desk("init").code == 0
    for name in ("Atelier du Marais", "Fabrique des Landes"):
        desk.done("pole", "register", "--name", name, ON, "2021-06-01")
    pole = ("--pole", "atelier-du-marais", ON, "2022-01-01")
    member = desk.done(
        "pole", "add-member", *pole, "--member-kind", "ess_enterprise", "--name", "Les Roseaux"
    )
    action = desk.done(
        *("pole", "describe-action", *pole, "--level", "technical", "--title", "Locaux partagés"),
        *("--member", member, "--partner", "Mairie du Marais", "--partner", "Banque locale"),
        *("--sector", "réemploi"),
    )
    body = desk.done("pole", "set-body", *pole, "--name", "Comité", "--mission", "choisit")
    need = desk.done("pole", "describe-need", *pole, "--title", "Des emplois proches")
    desk.done("pole", "set-families", *pole, "--family", "rural_place", "--family", "other")
    desk.done(
        *("pole", "record-resource", *pole, "--year", "2022", "--origin", "public_grants"),
        *("--amount-cents", "1250050", "--source", "comptes 2022"),
    )
    goal = desk.done(
        *("pole", "set-objective", *pole, "--title", "Créer des emplois", "--indicator", "emplois"),
        *("--unit", "emplois", "--baseline", "10", "--target", "20", "--source", "plan 2022"),
    )
    desk.done(
        *("pole", "measure-indicator", "--pole", "atelier-du-marais", "--entry", goal),
        *("--value", "12,5", "--source", "rapport 2022", ON, "2022-12-31"),
    )
    project = desk.done(
        *("project", "propose", *pole, "--title", "Ressourcerie", "--words", "collecte et vente"),
        *("--answers", need),
    )
    examine = ("project", "examine", "--project", project, "--examined-by", "Comité")
    why = ("--reasons", "comparé aux actions des membres", ON, "2022-02-01")
    desk.done(*examine, *why, "--check", "competition", "--finding", "complementary")
    doubled = (*examine, *why, "--check", "duplication", "--finding", "duplicates")
    refused(desk(*doubled), 4, "fait doublon", "« against »")
    desk.done(*doubled, "--against", action)
    select = ("project", "select", "--project", project, "--body", body, ON, "2022-03-01")
    refused(desk(*select), 4, "fait doublon", "« motive »")
    desk.done(*select, "--motive", "le besoin dépasse l'offre")
    return home


@pytest.fixture
def desk(kept: Path, tmp_path: Path) -> Desk:
    """A copy of it, to write in."""
    return Desk(shutil.copytree(kept, tmp_path / "home"))


@pytest.fixture
def product(kept: Path) -> Iterator[Product]:
    made = Product(Settings(home=kept, database=""))
    made.follower.catch_up()
    yield made
    made.close()


# --- the command line ---------------------------------------------------------------------------


def test_the_sheet_says_what_the_pole_does_with_the_source_of_each_figure(desk: Desk) -> None:
    said = desk("pole", "profile", "atelier-du-marais").out

    assert "action (technique) : Locaux partagés : secteurs : réemploi ; avec : Les Roseaux" in said
    assert "familles : Lieu rural, autre famille" in said
    assert "Subventions publiques, 2022 : 12\u202f500,50\u00a0€" in said
    assert "(source : comptes 2022)" in said
    assert "mesuré : 12,5 emplois, le 31 décembre 2022 (source : rapport 2022)" in said
    assert "25 % du chemin entre départ et cible" in said
    assert "concurrence : le projet complète ou renforce l'existant ; doublon : le projet" in said
    assert "Locaux partagés" in desk("pole", "show", "atelier-du-marais").out


@pytest.mark.parametrize(
    ("concept", "number"),
    [("action", 1), ("resource", 1), ("objective", 1), ("profile", 3), ("project", 1)],
)
def test_each_list_is_asked_for_at_any_moment(desk: Desk, concept: str, number: int) -> None:
    assert len(desk.lines(concept, "list")) == number
    assert len(desk.lines(concept, "list", "--pole", "atelier")) == number
    assert desk.lines(concept, "list", "--pole", "fabrique") == []
    assert desk.lines(concept, "list", "--in-force", "2021-12-31") == []
    assert desk.lines(concept, "list", "--known", "2021-12-31") == []


def test_lists_are_filtered(desk: Desk) -> None:
    needs = desk.lines("profile", "list", "--kind", "need")
    assert [line["entry"]["title"] for line in needs] == ["Des emplois proches"]
    assert desk.lines("action", "list", "--level", "strategic") == []
    assert len(desk.lines("project", "list", "--status", "selected")) == 1


def test_an_entry_that_has_ended_leaves_its_list(desk: Desk) -> None:
    action = desk.lines("action", "list")[0]["id"]
    end = ("pole", "end-entry", "--pole", "atelier", "--entry", action, "--motive", "achevée")

    desk.done(*end, ON, "2023-01-01")

    assert desk.lines("action", "list") == []
    assert len(desk.lines("action", "list", "--in-force", "2022-12-31")) == 1
    refused(desk(*end), 4, "1er janvier 2023")


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        (["record-resource", "--year", "2022", "--origin", "other"], 2, ["--source"]),
        (
            ["record-resource", "--year", "2022", "--origin", "other", "--source", "s"],
            4,
            ["amount_cents", "in_kind"],
        ),
        (
            ["record-resource", "--year", "deux", "--origin", "other", "--source", "s"],
            2,
            ["« --year »"],
        ),
        (
            [
                *("record-resource", "--year", "2022", "--origin", "other", "--source", "s"),
                *("--amount-cents", "12,5"),
            ],
            2,
            ["« --amount-cents »", "nombre entier"],
        ),
        (["describe-action", "--level", "technical", "--title", ""], 2, ["« --title »", "vide"]),
        (["describe-action", "--level", "technical", "--title", "x" * 501], 2, ["trop long"]),
        (
            ["describe-action", "--level", "technical", "--title", "A", "--member", "x"],
            2,
            ["n'est pas un identifiant"],
        ),
        (
            ["set-objective", "--title", "A", "--indicator", "i", "--unit", "u", "--baseline", "1"],
            4,
            ["source"],
        ),
        (
            ["set-objective", "--title", "A", "--indicator", "i", "--unit", "u", "--target", "un"],
            2,
            ["--target : « un »"],
        ),
        (["set-families", "--family", "moon"], 2, ["choisir parmi"]),
        (["describe-sector", "--words", "A", "--naf", "bois"], 2, ["--naf : « bois »"]),
        (
            ["measure-indicator", "--entry", "0" * 32, "--value", "1", "--source", "s"],
            1,
            ["rubrique"],
        ),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence_and_nothing_is_written(
    desk: Desk, line: list[str], code: int, words: list[str]
) -> None:
    before = audit(desk.home)

    said = refused(desk("pole", line[0], "--pole", "atelier", *line[1:]), code)

    assert all(word in said for word in words), said
    assert audit(desk.home) == before


# --- mergers and splits -------------------------------------------------------------------------


def test_poles_merge_into_a_new_one_whole_or_not_at_all(desk: Desk) -> None:
    merge = ("pole", "merge", "--pole", "atelier", "--pole", "fabrique", ON, "2023-06-01")
    before = audit(desk.home)
    refused(desk(*merge), 2, "« into »", "« name »")
    refused(desk(*merge, "--into", "atelier"), 4, "ne se succède pas à lui-même")
    refused(desk("pole", "merge", "--pole", "atelier", "--name", "Neuf"), 2, "deux autres")
    assert audit(desk.home) == before

    desk.done(*merge, "--name", "Deux Rives")

    poles = {p["code"]: p["stage"] for p in desk.lines("pole", "list")}
    assert poles == {
        "atelier-du-marais": "ended",
        "fabrique-des-landes": "ended",
        "deux-rives": "emergence",
    }
    assert desk("pole", "lineage", "deux-rives").out.splitlines() == [
        "Deux Rives succède à Atelier du Marais (fusion, le 1er juin 2023).",
        "Deux Rives succède à Fabrique des Landes (fusion, le 1er juin 2023).",
    ]
    assert "a cessé : fusionné dans Deux Rives" in desk("pole", "show", "atelier").out
    refused(desk(*merge, "--name", "Encore"), 4)
    assert len(desk.lines("succession", "list")) == 2
    assert desk.lines("succession", "list", "--in-force", "2023-05-31") == []


def test_if_one_cannot_end_none_does(desk: Desk) -> None:
    end = ("pole", "move", "--pole", "fabrique", "--transition", "end")
    desk.done(*end, "--input", '{"reason": "dissolved"}', ON, "2023-01-01")
    before = audit(desk.home)

    seen = desk("pole", "merge", "--pole", "atelier", "--pole", "fabrique", "--name", "Neuf")

    refused(seen, 4)
    assert audit(desk.home) == before


def test_a_split_names_two_successors_and_projects_are_transferred(desk: Desk) -> None:
    split = ("pole", "split", "--predecessor", "atelier", ON, "2023-06-01")
    refused(desk(*split, "--name", "Nord"), 2, "deux autres")
    refused(desk(*split, "--name", "Nord", "--into", "atelier"), 4, "lui-même")

    desk.done(*split, "--name", "Nord", "--into", "fabrique")

    assert "scindé en Fabrique des Landes" in desk("pole", "lineage", "atelier").out
    assert "scindé en Nord" in desk("pole", "lineage", "atelier").out
    assert desk.lines("member", "list", "--pole", "nord") == [], "members do not follow"
    assert desk.lines("project", "list") == [], "nothing is in force of a pole that ended"
    project = desk.lines("project", "list", "--in-force", "2023-05-31")[0]
    assert project["pole_code"] == "atelier-du-marais"
    move = ("project", "transfer", "--project", project["id"], "--motive", "scission")
    desk.done(*move, "--to", "nord", ON, "2023-06-02")
    after = desk.lines("project", "list")[0]
    assert (after["id"], after["pole_code"]) == (project["id"], "nord")
    assert (after["status"], after["competition"]) == ("selected", None)
    refused(desk(*move, "--to", "atelier"), 4, "a cessé")


def test_the_line_goes_on_from_successor_to_successor(desk: Desk) -> None:
    desk.done("pole", "merge", "--pole", "atelier", "--into", "fabrique", ON, "2023-01-01")
    desk.done(
        *("pole", "split", "--predecessor", "fabrique", "--name", "Est", "--name", "Ouest"),
        *(ON, "2024-01-01"),
    )

    line = desk("pole", "lineage", "atelier", "--json").json

    assert [(kin["name"], kin["steps"]) for kin in line["successors"]] == [
        ("Fabrique des Landes", 1),
        ("Est", 2),
        ("Ouest", 2),
    ]
    early = desk("pole", "lineage", "atelier", "--in-force", "2023-06-01", "--json").json
    assert [kin["name"] for kin in early["successors"]] == ["Fabrique des Landes"]


# --- the API and the page -----------------------------------------------------------------------


@pytest.fixture
def api(product: Product) -> TestClient:
    app = pages_of(product)
    mount(app, product)
    handle_errors(app, error_page)
    return TestClient(app)


def test_the_api_tells_the_same(api: TestClient) -> None:
    profile = api.get("/api/poles/atelier-du-marais/profile").json()
    lineage = api.get("/api/poles/atelier-du-marais/lineage").json()
    resources = api.get("/api/resources").json()["items"]

    assert profile["levels"][0]["actions"][0]["entry"]["partners"] == [
        "Mairie du Marais",
        "Banque locale",
    ]
    assert profile["objectives"][0]["measures"][0]["source"] == "rapport 2022"
    assert (lineage["predecessors"], lineage["successors"]) == ([], [])
    assert (resources[0]["amount_cents"], resources[0]["source"]) == (1250050, "comptes 2022")
    assert api.get("/api/profile", params={"kind": "need"}).json()["items"][0]["entry"]["title"]
    assert api.get("/api/poles/zzz/profile").status_code == 404


def test_a_command_of_the_api_refuses_a_figure_without_its_source(
    api: TestClient, product: Product
) -> None:
    body = {"pole": str(product.find("atelier")), "year": 2022, "origin": "other", "in_kind": "x"}
    headers = {"Authorization": f"Bearer {product.token}"}

    seen = api.post("/api/commands/pole.record_resource", json=body, headers=headers)

    assert seen.status_code == 400
    assert "source" in seen.json()["detail"]


@pytest.mark.parametrize(
    "path", ["/actions", "/ressources", "/objectifs", "/profil", "/projets", "/successions"]
)
def test_each_list_has_its_page(api: TestClient, path: str) -> None:
    assert api.get(path).status_code == 200
    assert api.get(path, params={"in_force": "2015-01-01"}).status_code == 200


def test_the_page_of_a_pole_says_what_it_does(api: TestClient) -> None:
    page = api.get("/poles/atelier-du-marais").text
    said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page).replace("\u00a0", " "))

    section = said[said.index("Ce que fait le pôle Familles") :]
    for words in (
        "Niveau technique",
        "Ressourcerie",
        "Retenu",
        "Le projet fait doublon",
        "12,5 emplois",
        "Subventions publiques",
        "comptes 2022",
    ):
        assert words in section, words
    assert "atteint ni manqué" in said


def test_the_page_leads_to_the_successor(desk: Desk) -> None:
    desk.done("pole", "merge", "--pole", "atelier", "--into", "fabrique", ON, "2023-01-01")
    product = Product(Settings(home=desk.home, database=""))
    try:
        product.follower.catch_up()
        app = pages_of(product)
        ended = TestClient(app).get("/poles/atelier-du-marais").text
        successor = TestClient(app).get("/poles/fabrique-des-landes").text
    finally:
        product.close()

    assert 'fusionné dans <a href="/poles/fabrique-des-landes">' in ended
    assert 'Succède à <a href="/poles/atelier-du-marais">' in successor
