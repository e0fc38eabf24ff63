"""What is not public, on the pages: for those who may read it, and each reading is noted."""

from collections.abc import Iterator
from contextlib import closing
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from application.contribution import SendContribution
from domain.roles import Role
from interfaces.server import create_app
from interfaces.wiring import Product, Settings
from tests.interfaces.conftest import registry
from tests.interfaces.people import person
from tests.interfaces.seasons import CALL, KEPT, MOTIVE, SESSION, decided, examined

DOSSIER = f"/dossiers/{KEPT}"
RESULTS = f"/seances/{SESSION}"
MINUTES = f"{RESULTS}/proces-verbal"
REVIEW = "Vu pour d1"


@pytest.fixture
def reviewed(tmp_path: Path) -> Iterator[Product]:
    """A call whose dossiers were examined, of which nothing is announced."""
    home = examined(tmp_path / "home", announced=False)
    with closing(Product(Settings(home=home, database=""))) as product:
        yield product


@pytest.fixture
def voted(tmp_path: Path) -> Iterator[Product]:
    """A call whose committee voted, of which nothing is announced."""
    home = decided(tmp_path / "home", announced=False)
    with closing(Product(Settings(home=home, database=""))) as product:
        yield product


def noted(product: Product) -> list[tuple[str, str]]:
    return [(line.concept, line.part) for line in product.accesses.lines()]


def test_a_review_is_read_by_those_who_examine(reviewed: Product) -> None:
    anybody = TestClient(create_app(reviewed))
    funder = person(reviewed, Role.FUNDER).http
    for http, why in ((anybody, "Connectez-vous"), (funder, "instruction")):
        page = unescape(http.get(DOSSIER).text)
        assert REVIEW not in page
        assert why in page
    assert noted(reviewed) == []
    page = unescape(person(reviewed, Role.SECRETARY).http.get(DOSSIER).text)
    assert REVIEW in page
    assert "votre lecture est notée" in page
    assert noted(reviewed) == [("dossier", "review")]


def test_votes_minutes_and_ranking_are_read_by_the_committee(voted: Product) -> None:
    anybody = TestClient(create_app(voted), follow_redirects=False)
    assert MOTIVE not in anybody.get(RESULTS).text
    assert anybody.get(MINUTES, headers={"accept": "text/html"}).status_code == 404
    wave = _ranking(anybody, voted)
    assert anybody.get(wave).status_code == 303
    funder = person(voted, Role.FUNDER).http
    assert MOTIVE not in funder.get(RESULTS).text
    assert funder.get(wave).status_code == 403
    assert noted(voted) == []

    secretary = person(voted, Role.SECRETARY).http
    votes, minutes, ranking = (
        unescape(secretary.get(path).text) for path in (RESULTS, MINUTES, wave)
    )
    assert MOTIVE in votes
    assert f"PROCÈS-VERBAL DE LA SÉANCE {SESSION}" in minutes
    assert "Ligne de coupure" in ranking
    assert {("session", "results"), ("session", "minutes"), ("call", "ranking")} <= {*noted(voted)}


def _ranking(http: TestClient, product: Product) -> str:
    wave = product.session(SESSION, product.moment()).wave
    return f"/appels/{CALL}/vagues/{wave}"


def test_what_waits_is_read_by_who_moderates(tmp_path: Path) -> None:
    with closing(registry(tmp_path)) as product:
        said = {"about": "le registre", "author": "Noor Factice", "text": "Une-Chose-À-Lire"}
        product.do(SendContribution.model_validate(said), product.operator(Role.PUBLIC))
        anybody = TestClient(create_app(product), follow_redirects=False)
        assert anybody.get("/moderation").status_code == 303
        assert person(product, Role.FUNDER).http.get("/moderation").status_code == 403
        assert noted(product) == []
        page = unescape(person(product, Role.MODERATOR).http.get("/moderation").text)
        assert "Une-Chose-À-Lire" in page
        assert "Noor Factice" in page
        assert noted(product) == [("contribution", "text")]


def test_after_a_contribution_is_judged_the_next_one_is_shown(tmp_path: Path) -> None:
    with closing(registry(tmp_path / "home")) as product:
        for text in ("Première remarque.", "Deuxième remarque."):
            said = {"about": "Le registre", "author": "Dominique Exemple", "text": text}
            product.do(SendContribution.model_validate(said), product.operator(Role.PUBLIC))
        moderator = person(product, Role.MODERATOR)
        page = moderator.http.get("/moderation").text
        act = unescape(page.split('href="/actes/contribution.refuse')[1].partition('"')[0])
        said = dict(pair.split("=") for pair in act.removeprefix("?").split("&"))

        answer = moderator.send(
            f"/actes/contribution.refuse{act}",
            {"contribution": said["contribution"], "motive": "Hors du sujet."},
        )

        assert answer.headers["location"] == "/moderation"
        left = unescape(moderator.http.get("/moderation").text)
        assert "1 contribution attend" in left
        assert "Hors du sujet" not in left
