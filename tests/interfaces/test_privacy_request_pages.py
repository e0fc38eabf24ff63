"""The requests of persons on pages: for who answers them, never a name in an address."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from application.contribution import SendContribution
from application.pole import RegisterPole
from application.privacy_request import ReceivePrivacyRequest
from domain.roles import Role
from interfaces.wiring import Product
from tests import make
from tests.interfaces.people import Person, person

WHO = "Camille Inventée"
REQUESTS = "/demandes-de-droits"


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Somebody who wrote something, and asks to be forgotten."""
    folder: Path = tmp_path_factory.mktemp("asked")
    with make.product(folder / "home") as made:
        pole = made.do(RegisterPole(name="Fictif"), made.operator()).answer
        wrote = {"pole": pole, "author": WHO, "text": "Un mot."}
        made.do(SendContribution.model_validate(wrote), made.operator(Role.PUBLIC))
        said = {"right": "erasure", "channel": "email", "requester": WHO}
        asked = ReceivePrivacyRequest.model_validate(said)
        made.do(asked, made.operator(Role.DPO))
        made.follower.catch_up()
        yield made


@pytest.fixture(scope="module")
def delegate(product: Product) -> Person:
    return person(product, Role.DPO)


def code(somebody: Person) -> str:
    page = somebody.read(REQUESTS)
    return page.split(f'href="{REQUESTS}/')[1].split('"')[0]


@pytest.mark.parametrize("role", [None, Role.REGISTRAR, Role.ADMINISTRATOR, Role.COORDINATOR])
def test_requests_are_for_the_delegate_and_auditors(product: Product, role: Role | None) -> None:
    somebody = person(product, role)

    for path in (REQUESTS, f"{REQUESTS}/droits-2026-1"):
        page = somebody.http.get(path, follow_redirects=True)
        assert WHO not in page.text
        assert page.status_code in (401, 403) or "/connexion" in str(page.url)


def test_the_list_names_nobody_and_the_sheet_is_whole_for_the_delegate(
    product: Product, delegate: Person
) -> None:
    assert WHO not in delegate.read(REQUESTS)
    sheet = delegate.read(f"{REQUESTS}/{code(delegate)}")
    seen = person(product, Role.AUDITOR).read(f"{REQUESTS}/{code(delegate)}")

    assert WHO in sheet
    assert "Effacer la personne" in sheet
    assert WHO not in seen
    assert "Effacer la personne" not in seen


def test_an_erasure_is_foreseen_confirmed_and_has_a_receipt(
    product: Product, delegate: Person
) -> None:
    path = f"{REQUESTS}/{code(delegate)}/effacer"
    said = {"person": WHO, "right": "17(1)(c)"}

    nobody = delegate.send(path, {**said, "person": "Personne D'Autre"}, "foresee")
    unsaid = delegate.send(path, {**said, "right": ""}, "foresee")
    foreseen = delegate.send(path, said, "foresee")
    before = product.journal.size()
    hasty = delegate.send(path, said, "erase")
    unproved = delegate.send(path, {**said, "because": ""}, "refuse")
    assert product.journal.size() == before

    done = delegate.send(path, {**said, "confirmed": "Effacer"}, "erase")
    receipt = delegate.read(done.headers["location"])

    assert nobody.status_code == unsaid.status_code == hasty.status_code == 422
    assert "Le texte d" in foreseen.text
    assert "Rien n" in hasty.text
    assert unproved.status_code == 422
    assert done.status_code == 303
    assert "Reçu d'une demande d'effacement" in receipt
    assert WHO not in receipt
    assert WHO not in done.headers["location"]
