"""The pages of evaluation rounds: one round, and two side by side."""

from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from application.pictures.radar import radar
from domain.evaluation import SHOWN
from interfaces.web.case import parts
from interfaces.web.page import READ, ask, pages, show
from interfaces.web.visitor import reserved
from interfaces.wiring import Product

EVALUATIONS = "/evaluations"


def router(product: Product) -> APIRouter:
    """The pages under `/evaluations`."""
    routes = pages()

    @routes.api_route(f"{EVALUATIONS}/{{name}}", methods=READ)
    def sheet(request: Request, name: str) -> Response:
        """Show a round: its stage, its profile once published, what it lacks to go on."""
        moment, asked = ask(product, request)
        found = product.evaluation(name, moment)
        profile, why = product.profile(name, moment) if found.shown else None, ""
        if profile is None:
            profile, why = reserved(request, lambda by: product.profile(name, moment, by))
        beside = [other for other in found.others if other.grid == found.line.grid]
        compared = {other.id for other in beside if found.shown and other.stage in SHOWN}
        return show(
            request,
            "evaluation/sheet.html",
            asked,
            here=f"{EVALUATIONS}/{found.line.id}",
            sheet=found,
            profile=profile,
            why_not=why,
            compared=compared,
            # Every text in an image was escaped when it was drawn.
            image=Markup(radar((profile,))) if profile else "",  # noqa: S704
            case=parts(product, "evaluation", name, moment),
        )

    @routes.api_route(f"{EVALUATIONS}/{{name}}/compare/{{other}}", methods=READ)
    def compare(request: Request, name: str, other: str) -> Response:
        """Show two published rounds side by side; refused where their grids differ."""
        moment, asked = ask(product, request)
        pair = product.compare_rounds(name, other, moment)
        here = f"{EVALUATIONS}/{pair.first.round.id}/compare/{pair.second.round.id}"
        drawn = radar((pair.first, pair.second))
        return show(
            request,
            "evaluation/compare.html",
            asked,
            here=here,
            pair=pair,
            image=Markup(drawn),  # noqa: S704  # escaped when it was drawn
        )

    return routes
