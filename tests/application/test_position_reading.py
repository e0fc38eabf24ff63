"""Who reads the positions of a round before they are published."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from uuid import UUID

import pytest

from application.command import By
from application.evaluation import DesignateEvaluator
from application.mandate import GiveMandate
from application.position_reading import WATCHERS, NoPartInIt, unpublished
from domain.errors import Forbidden
from domain.evaluation import EvaluationId
from domain.mandate import NoLongerInForce, OutsideItsReach
from domain.pole import PoleId
from domain.provenance import AccountId, MandateId
from domain.roles import Role
from domain.values import Personal
from infrastructure.event_store.registry import Registry
from tests import make
from tests.application import rounds
from tests.application.rounds import do, person

ME = UUID(int=7)
CABINET = "Cabinet d'essai"


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    with rounds.registry(tmp_path_factory.mktemp("registry")) as made:
        yield made


@pytest.fixture(scope="module")
def pole(registry: Registry) -> PoleId:
    return rounds.pole(registry)


@pytest.fixture(scope="module")
def own(registry: Registry, pole: PoleId) -> EvaluationId:
    """A self-positioning that nobody has published."""
    return rounds.plan(registry, pole)


@pytest.fixture(scope="module")
def third(registry: Registry, pole: PoleId) -> EvaluationId:
    """A round of a third party, an organisation."""
    return rounds.third_party(registry, pole, CABINET)


def held(registry: Registry, role: Role, relation: str, **more: Any) -> By:
    """Whoever was given a mandate, acting under it."""
    told = {"holder": ME, "principal": "organisation:Région fictive", "for_role": role, **more}
    command = GiveMandate.model_validate({**told, "relation": relation})
    mandate = do(registry, command, person(1), on="2024-01-01")
    return By(actor=AccountId(ME), role=role, on_behalf_of=MandateId(mandate))


def hidden(registry: Registry, by: By, *told: UUID) -> list[UUID]:
    return unpublished(registry, told, rounds.at(registry), by, make.TODAY)


def readers(registry: Registry, round_: UUID, by: Any) -> set[Role]:
    """The roles that may read a round."""
    found = set[Role]()
    for role in Role:
        with suppress(Forbidden):
            found.update({role} if hidden(registry, by(role), round_) == [round_] else ())
    return found


def test_by_office_only_those_who_keep_or_audit_the_register_read_it(
    registry: Registry, own: EvaluationId, third: EvaluationId
) -> None:
    for round_ in (own, third):
        assert readers(registry, round_, lambda role: person(7, role)) == WATCHERS


def test_under_a_mandate_whoever_its_journey_lets_give_or_validate_positions_does(
    registry: Registry, pole: PoleId, own: EvaluationId, third: EvaluationId
) -> None:
    def of_pole(role: Role) -> By:
        return held(registry, role, f"pole:{pole}")

    authors = {Role.POLE_REPRESENTATIVE, Role.MEMBER_ORGANISATION}
    others = {Role.FUNDER, Role.COMMITTEE_MEMBER, Role.COORDINATOR}
    assert readers(registry, own, of_pole) == WATCHERS | authors
    assert readers(registry, third, of_pole) == WATCHERS | authors | others


def test_an_evaluator_is_the_one_who_was_designated(
    registry: Registry, pole: PoleId, third: EvaluationId
) -> None:
    cabinet = {"principal": f"organisation:{CABINET}"}
    assert hidden(registry, held(registry, Role.EVALUATOR, f"pole:{pole}", **cabinet), third)
    with pytest.raises(NoPartInIt):
        hidden(registry, held(registry, Role.EVALUATOR, f"pole:{pole}"), third)

    designates = {
        "evaluation": third,
        "person": Personal(text="Camille Martin"),
        "account": ME,
        "declared_unrelated": True,
    }
    do(registry, DesignateEvaluator.model_validate(designates))

    assert hidden(registry, person(7, Role.EVALUATOR), third) == [third]
    with pytest.raises(NoPartInIt):
        hidden(registry, person(8, Role.EVALUATOR), third)


def test_a_mandate_for_another_pole_or_past_its_term_lets_nobody_read(
    registry: Registry, own: EvaluationId, pole: PoleId
) -> None:
    elsewhere = held(registry, Role.POLE_REPRESENTATIVE, f"pole:{UUID(int=3)}")
    past = held(registry, Role.POLE_REPRESENTATIVE, f"pole:{pole}", valid_to="2024-06-03")

    with pytest.raises(OutsideItsReach):
        hidden(registry, elsewhere, own)
    with pytest.raises(NoLongerInForce):
        hidden(registry, past, own)


def test_a_published_round_is_for_everybody(registry: Registry) -> None:
    other = rounds.pole(registry, "Autre pôle d'essai")
    published = rounds.published(registry, other)

    for role in Role:
        assert hidden(registry, person(7, role), published) == []
