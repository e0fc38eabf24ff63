"""Balloting: what a session puts to the vote, who may vote on it, and what is deliberated.

A recused member takes no part in an item: neither the voice nor the seat counts, for themself or
for others, whenever the interest is declared (code des relations entre le public et
l'administration, article R. 133-12).
"""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from domain.ballots import BEFORE_APPROVAL, HELD, Ballots
from domain.convocation import SessionMode, SessionStanding
from domain.deliberation import (
    DECIDES,
    ItemVote,
    ProposedDecision,
    Quorum,
    Room,
    SessionDecision,
    SessionOutcome,
    outcome,
    tally,
)
from domain.distinct import Persons
from domain.recording import recording
from domain.session_proposal import check_bounds, check_proposal, check_room, fits
from domain.session_refusals import (
    AlreadyRecused,
    DossierAlreadyDecided,
    NoBallotThere,
    NothingPutToVote,
    NotTakingPart,
    NoVoice,
    QuorumLacking,
    RankWanting,
    RecusedMember,
    SeatVoted,
    StillVoting,
    VoteNotConcluded,
    WrittenVoteOver,
)
from domain.values import Sealed
from domain.vote import Choice
from domain.words import Text


class Balloting(Ballots):
    """The part of a session that decides who may vote on what, and what is deliberated."""

    # Decisions.

    def declare_interest(
        self,
        seat: str,
        dossier: UUID,
        *,
        words: Sealed | None,
        persons: Persons,
        room: Room,
        day: date,
        declared_in: UUID | None = None,
    ) -> None:
        """Take no part in a dossier. What was voted already is struck, and counted again."""
        self.check_stage(*BEFORE_APPROVAL)
        self.check_day(day)
        self.check_item(dossier)
        if seat in self.recused_from(dossier):
            raise AlreadyRecused(seat=seat)
        struck = {name for vote in self.votes.get(dossier, ()) for name in vote.struck_by(seat)}
        self._interest_declared(
            seat=seat,
            dossier=dossier,
            words=words,
            struck=tuple(sorted(struck)),
            declared_in=declared_in,
            persons=persons,
        )
        self._count_again(dossier, room)

    def put_to_vote(
        self,
        dossier: UUID,
        proposal: ProposedDecision,
        *,
        title: str,
        room: Room,
        bounds: tuple[int | None, int | None],
        day: date,
        after: int = 0,
    ) -> None:
        """Propose something of a dossier; another proposal is put once this one is concluded.

        Args:
            after: the event of the dossier by which it was last reopened; 0 where it never was.
        """
        self.check_stage(SessionStanding.OPEN)
        self.check_day(day)
        self.check_item(dossier)
        latest = self.vote_on(dossier)
        if latest and latest.standing and latest.standing.decides:
            raise DossierAlreadyDecided(code=self.code)
        if self._is_pending(dossier):
            raise VoteNotConcluded
        check_proposal(proposal)
        check_bounds(proposal.amount_cents, bounds)
        check_room(proposal, room)
        self._put_to_vote(dossier=dossier, title=title, after=after, **proposal.model_dump())

    def cast(
        self,
        dossier: UUID,
        seat: str,
        choice: Choice,
        *,
        cast_by: str | None,
        persons: Persons,
        day: date,
        received: datetime | None = None,
    ) -> None:
        """Vote, or let the seat that has the proxy vote. One ballot a seat and item.

        Args:
            received: the instant at which who votes sent it; none where it is entered for them
                from paper, which its day dates.
        """
        self.check_stage(SessionStanding.OPEN)
        self.check_day(day)
        vote = self._voting_on(dossier)
        if vote.deliberated is not None:
            raise DossierAlreadyDecided(code=self.code)
        if not self.seat(seat).votes:
            raise NoVoice(seat=seat, roles="")
        for one in (seat, cast_by):
            if one is not None and one in self.recused_from(dossier):
                raise RecusedMember(seat=one, roles="")
        if seat in vote.ballots:
            raise SeatVoted(seat=seat)
        self._check_voter(seat, cast_by)
        self._check_in_time(day, received)
        self._ballot_cast(
            dossier=dossier, seat=seat, choice=choice, cast_by=cast_by, persons=persons
        )

    def correct_ballot(
        self,
        dossier: UUID,
        seat: str,
        choice: Choice,
        *,
        reasons: str,
        persons: Persons,
        room: Room,
        day: date,
    ) -> None:
        """Correct a contested ballot before approval; what was deliberated is counted again.

        Where it would now select a dossier beyond the envelope, or with a rank that is taken, or
        what another session has decided since, nothing is decided of it here any more.
        """
        self.check_stage(*HELD)
        self.check_day(day)
        vote = self._voting_on(dossier)
        known = vote.ballots.get(seat)
        if seat in self.recused_from(dossier):
            raise RecusedMember(seat=seat, roles="")
        if known is None or known.choice is choice:
            raise NoBallotThere(seat=seat, other=_CHOICES[choice])
        self._ballot_corrected(
            dossier=dossier,
            seat=seat,
            choice=choice,
            was=known.choice,
            reasons=reasons,
            persons=persons,
        )
        self._count_again(dossier, room)

    def deliberate(self, dossier: UUID, *, room: Room, day: date) -> None:
        """Count the voices of the present vote on a dossier, and say what they come to."""
        self.check_stage(SessionStanding.OPEN)
        self.check_day(day)
        vote = self._voting_on(dossier)
        if vote.standing is not None:
            raise DossierAlreadyDecided(code=self.code)
        self._check_complete(dossier, vote, day)
        present = self.quorum_on(dossier)
        if not present.is_met:
            raise QuorumLacking(quorum=present)
        found = self._outcome(vote)
        if found is not SessionOutcome.NOT_CARRIED:
            check_room(vote.proposal, room)
        self._conclude(dossier, vote, found, present)

    def close(self, *, room: Room, day: date) -> None:
        """Put nothing more to the vote. What was voted on is concluded, and the reserve ranked.

        Args:
            room: the ranks that are taken in its wave.
        """
        self.check_stage(SessionStanding.OPEN)
        self.check_day(day)
        if any(self._is_pending(dossier) for dossier in self.agenda):
            raise VoteNotConcluded
        self._check_ranks(room)
        self._closed()

    # How.

    def _check_ranks(self, room: Room) -> None:
        """Refuse ranks of its own that do not follow those of other sessions, or each other.

        A rank that was put to the vote and is not held was not forgotten: whoever left it, by a
        correction or a new deliberation, moves the others up (`reserve_list`).
        """
        told = [vote.proposal.rank for votes in self.votes.values() for vote in votes]
        held = [one.rank or 0 for one in self.standing_decisions.values() if _reserves(one)]
        elsewhere = room.ranks.difference(held)
        following = range(max(elsewhere, default=0) + 1, max(held, default=0))
        wanting = set(following).difference(told)
        if wanting:
            raise RankWanting(rank=min(wanting))

    def _count_again(self, dossier: UUID, room: Room) -> None:
        """Conclude a vote again whose ballots changed; leave it open where it cannot stand."""
        vote = self.vote_on(dossier)
        if vote is None or vote.deliberated is None:
            return
        present = self.quorum_on(dossier)
        found = self._outcome(vote) if present.is_met else SessionOutcome.NO_QUORUM
        if found in DECIDES and (room.is_decided or not fits(vote.proposal, room)):
            return
        self._conclude(dossier, vote, found, present)

    def _outcome(self, vote: ItemVote) -> SessionOutcome:
        return outcome(vote.proposal, tally(self.seats, vote.ballots.values()), self.rules)

    def _conclude(
        self, dossier: UUID, vote: ItemVote, found: SessionOutcome, present: Quorum
    ) -> None:
        decided = vote.proposal
        self._deliberated(
            dossier=dossier,
            outcome=found,
            amount_cents=decided.amount_cents,
            support=decided.support,
            motive=decided.motive,
            rank=decided.rank,
            tally=tally(self.seats, vote.ballots.values()),
            quorum=present,
        )

    def _is_pending(self, dossier: UUID) -> bool:
        """Whether ballots wait to be counted, and there is a quorum to do so."""
        vote = self.vote_on(dossier)
        return bool(
            vote and vote.ballots and vote.deliberated is None and self.quorum_on(dossier).is_met
        )

    def _voting_on(self, dossier: UUID) -> ItemVote:
        self.check_item(dossier)
        vote = self.vote_on(dossier)
        if vote is None:
            raise NothingPutToVote
        return vote

    def _check_voter(self, seat: str, cast_by: str | None) -> None:
        if self.mode is SessionMode.WRITTEN:
            if cast_by is not None:
                raise NotTakingPart(
                    seat=seat,
                    reason=Text(
                        fr="un vote écrit se donne soi-même", en="one votes in writing oneself"
                    ),
                )
            return
        at = self.attendance.get(seat)
        if cast_by is None:
            reason = Text(
                fr="il n'est noté ni présent, ni à distance",
                en="it is noted neither present nor at a distance",
            )
            is_wrong = not self.is_here(seat)
        else:
            reason = Text(
                fr=f"« {cast_by} » n'a pas son mandat, ou n'est pas là",
                en=f"“{cast_by}” does not have its proxy, or is not there",
            )
            is_wrong = at is None or at.proxy_to != cast_by or not self.is_here(cast_by)
        if is_wrong:
            raise NotTakingPart(seat=seat, reason=reason)

    def _check_in_time(self, day: date, received: datetime | None) -> None:
        end = self.ends_at
        if end and (day > end.day or (received is not None and received >= end.over)):
            raise WrittenVoteOver(until=end)

    def _check_complete(self, dossier: UUID, vote: ItemVote, day: date) -> None:
        end = self.ends_at
        if end is None or (day >= end.day and recording().now >= end.over):
            return
        if {s.id for s in self.seats if s.votes} - self.recused_from(dossier) - set(vote.ballots):
            raise StillVoting(until=end)


_CHOICES: Mapping[Choice, Text] = {
    Choice.FOR: Text(fr="pour", en="for"),
    Choice.AGAINST: Text(fr="contre", en="against"),
    Choice.ABSTAIN: Text(fr="abstention", en="abstention"),
}


def _reserves(decided: SessionDecision) -> bool:
    return decided.outcome is SessionOutcome.RESERVE
