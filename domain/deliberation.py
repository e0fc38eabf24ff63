"""Deliberations: what a committee is proposed, how its voices count, what that comes to.

Quorum, mandates, majority and interests follow those of the State's consultative committees: code
des relations entre le public et l'administration, articles R. 133-9 (mandates), R. 133-10 (quorum:
who gave a mandate counts), R. 133-11 (majority, casting vote of the chair), R. 133-12 (no part in a
matter in which one has an interest). What they do not settle is a product rule, said to be one.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from domain.committee import CommitteeSeat
from domain.money import Cents
from domain.procedure import Procedure
from domain.values import Frozen, Line, Prose
from domain.vote import Choice
from domain.words import Text

Rank = Annotated[int, Field(ge=1, le=10_000)]


class ProposedOutcome(StrEnum):
    """What a committee is asked to decide of a dossier."""

    SELECT = "select"
    RESERVE = "reserve"
    REJECT = "reject"


class SessionOutcome(StrEnum):
    """What a deliberation comes to. The last two decide nothing of the dossier."""

    SELECTED = "selected"
    RESERVE = "reserve"
    NOT_SELECTED = "not_selected"
    NOT_CARRIED = "not_carried"
    """The voices did not carry what was proposed: something else may be."""
    NO_QUORUM = "no_quorum"
    """Counted again without an interested member, it lacks a quorum, and does not stand."""


CARRIED = {
    ProposedOutcome.SELECT: SessionOutcome.SELECTED,
    ProposedOutcome.RESERVE: SessionOutcome.RESERVE,
    ProposedOutcome.REJECT: SessionOutcome.NOT_SELECTED,
}
DECIDES = frozenset(CARRIED.values())


class ProposedDecision(Frozen):
    """What is put to the vote on a dossier; the motive is that of the decision."""

    proposal: ProposedOutcome
    amount_cents: Cents | None = None
    support: Line | None = None
    """A form of support other than money (décret 2015-431, article 1)."""
    rank: Rank | None = None
    """On the reserve list."""
    motive: Prose


class SessionTally(Frozen):
    """Voices, recused members' left out."""

    for_: int = Field(alias="for")
    against: int
    abstentions: int
    chair: Choice | None = None
    """How the chair voted in person, where the voices were even and that decides."""

    @property
    def is_even(self) -> bool:
        return self.for_ == self.against


@dataclass(frozen=True, slots=True)
class Room:
    """What the other deliberations of the same call leave to one."""

    left_cents: int | None
    """Of the envelope; `None` where no envelope is set."""
    ranks: frozenset[int] = frozenset()
    """Those taken on the reserve list of its wave."""
    is_decided: bool = False
    """Whether its dossier is decided in another session, or announced: not here any more."""


class Quorum(Frozen):
    """Who takes part in an item, beside how many must."""

    present: int
    """Present, taking part at a distance, or represented by somebody who is."""
    required: int
    of: int
    """Voting seats, those of recused members left out (product rule)."""
    waived: bool = False
    """Second notice of the same agenda (article R. 133-10)."""

    @property
    def is_met(self) -> bool:
        return self.present >= self.required

    def say(self, language: str) -> str:
        if language == "en":
            return f"{self.present} of {self.of} take part, {self.required} must"
        return f"{self.present} sur {self.of} prennent part, il en faut {self.required}"


@dataclass(frozen=True, slots=True)
class SeatBallot:
    """The voice of one seat, given by whoever holds it or by the seat that has its proxy."""

    seat: str
    choice: Choice
    cast_by: str | None
    """The seat that gave it by proxy."""


@dataclass(frozen=True, slots=True)
class SessionDecision:
    """What was decided of a dossier, as it stands."""

    outcome: SessionOutcome
    amount_cents: int | None
    support: str | None
    motive: str
    rank: int | None
    deliberated_on: date
    tally: SessionTally
    quorum: Quorum

    @property
    def decides(self) -> bool:
        return self.outcome in DECIDES

    @property
    def engaged_cents(self) -> int:
        """What it takes of the envelope."""
        return (self.amount_cents or 0) if self.outcome is SessionOutcome.SELECTED else 0


