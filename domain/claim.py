"""Claims: what somebody said, on a day, in a source. Figures that disagree stand side by side."""

from typing import NewType
from uuid import UUID

from domain.errors import Refused
from domain.kernel import Aggregate, Event, Line, Prose, event

ClaimId = NewType("ClaimId", UUID)


class AlreadyRetracted(Refused):
    """A claim is taken back once."""

    code = "claim.retracted"
    fr = "Cette déclaration a déjà été retirée."
    en = "This claim has already been taken back."


class Claim(Aggregate):
    """A statement with its author; the date and the source are in the event's context."""

    class Recorded(Event):
        """A statement was entered, with the figures it gives in its own words."""

        TOPIC = "claim.recorded.v1"
        statement: Prose
        author: Line
        figures: Prose | None = None
        about: UUID | None = None
        note: Prose | None = None

    class Retracted(Event):
        """The statement was taken back; it stays readable at its date."""

        TOPIC = "claim.retracted.v1"

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.retracted = False
        self.statement = ""

    @classmethod
    def record(
        cls,
        *,
        statement: str,
        author: str,
        figures: str | None = None,
        about: UUID | None = None,
        note: str | None = None,
    ) -> "Claim":
        claim = cls.new()
        claim._recorded(statement=statement, author=author, figures=figures, about=about, note=note)
        return claim

    def retract(self) -> None:
        if self.retracted:
            raise AlreadyRetracted
        self._retracted()

    @event(Recorded)
    def _recorded(
        self,
        *,
        statement: str,
        author: str,
        figures: str | None,
        about: UUID | None,
        note: str | None,
    ) -> None:
        self.statement = statement

    @event(Retracted)
    def _retracted(self) -> None:
        self.retracted = True
