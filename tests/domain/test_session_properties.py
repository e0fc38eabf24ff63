"""Whatever is done in the sessions of a call, in whatever order, some things always hold."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from hypothesis import example, given
from hypothesis import strategies as st

from domain.convocation import SessionMode
from domain.deliberation import ProposedDecision, ProposedOutcome, Room, SessionOutcome
from domain.errors import JalonError
from domain.procedure import Procedure
from domain.session import Session
from domain.sitting import Presence
from domain.vote import Choice
from tests import make
from tests.domain import sessions
from tests.domain.sessions import (
    ABSTAIN,
    AGAINST,
    CALL,
    DAY,
    DOSSIERS,
    FOR,
    PERSONS,
    SEATS,
    VOTING,
    acting,
    convened,
)
from tests.examples import settings

ENVELOPE = 100_00
NAMES = tuple(seat.id for seat in SEATS)

dossiers = st.sampled_from(DOSSIERS[:2])
seats = st.sampled_from(NAMES)
which = st.sampled_from([0, 0, 0, 1])
proposals = st.builds(
    lambda kind, amount, rank: ProposedDecision(
        proposal=kind,
        amount_cents=amount if kind is ProposedOutcome.SELECT else None,
        rank=rank if kind is ProposedOutcome.RESERVE else None,
        motive="motif",
    ),
    st.sampled_from(list(ProposedOutcome)),
    st.one_of(st.integers(1, 120_00), st.just(60_00)),
    st.integers(1, 3),
)
choices = st.lists(
    st.sampled_from([Choice.FOR, Choice.FOR, Choice.AGAINST, Choice.ABSTAIN, None]),
    min_size=len(NAMES),
    max_size=len(NAMES),
)
decisions = st.tuples(st.just("decide"), which, dossiers, proposals, choices)
indexes = st.integers(0, 6)
interests = st.tuples(st.just("interest"), which, dossiers, st.one_of(seats, indexes))
corrections = st.tuples(st.just("correct"), which, dossiers, indexes, st.sampled_from(list(Choice)))
smaller = st.one_of(
    st.tuples(st.just("attend"), which, seats, st.sampled_from(list(Presence)), seats),
    st.tuples(st.just("put"), which, dossiers, proposals),
    st.tuples(st.just("cast"), which, dossiers, seats, st.sampled_from(list(Choice)), seats),
    st.tuples(st.just("all"), which, dossiers, choices),
    st.tuples(st.just("deliberate"), which, dossiers),
)
acts = st.one_of(decisions, decisions, interests, corrections, corrections, smaller)


@st.composite
def items(draw: st.DrawFn) -> list[tuple[Any, ...]]:
    """One dossier is decided, then what may bear on that happens to it."""
    number, dossier = draw(which), draw(dossiers)
    found: list[tuple[Any, ...]] = [
        ("decide", number, dossier, draw(proposals), draw(choices)),
    ]
    for verb in draw(st.lists(st.sampled_from(["interest", "correct"]), max_size=3)):
        choice = (draw(st.sampled_from(list(Choice))),) if verb == "correct" else ()
        found.append((verb, number, dossier, draw(indexes), *choice))
    return found


@st.composite
def approvals(draw: st.DrawFn) -> list[tuple[Any, ...]]:
    """A session ends, with or without something that comes after its minutes."""
    number = draw(which)
    between = draw(st.lists(st.one_of(interests, corrections), max_size=2))
    return [("close", number), ("draw", number), *between, ("approve", number)]


sequences = st.builds(
    lambda *parts: [one for part in parts for several in part for one in several],
    st.lists(st.one_of(items(), items(), st.lists(acts, max_size=4)), min_size=1, max_size=6),
    st.lists(approvals(), max_size=2),
    st.lists(items(), max_size=2),
)
procedures = st.builds(
    Procedure,
    quorum=st.sampled_from([50, 1, 34, 67, 100]),
    tie=st.sampled_from(["chair", "rejected"]),
    proxies_each=st.integers(0, 2),
)


def room(two: list[Session], session: Session, dossier: UUID | None) -> Room:
    others = [(d, found) for s in two for d, found in s.in_force.items() if d != dossier]
    ranks = frozenset(f.rank for _, f in others if f.outcome is SessionOutcome.RESERVE and f.rank)
    elsewhere = any(dossier in other.in_force for other in two if other is not session)
    return Room(ENVELOPE - sum(found.engaged_cents for _, found in others), ranks, elsewhere)


def do(two: list[Session], act: tuple[Any, ...]) -> None:
    """One act, as the commands do it; what is refused changes nothing."""
    verb, number, *rest = act
    session, day = two[number], make.day(DAY)
    rest = [voter(session, rest[0], one) if isinstance(one, int) else one for one in rest]
    if verb in {"put", "deliberate"} and rest[0] in two[1 - number].in_force:
        return  # the command refuses what another session has decided
    match verb, rest:
        case "attend", [seat, presence, other]:
            to = other if presence is Presence.REPRESENTED else None
            session.note_attendance(seat, presence, proxy_to=to, day=day)
        case "put", [dossier, proposal]:
            left = room(two, session, dossier)
            session.put_to_vote(
                dossier, proposal, title="Projet", room=left, bounds=(None, None), day=day
            )
        case "cast", [dossier, seat, choice, by]:
            cast_by = None if by == seat else by
            session.cast(dossier, seat, choice, cast_by=cast_by, persons=PERSONS, day=day)
        case "all", [dossier, said]:
            for seat, choice in zip(NAMES, said, strict=True):
                at = session.attendance.get(seat)
                with suppress(JalonError):
                    cast_by = at.proxy_to if at else None
                    if choice is not None:
                        session.cast(dossier, seat, choice, cast_by=cast_by, persons=(), day=day)
        case "decide", [dossier, proposal, said]:
            do(two, ("put", number, dossier, proposal))
            do(two, ("all", number, dossier, said))
            do(two, ("deliberate", number, dossier))
        case "interest", [dossier, seat]:
            left = room(two, session, dossier)
            session.declare_interest(seat, dossier, words=None, persons=(), room=left, day=day)
        case "correct", [dossier, seat, choice]:
            left = room(two, session, dossier)
            session.correct_ballot(
                dossier, seat, choice, reasons="erreur", persons=(), room=left, day=day
            )
        case "deliberate", [dossier]:
            session.deliberate(dossier, room=room(two, session, dossier), day=day)
        case "close", []:
            session.close(room=room(two, session, None), day=day)
        case "draw", []:
            session.draw_minutes("0c" * 32, persons=PERSONS, day=day)
        case "approve", []:
            session.approve_minutes("0c" * 32, seat=None, persons=sessions.OTHERS, day=day)


def voter(session: Session, dossier: UUID, index: int) -> str:
    """One of those who voted on a dossier, while there are any."""
    vote = session.vote_on(dossier)
    voted = sorted(vote.ballots) if vote and vote.ballots else [*VOTING]
    return voted[index % len(voted)]


def begun(rules: Procedure, present: list[str], code: str) -> Session:
    session = convened(rules=rules, code=code, call=CALL, mode=SessionMode.MEETING)
    with acting():
        session.open(seats=SEATS, procedure=rules, day=make.day(DAY))
        for seat in present:
            session.note_attendance(seat, Presence.PRESENT, proxy_to=None, day=make.day(DAY))
        for seat, holder in zip([s for s in NAMES if s not in present], present, strict=False):
            with suppress(JalonError):  # the rules may allow no proxy
                session.note_attendance(
                    seat, Presence.REPRESENTED, proxy_to=holder, day=make.day(DAY)
                )
    return session


SELECT = ProposedDecision(proposal=ProposedOutcome.SELECT, amount_cents=60_00, motive="motif")
DECIDED_ELSEWHERE_SINCE = [
    ("decide", 0, DOSSIERS[0], SELECT, [FOR, FOR, AGAINST, AGAINST, ABSTAIN, ABSTAIN, None]),
    ("interest", 0, DOSSIERS[0], "chair"),
    ("decide", 1, DOSSIERS[0], SELECT, [FOR] * len(NAMES)),
    ("correct", 0, DOSSIERS[0], "three", FOR),
]
"""The ballot corrected would select here again what the other session has selected since."""


@example(Procedure(quorum=50, tie="chair", proxies_each=0), set(), DECIDED_ELSEWHERE_SINCE)
@settings(max_examples=250, deadline=None)
@given(
    procedures,
    st.one_of(st.sets(seats, max_size=3), st.just({"four", "five", "six"})),
    sequences,
)
def test_no_sequence_of_acts_breaks_what_must_hold(
    rules: Procedure, away: set[str], sequence: list[tuple[Any, ...]]
) -> None:
    present = [seat for seat in NAMES if seat not in away]
    two = [begun(rules, present, f"essai-seance-{number}") for number in (1, 2)]
    for act in sequence:
        with acting(), suppress(JalonError):
            before = len(two[act[1]].pending)
            do(two, act)
            check_approval(two[act[1]], before, act[0])
        check_envelope(two)
        for session in two:
            check_recusals(session)
            check_decisions(session, rules)
            check_one_ballot(session)
    for session in two:
        again = Session.replay(session.id, make.history(session))
        assert again is not None
        assert (again.votes, again.in_force, again.standing) == (
            session.votes,
            session.in_force,
            session.standing,
        )


def check_envelope(two: list[Session]) -> None:
    assert sum(f.engaged_cents for s in two for f in s.in_force.values()) <= ENVELOPE


def check_recusals(session: Session) -> None:
    for dossier, votes in session.votes.items():
        out = session.recused_from(dossier)
        for vote in votes:
            assert not any(b.seat in out or b.cast_by in out for b in vote.ballots.values())


def check_decisions(session: Session, rules: Procedure) -> None:
    ranks = [f.rank for f in session.in_force.values() if f.rank]
    assert len(ranks) == len(set(ranks))
    for dossier, found in session.standing_decisions.items():
        vote = session.vote_on(dossier)
        assert vote
        able = set(VOTING) - session.recused_from(dossier)
        assert found.quorum.is_met
        assert found.quorum.of == len(able)
        assert found.quorum.required == max(1, -(-len(able) * rules.quorum // 100))
        assert found.quorum.present >= len(vote.ballots)
        said = [ballot.choice for ballot in vote.ballots.values()]
        yes, no = said.count(Choice.FOR), said.count(Choice.AGAINST)
        assert (found.tally.for_, found.tally.against) == (yes, no)
        chair = vote.ballots.get("chair")
        casting = chair and chair.cast_by is None and chair.choice is Choice.FOR
        assert yes > no or (0 < yes == no and rules.tie == "chair" and casting)
        assert found.motive


def check_one_ballot(session: Session) -> None:
    """Between two proposals on a dossier, a seat casts again only if its ballot was struck."""
    cast: dict[UUID, set[str]] = {}
    for event in session.pending:
        match event:
            case Session.PutToVote(dossier=dossier):
                cast[dossier] = set()
            case Session.BallotCast(dossier=dossier, seat=seat):
                assert seat not in cast[dossier]
                cast[dossier].add(seat)
            case Session.InterestDeclared(dossier=dossier, struck=struck):
                cast.get(dossier, set()).difference_update(struck)


def check_approval(session: Session, before: int, verb: str) -> None:
    """Minutes are approved only right after they were drawn."""
    if verb == "approve" and len(session.pending) > before:
        assert isinstance(session.pending[before - 1], Session.MinutesDrawn)
