"""The profile of a pole on two days: both rounds drawn, or one, and why."""

import pytest

from application.pole import RegisterPole
from domain.dates import PartialDate
from domain.pole import PoleId
from interfaces.wiring import Product
from tests.application import rounds
from tests.interfaces.test_web import Pages

HERE = "/poles/pole-d-essai/radar"


@pytest.fixture
def pages(bare: Product) -> Pages:
    said = RegisterPole(name="Pôle d'essai", occurred_on=PartialDate("2022-01-01"))
    bare.do(said, bare.operator())
    return Pages(bare)


def publish(product: Product, on: str) -> None:
    rounds.published(product.registry, PoleId(product.find("pole-d-essai")), on)
    product.follower.catch_up()


def test_a_pole_without_a_published_round_says_so(pages: Pages) -> None:
    assert "Aucun tour de cette sorte n'était publié à ces dates" in pages.read(HERE).text


def test_one_round_at_both_dates_is_read_once(bare: Product, pages: Pages) -> None:
    publish(bare, "2024-01-01")
    page = pages.read(HERE)

    assert "Le même tour valait aux deux dates" in page.text
    assert "trait plein, ronds" in page.text
    assert "Les positions, indicateur par indicateur" in page.text


def test_two_rounds_are_drawn_and_laid_side_by_side(bare: Product, pages: Pages) -> None:
    publish(bare, "2024-01-01")
    publish(bare, "2024-06-01")
    page = pages.read(f"{HERE}?du=2024-02-01&au=2024-07-01")

    assert "indicateurs ont changé sur 27" in page.text or "indicateur a changé sur 27" in page.text
    assert "1er février 2024" in page.text
    assert "trait plein, ronds" in page.text
    assert "tirets, carrés" in page.text


def test_before_the_first_round_only_the_second_date_is_read(bare: Product, pages: Pages) -> None:
    publish(bare, "2024-01-01")

    assert (
        "Aucun tour n'était publié à la première date" in pages.read(f"{HERE}?du=2023-01-01").text
    )


def test_what_is_no_kind_of_round_is_refused_in_a_sentence(pages: Pages) -> None:
    assert "n'est pas une sorte de tour" in pages.read(f"{HERE}?tour=autre", 400).text
