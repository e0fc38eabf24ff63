"""A round, a grid and an assessment, with every field of every event given."""

from collections.abc import Iterator

from domain.assessment import Assessment, Found
from domain.dates import PartialDate
from domain.evaluation import Evaluation, RoundKind
from domain.grid import GRIDS, Grids
from domain.journey import Journey
from domain.kernel import Aggregate
from domain.provenance import AccountId
from domain.workflow import Finding, Step, Verdict
from infrastructure.reference import shipped_grids, shipped_journeys
from tests import make
from tests.domain.samples.of_every_kind import OTHER, WHO, recall, vote_on


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
    recall(made, journey.ref, "open")
    vote_on(made, journey, "submit", {"impacts": ["social"]})
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
