"""What a funding plan is made of, and what it comes to."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from domain.organisation import Organisation
from domain.values import Frozen, Line
from domain.words import Name


class FunderStanding(StrEnum):
    """Where a funder stands: it was asked, it said yes, or it withdrew or said no."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


class TouchedKind(StrEnum):
    """What a withdrawal touches: a commitment of the funder, or a condition that counts on it."""

    COMMITMENT = "commitment"
    CONDITION = "condition"


class Touched(Frozen):
    """A commitment, or a condition of one, that the withdrawal of a funder touches."""

    kind: TouchedKind
    commitment: UUID
    code: Line
    funder: Line
    """Whose commitment it is."""
    condition: Name | None = None
    title: Line | None = None
    """Of a condition: what it is called."""
    tranches: tuple[Name, ...] = ()
    """The tranches that wait for it."""


@dataclass(frozen=True, slots=True)
class Balance:
    """What a plan comes to on a day, in cents. In kind is apart, on both sides alike."""

    costs: int
    own: int
    asked: int
    """Of funders that have not answered."""
    confirmed: int
    withdrawn: int
    """Of those that withdrew: what they had confirmed, or else were asked."""
    in_kind: int

    @property
    def secured(self) -> int:
        """Own resources and what is confirmed."""
        return self.own + self.confirmed

    @property
    def missing(self) -> int:
        """What costs exceed what is secured by; negative where more is secured than needed."""
        return self.costs - self.secured

    @property
    def missing_if_all_confirm(self) -> int:
        """The same, if every funder that has not answered confirms."""
        return self.missing - self.asked


@dataclass(frozen=True, slots=True)
class FunderLine:
    """A funder of a plan, where it stands, since when, and for how much."""

    funder: Organisation
    standing: FunderStanding
    cents: int
    since: date
    asked_cents: int
    reasons: str | None = None
    touches: tuple[Touched, ...] = ()


@dataclass(frozen=True, slots=True)
class InKind:
    """A contribution in kind: who gives it, what it is, what it is worth."""

    title: str
    giver: str
    cents: int
    words: str


@dataclass(frozen=True, slots=True)
class Cost:
    """An item of the costs."""

    title: str
    cents: int
