"""The page of the pieces of a pole: what is asked for, what is on file, with its hashes."""

from fastapi import APIRouter, Request, Response

from application.document_list import FORMATS, STATUSES, size_in_words
from interfaces.web.page import READ, ask, pages
from interfaces.web.reading import show_reading
from interfaces.wiring import Product


def router(product: Product) -> APIRouter:
    """The page of pieces."""
    routes = pages()

    @routes.api_route("/poles/{pole}/pieces", methods=READ)
    def evidence(request: Request, pole: str) -> Response:
        """Show the checklist of what the journey of a pole asks to be filed."""
        moment, asked = ask(product, request)
        return show_reading(
            request,
            product,
            asked,
            moment,
            pole,
            "pieces",
            "pole/evidence.html",
            evidence=product.evidence(pole, moment),
            formats=FORMATS,
            statuses=STATUSES,
            size_in_words=size_in_words,
        )

    return routes
