"""Tables of figures by year: each figure opens the list that it counts, on any date."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from lxml import html

from application.cross_table import MEASURES
from domain.spelling import plain
from infrastructure.reference import STORIES
from interfaces.server import create_app
from interfaces.wiring import Product
from tests import make

TABLE = "/rapports/tableau-croise"
TABLES = [(name, rows) for name, measure in MEASURES.items() for rows in measure.rows]


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Everything that the demonstration tells."""
    with make.product(tmp_path_factory.mktemp("counted")) as made:
        for story in STORIES:
            made.demonstrate(story)
        made.follower.catch_up()
        yield made


@pytest.fixture(scope="module")
def client(product: Product) -> TestClient:
    return TestClient(create_app(product), headers={"accept": "text/html"})


def taken(client: TestClient, address: str, **asked: str) -> Any:
    answer = client.get(address, params={**asked, "format": "json"} if asked else None)
    assert answer.status_code == 200, answer.text
    return answer.json()


def figures(page: str) -> list[tuple[str, str]]:
    """Each figure of a table, with the address that it opens."""
    links = html.fromstring(page).xpath("//table[contains(@class, 'figures')]//td//a")
    return [(link.text.strip(), link.get("href")) for link in links]


def number(text: str) -> float:
    digits = "".join(one for one in text if one.isdigit() or one == ",")
    return float(digits.replace(",", "."))


@pytest.mark.parametrize(("measure", "rows"), TABLES)
@pytest.mark.parametrize("asked", ["", "&in_force=2025-06-30"], ids=["today", "past"])
def test_each_figure_is_what_its_list_says(
    client: TestClient, measure: str, rows: str, asked: str
) -> None:
    page = client.get(f"{TABLE}?mesure={measure}&lignes={rows}&de=2019{asked}")
    found = figures(page.text)
    summed = {"promis": "Convenu", "paye": "Payé"}.get(measure)

    assert page.status_code == 200
    assert len(found) > 1
    for said, address in found:
        lines = taken(client, f"{address}{'&' if '?' in address else '?'}format=json")["lignes"]
        counted = sum(line.get(summed) or 0 for line in lines) if summed else len(lines)
        assert counted == number(said), address


@pytest.mark.parametrize(("measure", "rows"), TABLES)
def test_the_file_of_a_table_says_what_its_page_says(
    client: TestClient, measure: str, rows: str
) -> None:
    asked = {"mesure": measure, "lignes": rows, "de": "2020"}
    page = html.fromstring(client.get(TABLE, params=asked).text)
    told = taken(client, TABLE, **asked)
    shown = page.xpath("//table[contains(@class, 'figures')]/tbody/tr")

    assert len(told["lignes"]) == len(shown) > 1
    for line, row in zip(told["lignes"], shown, strict=True):
        title, *cells = line.values()
        assert plain(title) == plain(row.xpath("./th")[0].text_content())
        texts = ["".join(td.xpath("./text() | ./a/text()")) for td in row.xpath("./td")]
        assert [number(text) for text in texts] == cells


def test_rows_come_to_the_whole_where_no_pole_is_in_two_of_them(client: TestClient) -> None:
    for measure, rows in TABLES:
        if rows in ("region", "departement"):
            continue
        *lines, whole = taken(client, TABLE, mesure=measure, lignes=rows, de="2019")["lignes"]
        for title in list(whole)[1:]:
            assert sum(line[title] for line in lines) == whole[title], (measure, rows, title)


def test_a_table_at_a_size_is_the_same_for_ever(client: TestClient, product: Product) -> None:
    size = product.journal.size() // 2
    day = product.moment(f"@{size}").in_force.isoformat()

    told = taken(client, TABLE, mesure="poles", known=f"@{size}")
    page = client.get(TABLE, params={"mesure": "poles", "known": f"@{size}"}).text

    assert told["question"]["Date"].endswith("événements")
    assert list(told["lignes"][0])[-1] == day[:4]
    assert all(f"known=%40{size}" in address for _, address in figures(page))


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"mesure": "zzz"}, "« zzz » ne se lit pas ainsi"),
        ({"mesure": "poles", "lignes": "appel"}, "au choix : etape, region, departement"),
        ({"de": "1900"}, "15 au plus"),
        ({"de": "hier"}, "15 au plus"),
        ({"de": "2025", "a": "2020"}, "15 au plus"),
    ],
)
def test_a_table_that_does_not_exist_is_refused_in_one_sentence(
    client: TestClient, asked: dict[str, str], words: str
) -> None:
    page = client.get(TABLE, params=asked)

    assert page.status_code == 400
    assert plain(words) in plain(page.text)


def test_of_an_empty_register_a_table_says_what_to_do(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with make.product(tmp_path_factory.mktemp("empty")) as made:
        page = TestClient(create_app(made), headers={"accept": "text/html"}).get(TABLE)

    assert page.status_code == 200
    assert "Choisissez d" in page.text
