"""What a session and a committee show to everybody: nothing of what is voted and decided.

What is, see `application.session_results`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from application.absent import absent
from application.world import Moment, World
from domain.call import Call
from domain.call_refusals import UnknownCall
from domain.committee import Committee, CommitteeSeat, Publication
from domain.convocation import SessionMode, SessionStanding
from domain.dates import paris_day
from domain.deliberation import (
    Quorum,
)
from domain.dossier import Dossier
from domain.kernel import Recorded
from domain.minute import Minute
from domain.procedure import Procedure
from domain.session import Session
from domain.session_refusals import UnknownSession
from domain.sitting import Presence
from domain.values import Frozen


class AgendaLine(Frozen):
    """A dossier on the agenda. It is not said in which order it comes: that is a ranking."""

    dossier: UUID
    code: str
    title: str | None
    """Of the project, as the application calls it."""


class SeatLine(Frozen):
    """A seat, and how whoever holds it was there."""

    seat: str
    title: str
    chair: bool
    votes: bool
    held: bool | None = None
    """Whether somebody holds it; nobody is named."""
    presence: Presence | None = None
    represented_by: str | None = None
    """The title of the seat that has its proxy."""


class SessionSheet(Frozen):
    """A session as everybody sees it: nothing of its results."""

    id: UUID
    code: str
    call: UUID
    call_code: str
    wave: str
    wave_title: str
    convened_on: date
    held_at: Minute
    until: Minute | None
    mode: SessionMode
    place: str | None
    urgency: str | None
    second_of: str | None
    """The code of the session of which this is the second notice."""
    standing: SessionStanding
    agenda: tuple[AgendaLine, ...]
    attendance: tuple[SeatLine, ...]
    quorum: Quorum | None
    """Of the session as a whole, members recused from one dossier included; none before it opens,
    nor of a vote in writing, in which it is counted by dossier."""
    approved_on: date | None
    announced_on: date | None
    """Since when everything it decided is public."""


class CommitteeSheet(Frozen):
    """A committee as everybody sees it: composition, publication, procedure, sessions."""

    id: UUID
    call: UUID
    call_code: str
    call_title: str
    seats: tuple[SeatLine, ...]
    public_since: date | None
    public_reference: str | None
    public_address: str | None
    procedure: Procedure
    sessions: tuple[SessionSheet, ...]


@dataclass(frozen=True, slots=True)
class SessionHeld:
    """A session as it was known, and in force, at a moment."""

    session: Session
    history: list[Recorded]

    @property
    def titles(self) -> Mapping[str, str]:
        return {seat.id: seat.title for seat in self.session.seats}


def held(world: World, id_: UUID, moment: Moment) -> SessionHeld:
    """A session at a moment; it is not there before it was convened."""
    told = [r for r in world.history(id_, moment.known) if r.in_force_from <= moment.in_force]
    if not told or not isinstance(told[0].event, Session.Convened):
        raise absent(world, id_, UnknownSession(name=str(id_)), moment.known)
    session = Session.replay(id_, told)
    if session is None:
        raise absent(world, id_, UnknownSession(name=str(id_)), moment.known)
    return SessionHeld(session, told)


def call_at(world: World, id_: UUID, moment: Moment) -> Call:
    call = world.load(Call, id_, moment.known)
    if call is None:
        raise absent(world, id_, UnknownCall(name=str(id_)), moment.known)
    return call


def announced(world: World, session: Session, moment: Moment) -> dict[UUID, date]:
    """The dossiers whose decision by a session is public, each since when.

    Nobody reads in advance what will be announced on a day to come. Of a dossier that was reopened,
    what a later session decides is not public because an earlier decision is.
    """
    day = min(moment.in_force, paris_day(world.clock()))
    found = {}
    for one in session.agenda:
        dossier = world.load(Dossier, one, moment.known)
        told = dossier.decisions if dossier else ()
        since = [d.since for d in told if d.value.session == session.id and d.since <= day]
        if since:
            found[one] = min(since)
    return found


def _announced_on(world: World, session: Session, moment: Moment) -> date | None:
    """Since when everything that a session decided is public."""
    told = announced(world, session, moment)
    decided = session.standing_decisions
    return max(told.values()) if decided and decided.keys() <= told.keys() else None


def session_sheet(world: World, id_: UUID, moment: Moment) -> SessionSheet:
    """A session as everybody sees it at a moment."""
    there = held(world, id_, moment)
    session = there.session
    call = call_at(world, session.call, moment)
    agenda = (_on_agenda(world, one, moment) for one in session.agenda)
    first = world.load(Session, session.second_of) if session.second_of else None
    convened = there.history[0].event
    urgency = convened.urgency if isinstance(convened, Session.Convened) else None
    return SessionSheet(
        id=id_,
        code=session.code,
        call=session.call,
        call_code=call.code,
        wave=session.wave,
        wave_title=wave_title(call, session.wave),
        convened_on=there.history[0].in_force_from,
        held_at=session.held_at,
        until=session.ends_at,
        mode=session.mode,
        place=session.place,
        urgency=urgency,
        second_of=first.code if first else None,
        standing=session.standing,
        agenda=tuple(sorted(agenda, key=lambda line: line.code)),
        attendance=tuple(_seat(seat, session) for seat in session.seats),
        quorum=_quorum(session),
        approved_on=session.approved_on,
        announced_on=_announced_on(world, session, moment),
    )


def wave_title(call: Call, wave: str) -> str:
    """What a wave is called; its short name where it has lost its own."""
    found = call.waves.get(wave)
    return found.title if found else wave


def _on_agenda(world: World, id_: UUID, moment: Moment) -> AgendaLine:
    dossier = world.load(Dossier, id_)
    content = dossier.content_on(moment.in_force) if dossier else None
    return AgendaLine(
        dossier=id_,
        code=dossier.code if dossier else str(id_),
        title=content.title if content else None,
    )


def _seat(seat: CommitteeSeat, session: Session) -> SeatLine:
    at = session.attendance.get(seat.id)
    titles = {one.id: one.title for one in session.seats}
    return SeatLine(
        seat=seat.id,
        title=seat.title,
        chair=seat.chair,
        votes=seat.votes,
        presence=at.presence if at else None,
        represented_by=titles.get(at.proxy_to) if at and at.proxy_to else None,
    )


def _quorum(session: Session) -> Quorum | None:
    if session.procedure is None or session.mode is SessionMode.WRITTEN:
        return None
    return session.quorum_at_large


def committee_sheet(world: World, call: UUID, moment: Moment) -> CommitteeSheet | None:
    """The committee of a call as everybody sees it at a moment; none where it has none."""
    of = call_at(world, call, moment)
    committee = world.load(Committee, of.committee, moment.known) if of.committee else None
    seats = committee.seats_on(moment.in_force) if committee else ()
    if committee is None or not seats:
        return None
    public: Publication | None = committee.publication_on(moment.in_force)
    return CommitteeSheet(
        id=committee.id,
        call=call,
        call_code=of.code,
        call_title=of.title,
        seats=tuple(
            SeatLine(
                seat=seat.id,
                title=seat.title,
                chair=seat.chair,
                votes=seat.votes,
                held=committee.holder_on(seat.id, moment.in_force) is not None,
            )
            for seat in seats
        ),
        public_since=public.since if public else None,
        public_reference=public.reference if public else None,
        public_address=public.address if public else None,
        procedure=committee.procedure_on(moment.in_force),
        sessions=tuple(
            session_sheet(world, one, moment) for one in known_sessions(world, of, moment)
        ),
    )


def known_sessions(world: World, call: Call, moment: Moment) -> list[UUID]:
    """The sessions of a call that were convened at a moment."""
    found = []
    for id_ in call.sessions:
        history = world.history(id_, moment.known)
        if history and history[0].in_force_from <= moment.in_force:
            found.append(id_)
    return found


def codes(world: World, dossiers: Iterable[UUID]) -> dict[UUID, str]:
    found = {one: world.load(Dossier, one) for one in dossiers}
    return {one: dossier.code if dossier else str(one) for one, dossier in found.items()}
