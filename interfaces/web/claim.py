"""The pages of what was claimed: the national facts, and figures that differ, side by side."""

from collections.abc import Iterable, Iterator

from fastapi import APIRouter, Request, Response

from application.claim import ClaimLine
from application.extract import Cell, date_cell
from application.figures import (
    MEASURES,
    SideBySide,
    figure_in_words,
    measure_in_words,
    period_in_words,
)
from application.wording import CONFIDENCES
from interfaces.web.extract import form_wanted, taken
from interfaces.web.page import READ, ask, pages, show
from interfaces.wiring import Product

UNDATED = "sans date"
PAGE = "/declarations"


def router(product: Product) -> APIRouter:
    """The pages `/chronologie` and `/declarations`."""
    routes = pages()

    @routes.api_route("/chronologie", methods=READ)
    def timeline(request: Request) -> Response:
        """Show the national facts by year, each as its author's claim."""
        moment, asked = ask(product, request)
        lines = product.claims.lines(moment)
        if form := form_wanted(request):
            return taken(
                request,
                product,
                moment,
                form,
                title="Chronologie nationale des PTCE",
                lines=(TIMELINE, [_told(line) for line in lines]),
                path="/chronologie",
                kept={},
                chosen={},
            )
        years: dict[str, list[ClaimLine]] = {}
        for line in lines:
            year = str(line.occurred_on)[:4] if line.occurred_on.is_known else UNDATED
            years.setdefault(year, []).append(line)
        return show(
            request,
            "claim/timeline.html",
            asked,
            here="/chronologie",
            years=years,
            total=len(lines),
        )

    @routes.api_route(PAGE, methods=READ)
    def declarations(request: Request) -> Response:
        """Lay what is said of the same thing side by side; never a figure without its source."""
        moment, asked = ask(product, request)
        given = {name: request.query_params.get(name, "")[:120] for name in _FIELDS}
        chosen = {name: value or None for name, value in given.items()}
        if form := form_wanted(request):
            said = zip(("Ce qui est mesuré", "Période", "Pôle"), given.values(), strict=True)
            return taken(
                request,
                product,
                moment,
                form,
                title="Déclarations",
                lines=(FIGURES, list(_figures(product.compared(moment, **chosen)))),
                path=PAGE,
                kept=given,
                chosen={name: words for name, words in said if words},
            )
        every = product.claims.lines(moment, everywhere=True)
        measures = {line.measure for line in every if line.measure} | set(MEASURES)
        return show(
            request,
            "claim/declarations.html",
            asked,
            here=PAGE,
            found=product.compared(moment, **chosen),
            measures={name: measure_in_words(name) for name in sorted(measures)},
            wordless=sum(line.measure is None for line in every),
            chosen=given,
            kept=given,
        )

    return routes


_FIELDS = ("measure", "period", "pole")

TIMELINE = ("Date", "Déclaration", "Auteur", "Chiffres", "Remarque", "Source", "Confiance")
FIGURES = (
    *("Ce qui est mesuré", "Période", "Pôle", "Ce qui est dit", "En nombre"),
    *("Chiffre différent", "Auteur", "Date", "Source", "Confiance"),
)
"""What the files of both pages are made of."""


def _told(line: ClaimLine) -> tuple[Cell, ...]:
    said = (line.statement, line.author, line.figures, line.note, line.source)
    return (date_cell(str(line.occurred_on)), *said, _confidence(line.confidence))


def _figures(found: Iterable[SideBySide]) -> Iterator[tuple[Cell, ...]]:
    for group in found:
        for line in group.figures:
            yield (
                group.title,
                period_in_words(group.period),
                group.pole_name,
                line.says,
                figure_in_words(line.figure) or None,
                "oui" if line.contradicted else None,
                line.author,
                date_cell(str(line.occurred_on)),
                line.source,
                _confidence(line.confidence),
            )


def _confidence(code: str | None) -> str | None:
    return CONFIDENCES.get(code, code) if code else None
