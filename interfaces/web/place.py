"""The page of the places of poles, with the codes that ended and what may take their place."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from application.place import PLACE_LIST
from application.place_ended import EndedPlace
from application.territory_in_words import PLACE_KINDS
from application.world import Moment
from interfaces.web.extract import form_wanted
from interfaces.web.listing import lines_asked, list_taken
from interfaces.web.page import READ, pages, show
from interfaces.wiring import Product

Year = Annotated[int | None, Query(ge=1943, le=2999)]


def router(product: Product) -> APIRouter:
    """The page `/territoires`."""
    routes = pages()

    @routes.api_route(PLACE_LIST.path, methods=READ)
    def places(request: Request, year: Year = None) -> Response:
        """Show the places of poles, and below them the codes that no longer exist."""
        if form := form_wanted(request):
            return list_taken(product, PLACE_LIST, request, form)
        moment, asked, status, context = lines_asked(product, PLACE_LIST, request)
        ended = [] if context["faults"] else product.ended_places(moment, year=year)
        shown = _of_poles(product, moment, context, ended) if ended else []
        return show(
            request,
            "place/places.html",
            asked,
            status,
            **context,
            ended=shown,
            year=year or product.last_place_year(moment),
            kinds=PLACE_KINDS,
        )

    return routes


def _of_poles(
    product: Product, moment: Moment, context: Mapping[str, Any], ended: list[EndedPlace]
) -> list[EndedPlace]:
    """Those of the poles that the whole list tells of, whatever page of it is shown."""
    chosen = {"pole": context["pole"] or None, "by": context["by"], **context["chosen"]}
    poles = {place.pole for place in product.listed(PLACE_LIST, moment, **chosen)}
    return [line for line in ended if line.pole in poles]
