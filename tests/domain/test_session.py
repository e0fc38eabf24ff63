"""Sessions: convened in time, quorate or not, each voice once, minutes that tell all of it."""

from collections.abc import Callable
from uuid import UUID

import pytest

from domain.convocation import SessionMode, SessionStanding
from domain.deliberation import ProposedDecision, ProposedOutcome, Room, SessionOutcome
from domain.errors import Refused
from domain.minute import Minute
from domain.procedure import Procedure
from domain.recording import NotYetHappened
from domain.session import Session
from domain.session_refusals import (
    AlreadyRecused,
    BeforeTheSession,
    DossierAlreadyDecided,
    EmptyAgenda,
    EnvelopeExceeded,
    ModeNotAllowed,
    NoBallotThere,
    NoEnvelope,
    NoSecondNotice,
    NotAtThisStage,
    NothingToSupersede,
    NoticeTooShort,
    NotOnTheAgenda,
    NotTakingPart,
    NoVoice,
    OtherMinutes,
    OutOfBounds,
    OwnMinutes,
    ProposalIncoherent,
    ProxyRefused,
    QuorumLacking,
    RankTaken,
    RankWanting,
    RecordedSince,
    RecusedMember,
    SeatVoted,
    StillVoting,
    UnknownSeat,
    VoteNotConcluded,
    WrittenVoteEnds,
    WrittenVoteOver,
)
from domain.sitting import Presence
from tests import make
from tests.domain import sessions
from tests.domain.sessions import (
    ABSTAIN,
    AGAINST,
    FIRST,
    FOR,
    FOURTH,
    SECOND,
    THIRD,
    VOTING,
    approve,
    approved,
    cast,
    close,
    convened,
    correct,
    decide,
    declare,
    deliberate,
    draw,
    note,
    opened,
    put,
    reject,
    reserve,
    select,
)


def outcome(session: Session, dossier: UUID = FIRST) -> SessionOutcome | None:
    vote = session.vote_on(dossier)
    return vote.standing.outcome if vote and vote.standing else None


# --- notice, agenda, mode -----------------------------------------------------------------------


def test_members_are_convened_five_days_before_unless_it_is_urgent() -> None:
    assert convened(on="2024-05-10").standing is SessionStanding.CONVENED
    with pytest.raises(NoticeTooShort, match="16 mai 2024"):
        convened(on="2024-05-11")
    assert convened(on="2024-05-11", urgency="fin de la gestion").standing == "convened"
    with pytest.raises(NoticeTooShort):
        convened(on="2024-05-16", urgency="trop tard")
    assert convened(on="2024-05-14", rules=Procedure(notice_days=1))


def test_nobody_is_convened_on_a_day_to_come() -> None:
    with pytest.raises(NotYetHappened):
        convened(on="2030-01-01", held_at=Minute("2030-02-01T14:00"))


@pytest.mark.parametrize("agenda", [(), (FIRST, FIRST)])
def test_an_agenda_has_each_dossier_once_and_one_at_least(agenda: tuple[UUID, ...]) -> None:
    with pytest.raises(EmptyAgenda):
        convened(agenda=agenda)


def test_a_mode_is_for_the_rules_to_allow() -> None:
    until = Minute("2024-05-17T12:00")
    with pytest.raises(ModeNotAllowed, match="voter par écrit"):
        convened(mode=SessionMode.WRITTEN, until=until)
    with pytest.raises(ModeNotAllowed, match="distance"):
        convened(mode=SessionMode.REMOTE, rules=Procedure(remote=False))
    with pytest.raises(WrittenVoteEnds):
        convened(mode=SessionMode.WRITTEN, rules=Procedure(written=True))
    with pytest.raises(WrittenVoteEnds):
        convened(until=until)
    session = opened(rules=Procedure(remote=False), present=())
    with pytest.raises(ModeNotAllowed):
        note(session, "two", Presence.REMOTE)


