"""The page of figures by year, each of which opens the list that it counts."""

from dataclasses import replace

from fastapi import APIRouter, Request, Response

from application.cross_table import (
    MEASURES,
    MOST_YEARS,
    TITLES,
    CrossTable,
    YearFigure,
    table_asked,
)
from interfaces.web.extract import form_wanted, taken
from interfaces.web.filters import Text
from interfaces.web.page import READ, Asked, ask, pages, show
from interfaces.wiring import Product

PAGE = "/rapports/tableau-croise"


def router(product: Product) -> APIRouter:
    """`/rapports/tableau-croise`."""
    routes = pages()

    @routes.api_route(PAGE, methods=READ)
    def table(
        request: Request,
        mesure: Text = "",
        lignes: Text = "",
        de: Text = "",
        a: Text = "",
    ) -> Response:
        """Show figures by year; what is counted, its rows and its years are in the address."""
        moment, asked = ask(product, request)
        chosen = table_asked(mesure, lignes, de, a, moment.in_force)
        found = product.cross_table(chosen, moment)
        first, last = str(chosen.years[0]), str(chosen.years[-1])
        kept = {"mesure": chosen.measure, "lignes": chosen.rows, "de": first, "a": last}
        if form := form_wanted(request):
            return taken(
                request,
                product,
                moment,
                form,
                title=f"{chosen.of.title} par {TITLES[chosen.rows].lower()}",
                lines=found.lines(),
                path=PAGE,
                kept=kept,
                chosen={"À savoir": chosen.of.says, "Années": f"{first} à {last}"},
            )
        return show(
            request,
            "report/cross_table.html",
            asked,
            here=PAGE,
            found=found,
            chosen=chosen,
            kept=kept,
            measures=MEASURES,
            titles=TITLES,
            most=MOST_YEARS,
            known=moment.known,
            opened=lambda figure: _opened(asked, found, figure),
        )

    return routes


def _opened(asked: Asked, found: CrossTable, figure: YearFigure) -> str:
    """The address of the list of the lines that a figure counts."""
    day = figure.day.isoformat() if figure.day else ""
    is_today = not asked.words and day == asked.day
    fields = asked.fields if is_today else {**asked.fields, "in_force": day}
    return replace(asked, fields=fields).url(found.asked.of.path, figure.query)
