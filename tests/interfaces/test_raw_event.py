"""The events of a pole as they are stored: all that may be shown, and nothing personal."""

import json
from contextlib import closing
from pathlib import Path

import pytest

from application.member import AddMember
from domain.membership import MemberKind
from domain.values import Personal
from interfaces.wiring import Product, Settings
from tests.interfaces.seasons import examined
from tests.interfaces.test_web import Pages, a_pole

HERE = "/poles/pole-des-deux-rives/evenements"


@pytest.fixture
def pages(bare: Product) -> Pages:
    pole = a_pole(bare)
    person = Personal(text="Jeanne Secret")
    bare.do(AddMember(pole=pole, member_kind=MemberKind.CITIZEN, person=person), bare.operator())
    return Pages(bare)


def test_every_event_is_given_as_it_is_stored_with_its_leaf(bare: Product, pages: Pages) -> None:
    page = pages.read(HERE)

    for row in bare.journal.proofs_at(bare.journal.positions(bare.find("pole-des-deux-rives"))):
        assert row.leaf.hex() in page.text
        assert row.topic in page.text
        for value in json.loads(row.state)["meta"].values():
            assert str(value or "") in page.text
    assert "2 événements" in page.text
    assert "en qualité de : tenue du registre" in page.text


def test_a_personal_value_stays_sealed(pages: Pages) -> None:
    page = pages.read(HERE)

    assert "1 valeur personnelle, dont l'événement ne garde que l'empreinte" in page.text
    assert "Secret" not in page.text


def test_what_was_not_known_then_is_not_there(bare: Product, pages: Pages) -> None:
    first = bare.journal.positions(bare.find("pole-des-deux-rives"))[0]

    assert "1 événement " in pages.read(f"{HERE}?known=@{first}").text
    assert "N° " in pages.read(HERE).text
    assert "n'a pas de page" in pages.read(f"{HERE}?page=2", 400).text


def test_the_page_of_a_fact_gives_it_too(bare: Product, pages: Pages) -> None:
    (row, _) = bare.journal.proofs_at(bare.journal.positions(bare.find("pole-des-deux-rives")))

    assert row.leaf.hex() in pages.read(f"{HERE}/{row.position}").text


@pytest.mark.long
@pytest.mark.parametrize("announced", [False, True])
def test_a_review_is_given_once_it_is_announced(tmp_path: Path, *, announced: bool) -> None:
    home = examined(tmp_path / "home", announced=announced)
    with closing(Product(Settings(home=home, database=""))) as product:
        kinds = set()
        for line in product.register.lines(product.moment()):
            found = product.raw_events(line.code, product.moment())
            kinds |= {raw.topic.split(".")[1] for raw in product.as_stored(found)}

    assert "drafted" in kinds
    assert ("condition_assessed" in kinds) is announced
