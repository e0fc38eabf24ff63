"""The pages about the site: who answers for it, what was tested of it, what can be taken away."""

import re
from contextlib import closing
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from application.legal_notice import TO_SAY
from interfaces.server import create_app
from interfaces.wiring import Product, Settings
from tests.interfaces.people import Person, person
from tests.make import begin

FOOT = ("/donnees-personnelles", "/verification", "/donnees-ouvertes", "/accessibilite")


@pytest.fixture(scope="module")
def anyone(historical: Product) -> Person:
    return person(historical, None)


@pytest.mark.parametrize("path", ["/poles", "/mentions-legales", "/poles/nulle-part"])
def test_every_page_leads_to_them(anyone: Person, path: str) -> None:
    foot = anyone.read(path).partition('<footer class="bottom">')[2]

    for wanted in (*FOOT, "/mentions-legales"):
        assert f'href="{wanted}"' in foot


def test_what_nobody_said_of_the_publisher_is_said_to_be_wanting(anyone: Person) -> None:
    assert anyone.read("/mentions-legales").count(TO_SAY) == 5
    assert TO_SAY in anyone.read("/accessibilite")


def test_the_notice_says_what_the_settings_say(tmp_path: Path) -> None:
    publisher, host, contact = said = ("Réseau d'essai", "Hébergeur d'essai", "a@exemple.fr")
    home = tmp_path / "home"
    settings = Settings(home=home, database="", publisher=publisher, host=host, contact=contact)
    begin(settings)

    with closing(Product(settings)) as product:
        page = person(product, None).read("/mentions-legales")

    assert all(words in page for words in said)
    assert page.count(TO_SAY) == 1


def test_the_statement_claims_no_conformity_that_nobody_measured(anyone: Person) -> None:
    page = anyone.read("/accessibilite")

    assert "non conforme" in page
    assert "n'a pas encore été audité" in page
    assert "article 47 de la loi n° 2005-102" in page
    assert "RGAA 4.1" in page
    assert not re.search(r"\d+ % des critères|partiellement conforme", page)


def test_everything_that_the_page_of_open_data_offers_is_there(historical: Product) -> None:
    client = TestClient(create_app(historical), base_url="http://127.0.0.1")
    page = client.get("/donnees-ouvertes").text
    main = page.partition("<main")[2].partition("</main>")[0]

    links = re.findall(r'<a href="(/[^"]+)"', main.replace("&amp;", "&"))
    files = [link for link in links if link.endswith("format=csv")]
    assert len(files) > 30
    unsigned = "/journal/checkpoint"  # of a log that was never signed, there is none
    apart = [link for link in links if "format=" not in link and link != unsigned]
    for link in [*files[::8], *apart[:8]]:
        assert client.get(link).status_code == 200, link
