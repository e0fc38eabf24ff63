"""What changed in the register between two moments: each pole, each figure, and for ever."""

import re

import pytest
from fastapi.testclient import TestClient
from lxml import html

from application.pole import RegisterPole, RenamePole
from domain.dates import PartialDate
from domain.pole import PoleId
from interfaces.wiring import Product
from tests.interfaces.conftest import pages_of
from tests.interfaces.test_web import Pages

PAGE = "/rapports/changements"
TWO_YEARS = f"{PAGE}?start=2013-01-01&end=2014-12-31"


def of(page: str) -> dict[str, list[str]]:
    rows = html.fromstring(page).xpath("//table[contains(@class, 'list')]/tbody/tr")
    return {
        row.xpath("string(th)").strip(): [cell.text_content().strip() for cell in row.xpath("td")]
        for row in rows
    }


@pytest.fixture(scope="module")
def client(historical: Product) -> TestClient:
    return TestClient(pages_of(historical))


def test_every_pole_that_differs_is_there_and_no_other(
    client: TestClient, historical: Product
) -> None:
    first, last = (historical.moment(None, day) for day in ("2013-01-01", "2014-12-31"))
    before = {one.code: one for one in historical.register.lines(first)}
    after = {one.code: one for one in historical.register.lines(last)}
    told = ("name", "stage", "territory", "department", "region", "activity")
    expected = {
        after.get(code, before.get(code)).name  # type: ignore[union-attr]
        for code in before.keys() | after.keys()
        if code not in before
        or code not in after
        or any(getattr(before[code], f) != getattr(after[code], f) for f in told)
    }
    lines = client.get(f"{TWO_YEARS}&format=json").json()["lignes"]

    assert {line["Pôle"] for line in lines} == expected
    assert expected


def test_each_figure_opens_the_list_of_as_many_lines(client: TestClient) -> None:
    links = html.fromstring(client.get(TWO_YEARS).text).xpath(
        "//table[contains(@class, 'figures')]//td//a"
    )
    assert len(links) > 4
    for link in links:
        if "€" in link.text_content():
            continue
        address = link.get("href")
        lines = client.get(f"{address}{'&' if '?' in address else '?'}format=json").json()["lignes"]
        assert len(lines) == int(re.sub(r"\D", "", link.text)), address


def test_a_region_narrows_poles_and_figures(client: TestClient) -> None:
    lines = client.get(f"{TWO_YEARS}&region=bretagne&format=json").json()["lignes"]

    assert lines
    assert all("Bretagne" in line["Région"] for line in lines)


def test_a_pole_entered_renamed_moved_and_taken_back(bare: Product) -> None:
    by = bare.operator()
    old, _ = (
        PoleId(bare.do(RegisterPole(name=name, occurred_on=PartialDate("2020-01-01")), by).answer)
        for name in ("Ancien nom", "De trop")
    )
    size = bare.journal.size()
    bare.do(RenamePole(pole=old, name="Nom neuf", occurred_on=PartialDate("2021-03-01")), by)
    bare.do(RegisterPole(name="Nouveau", occurred_on=PartialDate("2021-02-01")), by)
    pages = Pages(bare)
    year = of(pages.http.get(f"{PAGE}?start=2020-12-31&end=2021-12-31").text)

    assert year["Nouveau"][0] == "Entré au registre"
    assert year["Nom neuf"][1:3] == ["nom\xa0: Ancien nom", "nom\xa0: Nom neuf"]
    assert "De trop" not in year

    learnt = of(pages.http.get(f"{PAGE}?compared=knowledge&start=@{size}").text)
    assert set(learnt) == {"Nouveau", "Nom neuf"}
    assert "2 pôles ont changé" in pages.read(f"{PAGE}?start=2020-12-31&end=2021-12-31").text


def test_a_frozen_report_never_changes(bare: Product) -> None:
    by = bare.operator()
    bare.do(RegisterPole(name="Pôle alpha", occurred_on=PartialDate("2021-02-01")), by)
    pages = Pages(bare)
    (address,) = html.fromstring(pages.http.get(f"{PAGE}?start=2020-12-31").text).xpath(
        "//div[contains(@class, 'frozen')]//a/@href"
    )
    frozen = pages.read(address).text
    bare.do(RegisterPole(name="Pôle bêta", occurred_on=PartialDate("2021-02-01")), by)

    assert "Rapport figé" in frozen
    assert pages.read(address).text.count("Pôle bêta") == 0
    assert "Pôle bêta" in pages.read(f"{PAGE}?start=2020-12-31").text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("start=hier", "hier"),
        ("start=2022-01-01&end=2021-01-01", "2022"),
        ("sorte=rien", "n'est pas un changement"),
        ("start=2021-01-01&page=99", "n'a pas de page"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_a_sentence(
    client: TestClient, query: str, said: str
) -> None:
    answer = client.get(f"{PAGE}?{query}", headers={"accept": "text/html"})

    assert answer.status_code in (400, 404, 422)
    assert said in answer.text.replace("&#39;", "'")
    assert "Traceback" not in answer.text


def test_a_page_reached_from_another_day_ends_there(client: TestClient) -> None:
    page = client.get(f"{PAGE}?start=2013-01-01&in_force=2014-12-31")
    lines = client.get(f"{PAGE}?start=2013-01-01&in_force=2014-12-31&format=json").json()["lignes"]

    assert page.status_code == 200
    assert lines == client.get(f"{TWO_YEARS}&format=json").json()["lignes"]
    pole = client.get("/poles/phares-cite-phares/changements?start=2013-01-01&in_force=2014-12-31")
    assert pole.status_code == 200