def test_the_agenda_changes_within_the_notice_and_before_the_opening() -> None:
    session = convened(agenda=(FIRST, SECOND))

    def change(day: str, **more: object) -> None:
        with sessions.acting(day):
            session.change_agenda(
                add=(THIRD,),
                remove=(SECOND,),
                procedure=sessions.RULES,
                day=make.day(day),
                **more,  # type: ignore[arg-type]
            )

    with pytest.raises(NoticeTooShort):
        change("2024-05-12")
    change("2024-05-12", urgency="pièce arrivée tard")
    assert session.agenda == (FIRST, THIRD)
    with pytest.raises(NotOnTheAgenda):
        change("2024-05-12", urgency="encore")
    with sessions.acting():
        session.open(seats=sessions.SEATS, procedure=sessions.RULES, day=make.day(sessions.DAY))
    with pytest.raises(NotAtThisStage):
        change("2024-05-15")


def test_a_session_opens_on_its_day_and_its_acts_follow_each_other() -> None:
    session = convened()
    with sessions.acting("2024-05-14"), pytest.raises(BeforeTheSession):
        session.open(seats=sessions.SEATS, procedure=sessions.RULES, day=make.day("2024-05-14"))
    session = opened(on="2024-05-16", present=())
    with pytest.raises(BeforeTheSession):
        note(session, "two", Presence.PRESENT)  # the day before
    with pytest.raises(NotAtThisStage):
        cast(convened(), "two")


# --- who votes ----------------------------------------------------------------------------------


def test_one_ballot_a_seat_and_item() -> None:
    session = opened()
    put(session)
    cast(session, "two")
    with pytest.raises(SeatVoted):
        cast(session, "two", AGAINST)
    put(session, SECOND)
    cast(session, "two", AGAINST, SECOND)


def test_who_is_not_there_or_has_no_voice_does_not_vote() -> None:
    session = opened(present=("chair", "two", "observer"))
    put(session)
    with pytest.raises(NotTakingPart):
        cast(session, "three")
    with pytest.raises(NoVoice):
        cast(session, "observer")
    with pytest.raises(UnknownSeat):
        cast(session, "nobody")
    with pytest.raises(NotOnTheAgenda):
        cast(session, "two", dossier=UUID(int=5))


def test_a_proxy_is_given_within_the_rules_and_used_by_who_has_it() -> None:
    session = opened(present=("chair", "two"))
    with pytest.raises(ProxyRefused, match="proxy_to"):
        note(session, "three", Presence.REPRESENTED)
    with pytest.raises(ProxyRefused, match="soi-même"):
        note(session, "three", Presence.REPRESENTED, "three")
    with pytest.raises(ProxyRefused, match="présent"):
        note(session, "three", Presence.REPRESENTED, "four")
    note(session, "three", Presence.REPRESENTED, "two")
    with pytest.raises(ProxyRefused, match="1 mandat"):
        note(session, "four", Presence.REPRESENTED, "two")
    put(session)
    with pytest.raises(NotTakingPart):
        cast(session, "three")
    with pytest.raises(NotTakingPart):
        cast(session, "three", cast_by="chair")
    cast(session, "three", cast_by="two")
    cast(session, "two")

    assert session.quorum_on(FIRST).present == 3  # chair, two, three


def test_who_has_no_voice_represents_nobody() -> None:
    session = opened(present=("chair", "observer"))
    with pytest.raises(ProxyRefused, match="voix délibérative"):
        note(session, "three", Presence.REPRESENTED, "observer")


# --- interests ----------------------------------------------------------------------------------


def test_a_recused_member_votes_neither_for_themself_nor_for_others() -> None:
    session = opened(present=("chair", "two", "three", "five"))
    note(session, "four", Presence.REPRESENTED, "two")
    declare(session, "two")
    put(session)
    with pytest.raises(RecusedMember):
        cast(session, "two")
    with pytest.raises(RecusedMember):
        cast(session, "four", cast_by="two")

    counted = session.quorum_on(FIRST)
    assert (counted.present, counted.of, counted.required) == (3, 5, 3)
    with pytest.raises(AlreadyRecused):
        declare(session, "two")
    put(session, SECOND)
    cast(session, "four", FOR, SECOND, cast_by="two")


def test_a_recused_member_is_not_represented_either() -> None:
    session = opened(present=("chair", "two", "three"))
    note(session, "four", Presence.REPRESENTED, "two")
    declare(session, "four")
    put(session)

    with pytest.raises(RecusedMember):
        cast(session, "four", cast_by="two")


