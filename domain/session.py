"""Sessions of a committee: convened, held, closed, with minutes that are drawn and approved.

The one stream that holds a result before its announcement: nothing public is made of it before.
"""

from datetime import date
from uuid import UUID

from domain.balloting import Balloting
from domain.convocation import SessionStanding
from domain.deliberation import SessionDecision
from domain.distinct import Persons, share
from domain.filing import Sha256
from domain.finality import Finality
from domain.kernel import Event, event
from domain.session_refusals import (
    NothingToSupersede,
    OtherMinutes,
    OwnMinutes,
    RecordedSince,
)
from domain.values import Prose
from domain.words import Name, later


class Session(Balloting):
    """One session of the committee of a call, on dossiers of one of its waves."""

    class MinutesDrawn(Event):
        """Its minutes were made from what is recorded, and read."""

        TOPIC = "session.minutes_drawn.v1"
        UNDONE_BY = ("session.draw_minutes",)
        sha256: Sha256
        persons: Persons = later(())

    class MinutesApproved(Event):
        """They were approved, by a member of the committee."""

        TOPIC = "session.minutes_approved.v1"
        UNDONE_BY = Finality.DECISION
        sha256: Sha256
        seat: Name | None = None
        persons: Persons = later(())

    class DeliberationSuperseded(Event):
        """A decision gave way to a new deliberation, in a later session."""

        TOPIC = "session.deliberation_superseded.v1"
        UNDONE_BY = Finality.CONSEQUENCE
        dossier: UUID
        by: UUID
        reasons: Prose

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.minutes: str | None = None
        """The hash of the minutes drawn last."""
        self.drawn_at = 0
        """The version of the session once they were drawn."""
        self.drawn_by: Persons = ()
        self.approved_on: date | None = None
        self.superseded: dict[UUID, tuple[date, UUID]] = {}
        """By dossier, since when, and by which session, its decision here no longer stands."""

    # Decisions.

    def draw_minutes(self, sha256: str, *, persons: Persons, day: date) -> None:
        """Say that minutes were drawn of what is recorded up to here; they may be drawn again."""
        self.check_stage(SessionStanding.CLOSED, SessionStanding.MINUTES_DRAWN)
        self.check_day(day)
        self._minutes_drawn(sha256=sha256, persons=persons)

    def approve_minutes(
        self, sha256: str, *, seat: str | None, persons: Persons, day: date
    ) -> None:
        """Approve the minutes, if they are those drawn, and nothing was recorded since."""
        self.check_stage(SessionStanding.MINUTES_DRAWN)
        self.check_day(day)
        if self.version != self.drawn_at:
            raise RecordedSince
        if sha256 != self.minutes:
            raise OtherMinutes
        if share(persons, self.drawn_by):
            raise OwnMinutes(roles="")
        if seat is not None:
            self.seat(seat)
        self._minutes_approved(sha256=sha256, seat=seat, persons=persons)

    def supersede(self, dossier: UUID, *, by: UUID, reasons: str, day: date) -> None:
        """Let a decision of an approved session give way to a new one."""
        self.check_can_supersede(dossier)
        self.check_day(day)
        self._deliberation_superseded(dossier=dossier, by=by, reasons=reasons)

    def check_can_supersede(self, dossier: UUID) -> None:
        if self.approved_on is None or dossier not in self.in_force:
            raise NothingToSupersede(code=self.code)

    # What is known.

    @property
    def in_force(self) -> dict[UUID, SessionDecision]:
        """What is decided here of each dossier and was not superseded, approved or not."""
        decided = self.standing_decisions
        return {d: found for d, found in decided.items() if d not in self.superseded}

    def is_approved_on(self, day: date) -> bool:
        return self.approved_on is not None and self.approved_on <= day

    def decisions_on(self, day: date) -> dict[UUID, SessionDecision]:
        """The final decisions, as they stood on a day: approved, and not superseded by then."""
        if not self.is_approved_on(day):
            return {}
        gone = {dossier for dossier, (since, _) in self.superseded.items() if since <= day}
        decided = self.standing_decisions
        return {dossier: found for dossier, found in decided.items() if dossier not in gone}

    @property
    def is_approved(self) -> bool:
        return self.standing is SessionStanding.APPROVED

    # What is remembered.

    @event(MinutesDrawn)
    def _minutes_drawn(self, *, sha256: str, persons: tuple[str, ...]) -> None:
        self.standing = SessionStanding.MINUTES_DRAWN
        self.minutes = sha256
        self.drawn_at = self.version
        self.drawn_by = persons
        self.latest = self.since

    @event(MinutesApproved)
    def _minutes_approved(self, *, sha256: str, seat: str | None, persons: tuple[str, ...]) -> None:
        self.standing = SessionStanding.APPROVED
        self.approved_on = self.since
        self.latest = self.since

    @event(DeliberationSuperseded)
    def _deliberation_superseded(self, *, dossier: UUID, by: UUID, reasons: str) -> None:
        self.superseded[dossier] = (self.since, by)
        self.latest = self.since
