"""Who reads what a committee voted and decided, before it is announced."""

from datetime import date
from uuid import UUID

from application.absent import absent
from application.command import By
from application.private_reading import authority_of
from application.world import World
from domain.call import Call
from domain.call_refusals import UnknownCall
from domain.committee import Committee
from domain.errors import Forbidden
from domain.roles import Role
from domain.session import Session
from domain.session_refusals import UnknownSession

READERS = (Role.COMMITTEE_MEMBER, Role.SECRETARY, Role.AUDITOR)
"""Who reads what a committee decides before it is announced (product rule)."""


class NotACommitteeReader(Forbidden):
    """What a committee decides is for those who may read it, until it is announced."""

    code = "session.reader"
    fr = (
        "Ce que le comité a voté et décidé ne se lit, avant l'annonce des résultats, que par ses "
        "membres, son secrétariat et les auditeurs : votre rôle ne le permet pas."
    )
    en = (
        "What the committee voted and decided is read, before the results are announced, by its "
        "members, its secretary and auditors only: your role does not allow it."
    )


class NotAMemberOfIt(Forbidden):
    """A member reads what their own committee decides."""

    code = "session.not_its_member"
    fr = "Vous n'occupez aucun siège de ce comité : ce qu'il décide ne se lit pas dans ce rôle."
    en = "You hold no seat in this committee: what it decides is not read in this role."


def may_read(world: World, by: By, call: UUID, day: date) -> None:
    """Refuse whoever may not read, before the announcement, what the committee of a call decides.

    Who reads none is told so first, whether there is such a call or not.
    """
    if by.role not in READERS:
        raise NotACommitteeReader(roles="")
    found = world.load(Call, call)
    if found is None:
        raise UnknownCall(name=str(call))
    authority_of(world, by, day).check(found.relations_on(day))
    if by.role is Role.COMMITTEE_MEMBER:
        committee = world.load(Committee, found.committee) if found.committee else None
        if committee is None or committee.seat_of(by.actor, day) is None:
            raise NotAMemberOfIt(roles="")


def session_call(world: World, id_: UUID) -> UUID:
    """The call of a session, to ask who may read it."""
    history = world.history(id_)
    first = history[0].event if history else None
    if not isinstance(first, Session.Convened):
        raise absent(world, id_, UnknownSession(name=str(id_)))
    return first.call
