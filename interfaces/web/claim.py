"""The pages of what was claimed: the national facts, and figures that differ, side by side."""

from fastapi import APIRouter, Request, Response

from application.claim import ClaimLine
from application.figures import MEASURES, measure_in_words
from interfaces.web.page import READ, ask, pages, show
from interfaces.wiring import Product

UNDATED = "sans date"
PAGE = "/declarations"


def router(product: Product) -> APIRouter:
    """The pages `/chronologie` and `/declarations`."""
    routes = pages()

    @routes.api_route("/chronologie", methods=READ)
    def timeline(request: Request) -> Response:
        """Show the national facts by year, each as its author's claim."""
        moment, asked = ask(product, request)
        lines = product.claims.lines(moment)
        years: dict[str, list[ClaimLine]] = {}
        for line in lines:
            year = str(line.occurred_on)[:4] if line.occurred_on.is_known else UNDATED
            years.setdefault(year, []).append(line)
        return show(
            request,
            "claim/timeline.html",
            asked,
            here="/chronologie",
            years=years,
            total=len(lines),
        )

    @routes.api_route(PAGE, methods=READ)
    def declarations(request: Request) -> Response:
        """Lay what is said of the same thing side by side; never a figure without its source."""
        moment, asked = ask(product, request)
        given = {name: request.query_params.get(name, "")[:120] for name in _FIELDS}
        chosen = {name: value or None for name, value in given.items()}
        every = product.claims.lines(moment, everywhere=True)
        measures = {line.measure for line in every if line.measure} | set(MEASURES)
        return show(
            request,
            "claim/declarations.html",
            asked,
            here=PAGE,
            found=product.compared(moment, **chosen),
            measures={name: measure_in_words(name) for name in sorted(measures)},
            wordless=sum(line.measure is None for line in every),
            chosen=given,
            kept=given,
        )

    return routes


_FIELDS = ("measure", "period", "pole")
