"""Put a step to the vote, vote, stand aside, and close or call off a vote."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from pydantic import Field
from typing_extensions import override

from application.command import Command, Work
from application.evaluation import EvaluationCommand
from application.offices import PART_TAKERS
from application.pole import PoleCommand
from domain.case import Case, journey_id
from domain.evaluation import Evaluation
from domain.journey import Journey, Transition
from domain.pole import Pole
from domain.proposal import Proposal, ProposalId, RecusalDeclared
from domain.values import Personal
from domain.vote import Approval, Choice
from domain.voting import college_of
from domain.words import Id, Name
from domain.workflow import authorise_vote, propose


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
class RunningVote:
    """A vote that may still change, and the rule it follows."""

    vote: Proposal
    journey: Journey
    state: str
    way: Transition
    approval: Approval


def standing(work: Work, case: Case, proposal: UUID) -> RunningVote:
    """One of the votes of a case, unless it is over."""
    track = case.track(journey_id(case.proposal(proposal).journey))
    journey = work.compiled(track.journey).journey
    stay = track.states.last
    vote = case.standing_vote(proposal, journey, stay.place)
    way = journey.transition[vote.transition]
    if way.approval is None:
        raise TypeError(way.id)  # a standing vote is one on a step that asks for one
    return RunningVote(vote, journey, stay.value, way, way.approval)


def authorised(work: Work, case: Case, proposal: UUID) -> RunningVote:
    """The same, for who may close or call it off."""
    found = standing(work, case, proposal)
    authorise_vote(found.journey, found.state, found.way, work.who)
    return found


# --- what is done in a vote, on a case of any kind ----------------------------------------------


class Voted(Command):
    """Something done in the votes of a case; what it is a case of, a kind below says."""

    @abstractmethod
    def vote_on(self, work: Work, case: Case) -> UUID:
        """Do it with a case; give the vote, or what was made in it."""


class OnPole(PoleCommand, Voted):
    """In those of a pole."""

    @override
    def act(self, work: Work, pole: Pole) -> UUID:
        return self.vote_on(work, pole)


class OnRound(EvaluationCommand, Voted):
    """In those of an evaluation round."""

    @override
    def act(self, work: Work, case: Evaluation) -> UUID:
        return self.vote_on(work, case)


class Opening(Voted):
    transition: Id = Field(description="Le passage soumis au vote.")
    input: dict[str, Any] = Field(
        default={}, description="Ce que le passage recevra : cela seul sera voté."
    )
    on: Name | None = Field(None, description="Le parcours, si ce n'est pas le principal.")

    @override
    def vote_on(self, work: Work, case: Case) -> UUID:
        return open_vote(work, case, self.transition, self.input, on=self.on)


class InOneVote(Voted):
    vote: UUID = Field(description="Identifiant du vote.")


class Casting(InOneVote):
    choice: Choice = Field(description="Pour, contre, ou abstention.")
    college: Name | None = Field(None, description="Le collège, si le rôle siège dans plusieurs.")

    @override
    def vote_on(self, work: Work, case: Case) -> UUID:
        found = standing(work, case, self.vote)
        voter, holder = work.party
        (role,) = work.who.roles
        case.cast_ballot(
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


class StandingAside(InOneVote):
    motive: Personal | None = Field(None, description="Pourquoi (scellé).")
    college: Name | None = Field(None, description="Le collège, si le rôle siège dans plusieurs.")

    @override
    def vote_on(self, work: Work, case: Case) -> UUID:
        found = standing(work, case, self.vote)
        (role,) = work.who.roles
        college = college_of(found.approval, role, self.college)
        sealed = None
        if self.motive:
            sealed = work.seal(
                self.motive,
                event=case.own(RecusalDeclared),
                field="motive",
                subject=uuid4(),
            )
        person, _ = work.party
        case.declare_recusal(
            found.vote, college=college, day=work.day, person=person, motive=sealed
        )
        return found.vote.id


class Closing(InOneVote):
    @override
    def vote_on(self, work: Work, case: Case) -> UUID:
        vote = authorised(work, case, self.vote).vote
        case.close_vote(vote, day=work.day)
        return vote.id


class Withdrawing(InOneVote):
    @override
    def vote_on(self, work: Work, case: Case) -> UUID:
        found = authorised(work, case, self.vote)
        case.withdraw_vote(found.vote, found.approval, day=work.day)
        return found.vote.id


# --- the commands -------------------------------------------------------------------------------


class OpenVote(
    Opening,
    OnPole,
    name="pole.open_vote",
    says="Soumettre une étape d'un pôle au vote.",
    by=PART_TAKERS,
):
    """Put a step of a pole's journey to the vote; the answer is the identity of the vote."""


class OpenRoundVote(
    Opening,
    OnRound,
    name="evaluation.open_vote",
    says="Soumettre une étape d'un tour d'évaluation au vote.",
    by=PART_TAKERS,
):
    """Put a step of a round's journey to the vote; the answer is the identity of the vote."""


class CastBallot(
    Casting,
    OnPole,
    name="pole.cast_ballot",
    says="Voter ; un bulletin ne se change pas.",
    by=PART_TAKERS,
):
    """Vote, in the role one acts in; under a mandate, for whom one represents."""


class CastRoundBallot(
    Casting,
    OnRound,
    name="evaluation.cast_ballot",
    says="Voter sur une étape d'un tour d'évaluation ; un bulletin ne se change pas.",
    by=PART_TAKERS,
):
    """Vote on a round, in the role one acts in; under a mandate, for whom one represents."""


class DeclareRecusal(
    StandingAside,
    OnPole,
    name="pole.declare_recusal",
    says="Se déporter d'un vote ; le motif est scellé.",
    by=PART_TAKERS,
):
    """Take no part in a vote; the motive is sealed."""


class DeclareRoundRecusal(
    StandingAside,
    OnRound,
    name="evaluation.declare_recusal",
    says="Se déporter d'un vote sur un tour d'évaluation ; le motif est scellé.",
    by=PART_TAKERS,
):
    """Take no part in a vote on a round; the motive is sealed."""


class CloseVote(
    Closing,
    OnPole,
    name="pole.close_vote",
    says="Clore un vote : les bulletins reçus décident.",
    by=PART_TAKERS,
):
    """Take no further ballot: those that were cast decide."""


class CloseRoundVote(
    Closing,
    OnRound,
    name="evaluation.close_vote",
    says="Clore un vote sur un tour d'évaluation : les bulletins reçus décident.",
    by=PART_TAKERS,
):
    """Take no further ballot on a round: those that were cast decide."""


class WithdrawVote(
    Withdrawing,
    OnPole,
    name="pole.withdraw_vote",
    says="Retirer un vote qui n'a encore rien décidé.",
    by=PART_TAKERS,
):
    """Call a vote off before it has decided anything."""


class WithdrawRoundVote(
    Withdrawing,
    OnRound,
    name="evaluation.withdraw_vote",
    says="Retirer un vote sur un tour d'évaluation qui n'a encore rien décidé.",
    by=PART_TAKERS,
):
    """Call a vote on a round off before it has decided anything."""
