"""The page of a month: its figures, each with its list and its sources, to print and to keep."""

from dataclasses import replace

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from application.month_report import MonthFigure, beside, month_asked
from domain.dates import as_iso
from interfaces.web.extract import form_wanted, taken
from interfaces.web.filters import Text
from interfaces.web.page import READ, Asked, ask, pages, show
from interfaces.wiring import Product

REPORTS = "/rapports"
MONTHS = f"{REPORTS}/mois"


def router(product: Product) -> APIRouter:
    """`/rapports`, and the report of each month."""
    routes = pages()

    @routes.api_route(REPORTS, methods=READ)
    def reports(request: Request) -> Response:
        """Lead to every report."""
        moment, asked = ask(product, request)
        month = moment.in_force.isoformat()[:7]
        return show(
            request, "report/reports.html", asked, here=REPORTS, month=month, last=beside(month, -1)
        )

    @routes.api_route(MONTHS, methods=READ)
    def chosen(request: Request, mois: Text = "") -> Response:
        """Lead to the month that was written."""
        moment, asked = ask(product, request)
        month = month_asked(mois or moment.in_force.isoformat()[:7], moment.in_force)
        return RedirectResponse(asked.url(f"{MONTHS}/{month}"), 303)

    @routes.api_route(f"{MONTHS}/{{month}}", methods=READ)
    def report(request: Request, month: str) -> Response:
        """Show a month; its address says at which size of the journal it was frozen."""
        moment, asked = ask(product, request)
        found = product.month_report(month_asked(as_iso(month), moment.in_force), moment)
        here = f"{MONTHS}/{found.month}"
        if form := form_wanted(request):
            return taken(
                request,
                product,
                moment,
                form,
                title=found.title,
                lines=found.lines(),
                path=here,
                kept={},
                chosen={"Racine du journal": found.root},
            )
        day = found.day.isoformat()
        frozen = {"known": f"@{moment.known}", "in_force": moment.in_force.isoformat()}
        following = beside(found.month, 1)
        return show(
            request,
            "report/month.html",
            asked,
            here=here,
            found=found,
            is_frozen=moment.known_size is not None,
            frozen_url=Asked(frozen).url(here),
            before_url=asked.url(f"{MONTHS}/{beside(found.month, -1)}"),
            after_url=(
                asked.url(f"{MONTHS}/{following}")
                if following <= moment.in_force.isoformat()[:7]
                else ""
            ),
            opened=lambda figure: _opened(asked, figure, day),
        )

    return routes


def _opened(asked: Asked, figure: MonthFigure, day: str) -> str:
    """The address of the list of the lines that a figure counts."""
    is_today = not asked.words and day == asked.day
    fields = asked.fields if is_today else {**asked.fields, "in_force": day}
    return replace(asked, fields=fields).url(figure.path, figure.query)
