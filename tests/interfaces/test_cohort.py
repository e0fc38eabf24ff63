"""The flow of a cohort: who entered together, which stages they reached, in how long."""

import re
from collections.abc import Iterator
from contextlib import closing

import pytest

from application.pole import RecordPastStep, RegisterPole
from domain.dates import PartialDate
from domain.pole import PoleId
from interfaces.wiring import Product
from tests.interfaces.conftest import registry
from tests.interfaces.people import Person, person

PAGE = "/cohortes"

ENDED = {
    "Un": "2016-01-11",
    "Deux": "2016-01-21",
    "Trois": "2016-01-31",
    "Quatre": "2016-02-20",
    "Cinq": "2017",
}
"""When poles that entered on the same day, 1 January 2016, ended."""


def enter(product: Product, name: str, since: str) -> PoleId:
    known = RegisterPole(name=name, occurred_on=PartialDate(since))
    return PoleId(product.do(known, product.operator()).answer)


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Six poles that entered in 2016, of which five have ended; one of a year later."""
    with closing(registry(tmp_path_factory.mktemp("cohort") / "home")) as made:
        for name, day in ENDED.items():
            ended = RecordPastStep(
                pole=enter(made, name, "2016-01-01"),
                transition="end",
                source="un journal",
                input={"reason": "dissolved"},
                occurred_on=PartialDate(day),
            )
            made.do(ended, made.operator())
        enter(made, "Six", "2016")
        enter(made, "Sept", "2017-05-01")
        yield made


@pytest.fixture
def anyone(product: Product) -> Person:
    return person(product, None)


def row(page: str, title: str) -> list[str]:
    """What the table of stages says of one, cell by cell."""
    told = page.partition("<caption>Les étapes atteintes")[2]
    line = next(part for part in told.split("<tr") if title in part)
    cells = re.findall(r"<td[^>]*>(.*?)</td>", line, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in cells]


def poles(page: str) -> set[str]:
    return set(re.findall(r'<th scope="row"[^>]*><a href="/poles/([\w-]+)', page))


def test_the_last_cohort_is_shown_and_each_year_may_be_chosen(anyone: Person) -> None:
    page = anyone.read(PAGE)

    assert re.findall(r"<option value=\"(\d+)\"", page) == ["2017", "2016"]
    assert poles(page) == {"sept"}
    assert len(poles(anyone.read(f"{PAGE}?annee=2016"))) == 6


def test_a_stage_says_how_many_reached_it_when_and_in_how_long(anyone: Person) -> None:
    page = anyone.read(f"{PAGE}?annee=2016")

    reached, there, when, days = row(page, "A cessé")
    assert (reached, there) == ("5", "5")
    assert when == ("du 11 janvier 2016 au 20 février 2016 1 date connue à l'année ou au mois près")
    assert "25 jours, sur 4 durées connues ; la moitié des pôles entre 18 jours et 35 jours" in days
    assert row(page, "Émergence")[:2] == ["6", "1"]
    assert "5 l'ont atteinte, 5 y sont" in page


def test_a_passage_says_its_durations_and_those_that_nobody_knows(anyone: Person) -> None:
    told = anyone.read(f"{PAGE}?annee=2016").partition("D'une étape à l'autre")[2]
    cells = re.findall(r'data-label="([^"]+)">(.*?)</td>', told, re.DOTALL)

    plain = {name: " ".join(re.sub(r"<[^>]+>", " ", said).split()) for name, said in cells[:4]}
    assert (plain["À"], plain["Passages"]) == ("A cessé", "5")
    assert plain["Sans durée connue"] == "1"


@pytest.mark.parametrize(
    ("figure", "kept"),
    [
        ("atteint-ended", {"un", "deux", "trois", "quatre", "cinq"}),
        ("reste-emergence", {"six"}),
        ("passage-emergence-ended", {"un", "deux", "trois", "quatre", "cinq"}),
        ("reste-recognised", set()),
    ],
)
def test_each_figure_opens_its_list(anyone: Person, figure: str, kept: set[str]) -> None:
    whole = anyone.read(f"{PAGE}?annee=2016")
    page = anyone.read(f"{PAGE}?annee=2016&montre={figure}")

    assert poles(page) == kept
    assert (f"montre={figure}#liste" in whole) == bool(kept)


def test_at_a_past_day_a_cohort_is_where_it_was(anyone: Person) -> None:
    page = anyone.read(f"{PAGE}?annee=2016&in_force=2016-01-25")

    assert row(page, "A cessé")[:2] == ["2", "2"]
    assert row(page, "Émergence")[:2] == ["6", "4"]
    assert "2017" not in re.findall(r"<option value=\"(\d+)\"", page)


def test_every_pole_of_the_register_is_in_one_cohort(historical: Product) -> None:
    page = person(historical, None).read(PAGE)

    assert sum(map(int, re.findall(r"<option value=\"\w+\"[^>]*>\w+ \((\d+) pôle", page))) == 77


def test_a_year_in_which_nobody_entered_says_so(anyone: Person, bare: Product) -> None:
    assert "Aucun pôle n'est entré cette année-là" in anyone.read(f"{PAGE}?annee=1999")
    assert "il n'y a pas encore de cohorte" in person(bare, None).read(PAGE)
