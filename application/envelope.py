"""What a call has left for one more deliberation: of its envelope, and of its reserve list.

What it has already decided is counted here, and so is what a decision that stands no more leaves.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from application.command import Work
from application.commitment_award import promised_to
from domain.call import Call
from domain.case import Read
from domain.convocation import SessionStanding
from domain.deliberation import Room, SessionDecision, SessionOutcome
from domain.dossier import Dossier
from domain.dossier_states import DELIBERATION
from domain.session import Session
from domain.session_refusals import DossierAlreadyDecided


def sessions_of(work: Work, call: Call) -> list[Session]:
    """The sessions of a call, in the order in which they were convened.

    Their versions are checked when the command is recorded: of two committees that grant at one
    instant what is left, one does.
    """
    return [work.get(Session, id_) for id_ in call.sessions]


def is_undone(read: Read, session: Session, id_: UUID, day: date = date.max) -> bool:
    """Whether what a session decided of a dossier holds no longer, on a day or for good."""
    vote = session.vote_on(id_)
    dossier: Dossier = read(Dossier, id_)
    return dossier.is_undone(session.id, vote.after if vote else None, day)


Decisions = Iterable[tuple[Session, Mapping[UUID, SessionDecision]]]
"""What sessions decided, dossier by dossier, as far as it is told."""


def engaged(read: Read, decisions: Decisions, day: date = date.max) -> dict[UUID, int]:
    """What each dossier takes of the envelope by the decisions that stand, in cents.

    An award that was withdrawn, or that of a dossier that ended, takes no more than what
    commitments after it still promise.
    """
    taken: dict[UUID, int] = {}
    for session, decided in decisions:
        for dossier, found in decided.items():
            stands = found.engaged_cents and not is_undone(read, session, dossier, day)
            taken[dossier] = taken.get(dossier, 0) + (found.engaged_cents if stands else 0)
    return {id_: max(cents, _promised(read, id_, day)) for id_, cents in taken.items()}


def granted(work: Work, call: Call) -> int:
    """What a call grants as announced, in cents.

    What was withdrawn is granted no more, but for what commitments after it still promise.
    """
    total = 0
    for id_ in call.dossiers:
        decision = work.get(Dossier, id_).decision_on(date.max)
        awarded = (decision.amount_cents or 0) if decision else 0
        total += max(awarded, _promised(work.get, id_))
    return total


def _promised(read: Read, id_: UUID, day: date = date.max) -> int:
    """What commitments still promise after an award that was withdrawn: within one that stands
    they take nothing more."""
    dossier: Dossier = read(Dossier, id_)
    is_withdrawn = any(told.value.withdrawn for told in dossier.decisions)
    return promised_to(read, dossier, day=day) if is_withdrawn else 0


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
    taken = engaged(work.get, [(other, other.in_force) for other in sessions])
    others = sum(cents for one, cents in taken.items() if one != dossier)
    return Room(
        left_cents=None if least is None else least - others,
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
        if session.again.get(dossier) != other.id and not is_undone(work.get, other, dossier):
            return other
    return None
