"""The first page: figures that open their lists or name their sources, what was decided, where."""

import re

import pytest

from interfaces.home_questions import HomeQuestions
from interfaces.wiring import Product
from tests.interfaces.people import Person, person


@pytest.fixture(scope="module")
def anyone(historical: Product) -> Person:
    historical.import_calls(None, historical.operator(), apply=True)
    return person(historical, None)


def part(page: str, name: str) -> str:
    """A section of the page, by what it is labelled by."""
    return page.partition(f'<section aria-labelledby="{name}">')[2].partition("</section>")[0]


def test_the_first_page_says_what_a_pole_is_and_that_nobody_grants_it(anyone: Person) -> None:
    page = anyone.read("/")

    assert "loi du 31 juillet 2014" in page
    assert "personne n'accorde la qualité de PTCE, et aucune étape n'est un agrément" in page
    assert "labellis" not in re.sub(r"https?://[^<\"]+", "", page).lower()


def test_each_figure_of_the_register_opens_the_list_that_has_as_many(anyone: Person) -> None:
    told = part(anyone.read("/"), "ou")

    counts = re.findall(
        r'<li><a href="(/poles[^"]+)"><span>[^<]+</span> <span class="number">(\d+)', told
    )
    assert len(counts) == 2
    for url, number in counts:
        assert re.search(rf"\b{number}\b", anyone.read(url).partition('id="bilan"')[2][:80]), url


def test_national_figures_that_differ_stand_side_by_side_with_their_sources(
    anyone: Person,
) -> None:
    told = part(anyone.read("/"), "dits")

    first = told.partition("<h3>")[2].partition("</ul>")[0]
    assert "chiffres différents" in first
    figures = re.findall(r"<strong>(\d+)</strong>, selon ", first)
    assert len(set(figures)) > 1
    assert first.count("Source :") == len(figures)


def test_the_last_decisions_come_first_and_lead_to_what_they_are_about(anyone: Person) -> None:
    told = part(anyone.read("/"), "decisions")

    days = re.findall(r'<time datetime="([^"]+)"', told)
    assert days == sorted(days, reverse=True)
    assert len(days) > 1
    for url in re.findall(r'<a href="(/(?:poles|appels|signatures)/[^"]+)"', told):
        assert anyone.http.get(url).status_code == 200


def test_a_past_day_tells_what_had_been_decided_by_then(anyone: Person) -> None:
    told = part(anyone.read("/?in_force=2014-06-01"), "decisions")

    days = re.findall(r'<time datetime="([^"]+)"', told)
    assert days
    assert max(days) <= "2014-06-01"
    assert "in_force=2014-06-01" in told


def test_calls_that_are_open_are_said_with_what_is_not_known_of_them(anyone: Person) -> None:
    now, before = (part(anyone.read(path), "appels") for path in ("/", "/?in_force=2012-01-01"))

    assert "le registre ne sait pas s'il l'est encore" in now
    assert "Aucun appel n'est ouvert" in before


def test_what_was_recorded_last_names_each_pole_once(historical: Product) -> None:
    questions: HomeQuestions = historical

    last = questions.last_recorded(historical.moment())

    assert last
    assert len({told.code for told in last}) == len(last)
    instants = [told.recorded_at for told in last]
    assert instants == sorted(instants, reverse=True)
