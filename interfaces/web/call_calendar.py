"""The page of the calendar of calls, a year at a time."""

from itertools import groupby

from fastapi import APIRouter, Request, Response

from interfaces.web.filters import Text
from interfaces.web.page import READ, ask, pages, show
from interfaces.wiring import Product

CALENDAR = "/appels/calendrier"


def router(product: Product) -> APIRouter:
    """The page `/appels/calendrier`."""
    routes = pages()

    @routes.api_route(CALENDAR, methods=READ)
    def calendar(request: Request, annee: Text = "") -> Response:
        """Show a year, month by month: the present one unless another is asked for."""
        moment, asked = ask(product, request)
        entries = product.calendar(moment)
        present = str(moment.in_force.year)
        years = sorted({present, *(entry.year for entry in entries)})
        year = annee or present
        of_year = [entry for entry in entries if entry.year == year]
        kept = {"annee": annee}
        return show(
            request,
            "call/calendar.html",
            asked,
            here=CALENDAR,
            kept=kept,
            years=[(one, asked.url(CALENDAR, annee=one)) for one in years],
            year=year,
            months=[(month, list(of)) for month, of in groupby(of_year, lambda one: one.month)],
            number=len(of_year),
            total=len(entries),
            coming=[entry for entry in entries if not entry.is_past and entry.year > year][:5],
            money=product.money_of_calls(of_year, moment),
        )

    return routes
