"""Funding plans in words, and the list of their items."""

from enum import StrEnum
from uuid import UUID

from pydantic import Field

from application.funding_touched import touched_in_words
from application.listing import Listed, Listing, listing
from application.wording import WORDS, tells
from domain.funding_plan import FundingPlan
from domain.kernel import Event
from domain.money import euros
from domain.plan_balance import FunderStanding, TouchedKind

WORDS[FunderStanding] = {
    FunderStanding.ASKED: "sollicité",
    FunderStanding.CONFIRMED: "confirmé",
    FunderStanding.WITHDRAWN: "retiré",
}
WORDS[TouchedKind] = {
    TouchedKind.COMMITMENT: "engagement financier",
    TouchedKind.CONDITION: "condition",
}


class PlanItem(StrEnum):
    """What a line of a plan is."""

    COST = "cost"
    OWN = "own"
    FUNDER = "funder"
    IN_KIND = "in_kind"


WORDS[PlanItem] = {
    PlanItem.COST: "coût",
    PlanItem.OWN: "ressources propres",
    PlanItem.FUNDER: "financeur",
    PlanItem.IN_KIND: "contribution en nature",
}


@tells
def _tell(event: Event) -> tuple[str, str] | None:
    match event:
        case FundingPlan.DrawnUp():
            return "Plan de financement établi", ""
        case FundingPlan.CostSet(title=title, amount_cents=cents):
            return "Plan de financement : coût", f"{title} : {euros(cents)}"
        case FundingPlan.OwnResourcesSet(amount_cents=cents):
            return "Plan de financement : ressources propres", euros(cents)
        case FundingPlan.InKindSet(title=title, giver=giver, value_cents=cents):
            what = f"{title} ({giver}), d'une valeur de {euros(cents)}"
            return "Plan de financement : contribution en nature", what
        case FundingPlan.FunderAsked(funder=funder, asked_cents=cents):
            return "Financeur sollicité", f"{funder.name} : {euros(cents)}"
        case FundingPlan.FunderConfirmed(funder=funder, confirmed_cents=cents):
            return "Financeur confirmé", f"{funder.name} : {euros(cents)}"
        case FundingPlan.FunderWithdrew() as withdrew:
            return (
                "Financeur retiré",
                f"{withdrew.funder.name} ({euros(withdrew.cents)}) : {withdrew.reasons} ; "
                f"{touched_in_words(withdrew.touches)}",
            )
        case _:
            return None


# --- the list -----------------------------------------------------------------------------------


class FundingPlanListed(Listed):
    """An item of a plan as lists show it."""

    project: UUID
    item: PlanItem = Field(title="Nature")
    title: str = Field(title="Poste ou financeur")
    amount_cents: int
    amount: str = Field(title="Montant")
    standing: FunderStanding | None = Field(None, title="Où en est le financeur")

    @property
    def plan_page(self) -> str:
        return f"/plans-de-financement/{self.project}"


FUNDING_PLANS = listing(
    Listing(
        name="funding_plan",
        line=FundingPlanListed,
        title="Plans de financement",
        says="Les plans de financement des projets, poste par poste : coûts, ressources propres, "
        "contributions en nature, et où en est chaque financeur.",
        path="/plans-de-financement",
        columns=("pole_name", "item", "title", "amount", "standing", "occurred_on"),
        leads={"title": "plan_page"},
        filters=("project", "item", "standing"),
        order=("project", "item", "title"),
        empty="Aucun plan de financement n'est enregistré.",
        begun_by="funding_plan.draw_up",
    )
)
