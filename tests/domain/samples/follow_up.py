"""The follow-up committee of a pole, through everything that may happen to it."""

from collections.abc import Iterator
from uuid import UUID

from domain.dates import PartialDate
from domain.follow_up import FollowUp
from domain.follow_up_facts import FunderSeat, RecommendationOutcome
from domain.journey import Journey
from domain.kernel import Aggregate
from domain.organisation import Organisation
from domain.overdue import Coming
from domain.values import Sealed
from domain.vote import Approval, Choice
from domain.workflow import Finding, Step, Verdict
from tests import make

OTHER = UUID("2f1d7c52-64a9-4f1e-8b0a-1d7d5c3f9e20")
SEALED = Sealed(ref="n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg")
JOURNEY = "follow_up@2015-04-18"


def samples(on: PartialDate) -> Iterator[Aggregate]:
    day = on.first_day or make.TODAY
    committee = FollowUp.constitute(
        pole=OTHER,
        code="tetris-suivi",
        local=True,
        journey=JOURNEY,
        stage="standing",
        occurred_on=on,
        variables={"phase": "1"},
    )
    organisation = Organisation(name="Ministère fictif", siret="73282932000074")
    committee.seat(organisation, seat=FunderSeat.MINISTRY, office="bureau de l'ESS", day=day)
    committee.let_leave("Ministère fictif", motive="N'apporte plus de soutien.", day=day)
    committee.meet(
        present=("Ministère fictif", "Caisse des dépôts"),
        minutes=OTHER,
        conclusions="Le pôle poursuit.",
        occurred_on=PartialDate("2023-05-03"),
    )
    committee.file_minutes(make.day("2023-05-03"), OTHER)
    committee.withdraw_meeting(make.day("2023-05-03"), motive="Reportée.")
    committee.plan_evaluation(
        "periode_2023",
        period_ends=make.day("2023-12-31"),
        paid_by="État",
        evaluation=OTHER,
        day=day,
    )
    committee.receive_evaluation("periode_2023", evaluation=OTHER, document=OTHER, day=day)
    number = committee.note_recommendation("periode_2023", words="Élargir.", day=day)
    committee.settle_recommendation(
        number, outcome=RecommendationOutcome.PARTLY, answer="Deux membres de plus.", day=day
    )
    finding = Finding(
        clause="nothing_promised", verdict=Verdict.HELD, values={"commitments.open": 0}
    )
    step = Step(
        transition="dissolve",
        from_="standing",
        to="dissolved",
        input={"motive": "Fin du soutien."},
        findings=(finding,),
        variables={"phase": "2"},
    )
    _vote_on(committee)
    committee.move(step, journey=JOURNEY, occurred_on=on)
    small = _small()
    committee.migrate(small, occurred_on=PartialDate("2023-06"))
    committee.follow(small.model_copy(update={"id": "beside"}), {"phase": "3"}, occurred_on=on)
    for before in ("1 months", None):
        coming = Coming(make.day("2023-07-01"), "two_meetings", make.day("2023-12-31"), before)
        committee.recall(coming, journey=JOURNEY, state="dissolved")
    yield committee


def _small() -> Journey:
    title = {"fr": "Titre", "en": "Title"}
    return Journey.model_validate(
        {
            "id": "follow_up",
            "version": "2023-06",
            "source": ["product rule"],
            "facts": "FollowUpFacts",
            "initial": "standing",
            "states": {"standing": {"title": title}, "over": {"title": title, "final": True}},
            "replaces": {"dissolved": "over"},
            "transitions": {
                "dissolve": {
                    "title": title,
                    "from": ["standing"],
                    "to": "over",
                    "approval": {
                        "source": "product rule",
                        "colleges": {
                            "funders": {"title": {"fr": "Financeurs"}, "roles": ["funder"]}
                        },
                    },
                }
            },
        }
    )


def _vote_on(committee: FollowUp) -> None:
    """One vote that is closed, and one that is called off."""
    small, who, day = _small(), f"account:{OTHER}", make.day("2023-05-01")
    small = small.model_copy(update={"version": "2015-04-18"})
    approval = small.transitions[0].approval
    assert isinstance(approval, Approval)
    for called_off in (False, True):
        vote = committee.open_vote(
            "dissolve",
            {"motive": "Fin du soutien."},
            journey=small,
            entered=(day, 1),
            day=day,
            initiator=f"pole:{committee.pole}",
            holder=f"account:{make.ACTOR}",
        )
        proposal = committee.proposal(vote)
        if called_off:
            committee.withdraw_vote(proposal, approval, day=day)
            continue
        committee.cast_ballot(
            proposal,
            approval,
            Choice.AGAINST,
            college="funders",
            day=day,
            voter="organisation:Région fictive",
            holder=who,
            role="funder",
        )
        committee.declare_recusal(proposal, college="funders", day=day, person=who, motive=SEALED)
        committee.close_vote(proposal, day=day)
