"""Voting: how the steps of a case are put to the vote, by whom, and what that decides."""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID, uuid4

from domain.journey import Journey
from domain.kernel import Aggregate, event
from domain.proposal import (
    AlreadyVoted,
    BallotCast,
    BeforeTheVote,
    CollegeFull,
    DayAndOrder,
    NoAbstention,
    NoSuchVote,
    NotInCollege,
    Proposal,
    ProposalId,
    RecusalDeclared,
    TooManyProxies,
    VoteClosed,
    VoteOpened,
    VoteOver,
    VoterExcluded,
    VoteStanding,
    VoteWithdrawn,
)
from domain.spelling import same
from domain.values import Sealed
from domain.vote import Approval, Ballot, Choice, Recusal, VoteOutcome
from domain.words import Stored, Text


class Voting(Aggregate):
    """An aggregate whose steps may be put to the vote.

    A vote is held in the state in which the case stands, under the version it follows: when it
    leaves the one or the other, whatever was voted there decides nothing more (product rule).
    Each kind nests its own events, with a topic.
    """

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.proposals: dict[ProposalId, Proposal] = {}

    def proposal(self, id_: UUID) -> Proposal:
        """One of its votes."""
        try:
            return self.proposals[ProposalId(id_)]
        except KeyError:
            raise NoSuchVote(proposal=id_) from None

    def standing_vote(self, id_: UUID, journey: Journey, entered: DayAndOrder) -> Proposal:
        """A vote that may still change: of the present stay, under the version now followed."""
        vote = self.proposal(id_)
        _not_called_off(vote)
        if vote not in self.votes_on(date.max, journey, entered):
            raise VoteOver(
                reason=Text(
                    fr="l'étape où il a été ouvert est quittée, ou ses règles ont changé",
                    en="the case has left the stage, or the rules, in which it was opened",
                ),
            )
        return vote

    def votes_on(
        self, day: date, journey: Journey, entered: DayAndOrder, followed: str | None = None
    ) -> list[Proposal]:
        """The votes of a stay in a state, opened by a day and not called off, in their order.

        Args:
            followed: the version under which they were to be opened, where they are to be judged
                by the rules of another one.
        """
        return sorted(
            (
                vote
                for vote in self.proposals.values()
                if vote.journey == (followed or journey.ref)
                and entered < vote.opened <= (day, self.version)
                and not (vote.withdrawn and vote.withdrawn <= day)
                and vote.transition in journey.transition
                and journey.transition[vote.transition].approval
            ),
            key=lambda vote: vote.opened,
        )

    def carried_on(
        self, day: date, journey: Journey, entered: DayAndOrder, followed: str | None = None
    ) -> dict[str, Proposal]:
        """The transitions carried in a stay, each with the last vote that did so."""
        found = {}
        for vote in self.votes_on(day, journey, entered, followed):
            approval = journey.transition[vote.transition].approval
            if approval and vote.tally_on(day, approval).outcome is VoteOutcome.CARRIED:
                found[vote.transition] = vote
        return found

    # Decisions.

    def open_vote(
        self,
        transition: str,
        given: Mapping[str, Stored],
        *,
        journey: Journey,
        entered: DayAndOrder,
        day: date,
        initiator: str,
        holder: str | None,
    ) -> ProposalId:
        """Put a step to the vote, with what it is to be given."""
        if day < entered[0]:
            raise BeforeTheVote(day=day, since=entered[0])
        way = journey.transition[transition]
        for vote in self.votes_on(date.max, journey, entered):
            standing = way.approval and vote.tally_on(date.max, way.approval).outcome
            if vote.transition == transition and standing is VoteOutcome.OPEN:
                raise VoteStanding(title=way.title.fr or way.id, proposal=vote.id)
        proposal = ProposalId(uuid4())
        self._vote_opened(
            proposal=proposal,
            journey=journey.ref,
            transition=transition,
            input=dict(given),
            initiator=initiator,
            holder=holder,
        )
        return proposal

    def cast_ballot(
        self,
        vote: Proposal,
        approval: Approval,
        choice: Choice,
        *,
        college: str,
        day: date,
        voter: str,
        holder: str | None,
        role: str,
    ) -> None:
        """Vote, or let somebody be voted for by who holds their mandate. A ballot is final."""
        self._can_change(vote, day)
        _admit_voter(vote, approval, {same(voter)} | ({same(holder)} if holder else set()))
        cast = [ballot for _, ballot in vote.ballots]
        if same(voter) in {ballot.voter for ballot in cast}:
            raise AlreadyVoted
        count = vote.tally_on(date.max, approval)
        here = next(c for c in count.counts if c.college == college)
        if here.left == 0:
            raise CollegeFull(college=_title(approval, college))
        if count.outcome is not VoteOutcome.OPEN and any(c.seats is None for c in count.counts):
            raise VoteOver(reason=Text(fr="il est acquis", en="it is decided"))
        if choice is Choice.ABSTAIN and not approval.abstention:
            raise NoAbstention
        if holder and sum(b.holder == same(holder) for b in cast) >= approval.proxies:
            raise TooManyProxies(limit=approval.proxies)
        self._ballot_cast(
            proposal=vote.id,
            college=college,
            choice=choice,
            voter=voter,
            holder=holder,
            chair=approval.chair == role,
        )

    def declare_recusal(
        self, vote: Proposal, *, college: str, day: date, person: str, motive: Sealed | None
    ) -> None:
        """Take no part in a vote: neither the voice nor the seat counts, even once given.

        It may come after the vote was decided, until the step is taken: what was decided with an
        interested person is counted again without them.
        """
        self._can_change(vote, day, closed=True)
        if same(person) in vote.out:
            raise VoterExcluded(
                reason=Text(
                    fr="Cette personne s'est déjà déportée de ce vote.",
                    en="This person is already recused from this vote.",
                ),
                roles="",
            )
        self._recusal_declared(proposal=vote.id, college=college, person=person, motive=motive)

    def close_vote(self, vote: Proposal, *, day: date) -> None:
        """Take no further ballot: those that were cast decide."""
        self._can_change(vote, day)
        latest = max((since for since, _ in vote.ballots), default=day)
        if day < latest:
            raise BeforeTheVote(day=day, since=latest)
        self._vote_closed(proposal=vote.id)

    def withdraw_vote(self, vote: Proposal, approval: Approval, *, day: date) -> None:
        """Call a vote off, as long as it has decided nothing."""
        self._can_change(vote, day)
        if vote.tally_on(date.max, approval).outcome is not VoteOutcome.OPEN:
            raise VoteOver(reason=Text(fr="il est acquis", en="it is decided"))
        self._vote_withdrawn(proposal=vote.id)

    @staticmethod
    def _can_change(vote: Proposal, day: date, *, closed: bool = False) -> None:
        _not_called_off(vote)
        if vote.closed and not closed:
            raise VoteOver(reason=Text(fr="il est clos", en="it is closed"))
        if day < vote.opened[0]:
            raise BeforeTheVote(day=day, since=vote.opened[0])

    # What is remembered.

    @event(VoteOpened)
    def _vote_opened(
        self,
        *,
        proposal: ProposalId,
        journey: str,
        transition: str,
        input: Mapping[str, Stored],  # noqa: A002  # the journey's own word
        initiator: str,
        holder: str | None,
    ) -> None:
        self.proposals[proposal] = Proposal(
            id=proposal,
            journey=journey,
            transition=transition,
            input=input,
            initiator=frozenset(same(party) for party in (initiator, holder) if party),
            opened=(self.since, self.version),
        )

    @event(BallotCast)
    def _ballot_cast(
        self,
        *,
        proposal: ProposalId,
        college: str,
        choice: Choice,
        voter: str,
        holder: str | None,
        chair: bool,
    ) -> None:
        ballot = Ballot(same(voter), college, choice, holder and same(holder), chair)
        self.proposals[proposal].ballots.append((self.since, ballot))

    @event(RecusalDeclared)
    def _recusal_declared(
        self, *, proposal: ProposalId, college: str, person: str, motive: Sealed | None
    ) -> None:
        recusal = Recusal(same(person), college)
        self.proposals[proposal].recusals.append((self.since, recusal))

    @event(VoteClosed)
    def _vote_closed(self, *, proposal: ProposalId) -> None:
        self.proposals[proposal].closed = self.since

    @event(VoteWithdrawn)
    def _vote_withdrawn(self, *, proposal: ProposalId) -> None:
        self.proposals[proposal].withdrawn = self.since


