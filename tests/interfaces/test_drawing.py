"""Drawings, from the command line and on the pages."""

import re
from pathlib import Path

import pytest
from lxml import etree

from application.drawing import Format
from application.pole import MovePole
from domain.pole import PoleId
from infrastructure.reference import REFERENCE, shipped_journeys
from interfaces.wiring import Product, Settings
from tests.interfaces.shell import jalon
from tests.interfaces.test_web import Html, Pages, a_pole
from tests.make import begin

LATEST = "pole@2021-05-12"
FILE = REFERENCE / "journeys" / f"{LATEST}.yaml"
DEFINITION = b"""<?xml version="1.0"?>
<dc-workflow workflow_id="essai" title="Essai &amp; suite" state_variable="review_state"
    initial_state="private">
 <state state_id="private" title="Private"><exit-transition transition_id="publish"/></state>
 <state state_id="published" title="Published"/>
 <transition transition_id="publish" title="Publish" new_state="published" trigger="USER"
    before_script="" after_script="">
  <action url="" category="workflow">Publish</action></transition>
</dc-workflow>
"""
BEGINNINGS = {
    Format.SVG: "<svg ",
    Format.MERMAID: "stateDiagram-v2\n",
    Format.DOT: "digraph {\n",
    Format.SCXML: '<?xml version="1.0" encoding="UTF-8"?>\n<scxml ',
    Format.BPMN: '<?xml version="1.0" encoding="UTF-8"?>\n<definitions ',
}


# --- the command line --------------------------------------------------------------------------


@pytest.mark.parametrize("form", list(Format))
@pytest.mark.parametrize("named", [LATEST, str(FILE)], ids=["version", "file"])
def test_a_definition_is_drawn_without_a_registry(tmp_path: Path, form: Format, named: str) -> None:
    seen = jalon("--home", tmp_path / "none", "workflow", "draw", named, "--format", form)

    assert (seen.code, seen.err) == (0, "")
    assert seen.out.startswith(BEGINNINGS[form])
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("form", list(Format))
def test_a_definition_of_plone_is_drawn(tmp_path: Path, form: Format) -> None:
    file = tmp_path / "definition.xml"
    file.write_bytes(DEFINITION)

    seen = jalon("--home", tmp_path / "none", "workflow", "draw", file, "--format", form)

    assert seen.code == 0, seen
    assert "Publish" in seen.out


def test_a_drawing_goes_to_a_file(tmp_path: Path) -> None:
    file = tmp_path / "parcours.svg"

    seen = jalon("--home", tmp_path / "none", "workflow", "draw", LATEST, "--output", file)

    assert (seen.code, seen.out) == (0, f"Écrit dans {file}.\n")
    assert etree.parse(str(file)).getroot().get("role") == "img"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ([], 2, "Nommez une définition"),
        (["pole@1999-01-01"], 1, "n'est pas publiée"),
        (["nulle/part.yaml"], 2, "part.yaml ne peut pas être lu : il n'existe pas."),
        (["nulle/definition.xml"], 2, "il n'existe pas."),
        ([LATEST, "--format", "gif"], 2, "gif"),
        ([LATEST, "--known", "2024-01-01"], 2, "demandent un registre"),
    ],
)
def test_what_cannot_be_drawn_is_said_in_one_sentence(
    tmp_path: Path, arguments: list[str], code: int, said: str
) -> None:
    seen = jalon("--home", tmp_path / "none", "workflow", "draw", *arguments)

    assert (seen.code, seen.out) == (code, "")
    assert said in seen.err
    assert "Traceback" not in seen.err


def test_the_path_of_a_pole_is_drawn_as_it_was_on_a_day(tmp_path: Path) -> None:
    home = tmp_path / "registry"
    begin(Settings(home=home, database=""))
    jalon("--home", home, "pole", "register", "--name", "Tétris", "--occurred-on", "2022-01-01")
    line = ("--home", home, "pole", "move", "--pole", "tetris", "--transition", "end")
    moved = jalon(*line, "--input", '{"reason": "dissolved"}', "--occurred-on", "2023-01-01")
    assert moved.code == 0, moved

    after = jalon("--home", home, "workflow", "draw", "--pole", "tetris")
    before = jalon(
        *("--home", home, "workflow", "draw", "--pole", "tetris", "--in-force", "2022-06-01")
    )
    under_others = jalon("--home", home, "workflow", "draw", "pole@2011-09", "--pole", "tetris")

    assert "2. A cessé, le 1er janvier 2023" in after.out
    assert "2. A cessé" not in before.out
    assert "1. Émergence, le 1er janvier 2022" in before.out
    assert under_others.code == 0


