"""A committee through its commands: who may, what is left of the envelope, what is approved."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from pydantic import ValidationError

from application.call import PlanCall
from application.call_wave import SetWave
from application.minutes import ApproveMinutes, DrawMinutes, minutes_at, sha256_of
from application.session import (
    ChangeAgenda,
    CloseSession,
    ConveneSession,
    NoCommittee,
    NoteAttendance,
    NotOfThisWave,
    SeatGivenTwice,
)
from application.session_vote import (
    CastVote,
    CorrectBallot,
    DeclareInterest,
    Deliberate,
    DeliberateAgain,
    NoSeat,
    OtherSeat,
    PutToVote,
    RecordBallots,
    WhichSeat,
)
from application.wording import tell
from domain.call import CallId
from domain.call_terms import CallKind
from domain.convocation import SessionId, SessionStanding
from domain.deliberation import ProposedOutcome, SessionOutcome
from domain.dossier import DossierId
from domain.errors import Forbidden, JalonError, NotFound
from domain.minute import Minute
from domain.procedure import Procedure
from domain.roles import Role
from domain.session import Session
from domain.session_refusals import (
    DossierAlreadyDecided,
    EnvelopeExceeded,
    NoEnvelope,
    NothingToSupersede,
    NoticeTooShort,
    OutOfBounds,
    OwnMinutes,
    QuorumLacking,
    RankTaken,
    RecordedSince,
    RecusedMember,
    SeatVoted,
)
from domain.values import Personal
from domain.vote import Choice
from infrastructure.event_store.registry import Registry
from tests import make
from tests.application import committees
from tests.application.committees import (
    HELD,
    NAMES,
    SECRETARY,
    approved,
    convene,
    decide,
    do,
    load,
    member,
    open_,
    put,
)
from tests.examples import settings

SELECT, RESERVE, REJECT = ProposedOutcome


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    with committees.registry(tmp_path) as made:
        yield made


def outcomes(registry: Registry, session: SessionId) -> dict[DossierId, SessionOutcome]:
    found = load(registry, session).in_force
    return {DossierId(dossier): decided.outcome for dossier, decided in found.items()}


def test_a_session_goes_from_its_notice_to_its_approval(registry: Registry) -> None:
    call = committees.call(registry)
    one, two = committees.dossiers(registry, call, 1, 2)
    session = convene(registry, call, [one, two])
    open_(registry, session)
    decide(registry, session, one, amount="12000,50")
    decide(registry, session, two, REJECT, motive="Trop tôt.", no=("two",), yes=("chair", "three"))
    assert load(registry, session).decisions_on(make.day(HELD)) == {}
    approved(registry, session)

    done = load(registry, session)
    assert done.code == "essai-2024-seance-1"
    assert done.standing is SessionStanding.APPROVED
    final = done.decisions_on(make.day(committees.APPROVED))
    assert final[one].amount_cents == 12_000_50
    assert final[two].outcome is SessionOutcome.NOT_SELECTED
    assert final[two].deliberated_on == make.day(HELD)
    assert committees.load_call(registry, call).sessions == [session]


# --- who may ------------------------------------------------------------------------------------


def test_the_secretary_keeps_the_record_and_members_vote(registry: Registry) -> None:
    call = committees.call(registry)
    (one,) = committees.dossiers(registry, call, 1)
    session = convene(registry, call, [one])
    open_(registry, session)
    put(registry, session, one)
    vote = CastVote(session=session, dossier=one, choice=Choice.FOR)

    with pytest.raises(Forbidden, match="membre du comité"):
        do(registry, vote, SECRETARY)
    with pytest.raises(Forbidden, match="secrétariat du comité"):
        do(registry, Deliberate(session=session, dossier=one), member("two"))
    with pytest.raises(NoSeat):
        do(registry, vote, make.by(Role.COMMITTEE_MEMBER))
    do(registry, vote, member("two"))
    with pytest.raises(SeatVoted):
        do(registry, vote, member("two"))
    interest = DeclareInterest(session=session, dossier=one, seat="three")
    with pytest.raises(OtherSeat):
        do(registry, interest, member("two"))
    with pytest.raises(WhichSeat):
        do(registry, DeclareInterest(session=session, dossier=one), SECRETARY)

    ballots = load(registry, session).votes[one][-1].ballots
    assert {seat: ballot.choice for seat, ballot in ballots.items()} == {"two": Choice.FOR}


def test_a_member_votes_for_the_one_who_gave_them_a_proxy(registry: Registry) -> None:
    call = committees.call(registry)
    (one,) = committees.dossiers(registry, call, 1)
    session = convene(registry, call, [one])
    open_(registry, session, present=("chair", "two"))
    do(registry, NoteAttendance(session=session, represented={"three": "two"}))
    put(registry, session, one)
    for proxy_of in (None, "three"):
        vote = CastVote(session=session, dossier=one, choice=Choice.FOR, proxy_of=proxy_of)
        do(registry, vote, member("two"))

    ballots = load(registry, session).votes[one][-1].ballots
    assert ballots["three"].cast_by == "two"
    assert load(registry, session).quorum_on(one).present == 3


def test_a_seat_is_given_once(registry: Registry) -> None:
    call = committees.call(registry)
    (one,) = committees.dossiers(registry, call, 1)
    session = convene(registry, call, [one])
    open_(registry, session)
    put(registry, session, one)
    ballots = RecordBallots(session=session, dossier=one, in_favour=("two",), against=("two",))
    with pytest.raises(SeatGivenTwice):
        do(registry, ballots)
    assert load(registry, session).votes[one][-1].ballots == {}


# --- convening ----------------------------------------------------------------------------------


def test_a_session_is_about_dossiers_of_one_wave_of_its_call(registry: Registry) -> None:
    call = committees.call(registry)
    other = committees.call(registry, code="autre-2024")
    (one,) = committees.dossiers(registry, other, 1)
    with pytest.raises(NotOfThisWave, match="autre-2024-001"):
        convene(registry, call, [one])
    with pytest.raises(NotFound):
        do(
            registry,
            ConveneSession(
                call=call, wave="v9", held_at=Minute("2024-05-15T14:00"), dossiers=(one,)
            ),
        )
    with pytest.raises(NoticeTooShort):
        convene(registry, other, [one], on="2024-05-12")
    with pytest.raises(NotFound):
        convene(registry, call, [DossierId(call)])


def test_a_call_without_a_committee_convenes_none(registry: Registry) -> None:
    planned = PlanCall(
        code="sans-comite",
        title="Appel fictif",
        call_kind=CallKind.PERMANENT,
        authority="Ministère fictif",
    )
    call = CallId(do(registry, planned, committees.COORDINATOR, "2024-01-15"))
    wave = SetWave(call=call, wave="v1", opens_at=Minute("2024-02-01T09:00"))
    do(registry, wave, committees.COORDINATOR, "2024-01-15")
    with pytest.raises(NoCommittee, match="sans-comite"):
        convene(registry, call, [DossierId(call)])


@pytest.mark.parametrize(
    "given",
    [
        {"held_at": "2024-03-31T02:30"},
        {"held_at": "demain"},
        {"held_at": "2024-05-15"},
        {"dossiers": ["x"]},
        {"valid_to": "2024-06-01"},
    ],
)
def test_what_cannot_be_read_is_refused(given: dict[str, Any]) -> None:
    plain = {
        "call": str(make.ACTOR),
        "wave": "v1",
        "held_at": "2024-05-15T14:00",
        "dossiers": [str(make.ACTOR)],
    }
    ConveneSession.model_validate(plain)
    with pytest.raises(ValidationError):
        ConveneSession.model_validate({**plain, **given})


@pytest.mark.parametrize("amount", ["-5", "0", "12,345", "5 USD", "1e9", 0.1 + 0.2, "1" * 30])
def test_an_amount_is_in_euros_and_cents(amount: object) -> None:
    with pytest.raises(ValidationError):
        PutToVote.model_validate(
            {
                "session": str(make.ACTOR),
                "dossier": str(make.ACTOR),
                "proposal": "select",
                "amount": amount,
                "motive": "parce que",
            }
        )


def test_the_agenda_changes_before_the_session(registry: Registry) -> None:
    call = committees.call(registry)
    one, two = committees.dossiers(registry, call, 1, 2)
    session = convene(registry, call, [one])
    do(registry, ChangeAgenda(session=session, add=(two,), remove=(one,)), on="2024-05-03")

    assert load(registry, session).agenda == (two,)


# --- interests ----------------------------------------------------------------------------------


def test_an_interest_holds_in_every_session_of_the_call(registry: Registry) -> None:
    call = committees.call(registry)
    one, two = committees.dossiers(registry, call, 1, 2)
    first = convene(registry, call, [one, two])
    second = convene(registry, call, [one], held_at="2024-05-16T14:00")
    words = Personal(text="Administratrice du porteur")
    do(
        registry,
        DeclareInterest(session=first, dossier=one, words=words),
        member("two"),
        "2024-05-03",
    )
    third = convene(registry, call, [one], held_at="2024-05-17T14:00", on="2024-05-03")

    for session in (first, second, third):
        assert load(registry, session).recused_from(one) == {"two"}
    open_(registry, third, on="2024-05-17")
    put(registry, third, one, on="2024-05-17")
    vote = CastVote(session=third, dossier=one, choice=Choice.FOR)
    with pytest.raises(RecusedMember, match=r"R\. 133-12"):
        do(registry, vote, member("two"), "2024-05-17")
    ballots = RecordBallots(session=third, dossier=one, in_favour=("two",))
    with pytest.raises(RecusedMember):
        do(registry, ballots, on="2024-05-17")


def test_the_words_of_an_interest_are_sealed(registry: Registry) -> None:
    call = committees.call(registry)
    (one,) = committees.dossiers(registry, call, 1)
    session = convene(registry, call, [one])
    words = Personal(text="Fonds-Secret-Du-Porteur")
    do(
        registry,
        DeclareInterest(session=session, dossier=one, words=words),
        member("two"),
        "2024-05-03",
    )

    states = b"".join(row.state for row in registry.rows(session))
    assert b"Fonds-Secret" not in states
    assert load(registry, session).recused_from(one) == {"two"}


# --- the envelope -------------------------------------------------------------------------------


def test_the_sum_selected_never_exceeds_the_envelope_over_several_sessions(
    registry: Registry,
) -> None:
    call = committees.call(registry, envelope=100_000_00)
    one, two, three = committees.dossiers(registry, call, 1, 2, 3)
    first = convene(registry, call, [one])
    second = convene(registry, call, [two, three], held_at="2024-05-16T14:00")
    open_(registry, first)
    decide(registry, first, one, amount="60000,01")
    open_(registry, second, on="2024-05-16")
    with pytest.raises(EnvelopeExceeded, match=r"il reste 39\s999,99\s€"):
        put(registry, second, two, amount="40000", on="2024-05-16")
    decide(registry, second, two, amount="39999,99", on="2024-05-16")
    with pytest.raises(EnvelopeExceeded, match=r"il reste 0\s€"):
        put(registry, second, three, amount="0,01", on="2024-05-16")


def test_what_another_session_took_meanwhile_is_no_longer_there(registry: Registry) -> None:
    call = committees.call(registry, envelope=100_00)
    one, two = committees.dossiers(registry, call, 1, 2)
    first = convene(registry, call, [one])
    second = convene(registry, call, [two])
    for session, dossier in ((first, one), (second, two)):
        open_(registry, session)
        put(registry, session, dossier, amount="60")
        ballots = RecordBallots(session=session, dossier=dossier, in_favour=NAMES)
        do(registry, ballots)
    do(registry, Deliberate(session=first, dossier=one))
    with pytest.raises(EnvelopeExceeded, match=r"il reste 40\s€"):
        do(registry, Deliberate(session=second, dossier=two))
    assert outcomes(registry, second) == {}


def test_amounts_keep_within_the_bounds_of_the_call_and_need_an_envelope(
    registry: Registry,
) -> None:
    call = committees.call(registry, envelope=None)
    (one,) = committees.dossiers(registry, call, 1)
    session = convene(registry, call, [one])
    open_(registry, session)
    with pytest.raises(NoEnvelope):
        put(registry, session, one)
    decide(registry, session, one, amount=None, support="appui d'un réseau")
    other = committees.call(registry, code="borne-2024")
    committees.bounds(registry, other, "30000", "80000")
    (two,) = committees.dossiers(registry, other, 2)
    session = convene(registry, other, [two])
    open_(registry, session)
    for amount in ("29999,99", "80000,01"):
        with pytest.raises(OutOfBounds):
            put(registry, session, two, amount=amount)


def test_a_rank_on_the_reserve_list_is_taken_once_in_a_wave(registry: Registry) -> None:
    call = committees.call(registry)
    one, two, three = committees.dossiers(registry, call, 1, 2, 3)
    first = convene(registry, call, [one])
    second = convene(registry, call, [two, three])
    open_(registry, first)
    open_(registry, second)
    decide(registry, first, one, RESERVE, rank=1)
    with pytest.raises(RankTaken, match="rang 1"):
        put(registry, second, two, RESERVE, rank=1)
    decide(registry, second, two, RESERVE, rank=3)
    with pytest.raises(JalonError, match="rang 2"):
        do(registry, CloseSession(session=second))
    decide(registry, second, three, RESERVE, rank=2)
    do(registry, CloseSession(session=second))


# --- quorum -------------------------------------------------------------------------------------


def test_nothing_is_decided_without_a_quorum_but_at_a_second_notice(registry: Registry) -> None:
    call = committees.call(registry)
    (one,) = committees.dossiers(registry, call, 1)
    first = convene(registry, call, [one])
    open_(registry, first, present=("chair",))
    with pytest.raises(QuorumLacking, match="1 sur 4 prennent part, il en faut 2"):
        decide(registry, first, one, yes=("chair",))
    with pytest.raises(JalonError, match="seconde convocation"):
        convene(registry, call, [one], held_at="2024-05-25T09:00", on=HELD, second_of=first)
    do(registry, CloseSession(session=first))
    second = convene(registry, call, [one], held_at="2024-05-25T09:00", on=HELD, second_of=first)
    open_(registry, second, present=("two",), on="2024-05-25")
    decide(registry, second, one, yes=("two",), on="2024-05-25")

    assert outcomes(registry, second) == {one: SessionOutcome.SELECTED}


# --- minutes, corrections, new deliberations ----------------------------------------------------


def full_session(registry: Registry) -> tuple[SessionId, DossierId, DossierId]:
    """A session with a recusal, a proxy, a tie, a reserve and a correction; it is closed."""
    call = committees.call(registry)
    one, two, three = committees.dossiers(registry, call, 1, 2, 3)
    session = convene(registry, call, [one, two, three], place="Paris")
    words = Personal(text="Mot-Secret")
    do(
        registry,
        DeclareInterest(session=session, dossier=two, words=words),
        member("two"),
        "2024-05-03",
    )
    open_(registry, session, present=("chair", "two", "three"))
    do(registry, NoteAttendance(session=session, represented={"four": "chair"}))
    decide(registry, session, one, yes=("chair", "four"), no=("two", "three"), amount="30000")
    decide(registry, session, two, RESERVE, yes=("chair", "four"), no=("three",), rank=1)
    corrected = CorrectBallot(
        session=session, dossier=one, seat="two", choice=Choice.ABSTAIN, because="Mal entendu."
    )
    do(registry, corrected)
    do(registry, CloseSession(session=session))
    return session, one, two


def test_minutes_are_the_same_bytes_however_often_they_are_made(registry: Registry) -> None:
    session, *_ = full_session(registry)
    text = minutes_at(registry, session)
    do(registry, DrawMinutes(session=session), on="2024-05-20")
    do(registry, ApproveMinutes(session=session), member("chair"), "2024-05-22")
    again = minutes_at(registry, session)

    assert again == text
    assert load(registry, session).minutes == sha256_of(text)
    assert text.splitlines()[0] == "PROCÈS-VERBAL DE LA SÉANCE essai-2024-seance-1"
    for said in (
        "Comité de l'appel Appel fictif 2024 (essai-2024), vague « v1 ».",
        "Le 15 mai 2024 à 14 h 00, Paris (réunion).",
        "- Caisse fictive : représenté par « Ministère fictif chargé de l'ESS »",
        "1. Dossier essai-2024-001",
        "   S'est déporté, le 3 mai 2024 : « Ministère fictif du logement ».",
        "   Décompte du 15 mai 2024 : 2 pour, 2 contre, 0 abstention (qui préside : pour).",
        "est « abstention ». Mal entendu.",
        "2 pour, 1 contre, 1 abstention",
        "- Dossier essai-2024-002 : liste de réserve, rang 1",
        "- Dossier essai-2024-003 : sans décision",
        "Montants retenus dans cette séance : 30\u202f000\xa0€.",
    ):
        assert said in text
    assert "Mot-Secret" not in text
    assert "account:" not in text


def test_minutes_are_not_approved_once_anything_was_recorded_since(registry: Registry) -> None:
    session, one, _ = full_session(registry)
    approve = ApproveMinutes(session=session)
    do(registry, DrawMinutes(session=session), on="2024-05-20")
    corrected = CorrectBallot(
        session=session, dossier=one, seat="three", choice=Choice.FOR, because="Contesté."
    )
    do(registry, corrected, on="2024-05-21")
    with pytest.raises(RecordedSince):
        do(registry, approve, member("chair"), "2024-05-22")
    do(registry, DrawMinutes(session=session), on="2024-05-22")
    with pytest.raises(OwnMinutes):
        do(registry, ApproveMinutes(session=session, seat="chair"), SECRETARY, "2024-05-22")
    do(registry, approve, member("chair"), "2024-05-22")
    with pytest.raises(JalonError, match="séance ultérieure"):
        do(registry, corrected, on="2024-05-23")


def test_a_corrected_ballot_changes_the_outcome_on_the_record(registry: Registry) -> None:
    session, one, _ = full_session(registry)
    corrected = CorrectBallot(
        session=session, dossier=one, seat="chair", choice=Choice.AGAINST, because="Contesté."
    )
    do(registry, corrected)

    assert one not in load(registry, session).in_force
    told = [r.event for r in registry.history(session) if isinstance(r.event, Session.Deliberated)]
    assert [e.outcome for e in told if e.dossier == one] == ["selected", "selected", "not_carried"]
    assert "« pour », est « contre »" in minutes_at(registry, session)


def test_an_approved_decision_is_deliberated_again_in_a_later_session(registry: Registry) -> None:
    call = committees.call(registry, envelope=50_000_00)
    one, two = committees.dossiers(registry, call, 1, 2)
    first = convene(registry, call, [one])
    open_(registry, first)
    decide(registry, first, one, amount="50000")
    second = convene(registry, call, [two], held_at="2024-06-01T14:00", on=HELD)
    again = DeliberateAgain(session=second, dossier=one, because="Pièce nouvelle.")
    with pytest.raises(NothingToSupersede):
        do(registry, again, on="2024-05-16")
    with pytest.raises(DossierAlreadyDecided):
        do(registry, ChangeAgenda(session=second, add=(one,)), on="2024-05-16")
    approved(registry, first)
    with pytest.raises(DossierAlreadyDecided, match="essai-2024-seance-1"):
        convene(registry, call, [one], held_at="2024-06-01T14:00", on="2024-05-23")
    do(registry, again, on="2024-05-23")
    open_(registry, second, on="2024-06-01")
    decide(registry, second, one, amount="20000", yes=("two",), no=NAMES[2:], on="2024-06-01")
    assert outcomes(registry, first) == {one: SessionOutcome.SELECTED}  # not carried: it stands
    decide(registry, second, one, amount="20000", on="2024-06-01")

    assert outcomes(registry, first) == {}
    assert load(registry, second).in_force[one].amount_cents == 20_000_00
    assert one in load(registry, first).decisions_on(make.day("2024-05-31"))
    assert load(registry, first).decisions_on(make.day("2024-06-01")) == {}
    decide(registry, second, two, amount="30000", on="2024-06-01")


def test_every_event_of_a_session_has_words(registry: Registry) -> None:
    session, *_ = full_session(registry)
    do(registry, DrawMinutes(session=session), on="2024-05-20")
    do(registry, ApproveMinutes(session=session), member("chair"), "2024-05-22")

    for recorded in registry.history(session):
        title, _ = tell(recorded.event)
        assert title
        assert recorded.event.TOPIC not in title


# --- whatever is asked --------------------------------------------------------------------------

choices = st.lists(st.sampled_from(["yes", "no", "abstaining", None]), min_size=4, max_size=4)
steps = st.lists(
    st.one_of(
        st.tuples(
            st.just("decide"), st.integers(0, 1), st.integers(0, 2), st.integers(1, 80), choices
        ),
        st.tuples(
            st.just("interest"), st.integers(0, 1), st.integers(0, 2), st.sampled_from(NAMES)
        ),
        st.tuples(
            st.just("correct"),
            st.integers(0, 1),
            st.integers(0, 2),
            st.sampled_from(NAMES),
            st.sampled_from(list(Choice)),
        ),
    ),
    max_size=8,
)


@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(steps)
def test_no_sequence_of_commands_breaks_what_must_hold(sequence: list[tuple[Any, ...]]) -> None:
    with TemporaryDirectory() as folder, committees.registry(Path(folder)) as registry:
        call = committees.call(registry, envelope=100_00)
        committees.adopt(registry, call, Procedure(tie="rejected"))
        three = committees.dossiers(registry, call, 1, 2, 3)
        two = [convene(registry, call, three) for _ in range(2)]
        for session in two:
            open_(registry, session)
        for verb, which, number, *rest in sequence:
            session, dossier = two[which], three[number]
            with suppress(JalonError):
                if verb == "decide":
                    amount, said = rest
                    by: dict[str, Any] = {
                        kind: tuple(n for n, s in zip(NAMES, said, strict=True) if s == kind)
                        for kind in ("yes", "no", "abstaining")
                    }
                    decide(registry, session, dossier, amount=str(amount), **by)
                elif verb == "interest":
                    interest = DeclareInterest(session=session, dossier=dossier, seat=rest[0])
                    do(registry, interest)
                else:
                    seat, choice = rest
                    corrected = CorrectBallot(
                        session=session, dossier=dossier, seat=seat, choice=choice, because="non"
                    )
                    do(registry, corrected)
            _check(registry, two)


def _check(registry: Registry, two: list[SessionId]) -> None:
    every = [load(registry, session) for session in two]
    decided = [(dossier, found) for one in every for dossier, found in one.in_force.items()]
    assert sum(found.engaged_cents for _, found in decided) <= 100_00
    assert len({dossier for dossier, _ in decided}) == len(decided)  # decided once
    for one in every:
        for dossier, votes in one.votes.items():
            out = one.recused_from(dossier)
            assert out == every[0].recused_from(dossier) == every[1].recused_from(dossier)
            assert not any(out.intersection(vote.ballots) for vote in votes)
        for found in one.in_force.values():
            assert found.quorum.is_met
            assert found.tally.for_ > found.tally.against
