"""Every event of a session of a committee."""

from collections.abc import Iterator
from typing import Any

from domain.convocation import SessionMode
from domain.dates import PartialDate
from domain.deliberation import ProposedDecision, ProposedOutcome
from domain.kernel import Aggregate
from domain.minute import Minute
from domain.procedure import Procedure
from domain.session import Session
from domain.sitting import Presence
from domain.values import Sealed
from domain.vote import Choice
from tests import make
from tests.domain.sessions import AMPLE, CALL, COMMITTEE, FIRST, SEATS, SECOND, THIRD, opened

SEALED = Sealed(ref="n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg")
RULES = Procedure(written=True, source="règlement fictif")
PERSONS = (f"account:{make.ACTOR}",)


def samples(on: PartialDate) -> Iterator[Aggregate]:
    """Aggregates that recorded every event of these concepts, with every field given."""
    day = on.first_day or make.TODAY
    represented = Session.new()  # whose first attendance is a proxy
    represented._attendance_noted(seat="four", presence=Presence.REPRESENTED, proxy_to="two")
    yield represented
    first = opened(present=("chair",))
    with make.on():
        first.close(room=AMPLE, day=make.TODAY)
    convened: dict[str, Any] = {
        "call": CALL,
        "wave": "vague_1",
        "committee": COMMITTEE,
        "held_at": Minute.of(make.NOW),
        "procedure": RULES,
        "day": day,
        "urgency": "fin de gestion",
    }
    yield Session.convene(
        code="essai-2024-seance-2",
        mode=SessionMode.WRITTEN,
        place="par écrit",
        until=Minute("2030-01-01T12:00"),
        agenda=(FIRST, SECOND),
        second_of=first,
        **convened,
    )
    session = Session.convene(
        code="essai-2024-seance-3",
        mode=SessionMode.MEETING,
        place="Paris",
        until=None,
        agenda=(FIRST, SECOND),
        **convened,
    )
    yield session
    session.change_agenda(
        add=(THIRD,),
        remove=(SECOND,),
        procedure=RULES,
        day=make.TODAY,
        reasons="pièce nouvelle",
        urgency="fin de gestion",
        again_of=COMMITTEE,
    )
    session.open(seats=SEATS, procedure=RULES, day=make.TODAY)
    for seat in ("chair", "two", "three"):
        session.note_attendance(seat, Presence.PRESENT, proxy_to=None, day=make.TODAY)
    session.note_attendance("four", Presence.REPRESENTED, proxy_to="two", day=make.TODAY)
    _vote(session)
    session.close(room=AMPLE, day=make.TODAY)
    session.draw_minutes("0c" * 32, persons=PERSONS, day=make.TODAY)
    session.approve_minutes("0c" * 32, seat="chair", persons=("account:other",), day=make.TODAY)
    session.supersede(FIRST, by=COMMITTEE, reasons="pièce nouvelle", day=make.TODAY)


def _vote(session: Session) -> None:
    proposals = (
        (
            THIRD,
            ProposedDecision(
                proposal=ProposedOutcome.RESERVE,
                amount_cents=2_000_050,
                support="appui d'un réseau",
                rank=1,
                motive="Bon projet.",
            ),
        ),
        (
            FIRST,
            ProposedDecision(
                proposal=ProposedOutcome.SELECT,
                amount_cents=3_000_000,
                support="appui d'un réseau",
                motive="Projet solide.",
            ),
        ),
    )
    for dossier, proposal in proposals:
        session.put_to_vote(
            dossier,
            proposal,
            title="Projet fictif",
            room=AMPLE,
            bounds=(None, None),
            day=make.TODAY,
        )
        for seat, choice, by in (
            ("four", Choice.FOR, "two"),
            ("chair", Choice.FOR, None),
            ("three", Choice.AGAINST, None),
            ("two", Choice.AGAINST, None),
        ):
            session.cast(dossier, seat, choice, cast_by=by, persons=PERSONS, day=make.TODAY)
        session.deliberate(dossier, room=AMPLE, day=make.TODAY)
    session.correct_ballot(
        FIRST,
        "three",
        Choice.ABSTAIN,
        reasons="mal entendu",
        persons=PERSONS,
        room=AMPLE,
        day=make.TODAY,
    )
    session.declare_interest(
        "two",
        THIRD,
        words=SEALED,
        persons=PERSONS,
        room=AMPLE,
        day=make.TODAY,
        declared_in=CALL,
    )
