"""Recognitions: dated facts with an issuer, a ground and an end; never a label."""

from datetime import date
from enum import StrEnum
from typing import NewType
from uuid import UUID

from domain.dates import PartialDate
from domain.errors import Refused
from domain.kernel import Aggregate, Event, Line, Prose, event
from domain.words import Name

RecognitionId = NewType("RecognitionId", UUID)


class RecognitionKind(StrEnum):
    """On what it rests. Only the last two are recognitions under article 9 of the law of 2014."""

    WITNESS_2012 = "witness_2012"
    PROJECT_CALL = "project_call"
    EXPRESSION_OF_INTEREST_CALL = "expression_of_interest_call"
    REGIONAL_SUPPORT = "regional_support"
    COMPOSITION_FINDING = "composition_finding"
    SELECTION = "selection"


ARTICLE_9 = frozenset({RecognitionKind.COMPOSITION_FINDING, RecognitionKind.SELECTION})


class RecognitionEnded(Refused):
    """A recognition ends once."""

    code = "recognition.ended"
    fr = "Cette reconnaissance a déjà pris fin."
    en = "This recognition has already ended."


class EndsBeforeItBegins(Refused):
    """An end comes after a beginning."""

    code = "recognition.end_before_start"
    fr = "Une reconnaissance ne peut pas prendre fin ({end}) avant d'avoir commencé ({start})."
    en = "A recognition cannot end ({end}) before it began ({start})."


class Recognition(Aggregate):
    """That somebody, on a day, recognised a pole on a ground; it is never a label."""

    class Issued(Event):
        """A recognition took effect. Its day, ground and source are in the event's context."""

        TOPIC = "recognition.issued.v1"
        pole: UUID
        recognition_kind: RecognitionKind
        code: Name
        issuer: Line

    class Ended(Event):
        """It no longer holds: its term came, or it was withdrawn."""

        TOPIC = "recognition.ended.v1"
        withdrawn: bool
        motive: Prose

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.recognition_kind = RecognitionKind.WITNESS_2012
        self.code = ""
        self.start = date.min
        self.end: date | None = None
        self.ended = False

    @classmethod
    def issue(
        cls,
        *,
        pole: UUID,
        recognition_kind: RecognitionKind,
        code: str,
        issuer: str,
        occurred_on: PartialDate,
        valid_to: date | None = None,
    ) -> "Recognition":
        start = occurred_on.first_day
        if start and valid_to and valid_to <= start:
            raise EndsBeforeItBegins(start=start, end=valid_to)
        recognition = cls.new()
        recognition._issued(
            pole=pole,
            recognition_kind=recognition_kind,
            code=code,
            issuer=issuer,
            valid_to=valid_to,
            occurred_on=occurred_on,
        )
        return recognition

    def finish(self, *, motive: str, withdrawn: bool, occurred_on: PartialDate) -> None:
        """End it from a day on; one whose term is known may end before it."""
        day = occurred_on.first_day
        if self.ended or (day and self.end and day >= self.end):
            raise RecognitionEnded
        if day and day < self.start:
            raise EndsBeforeItBegins(start=self.start, end=day)
        self._ended(motive=motive, withdrawn=withdrawn, occurred_on=occurred_on)

    def in_force_on(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)

    @event(Issued)
    def _issued(
        self,
        *,
        pole: UUID,
        recognition_kind: RecognitionKind,
        code: str,
        issuer: str,
        valid_to: date | None,
        occurred_on: PartialDate,
    ) -> None:
        self.recognition_kind = recognition_kind
        self.code = code
        self.start = self.since
        self.end = valid_to

    @event(Ended)
    def _ended(self, *, motive: str, withdrawn: bool, occurred_on: PartialDate) -> None:
        self.end = self.since
        self.ended = True
