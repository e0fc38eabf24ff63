"""The page of the places of poles, with the codes that ended and what may take their place."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from application.place import PLACE_LIST
from application.territory_in_words import PLACE_KINDS
from interfaces.web.listing import lines_asked
from interfaces.web.page import READ, pages, show
from interfaces.wiring import Product

Year = Annotated[int | None, Query(ge=1943, le=2999)]


def router(product: Product) -> APIRouter:
    """The page `/territoires`."""
    routes = pages()

    @routes.api_route(PLACE_LIST.path, methods=READ)
    def places(request: Request, year: Year = None) -> Response:
        """Show the places of poles, and below them the codes that no longer exist."""
        moment, asked, context = lines_asked(product, PLACE_LIST, request)
        ended = product.ended_places(moment, year=year)
        shown = [line for line in ended if line.pole in {place.pole for place in context["lines"]}]
        return show(
            request,
            "place/places.html",
            asked,
            **context,
            ended=shown,
            year=year or product.last_place_year(moment),
            kinds=PLACE_KINDS,
        )

    return routes
