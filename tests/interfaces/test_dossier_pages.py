"""A dossier and an appeal as people meet them, before and after the announcement."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from interfaces.server import create_app
from interfaces.wiring import Product, Settings
from tests.interfaces.seasons import APPEAL, EVE, KEPT, LEFT, MOTIVE, examined
from tests.interfaces.shell import Seen, jalon

REVIEW = ("Vu pour d1", "Analyse fictive", "Rang 1", "réservé")
"""What its review says of the first dossier."""
PLACES = (
    f"/dossiers/{KEPT}",
    f"/api/dossiers/{KEPT}",
    f"/api/dossiers/{KEPT}/history",
    "/api/dossiers",
    "/dossiers",
    "/poles/pole-fictif-1",
)
"""Where everybody reads of a dossier."""


@pytest.fixture(scope="module")
def untold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return examined(tmp_path_factory.mktemp("untold") / "home", announced=False)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A registry in which the results are announced; nothing is written there."""
    home = examined(tmp_path_factory.mktemp("told") / "home", announced=True)
    with closing(Product(Settings(home=home, database=""))) as product:
        yield product


@pytest.fixture(scope="module")
def pages(told: Product) -> Iterator[TestClient]:
    with TestClient(create_app(told)) as made:
        yield made


@pytest.fixture
def product(tmp_path: Path, untold: Path) -> Iterator[Product]:
    """A registry of its own, before the announcement."""
    home = shutil.copytree(untold, tmp_path / "home")
    with closing(Product(Settings(home=home, database=""))) as made:
        yield made


@pytest.fixture
def client(product: Product) -> Iterator[TestClient]:
    with TestClient(create_app(product)) as made:
        yield made


def run(product: Product, *words: str) -> Seen:
    return jalon("--home", product.settings.home, *words)


def text(client: TestClient, path: str) -> str:
    answer = client.get(path, headers={"accept": "text/html"})
    assert answer.status_code == 200, (path, answer.text[:400])
    return unescape(answer.text).replace("\u202f", " ").replace("\xa0", " ")


def noted(product: Product) -> list[tuple[str, str, str]]:
    lines = product.accesses.lines(None)
    return [(line.concept, line.part, line.role.value) for line in lines]


def read_review(
    client: TestClient, product: Product, role: str, bearer: str | None = None
) -> tuple[int, str]:
    headers = {"Authorization": f"Bearer {bearer or product.token}", "Jalon-Role": role}
    answer = client.get(f"/api/dossiers/{KEPT}/review", headers=headers)
    return answer.status_code, answer.text


# --- before the announcement --------------------------------------------------------------------


def test_nothing_public_tells_of_the_review_nor_of_the_decision(
    client: TestClient, product: Product
) -> None:
    shown = [text(client, place) for place in PLACES]
    shown += [run(product, "dossier", "show", KEPT, *more).out for more in ((), ("--json",))]

    for said in shown:
        for secret in (MOTIVE, *REVIEW):
            assert secret not in said
    assert "ne se lisent qu'après l'annonce" in shown[0]
    assert "Aucune décision n'est annoncée" in shown[0]
    assert noted(product) == []


@pytest.mark.parametrize(
    "role",
    ["instructor", "secretary", "auditor", "coordinator", "regional_coordinator", "registrar"],
)
def test_those_who_examine_it_read_the_review_and_that_is_noted(
    client: TestClient, product: Product, role: str
) -> None:
    status, said = read_review(client, product, role)
    assert status == 200
    assert all(words in said for words in REVIEW[:3])
    assert MOTIVE not in said
    seen = run(product, "dossier", "show", KEPT, "--as", role)
    assert seen.code == 0, seen
    assert "Vu pour d1" in seen.out
    assert "avis         " in seen.out
    assert noted(product) == [("dossier", "review", role)] * 2


@pytest.mark.parametrize("role", ["funder", "public", "pole_representative", "committee_member"])
def test_nobody_else_reads_the_review(client: TestClient, product: Product, role: str) -> None:
    status, said = read_review(client, product, role)
    assert (status, "Vu pour" in said) == (403, False)
    seen = run(product, "dossier", "show", KEPT, "--as", role)
    assert (seen.code, "Vu pour" in seen.out + seen.err) == (4, False)
    assert noted(product) == []


