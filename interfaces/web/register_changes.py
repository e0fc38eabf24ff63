"""The report of what changed in the register between two moments."""

from dataclasses import replace

from fastapi import APIRouter, Request, Response

from application.changed import Compared
from application.register_changes import COLUMNS, MOVES, PoleMove
from application.world import Moment
from domain.dates import as_iso
from domain.errors import Invalid
from interfaces.web.changed import ends_of
from interfaces.web.extract import form_wanted, taken
from interfaces.web.filters import Text
from interfaces.web.listing import page_of
from interfaces.web.page import READ, Asked, ask, pages, show
from interfaces.web.words import moment_in_words
from interfaces.wiring import Product

PAGE = "/rapports/changements"
EACH = 50
"""The poles of a page."""


class NotAMove(Invalid):
    """A pole is chosen by what came to it."""

    code = "report.move"
    fr = f"« {{text}} » n'est pas un changement ; au choix : {', '.join(PoleMove)}."
    en = f"“{{text}}” is no change; one of: {', '.join(PoleMove)}."


def router(product: Product) -> APIRouter:
    """`/rapports/changements`."""
    routes = pages()

    @routes.api_route(PAGE, methods=READ)
    def changes(
        request: Request,
        start: Text = "",
        end: Text = "",
        compared: Compared = Compared.REALITY,
        region: Text = "",
        sorte: Text = "",
        page: Text = "1",
    ) -> Response:
        """Show the poles in which something changed, and what was counted at both moments."""
        if sorte and sorte not in set(PoleMove):
            raise NotAMove(text=sorte[:40])
        moment, asked = ask(product, request)
        end, axes = ends_of(compared, as_iso(end), asked)
        began = as_iso(start) or f"{moment.in_force.year}-01-01"
        first, last = product.between(compared, began, end or None, **axes)
        found = product.register_changes(first, last, region=region, move=sorte)
        kept = {
            "start": began,
            "end": end,
            "compared": compared if compared is not Compared.REALITY else "",
            "region": region,
            "sorte": sorte,
        }
        if form := form_wanted(request):
            said = {"Région": region, "Ce qui a changé": MOVES.get(sorte, "")}
            return taken(
                request,
                product,
                last,
                form,
                title="Ce qui a changé entre deux dates",
                lines=(COLUMNS, [line.cells() for line in found.lines]),
                path=PAGE,
                kept=kept,
                chosen={
                    "De": _in_words(product, first),
                    "À": _in_words(product, last),
                    **{name: words for name, words in said.items() if words},
                    "Racine du journal": found.root,
                },
            )
        number, count = page_of(page, len(found.lines), EACH)
        frozen = {"known": f"@{last.known}"} if compared is Compared.REALITY else {}
        ends = {**kept, "end": last.in_force.isoformat()} if frozen else kept
        if not frozen:
            ends = {**kept, "start": f"@{first.known}", "end": f"@{last.known}"}
        return show(
            request,
            "report/changes.html",
            asked,
            here=PAGE,
            found=found,
            lines=found.lines[(number - 1) * EACH : number * EACH],
            number=number,
            count=count,
            kept=kept,
            compared=compared,
            of_pole={name: kept[name] for name in ("start", "end", "compared") if kept[name]},
            regions=product.register.regions(last),
            moves=MOVES,
            sides=(_in_words(product, first), _in_words(product, last)),
            opened=[_at(product, first), _at(product, last)],
            is_frozen=last.known_size is not None,
            frozen_url=replace(asked, fields={**asked.fields, **frozen}).url(PAGE, ends),
        )

    return routes


def _in_words(product: Product, moment: Moment) -> str:
    """A moment as people read it, today included."""
    return moment_in_words(moment) or f"aujourd'hui, {moment.in_force:%d/%m/%Y}"


def _at(product: Product, moment: Moment) -> Asked:
    """The addresses of what stood at a moment."""
    now = product.moment()
    fields = {"in_force": moment.in_force.isoformat()} if moment.in_force != now.in_force else {}
    known = {"known": f"@{moment.known}"} if moment.known != now.known else {}
    return Asked({**known, **fields})
