"""Questions about one commitment, and what is around its money; amounts are whole cents."""

from fastapi import APIRouter

from application.commitment_sheet import CommitmentSheet
from application.follow_up_sheet import FollowUpSheet
from application.funding_plan_sheet import FundingPlanSheet
from application.single_undertaking_sheet import DeMinimisSheet
from interfaces.api.pole import InForce, Known
from interfaces.wiring import Product


def router(product: Product) -> APIRouter:
    """One route a commitment, a follow-up committee, a funding plan, an enterprise."""
    routes = APIRouter(prefix="/api", tags=["engagements financiers"])

    @routes.get("/commitments/{name}", summary="Un engagement financier, des deux côtés")
    def commitment(name: str, known: Known = None, in_force: InForce = None) -> CommitmentSheet:
        """What the funder promised and what blocks it; what the pole undertook."""
        return product.commitment(name, product.moment(known, in_force))

    @routes.get("/follow-ups/{name}", summary="Un comité de suivi, ses réunions, ce qu'il suit")
    def follow_up(name: str, known: Known = None, in_force: InForce = None) -> FollowUpSheet:
        return product.follow_up(name, product.moment(known, in_force))

    @routes.get("/funding-plans/{project}", summary="Le plan de financement d'un projet")
    def funding_plan(
        project: str, known: Known = None, in_force: InForce = None
    ) -> FundingPlanSheet:
        """Of a project, by its identity, or by its title where it is the only one to bear it."""
        return product.funding_plan(project, product.moment(known, in_force))

    @routes.get("/single-undertakings/{siren}", summary="Ce qu'une entreprise peut encore recevoir")
    def single_undertaking(
        siren: str, known: Known = None, in_force: InForce = None
    ) -> DeMinimisSheet:
        """De minimis aid; unknown without an attestation that covers the day asked about."""
        return product.single_undertaking(siren, product.moment(known, in_force))

    return routes