def test_an_interest_declared_afterwards_strikes_the_ballot_and_counts_again() -> None:
    session = opened()
    decide(session, yes=("chair", "two", "three"), no=("four", "five"))
    assert outcome(session) is SessionOutcome.SELECTED

    close(session)
    declare(session, "three")  # 2 to 2: the chair, who is for, decides
    assert outcome(session) is SessionOutcome.SELECTED
    declare(session, "two")  # 1 to 2

    assert outcome(session) is SessionOutcome.NOT_CARRIED
    struck = [e.struck for e in session.pending if isinstance(e, Session.InterestDeclared)]
    assert struck == [("three",), ("two",)]
    assert session.standing_decisions == {}
    told = [e.outcome for e in session.pending if isinstance(e, Session.Deliberated)]
    assert told == ["selected", "selected", "not_carried"]


def test_a_ballot_given_by_a_member_who_is_recused_later_falls_too() -> None:
    session = opened(present=("chair", "two", "three", "five"))
    note(session, "four", Presence.REPRESENTED, "two")
    put(session)
    cast(session, "four", cast_by="two")
    for seat in ("chair", "two"):
        cast(session, seat)
    for seat in ("three", "five"):
        cast(session, seat, AGAINST)
    deliberate(session)
    declare(session, "two")

    vote = session.vote_on(FIRST)
    assert vote
    assert set(vote.ballots) == {"chair", "three", "five"}
    assert outcome(session) is SessionOutcome.NOT_CARRIED


def test_what_has_no_quorum_any_more_does_not_stand() -> None:
    session = opened(present=("chair", "two", "three"), rules=Procedure(quorum=50))
    decide(session, yes=("chair", "two", "three"))
    declare(session, "two")  # 2 of 5, 3 must

    assert outcome(session) is SessionOutcome.NO_QUORUM
    assert session.standing_decisions == {}
    approved(session)
    assert session.decisions_on(make.day("2024-06-01")) == {}


def test_no_interest_is_declared_in_an_approved_session() -> None:
    session = opened()
    decide(session)
    approved(session)
    with pytest.raises(NotAtThisStage, match="séance ultérieure"):
        declare(session, "two")


# --- quorum, ties, what is decided --------------------------------------------------------------


def test_nothing_is_deliberated_without_a_quorum() -> None:
    session = opened(present=("chair", "two"))
    put(session)
    cast(session, "chair")
    with pytest.raises(QuorumLacking, match="2 sur 6 prennent part, il en faut 3"):
        deliberate(session)
    note(session, "three", Presence.REMOTE)
    deliberate(session)

    assert outcome(session) is SessionOutcome.SELECTED


def test_a_second_notice_of_the_same_agenda_needs_no_quorum() -> None:
    first = opened(present=("chair",), agenda=(FIRST, SECOND))
    close(first)
    second = convened(
        second_of=first, agenda=(FIRST, SECOND), on="2024-05-15", held_at=Minute("2024-05-20T09:00")
    )
    with sessions.acting("2024-05-20"):
        day = make.day("2024-05-20")
        second.open(seats=sessions.SEATS, procedure=sessions.RULES, day=day)
        second.note_attendance("two", Presence.PRESENT, proxy_to=None, day=day)
        second.put_to_vote(
            FIRST,
            select(),
            title="Projet",
            room=sessions.AMPLE,
            bounds=sessions.NO_BOUNDS,
            day=day,
        )
        second.cast(FIRST, "two", FOR, cast_by=None, persons=(), day=day)
        second.deliberate(FIRST, room=sessions.AMPLE, day=day)

    assert outcome(second) is SessionOutcome.SELECTED
    assert second.quorum_on(FIRST).waived
    with pytest.raises(NoSecondNotice, match="faute de quorum"):
        convened(second_of=first, agenda=(THIRD,))
    with pytest.raises(NoSecondNotice, match="n'en prévoit pas"):
        convened(second_of=first, agenda=(FIRST,), rules=Procedure(second_notice=False))
    quorate = opened()
    close(quorate)
    with pytest.raises(NoSecondNotice, match="faute de quorum"):
        convened(second_of=quorate)


