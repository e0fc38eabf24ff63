"""The pages of who follows which pole, and of the poles that nobody follows."""

from fastapi import APIRouter, Request, Response

from application.following import FOLLOWINGS
from domain.spelling import plain
from interfaces.web.filters import Text
from interfaces.web.listing import lines_asked
from interfaces.web.page import READ, ask, pages, show
from interfaces.wiring import Product

UNFOLLOWED = "/suivi/sans-referent"


def router(product: Product) -> APIRouter:
    """`/suivi` and `/suivi/sans-referent`."""
    routes = pages()

    @routes.api_route(FOLLOWINGS.path, methods=READ)
    def followed(request: Request) -> Response:
        """Show who follows which pole, and how many each organisation follows."""
        moment, asked, status, context = lines_asked(product, FOLLOWINGS, request)
        context["organisations"] = [
            (name, principal, deputy, asked.url(FOLLOWINGS.path, organisation=name))
            for name, principal, deputy in product.organisations(moment)
        ]
        return show(request, "following/followed.html", asked, status, **context)

    @routes.api_route(UNFOLLOWED, methods=READ)
    def unfollowed(request: Request, region: Text = "") -> Response:
        """Show the poles that nobody follows, of every region or of one."""
        moment, asked = ask(product, request)
        everyone = product.unfollowed(moment)
        regions = sorted({line.region for line in everyone if line.region}, key=plain)
        return show(
            request,
            "following/unfollowed.html",
            asked,
            here=UNFOLLOWED,
            lines=[line for line in everyone if not region or line.region == region],
            regions=regions,
            region=region,
            kept={"region": region},
        )

    return routes
