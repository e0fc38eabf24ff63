"""The funding plan of a project."""

from collections.abc import Iterator
from uuid import UUID

from domain.dates import PartialDate
from domain.funding_plan import FundingPlan
from domain.kernel import Aggregate
from domain.organisation import Organisation
from domain.plan_balance import Touched, TouchedKind
from tests import make

OTHER = UUID("2f1d7c52-64a9-4f1e-8b0a-1d7d5c3f9e20")


def samples(on: PartialDate) -> Iterator[Aggregate]:
    day = on.first_day or make.TODAY
    plan = FundingPlan.draw_up(project=OTHER, pole=OTHER)
    plan.set_cost("Salaires", cents=12_000_000, pole=OTHER, day=day)
    plan.set_own_resources(2_000_000, pole=OTHER, day=day)
    plan.set_in_kind(
        "Local",
        giver="Commune fictive",
        cents=600_000,
        words="Mise à disposition d'un local, à la valeur du loyer.",
        pole=OTHER,
        day=day,
    )
    funder = Organisation(name="Région fictive", siret="73282932000074")
    plan.ask_funder(funder, cents=10_000_000, pole=OTHER, day=day)
    plan.confirm_funder("Région fictive", cents=9_000_000, pole=OTHER, day=day)
    touched = Touched(
        kind=TouchedKind.CONDITION,
        commitment=OTHER,
        code="tetris-engagement-1",
        funder="État",
        condition="cofinancement",
        title="La Région confirme",
        tranches=("solde",),
    )
    plan.withdraw_funder(
        "Région fictive", reasons="Budget réduit.", touches=(touched,), pole=OTHER, day=day
    )
    yield plan