# --- the pages ---------------------------------------------------------------------------------


@pytest.fixture
def pages(historical: Product) -> Pages:
    return Pages(historical)


def test_the_page_of_a_pole_draws_its_path_and_says_it_in_order(pages: Pages) -> None:
    page = pages.read("/poles/phares")

    assert page.all("svg", role="img")
    assert page.all("div", role="region", tabindex="0")
    assert "Le chemin suivi Émergence" in page.text
    assert "2012 (étape atteinte) par : Entrer en expérimentation Les suites possibles" in page.text
    assert "Les suites possibles Signer la charte : mène à l'étape" in page.text
    assert page.all("ol", **{"class": "path"})
    assert page.links["/parcours/pole@2026-11-23"] == "Lire les règles de cette version"


def test_the_drawing_of_a_past_day_shows_the_path_until_then(bare: Product) -> None:
    pole = a_pole(bare, occurred_on="2022-01-01")
    ended = MovePole.model_validate(
        {"pole": PoleId(pole), "transition": "end", "input": {"reason": "dissolved"}}
    )
    bare.do(ended, bare.operator())
    pages = Pages(bare)

    today = pages.read("/poles/pole-des-deux-rives")
    then = pages.read("/poles/pole-des-deux-rives?in_force=2022-02-02")

    assert len(today.all("rect", **{"class": "step"})) == 2
    assert len(then.all("rect", **{"class": "step"})) == 1
    assert "Aucun passage ne part de cette étape" in today.text
    assert "Signer la charte : mène à l'étape « Charte signée »" in then.text


def test_the_versions_are_listed_and_lead_to_their_pages(pages: Pages) -> None:
    page = pages.read("/parcours")

    assert page.links["/parcours/pole@2021-05-12"] == "Parcours d'un pôle, version du 12 mai 2021"
    assert page.text.count("en vigueur") == len({known.id for known in shipped_journeys()})
    assert "/parcours" in pages.read("/poles").links


def test_a_version_is_drawn_with_its_rules_in_words_and_its_files(pages: Pages) -> None:
    page = pages.read("/parcours/pole@2021-05-12")

    assert page.all("svg", role="img")
    assert "Émergence (début du parcours)" in page.text
    assert "Le document de stratégie commune est au dossier. Règle : loi n° 2014-856" in page.text
    assert "Ouvert à : tenue du registre" in page.text
    assert "À fournir : Signature enregistrée ; Qualité du signataire" in page.text
    assert "product rule" not in page.text
    for form in Format:
        assert f"/parcours/pole@2021-05-12/dessin/{form}" in page.links


@pytest.mark.parametrize("form", list(Format))
def test_each_file_comes_with_its_type_and_its_name(pages: Pages, form: Format) -> None:
    for address in (f"/parcours/{LATEST}/dessin/{form}", f"/poles/phares/dessin/{form}"):
        answer = pages.http.get(address)

        assert answer.status_code == 200
        assert answer.text.startswith(BEGINNINGS[form])
        assert answer.headers["content-disposition"].startswith("attachment; filename=")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_an_unknown_version_leads_to_those_that_are_published(pages: Pages) -> None:
    for address in ("/parcours/pole@1999-01-01", "/parcours/x/dessin/svg"):
        page = pages.read(address, 404)

        assert "Version introuvable" in page.text
        assert page.links["/parcours"] == "Voir les versions publiées"


def test_before_any_version_was_recorded_the_page_points_to_the_other_date(pages: Pages) -> None:
    page = pages.read("/parcours?known=2014-10-01")

    assert "Aucun parcours n'était encore publié à cette date." in page.text
    assert "/parcours?in_force=2014-10-01" in page.links


def test_drawings_hold_nothing_inline(pages: Pages) -> None:
    for address in ("/parcours", f"/parcours/{LATEST}", "/poles/phares"):
        page: Html = pages.read(address)
        for tag, having in page.tags:
            assert tag not in ("style", "script") or having.get("src"), address
            assert "style" not in having
            assert not [name for name in having if re.match("on[a-z]", name)]
