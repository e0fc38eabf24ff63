"""What waits for whoever is signed in: for them, in their region, for nobody, for others."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from application.campaign import OpenCampaign, SendRequest
from application.following import AssignFollower
from application.pole import RegisterPole
from domain.dates import PartialDate
from domain.pole import PoleId
from domain.roles import Role
from interfaces.wiring import Product
from tests import make
from tests.interfaces.conftest import registry
from tests.interfaces.people import holder_of, open_account, person
from tests.interfaces.test_board import register

PAGE = "/a-faire"


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    """A registry with a pole in each of two regions."""
    with closing(registry(tmp_path / "home")) as made:
        register(made, "Ajoncs", "2022-01-01", region="Bretagne")
        register(made, "Chardons", "2021-01-01", region="Corse")
        yield made


def waiting(page: str) -> set[str]:
    """The poles of a page about which something waits."""
    return set(re.findall(r'<th scope="row"[^>]*>.*?<a href="/poles/([\w-]+)', page))


def views(page: str) -> list[str]:
    shown = page.partition('aria-label="Ce qui est montré"')[2].partition("</nav>")[0]
    return re.findall(r">([^<>]+)</a>", shown)


def test_who_is_signed_in_first_sees_what_waits_for_them_within_their_reach(
    product: Product,
) -> None:
    regional = person(product, Role.REGIONAL_COORDINATOR, "region:Bretagne").read(PAGE)
    national = person(product, Role.COORDINATOR).read(PAGE)
    funder = person(product, Role.FUNDER).read(PAGE)

    assert "Ce qui attend : pour moi" in regional
    assert waiting(regional) == {"ajoncs"}
    assert "Constater la reconnaissance" not in regional
    assert waiting(national) == {"ajoncs", "chardons"}
    assert "Rien ne vous attend" in funder


def test_anybody_sees_what_waits_for_everybody(product: Product) -> None:
    page = person(product, None).read(PAGE)

    assert "Ce qui attend : pour moi" not in page
    assert waiting(page) == {"ajoncs", "chardons"}
    assert "Constater la reconnaissance" in page
    assert views(page) == ["À personne", "Tout"]


@pytest.mark.parametrize("view", ["moi", "region", "autres"])
def test_the_views_of_somebody_ask_who_it_is(product: Product, view: str) -> None:
    answer = person(product, None).http.get(f"{PAGE}?vue={view}")

    assert answer.status_code == 303
    assert answer.headers["location"] == f"/connexion?suite=%2Fa-faire%3Fvue%3D{view}"


def test_a_region_shows_what_waits_there_for_anybody(product: Product) -> None:
    regional = person(product, Role.REGIONAL_COORDINATOR, "region:Bretagne")
    page = regional.read(f"{PAGE}?vue=region")

    assert waiting(page) == {"ajoncs"}
    assert "Constater la reconnaissance" in page
    assert "Ma région" in views(page)
    assert "Ma région" not in views(person(product, Role.COORDINATOR).read(PAGE))


def test_what_is_of_nobody_is_about_poles_that_nobody_follows(product: Product) -> None:
    follower = open_account(product, Role.NETWORK)
    told = AssignFollower(
        pole=PoleId(product.find("ajoncs")), follower=follower, organisation="CRESS fictive"
    )
    product.do(told, product.operator())

    assert waiting(person(product, None).read(f"{PAGE}?vue=personne")) == {"chardons"}


def test_what_waits_for_others_is_what_one_follows_or_began(product: Product) -> None:
    account = open_account(product, Role.REGISTRAR)
    me = holder_of(product, account)
    assert "Rien de ce que vous suivez ou avez commencé" in me.read(f"{PAGE}?vue=autres")
    told = AssignFollower(
        pole=PoleId(product.find("ajoncs")), follower=account, organisation="CRESS fictive"
    )
    product.do(told, product.operator())
    mine = product.operator().model_copy(update={"actor": account, "role": Role.REGISTRAR})
    product.do(RegisterPole(name="Bruyères", occurred_on=PartialDate("2020-01-01")), mine)

    page = me.read(f"{PAGE}?vue=autres")

    assert waiting(page) == {"ajoncs", "bruyeres"}
    assert "formulaire de signature de la charte" not in me.read(PAGE)


def test_a_view_stays_chosen_while_the_list_is_narrowed(product: Product) -> None:
    page = person(product, Role.COORDINATOR).read(f"{PAGE}?region=Corse")

    assert waiting(page) == {"chardons"}
    assert '<input type="hidden" name="vue" value="moi">' in page


def test_at_a_past_day_it_is_what_waited_then(product: Product) -> None:
    page = person(product, Role.REGISTRAR).read(f"{PAGE}?in_force=2021-06-01")

    assert waiting(page) == {"chardons"}
    assert "/actes/" not in page.partition("<main")[2]


def test_forms_are_offered_to_whom_they_belong(product: Product) -> None:
    by, on = product.operator(), PartialDate("2024-01-10")
    due = make.day("2024-03-31")
    product.do(OpenCampaign(year=2024, question="Encore ?", due=due, occurred_on=on), by)
    product.do(SendRequest(pole=PoleId(product.find("ajoncs")), year=2024, occurred_on=on), by)

    def deeds(role: Role) -> set[str]:
        main = person(product, role).read(f"{PAGE}?vue=tout").partition("<main")[2]
        return set(re.findall(r'href="/actes/([\w.]+)', main))

    assert "campaign.remind" in deeds(Role.COORDINATOR)
    assert deeds(Role.FUNDER) == set()
