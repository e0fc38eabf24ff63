"""What is shown of a session: nothing of its results to everybody before they are announced."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from typing_extensions import override

from application.command import By, Command, Work
from application.minutes import DrawMinutes
from application.session import CloseSession, NoteAttendance
from application.session_reading import NotACommitteeReader, NotAMemberOfIt, may_read, session_call
from application.session_results import session_results
from application.session_sheet import committee_sheet, session_sheet
from application.session_vote import CorrectBallot, DeclareInterest
from application.wave_results import wave_results
from application.world import Moment
from domain.award import DossierOutcome
from domain.call import CallId
from domain.call_refusals import UnknownCall
from domain.convocation import SessionId, SessionStanding
from domain.deliberation import ProposedOutcome, SessionOutcome
from domain.dossier import Dossier, DossierId
from domain.errors import NotFound
from domain.roles import Role
from domain.session_refusals import UnknownSession
from domain.sitting import Presence
from domain.values import Personal
from domain.vote import Choice
from infrastructure.event_store.registry import Registry
from tests import make
from tests.application import committees
from tests.application.committees import (
    SECRETARY,
    approved,
    convene,
    decide,
    do,
    load,
    member,
    now,
    open_,
    put,
)

SELECT, RESERVE, REJECT = ProposedOutcome
MOTIVE = "Motif-Que-Personne-Ne-Lit"


class _Announced(Command, by=(Role.SECRETARY,)):
    """What was decided of a dossier is announced, as its own commands leave it."""

    dossier: UUID
    session: UUID

    @override
    def execute(self, work: Work) -> UUID:
        dossier = work.get(Dossier, self.dossier)
        dossier.decide(
            outcome=DossierOutcome.NOT_SELECTED,
            amount=None,
            support=None,
            motive=MOTIVE,
            session=self.session,
            deliberated_on=work.day,
            reserve_rank=None,
            day=work.day,
        )
        work.save(dossier)
        return dossier.id


_Announced.NAME, _Announced.SAYS = "", ""


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    with committees.registry(tmp_path) as made:
        yield made


@pytest.fixture
def call(registry: Registry) -> CallId:
    return committees.call(registry, envelope=50_000_00)


@pytest.fixture
def dossiers(registry: Registry, call: CallId) -> list[DossierId]:
    return committees.dossiers(registry, call, 3, 1, 2, 4)


@pytest.fixture
def session(registry: Registry, call: CallId, dossiers: list[DossierId]) -> SessionId:
    """Held, not approved: one selected (one ballot corrected), one in reserve, one put aside."""
    made = convene(registry, call, dossiers, place="Paris")
    words = Personal(text="Parent du porteur")
    interest = DeclareInterest(session=made, dossier=dossiers[1], words=words)
    do(registry, interest, member("two"), "2024-05-03")
    open_(registry, made, present=("chair", "two", "three"))
    do(registry, NoteAttendance(session=made, represented={"four": "chair"}))
    decide(registry, made, dossiers[0], amount="20000", motive=MOTIVE)
    corrected = CorrectBallot(
        session=made, dossier=dossiers[0], seat="two", choice=Choice.AGAINST, because="Contesté."
    )
    do(registry, corrected)
    others = ("chair", "three", "four")
    decide(registry, made, dossiers[1], RESERVE, yes=others, rank=1, motive=MOTIVE)
    decide(registry, made, dossiers[2], REJECT, motive=MOTIVE)
    put(registry, made, dossiers[3], amount="30000", motive=MOTIVE)
    return made


def test_everybody_sees_when_where_and_who_and_nothing_of_the_results(
    registry: Registry, call: CallId, session: SessionId
) -> None:
    sheet = session_sheet(registry, session, now(registry))
    committee = committee_sheet(registry, call, now(registry))

    assert committee
    assert committee.sessions == (sheet,)
    assert (sheet.code, sheet.standing) == ("essai-2024-seance-1", SessionStanding.OPEN)
    assert [line.code for line in sheet.agenda] == [f"essai-2024-00{n}" for n in (1, 2, 3, 4)]
    there = {line.seat: (line.presence, line.represented_by) for line in sheet.attendance}
    assert there["two"] == (Presence.PRESENT, None)
    assert there["four"] == (Presence.REPRESENTED, "Ministère fictif chargé de l'ESS")
    assert sheet.quorum
    assert (sheet.quorum.present, sheet.quorum.of, sheet.quorum.required) == (4, 4, 2)
    assert sheet.announced_on is None
    assert [line.held for line in committee.seats] == [True] * 4
    shown = committee.model_dump_json()
    for secret in (
        MOTIVE,
        "selected",
        "20000",
        "2000000",
        "reserve",
        "recus",
        "Contesté",
        "motive",
    ):
        assert secret not in shown


def test_those_who_may_read_see_votes_corrections_and_interests(
    registry: Registry, session: SessionId, dossiers: list[DossierId]
) -> None:
    results = session_results(registry, session, now(registry))
    one, two, three, four = results.items

    assert one.decision
    assert one.decision.outcome is SessionOutcome.SELECTED
    assert one.decision.amount_cents == 20_000_00
    assert not one.decision.final
    (vote,) = one.votes
    told = {ballot.seat: (ballot.choice, ballot.was) for ballot in vote.ballots}
    assert told["two"] == (Choice.AGAINST, (Choice.FOR,))
    assert [count.tally and count.tally.against for count in vote.counts] == [0, 1]
    assert [line.title for line in two.recused] == ["Ministère fictif du logement"]
    assert two.recused[0].words is None
    assert two.decision
    assert two.decision.rank == 1
    assert three.decision
    assert three.decision.outcome is SessionOutcome.NOT_SELECTED
    assert four.decision is None
    assert results.minutes
    assert results.minutes.text.startswith("PROCÈS-VERBAL")
    assert not results.minutes.as_drawn
    opened = session_results(registry, session, now(registry), with_words=True)
    assert opened.items[1].recused[0].words == "Parent du porteur"


def test_the_cut_off_line_falls_where_the_envelope_ends(
    registry: Registry, call: CallId, session: SessionId, dossiers: list[DossierId]
) -> None:
    results = wave_results(registry, call, committees.WAVE, now(registry))

    assert results.envelope_cents == 50_000_00
    assert results.granted_cents == 20_000_00
    assert results.left_cents == 30_000_00
    told = [
        (line.code, line.amount_cents, line.cumulated_cents, line.within)
        for line in results.ranking
    ]
    assert told == [
        ("essai-2024-003", 20_000_00, 20_000_00, True),
        ("essai-2024-004", 30_000_00, 50_000_00, True),
    ]
    assert [(line.rank, line.code) for line in results.reserve] == [(1, "essai-2024-001")]
    assert [line.outcome for line in results.decisions] == ["selected", "reserve", "not_selected"]


def test_before_any_vote_the_line_is_drawn_on_what_is_asked_for(
    registry: Registry, call: CallId, dossiers: list[DossierId]
) -> None:
    convene(registry, call, dossiers)
    results = wave_results(registry, call, committees.WAVE, now(registry))

    told = [(line.cumulated_cents, line.within) for line in results.ranking]
    assert told == [
        (30_000_00, True),
        (40_000_00, True),
        (60_000_00, False),
        (100_000_00, False),
    ]


def test_members_of_this_committee_its_secretary_and_auditors_may_read(
    registry: Registry, call: CallId, session: SessionId
) -> None:
    day = make.day("2024-06-03")
    assert session_call(registry, session) == call
    for by in (SECRETARY, make.by(Role.AUDITOR), member("two")):
        may_read(registry, by, call, day)
    for role in set(Role) - {Role.COMMITTEE_MEMBER, Role.SECRETARY, Role.AUDITOR}:
        with pytest.raises(NotACommitteeReader):
            may_read(registry, By(actor=make.ACTOR, role=role), call, day)
    with pytest.raises(NotAMemberOfIt):
        may_read(registry, make.by(Role.COMMITTEE_MEMBER), call, day)
    with pytest.raises(UnknownCall):
        may_read(registry, SECRETARY, UUID(int=3), day)
    with pytest.raises(NotACommitteeReader):
        may_read(registry, make.by(Role.PUBLIC), UUID(int=3), day)
    with pytest.raises(UnknownSession):
        session_sheet(registry, UUID(int=3), now(registry))
    with pytest.raises(UnknownSession):
        session_call(registry, call)


def test_a_session_is_read_as_it_was_known_and_in_force(
    registry: Registry, call: CallId, session: SessionId
) -> None:
    before = now(registry)
    do(registry, CloseSession(session=session), on="2024-05-20")
    do(registry, DrawMinutes(session=session), on="2024-05-20")

    assert session_sheet(registry, session, before).standing is SessionStanding.OPEN
    assert session_sheet(registry, session, now(registry)).standing == "minutes_drawn"
    earlier = now(registry, "2024-05-10")
    assert session_sheet(registry, session, earlier).standing is SessionStanding.CONVENED
    assert session_sheet(registry, session, earlier).attendance == ()
    assert wave_results(registry, call, committees.WAVE, earlier).decisions == ()
    minutes = session_results(registry, session, now(registry)).minutes
    assert minutes
    assert minutes.as_drawn
    with pytest.raises(NotFound):
        session_sheet(registry, session, now(registry, "2024-04-01"))
    sheet = committee_sheet(registry, call, now(registry, "2024-04-01"))
    assert sheet
    assert sheet.sessions == ()


def test_a_committee_is_not_there_before_it_is_constituted(
    registry: Registry, call: CallId
) -> None:
    assert committee_sheet(registry, call, now(registry, "2024-01-01")) is None


def test_results_are_public_from_their_announcement_on_and_not_read_in_advance(
    registry: Registry, call: CallId, session: SessionId, dossiers: list[DossierId]
) -> None:
    hidden = session_results(registry, session, now(registry), is_public=True)
    assert hidden.items == ()
    assert hidden.minutes is None
    do(registry, _Announced(dossier=dossiers[2], session=session), on="2024-06-01")
    moment = now(registry)

    (item,) = session_results(registry, session, moment, is_public=True).items
    assert item.code == "essai-2024-002"
    assert item.decision
    assert item.votes[0].counts
    assert item.votes[0].ballots == ()
    assert session_sheet(registry, session, moment).announced_on is None  # not all of it
    told = wave_results(registry, call, committees.WAVE, moment, is_public=True)
    assert [line.code for line in told.decisions] == ["essai-2024-002"]
    assert (told.reserve, told.ranking, told.granted_cents) == ((), (), 0)
    for dossier in dossiers[:2]:
        do(registry, _Announced(dossier=dossier, session=session), on="2024-06-02")
    moment = now(registry)
    assert session_sheet(registry, session, moment).announced_on == make.day("2024-06-02")
    told = wave_results(registry, call, committees.WAVE, moment, is_public=True)
    assert [line.code for line in told.reserve] == ["essai-2024-001"]
    assert [(line.code, line.within) for line in told.ranking] == [("essai-2024-003", True)]
    for earlier in (
        now(registry, "2024-05-31"),
        Moment(known=moment.known - 3, in_force=moment.in_force),
    ):
        assert session_results(registry, session, earlier, is_public=True).items == ()
        assert session_sheet(registry, session, earlier).announced_on is None


def test_what_was_deliberated_again_says_by_which_session(
    registry: Registry, call: CallId, dossiers: list[DossierId]
) -> None:
    first = convene(registry, call, dossiers[:1])
    open_(registry, first)
    decide(registry, first, dossiers[0], amount="20000")
    approved(registry, first)
    do(registry, _Announced(dossier=dossiers[0], session=first), on="2024-05-22")
    second = convene(registry, call, dossiers[1:2], on="2024-05-23", held_at="2024-06-01T09:00")
    again = committees.again(second, dossiers[0])
    do(registry, again, on="2024-05-23")
    open_(registry, second, on="2024-06-01")
    decide(registry, second, dossiers[0], amount="30000", on="2024-06-01")

    (item,) = session_results(registry, first, now(registry)).items
    assert item.superseded_by == "essai-2024-seance-2"
    results = wave_results(registry, call, committees.WAVE, now(registry))
    assert [(line.amount_cents, line.session) for line in results.decisions] == [
        (30_000_00, "essai-2024-seance-2")
    ]
    assert load(registry, second).again == {dossiers[0]: first}
    told = wave_results(registry, call, committees.WAVE, now(registry), is_public=True)
    assert [(line.amount_cents, line.session) for line in told.decisions] == [
        (20_000_00, "essai-2024-seance-1")
    ]
    (shown,) = session_results(registry, first, now(registry), is_public=True).items
    assert shown.superseded_by is None
