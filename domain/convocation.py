"""Convocations: that a committee is convened, when, how, and on which agenda."""

from abc import abstractmethod
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, NewType, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from domain.kernel import Aggregate, Event, event
from domain.minute import Minute
from domain.procedure import Procedure
from domain.recording import must_have_happened
from domain.session_refusals import (
    BeforeTheSession,
    EmptyAgenda,
    ModeNotAllowed,
    NoSecondNotice,
    NotAtThisStage,
    NoticeTooShort,
    NotOnTheAgenda,
    WrittenVoteEnds,
)
from domain.values import Line, Prose
from domain.words import Name, Text

SessionId = NewType("SessionId", UUID)
SessionCode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,99}$")]
"""The code of its call, and its number among the sessions of that call: `essai-2024-seance-1`."""

Agenda = Annotated[tuple[UUID, ...], Field(max_length=1_000)]
"""Dossiers, in the order in which they come."""


class SessionMode(StrEnum):
    """How a committee meets."""

    MEETING = "meeting"
    REMOTE = "remote"
    WRITTEN = "written"


class SessionStanding(StrEnum):
    """Where a session stands: nothing of its results."""

    CONVENED = "convened"
    OPEN = "open"
    CLOSED = "closed"
    MINUTES_DRAWN = "minutes_drawn"
    APPROVED = "approved"


STANDS: Mapping[SessionStanding, Text] = {
    SessionStanding.CONVENED: Text(fr="elle n'est pas ouverte", en="it is not open"),
    SessionStanding.OPEN: Text(fr="elle est ouverte", en="it is open"),
    SessionStanding.CLOSED: Text(fr="elle est close", en="it is closed"),
    SessionStanding.MINUTES_DRAWN: Text(
        fr="son procès-verbal est dressé", en="its minutes are drawn"
    ),
    SessionStanding.APPROVED: Text(
        fr="son procès-verbal est approuvé : une nouvelle délibération se prend dans une séance "
        "ultérieure",
        en="its minutes are approved: a new deliberation is taken in a later session",
    ),
}


