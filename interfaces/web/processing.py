"""The page of personal data: one's rights, how they were answered, the register of processing."""

from fastapi import APIRouter, Request, Response

from application.privacy_request import RIGHTS
from domain.privacy_ground import ARTICLES
from interfaces.web.page import READ, ask, pages, show
from interfaces.wiring import Product

PRIVACY = "/donnees-personnelles"


def router(product: Product) -> APIRouter:
    """The page `/donnees-personnelles`."""
    routes = pages()

    @routes.api_route(PRIVACY, methods=READ)
    def privacy(request: Request) -> Response:
        """Tell what is kept of persons and why, and how many asked what became of it; no one."""
        moment, asked = ask(product, request)
        return show(
            request,
            "processing/register.html",
            asked,
            here=PRIVACY,
            register=product.processing(),
            years=product.privacy_years(moment),
            rights=[(RIGHTS[right], article) for right, article in ARTICLES.items()],
        )

    return routes
