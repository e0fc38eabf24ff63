"""The report of a month: each figure opens its list, and what is frozen never changes."""

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from lxml import html

from application.pole import RegisterPole, RenamePole
from application.retraction import RetractFact
from domain.dates import PartialDate
from domain.pole import PoleId
from domain.spelling import plain
from infrastructure.reference import STORIES
from interfaces.server import create_app
from interfaces.wiring import Product
from tests import make

ON = PartialDate("2024-01-05")
MONTHS = ("2023-11", "2024-06", "2025-01", "2026-03")


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Everything that the demonstration tells."""
    with make.product(tmp_path_factory.mktemp("monthly")) as made:
        for story in STORIES:
            made.demonstrate(story)
        made.follower.catch_up()
        yield made


@pytest.fixture(scope="module")
def client(product: Product) -> TestClient:
    return TestClient(create_app(product), headers={"accept": "text/html"})


def figures(page: str) -> list[tuple[str, str]]:
    links = html.fromstring(page).xpath("//table[contains(@class, 'figures')]//td//a")
    return [(link.text.strip(), link.get("href")) for link in links]


@pytest.mark.parametrize("month", MONTHS)
def test_each_figure_is_the_number_of_lines_of_its_list(client: TestClient, month: str) -> None:
    page = client.get(f"/rapports/mois/{month}")
    found = figures(page.text)

    assert page.status_code == 200
    assert len(found) > 2
    for said, address in found:
        lines = client.get(f"{address}{'&' if '?' in address else '?'}format=json").json()["lignes"]
        assert len(lines) == int(re.sub(r"\D", "", said)), address


def test_a_frozen_report_says_its_size_and_root_and_never_changes(
    client: TestClient, product: Product
) -> None:
    size, root = product.journal.size(), product.journal.root().hex()
    (address,) = html.fromstring(client.get("/rapports/mois/2024-06").text).xpath(
        "//a[text()='Figer ce rapport']/@href"
    )
    before = client.get(address).text
    entry = RegisterPole(name="Pôle tardif (fictif)", occurred_on=PartialDate("2024-06-12"))
    product.do(entry, product.operator())
    after, now = client.get(address).text, client.get("/rapports/mois/2024-06").text

    assert f"known=%40{size}" in address
    assert root in before
    assert "Rapport figé" in before
    assert plain(f"arrêté à {size:,} événements") in plain(before)
    assert _told(after) == _told(before) != _told(now)
    assert all(f"known=%40{size}" in opened for _, opened in figures(before))
    assert root not in now


def _told(page: str) -> str:
    (main,) = html.fromstring(page).xpath("//main")
    return plain(main.text_content())


def test_the_file_of_a_report_says_the_same_with_its_root(
    client: TestClient, product: Product
) -> None:
    page = client.get("/rapports/mois/2024-06").text
    told = client.get("/rapports/mois/2024-06?format=json").json()
    numbers = [line["Nombre"] for line in told["lignes"][:-1] if line["Nombre"]]

    assert numbers == [int(re.sub(r"\D", "", said)) for said, _ in figures(page)]
    assert told["question"]["Racine du journal"] == product.journal.root().hex()


@pytest.mark.parametrize("month", ["2199-01", "2024-13", "hier", "2024"])
def test_a_month_that_has_not_begun_is_refused_in_one_sentence(
    client: TestClient, month: str
) -> None:
    page = client.get(f"/rapports/mois/{month}")

    assert page.status_code == 400
    assert "pas un mois passé ou en cours" in page.text


def test_a_month_is_chosen_as_people_write_it(client: TestClient) -> None:
    answer = client.get("/rapports/mois?mois=06/2024", follow_redirects=False)

    assert answer.headers["location"] == "/rapports/mois/2024-06"
    assert "/rapports/mois/" in client.get("/rapports").text
    assert "/rapports" in client.get("/listes").text


def test_facts_taken_back_are_counted_in_the_month_of_their_recording(
    client: TestClient, product: Product
) -> None:
    def counted() -> int:
        month = product.moment().in_force.isoformat()[:7]
        told = client.get(f"/rapports/mois/{month}?format=json").json()["lignes"]
        return int(told[-1]["Nombre"])

    by, before = product.operator(), counted()
    pole = product.do(RegisterPole(name="Pôle repris (fictif)", occurred_on=ON), by).answer
    renamed = RenamePole(pole=PoleId(pole), name="Autre nom (fictif)", occurred_on=ON)
    fact = product.do(renamed, by).events[-1].meta.event_id
    assert counted() == before

    product.do(RetractFact(event=fact, reason="Saisi par erreur."), by)
    assert counted() == before + 1
