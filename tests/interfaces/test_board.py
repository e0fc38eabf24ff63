"""The portfolio: poles by stage, what they lack first, their dates, who follows them."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from application.campaign import OpenCampaign, SendRequest
from application.following import AssignFollower
from application.pole import LocatePole, RegisterPole
from domain.dates import PartialDate
from domain.pole import PoleId, Territory
from domain.roles import Role
from interfaces.web.board import CARDS
from interfaces.wiring import Product
from tests import make
from tests.interfaces.conftest import registry
from tests.interfaces.people import Person, holder_of, open_account, person

PAGE = "/portefeuille"


def register(product: Product, name: str, since: str, **territory: str) -> PoleId:
    """A pole, known since a day, somewhere."""
    by, on = product.operator(), PartialDate(since)
    pole = PoleId(product.do(RegisterPole(name=name, occurred_on=on), by).answer)
    place = LocatePole(pole=pole, territory=Territory.model_validate(territory), occurred_on=on)
    product.do(place, by)
    return pole


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    """A registry with three poles of two regions."""
    with closing(registry(tmp_path / "home")) as made:
        register(made, "Ajoncs", "2022-01-01", region="Bretagne", department="Morbihan")
        register(made, "Bruyères", "2020-01-01", region="Bretagne", department="Finistère")
        register(made, "Chardons", "2021-01-01", region="Corse")
        yield made


@pytest.fixture
def anyone(product: Product) -> Person:
    return person(product, None)


def shown(page: str) -> list[str]:
    """The poles of a page, in its order."""
    told = page.partition('<section class="portfolio-shown"')[2]
    return re.findall(r'<(?:h4|th scope="row"[^>]*)><a href="/poles/([\w-]+)', told)


def test_each_stage_has_its_column_and_shows_its_first_poles(historical: Product) -> None:
    page = person(historical, None).read(PAGE)
    whole = person(historical, None).read(f"{PAGE}?stage=experimentation&vue=tableau&page=3")

    titles = re.findall(r'<h3 id="etape-(\w+)">.*?<span class="number">(\d+)', page)
    assert dict(titles) == {
        **dict.fromkeys(("charter_signed", "recognised", "dormant", "ended"), "0"),
        "emergence": "23",
        "experimentation": "54",
    }
    assert len(shown(page)) == 2 * CARDS
    assert f'href="{PAGE}?stage=experimentation&vue=tableau">Voir les 54 pôles' in page
    assert len(shown(whole)) == 4
    assert "Page 3 sur 3" in whole


def test_a_card_says_since_when_and_what_lacks_first(anyone: Person) -> None:
    page = anyone.read(PAGE)

    card = page.partition('href="/poles/ajoncs">')[2].partition("</li>")[0]
    assert "Morbihan, Bretagne" in card
    assert "depuis le 1er janvier 2022" in card
    assert "Signer la charte : <a" in card
    assert "1 condition à lever" in card
    assert "sans référente ni référent" in card
    assert 'href="/actes/' not in page


def test_both_views_show_the_same_poles_in_the_order_asked_for(anyone: Person) -> None:
    longest = ["bruyeres", "chardons", "ajoncs"]
    by_name = ["ajoncs", "bruyeres", "chardons"]

    for view in ("", "&vue=tableau"):
        assert shown(anyone.read(f"{PAGE}?sort={view}")) == longest
        assert shown(anyone.read(f"{PAGE}?sort=name{view}")) == by_name


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("region=Bretagne", ["bruyeres", "ajoncs"]),
        ("region=Bretagne&department=Morbihan", ["ajoncs"]),
        ("q=chard", ["chardons"]),
        ("stage=ended", []),
    ],
)
def test_the_poles_may_be_chosen(anyone: Person, query: str, kept: list[str]) -> None:
    for view in ("", "&vue=tableau"):
        page = anyone.read(f"{PAGE}?{query}{view}")

        assert shown(page) == kept
        assert "sur 3" in page


def test_who_follows_a_pole_finds_it_and_those_that_nobody_follows(product: Product) -> None:
    account = open_account(product, Role.REGIONAL_COORDINATOR)
    followed = AssignFollower(
        pole=PoleId(product.find("ajoncs")), follower=account, organisation="CRESS fictive"
    )
    product.do(followed, product.operator())
    me = holder_of(product, account)

    mine = me.read(f"{PAGE}?suivi=moi")
    of_nobody = me.read(f"{PAGE}?suivi=personne")

    assert shown(mine) == ["ajoncs"]
    assert "CRESS fictive" in mine
    assert shown(of_nobody) == ["bruyeres", "chardons"]
    assert (
        person(product, None)
        .http.get(f"{PAGE}?suivi=moi")
        .headers["location"]
        .startswith("/connexion?")
    )


def test_a_date_that_passed_is_said_and_asked_for(product: Product, anyone: Person) -> None:
    by, on = product.operator(), PartialDate("2024-01-10")
    opened = OpenCampaign(
        year=2024, question="Encore ?", due=make.day("2024-03-31"), occurred_on=on
    )
    product.do(opened, by)
    product.do(SendRequest(pole=PoleId(product.find("chardons")), year=2024, occurred_on=on), by)

    late = anyone.read(f"{PAGE}?retard=oui")
    before = anyone.read(f"{PAGE}?in_force=2024-02-01")

    assert shown(late) == ["chardons"]
    assert re.search(r"dépassé depuis le <time[^>]*>31 mars 2024", late)
    assert "dépassé depuis" not in before
    assert re.search(r"Réponse à la campagne.*le <time[^>]*>31 mars 2024", before, re.DOTALL)
    assert shown(anyone.read(f"{PAGE}?retard=oui&in_force=2024-02-01")) == []


def test_acts_are_offered_to_whom_they_belong_and_about_today_alone(product: Product) -> None:
    assign = 'href="/actes/following.assign?pole=ajoncs&suite=%2Fportefeuille"'

    assert assign in person(product, Role.REGISTRAR).read(PAGE)
    assert assign not in person(product, Role.FUNDER).read(PAGE)
    past = person(product, Role.REGISTRAR).read(f"{PAGE}?in_force=2025-01-01")
    assert shown(past) == ["bruyeres", "chardons", "ajoncs"]
    assert "/actes/following" not in past


def test_a_past_day_has_the_poles_of_that_day(anyone: Person) -> None:
    assert shown(anyone.read(f"{PAGE}?in_force=2021-06-01")) == ["bruyeres", "chardons"]


def test_an_empty_portfolio_says_what_to_do(bare: Product) -> None:
    assert "Aucun pôle n'est inscrit au registre" in person(bare, None).read(PAGE)