@dataclass(slots=True)
class ItemVote:
    """One proposal, the ballots on it, and what was deliberated of it, as it stands now."""

    proposal: ProposedDecision
    put_on: date
    after: int | None = None
    """The event of the dossier by which it was last reopened then; 0 where it never was."""
    ballots: dict[str, SeatBallot] = field(default_factory=dict)
    took_part: Mapping[str, str | None] = field(default_factory=dict)
    """The seats that were there when it was first deliberated, each with who had its proxy."""
    deliberated: SessionDecision | None = None
    corrected: int = 0
    """How many of its ballots were corrected or struck since it was deliberated."""

    @property
    def standing(self) -> SessionDecision | None:
        """Nothing stands that was counted before a ballot was corrected or struck."""
        return None if self.corrected else self.deliberated

    def struck_by(self, seat: str) -> tuple[str, ...]:
        """The seats whose ballots fall with the interest of one: its own, and those it gave."""
        return tuple(
            ballot.seat for ballot in self.ballots.values() if seat in (ballot.seat, ballot.cast_by)
        )


def quorum(
    seats: Iterable[CommitteeSeat],
    procedure: Procedure,
    taking_part: Collection[str],
    recused: Collection[str],
    *,
    waived: bool = False,
) -> Quorum:
    """Who must take part in an item, and who does; recused members count for neither.

    A part of a seat is rounded up; where no quorum is asked, one member takes part at least.
    """
    able = [seat.id for seat in seats if seat.votes and seat.id not in recused]
    asked = 0 if waived else -(-len(able) * procedure.quorum // 100)
    return Quorum(
        present=len(set(able).intersection(taking_part)),
        required=max(1, asked),
        of=len(able),
        waived=waived,
    )


def tally(seats: Iterable[CommitteeSeat], ballots: Iterable[SeatBallot]) -> SessionTally:
    """Count voices: one a seat. The chair's counts as a casting one only when given in person
    (product rule)."""
    chairs = {seat.id for seat in seats if seat.chair}
    kept = list(ballots)
    said = [ballot.choice for ballot in kept]
    chair = next((b.choice for b in kept if b.seat in chairs and b.cast_by is None), None)
    yes, no = said.count(Choice.FOR), said.count(Choice.AGAINST)
    return SessionTally(
        for_=yes,
        against=no,
        abstentions=said.count(Choice.ABSTAIN),
        chair=chair if yes == no else None,
    )


def outcome(
    proposal: ProposedDecision, counted: SessionTally, procedure: Procedure
) -> SessionOutcome:
    """What voices come to: carried by more for than against (product rule: abstentions are no
    voices), and, where they are even, as the procedure says."""
    casting = procedure.tie == "chair" and counted.chair is Choice.FOR
    carried = counted.for_ > counted.against or (counted.is_even and counted.for_ > 0 and casting)
    return CARRIED[proposal.proposal] if carried else SessionOutcome.NOT_CARRIED


TIES: Mapping[str, Text] = {
    "chair": Text(
        fr="à égalité, la voix de qui préside l'emporte", en="when even, the chair's voice decides"
    ),
    "rejected": Text(
        fr="à égalité, la proposition n'est pas adoptée", en="when even, it is not carried"
    ),
}


# --- the envelope and the lists ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ranked:
    """A dossier in the order of the committee, with what it and those before it come to."""

    dossier: UUID
    amount_cents: int | None
    cumulated_cents: int
    within: bool | None
    """Whether the envelope reaches that far; unknown where no envelope is set."""


def ranking(
    dossiers: Sequence[tuple[UUID, int | None]], envelope_cents: int | None
) -> list[Ranked]:
    """Dossiers in an order, cumulated; the cut-off line is before the first beyond the envelope.

    What comes after that line stays below it, however small (the line is not jumped).
    """
    found, total = list[Ranked](), 0
    for dossier, amount in dossiers:
        total += amount or 0
        within = None if envelope_cents is None else total <= envelope_cents
        found.append(Ranked(dossier, amount, total, within))
    return found


def reserve_list(
    decisions: Iterable[tuple[UUID, SessionDecision]],
) -> list[tuple[int, UUID]]:
    """The reserve, ranked from 1 without a gap: whoever leaves it moves the others up.

    Args:
        decisions: of each dossier, the decision that stands, in the order of deliberation.
    """
    kept = [
        (decided.rank or 0, order, dossier)
        for order, (dossier, decided) in enumerate(decisions)
        if decided.outcome is SessionOutcome.RESERVE
    ]
    return [(rank, dossier) for rank, (_, _, dossier) in enumerate(sorted(kept), start=1)]
