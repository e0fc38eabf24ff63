"""What a follow-up committee is made of: who sits, its meetings, what it follows; its facts."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from domain.organisation import Organisation
from domain.values import Frozen


class FunderSeat(StrEnum):
    """In which quality a funder sits (décret n° 2015-431, art. 5: the ministries that fund the
    pole and the Caisse des dépôts; others are invited)."""

    MINISTRY = "ministry"
    CAISSE_DES_DEPOTS = "caisse_des_depots"
    OTHER_FUNDER = "other_funder"


class RecommendationStanding(StrEnum):
    """What became of a recommendation."""

    OPEN = "open"
    FOLLOWED = "followed"
    PARTLY = "partly"
    NOT_FOLLOWED = "not_followed"


class RecommendationOutcome(StrEnum):
    """What a committee finds of a recommendation."""

    FOLLOWED = "followed"
    PARTLY = "partly"
    NOT_FOLLOWED = "not_followed"


# --- facts, as the clauses of journeys name them -----------------------------------------------


class MeetingFacts(Frozen):
    """How often it met in the civil year of the day."""

    this_year: int
    missed_years: int
    """The finished years that it should have met twice in, and did not."""
    counted_from: date | None
    """The last day of the year before the first that still wants meetings."""


class SeatFacts(Frozen):
    count: int


class FollowedEvaluationFacts(Frozen):
    """The evaluations by a third party that it awaits."""

    planned: int
    received: int
    period_ended: date | None
    """The end of the first period whose evaluation was not received."""


class RecommendationFacts(Frozen):
    open: int


class PromisedFacts(Frozen):
    """The financial commitments of the pole."""

    open: int


class FollowUpFacts(Frozen):
    """Everything a clause of the committee's journey may ask about."""

    meetings: MeetingFacts
    members: SeatFacts
    evaluation: FollowedEvaluationFacts
    recommendations: RecommendationFacts
    commitments: PromisedFacts


# --- what is known of it -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting that took place, and its minutes where they are on file."""

    id: UUID
    day: date
    present: tuple[str, ...]
    minutes: UUID | None = None
    conclusions: str | None = None


@dataclass(frozen=True, slots=True)
class SeatedFunder:
    """A funder that sits."""

    organisation: Organisation
    seat: FunderSeat
    office: str


@dataclass(frozen=True, slots=True)
class AwaitedEvaluation:
    """An evaluation by a third party: of which period, who pays, its round, when it came."""

    name: str
    period_ends: date
    paid_by: str
    since: date
    evaluation: UUID | None = None
    received_on: date | None = None
    document: UUID | None = None


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What an evaluation recommends, and what became of it."""

    number: int
    evaluation: str
    words: str
    standing: RecommendationStanding
    since: date
    answer: str | None = None