def test_the_review_wants_the_token(client: TestClient, product: Product) -> None:
    assert read_review(client, product, "instructor", bearer="un autre")[0] == 403
    assert client.get(f"/api/dossiers/{KEPT}/review").status_code == 403
    assert noted(product) == []


# --- after it -----------------------------------------------------------------------------------


def test_the_page_shows_what_is_announced_and_the_review_with_it(
    pages: TestClient, told: Product
) -> None:
    said = text(pages, f"/dossiers/{KEPT}")

    assert MOTIVE in said
    for words in REVIEW:
        assert words in said
    assert "Retenu" in said
    assert "Arrivé à temps" in said
    seen = run(told, "dossier", "show", KEPT, "--as", "funder")
    assert (seen.code, "Vu pour d1" in seen.out) == (0, True)
    assert noted(told) == []


def test_on_an_earlier_day_nothing_of_it_was_announced(pages: TestClient, told: Product) -> None:
    said = text(pages, f"/dossiers/{KEPT}?in_force={EVE}")

    assert "Vous lisez" in said
    assert "Aucune décision n'est annoncée à cette date" in said
    assert MOTIVE not in said
    seen = run(told, "dossier", "show", KEPT, "--in-force", EVE)
    assert (seen.code, MOTIVE in seen.out) == (0, False)


def test_lists_and_pages_lead_to_one_another(pages: TestClient, told: Product) -> None:
    id_ = told.find_thing("dossier", KEPT)

    assert f'href="/dossiers/{id_}"' in text(pages, "/dossiers")
    assert text(pages, f"/dossiers/{id_}") == text(pages, f"/dossiers/{KEPT}")
    pole = text(pages, "/poles/pole-fictif-1")
    assert "Appels et engagements financiers" in pole
    assert f'href="/dossiers/{id_}"' in pole
    assert 'href="/poles/pole-fictif-1"' in text(pages, f"/dossiers/{KEPT}")


def test_an_appeal_says_against_what_and_whether_it_came_in_time(
    pages: TestClient, told: Product
) -> None:
    said = text(pages, f"/recours/{APPEAL}")

    assert "Recours gracieux, Projet fictif 2" in said
    assert f'href="/dossiers/{LEFT}#decision"' in said
    assert "Formé à temps : il était à former jusqu'au 27 septembre 2024" in said
    assert "Scellé" not in said
    assert f"/recours/{told.find_thing('appeal', APPEAL)}" in text(pages, f"/dossiers/{LEFT}")
    sheet = pages.get(f"/api/appeals/{APPEAL}").json()
    assert (sheet["late"], sheet["last_day"]) == (False, "2024-09-27")
    seen = run(told, "appeal", "show", APPEAL)
    assert "formé à temps" in seen.out
    assert "Ce-Qui-Est-Scellé" not in seen.out


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        ("/dossiers/inconnu", 404, "Dossier introuvable"),
        ("/recours/inconnu", 404, "Recours introuvable"),
        (f"/dossiers/{KEPT}?known=2010-01-01", 404, "n'était pas encore au registre"),
        (f"/dossiers/{KEPT}?in_force=2010-01-01", 404, "Pas encore à cette date"),
        (f"/dossiers/{KEPT}?in_force=hier", 400, "Date illisible"),
        (f"/recours/{APPEAL}?known=2024-08-01", 404, "n'était pas encore au registre"),
    ],
)
def test_a_wrong_name_or_day_is_one_sentence(
    pages: TestClient, path: str, status: int, sentence: str
) -> None:
    answer = pages.get(path, headers={"accept": "text/html"})

    assert answer.status_code == status
    assert sentence in unescape(answer.text)
    api = pages.get("/api" + path.replace("/recours", "/appeals"))
    assert api.status_code in (status, 422)
    assert api.json()["detail"].count(". ") <= 1


@pytest.mark.parametrize("concept", ["dossier", "appeal"])
def test_the_verbs_refuse_a_wrong_name_in_one_sentence(told: Product, concept: str) -> None:
    for name in ("inconnu", "", "x" * 5_000, "../..", "0"):
        seen = run(told, concept, "show", name)
        assert seen.code in (1, 2), seen
        assert len(seen.err.strip().splitlines()) == 1, seen.err