@pytest.mark.parametrize(
    ("tie", "chair", "found"),
    [
        ("chair", FOR, SessionOutcome.SELECTED),
        ("chair", AGAINST, SessionOutcome.NOT_CARRIED),
        ("chair", ABSTAIN, SessionOutcome.NOT_CARRIED),
        ("rejected", FOR, SessionOutcome.NOT_CARRIED),
    ],
)
def test_a_tie_goes_by_the_procedure(tie: str, chair: object, found: SessionOutcome) -> None:
    session = opened(rules=Procedure(tie=tie))
    yes, no = ["two"], ["three"]
    if chair is FOR:
        no.append("four")
    elif chair is AGAINST:
        yes.append("four")
    put(session)
    cast(session, "chair", chair)  # type: ignore[arg-type]
    for seat in yes:
        cast(session, seat)
    for seat in no:
        cast(session, seat, AGAINST)
    deliberate(session)

    assert outcome(session) is found


def test_the_chair_s_voice_decides_a_tie_only_in_person() -> None:
    session = opened(present=("two", "three", "four"))
    note(session, "chair", Presence.REPRESENTED, "two")
    put(session)
    cast(session, "chair", cast_by="two")
    cast(session, "two")
    for seat in ("three", "four"):
        cast(session, seat, AGAINST)
    deliberate(session)

    assert outcome(session) is SessionOutcome.NOT_CARRIED


def test_what_is_not_carried_decides_nothing_and_something_else_is_proposed() -> None:
    session = opened()
    decide(session, yes=("two",), no=("three", "four"))
    assert session.standing_decisions == {}
    decide(session, what=reject("La demande ne répond pas au cahier des charges."))

    decided = session.standing_decisions[FIRST]
    assert decided.outcome is SessionOutcome.NOT_SELECTED
    assert decided.motive == "La demande ne répond pas au cahier des charges."
    with pytest.raises(DossierAlreadyDecided):
        put(session)
    with pytest.raises(DossierAlreadyDecided):
        deliberate(session)


def test_a_vote_is_concluded_before_another_begins_and_before_the_session_closes() -> None:
    session = opened()
    put(session)
    put(session, what=select(5_000_00))  # nobody had voted
    cast(session, "two")
    with pytest.raises(VoteNotConcluded):
        put(session)
    with pytest.raises(VoteNotConcluded):
        close(session)
    deliberate(session)
    with pytest.raises(DossierAlreadyDecided):
        cast(session, "three")
    close(session)


@pytest.mark.parametrize(
    "given",
    [
        {"proposal": "select"},
        {"proposal": "select", "amount_cents": 100, "rank": 1},
        {"proposal": "reserve", "amount_cents": 100},
        {"proposal": "reject", "amount_cents": 100},
        {"proposal": "reject", "rank": 1},
    ],
)
def test_a_proposal_says_what_it_gives_and_no_more(given: dict[str, object]) -> None:
    with pytest.raises(ProposalIncoherent):
        put(opened(), what=ProposedDecision.model_validate({**given, "motive": "parce que"}))


def test_an_amount_stays_within_the_bounds_and_the_envelope() -> None:
    session = opened()

    def propose(amount: int, room: Room, bounds: tuple[int | None, int | None]) -> None:
        with sessions.acting():
            session.put_to_vote(
                FIRST,
                select(amount),
                title="Projet",
                room=room,
                bounds=bounds,
                day=make.day(sessions.DAY),
            )

    with pytest.raises(OutOfBounds, match="au moins 100"):
        propose(50_00, sessions.AMPLE, (100_00, 200_00))
    with pytest.raises(OutOfBounds, match="au plus 200"):
        propose(300_00, sessions.AMPLE, (None, 200_00))
    with pytest.raises(EnvelopeExceeded, match=r"il reste 99,99\s€"):
        propose(100_00, Room(99_99), (None, None))
    with pytest.raises(NoEnvelope):
        propose(100_00, Room(None), (None, None))
    propose(100_00, Room(100_00), (100_00, 100_00))
    for seat in VOTING:
        cast(session, seat)
    with pytest.raises(EnvelopeExceeded):
        deliberate(session, room=Room(99_99))  # another session took it meanwhile
    assert outcome(session) is None


