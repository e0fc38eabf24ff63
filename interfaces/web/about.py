"""The pages about the site itself: accessibility, legal notice, what can be taken away."""

from fastapi import APIRouter, Request, Response

from application.listing import LISTINGS
from domain.spelling import plain
from interfaces.web.page import READ, ask, pages, show
from interfaces.wiring import Product

ACCESSIBILITY, NOTICE, OPEN_DATA = "/accessibilite", "/mentions-legales", "/donnees-ouvertes"

WRITTEN_ON = "2026-11-24"
"""The day on which the statement of accessibility was last gone through."""


def router(product: Product) -> APIRouter:
    """The pages that the foot of every page leads to."""
    routes = pages()

    @routes.api_route(ACCESSIBILITY, methods=READ)
    def accessibility(request: Request) -> Response:
        """Say what was tested, by what, and that nobody has audited it (RGAA 4.1)."""
        _, asked = ask(product, request)
        return show(
            request,
            "about/accessibility.html",
            asked,
            here=ACCESSIBILITY,
            notice=product.notice,
            written_on=WRITTEN_ON,
        )

    @routes.api_route(NOTICE, methods=READ)
    def notice(request: Request) -> Response:
        """Say who publishes and hosts the registry, and where to write of an error."""
        _, asked = ask(product, request)
        return show(request, "about/notice.html", asked, here=NOTICE, notice=product.notice)

    @routes.api_route(OPEN_DATA, methods=READ)
    def open_data(request: Request) -> Response:
        """Lead to everything that can be taken away, and say under which licence."""
        _, asked = ask(product, request)
        lists = sorted(LISTINGS.values(), key=lambda known: plain(known.title))
        return show(
            request,
            "about/open_data.html",
            asked,
            here=OPEN_DATA,
            lists=[known for known in lists if "page" not in known.own],
        )

    return routes
