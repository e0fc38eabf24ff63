"""The page of the programs that check bundles of proof, for whoever was given one."""

from fastapi import APIRouter, Request, Response

from interfaces.web.page import READ, ask, pages, show
from interfaces.wiring import Product

VERIFICATION = "/verification"


def router(product: Product) -> APIRouter:
    """The page `/verification`; its files are served beside the tiles of the log."""
    routes = pages()

    @routes.api_route(VERIFICATION, methods=READ)
    def verification(request: Request) -> Response:
        """Give the two programs, and say how each is used."""
        _, asked = ask(product, request)
        return show(request, "verification/programs.html", asked, here=VERIFICATION)

    return routes
