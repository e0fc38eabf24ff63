"""Assessments of the criteria of 2012: what somebody found of one of them, and why.

Several may disagree, and stand side by side; nothing is drawn from them together.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, NewType
from uuid import UUID

from domain.dates import PartialDate
from domain.errors import Invalid, Refused
from domain.grid import GridRef, ItemCode
from domain.kernel import Aggregate, Event, event
from domain.personal import Basis, Marking
from domain.retention import Retention
from domain.spelling import same
from domain.values import Line, Prose, Sealed
from domain.words import Text

AssessmentId = NewType("AssessmentId", UUID)


class Found(StrEnum):
    """What was found of a criterion."""

    MET = "met"
    PARTLY_MET = "partly_met"
    NOT_MET = "not_met"
    NOT_OBSERVED = "not_observed"


class AssessorUnnamed(Invalid):
    """Nobody assesses without a name."""

    code = "assessment.assessor"
    fr = (
        "Qui apprécie est soit une organisation (« name »), soit une personne (« person », dont "
        "le nom est scellé) avec sa qualité (« capacity »)."
    )
    en = (
        "Who assesses is either an organisation (“name”), or a person (“person”, whose name is "
        "sealed) with their capacity (“capacity”)."
    )


class AssessmentWithdrawn(Refused):
    """What was taken back does not change."""

    code = "assessment.withdrawn"
    fr = "Cette appréciation a été retirée : elle ne change plus."
    en = "This assessment was taken back: it no longer changes."


class BeforeTheFirst(Refused):
    """A revision comes after what it revises."""

    code = "assessment.before"
    fr = "Cette appréciation est du {since} : elle ne se révise pas à une date antérieure ({day})."
    en = "This assessment is of {since}: it is not revised as of an earlier day ({day})."


ASSESSOR = Marking(
    purpose="assessor",
    holds=Text(
        fr="le nom de la personne qui apprécie un critère",
        en="the name of who assessed a criterion",
    ),
    persons=Text(fr="personnes qui apprécient un pôle", en="persons who assess a pole"),
    basis=Basis.LEGITIMATE_INTERESTS,
    retention=Retention.FIVE_YEARS,
    is_name=True,
)


class Assessment(Aggregate):
    """What one assessor found of one criterion, for one pole; revised, its past stays readable."""

    class Made(Event):
        """A criterion was assessed. The name of a person is sealed; their capacity is not."""

        TOPIC = "assessment.made.v1"
        UNDONE_BY = ("assessment.revise", "assessment.withdraw")
        pole: UUID
        grid: GridRef
        criterion: ItemCode
        found: Found
        reasons: Prose
        evidence: tuple[UUID, ...] = ()
        name: Line | None = None
        person: Annotated[Sealed | None, ASSESSOR] = None
        capacity: Line | None = None

    class Revised(Event):
        """The same assessor found otherwise, or for other reasons."""

        TOPIC = "assessment.revised.v1"
        UNDONE_BY = ("assessment.revise", "assessment.withdraw")
        found: Found
        reasons: Prose
        evidence: tuple[UUID, ...] = ()

    class Withdrawn(Event):
        """It was taken back; it stays readable at its date."""

        TOPIC = "assessment.withdrawn.v1"
        UNDONE_BY = ("assessment.record",)
        motive: Prose

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.pole = UUID(int=0)
        self.grid = ""
        self.criterion = ""
        self.assessor: str | None = None
        """The organisation, without what tells spellings of its name apart."""
        self.start = date.min
        self.withdrawn = False

    @classmethod
    def make(
        cls,
        *,
        pole: UUID,
        grid: str,
        criterion: str,
        found: Found,
        reasons: str,
        evidence: tuple[UUID, ...],
        name: str | None,
        person: Sealed | None,
        capacity: str | None,
    ) -> "Assessment":
        """Record what an organisation, or a person with a capacity, found of a criterion."""
        if bool(name) == bool(person) or (person and not capacity):
            raise AssessorUnnamed
        made = cls.new()
        made._made(
            pole=pole,
            grid=grid,
            criterion=criterion,
            found=found,
            reasons=reasons,
            evidence=evidence,
            name=name,
            person=person,
            capacity=capacity,
        )
        return made

    def is_what(self, name: str, *, grid: str, criterion: str) -> bool:
        """Whether it is what an organisation found of a criterion: it has one opinion at a time."""
        told = (self.grid, self.criterion, self.assessor)
        return told == (grid, criterion, same(name))

    def revise(
        self,
        *,
        found: Found,
        reasons: str,
        evidence: tuple[UUID, ...],
        occurred_on: PartialDate,
    ) -> None:
        """Find otherwise from a day on."""
        if self.withdrawn:
            raise AssessmentWithdrawn
        day = occurred_on.first_day
        if day and day < self.start:
            raise BeforeTheFirst(since=self.start, day=day)
        self._revised(found=found, reasons=reasons, evidence=evidence, occurred_on=occurred_on)

    def withdraw(self, *, motive: str) -> None:
        """Take it back: it should not have been recorded."""
        if self.withdrawn:
            raise AssessmentWithdrawn
        self._withdrawn(motive=motive)

    def relations_on(self, day: date) -> frozenset[str]:  # it never changes
        """The pole it is about."""
        return frozenset({f"pole:{self.pole}"})

    @event(Made)
    def _made(
        self,
        *,
        pole: UUID,
        grid: str,
        criterion: str,
        found: Found,
        reasons: str,
        evidence: tuple[UUID, ...],
        name: str | None,
        person: Sealed | None,
        capacity: str | None,
    ) -> None:
        self.pole = pole
        self.grid, self.criterion = grid, criterion
        self.assessor = name and same(name)
        self.start = self.since

    @event(Revised)
    def _revised(
        self,
        *,
        found: Found,
        reasons: str,
        evidence: tuple[UUID, ...],
        occurred_on: PartialDate,
    ) -> None:
        """What is found is read from the events themselves: no rule asks it."""

    @event(Withdrawn)
    def _withdrawn(self, *, motive: str) -> None:
        self.withdrawn = True
