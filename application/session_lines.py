"""What is told of the votes and decisions of a committee, line by line."""

from datetime import date
from uuid import UUID

from domain.deliberation import (
    ProposedOutcome,
    Quorum,
    SessionOutcome,
    SessionTally,
)
from domain.values import Frozen
from domain.vote import Choice


class RecusedLine(Frozen):
    """A member with an interest in a dossier, and what was said of it, where it may be read."""

    seat: str
    title: str
    declared_on: date
    struck: tuple[str, ...]
    """The titles of the seats whose ballots fell with it."""
    words: str | None = None


class BallotLine(Frozen):
    """What a seat voted, as it stands; and as it was recorded first, where it was corrected."""

    seat: str
    title: str
    choice: Choice
    cast_by: str | None = None
    was: tuple[Choice, ...] = ()


class CountLine(Frozen):
    """One count of the voices: the last is the one that stands."""

    counted_on: date
    outcome: SessionOutcome
    tally: SessionTally | None
    """Not for everybody, unless the rules of procedure publish it; how the chair voted never is."""
    quorum: Quorum


class VoteSheet(Frozen):
    """One proposal on a dossier, the ballots on it, and how they were counted."""

    proposal: ProposedOutcome
    amount_cents: int | None
    support: str | None
    rank: int | None
    motive: str
    ballots: tuple[BallotLine, ...]
    counts: tuple[CountLine, ...]


class DecisionLine(Frozen):
    """What is decided of a dossier, as it stands."""

    dossier: UUID
    code: str
    outcome: SessionOutcome
    amount_cents: int | None
    support: str | None
    rank: int | None
    motive: str
    deliberated_on: date
    final: bool
    """Whether the minutes are approved."""
    session: str
    """The code of the session that decided it."""
    undone: bool = False
    """Whether it holds no longer: withdrawn, or the dossier reopened, since its announcement."""


class ItemSheet(Frozen):
    """A dossier in a session, from the interests declared to the decision."""

    dossier: UUID
    code: str
    title: str | None
    recused: tuple[RecusedLine, ...]
    votes: tuple[VoteSheet, ...]
    decision: DecisionLine | None
    superseded_by: str | None = None
    """The code of the session whose decision took the place of this one."""


class MinutesSheet(Frozen):
    """The text made from what is recorded, and whether it is the one that was drawn."""

    text: str
    sha256: str
    drawn: str | None
    """The hash of the text that was drawn last."""
    as_drawn: bool


class SessionResults(Frozen):
    """What a session voted and decided."""

    id: UUID
    code: str
    items: tuple[ItemSheet, ...]
    minutes: MinutesSheet | None
    """Not for everybody: they tell how some seats voted."""
    left_out: tuple[str, ...] = ()
    """The codes of the dossiers that are not shown to who asks, who has an interest in them."""


class RankedLine(Frozen):
    """A dossier in the order of the committee, and the sum up to it."""

    dossier: UUID
    code: str
    amount_cents: int | None
    cumulated_cents: int
    within: bool | None
    """Above the cut-off line; unknown where no envelope is set."""
    outcome: SessionOutcome | None


class ReserveLine(Frozen):
    """A dossier of the reserve list."""

    rank: int
    dossier: UUID
    code: str
    amount_cents: int | None


class WaveResults(Frozen):
    """What the committee of a call decided of one wave, in all its sessions."""

    call: UUID
    call_code: str
    wave: str
    wave_title: str
    envelope_cents: int | None
    granted_cents: int
    """What the decisions of this wave that stand come to."""
    left_cents: int | None
    """What is left of the envelope of the call, the other waves counted."""
    ranking: tuple[RankedLine, ...]
    """In the order of the agenda: what is decided, else proposed, else asked for. The cut-off line
    is after the last that is within the envelope. What is not selected is left out."""
    reserve: tuple[ReserveLine, ...]
    decisions: tuple[DecisionLine, ...]