def _not_called_off(vote: Proposal) -> None:
    if vote.withdrawn:
        raise VoteOver(reason=Text(fr="il a été retiré", en="it was called off"))


def college_of(approval: Approval, role: str, college: str | None) -> str:
    """The college in which a role sits; to be named where it sits in several."""
    sits = [c.id for c in approval.colleges if role in c.roles]
    if college is None and len(sits) == 1:
        return sits[0]
    if college not in sits:
        known = ", ".join(_title(approval, c.id) + f" ({c.id})" for c in approval.colleges)
        raise NotInCollege(sits=_where(sits, college), known=known)
    return college


def _where(sits: Collection[str], college: str | None) -> Text:
    if college is not None:
        return Text(fr=f"ne siège pas dans « {college} »", en=f"does not sit in “{college}”")
    if sits:
        return Text(
            fr="siège dans plusieurs collèges : dites lequel", en="sits in several: say which"
        )
    return Text(fr="ne siège dans aucun collège", en="sits in no college")


def _title(approval: Approval, college: str) -> str:
    return next(c.title.say("fr") for c in approval.colleges if c.id == college)


def _admit_voter(vote: Proposal, approval: Approval, persons: Collection[str]) -> None:
    """Refuse those who take no part."""
    if vote.out.intersection(persons):
        raise VoterExcluded(
            reason=Text(
                fr="Qui s'est déporté d'un vote n'y prend aucune part, ni pour soi ni pour autrui.",
                en="Who is recused takes no part in a vote, for themself or for others.",
            ),
            roles="",
        )
    if approval.initiator_excluded and vote.initiator.intersection(persons):
        raise VoterExcluded(
            reason=Text(
                fr="Qui a soumis cette étape au vote n'y prend pas part lui-même.",
                en="Who put this step to the vote takes no part in it.",
            ),
            roles="",
        )
