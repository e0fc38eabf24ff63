"""A round, a grid and an assessment, with every field of every event given."""

from collections.abc import Iterator
from uuid import UUID

from domain.assessment import Assessment, Found
from domain.dates import PartialDate
from domain.evaluation import Evaluation, RoundKind
from domain.grid import GRIDS, Grids
from domain.journey import Journey
from domain.kernel import AccountId, Aggregate, Sealed
from domain.overdue import Coming
from domain.vote import Approval, Choice
from domain.workflow import Finding, Step, Verdict
from infrastructure.reference import shipped_grids, shipped_journeys
from tests import make

OTHER = UUID("2f1d7c52-64a9-4f1e-8b0a-1d7d5c3f9e20")
WHO = f"account:{OTHER}"


def samples(on: PartialDate) -> Iterator[Aggregate]:
    grids = Grids(GRIDS)
    for grid in shipped_grids():
        grids.publish(grid)
    yield grids
    yield _round(grids, on)
    yield _assessment(on)


def _round(grids: Grids, on: PartialDate) -> Evaluation:
    journeys = {journey.id: journey for journey in shipped_journeys()}
    journey, day = journeys["third_party"], make.day("2023-05-01")
    grid = next(grid for grid, _ in grids.grids.values() if grid.scale)
    made = Evaluation.plan(
        pole=OTHER,
        code="tetris-tiers-1",
        round_kind=RoundKind.THIRD_PARTY,
        grid=grid,
        journey=journey.ref,
        stage="planned",
        occurred_on=on,
    )
    made.designate_evaluator(
        name="Cabinet d'essai",
        person=None,
        siren="732829320",
        account=AccountId(OTHER),
        declared_unrelated=True,
    )
    made.declare_funders(["Fondation d'essai"])
    _move(made, journey, "open", "planned", "open", on)
    made.position("TER1a", 3, grid=grid, day=day, comment="carte jointe", evidence=(OTHER,))
    made.leave_unobserved("TER1b", grid=grid, day=day, motive="sans accès", evidence=(OTHER,))
    made.sign(party="organisation:Cabinet d'essai", holder=WHO)
    made.validate(party="organisation:COORACE", holder=WHO, remark="conforme", day=day)
    for before in ("1 months", None):
        coming = Coming(make.day("2023-07-01"), "answer", make.day("2023-07-31"), before)
        made.recall(coming, journey=journey.ref, state="open")
    _vote_on(made, journey)
    later = journey.model_copy(update={"version": "2027-01-01", "replaces": {"open": "submitted"}})
    made.migrate(later, occurred_on=PartialDate("2023-06"))
    made.follow(journeys["self_positioning"], {"phase": "2"}, occurred_on=on)
    return made


def _move(
    made: Evaluation, journey: Journey, way: str, left: str, to: str, on: PartialDate
) -> None:
    found = (Finding(clause="evaluator", verdict=Verdict.HELD, values={"evaluator.named": True}),)
    given = {"impacts": ["social", "economic"]}
    step = Step(transition=way, from_=left, to=to, input=given, findings=found)
    made.move(step, journey=journey.ref, occurred_on=on)


def _vote_on(made: Evaluation, journey: Journey) -> None:
    """One vote that is closed, and one that is called off."""
    approval = Approval.model_validate(
        {
            "source": "product rule",
            "colleges": {"network": {"title": {"fr": "Réseaux"}, "roles": ["network"]}},
            "tie": "chair",
            "chair": "network",
        }
    )
    way = journey.transition["submit"].model_copy(update={"approval": approval})
    voted, day = journey.model_copy(update={"transitions": (way,)}), make.day("2023-05-01")

    def opened() -> UUID:
        return made.open_vote(
            "submit",
            {"impacts": ["social"]},
            journey=voted,
            entered=(day, 1),
            day=day,
            initiator=f"pole:{OTHER}",
            holder=f"account:{make.ACTOR}",
        )

    vote = made.proposal(opened())
    made.cast_ballot(
        vote,
        approval,
        Choice.AGAINST,
        college="network",
        day=day,
        voter="organisation:COORACE",
        holder=WHO,
        role="network",
    )
    sealed = Sealed(ref="n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg")
    made.declare_recusal(vote, college="network", day=day, person=WHO, motive=sealed)
    made.close_vote(vote, day=day)
    made.withdraw_vote(made.proposal(opened()), approval, day=day)


def _assessment(on: PartialDate) -> Assessment:
    made = Assessment.make(
        pole=OTHER,
        grid="criteria_2012@2012-06-29",
        criterion="MIX",
        found=Found.PARTLY_MET,
        reasons="deux entreprises de l'ESS, une autre pressentie",
        evidence=(OTHER,),
        name="Réseau d'essai",
        person=None,
        capacity="réseau fondateur",
    )
    made.revise(
        found=Found.MET,
        reasons="l'autre a rejoint le pôle",
        evidence=(OTHER,),
        occurred_on=on,
    )
    made.withdraw(motive="enregistrée pour un autre pôle")
    return made
