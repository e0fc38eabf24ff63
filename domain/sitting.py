"""Sittings: under which rules a committee sits, and who is there."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from domain.committee import CommitteeSeat
from domain.convocation import STANDS, Convocation, SessionMode, SessionStanding, check_mode
from domain.finality import Finality
from domain.kernel import Event, event
from domain.procedure import Procedure
from domain.session_refusals import (
    BeforeTheSession,
    ModeNotAllowed,
    NotAtThisStage,
    ProxyRefused,
    UnknownSeat,
)
from domain.words import Name, Text


class Presence(StrEnum):
    """How a member is there, or is not."""

    PRESENT = "present"
    REMOTE = "remote"
    REPRESENTED = "represented"
    ABSENT = "absent"


HERE = (Presence.PRESENT, Presence.REMOTE)


@dataclass(frozen=True, slots=True)
class Attendance:
    """How a member is there, and who has their proxy."""

    presence: Presence
    proxy_to: str | None = None


class Sitting(Convocation):
    """The part of a session that says who is there, under which rules."""

    class Opened(Event):
        """It began, with the committee as it is composed and the rules it follows that day."""

        TOPIC = "session.opened.v1"
        UNDONE_BY = ("session.close",)
        seats: tuple[CommitteeSeat, ...]
        procedure: Procedure

    class AttendanceNoted(Event):
        """A member is there, represented, or absent; it may be noted again."""

        TOPIC = "session.attendance_noted.v1"
        UNDONE_BY = ("session.note_attendance",)
        seat: Name
        presence: Presence
        proxy_to: Name | None = None

    class Closed(Event):
        """Nothing more is put to the vote."""

        TOPIC = "session.closed.v1"
        UNDONE_BY = Finality.DECISION

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.seats: tuple[CommitteeSeat, ...] = ()
        self.procedure: Procedure | None = None
        self.attendance: dict[str, Attendance] = {}

    # Decisions.

    def open(self, *, seats: tuple[CommitteeSeat, ...], procedure: Procedure, day: date) -> None:
        """Begin, on its day or later, with the committee and the rules of that day."""
        self.check_stage(SessionStanding.CONVENED)
        self.check_day(day)
        if day < self.held_at.day:
            raise BeforeTheSession(day=day, since=self.held_at.day)
        check_mode(self.mode, procedure)
        self._opened(seats=seats, procedure=procedure)

    def note_attendance(
        self, seat: str, presence: Presence, *, proxy_to: str | None, day: date
    ) -> None:
        """Say how a member is there; who leaves is noted absent, and what they voted stays."""
        self.check_stage(SessionStanding.OPEN)
        self.check_day(day)
        self.seat(seat)
        if self.mode is SessionMode.WRITTEN:
            raise ModeNotAllowed(
                mode=Text(
                    fr="de noter des présences à un vote écrit : y prend part qui vote",
                    en="attendance at a written vote: who votes takes part",
                )
            )
        if presence is Presence.REMOTE:
            check_mode(SessionMode.REMOTE, self.rules)
        if (presence is Presence.REPRESENTED) != (proxy_to is not None):
            raise ProxyRefused(
                seat=seat,
                reason=Text(fr="dites par quel siège (proxy_to)", en="say by which seat"),
            )
        if proxy_to is not None:
            self._check_proxy(seat, proxy_to)
        self._attendance_noted(seat=seat, presence=presence, proxy_to=proxy_to)

    def _check_proxy(self, seat: str, proxy_to: str) -> None:
        holder = self.seat(proxy_to)
        held = [
            one for one, at in self.attendance.items() if at.proxy_to == proxy_to and one != seat
        ]
        wrong = {
            ("personne ne se représente soi-même", "nobody represents themself"): seat == proxy_to,
            (
                "qui représente doit avoir voix délibérative",
                "who represents must have a voice",
            ): not holder.votes,
            (
                "qui représente doit être présent, ou participer à distance",
                "who represents must be there, or take part at a distance",
            ): not self.is_here(proxy_to),
            (
                f"le règlement intérieur permet {self.rules.proxies_each} mandat(s) par membre",
                f"the rules allow {self.rules.proxies_each} proxies a member",
            ): len(held) >= self.rules.proxies_each,
        }
        for (fr, en), found in wrong.items():
            if found:
                raise ProxyRefused(seat=seat, reason=Text(fr=fr, en=en))

    # What is known.

    @property
    def rules(self) -> Procedure:
        """The rules it follows, from its opening on."""
        if self.procedure is None:
            raise NotAtThisStage(stands=STANDS[self.standing])
        return self.procedure

    def seat(self, id_: str) -> CommitteeSeat:
        """A seat of the committee, as it is composed for this session."""
        return self.check_seat(id_, self.seats)

    @staticmethod
    def check_seat(id_: str, seats: Collection[CommitteeSeat]) -> CommitteeSeat:
        """One of some seats by its name; refused where it is not one."""
        found = next((seat for seat in seats if seat.id == id_), None)
        if found is None:
            raise UnknownSeat(seat=id_[:60], known=", ".join(seat.id for seat in seats))
        return found

    def is_here(self, seat: str) -> bool:
        at = self.attendance.get(seat)
        return at is not None and at.presence in HERE

    # What is remembered.

    @event(Opened)
    def _opened(self, *, seats: tuple[CommitteeSeat, ...], procedure: Procedure) -> None:
        self.standing = SessionStanding.OPEN
        self.seats, self.procedure = tuple(seats), procedure
        self.latest = self.since

    @event(AttendanceNoted)
    def _attendance_noted(self, *, seat: str, presence: Presence, proxy_to: str | None) -> None:
        self.attendance[seat] = Attendance(Presence(presence), proxy_to)
        self.latest = self.since

    @event(Closed)
    def _closed(self) -> None:
        self.standing = SessionStanding.CLOSED
        self.latest = self.since
