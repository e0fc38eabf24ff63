"""The pages of commitments, follow-up committees, funding plans, de minimis aid."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from application.funding_plan_list import FUNDING_PLANS
from application.world import Moment
from domain.commitment import Regime, SupportKind
from interfaces.web.case import parts
from interfaces.web.page import READ, ask, pages, show
from interfaces.wiring import Product

COMMITMENTS = "/engagements-financiers"
FOLLOW_UPS = "/comites-de-suivi"
PLANS = "/plans-de-financement"
UNDERTAKINGS = "/entreprises-de-minimis"


def router(product: Product) -> APIRouter:
    """What lies under the lists of commitments and of what is around their money."""
    routes = pages()

    @routes.api_route(f"{COMMITMENTS}/{{name}}", methods=READ)
    def commitment(request: Request, name: str) -> Response:
        """Show both sides: what the funder promised, what the pole undertook."""
        moment, asked = ask(product, request)
        found = product.commitment(name, moment)
        return show(
            request,
            "commitment/sheet.html",
            asked,
            here=f"{COMMITMENTS}/{found.code}",
            sheet=found,
            in_kind=found.support_kind is SupportKind.IN_KIND,
            other_regime=found.regime is Regime.OTHER,
            titles={tranche.id: tranche.title for tranche in found.tranches},
            next_one=next((t for t in found.tranches if t.id == found.next_tranche), None),
            plan=plan_of(product, found.project, moment),
            case=parts(product, "commitment", name, moment),
        )

    @routes.api_route(f"{FOLLOW_UPS}/{{name}}", methods=READ)
    def follow_up(request: Request, name: str) -> Response:
        """Show a follow-up committee: who sits, its meetings, what it follows."""
        moment, asked = ask(product, request)
        found = product.follow_up(name, moment)
        return show(
            request,
            "follow_up/sheet.html",
            asked,
            here=f"{FOLLOW_UPS}/{found.code}",
            sheet=found,
            case=parts(product, "follow_up", name, moment),
        )

    @routes.api_route(f"{PLANS}/{{project}}", methods=READ)
    def funding_plan(request: Request, project: str) -> Response:
        """Show the funding plan of a project, and whether it holds."""
        moment, asked = ask(product, request)
        found = product.funding_plan(project, moment)
        here = f"{PLANS}/{found.project}"
        return show(request, "funding_plan/sheet.html", asked, here=here, sheet=found)

    @routes.api_route(f"{UNDERTAKINGS}/{{siren}}", methods=READ)
    def single_undertaking(request: Request, siren: str) -> Response:
        """Show what an enterprise may still be granted on the day asked about, and why."""
        moment, asked = ask(product, request)
        found = product.single_undertaking(siren, moment)
        here = f"{UNDERTAKINGS}/{found.siren}"
        return show(
            request,
            "single_undertaking/sheet.html",
            asked,
            here=here,
            sheet=found,
            day=moment.in_force,
        )

    return routes


def plan_of(product: Product, project: UUID | None, moment: Moment) -> str | None:
    """The page of the funding plan of a project; none where nothing is entered in one."""
    if project is None:
        return None
    found = product.excerpt(FUNDING_PLANS, moment, limit=1, project=str(project))
    return f"{PLANS}/{project}" if found.total else None
