"""What happens to every kind of case: votes and reminders, with every field given."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from domain.case import Case
from domain.journey import Journey
from domain.overdue import Coming
from domain.proposal import Proposal
from domain.values import Sealed
from domain.vote import Approval, Choice
from domain.words import Stored
from tests import make

OTHER = UUID("2f1d7c52-64a9-4f1e-8b0a-1d7d5c3f9e20")
WHO = f"account:{OTHER}"
SEALED = Sealed(ref="n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg")
DAY = make.day("2023-05-01")
APPROVAL = Approval.model_validate(
    {
        "source": "product rule",
        "colleges": {"network": {"title": {"fr": "Réseaux"}, "roles": ["network"]}},
        "tie": "chair",
        "chair": "network",
    }
)


def vote_on(
    made: Case,
    journey: Journey,
    way: str,
    given: Mapping[str, Stored],
    *,
    voter: str = "organisation:COORACE",
    initiator: str = f"pole:{OTHER}",
    who: str = WHO,
    day: date = DAY,
) -> None:
    """One vote on a step that is closed, and one that is called off."""
    asked = journey.transition[way].model_copy(update={"approval": APPROVAL})
    voted = journey.model_copy(update={"transitions": (asked,)})

    def opened() -> Proposal:
        vote = made.open_vote(
            way,
            given,
            journey=voted,
            entered=(day, 1),
            day=day,
            initiator=initiator,
            holder=f"account:{make.ACTOR}",
        )
        return made.proposal(vote)

    vote = opened()
    made.cast_ballot(
        vote,
        APPROVAL,
        Choice.AGAINST,
        college="network",
        day=day,
        voter=voter,
        holder=who,
        role="network",
    )
    made.declare_recusal(vote, college="network", day=day, person=who, motive=SEALED)
    made.close_vote(vote, day=day)
    made.withdraw_vote(opened(), APPROVAL, day=day)


def recall(made: Case, journey: str, state: str) -> None:
    """A deadline that comes near, then one that has passed."""
    for before in ("1 months", None):
        coming = Coming(make.day("2023-07-01"), "answer", make.day("2023-07-31"), before)
        made.recall(coming, journey=journey, state=state)