def test_support_other_than_money_needs_no_envelope() -> None:
    session = opened()
    what = ProposedDecision(
        proposal=ProposedOutcome.SELECT, support="appui d'un réseau", motive="bon"
    )
    decide(session, what=what, room=Room(None))

    assert session.standing_decisions[FIRST].engaged_cents == 0


def test_the_reserve_is_ranked_without_gap_or_tie() -> None:
    session = opened()
    decide(session, FIRST, reserve(2))
    with pytest.raises(RankTaken):
        put(session, SECOND, reserve(2), room=Room(0, frozenset({2})))
    with pytest.raises(RankWanting, match="rang 1"):
        close(session)
    decide(session, SECOND, reserve(1))
    close(session)


def test_a_rank_that_somebody_left_is_not_wanting() -> None:
    session = opened()
    decide(session, FIRST, reserve(1))
    decide(session, SECOND, reserve(2))
    correct(session, "chair", AGAINST)
    for seat in VOTING[1:4]:
        correct(session, seat, AGAINST)

    assert set(session.standing_decisions) == {SECOND}
    close(session, room=Room(0, frozenset({2, 4})))


def test_ranks_follow_the_highest_that_another_session_gave() -> None:
    session = opened()
    decide(session, FIRST, reserve(6))
    with pytest.raises(RankWanting, match="rang 5"):
        close(session, room=Room(0, frozenset({1, 4, 6})))  # 2 and 3 were left, in that session
    decide(session, SECOND, reserve(5))
    close(session, room=Room(0, frozenset({1, 4, 5, 6})))


def test_what_was_decided_elsewhere_is_not_decided_by_a_second_count() -> None:
    session = opened()
    decide(session, yes=("two",), no=("three", "four"))
    correct(session, "three", FOR, room=Room(100_000_00, is_decided=True))

    assert session.standing_decisions == {}
    assert outcome(session) is None
    correct(session, "four", FOR)
    assert outcome(session) is SessionOutcome.SELECTED


def test_a_second_count_takes_no_rank_that_was_taken_meanwhile() -> None:
    session = opened()
    decide(session, FIRST, reserve(1), yes=("two",), no=("three", "four"))
    correct(session, "three", FOR, room=Room(0, frozenset({1})))

    assert session.standing_decisions == {}


# --- a vote in writing --------------------------------------------------------------------------


def written() -> Session:
    return opened(
        present=(),
        rules=Procedure(written=True),
        mode=SessionMode.WRITTEN,
        until=Minute("2024-05-17T12:00"),
    )


def test_a_vote_in_writing_is_counted_when_it_is_over_or_everybody_voted() -> None:
    session = written()
    put(session)
    early = sessions.at("2024-05-16", 10)

    def count(now: object) -> None:
        with sessions.acting("2024-05-17", now):  # type: ignore[arg-type]
            session.deliberate(FIRST, room=sessions.AMPLE, day=make.day("2024-05-17"))

    for seat in VOTING[:3]:
        cast(session, seat)
    with sessions.acting(sessions.DAY, early), pytest.raises(StillVoting):
        session.deliberate(FIRST, room=sessions.AMPLE, day=make.day(sessions.DAY))
    count(sessions.at("2024-05-17", 11))

    assert outcome(session) is SessionOutcome.SELECTED
    assert session.quorum_on(FIRST).present == 3


def test_a_ballot_in_writing_comes_in_time_and_from_who_gives_it() -> None:
    session = written()
    put(session)
    with sessions.acting("2024-05-18"), pytest.raises(WrittenVoteOver):
        session.cast(FIRST, "two", FOR, cast_by=None, persons=(), day=make.day("2024-05-18"))
    late = sessions.at("2024-05-17", 10)  # noon and a minute is 10:01 UTC in May
    with sessions.acting("2024-05-17", late):
        session.cast(
            FIRST, "two", FOR, cast_by=None, persons=(), day=make.day("2024-05-17"), received=late
        )
    later = sessions.at("2024-05-17", 11)
    with sessions.acting("2024-05-17", later), pytest.raises(WrittenVoteOver):
        session.cast(
            FIRST, "four", FOR, cast_by=None, persons=(), day=make.day("2024-05-17"), received=later
        )
    with sessions.acting("2024-05-17"), pytest.raises(NotTakingPart):
        session.cast(FIRST, "five", FOR, cast_by="two", persons=(), day=make.day("2024-05-17"))
    with pytest.raises(ModeNotAllowed):
        note(written(), "two", Presence.PRESENT)


