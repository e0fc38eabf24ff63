"""The page of what waits to be read before it appears."""

from fastapi import APIRouter, Request, Response

from application.contribution_list import ContributionSheet
from application.extract import Cell, date_cell
from interfaces.web.extract import form_wanted, taken
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
        if form := form_wanted(request):
            return taken(
                request,
                product,
                moment,
                form,
                title="Contributions à lire",
                lines=(WAITING, [_cells(one) for one in waiting]),
                path=QUEUE,
                kept={},
                chosen={},
            )
        return show(request, "contribution/queue.html", asked, here=QUEUE, waiting=waiting)

    return routes


WAITING = ("Reçue le", "Au sujet de", "De", "Paraîtrait sous le nom", "Texte")
"""What a file of the queue is made of."""


def _cells(one: ContributionSheet) -> tuple[Cell, ...]:
    return (date_cell(one.occurred_on), one.about, one.author, one.public_name, one.text)
