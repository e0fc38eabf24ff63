"""A name that was corrected: both are found, told apart, and forgotten as whoever answers says."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest

from application.member import AddMember
from domain.membership import MemberKind
from domain.values import Personal
from infrastructure.person_found import NamesJoined, NobodyFound
from interfaces.wiring import Product, Settings
from tests import make
from tests.infrastructure.persons.acts import (
    CONTROL,
    NAME,
    PIECES,
    RIGHT,
    contribute,
    dpo,
    join,
    pole,
    raw,
    sealed_rows,
)

MISSPELT = "Zohé Kidamme"
OTHER = "Camille Ailleurs"
WRITTEN = (*PIECES, b"Kidamme", "Zohé".encode())


def correct(product: Product, first: UUID, name: str) -> None:
    """Say again, under another name, who joined; `first` is any telling of it."""
    again = AddMember.model_validate(
        {
            "pole": pole(product),
            "member_kind": MemberKind.CITIZEN,
            "person": Personal(text=name),
            "corrects": first,
            "reason": "nom mal recopié",
        }
    )
    product.do(again, product.operator())


def telling(product: Product) -> UUID:
    """The last event of the pole."""
    return product.registry.everything(pole(product))[-1].event.meta.event_id


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.long)])
def corrected(
    request: pytest.FixtureRequest, settings_on: Callable[..., Settings]
) -> Iterator[Product]:
    """A member whose name was wrong twice, and who also contributes under the right one."""
    with make.closing_product(settings_on(request.param)) as product:
        join(product, MISSPELT)
        correct(product, telling(product), "Zohé Quidam")
        correct(product, telling(product), NAME)
        contribute(product)
        yield product


def test_no_byte_of_either_spelling_is_left_of_who_is_the_same_person(
    corrected: Product, tmp_path: Path
) -> None:
    for asked in (NAME, MISSPELT, "Zohé Quidam"):
        found = corrected.persons.find(asked, dpo(corrected))
        assert len(found.places) + len(found.joined) == 5, "whoever asks for either reaches both"
        with pytest.raises(NamesJoined, match="n° "):
            corrected.forget(asked, dpo(corrected), right=RIGHT)
        with pytest.raises(NamesJoined, match="--same-person"):
            corrected.persons.export(asked, tmp_path / "out", dpo(corrected))
    answer = corrected.persons.answer(MISSPELT, dpo(corrected), same_person=True)
    assert {value.value for value in answer.values} >= {NAME, MISSPELT, "Zohé Quidam"}

    receipt = corrected.forget(MISSPELT, dpo(corrected), right=RIGHT, same_person=True)

    assert receipt.values == 5
    after = raw(corrected)
    assert CONTROL.encode() in after
    assert [piece for piece in WRITTEN if piece in after] == []
    assert sealed_rows(corrected) == 0
    assert corrected.registry.keys.names.marks() == {}
    for asked in (NAME, MISSPELT):
        with pytest.raises(NobodyFound):
            corrected.persons.find(asked, dpo(corrected))


def test_who_was_named_by_mistake_is_another_person_and_each_keeps_their_own(
    alone: Product,
) -> None:
    join(alone, OTHER)
    correct(alone, telling(alone), NAME)
    (wrong,) = alone.persons.find(OTHER, dpo(alone)).places
    (right,) = alone.persons.find(NAME, dpo(alone)).places
    assert (wrong.corrects, wrong.corrected_by) == (None, right.position)
    assert (right.corrects, right.corrected_by) == (wrong.position, None)

    answer = alone.persons.answer(OTHER, dpo(alone), same_person=False)
    receipt = alone.forget(OTHER, dpo(alone), right=RIGHT, same_person=False)

    assert [value.value for value in answer.values] == [OTHER]
    assert receipt.values == 1
    found = alone.persons.find(NAME, dpo(alone))
    assert (found.places, found.joined) == ((right,), ())
    assert alone.forget(NAME, dpo(alone), right=RIGHT).values == 1


def test_a_fact_told_again_of_the_same_name_joins_nothing(alone: Product) -> None:
    join(alone, NAME)
    again = AddMember.model_validate(
        {
            "pole": pole(alone),
            "member_kind": MemberKind.CITIZEN,
            "person": Personal(text="zoe QUIDAM"),
            "corrects": telling(alone),
            "reason": "casse",
        }
    )
    alone.do(again, alone.operator())

    found = alone.persons.find(NAME, dpo(alone))

    assert (len(found.places), found.joined) == (2, ())
    assert alone.forget(NAME, dpo(alone), right=RIGHT).values == 2


def test_a_surname_proposes_who_bears_it_and_that_is_noted(alone: Product) -> None:
    join(alone, NAME), join(alone, "Zoé Marie Quidam"), join(alone, OTHER)

    by_surname = alone.persons.search("quidam", dpo(alone))
    exactly = alone.persons.search("Quidam Zoé", dpo(alone))

    assert by_surname.places == ()
    assert [bearer.name for bearer in by_surname.bearers] == [NAME, "Zoé Marie Quidam"]
    assert len(exactly.places) == 1
    assert [bearer.name for bearer in exactly.bearers] == ["Zoé Marie Quidam"]
    assert [(line.concept, line.part) for line in alone.read_accesses(dpo(alone))] == [
        ("person", "names")
    ] * 3
    with pytest.raises(NobodyFound):
        alone.persons.search("Personne", dpo(alone))
