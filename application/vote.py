"""Put a step to the vote, vote, stand aside, and close or call off a vote."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from pydantic import Field
from typing_extensions import override

from application.command import Work
from application.pole import PoleCommand
from domain.case import Case, journey_id
from domain.journey import Journey, Transition
from domain.kernel import Personal
from domain.pole import Pole
from domain.proposal import Proposal, ProposalId, college_of
from domain.vote import Approval, Choice
from domain.words import Id, Name
from domain.workflow import authorise_vote, propose

MOTIVE = "recusal"
"""The purpose for which the reason of a recusal is kept."""


def open_vote(
    work: Work, case: Case, transition: str, given: dict[str, Any], *, on: str | None = None
) -> ProposalId:
    """Put a step of a journey of a case to the vote, with what it is to be given."""
    track = case.track(on)
    journey = work.compiled(track.journey).journey
    stay = track.states.last
    kept = propose(journey, stay.value, transition, who=work.who, given=given)
    initiator, holder = work.party
    return case.open_vote(
        transition,
        kept,
        journey=journey,
        entered=stay.place,
        day=work.day,
        initiator=initiator,
        holder=holder,
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """A vote that may still change, and the rule it follows."""

    vote: Proposal
    journey: Journey
    state: str
    way: Transition
    approval: Approval


def standing(work: Work, case: Case, proposal: UUID) -> Standing:
    """One of the votes of a case, unless it is over."""
    track = case.track(journey_id(case.proposal(proposal).journey))
    journey = work.compiled(track.journey).journey
    stay = track.states.last
    vote = case.standing_vote(proposal, journey, stay.place)
    way = journey.transition[vote.transition]
    if way.approval is None:
        raise TypeError(way.id)  # a standing vote is one on a step that asks for one
    return Standing(vote, journey, stay.value, way, way.approval)


def authorised(work: Work, case: Case, proposal: UUID) -> Standing:
    """The same, for who may close or call it off."""
    found = standing(work, case, proposal)
    authorise_vote(found.journey, found.state, found.way, work.who)
    return found


class OpenVote(PoleCommand, name="pole.open_vote", says="Soumettre une étape d'un pôle au vote."):
    """Put a step of a pole's journey to the vote; the answer is the identity of the vote."""

    transition: Id = Field(description="Le passage soumis au vote.")
    input: dict[str, Any] = Field(
        default={}, description="Ce que le passage recevra : cela seul sera voté."
    )

    @override
    def act(self, work: Work, pole: Pole) -> UUID:
        return open_vote(work, pole, self.transition, self.input)


class VoteCommand(PoleCommand):
    """Something done in one vote."""

    vote: UUID = Field(description="Identifiant du vote.")


class CastBallot(
    VoteCommand, name="pole.cast_ballot", says="Voter ; un bulletin ne se change pas."
):
    """Vote, in the role one acts in; under a mandate, for whom one represents."""

    choice: Choice = Field(description="Pour, contre, ou abstention.")
    college: Name | None = Field(None, description="Le collège, si le rôle siège dans plusieurs.")

    @override
    def act(self, work: Work, pole: Pole) -> UUID:
        found = standing(work, pole, self.vote)
        voter, holder = work.party
        (role,) = work.who.roles
        pole.cast_ballot(
            found.vote,
            found.approval,
            self.choice,
            college=college_of(found.approval, role, self.college),
            day=work.day,
            voter=voter,
            holder=holder,
            role=role,
        )
        return found.vote.id


class DeclareRecusal(
    VoteCommand,
    name="pole.declare_recusal",
    says="Se déporter d'un vote ; le motif est scellé.",
):
    """Take no part in a vote; the motive is sealed."""

    motive: Personal | None = Field(None, description="Pourquoi (scellé).")
    college: Name | None = Field(None, description="Le collège, si le rôle siège dans plusieurs.")

    @override
    def act(self, work: Work, pole: Pole) -> UUID:
        found = standing(work, pole, self.vote)
        (role,) = work.who.roles
        college = college_of(found.approval, role, self.college)
        sealed = None
        if self.motive:
            sealed = work.seal(
                self.motive,
                event=Pole.RecusalDeclared,
                field="motive",
                purpose=MOTIVE,
                subject=uuid4(),
            )
        person, _ = work.party
        pole.declare_recusal(
            found.vote, college=college, day=work.day, person=person, motive=sealed
        )
        return found.vote.id


class CloseVote(
    VoteCommand, name="pole.close_vote", says="Clore un vote : les bulletins reçus décident."
):
    """Take no further ballot: those that were cast decide."""

    @override
    def act(self, work: Work, pole: Pole) -> UUID:
        vote = authorised(work, pole, self.vote).vote
        pole.close_vote(vote, day=work.day)
        return vote.id


class WithdrawVote(
    VoteCommand, name="pole.withdraw_vote", says="Retirer un vote qui n'a encore rien décidé."
):
    """Call a vote off before it has decided anything."""

    @override
    def act(self, work: Work, pole: Pole) -> UUID:
        found = authorised(work, pole, self.vote)
        pole.withdraw_vote(found.vote, found.approval, day=work.day)
        return found.vote.id