class Convocation(Aggregate):
    """The part of a session that says who is convened to what.

    What is recorded of it is recorded in order: nothing is dated before what was recorded earlier.
    """

    class Convened(Event):
        """The members were convened, on an agenda."""

        TOPIC = "session.convened.v1"
        STATED_BY = ("session.convene",)
        code: SessionCode
        call: UUID
        wave: Name
        committee: UUID
        held_at: Minute
        """When it begins."""
        mode: SessionMode
        place: Line | None = None
        until: Minute | None = None
        """The last minute of a vote in writing."""
        agenda: Agenda
        second_of: UUID | None = None
        """The session that had no quorum, of which this is the second notice."""
        urgency: Line | None = None
        """Why the notice is shorter than the rules say."""

    class AgendaChanged(Event):
        """Dossiers were put on the agenda, or taken off it."""

        TOPIC = "session.agenda_changed.v1"
        UNDONE_BY = ("session.change_agenda",)
        agenda: Agenda
        added: Agenda = ()
        removed: Agenda = ()
        again_of: UUID | None = None
        """The session whose decision of what is added is to be deliberated again."""
        reasons: Prose | None = None
        urgency: Line | None = None

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.code = ""
        self.call = UUID(int=0)
        self.wave = ""
        self.committee = UUID(int=0)
        self.held_at = Minute("1970-01-01T00:00")
        self.mode = SessionMode.MEETING
        self.place: str | None = None
        self.ends_at: Minute | None = None
        self.agenda: tuple[UUID, ...] = ()
        self.again: dict[UUID, UUID] = {}
        """Of each dossier to be deliberated again, the session that decided it."""
        self.again_because: dict[UUID, str] = {}
        self.second_of: UUID | None = None
        self.standing = SessionStanding.CONVENED
        self.latest = date.min
        """The day of what was recorded last."""

    # Decisions.

    @classmethod
    def convene(
        cls,
        *,
        code: str,
        call: UUID,
        wave: str,
        committee: UUID,
        held_at: Minute,
        mode: SessionMode,
        place: str | None,
        until: Minute | None,
        agenda: tuple[UUID, ...],
        procedure: Procedure,
        day: date,
        second_of: "Convocation | None" = None,
        urgency: str | None = None,
    ) -> Self:
        """Convene the committee, on a day, by the rules of procedure in force then."""
        must_have_happened()
        check_mode(mode, procedure)
        if (mode is SessionMode.WRITTEN) != (until is not None) or (until and until <= held_at):
            raise WrittenVoteEnds
        _check_agenda(agenda)
        check_notice(procedure, held_at, day, urgency)
        if second_of is not None:
            second_of.check_second_notice(call, wave, agenda, procedure)
        made = cls.new()
        made._convened(
            code=code,
            call=call,
            wave=wave,
            committee=committee,
            held_at=held_at,
            mode=mode,
            place=place,
            until=until,
            agenda=agenda,
            second_of=second_of.id if second_of else None,
            urgency=urgency,
        )
        return made

    @abstractmethod
    def lacked_quorum(self, dossier: UUID) -> bool:
        """Whether it was held, and too few members took part in an item."""

    def check_second_notice(
        self, call: UUID, wave: str, agenda: Collection[UUID], procedure: Procedure
    ) -> None:
        """Refuse a second notice but of what could not be deliberated here for want of a quorum."""
        reason = None
        if not procedure.second_notice:
            reason = Text(fr="le règlement intérieur n'en prévoit pas", en="the rules foresee none")
        elif (self.call, self.wave) != (call, wave):
            reason = Text(
                fr="la première n'est pas du même appel et de la même vague",
                en="the first one is not of the same call and wave",
            )
        elif not all(dossier in self.agenda and self.lacked_quorum(dossier) for dossier in agenda):
            reason = Text(
                fr="elle porte sur ce qui, à l'ordre du jour de la première, n'a pas pu être "
                "délibéré faute de quorum, et sur cela seulement",
                en="it is about what, on the agenda of the first, lacked a quorum, and no more",
            )
        if reason:
            raise NoSecondNotice(reason=reason)

    def change_agenda(
        self,
        *,
        add: Collection[UUID],
        remove: Collection[UUID],
        procedure: Procedure,
        day: date,
        reasons: str | None = None,
        urgency: str | None = None,
        again_of: UUID | None = None,
    ) -> None:
        """Put dossiers on the agenda or take them off it, before the session opens."""
        self.check_stage(SessionStanding.CONVENED)
        self.check_day(day)
        for dossier in remove:
            self.check_item(dossier)
        agenda = (*(one for one in self.agenda if one not in remove), *add)
        _check_agenda(agenda)
        if add:
            check_notice(procedure, self.held_at, day, urgency)
        self._agenda_changed(
            agenda=agenda,
            added=tuple(add),
            removed=tuple(remove),
            again_of=again_of,
            reasons=reasons,
            urgency=urgency,
        )

    # What is known.

    def check_stage(self, *standing: SessionStanding) -> None:
        if self.standing not in standing:
            raise NotAtThisStage(stands=STANDS[self.standing])

    def check_day(self, day: date) -> None:
        """Refuse what is dated before what was recorded, or of a day that has not come."""
        must_have_happened()
        if day < self.latest:
            raise BeforeTheSession(day=day, since=self.latest)

    def check_item(self, dossier: UUID) -> None:
        if dossier not in self.agenda:
            raise NotOnTheAgenda

    def relations_on(self, day: date) -> frozenset[str]:
        """The call it is about: a mandate is for that."""
        return frozenset({f"call:{self.call}"})

    # What is remembered.

    @event(Convened)
    def _convened(
        self,
        *,
        code: str,
        call: UUID,
        wave: str,
        committee: UUID,
        held_at: Minute,
        mode: SessionMode,
        place: str | None,
        until: Minute | None,
        agenda: tuple[UUID, ...],
        second_of: UUID | None,
        urgency: str | None,
    ) -> None:
        self.code, self.call, self.wave, self.committee = code, call, wave, committee
        self.held_at, self.mode, self.place, self.ends_at = held_at, mode, place, until
        self.agenda, self.second_of = agenda, second_of
        self.latest = self.since

    @event(AgendaChanged)
    def _agenda_changed(
        self,
        *,
        agenda: tuple[UUID, ...],
        added: tuple[UUID, ...],
        removed: tuple[UUID, ...],
        again_of: UUID | None,
        reasons: str | None,
        urgency: str | None,
    ) -> None:
        self.agenda = agenda
        self.latest = self.since
        if again_of is None:
            return
        for dossier in added:
            self.again[dossier] = again_of
            self.again_because[dossier] = reasons or ""


_MODES: Mapping[SessionMode, Text] = {
    SessionMode.REMOTE: Text(fr="de participer à distance", en="taking part at a distance"),
    SessionMode.WRITTEN: Text(fr="de voter par écrit", en="voting in writing"),
}


def check_mode(mode: SessionMode, procedure: Procedure) -> None:
    allowed = {SessionMode.REMOTE: procedure.remote, SessionMode.WRITTEN: procedure.written}
    if not allowed.get(mode, True):
        raise ModeNotAllowed(mode=_MODES[mode])


def _check_agenda(agenda: Collection[UUID]) -> None:
    if not agenda or len(set(agenda)) != len(agenda):
        raise EmptyAgenda


def check_notice(procedure: Procedure, held_at: Minute, day: date, urgency: str | None) -> None:
    """Refuse a notice shorter than the rules say, unless it is said why it is urgent."""
    first = day + timedelta(days=procedure.notice_days)
    # However urgent, nobody is convened to what has begun.
    if held_at.day < (day if urgency else first):
        raise NoticeTooShort(day=day, first=first, days=procedure.notice_days)
