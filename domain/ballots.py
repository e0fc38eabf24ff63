"""Ballots: what a session put to the vote, who voted, and what that came to, as recorded."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated
from uuid import UUID

from typing_extensions import override

from domain.convocation import SessionStanding
from domain.deliberation import (
    ItemVote,
    ProposedDecision,
    ProposedOutcome,
    Quorum,
    Rank,
    SeatBallot,
    SessionDecision,
    SessionOutcome,
    SessionTally,
    quorum,
)
from domain.distinct import Persons
from domain.finality import Finality
from domain.kernel import Event, event
from domain.money import Cents
from domain.personal import Basis, Marking
from domain.retention import Retention
from domain.sitting import Presence, Sitting
from domain.values import Line, Prose, Sealed
from domain.vote import Choice
from domain.words import Name, Text, Whole, later

BEFORE_APPROVAL = tuple(
    standing for standing in SessionStanding if standing is not SessionStanding.APPROVED
)
HELD = tuple(s for s in BEFORE_APPROVAL if s is not SessionStanding.CONVENED)


SEAT_INTEREST = Marking(
    purpose="interest",
    holds=Text(
        fr="l'intérêt déclaré par un membre du comité",
        en="the interest that a member of the committee declared",
    ),
    persons=Text(
        fr="membres du comité et personnes qu'ils citent",
        en="members of the committee, and whom they name",
    ),
    basis=Basis.PUBLIC_TASK,
    retention=Retention.FIVE_YEARS,
)


class Ballots(Sitting):
    """The part of a session that remembers what was put to the vote, and what came of it."""

    class InterestDeclared(Event):
        """A member has an interest in a dossier; why is sealed. The ballots it struck are named."""

        TOPIC = "session.interest_declared.v1"
        UNDONE_BY = Finality.WORD
        seat: Name
        dossier: UUID
        words: Annotated[Sealed | None, SEAT_INTEREST] = None
        struck: tuple[Name, ...] = ()
        """The seats whose ballots no longer count: its own, and those it gave by proxy."""
        declared_in: UUID | None = None
        """The earlier session in which it was declared."""
        persons: Persons = ()

    class PutToVote(Event):
        """Something was proposed of a dossier, and put to the vote."""

        TOPIC = "session.put_to_vote.v1"
        UNDONE_BY = ("session.deliberate_again",)
        dossier: UUID
        title: Line
        """What the dossier was called that day."""
        proposal: ProposedOutcome
        amount_cents: Cents | None = None
        support: Line | None = None
        rank: Rank | None = None
        motive: Prose
        after: Whole | None = later(None)
        """The event of the dossier by which it was last reopened then; 0 where it never was."""

    class BallotCast(Event):
        """A seat voted."""

        TOPIC = "session.ballot_cast.v1"
        UNDONE_BY = ("session.correct_ballot",)
        dossier: UUID
        seat: Name
        choice: Choice
        cast_by: Name | None = None
        """The seat that gave it by proxy."""
        persons: Persons = ()

    class BallotCorrected(Event):
        """A contested ballot was not what was recorded; what was stays readable."""

        TOPIC = "session.ballot_corrected.v1"
        UNDONE_BY = ("session.correct_ballot",)
        dossier: UUID
        seat: Name
        choice: Choice
        was: Choice
        reasons: Prose
        persons: Persons = ()

    class Deliberated(Event):
        """The voices were counted. The last of a dossier takes the place of those before."""

        TOPIC = "session.deliberated.v1"
        UNDONE_BY = ("session.deliberate_again",)
        dossier: UUID
        outcome: SessionOutcome
        amount_cents: Cents | None = None
        support: Line | None = None
        motive: Prose
        rank: Rank | None = None
        tally: SessionTally
        quorum: Quorum

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.recused: dict[UUID, dict[str, tuple[date, UUID | None]]] = {}
        """By dossier, the recused seats: since when, and in which earlier session, if in one."""
        self.votes: dict[UUID, list[ItemVote]] = {}

    # What is known.

    def recused_from(self, dossier: UUID) -> frozenset[str]:
        return frozenset(self.recused.get(dossier, ()))

    def vote_on(self, dossier: UUID) -> ItemVote | None:
        """The last vote on a dossier."""
        votes = self.votes.get(dossier)
        return votes[-1] if votes else None

    def taking_part(self, dossier: UUID) -> frozenset[str]:
        """The seats that take part in an item, recused ones left out.

        Whoever voted takes part, though they left since; once it is deliberated, those who were
        there then. A member represented by a recused one is not.
        """
        vote, out = self.vote_on(dossier), self.recused_from(dossier)
        there = vote.took_part if vote and vote.deliberated else self._there()
        found = {seat for seat, holder in there.items() if seat not in out and holder not in out}
        return frozenset(found.union(vote.ballots if vote else ()))

    def _there(self) -> Mapping[str, str | None]:
        """The seats present, at a distance, or represented by one that is; with that one."""
        return {
            seat: at.proxy_to
            for seat, at in self.attendance.items()
            if (at.presence is Presence.REPRESENTED and self.is_here(at.proxy_to or ""))
            or self.is_here(seat)
        }

    def quorum_on(self, dossier: UUID) -> Quorum:
        """Who takes part in an item, beside how many must."""
        return quorum(
            self.seats,
            self.rules,
            self.taking_part(dossier),
            self.recused_from(dossier),
            waived=self.second_of is not None,
        )

    @property
    def quorum_at_large(self) -> Quorum:
        """Who is there, whatever the item, beside how many must."""
        return quorum(self.seats, self.rules, self._there(), (), waived=self.second_of is not None)

    @override
    def lacked_quorum(self, dossier: UUID) -> bool:
        if self.procedure is None or self.standing is SessionStanding.OPEN:
            return False
        return dossier not in self.standing_decisions and not self.quorum_on(dossier).is_met

    @property
    def standing_decisions(self) -> dict[UUID, SessionDecision]:
        """What is decided of each dossier as it stands, approved or not, in their order."""
        found = {}
        for dossier in self.agenda:
            vote = self.vote_on(dossier)
            if vote and vote.standing and vote.standing.decides:
                found[dossier] = vote.standing
        return found

    # What is remembered.

    @event(InterestDeclared)
    def _interest_declared(
        self,
        *,
        seat: str,
        dossier: UUID,
        words: Sealed | None,
        struck: tuple[str, ...],
        declared_in: UUID | None,
        persons: tuple[str, ...],
    ) -> None:
        self.recused.setdefault(dossier, {})[seat] = (self.since, declared_in)
        for vote in self.votes.get(dossier, ()):
            for name in vote.struck_by(seat):
                del vote.ballots[name]
            vote.corrected += 1  # without it the quorum is another, even where it had not voted
        self.latest = self.since

    @event(PutToVote)
    def _put_to_vote(
        self,
        *,
        dossier: UUID,
        title: str,
        proposal: ProposedOutcome,
        amount_cents: int | None,
        support: str | None,
        rank: int | None,
        motive: str,
        after: int | None,
    ) -> None:
        put = ProposedDecision.model_construct(
            proposal=ProposedOutcome(proposal),
            amount_cents=amount_cents,
            support=support,
            rank=rank,
            motive=motive,
        )
        self.votes.setdefault(dossier, []).append(ItemVote(put, self.since, after))
        self.latest = self.since

    @event(BallotCast)
    def _ballot_cast(
        self,
        *,
        dossier: UUID,
        seat: str,
        choice: Choice,
        cast_by: str | None,
        persons: tuple[str, ...],
    ) -> None:
        self.votes[dossier][-1].ballots[seat] = SeatBallot(seat, Choice(choice), cast_by)
        self.latest = self.since

    @event(BallotCorrected)
    def _ballot_corrected(
        self,
        *,
        dossier: UUID,
        seat: str,
        choice: Choice,
        was: Choice,
        reasons: str,
        persons: tuple[str, ...],
    ) -> None:
        vote = self.votes[dossier][-1]
        vote.ballots[seat] = SeatBallot(seat, Choice(choice), vote.ballots[seat].cast_by)
        vote.corrected += 1
        self.latest = self.since

    @event(Deliberated)
    def _deliberated(
        self,
        *,
        dossier: UUID,
        outcome: SessionOutcome,
        amount_cents: int | None,
        support: str | None,
        motive: str,
        rank: int | None,
        tally: SessionTally,
        quorum: Quorum,
    ) -> None:
        vote = self.votes[dossier][-1]
        if vote.deliberated is None:
            vote.took_part = self._there()
        vote.corrected = 0
        vote.deliberated = SessionDecision(
            outcome=SessionOutcome(outcome),
            amount_cents=amount_cents,
            support=support,
            motive=motive,
            rank=rank,
            deliberated_on=self.since,
            tally=tally,
            quorum=quorum,
        )
        self.latest = self.since
