"""Committees: one chair, one person a seat, one mandate a seat, public as they are composed."""

from datetime import date
from uuid import UUID

import pytest

from domain.committee import Committee, CommitteeSeat
from domain.committee_refusals import (
    AlreadyHolds,
    AlreadyPublic,
    BeforeItsConstitution,
    NobodyVotes,
    NoSuchSeat,
    OneChair,
    OneMandateTwoSeats,
    OnePersonTwoSeats,
    SeatIsVacant,
    SeatTwice,
)
from domain.procedure import BY_DEFAULT, Procedure
from domain.provenance import AccountId, MandateId
from tests import make

CHAIR = CommitteeSeat(id="ess", title="Ministère d'essai", chair=True)
BANK = CommitteeSeat(id="cdc", title="Caisse d'essai")
TOWNS = CommitteeSeat(id="ville", title="Autre ministère d'essai")
ANN, BOB = AccountId(UUID(int=1)), AccountId(UUID(int=2))
MANDATE = MandateId(UUID(int=9))
DAY = date(2024, 5, 2)


def committee(*seats: CommitteeSeat) -> Committee:
    with make.on("2024-05-01"):
        return Committee.constitute(
            call=UUID(int=3), code="essai-2024", seats=seats or (CHAIR, BANK, TOWNS)
        )


def filled(made: Committee, seat: str, who: AccountId, day: date = DAY, **more: object) -> None:
    with make.on(day.isoformat()):
        made.fill_seat(seat, account=who, mandate=more.get("mandate"), day=day)  # type: ignore[arg-type]  # a mandate, or none


def test_it_has_one_chair_and_somebody_who_votes() -> None:
    with pytest.raises(OneChair, match="0 sièges"):
        committee(BANK)
    with pytest.raises(OneChair):
        committee(CHAIR, BANK.model_copy(update={"chair": True}))
    with pytest.raises(NobodyVotes):
        committee(CHAIR.model_copy(update={"votes": False}))
    with pytest.raises(SeatTwice):
        committee(CHAIR, BANK, BANK)


def test_a_person_holds_one_seat() -> None:
    made = committee()
    filled(made, "cdc", ANN)

    with pytest.raises(OnePersonTwoSeats, match="cdc"):
        filled(made, "ville", ANN)

    assert made.seat_of(ANN, DAY) == "cdc"
    assert made.seat_of(ANN, date(2024, 5, 1)) is None


def test_two_members_do_not_sit_under_one_mandate() -> None:
    made = committee()
    filled(made, "cdc", ANN, mandate=MANDATE)

    with pytest.raises(OneMandateTwoSeats):
        filled(made, "ville", BOB, mandate=MANDATE)


def test_a_seat_held_later_counts_too() -> None:
    made = committee()
    filled(made, "cdc", ANN, date(2024, 6, 1))

    with pytest.raises(OnePersonTwoSeats):
        filled(made, "ville", ANN, DAY)


def test_who_left_a_seat_may_hold_another() -> None:
    made = committee()
    filled(made, "cdc", ANN)
    with make.on("2024-05-10"):
        made.vacate_seat("cdc", day=date(2024, 5, 10))

    filled(made, "ville", ANN, date(2024, 5, 10))

    assert made.seat_of(ANN, date(2024, 5, 9)) == "cdc"
    assert made.seat_of(ANN, date(2024, 5, 10)) == "ville"


def test_what_changes_nothing_or_is_not_there_is_refused() -> None:
    made = committee()
    filled(made, "cdc", ANN)

    with pytest.raises(AlreadyHolds):
        filled(made, "cdc", ANN, date(2024, 5, 3))
    with pytest.raises(NoSuchSeat, match="ess, cdc, ville"):
        filled(made, "maire", BOB)
    with pytest.raises(BeforeItsConstitution):
        filled(made, "ville", BOB, date(2024, 4, 30))
    with make.on("2024-05-03"), pytest.raises(SeatIsVacant):
        made.vacate_seat("ville", day=date(2024, 5, 3))


def test_a_seat_that_is_taken_away_is_held_by_nobody() -> None:
    made = committee()
    filled(made, "cdc", ANN)

    with make.on("2024-05-10"):
        made.change((CHAIR, TOWNS), day=date(2024, 5, 10))

    assert made.holder_on("cdc", date(2024, 5, 9)) is not None
    assert made.holder_on("cdc", date(2024, 5, 10)) is None
    assert made.seat_of(ANN, date(2024, 5, 10)) is None


def test_a_list_that_was_modified_is_made_public_again() -> None:
    made = committee()
    with make.on("2024-05-05"):
        made.make_public(reference="arrêté d'essai", address=None, day=date(2024, 5, 5))
    with make.on("2024-05-06"), pytest.raises(AlreadyPublic):
        made.make_public(reference="le même", address=None, day=date(2024, 5, 6))
    with make.on("2024-05-10"):
        made.change((CHAIR, BANK), day=date(2024, 5, 10))

    told = [made.is_public_on(date(2024, 5, day)) for day in (4, 5, 9, 10, 20)]
    assert told == [False, True, True, False, False]

    with make.on("2024-05-20"):
        made.make_public(reference="arrêté modifié", address=None, day=date(2024, 5, 20))
    published = made.publication_on(date(2024, 5, 20))
    assert published is not None
    assert published.reference == "arrêté modifié"


def test_a_list_modified_on_the_day_of_its_publication_is_no_longer_public() -> None:
    made = committee()
    with make.on("2024-05-05"):
        made.make_public(reference="arrêté d'essai", address=None, day=date(2024, 5, 5))
        made.change((CHAIR, BANK), day=date(2024, 5, 5))

    assert not made.is_public_on(date(2024, 5, 5))


def test_the_rules_of_the_states_committees_hold_until_it_adopts_its_own() -> None:
    made, own = committee(), Procedure(quorum=75, tie="rejected", source="règlement d'essai")
    with make.on("2024-05-10"):
        made.adopt_procedure(own, day=date(2024, 5, 10))

    assert made.procedure_on(date(2024, 5, 9)) == BY_DEFAULT
    assert made.procedure_on(date(2024, 5, 10)) == own
    assert (BY_DEFAULT.quorum, BY_DEFAULT.notice_days, BY_DEFAULT.proxies_each) == (50, 5, 1)


def test_a_committee_read_again_is_the_same() -> None:
    made = committee()
    filled(made, "cdc", ANN, mandate=MANDATE)
    again = Committee.replay(made.id, make.history(made))

    assert again is not None
    assert again.seats_on(DAY) == made.seats_on(DAY)
    assert again.holder_on("cdc", DAY) == made.holder_on("cdc", DAY)
