"""The page of a document: what is recorded of it. What it holds is read elsewhere, with a token."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from application.document_list import (
    CHANNELS,
    FORMATS,
    KINDS,
    RETENTIONS,
    STATUSES,
    size_in_words,
)
from interfaces.download import handed_over
from interfaces.web.page import READ, ask, pages, show
from interfaces.web.visitor import signed_in
from interfaces.wiring import Product

DOCUMENTS = "/documents"

WORDS = {
    "kinds": KINDS,
    "formats": FORMATS,
    "channels": CHANNELS,
    "retentions": RETENTIONS,
    "statuses": STATUSES,
}


def router(product: Product) -> APIRouter:
    """What lies under the list of documents."""
    routes = pages()

    @routes.api_route(f"{DOCUMENTS}/{{document}}", methods=READ)
    def sheet(request: Request, document: UUID) -> Response:
        """Show a document: its dates, its state, its hashes, everything recorded of it."""
        moment, asked = ask(product, request)
        return show(
            request,
            "document/sheet.html",
            asked,
            here=f"{DOCUMENTS}/{document}",
            sheet=product.document(document, moment),
            words=WORDS,
            size_in_words=size_in_words,
        )

    @routes.api_route(f"{DOCUMENTS}/{{document}}/contenu", methods=READ)
    def content(request: Request, document: UUID) -> Response:
        """Hand over what a document holds, to those who may read it; it is noted first."""
        by = signed_in(request).session.by
        return handed_over(document, product.documents.fetch(document, by))

    return routes
