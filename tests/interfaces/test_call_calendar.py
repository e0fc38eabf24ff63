"""The calendar of calls: what opens, closes, is held or announced, and what money is left."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from interfaces.wiring import Product, Settings
from tests.interfaces.people import Person, person
from tests.interfaces.seasons import decided

PAGE = "/appels/calendrier"


@pytest.fixture
def anyone(bare: Product) -> Person:
    """Somebody who reads a registry with the calls of the State."""
    bare.import_calls(None, bare.operator(), apply=True)
    return person(bare, None)


@pytest.fixture(params=[False, True], ids=["before the announcement", "after it"])
def season(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[Person, bool]]:
    """Somebody who reads a registry whose committee has decided; whether that is announced."""
    home = decided(tmp_path / "home", announced=request.param)
    with closing(Product(Settings(home=home, database=""))) as product:
        product.follower.catch_up()
        yield person(product, None), request.param


def entries(page: str) -> list[str]:
    """What is dated, line by line."""
    lines = re.findall(r"<li[^>]*>(<time.*?)</li>", page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", line).split()) for line in lines]


def test_a_year_is_told_month_by_month(anyone: Person) -> None:
    page = anyone.read(f"{PAGE}?annee=2015")

    assert re.findall(r'<h2 id="mois-[\d-]+">([^<]+)', page) == ["Avril 2015", "Juin 2015"]
    first, last = entries(page)
    assert first == "21 avril 2015 Ouverture , Deuxième appel à projets PTCE (2015)"
    assert last.startswith("30 juin 2015 à 23 h 59 Clôture ,")
    assert "2 750 000 €" in page
    assert "aucune décision annoncée n'est enregistrée" in page


def test_a_date_known_in_part_stands_where_it_is_known(anyone: Person) -> None:
    page = anyone.read(f"{PAGE}?annee=2013")

    assert entries(page) == ["Juillet 2013 Ouverture , Premier appel à projets PTCE (2013)"]


def test_what_is_still_to_come_is_said_on_the_day_asked_about(anyone: Person) -> None:
    past = anyone.read(f"{PAGE}?annee=2015&in_force=2015-05-01")

    opening, closes = entries(past)
    assert "à venir" not in opening
    assert "à venir" in closes
    assert "à venir" not in anyone.read(f"{PAGE}?annee=2015")


def test_a_year_without_dates_leads_to_those_that_have_some(anyone: Person) -> None:
    page = anyone.read(f"{PAGE}?annee=1999")

    assert "Rien n'est daté en 1999" in page
    assert f'href="{PAGE}?annee=2015"' in page


def test_results_and_what_they_engage_are_told_once_announced(
    season: tuple[Person, bool],
) -> None:
    reader, announced = season
    years = re.findall(rf'href="{PAGE}\?annee=(\d+)"', reader.read(PAGE))
    pages = [reader.read(f"{PAGE}?annee={year}") for year in years]

    told = [entry for page in pages for entry in entries(page)]
    assert any("Séance du comité" in entry for entry in told)
    assert any("Résultats annoncés" in entry for entry in told) is announced
    money = [re.findall(r'data-label="(Engagé|Reste)">([^<]*€)', page) for page in pages]
    assert any(money) is announced


def test_the_calls_lead_to_their_calendar(anyone: Person) -> None:
    assert f'href="{PAGE}"' in anyone.read("/appels")
