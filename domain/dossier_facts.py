"""What the clauses of journeys may ask of a dossier. Nothing that is not announced."""

from datetime import date

from domain.eligibility import ConditionFacts
from domain.opinion import OpinionFacts
from domain.review import ReviewFacts
from domain.values import Frozen


class PartFacts(Frozen):
    """The pieces that the call asks for, and those that were asked again."""

    missing: int
    completion_from: date | None
    """The day before the last one on which what was asked again may still be given."""
    overdue: bool


class ArrivalFacts(Frozen):
    """Whether it came late, by the date that counts for each route of its call."""

    late: bool | None


class ApplicantFacts(Frozen):
    """Who applies."""

    numbered: bool
    """Whether a register names it by a number."""
    cer_wanting: bool
    """Whether it must have subscribed to the contrat d'engagement républicain, and has not."""


class WaveOfDossierFacts(Frozen):
    """The wave to which it answers."""

    phase: int | None
    closed_on: date | None
    phase_one: bool
    """Whether a dossier, or a recognition, of a first phase stands behind it."""


class SupportFacts(Frozen):
    """Whether its project was already supported after an earlier call."""

    supported: bool


class DecisionFacts(Frozen):
    """What is announced of it; empty before."""

    outcome: str
    withdrawn: bool


class DossierFacts(Frozen):
    """Everything a clause of a dossier's journey may ask about. Nothing that is not announced."""

    parts: PartFacts
    arrival: ArrivalFacts
    applicant: ApplicantFacts
    wave: WaveOfDossierFacts
    conditions: ConditionFacts
    project: SupportFacts
    ranking: ReviewFacts
    analysis: ReviewFacts
    opinions: OpinionFacts
    decision: DecisionFacts
