"""A dossier is decided once: whatever is counted again, reopened, dated back or announced since."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from application.announcement import NothingToAnnounce, WithdrawAward
from application.call_money import SetEnvelope
from application.journey import PublishJourney
from application.session import CloseSession
from application.session_vote import (
    CorrectBallot,
    DeclareInterest,
    Deliberate,
    NotInDeliberation,
    RecordBallots,
)
from application.wave_results import wave_results
from domain.award import WithdrawalGround
from domain.call import CallId
from domain.call_refusals import EnvelopeBelowAwards, EnvelopeHeld
from domain.convocation import SessionId
from domain.deliberation import ProposedOutcome
from domain.dossier import DossierId
from domain.errors import JalonError
from domain.pole import PoleId
from domain.roles import Role
from domain.session_refusals import DossierAlreadyDecided, EnvelopeExceeded
from domain.vote import Choice
from infrastructure.event_store.registry import Registry
from infrastructure.reference import shipped_journeys
from tests import make
from tests.application import commitments, committees
from tests.application.committees import HELD, NAMES, convene, decide, do, load, open_, put
from tests.application.dossiers import SECRETARY, WAVE, Season, season

SELECT, RESERVE, REJECT = ProposedOutcome
LATER = "2024-06-01"


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    with committees.registry(tmp_path) as made:
        yield made


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Season]:
    with season(tmp_path) as made:
        yield made


def correct(
    registry: Registry, session: SessionId, dossier: DossierId, seat: str, choice: Choice, on: str
) -> None:
    given = CorrectBallot(
        session=session, dossier=dossier, seat=seat, choice=choice, because="Contesté."
    )
    do(registry, given, on=on)


def two_sessions(registry: Registry) -> tuple[SessionId, SessionId, DossierId]:
    """Two open sessions on one dossier: not carried in the first, decided in the second."""
    call = committees.call(registry, envelope=100_00)
    (one,) = committees.dossiers(registry, call, 1)
    first, second = (convene(registry, call, [one]) for _ in range(2))
    for session in (first, second):
        open_(registry, session)
    decide(registry, first, one, amount="60", yes=("chair", "two"), no=("three", "four"))
    if one in load(registry, first).in_force:  # the chair decides of a tie
        correct(registry, first, one, "chair", Choice.AGAINST, HELD)
    decide(registry, second, one, amount="70")
    return first, second, one


@pytest.mark.parametrize("late", ["interest", "correction"])
def test_a_second_count_does_not_bring_back_what_another_session_decided(
    registry: Registry, late: str
) -> None:
    first, second, one = two_sessions(registry)
    if late == "interest":
        for seat in ("three", "four"):
            do(registry, DeclareInterest(session=first, dossier=one, seat=seat))
    else:
        for seat in ("chair", "three", "four"):
            correct(registry, first, one, seat, Choice.FOR, HELD)

    assert load(registry, first).in_force == {}
    assert load(registry, second).in_force[one].amount_cents == 70_00


def test_what_was_to_be_deliberated_again_gives_way_to_a_second_count_too(
    registry: Registry,
) -> None:
    call = committees.call(registry)
    (one, two) = committees.dossiers(registry, call, 1, 2)
    first = convene(registry, call, [one])
    open_(registry, first)
    decide(registry, first, one, amount="50000")
    committees.approved(registry, first)
    second = convene(registry, call, [two], held_at=f"{LATER}T14:00", on="2024-05-23")
    do(registry, committees.again(second, one), on="2024-05-23")
    open_(registry, second, on=LATER)
    decide(registry, second, one, amount="20000", yes=("two",), no=NAMES[2:], on=LATER)
    assert one in load(registry, first).in_force
    correct(registry, second, one, "three", Choice.FOR, LATER)

    assert load(registry, first).in_force == {}
    assert load(registry, second).in_force[one].amount_cents == 20_000_00


def test_an_interest_declared_elsewhere_may_decide_what_was_to_be_deliberated_again(
    registry: Registry,
) -> None:
    call = committees.call(registry)
    (one, two) = committees.dossiers(registry, call, 1, 2)
    first = convene(registry, call, [one])
    open_(registry, first)
    decide(registry, first, one, amount="50000")
    committees.approved(registry, first)
    second, third = (
        convene(registry, call, [two], held_at=f"{LATER}T14:00", on="2024-05-23") for _ in range(2)
    )
    for session in (second, third):
        do(registry, committees.again(session, one), on="2024-05-23")
        open_(registry, session, on=LATER)
    decide(
        registry, second, one, amount="20000", yes=("two", "four"), no=("chair", "three"), on=LATER
    )
    assert one in load(registry, first).in_force
    do(registry, DeclareInterest(session=third, dossier=one, seat="three"), on=LATER)

    stands = [one in load(registry, session).in_force for session in (first, second, third)]
    assert stands == [False, True, False]


def test_a_dossier_that_was_closed_and_reopened_is_deliberated_anew(here: Season) -> None:
    first, second = here.deliberated(2)
    here.session({first: SELECT, second: REJECT})
    here.move(first, "close", SECRETARY, motive="le porteur ne répond plus")
    here.move(first, "reopen", SECRETARY, motive="il répond")
    here.brought(first)
    with pytest.raises(JalonError, match="procès-verbal approuvé"):
        here.announce()
    registry = here.desk.registry
    again = convene(registry, here.call, [first], on="2024-07-22", held_at="2024-09-10T14:00")
    here.at("2024-09-10T16:00")
    open_(registry, again, on="2024-09-10")
    decide(registry, again, first, amount="100000", on="2024-09-10")  # the whole envelope is left

    assert load(registry, again).in_force[first].amount_cents == 100_000_00


def test_nothing_is_decided_under_an_earlier_date_of_what_was_announced_since(
    here: Season,
) -> None:
    first, second = here.deliberated(2)
    registry = here.desk.registry
    both = here.held({first: SELECT, second: SELECT})
    other = convene(registry, here.call, [second], on="2024-07-01", held_at="2024-07-15T14:00")
    open_(registry, other, on="2024-07-15")
    put(registry, other, second, on="2024-07-15")
    do(registry, RecordBallots(session=other, dossier=second, in_favour=NAMES), on="2024-07-15")
    for dossier in (first, second):
        decide(registry, both, dossier, on="2024-07-15")
    here.at("2024-07-22T10:00")
    committees.approved(registry, both, drawn="2024-07-20", approved="2024-07-22")
    here.announce()
    with pytest.raises(NotInDeliberation):
        do(registry, Deliberate(session=other, dossier=second), on="2024-07-15")
    with pytest.raises(NothingToAnnounce):
        here.announce()


# --- the envelope -------------------------------------------------------------------------------


def envelope(registry: Registry, call: CallId, amount: str, on: str = HELD) -> None:
    given = {"call": call, "amount": amount}
    do(registry, SetEnvelope.model_validate(given), make.by(Role.COORDINATOR), on)


@pytest.mark.parametrize("granted", ["1", "99"])
def test_how_low_an_envelope_may_go_tells_nothing_of_what_was_decided(
    registry: Registry, granted: str
) -> None:
    call = committees.call(registry, envelope=100_00)
    (one,) = committees.dossiers(registry, call, 1)
    session = convene(registry, call, [one])
    envelope(registry, call, "100", on="2024-05-03")
    open_(registry, session)
    decide(registry, session, one, amount=granted)
    for lower in ("99,99", "50", "0,01"):
        with pytest.raises(EnvelopeHeld, match="tant que le comité délibère") as refused:
            envelope(registry, call, lower)
        assert granted not in str(refused.value)
    envelope(registry, call, "100,01")


def test_an_envelope_may_go_down_before_the_committee_sits(registry: Registry) -> None:
    call = committees.call(registry, envelope=100_00)
    (one,) = committees.dossiers(registry, call, 1)
    convene(registry, call, [one])
    envelope(registry, call, "40")

    assert committees.load_call(registry, call).envelope_on(make.day(HELD)) == 40_00


def test_an_envelope_goes_down_to_what_was_announced_and_is_not_withdrawn(here: Season) -> None:
    first, second = here.deliberated(2)
    registry = here.desk.registry
    held = here.held({first: SELECT, second: REJECT})
    decide(registry, held, first, amount="40000", on="2024-07-15")
    decide(registry, held, second, REJECT, on="2024-07-15")
    here.at("2024-07-22T10:00")
    committees.approved(registry, held, drawn="2024-07-20", approved="2024-07-22")
    lower = SetEnvelope.model_validate({"call": here.call, "amount": "39999,99"})
    with pytest.raises(EnvelopeHeld):
        here.do(lower, SECRETARY)
    here.announce()
    with pytest.raises(EnvelopeBelowAwards, match=r"40\s000"):
        here.do(lower, SECRETARY)
    here.do(SetEnvelope.model_validate({"call": here.call, "amount": "40000"}), SECRETARY)

    assert here.loaded_call().envelope_on(make.day("2030-01-01")) == 40_000_00


def test_nothing_is_granted_that_a_later_envelope_does_not_hold(registry: Registry) -> None:
    call = committees.call(registry, envelope=100_00)
    (one,) = committees.dossiers(registry, call, 1)
    envelope(registry, call, "40", on="2024-06-15")
    session = convene(registry, call, [one])
    open_(registry, session)
    with pytest.raises(EnvelopeExceeded, match=r"il reste 40\s€"):
        put(registry, session, one, amount="50")


# --- the reserve --------------------------------------------------------------------------------


def test_the_reserve_is_announced_without_a_gap(here: Season) -> None:
    dossiers = here.deliberated(4)
    one, two, three, four = dossiers
    registry = here.desk.registry
    held = here.held(dossiers)
    decide(registry, held, one, SELECT, on="2024-07-15")
    for rank, dossier in enumerate((two, three, four), start=1):
        decide(registry, held, dossier, RESERVE, rank=rank, on="2024-07-15")
    here.at("2024-07-22T10:00")
    committees.approved(registry, held, drawn="2024-07-20", approved="2024-07-22")
    here.move(three, "withdraw", make.by(Role.REGISTRAR))
    here.announce()

    def place(dossier: DossierId) -> int | None:
        found = here.load(dossier).decision_on(make.day("2030-01-01"))
        return found.reserve_rank if found else None

    assert [place(dossier) for dossier in (one, two, four)] == [None, 1, 2]

    here.move(two, "reopen", SECRETARY, motive="un élément nouveau")
    here.brought(two)
    again = convene(registry, here.call, [two], on="2024-07-22", held_at="2024-09-10T14:00")
    here.at("2024-09-10T16:00")
    open_(registry, again, on="2024-09-10")
    decide(registry, again, two, RESERVE, rank=4, on="2024-09-10")
    here.at("2024-09-12T16:00")
    committees.approved(registry, again, drawn="2024-09-11", approved="2024-09-12")
    here.announce()
    assert [place(dossier) for dossier in (two, four)] == [3, 2]


def test_a_session_closes_though_a_rank_was_left_in_an_earlier_one(registry: Registry) -> None:
    call = committees.call(registry)
    one, two, three = committees.dossiers(registry, call, 1, 2, 3)
    first = convene(registry, call, [one, two, three])
    open_(registry, first)
    for rank, dossier in enumerate((one, two, three), start=1):
        decide(registry, first, dossier, RESERVE, rank=rank)
    committees.approved(registry, first)
    (four,) = committees.dossiers(registry, call, 4)
    second = convene(registry, call, [four], held_at=f"{LATER}T14:00", on="2024-05-23")
    do(registry, committees.again(second, two), on="2024-05-23")
    open_(registry, second, on=LATER)
    decide(registry, second, two, amount="10", on=LATER)
    decide(registry, second, four, RESERVE, rank=4, on=LATER)
    with pytest.raises(DossierAlreadyDecided):
        put(registry, second, four, on=LATER)
    do(registry, CloseSession(session=second), on=LATER)


def test_an_award_that_is_withdrawn_frees_no_more_than_its_commitments_leave(
    tmp_path: Path,
) -> None:
    with season(tmp_path) as here:
        for journey in shipped_journeys():
            if journey.id == "commitment":
                publishing = PublishJourney(journey=journey)
                here.desk.registry.do(publishing, make.by(Role.ADMINISTRATOR))
        first, second = here.deliberated(2)
        registry = here.desk.registry
        held = here.held({first: SELECT, second: REJECT})
        decide(registry, held, first, amount="60000", on="2024-07-15")
        decide(registry, held, second, REJECT, on="2024-07-15")
        here.at("2024-07-22T10:00")
        committees.approved(registry, held, drawn="2024-07-20", approved="2024-07-22")
        here.announce()
        commitments.decide(
            registry,
            PoleId(here.load(first).pole),
            on="2024-07-22",
            dossier=first,
            amount="45000",
        )
        withdrawn = WithdrawAward(
            dossier=first,
            award_ground=WithdrawalGround.CONDITIONS_NOT_MET,
            reasons="Motif fictif.",
            heard_on=make.day("2024-07-22"),
        )
        here.do(withdrawn, SECRETARY)
        here.move(second, "reopen", SECRETARY, motive="un crédit est libre")
        here.brought(second)
        again = convene(registry, here.call, [second], on="2024-07-22", held_at="2024-09-10T14:00")
        here.at("2024-09-10T16:00")
        open_(registry, again, on="2024-09-10")
        with pytest.raises(EnvelopeExceeded, match=r"il reste 55\s000\s€"):
            put(registry, again, second, amount="55000,01", on="2024-09-10")
        told = wave_results(registry, here.call, WAVE, committees.now(registry, "2024-09-10"))
        assert (told.granted_cents, told.left_cents) == (45_000_00, 55_000_00)
        put(registry, again, second, amount="55000", on="2024-09-10")
