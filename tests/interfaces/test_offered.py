"""Where acts are offered: on the page of what they are about, to whom they may belong, today."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from application.catalogue import COMMANDS
from application.member import MEMBERS_LIST
from application.project import PROJECTS
from domain.pole import PoleId
from domain.roles import Role
from interfaces.acts import NOT_BY_HAND, acts_about
from interfaces.form_kinds import THINGS
from interfaces.steps import takes_step
from interfaces.wiring import Product
from tests.interfaces.conftest import complete, registry
from tests.interfaces.money import COMMITMENT, FOLLOW_UP, PROJECT, SIREN, promise
from tests.interfaces.people import Person, person

POLE = "/poles/pole-d-essai"


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    made = registry(tmp_path_factory.mktemp("offered"))
    promise(made)
    made.follower.catch_up()
    complete(made, PoleId(made.find("pole-d-essai")))
    made.follower.catch_up()
    yield made
    made.close()


@pytest.fixture(scope="module")
def registrar(product: Product) -> Person:
    return person(product, Role.REGISTRAR)


def offered(page: str) -> dict[str, dict[str, list[str]]]:
    """The acts that a page leads to, each with what its form is told."""
    found = re.findall(r'href="(/actes/[^"]+)"', page)
    return {urlsplit(one).path[7:]: parse_qs(urlsplit(one).query) for one in found}


PAGES = {
    POLE: "pole.rename",
    f"/engagements-financiers/{COMMITMENT}": "commitment.pay",
    f"/comites-de-suivi/{FOLLOW_UP}": "follow_up.record_meeting",
    f"/entreprises-de-minimis/{SIREN}": "single_undertaking.declare_aid",
}


@pytest.mark.parametrize("path", PAGES)
def test_the_page_of_a_thing_offers_what_can_be_done_about_it(registrar: Person, path: str) -> None:
    acts = offered(registrar.read(path))

    assert PAGES[path] in acts
    assert acts[PAGES[path]]["suite"][0].partition("#")[0] == path
    for name, given in acts.items():
        assert set(given) - {"suite"} <= set(COMMANDS[name].model_fields), name
        form = registrar.http.get(
            f"/actes/{name}?{'&'.join(f'{k}={v[0]}' for k, v in given.items())}"
        )
        assert form.status_code == 200, name


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_offered_at_a_past_date_nor_to_who_is_not_signed_in(
    product: Product, registrar: Person, path: str
) -> None:
    today = product.moment().in_force.isoformat()

    assert offered(registrar.read(f"{path}?known={today}")) == {}
    assert offered(person(product, None).read(path)) == {}


def test_an_act_of_others_is_named_with_who_can(
    product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = frozenset({Role.COORDINATOR})
    monkeypatch.setattr(COMMANDS["pole.rename"], "BY", others)

    page = person(product, Role.REGISTRAR).read(POLE)

    assert "pole.rename" not in offered(page)
    said = re.search(r"<li>([^<]*nom[^<]*) <span class=\"detail\">Revient à : coordination", page)
    assert said


def test_an_open_step_is_taken_from_where_it_is_explained(
    product: Product, registrar: Person
) -> None:
    page = registrar.read(f"/engagements-financiers/{COMMITMENT}")
    ways = product.case_why("commitment", COMMITMENT, product.moment())
    wanted = {
        w.transition for w in ways if w.status != "closed" and not w.automatic and not w.is_shut
    }

    steps = re.findall(r'href="/actes/commitment\.move\?([^"]*)"', page)

    assert wanted
    assert {parse_qs(step)["transition"][0] for step in steps} == wanted


def test_a_fact_is_rectified_and_taken_back_from_where_it_is_told(
    product: Product, registrar: Person
) -> None:
    line = product.listed(MEMBERS_LIST, product.moment(), pole="pole-d-essai")[0]

    page = registrar.read(POLE)

    assert f"/actes/pole.add_member?corrects={line.fact}" in page
    assert f"/actes/fact.retract?event={line.fact}" in page


def test_the_lines_of_a_list_lead_to_what_can_be_done_about_them(
    product: Product, registrar: Person
) -> None:
    line = product.listed(PROJECTS, product.moment(), pole="pole-d-essai")[0]
    page = registrar.read("/projets")
    address = f"/actes?sur=project&nom={line.id}"
    assert address in page
    assert "/actes/project.propose?suite=%2Fprojets" in page

    acts = offered(registrar.read(address))

    assert acts["project.end"]["project"] == [str(line.id)]
    assert "funding_plan.draw_up" in acts


def test_what_waits_leads_to_the_form_that_answers_it(registrar: Person) -> None:
    page = registrar.read("/a-faire")

    waiting = offered(page)

    assert waiting
    for name, given in waiting.items():
        assert set(given) - {"suite"} <= set(COMMANDS[name].model_fields), name
    assert "Commande :" not in page


def test_every_act_given_by_hand_is_offered_somewhere(registrar: Person) -> None:
    """About a thing of the register, as a step, or among all the acts."""
    about = {name for _, concept in THINGS for name, _ in acts_about(concept)}
    everything = offered(registrar.read("/actes"))

    theirs = {name for name, command in COMMANDS.items() if Role.REGISTRAR in command.BY}
    assert set(everything) == theirs - NOT_BY_HAND
    for name, command in COMMANDS.items():
        named = [one for one in command.model_fields.values() if one.is_required()]
        kinds = {kind for kind, _ in THINGS}
        if name not in NOT_BY_HAND and any(one.annotation in kinds for one in named):
            assert name in about or takes_step(command), name


def test_the_plan_of_a_project_offers_its_acts(registrar: Person) -> None:
    acts = offered(registrar.read(f"/plans-de-financement/{PROJECT}"))

    assert {"funding_plan.set_cost", "project.end"} <= set(acts)
