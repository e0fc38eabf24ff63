"""What a call is made of: its routes, pieces, criteria, waves, advisers; what clauses ask of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from domain.dates import PartialDate
from domain.minute import Minute
from domain.personal import Basis, Marking
from domain.provenance import AccountId
from domain.retention import Retention
from domain.values import Frozen, Line, Prose, Sealed
from domain.words import Name, Text

WaveId = Name
CallCode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]
"""A short name by which people call it: `aap-2015`."""

COLLEGE = 6
"""How many advisers each college has (décret n° 2015-431, article 4)."""

OPEN = "open"


class CallKind(StrEnum):
    """Under which regime it is held; each is the id of its journey."""

    DECREE = "decree_call"
    PERMANENT = "permanent_call"


class Route(StrEnum):
    """A way by which applications come, each with the date that counts for it."""

    SERVER = "server"
    """Sent over a network: the instant at which the server received it."""
    POSTMARK = "postmark"
    """Sent by post: the day of the postmark."""
    RECEIPT = "receipt"
    """Handed in, or received: the day of receipt."""


class AdviserCollege(StrEnum):
    """The two groups whose opinions are asked (décret n° 2015-431, article 4)."""

    QUALIFIED = "qualified"
    LOCAL_AUTHORITIES = "local_authorities"


# --- values ------------------------------------------------------------------------------------


class Part(Frozen):
    """A piece that an application is made of."""

    id: Name
    title: Line
    required: bool = True


class CallCriterion(Frozen):
    """What applications are looked at for; its weight, where the call says one."""

    id: Name
    title: Line
    words: Prose | None = None
    weight: Annotated[int, Field(ge=1, le=1000)] | None = None


ADVISER = Marking(
    purpose="adviser",
    holds=Text(
        fr="le nom de la personne dont l'avis est demandé",
        en="the name of a person whose opinion is asked",
    ),
    persons=Text(fr="personnes consultées sur un appel", en="persons consulted on a call"),
    basis=Basis.PUBLIC_TASK,
    retention=Retention.FIVE_YEARS,
    is_name=True,
)


class AdviserSeat(Frozen):
    """One of those whose opinion is asked; the name of a person is sealed."""

    id: Name
    college: AdviserCollege
    designated_by: Line
    organisation: Line | None = None
    holder: Annotated[Sealed | None, ADVISER] = None
    account: AccountId | None = None
    """The account of who gives the opinion, if it has one."""


class Specification(Frozen):
    """What a call asks for: the text, the pieces, what is looked at, and how to send it."""

    title: Line
    document: UUID | None = None
    address: Line | None = None
    parts: tuple[Part, ...] = ()
    criteria: tuple[CallCriterion, ...] = ()
    routes: tuple[Route, ...] = ()


Phase = Annotated[int, Field(ge=1, le=2)]
"""Of a permanent call that selects in two steps (call of 2022)."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """The results of a wave, as they were announced."""

    since: date
    occurred_on: PartialDate
    where: str | None
    sessions: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Wave:
    """A wave of a call. Of a date, the minute is known, or only a part of it."""

    id: str
    title: str
    phase: Phase | None
    opens_at: Minute | None
    closes_at: Minute | None
    opens_on: PartialDate
    closes_on: PartialDate

    @property
    def begins(self) -> datetime | None:
        """The instant from which it takes applications: the first that its date may mean."""
        if self.opens_at:
            return self.opens_at.begins
        first = self.opens_on.first_day
        return _minute(first, "00:00").begins if first else None

    @property
    def closing(self) -> Minute | None:
        """Its last minute; that of the day, where only the day is known (product rule)."""
        if self.closes_at or self.closes_on.precision != "day":
            return self.closes_at
        day = self.closes_on.last_day
        return _minute(day, "23:59") if day else None


def _minute(day: date, hour: str) -> Minute:
    return Minute(f"{day.isoformat()}T{hour}")


COLLEGES: Mapping[str, str] = {
    AdviserCollege.QUALIFIED: "personnalités qualifiées",
    AdviserCollege.LOCAL_AUTHORITIES: "représentants des collectivités territoriales",
}
"""What people call the two colleges."""


# --- facts, as the clauses of journeys name them -----------------------------------------------


class SpecificationFacts(Frozen):
    """Whether the specification is set."""

    set: bool | None = None


class WaveFacts(Frozen):
    """The wave that is under way, and the next one to open."""

    current: str | None = None
    closes: datetime | None = None
    """The first instant at which the wave under way is closed."""
    next: str | None = None
    next_opens: datetime | None = None
    next_closes: datetime | None = None
    announced: bool | None = None
    """Whether the results of the wave under way are announced."""
    left: int = 0
    """How many waves were opened whose results are not announced."""


class CommitteeFacts(Frozen):
    """Whether there is a committee for this call, and its list is public."""

    constituted: bool | None = None
    public: bool | None = None


class AdviserFacts(Frozen):
    """How many are named in each college."""

    qualified: int
    local_authorities: int


class CallFacts(Frozen):
    """Everything a clause of a call's journey may ask about."""

    specification: SpecificationFacts
    wave: WaveFacts
    committee: CommitteeFacts
    advisers: AdviserFacts
    envelope_cents: int | None = None
