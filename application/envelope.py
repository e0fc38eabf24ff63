"""What a call has left for one more deliberation: of its envelope, and of its reserve list.

What it has already decided is counted here, and so is what a decision that stands no more leaves.
"""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from application.command import Work
from domain.call import Call
from domain.deliberation import Room, SessionOutcome
from domain.dossier import DELIBERATION, Dossier
from domain.session import Session, SessionStanding
from domain.session_refusals import DossierAlreadyDecided


def sessions_of(work: Work, call: Call) -> list[Session]:
    """The sessions of a call, in the order in which they were convened.

    Their versions are checked when the command is recorded: of two committees that grant at one
    instant what is left, one does.
    """
    return [work.get(Session, id_) for id_ in call.sessions]


def is_undone(work: Work, session: Session, id_: UUID) -> bool:
    """Whether what a session decided of a dossier holds no longer."""
    vote = session.vote_on(id_)
    return work.get(Dossier, id_).is_undone(session.id, vote.after if vote else None)


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
        if dossier != but and decided.engaged_cents and not is_undone(work, session, dossier)
    )


def granted(work: Work, call: Call) -> int:
    """What a call grants as announced, in cents; what was withdrawn is granted no more."""
    decisions = (work.get(Dossier, id_).decision_on(date.max) for id_ in call.dossiers)
    return sum(decision.amount_cents or 0 for decision in decisions if decision)


def is_deliberating(work: Work, call: Call) -> bool:
    """Whether a committee may have decided something that is not announced.

    Told from what everybody sees (its sessions, and the stages of the dossiers on their agendas):
    an answer that rests on this tells nothing of what was decided.
    """
    return any(
        work.get(Dossier, dossier).state_on(date.max) == DELIBERATION
        for session in sessions_of(work, call)
        if session.standing is not SessionStanding.CONVENED
        for dossier in session.agenda
    )


def room(work: Work, call: Call, session: Session, dossier: UUID | None, day: date) -> Room:
    """What other deliberations leave to one dossier; to none, as a session closes."""
    sessions = sessions_of(work, call)
    # What is granted on a day is granted on every later one: the least it has on any counts.
    least = call.least_envelope_from(min(day, work.today))
    ranks = {
        decided.rank
        for other in sessions
        if other.wave == session.wave
        for reserved, decided in other.in_force.items()
        if decided.outcome is SessionOutcome.RESERVE and reserved != dossier
    }
    return Room(
        left_cents=None if least is None else least - engaged(work, sessions, but=dossier),
        ranks=frozenset(rank for rank in ranks if rank),
        is_decided=dossier is not None and not _is_open(work, call, session, dossier, day),
    )


def _is_open(work: Work, call: Call, session: Session, dossier: UUID, day: date) -> bool:
    """Whether a session may still decide of a dossier."""
    is_before_it = work.get(Dossier, dossier).is_before_the_committee(day)
    return is_before_it and _decided_by_another(work, call, session, dossier) is None


def check_undecided(work: Work, call: Call, session: Session, dossier: UUID) -> None:
    """Refuse what another session has decided, unless it is there to be deliberated again."""
    other = _decided_by_another(work, call, session, dossier)
    if other:
        raise DossierAlreadyDecided(code=other.code)


def _decided_by_another(work: Work, call: Call, session: Session, dossier: UUID) -> Session | None:
    for other in sessions_of(work, call):
        if other.id == session.id or dossier not in other.in_force:
            continue
        if session.again.get(dossier) != other.id and not is_undone(work, other, dossier):
            return other
    return None
