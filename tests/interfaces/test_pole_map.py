"""The map: numbers that open their lists, the same as a table, and the filters of the register."""

import re
from collections.abc import Iterator
from contextlib import closing

import pytest

from interfaces.wiring import Product
from tests.interfaces.conftest import registry
from tests.interfaces.people import Person, person
from tests.interfaces.test_board import register

PLACE = re.compile(r'<a class="map-place shade-(\d)" href="([^"]*)"><title>([^<]*)</title>')
LINE = re.compile(
    r'<th scope="(rowgroup|row)">([^<]*)</th><td class="amount"><a href="([^"]*)">(\d+)'
)


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A registry with poles in some departments, in a region, and nobody knows where."""
    with closing(registry(tmp_path_factory.mktemp("map") / "home")) as made:
        register(made, "Ajoncs", "2022-01-01", region="Bretagne", department="Morbihan")
        register(made, "Bruyères", "2020-01-01", region="Bretagne", department="Morbihan")
        register(made, "Chardons", "2021-01-01", region="Corse")
        register(made, "Digitales", "2021-01-01", region="Île-de-France", department="Paris")
        register(made, "Ellébores", "2021-01-01", words="quelque part")
        yield made


@pytest.fixture
def anyone(product: Product) -> Person:
    return person(product, None)


def plain(text: str) -> str:
    return text.replace("&nbsp;", " ").replace("\u00a0", " ").replace("&amp;", "&")


def test_each_department_with_poles_says_how_many_and_opens_their_list(anyone: Person) -> None:
    places = PLACE.findall(plain(anyone.read("/carte")))

    assert {said for _, _, said in places} == {"Morbihan : 2 pôles", "Paris : 1 pôle"}
    urls = {said: url for _, url, said in places}
    listed = anyone.read(urls["Morbihan : 2 pôles"])
    assert 'id="pole-ajoncs"' in listed
    assert 'id="pole-bruyeres"' in listed
    assert 'id="pole-digitales"' not in listed
    shades = {said: shade for shade, _, said in places}
    assert shades["Morbihan : 2 pôles"] > shades["Paris : 1 pôle"]


def test_the_table_says_the_same_and_what_the_map_cannot_show(anyone: Person) -> None:
    page = plain(anyone.read("/carte"))

    told = [(name, int(number)) for _, name, _, number in LINE.findall(page)]
    assert told == [
        *(("Bretagne", 2), ("Morbihan", 2)),
        *(("Corse", 1), ("Département non renseigné", 1)),
        *(("Île-de-France", 1), ("Paris", 1)),
    ]
    for _, _, url, number in LINE.findall(page):
        assert len(re.findall(r'<tr role="row" id="pole-', anyone.read(url))) == int(number)
    assert "1 pôle n'est connu que par sa région" in page.replace("&#39;", "'").replace("’", "'")
    (nowhere,) = re.findall(r'De <a href="([^"]*)">1 pôle</a>', page)
    assert 'id="pole-ellebores"' in anyone.read(nowhere)


def test_the_list_and_the_map_lead_to_each_other_with_what_is_chosen(anyone: Person) -> None:
    listed = plain(anyone.read("/poles?region=Bretagne&in_force=2021-06-01"))

    there = re.findall(r'<a href="([^"]*)"[^>]*>Carte</a>', listed)
    assert there == ["/carte?region=Bretagne&in_force=2021-06-01"]
    drawn = plain(anyone.read(there[0]))
    assert [said for _, _, said in PLACE.findall(drawn)] == ["Morbihan : 1 pôle"]
    assert "1 pôle sur 4" in drawn
    (back,) = re.findall(r'<a href="([^"]*)"[^>]*>Liste</a>', drawn)
    assert back == "/poles?region=Bretagne&in_force=2021-06-01"


def test_a_map_on_which_nothing_is_left_says_so(anyone: Person) -> None:
    assert "Aucun pôle ne répond" in anyone.read("/carte?q=introuvable")
    assert "Aucun pôle n&#39;est inscrit" in anyone.read("/carte?in_force=1999-01-01").replace(
        "n'est", "n&#39;est"
    )


def test_the_portfolio_is_shown_on_the_same_map(anyone: Person) -> None:
    page = plain(anyone.read("/portefeuille?vue=carte&region=Bretagne"))

    ((_, url, said),) = PLACE.findall(page)
    assert said == "Morbihan : 2 pôles"
    assert len(re.findall(r'<tr role="row">\s*<th scope="row"', anyone.read(url))) == 2
