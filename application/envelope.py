"""What is left of the envelope of a call, and of its reserve list, to one more deliberation."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from application.command import Work
from domain.call import Call
from domain.deliberation import Room, SessionOutcome
from domain.dossier import Dossier
from domain.session import Session
from domain.session_refusals import DossierAlreadyDecided


def sessions_of(work: Work, call: Call) -> list[Session]:
    """The sessions of a call, in the order in which they were convened.

    Their versions are checked when the command is recorded: of two committees that grant at one
    instant what is left, one does.
    """
    return [work.get(Session, id_) for id_ in call.sessions]


def engaged(work: Work, sessions: Iterable[Session], *, but: UUID | None = None) -> int:
    """What the decisions that stand, approved or not, take of the envelope, in cents.

    An award that was withdrawn since, or that of a dossier that ended, takes nothing more.

    Args:
        but: a dossier that is left out, for it is being deliberated.
    """
    return sum(
        decided.engaged_cents
        for session in sessions
        for dossier, decided in session.in_force.items()
        if dossier != but
        and decided.engaged_cents
        and not work.get(Dossier, dossier).is_undone(session.id)
    )


def room(work: Work, call: Call, session: Session, dossier: UUID | None, day: date) -> Room:
    """What other deliberations leave to one dossier; to none, as a session closes."""
    sessions = sessions_of(work, call)
    # Neither an act of an earlier day nor one of today exceeds what the call has on either.
    envelopes = [call.envelope_on(day), call.envelope_on(work.today)]
    ranks = {
        decided.rank
        for other in sessions
        if other.wave == session.wave
        for reserved, decided in other.in_force.items()
        if decided.outcome is SessionOutcome.RESERVE and reserved != dossier
    }
    known = [envelope for envelope in envelopes if envelope is not None]
    left = min(known) - engaged(work, sessions, but=dossier) if len(known) == 2 else None
    return Room(left, frozenset(rank for rank in ranks if rank))


def check_undecided(work: Work, call: Call, session: Session, dossier: UUID) -> None:
    """Refuse what another session has decided, unless it is there to be deliberated again."""
    for other in sessions_of(work, call):
        if other.id == session.id or dossier not in other.in_force:
            continue
        is_undone = work.get(Dossier, dossier).is_undone(other.id)
        if session.again.get(dossier) != other.id and not is_undone:
            raise DossierAlreadyDecided(code=other.code)
