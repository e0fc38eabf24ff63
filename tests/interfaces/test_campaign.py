"""The page of a campaign: who answered, who is late and who was reminded, region by region."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from application.campaign import (
    CloseCampaign,
    ConfirmUnchanged,
    OpenCampaign,
    RemindPole,
    SendRequest,
)
from domain.dates import PartialDate
from domain.roles import Role
from interfaces.wiring import Product
from tests import make
from tests.interfaces.conftest import registry
from tests.interfaces.people import person
from tests.interfaces.test_board import register

PAGE = "/campagnes/2024"
REGIONS = {"Ajoncs": "Bretagne", "Bruyères": "Bretagne", "Chardons": "Corse"}


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    """A campaign of 2024: three poles asked in January, one answered, one reminded in April."""
    with closing(registry(tmp_path / "home")) as made:
        by, sent = made.operator(), PartialDate("2024-01-10")
        poles = {name: register(made, name, "2020-01-01", region=r) for name, r in REGIONS.items()}
        due = make.day("2024-03-31")
        made.do(OpenCampaign(year=2024, question="Encore ?", due=due, occurred_on=sent), by)
        for pole in poles.values():
            made.do(SendRequest(pole=pole, year=2024, occurred_on=sent), by)
        told = {"year": 2024, "pole": poles["Ajoncs"], "occurred_on": PartialDate("2024-02-01")}
        made.do(ConfirmUnchanged.model_validate(told), by)
        told |= {"pole": poles["Chardons"], "occurred_on": PartialDate("2024-04-02")}
        made.do(RemindPole.model_validate(told), by)
        yield made


def rows(page: str) -> dict[str, list[str]]:
    """What the table of regions says of each."""
    table = page.partition('id="regions"')[2].partition("</table>")[0]
    found = {}
    for line in table.split("<tr")[2:]:
        cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line, re.DOTALL)
        region, *told = (" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in cells)
        found[region] = told
    return found


def unanswered(page: str) -> list[str]:
    return re.findall(r'<a href="/poles/([\w-]+)', page.partition('id="sans-reponse"')[2])


def test_progress_is_told_of_all_and_of_each_region(product: Product) -> None:
    page = person(product, None).read(PAGE)

    answered = "1 rien n'a changé : 1 ; mises à jour : 0"
    assert rows(page) == {
        "Toutes": ["3", answered, "2 en retard", "1"],
        "Bretagne": ["2", answered, "1 en retard", "0"],
        "Corse": ["1", "0", "1 en retard", "1"],
    }
    assert unanswered(page) == ["bruyeres", "chardons"]
    assert unanswered(person(product, None).read(f"{PAGE}?region=Corse")) == ["chardons"]


def test_before_the_last_day_nobody_is_late(product: Product) -> None:
    page = person(product, None).read(f"{PAGE}?in_force=2024-03-31")

    assert rows(page)["Toutes"] == ["3", "1 rien n'a changé : 1 ; mises à jour : 0", "2", "0"]
    assert "en retard" not in page


def test_reminding_and_answering_are_offered_while_it_runs_to_whom_they_belong(
    product: Product,
) -> None:
    coordinator = person(product, Role.COORDINATOR)
    remind = f"/actes/campaign.remind?pole=bruyeres&year=2024&suite={PAGE.replace('/', '%2F')}"

    assert remind in coordinator.read(PAGE)
    assert "/actes/campaign.remind_all?year=2024" in coordinator.read(PAGE)
    assert "/actes/" not in person(product, Role.FUNDER).read(PAGE).partition("<main")[2]
    assert "/actes/" not in coordinator.read(f"{PAGE}?in_force=2024-06-01").partition("<main")[2]
    said = {"pole": "bruyeres", "year": "2024"}
    assert coordinator.send(remind, said).status_code == 303
    assert rows(coordinator.read(PAGE))["Toutes"][3] == "2"

    product.do(CloseCampaign(year=2024), product.operator())
    closed = coordinator.read(PAGE)
    assert "/actes/" not in closed.partition("<main")[2]
    assert "qui n'a pas répondu n'a pas répondu" in closed


def test_the_list_of_campaigns_leads_there_whoever_reads_it(product: Product) -> None:
    for role in (None, Role.COORDINATOR):
        assert f'href="{PAGE}"' in person(product, role).read("/campagnes")


def test_a_campaign_that_was_not_opened_is_said_to_be_none(product: Product) -> None:
    anyone = person(product, None)

    assert "La campagne 1999 n'a pas été ouverte." in anyone.read("/campagnes/1999")
    assert "n'a pas été ouverte" in anyone.read(f"{PAGE}?in_force=2023-12-31")
    assert anyone.http.get(PAGE.replace("2024", "2023")).status_code == 404
