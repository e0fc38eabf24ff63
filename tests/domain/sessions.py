"""Sessions of a plainly fictitious committee: seven seats, one of which has no voice."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from domain.committee import CommitteeSeat
from domain.convocation import SessionMode
from domain.deliberation import ProposedDecision, ProposedOutcome, Room
from domain.minute import Minute
from domain.procedure import Procedure
from domain.provenance import AccountId
from domain.session import Session
from domain.sitting import Presence
from domain.vote import Choice
from tests import make

CALL, COMMITTEE = UUID(int=71), UUID(int=72)
DOSSIERS = tuple(UUID(int=100 + number) for number in range(4))
FIRST, SECOND, THIRD, FOURTH = DOSSIERS
SEATS = (
    CommitteeSeat(id="chair", title="Ministère fictif chargé de l'ESS", chair=True),
    CommitteeSeat(id="two", title="Ministère fictif du logement"),
    CommitteeSeat(id="three", title="Ministère fictif de la ville"),
    CommitteeSeat(id="four", title="Ministère fictif de la culture"),
    CommitteeSeat(id="five", title="Ministère fictif de l'agriculture"),
    CommitteeSeat(id="six", title="Caisse fictive"),
    CommitteeSeat(id="observer", title="Réseau fictif", votes=False),
)
VOTING = tuple(seat.id for seat in SEATS if seat.votes)
RULES = Procedure()
PERSONS = ("account:secretary",)
OTHERS = ("account:chair",)
DAY = "2024-05-15"
AMPLE = Room(left_cents=100_000_000)
NO_BOUNDS = (None, None)
FOR, AGAINST, ABSTAIN = Choice.FOR, Choice.AGAINST, Choice.ABSTAIN


@contextmanager
def acting(day: str = DAY, now: datetime | None = None) -> Iterator[None]:
    """Record, inside this block, what took place on a day."""
    with make.on(day, **({"now": now} if now else {})):
        yield


def convened(*, rules: Procedure = RULES, on: str = "2024-05-01", **more: Any) -> Session:
    given = {
        "code": "essai-2024-seance-1",
        "call": CALL,
        "wave": "vague_1",
        "committee": COMMITTEE,
        "held_at": Minute("2024-05-15T14:00"),
        "mode": SessionMode.MEETING,
        "place": "Paris",
        "until": None,
        "agenda": DOSSIERS,
        **more,
    }
    with acting(on):
        return Session.convene(procedure=rules, day=make.day(on), **given)


def opened(
    present: Iterable[str] = VOTING, *, rules: Procedure = RULES, on: str = DAY, **more: Any
) -> Session:
    """A session that began, with those who are there."""
    session = convened(rules=rules, **more)
    with acting(on):
        session.open(seats=SEATS, procedure=rules, day=make.day(on))
        for seat in present:
            note(session, seat, Presence.PRESENT)
    return session


def note(session: Session, seat: str, presence: Presence, proxy_to: str | None = None) -> None:
    with acting():
        session.note_attendance(seat, presence, proxy_to=proxy_to, day=make.day(DAY))


def select(amount: int | None = 10_000_00, motive: str = "Projet solide.") -> ProposedDecision:
    return ProposedDecision(proposal=ProposedOutcome.SELECT, amount_cents=amount, motive=motive)


def reserve(rank: int, motive: str = "Bon projet.") -> ProposedDecision:
    return ProposedDecision(proposal=ProposedOutcome.RESERVE, rank=rank, motive=motive)


def reject(motive: str = "Trop tôt.") -> ProposedDecision:
    return ProposedDecision(proposal=ProposedOutcome.REJECT, motive=motive)


def put(
    session: Session,
    dossier: UUID = FIRST,
    what: ProposedDecision | None = None,
    room: Room = AMPLE,
) -> None:
    with acting():
        session.put_to_vote(
            dossier,
            what or select(),
            title="Projet fictif",
            room=room,
            bounds=NO_BOUNDS,
            day=make.day(DAY),
        )


def cast(
    session: Session,
    seat: str,
    choice: Choice = FOR,
    dossier: UUID = FIRST,
    cast_by: str | None = None,
) -> None:
    with acting():
        session.cast(dossier, seat, choice, cast_by=cast_by, persons=PERSONS, day=make.day(DAY))


def declare(session: Session, seat: str, dossier: UUID = FIRST, room: Room = AMPLE) -> None:
    with acting():
        session.declare_interest(
            seat, dossier, words=None, persons=PERSONS, room=room, day=make.day(DAY)
        )


def deliberate(session: Session, dossier: UUID = FIRST, room: Room = AMPLE) -> None:
    with acting():
        session.deliberate(dossier, room=room, day=make.day(DAY))


def correct(
    session: Session, seat: str, choice: Choice, dossier: UUID = FIRST, room: Room = AMPLE
) -> None:
    with acting():
        session.correct_ballot(
            dossier,
            seat,
            choice,
            reasons="mal entendu",
            persons=PERSONS,
            room=room,
            day=make.day(DAY),
        )


def decide(
    session: Session,
    dossier: UUID = FIRST,
    what: ProposedDecision | None = None,
    *,
    yes: Iterable[str] = VOTING,
    no: Iterable[str] = (),
    room: Room = AMPLE,
) -> None:
    """Put a proposal, vote, and deliberate."""
    put(session, dossier, what, room)
    for seat in yes:
        cast(session, seat, FOR, dossier)
    for seat in no:
        cast(session, seat, AGAINST, dossier)
    deliberate(session, dossier, room)


def close(session: Session, room: Room = AMPLE) -> None:
    with acting():
        session.close(room=room, day=make.day(DAY))


def draw(session: Session, sha256: str = "0c" * 32) -> None:
    with acting("2024-05-20"):
        session.draw_minutes(sha256, persons=PERSONS, day=make.day("2024-05-20"))


def approve(session: Session, sha256: str = "0c" * 32, persons: tuple[str, ...] = OTHERS) -> None:
    with acting("2024-05-21"):
        session.approve_minutes(sha256, seat="chair", persons=persons, day=make.day("2024-05-21"))


def approved(session: Session) -> Session:
    close(session)
    draw(session)
    approve(session)
    return session


def at(day: str, hour: int) -> datetime:
    return datetime.combine(make.day(day), datetime.min.time(), UTC).replace(hour=hour)


def person(number: int) -> AccountId:
    return AccountId(UUID(int=number))
