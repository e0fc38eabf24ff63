"""The page of the national facts: what was said, by whom, in which source."""

from fastapi import APIRouter, Request, Response

from application.claim import ClaimLine
from interfaces.web.page import READ, ask, pages, show
from interfaces.wiring import Product

UNDATED = "sans date"


def router(product: Product) -> APIRouter:
    """The page `/chronologie`."""
    routes = pages()

    @routes.api_route("/chronologie", methods=READ)
    def timeline(request: Request) -> Response:
        """Show the national facts by year, each as its author's claim."""
        moment, asked = ask(product, request)
        lines = product.claims.lines(moment)
        years: dict[str, list[ClaimLine]] = {}
        for line in lines:
            year = UNDATED if line.occurred_on == "unknown" else line.occurred_on[:4]
            years.setdefault(year, []).append(line)
        return show(
            request,
            "claim/timeline.html",
            asked,
            here="/chronologie",
            years=years,
            total=len(lines),
        )

    return routes
