"""Who may read what documents hold, role by role, and under which mandates."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from application.command import By
from application.document_reading import (
    CONCERNED,
    STEWARDS,
    MandateWanted,
    NotForThisRole,
    may_read,
)
from application.mandate import GiveMandate, RevokeMandate
from application.pole import LocatePole
from domain.errors import Forbidden, JalonError
from domain.mandate import (
    MandateNotYetInForce,
    NoLongerInForce,
    NoSuchMandate,
    NotTheHolder,
    OtherRole,
    OutsideItsReach,
)
from domain.pole import PoleId, Territory
from domain.provenance import AccountId, MandateId
from domain.roles import Role
from tests import make
from tests.application.desk import Desk, desk, person

HOLDER = UUID(int=7)
DAY = make.TODAY
NEVER = set(Role) - STEWARDS - CONCERNED


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk(tmp_path_factory.mktemp("registry")) as made:
        yield made


@pytest.fixture(scope="module")
def pole(office: Desk) -> PoleId:
    """A pole of Occitanie."""
    made = office.pole(on="2020-01-01")
    office.do(LocatePole(pole=made, territory=Territory(region="Occitanie")), "2020-01-01")
    return made


@pytest.fixture(scope="module")
def elsewhere(office: Desk) -> PoleId:
    return office.pole("Autre pôle fictif", on="2020-01-01")


def held(office: Desk, role: Role, relation: str, since: str = "2024-01-01", **more: Any) -> By:
    """Whoever was given a mandate, acting under it."""
    told = {"holder": HOLDER, "principal": "organisation:Région fictive", "for_role": role}
    command = GiveMandate.model_validate(
        {**told, "relation": relation, "occurred_on": since, **more}
    )
    mandate = MandateId(office.do(command, by=person(1)))
    return By(actor=AccountId(HOLDER), role=role, on_behalf_of=mandate)


def reads(office: Desk, by: By, pole: UUID | None, day: date = DAY) -> bool:
    try:
        may_read(office.registry, by, pole, day)
    except Forbidden:
        return False
    return True


def test_some_read_by_office_and_the_others_never_without_a_mandate(
    office: Desk, pole: PoleId
) -> None:
    for of in (pole, None):
        assert {role for role in Role if reads(office, person(7, role), of)} == STEWARDS


def test_every_role_is_told_in_one_sentence_why_it_does_not_read(
    office: Desk, pole: PoleId
) -> None:
    for role in set(Role) - STEWARDS:
        with pytest.raises(MandateWanted if role in CONCERNED else NotForThisRole) as refusal:
            may_read(office.registry, person(7, role), pole, DAY)
        assert str(refusal.value).count(".") == 1


@pytest.mark.parametrize("role", sorted(CONCERNED))
def test_a_mandate_for_the_pole_or_for_its_region_lets_whoever_holds_it_read(
    office: Desk, pole: PoleId, elsewhere: PoleId, role: Role
) -> None:
    for relation in (f"pole:{pole}", "region:occitanie", "everywhere"):
        by = held(office, role, relation)
        assert reads(office, by, pole), relation
        assert reads(office, by, elsewhere) is (relation == "everywhere")
        assert reads(office, by, None) is (relation == "everywhere"), "of no pole, or of all"
    for relation in (f"pole:{elsewhere}", "region:Bretagne", f"call:{uuid4()}"):
        with pytest.raises(OutsideItsReach):
            may_read(office.registry, held(office, role, relation), pole, DAY)


@pytest.mark.parametrize("role", sorted(NEVER))
def test_some_roles_read_under_no_mandate(office: Desk, pole: PoleId, role: Role) -> None:
    with pytest.raises(NotForThisRole):
        may_read(office.registry, held(office, role, "everywhere"), pole, DAY)


@pytest.mark.parametrize("role", sorted(STEWARDS))
def test_whoever_invokes_a_mandate_stays_within_it(
    office: Desk, pole: PoleId, elsewhere: PoleId, role: Role
) -> None:
    by = held(office, role, f"pole:{pole}")

    assert reads(office, by, pole)
    assert not reads(office, by, elsewhere)


def test_a_mandate_serves_its_holder_in_its_role_and_in_its_days(
    office: Desk, pole: PoleId
) -> None:
    given = held(office, Role.FUNDER, f"pole:{pole}", valid_to="2024-07-01")

    def refused(by: By, day: date, why: type[JalonError]) -> None:
        with pytest.raises(why):
            may_read(office.registry, by, pole, day)

    assert reads(office, given, pole, make.day("2024-06-30"))
    refused(given, make.day("2024-07-01"), NoLongerInForce)
    refused(given, make.day("2023-12-31"), MandateNotYetInForce)
    refused(given.model_copy(update={"actor": AccountId(UUID(int=8))}), DAY, NotTheHolder)
    refused(given.model_copy(update={"role": Role.PAYER}), DAY, OtherRole)
    refused(given.model_copy(update={"on_behalf_of": MandateId(uuid4())}), DAY, NoSuchMandate)


def test_a_mandate_that_was_passed_on_ends_with_the_one_above_it(
    office: Desk, pole: PoleId
) -> None:
    above = held(office, Role.INSTRUCTOR, f"pole:{pole}", may_pass_on=True)
    told = {"holder": UUID(int=9), "principal": "organisation:Région fictive"}
    command = GiveMandate.model_validate(
        {**told, "for_role": "instructor", "relation": f"pole:{pole}", "occurred_on": "2024-02-01"}
    )
    below = By(
        actor=AccountId(UUID(int=9)),
        role=Role.INSTRUCTOR,
        on_behalf_of=MandateId(office.do(command, by=above)),
    )
    assert reads(office, below, pole)

    assert above.on_behalf_of
    office.do(RevokeMandate(mandate_id=above.on_behalf_of), "2024-05-01", by=person(1))

    with pytest.raises(NoLongerInForce):
        may_read(office.registry, below, pole, DAY)
