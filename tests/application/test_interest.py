"""Whose interest keeps a reader away: persons, their seats, those for whom they act."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from application.call_wave import SetWave
from application.command import By
from application.committee import FillSeat, VacateSeat
from application.dossier_review import DeclareDossierInterest
from application.interest import (
    InterestedReader,
    interests_of,
    must_be_free_of_session,
    ranked_of_interest,
    without,
    without_sums,
)
from application.mandate import GiveMandate
from application.session_results import session_results
from application.session_vote import DeclareInterest
from application.wave_results import wave_results
from domain.call import Call, CallId
from domain.committee import CommitteeId
from domain.dossier import DossierId
from domain.minute import Minute
from domain.provenance import AccountId, MandateId
from domain.roles import Role
from infrastructure.event_store.registry import Registry
from tests import make
from tests.application import committees
from tests.application.committees import COORDINATOR, HELD, SECRETARY, convene, do, member, now
from tests.application.desk import person

DAY = make.day("2024-06-03")
NOBODY: frozenset[UUID] = frozenset()


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    with committees.registry(tmp_path) as made:
        yield made


@pytest.fixture
def call(registry: Registry) -> CallId:
    return committees.call(registry, envelope=50_000_00)


@pytest.fixture
def dossiers(registry: Registry, call: CallId) -> list[DossierId]:
    return committees.dossiers(registry, call, 1, 2)


def of(registry: Registry, call: CallId, by: By) -> frozenset[UUID]:
    return interests_of(registry, by, call, DAY)


def committee(registry: Registry, call: CallId) -> CommitteeId:
    found = registry.load(Call, call)
    assert found
    assert found.committee
    return CommitteeId(found.committee)


def test_a_recused_member_is_shown_the_others_items_and_no_minutes(
    registry: Registry, call: CallId, dossiers: list[DossierId]
) -> None:
    session = convene(registry, call, dossiers)
    before = now(registry)
    do(registry, DeclareInterest(session=session, dossier=dossiers[0]), member("two"))
    mine = of(registry, call, member("two"))

    assert mine == {dossiers[0]}
    assert of(registry, call, member("three")) == NOBODY
    for moment in (now(registry), before, now(registry, HELD)):
        results = without(session_results(registry, session, moment), mine)
        assert [item.dossier for item in results.items] == [dossiers[1]]
        assert (results.left_out, results.minutes) == (("essai-2024-001",), None)
    whole = session_results(registry, session, now(registry))
    assert without(whole, NOBODY) == whole
    with pytest.raises(InterestedReader, match="essai-2024-001"):
        must_be_free_of_session(registry, member("two"), session, DAY)
    must_be_free_of_session(registry, member("three"), session, DAY)


def test_an_interest_follows_who_held_the_seat_and_binds_who_holds_it(
    registry: Registry, call: CallId, dossiers: list[DossierId]
) -> None:
    session = convene(registry, call, dossiers)
    do(registry, DeclareInterest(session=session, dossier=dossiers[0]), member("two"), "2024-05-03")
    seats = committee(registry, call)
    do(registry, VacateSeat(committee=seats, seat="two"), COORDINATOR, "2024-05-10")
    newcomer = person(77, Role.COMMITTEE_MEMBER)
    named = FillSeat(committee=seats, seat="two", account=newcomer.actor)
    do(registry, named, COORDINATOR, "2024-05-11")

    assert of(registry, call, member("two")) == {dossiers[0]}
    assert of(registry, call, newcomer) == {dossiers[0]}


def test_what_one_acts_for_has_an_interest_too(
    registry: Registry, call: CallId, dossiers: list[DossierId]
) -> None:
    city = "organisation:Ville fictive"
    sitting = person(78, Role.COMMITTEE_MEMBER)
    given = GiveMandate(
        holder=sitting.actor,
        principal=city,
        for_role=Role.COMMITTEE_MEMBER,
        relation=f"call:{call}",
    )
    mandate = MandateId(do(registry, given, SECRETARY, "2024-02-01"))
    seats = committee(registry, call)
    filled = FillSeat(committee=seats, seat="two", account=sitting.actor, under=mandate)
    do(registry, filled, COORDINATOR, "2024-02-02")
    declared = DeclareDossierInterest(dossier=dossiers[1], person="organisation:VILLE fictive")
    do(registry, declared, SECRETARY)

    assert of(registry, call, sitting) == {dossiers[1]}  # by the mandate of the seat
    under = sitting.model_copy(update={"on_behalf_of": mandate})
    assert of(registry, call, under) == {dossiers[1]}
    assert of(registry, call, By(actor=AccountId(UUID(int=79)), role=Role.AUDITOR)) == NOBODY


def test_the_ranked_list_of_another_wave_tells_no_sum_that_holds_it(
    registry: Registry, call: CallId, dossiers: list[DossierId]
) -> None:
    again = SetWave(
        call=call,
        wave="v2",
        opens_at=Minute("2024-03-02T09:00"),
        closes_at=Minute("2024-04-01T12:00"),
    )
    do(registry, again, COORDINATOR, "2024-01-16")
    convene(registry, call, dossiers)
    declared = DeclareDossierInterest(dossier=dossiers[0])
    do(registry, declared, SECRETARY)

    assert ranked_of_interest(registry, SECRETARY, call, committees.WAVE, DAY) == {dossiers[0]}
    assert ranked_of_interest(registry, SECRETARY, call, "v2", DAY) == NOBODY
    other = wave_results(registry, call, "v2", now(registry))
    assert other.left_cents is not None
    assert without_sums(other, registry, SECRETARY, DAY).left_cents is None
    assert without_sums(other, registry, member("two"), DAY) == other
