"""The page of what waits to be read before it appears."""

from fastapi import APIRouter, Request, Response

from interfaces.web.page import READ, ask, pages, show
from interfaces.web.visitor import signed_in
from interfaces.wiring import Product

QUEUE = "/moderation"


def router(product: Product) -> APIRouter:
    """`/moderation`."""
    routes = pages()

    @routes.api_route(QUEUE, methods=READ)
    def queue(request: Request) -> Response:
        """Show what waits for a moderator; that somebody read it is noted first."""
        moment, asked = ask(product, request)
        by = signed_in(request).session.by
        waiting = product.contribution_queue(moment, by)
        return show(request, "contribution/queue.html", asked, here=QUEUE, waiting=waiting)

    return routes
