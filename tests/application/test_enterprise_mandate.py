"""Who acts for a pole tells the aid of the enterprises it is made of, and of no others."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from application.command import By, Command
from application.mandate import GiveMandate
from application.member import AddMember
from application.pole import DesignateCarrier
from application.single_undertaking import (
    AttestAids,
    DeclareAid,
    EnterpriseNotOfThePole,
    LinkUndertakings,
)
from application.single_undertaking_sheet import de_minimis_sheet
from domain.membership import MemberKind
from domain.pole import PoleId
from domain.provenance import MandateId
from domain.roles import Role
from tests.application import support
from tests.application.desk import Desk, person
from tests.application.support import CARRIER, DAY, SIREN, SISTER

STRANGER = "356000000"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with support.opened(tmp_path) as made:
        yield made


@pytest.fixture
def pole(desk: Desk) -> PoleId:
    """A pole carried by one enterprise, of which another is a member."""
    made = desk.pole()
    carried = DesignateCarrier(pole=made, name="Association d'essai", siret=CARRIER)
    desk.do(carried, "2024-01-01")
    joined = AddMember(
        pole=made, member_kind=MemberKind.OTHER_ENTERPRISE, name="Société d'essai", siren=SISTER
    )
    desk.do(joined, "2024-01-01")
    return made


def representing(desk: Desk, relation: str) -> By:
    given = GiveMandate(
        holder=person(7).actor,
        principal="organisation:Association d'essai",
        for_role=Role.POLE_REPRESENTATIVE,
        relation=relation,
    )
    mandate = MandateId(desk.do(given, "2022-01-01"))
    by = person(7, Role.POLE_REPRESENTATIVE)
    return by.model_copy(update={"on_behalf_of": mandate})


def aid(siren: str = SIREN) -> DeclareAid:
    given = {"siren": siren, "name": "Organisation", "amount": "1000", "authority": "Région"}
    return DeclareAid.model_validate(given)


@pytest.mark.parametrize("siren", [SIREN, SISTER], ids=["carrier", "member"])
def test_the_aid_of_the_carrier_and_of_a_member_is_told_under_a_mandate_for_the_pole(
    desk: Desk, pole: PoleId, siren: str
) -> None:
    by = representing(desk, f"pole:{pole}")

    desk.do(aid(siren), "2023-06-01", by)  # of before it joined: three years are told
    desk.do(AttestAids(siren=siren), DAY, by)

    sheet = de_minimis_sheet(desk.registry, siren, desk.moment(DAY))
    assert sheet.headroom[0].headroom_cents == 299_000_00


@pytest.mark.parametrize("relation", ["pole", "other pole", "region:Bretagne"])
def test_of_another_enterprise_it_is_refused_in_a_sentence_that_says_what_to_do(
    desk: Desk, pole: PoleId, relation: str
) -> None:
    of = {"pole": f"pole:{pole}", "other pole": f"pole:{desk.pole('Autre pôle')}"}
    by = representing(desk, of.get(relation, relation))
    before = desk.size

    with pytest.raises(EnterpriseNotOfThePole, match="Faites-y enregistrer ce numéro") as refused:
        desk.do(aid(STRANGER if relation == "pole" else SIREN), DAY, by)

    assert desk.size == before
    named = {"pole": "Pôle fictif", "other pole": "Autre pôle", "region:Bretagne": "Bretagne"}
    assert named[relation] in str(refused.value)


def test_two_enterprises_are_linked_under_it_where_the_pole_is_made_of_both(
    desk: Desk, pole: PoleId
) -> None:
    by = representing(desk, f"pole:{pole}")

    def linked(other: str) -> Command:
        given = {"siren": SIREN, "name": "Une", "other": other, "other_name": "Autre"}
        return LinkUndertakings.model_validate({**given, "why": "majorité des voix"})

    with pytest.raises(EnterpriseNotOfThePole, match=STRANGER):
        desk.do(linked(STRANGER), DAY, by)
    answer = desk.do(linked(SISTER), DAY, by)

    assert isinstance(answer, UUID)
    desk.do(linked(STRANGER), DAY, representing(desk, "everywhere"))
