"""The timeline of a pole: narrowed by its address, its silences told, each fact under its own."""

import re
from datetime import date

import pytest

from application.family_of_event import FAMILIES, FactFamily, family_of
from application.pictures.strip import Axis, strip
from application.pole import MovePole, RenamePole
from domain.dates import PartialDate
from interfaces.wiring import Product
from tests.interfaces.test_web import Pages, a_pole

HERE = "/poles/pole-des-deux-rives/histoire"


@pytest.fixture
def pages(bare: Product) -> Pages:
    """A pole named again fourteen months after it was registered, then three days later."""
    by = bare.operator()
    pole = a_pole(bare, occurred_on=PartialDate("2020-01-10"))
    for name, day in (("Pôle des Trois Rives", "2021-03-15"), ("Pôle des Rives", "2021-03-18")):
        bare.do(RenamePole(pole=pole, name=name, occurred_on=PartialDate(day)), by)
    return Pages(bare)


def test_a_long_silence_is_told_and_a_short_one_is_not(pages: Pages) -> None:
    page = pages.read(HERE)

    assert page.text.count("sans événement") == 2  # and the one until today
    assert "14 mois sans événement Changement" not in page.text
    assert re.search(r"14 mois sans événement 15 mars 2021 Changement de nom", page.text)
    assert "jusqu'à aujourd'hui" in page.text
    assert "3 faits" in page.text


def test_the_address_narrows_the_facts(pages: Pages) -> None:
    named = pages.read(f"{HERE}?sorte=pole.renamed")
    before = pages.read(f"{HERE}?au=2020-12-31")
    stages = pages.read(f"{HERE}?sujet=etapes")
    nobody = pages.read(f"{HERE}?par=auditor")

    assert "2 faits sur 3" in named.text
    assert "Inscription au registre #" not in named.text
    assert "1 fait sur 3" in before.text
    assert "1 fait sur 3" in stages.text
    assert "Aucun fait ne répond à ces critères" in nobody.text
    assert HERE in nobody.links


def test_a_day_that_is_none_is_refused_in_words(pages: Pages) -> None:
    assert "n'est pas un jour" in pages.read(f"{HERE}?du=hier", 400).text


def test_each_fact_has_its_address_from_when_it_is_known_on(pages: Pages) -> None:
    links = [href for href in pages.read(HERE).links if "/evenements/" in href]

    page = pages.read(links[1])

    assert len(links) == 3
    assert "Changement de nom" in page.text
    assert "Pôle des Trois Rives" in page.text
    assert "15 mars 2021" in page.text
    refused = pages.read(f"{links[2]}?in_force=2020-06-01", 404)
    assert "ne dit aucun fait" in refused.text
    assert pages.read("/poles/pole-des-deux-rives/evenements/1", 404)


def test_the_page_of_a_pole_tells_the_last_facts_and_leads_to_all(
    bare: Product, pages: Pages
) -> None:
    by, pole = bare.operator(), bare.find("pole-des-deux-rives")
    for day in range(1, 12):
        named = RenamePole(
            pole=pole, name=f"Nom {day}", occurred_on=PartialDate(f"2022-01-{day:02}")
        )
        bare.do(named, by)

    page = pages.read("/poles/pole-des-deux-rives")

    told = [a["id"] for a in page.all("li") if a.get("id", "").startswith("evenement-")]
    assert len(told) == 6
    assert told == sorted(told, reverse=True)
    assert "14 faits" in page.links[HERE]
    assert "14 faits enregistrés" in page.text


def test_a_long_history_is_read_page_by_page(bare: Product, pages: Pages) -> None:
    by, pole = bare.operator(), bare.find("pole-des-deux-rives")
    for day in range(1, 29):
        for month in (1, 2):
            named = RenamePole(
                pole=pole, name=f"Nom {day}", occurred_on=PartialDate(f"2022-{month:02}-{day:02}")
            )
            bare.do(named, by)

    first, second = pages.read(HERE), pages.read(f"{HERE}?page=2")

    assert "59 faits" in first.text
    assert len([a for a in first.all("li") if "id" in a]) == 40
    assert len([a for a in second.all("li") if "id" in a]) == 19
    assert pages.read(f"{HERE}?page=3", 400)


def test_the_next_step_is_said_at_the_top_with_who_acts(bare: Product, pages: Pages) -> None:
    page = pages.read("/poles/pole-des-deux-rives?in_force=2020-02-09")

    assert "À cette étape Depuis 30 jours Prochain pas" in page.text
    assert re.search(r"Prochain pas .* condition.* manque.* Qui agit .* Puis, pour", page.text)


def test_neither_silence_nor_the_end_is_a_next_step(bare: Product, pages: Pages) -> None:
    pole = bare.find("pole-des-deux-rives")
    bare.do(MovePole(pole=pole, transition="end", input={"reason": "dissolved"}), bare.operator())

    page = pages.read("/poles/pole-des-deux-rives")

    assert "Prochain pas" not in page.text


# --- the image --------------------------------------------------------------------------------


def test_a_silence_is_as_wide_as_the_longest_that_is_not_cut() -> None:
    axis = Axis([date(2012, 1, 1), date(2012, 7, 1), date(2026, 1, 1)], quiet=182)

    first, second, third = (axis.at(day) for day in axis.days)

    assert third - second == pytest.approx(second - first)
    assert [days for _, _, days in axis.cuts] == [182, 4932]


def test_every_fact_is_in_a_mark_of_its_lane() -> None:
    facts = [(date(2012, 1, day), day % 2) for day in range(1, 29)]

    image = strip(facts, ["Un & autre", "Deux"], quiet=180, title="Faits", prefix="f")

    assert sum(int(n) for n in re.findall(r"<title>(\d+) fait", image)) == 28
    assert "Un &amp; autre" in image
    assert "style=" not in image


def test_every_family_has_its_words() -> None:
    assert set(FAMILIES) == set(FactFamily)
    assert family_of("pole.moved.v1") is FactFamily.STAGES
    assert family_of("pole.member_joined.v1") is FactFamily.MEMBERS
    assert family_of("commitment.tranche_paid.v1") is FactFamily.MONEY
    assert family_of("pole.located.v1") is FactFamily.PORTRAIT