# --- corrections, minutes, new deliberations ----------------------------------------------------


def test_a_corrected_ballot_changes_the_outcome_and_the_earlier_one_stays_readable() -> None:
    session = opened()
    decide(session, yes=("chair", "two"), no=("three",))
    close(session)
    correct(session, "two", AGAINST)

    assert outcome(session) is SessionOutcome.NOT_CARRIED
    (told,) = [e for e in session.pending if isinstance(e, Session.BallotCorrected)]
    assert (told.was, told.choice, told.reasons) == (FOR, AGAINST, "mal entendu")
    cast_then = [e for e in session.pending if isinstance(e, Session.BallotCast)]
    assert [e.choice for e in cast_then if e.seat == "two"] == [FOR]
    with pytest.raises(NoBallotThere):
        correct(session, "two", AGAINST)
    with pytest.raises(NoBallotThere):
        correct(session, "five", AGAINST)


def test_a_correction_that_would_exceed_the_envelope_leaves_the_dossier_undecided() -> None:
    session = opened()
    decide(session, yes=("two",), no=("three", "four"))
    correct(session, "three", FOR, room=Room(1_00))

    assert session.standing_decisions == {}
    assert outcome(session) is None
    decide(session, what=select(1_00), room=Room(1_00))
    assert session.standing_decisions[FIRST].amount_cents == 1_00


def test_minutes_are_approved_only_as_they_were_drawn_and_by_somebody_else() -> None:
    session = opened()
    decide(session, yes=("chair", "two"), no=("three",))
    with pytest.raises(NotAtThisStage):
        draw(session)
    close(session)
    draw(session)
    with pytest.raises(OtherMinutes):
        approve(session, "1d" * 32)
    with pytest.raises(OwnMinutes):
        approve(session, persons=("account:chair", "Account:Secretary"))
    with sessions.acting("2024-05-20"):
        session.correct_ballot(
            FIRST,
            "three",
            FOR,
            reasons="erreur",
            persons=(),
            room=sessions.AMPLE,
            day=make.day("2024-05-20"),
        )
    with pytest.raises(RecordedSince):
        approve(session)
    draw(session)
    assert session.decisions_on(make.day("2024-06-01")) == {}
    approve(session)

    assert session.is_approved_on(make.day("2024-05-21"))
    assert not session.is_approved_on(make.day("2024-05-20"))
    assert set(session.decisions_on(make.day("2024-05-21"))) == {FIRST}
    with pytest.raises(NotAtThisStage):
        correct(session, "three", AGAINST)


def test_a_decision_is_superseded_after_approval_only() -> None:
    session = opened()
    decide(session)
    with pytest.raises(NothingToSupersede):
        session.check_can_supersede(FIRST)
    approved(session)
    with sessions.acting("2024-05-30"):
        session.supersede(
            FIRST, by=UUID(int=9), reasons="pièce nouvelle", day=make.day("2024-05-30")
        )

    assert set(session.decisions_on(make.day("2024-05-29"))) == {FIRST}
    assert session.decisions_on(make.day("2024-05-30")) == {}
    assert session.in_force == {}
    with pytest.raises(NothingToSupersede):
        session.check_can_supersede(FIRST)


@pytest.mark.parametrize(
    "act",
    [
        lambda s: note(s, "two", Presence.ABSENT),
        lambda s: put(s, FOURTH),
        lambda s: cast(s, "two"),
        lambda s: deliberate(s),
        lambda s: close(s),
    ],
)
def test_nothing_of_a_meeting_takes_place_once_it_is_closed(
    act: Callable[[Session], None],
) -> None:
    session = opened()
    decide(session)
    close(session)
    with pytest.raises(Refused):
        act(session)


def test_a_replayed_session_is_what_was_recorded() -> None:
    session = opened()
    decide(session, yes=("chair", "two"), no=("three",))
    declare(session, "two")
    approved(session)
    again = Session.replay(session.id, make.history(session))

    assert again is not None
    assert again.in_force == session.in_force
    assert again.recused == session.recused
    assert again.votes == session.votes
