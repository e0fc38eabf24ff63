"""The replay of a pole: from one fact to the next, what each changed, how the pole stood."""

import re

import pytest

from application.pole import LocatePole, RenamePole
from application.recognition import RecordRecognition
from domain.dates import PartialDate
from domain.pole import Territory
from domain.recognition import RecognitionKind
from interfaces.wiring import Product
from tests.interfaces.test_web import Pages, a_pole

HERE = "/poles/pole-des-deux-rives/rejeu"


@pytest.fixture
def pages(bare: Product) -> Pages:
    """Registered in 2020, located and named again the same day of 2021; recorded in disorder."""
    by = bare.operator()
    pole = a_pole(bare, occurred_on=PartialDate("2020-01-10"))
    day = PartialDate("2021-03-15")
    bare.do(RenamePole(pole=pole, name="Pôle des Rives", occurred_on=PartialDate("2022-01-01")), by)
    bare.do(RenamePole(pole=pole, name="Pôle des Trois Rives", occurred_on=day), by)
    bare.do(LocatePole(pole=pole, territory=Territory(words="Rouen"), occurred_on=day), by)
    return Pages(bare)


def test_the_last_fact_is_shown_first_and_said_in_words(pages: Pages) -> None:
    page = pages.read(HERE)

    assert "Le 1er janvier 2022, 4e événement sur 4" in page.text
    assert page.all("output", **{"for": "evenement"})
    assert page.all("input", type="range", min="1", max="4", value="4")
    assert page.links[f"{HERE}?evenement=3"] == "Fait précédent"
    assert "Fait suivant" not in page.text


def test_each_fact_says_what_it_changed_and_nothing_else(pages: Pages) -> None:
    named, placed = pages.read(f"{HERE}?evenement=2"), pages.read(f"{HERE}?evenement=3")

    assert "Le 15 mars 2021, 2e événement sur 4" in named.text
    assert re.search(r"1 changement .* Nom Pôle des Deux Rives Pôle des Trois Rives", named.text)
    assert "Territoire rien Rouen" not in named.text
    assert re.search(r"1 changement .* Territoire rien Rouen", placed.text)
    assert "Le même jour : le 2e" in placed.text
    assert any("/evenements/" in href for href in placed.links)


def test_the_pole_is_shown_as_it_stood_that_day(pages: Pages) -> None:
    page = pages.read(f"{HERE}?evenement=2")

    stood = page.text.partition("Le pôle tel qu'il était")[2]
    assert "Nom Pôle des Trois Rives" in stood
    assert "Territoire Rouen" in stood  # the same day
    assert "/poles/pole-des-deux-rives?in_force=2021-03-15" in page.links


def test_what_was_recorded_elsewhere_is_a_change_of_the_pole(bare: Product, pages: Pages) -> None:
    pole, day = bare.find("pole-des-deux-rives"), PartialDate("2023-05-01")
    kind = RecognitionKind.WITNESS_2012
    issue = RecordRecognition(
        pole=pole,
        recognition_kind=kind,
        code="temoin_2012",
        issuer="Jury",
        occurred_on=day,
        ground="appel de 2011",
    )
    bare.do(issue, bare.operator())

    page = pages.read(HERE)

    assert "Reconnaissance" in page.text.partition("Ce qu'il a changé")[2]
    assert "n'a rien changé" not in page.text


def test_a_day_leads_to_its_last_fact(pages: Pages) -> None:
    assert "3e événement sur 4" in pages.read(f"{HERE}?jour=2021-12-31").text
    assert "1er événement sur 4" in pages.read(f"{HERE}?jour=1999-12-31").text
    assert "4e événement sur 4" in pages.read(f"{HERE}?evenement=99").text
    assert "n'est pas un jour" in pages.read(f"{HERE}?jour=hier", 400).text


def test_the_slider_is_sent_the_step_alone(pages: Pages) -> None:
    part = pages.http.get(f"{HERE}?evenement=2", headers={"HX-Request-Type": "partial"})

    assert "<h1" not in part.text
    assert "<form" not in part.text
    assert "2<sup>e</sup> événement sur 4" in part.text


def test_the_short_address_of_a_comparison_leads_to_it(pages: Pages) -> None:
    answer = pages.http.get("/poles/pole-des-deux-rives/comparer?du=2020-06-01&au=2021-06-01")

    assert answer.status_code == 303
    page = pages.read(answer.headers["location"])
    assert "2 changements" in page.text
    assert "Pôle des Trois Rives" in page.text
