"""The page of a funder: their own commitments, what needs attention, each figure in the ledger."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from domain.roles import Role
from interfaces.web.funder import alerts_of
from interfaces.wiring import Product
from tests.interfaces.conftest import registry
from tests.interfaces.money import COMMITMENT, promise
from tests.interfaces.people import person


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with closing(registry(tmp_path_factory.mktemp("funded"))) as made:
        promise(made)
        made.follower.catch_up()
        yield made


def test_a_funder_reads_their_own_commitments(product: Product) -> None:
    (line,) = product.ledger(product.moment()).lines
    page = person(product, Role.FUNDER, f"organisation:{line.funder}").read("/financeur")

    assert f"/engagements-financiers/{COMMITMENT}" in page
    assert line.funder in page
    assert "/grand-livre?funder=" in page


def test_another_funder_reads_nothing_of_them(product: Product) -> None:
    page = person(product, Role.FUNDER, "organisation:Autre financeur fictif").read("/financeur")

    assert COMMITMENT not in page
    assert "Aucun engagement financier n'est enregistré" in page


def test_who_acts_for_no_funder_is_told_so(product: Product) -> None:
    page = person(product, Role.MODERATOR).read("/financeur?organisme=autre")

    assert "Vous n'agissez ici pour aucun financeur" in page


def test_what_is_late_needs_attention(product: Product) -> None:
    (line,) = product.ledger(product.moment()).lines
    page = person(product, Role.FUNDER).read("/financeur")
    late = line.model_copy(update={"late_cents": 1_500_00, "conditions_late": 2})

    assert "Rien n'est en retard ni en suspens" in page
    assert [*alerts_of(line)] == []
    assert [alert.says for alert in alerts_of(late)] == [
        "1\u202f500\u00a0€ à verser, le jour prévu étant passé",
        "2 conditions en retard",
    ]
