"""What is told of everything at once is kept while it is true, and no longer."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from application.world import Moment
from interfaces.wiring import Product
from tests.interfaces.conftest import registry
from tests.interfaces.people import person
from tests.interfaces.test_board import register


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    with closing(registry(tmp_path / "home")) as made:
        register(made, "Ajoncs", "2022-01-01", region="Bretagne", department="Morbihan")
        yield made


def test_what_is_recorded_next_is_on_the_first_page_at_once(product: Product) -> None:
    anyone = person(product, None)
    assert "1 pôle au registre" in anyone.read("/")

    register(product, "Bruyères", "2022-01-01", region="Corse")

    assert "2 pôles au registre" in anyone.read("/")
    assert "Bruyères" in anyone.read("/")


def test_an_answer_about_today_is_made_once(product: Product) -> None:
    made: list[Moment] = []
    moment = product.moment()

    for asked in (moment, product.moment(), product.moment(None, "2020-01-01")):
        product.at_once("essai", asked, made.append)

    assert [one.in_force.year == 2020 for one in made] == [False, True]


def test_what_was_answered_before_an_older_state_was_put_back_is_forgotten(
    product: Product, tmp_path: Path
) -> None:
    product.back_up(tmp_path / "copy")
    register(product, "Bruyères", "2022-01-01", region="Corse")
    assert product.pole_map(product.moment()).total == 2

    product.restore(tmp_path / "copy")
    register(product, "Chardons", "2022-01-01", region="Bretagne", department="Finistère")

    found = product.pole_map(product.moment())
    assert [region.name for region in found.regions] == ["Bretagne"]


def test_nothing_is_kept_while_the_lists_are_behind(product: Product) -> None:
    made: list[Moment] = []
    ahead = product.moment().model_copy(update={"known": product.journal.size() + 1})

    for _ in range(2):
        product.at_once("essai", ahead, made.append)

    assert len(made) == 2
