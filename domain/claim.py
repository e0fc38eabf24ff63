"""Claims: what somebody said, on a day, in a source. Figures that disagree stand side by side."""

from datetime import date
from typing import Any, NewType
from uuid import UUID

from domain.dates import PartialDate
from domain.errors import Refused
from domain.figure import Amount, Comparator, Figure
from domain.kernel import Aggregate, Event, event
from domain.provenance import Kind
from domain.recording import must_have_happened
from domain.values import Line, Prose
from domain.words import Name, later

ClaimId = NewType("ClaimId", UUID)


class AlreadyRetracted(Refused):
    """A claim is taken back once."""

    code = "claim.retracted"
    fr = "Cette déclaration a déjà été retirée."
    en = "This claim has already been taken back."


class AlreadyCorrected(Refused):
    """A claim is corrected once; then the claim that took its place is."""

    code = "claim.corrected"
    fr = "Cette déclaration a déjà été corrigée : corrigez celle qui la remplace ({by})."
    en = "This claim has already been corrected: correct the one in its place ({by})."


class ClaimWithoutSource(Refused):
    """Nothing that somebody said is kept without its source: words hold figures too."""

    code = "claim.no_source"
    fr = "Une déclaration ne s'enregistre pas sans sa source : donnez « source »."
    en = "No claim is recorded without its source: give “source”."


class Claim(Aggregate):
    """A statement with its author; the date and the source are in the event's context."""

    class Recorded(Event):
        """A statement was entered, with the figures it gives in its own words.

        One of them may also be kept as a number, to be laid beside what others say: the words of
        the source stay what is shown first.
        """

        TOPIC = "claim.recorded.v1"
        UNDONE_BY = ("claim.correct", "claim.retract")
        statement: Prose
        author: Line
        figures: Prose | None = None
        about: UUID | None = None
        note: Prose | None = None
        measure: Name | None = later(None)
        comparator: Comparator | None = later(None)
        value: Amount | None = later(None)
        low: Amount | None = later(None)
        high: Amount | None = later(None)
        unit: Line | None = later(None)
        period: PartialDate | None = later(None)
        """Of which time the figure is told, where that is not the date of the statement."""

    class Corrected(Event):
        """Another claim took its place; this one stays readable at its date."""

        TOPIC = "claim.corrected.v1"
        UNDONE_BY = ("claim.correct",)
        by: ClaimId

    class Retracted(Event):
        """The statement was taken back; it stays readable at its date."""

        TOPIC = "claim.retracted.v1"
        UNDONE_BY = ("claim.record",)

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.retracted = False
        self.corrected_by: UUID | None = None
        self.statement = ""
        self.about: UUID | None = None

    @classmethod
    def record(
        cls,
        *,
        statement: str,
        author: str,
        figures: str | None = None,
        about: UUID | None = None,
        note: str | None = None,
        figure: Figure | None = None,
        source: str | None = None,
    ) -> "Claim":
        """Enter what somebody said, on a day that has come, in a source that is named.

        Args:
            source: what the context of the event gives as its source.
        """
        return cls._enter(statement, author, figures, about, note, figure, source)

    def correct(
        self,
        event_id: UUID,
        *,
        statement: str,
        author: str,
        figures: str | None,
        note: str | None,
        figure: Figure | None,
        source: str | None,
    ) -> "Claim":
        """Let another claim, about the same thing, take the place of this one.

        Args:
            event_id: the event that recorded this one.
        """
        self._standing()
        claim = self._enter(
            statement, author, figures, self.about, note, figure, source, corrects=event_id
        )
        self._corrected(by=ClaimId(claim.id))
        return claim

    @classmethod
    def _enter(
        cls,
        statement: str,
        author: str,
        figures: str | None,
        about: UUID | None,
        note: str | None,
        figure: Figure | None,
        source: str | None,
        corrects: UUID | None = None,
    ) -> "Claim":
        if not source:
            raise ClaimWithoutSource
        must_have_happened()
        kept: dict[str, Any] = {} if figure is None else dict(figure)
        if corrects:
            kept |= {"kind": Kind.CORRECT, "corrects": corrects}
        claim = cls.new()
        claim._recorded(
            statement=statement,
            author=author,
            figures=figures,
            about=about,
            note=note,
            **kept,
        )
        return claim

    def retract(self) -> None:
        self._standing()
        self._retracted()

    def _standing(self) -> None:
        if self.retracted:
            raise AlreadyRetracted
        if self.corrected_by:
            raise AlreadyCorrected(by=self.corrected_by)

    def relations_on(self, day: date) -> frozenset[str]:  # it never changes
        """The pole it is about, if it is about one."""
        return frozenset({f"pole:{self.about}"} if self.about else ())

    @event(Recorded)
    def _recorded(
        self,
        *,
        statement: str,
        author: str,
        figures: str | None,
        about: UUID | None,
        note: str | None,
        measure: str | None = None,
        comparator: Comparator | None = None,
        value: str | None = None,
        low: str | None = None,
        high: str | None = None,
        unit: str | None = None,
        period: PartialDate | None = None,
        kind: Kind = Kind.ASSERT,
        corrects: UUID | None = None,
    ) -> None:
        self.statement = statement
        self.about = about

    @event(Corrected)
    def _corrected(self, *, by: ClaimId) -> None:
        self.corrected_by = by

    @event(Retracted)
    def _retracted(self) -> None:
        self.retracted = True
