"""The same act on several poles, from the pages: seen first, done once, each with its outcome."""

from collections.abc import Iterator

import pytest

from domain.roles import Role
from interfaces.history_files import reference_file
from interfaces.wiring import Product
from tests.interfaces.conftest import registry
from tests.interfaces.people import Person, hidden, person

FEW = "/lot?region=Bretagne&acte=pole.note_contact"
SAID = {"channel": "téléphone", "outcome": "absent", "reached": "false"}


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    made = registry(tmp_path_factory.mktemp("bulk"))
    made.import_poles(reference_file("poles.csv"), made.operator(), apply=True)
    yield made
    made.close()


@pytest.fixture(scope="module")
def coordinator(product: Product) -> Person:
    return person(product, Role.COORDINATOR)


def test_the_register_leads_to_the_poles_it_shows(coordinator: Person) -> None:
    assert 'href="/lot?region=Bretagne"' in coordinator.read("/poles?region=Bretagne")
    page = coordinator.read("/lot?region=Bretagne")
    assert "pôles choisis" in page
    assert '<option value="pole.note_contact">' in page


def test_what_would_become_of_each_is_seen_and_then_done_once(
    product: Product, coordinator: Person
) -> None:
    size = product.journal.size()
    number = len(product.register.lines(product.moment(), region="Bretagne"))

    seen = coordinator.send(FEW, SAID, "check").text
    assert seen.count("Prise de contact") == number
    assert product.journal.size() == size

    said = {**SAID, "_poles": hidden(seen, "_poles"), "_key": hidden(seen, "_key")}
    answer = coordinator.send(FEW, said)
    assert answer.headers["location"] == "/poles?region=Bretagne"
    assert product.journal.size() == size + number
    coordinator.send(FEW, said)
    assert product.journal.size() == size + number


def test_poles_that_are_not_those_that_were_seen_are_left_alone(
    product: Product, coordinator: Person
) -> None:
    size = product.journal.size()

    answer = coordinator.send(FEW, {**SAID, "_poles": "0" * 64})

    assert answer.status_code == 422
    assert "ont changé" in answer.text
    assert product.journal.size() == size


def test_a_fault_is_beside_its_field_and_nothing_is_done(
    product: Product, coordinator: Person
) -> None:
    size = product.journal.size()

    answer = coordinator.send(FEW, {"channel": "téléphone"}, "check")

    assert answer.status_code == 422
    assert 'id="champ-outcome-erreur"' in answer.text
    assert product.journal.size() == size


def test_a_step_is_chosen_among_those_of_the_first_and_each_is_judged(coordinator: Person) -> None:
    path = "/lot?region=Bretagne&acte=pole.move"

    page = coordinator.read(path)
    way = page.split('name="transition"')[1].split('<option value="')[2].partition('"')[0]
    answer = coordinator.send(path, {"transition": way}, "check")

    assert answer.status_code == 200
    assert "Ce qui serait enregistré" in answer.text


def test_only_those_who_have_a_part_may_come(product: Product) -> None:
    assert person(product, Role.AUDITOR).http.get("/lot").status_code == 403
    assert person(product, None).http.get("/lot").status_code == 303
