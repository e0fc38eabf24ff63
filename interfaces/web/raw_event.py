"""The page of the events of a pole as they are stored."""

from fastapi import APIRouter, Request, Response

from interfaces.web.filters import Text
from interfaces.web.listing import page_of
from interfaces.web.page import READ, ask, pages
from interfaces.web.reading import show_reading
from interfaces.wiring import Product

EVENTS = 20
"""The events of a page."""


def router(product: Product) -> APIRouter:
    """The page of raw events."""
    routes = pages()

    @routes.api_route("/poles/{pole}/evenements", methods=READ)
    def events(request: Request, pole: str, page: Text = "1") -> Response:
        """Show the events of a pole as they are stored, each with its leaf."""
        moment, asked = ask(product, request)
        found = product.raw_events(pole, moment)
        number, count = page_of(page, len(found), EVENTS)
        return show_reading(
            request,
            product,
            asked,
            moment,
            pole,
            "evenements",
            "pole/events.html",
            events=product.as_stored(found[(number - 1) * EVENTS : number * EVENTS]),
            total=len(found),
            number=number,
            count=count,
        )

    return routes
