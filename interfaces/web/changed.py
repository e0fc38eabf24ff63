"""The pages that say what changed in a case, and whence comes each value shown of it."""

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from fastapi import APIRouter, Request, Response

from application.blame import ValueBlame
from application.case import CONCEPTS
from application.changed import Compared
from application.listing import LISTINGS
from application.wording import WORDS
from interfaces.web.filters import Text
from interfaces.web.page import READ, Asked, ask, pages, show
from interfaces.web.register import REGISTER
from interfaces.wiring import Product

PLACES: Mapping[str, tuple[str, str]] = {
    "pole": (REGISTER, "Registre des pôles"),
    **{name: (LISTINGS[name].path, LISTINGS[name].title) for name in CONCEPTS if name in LISTINGS},
}
"""Where each kind of case has its pages, and what leads to them."""


def router(product: Product) -> APIRouter:
    """Two pages a kind of case."""
    routes = pages()
    for concept in PLACES:
        _add(routes, product, concept)
    return routes


def _add(routes: APIRouter, product: Product, concept: str) -> None:
    place, title = PLACES[concept]

    @routes.api_route(f"{place}/{{name}}/changements", methods=READ)
    def changes(
        request: Request,
        name: str,
        start: Text = "",
        end: Text = "",
        compared: Compared = Compared.REALITY,
    ) -> Response:
        """Show what changed, once it is said between which moments."""
        moment, asked = ask(product, request)
        code, called = product.case_name(concept, name, moment)
        end, axes = ends_of(compared, end, asked)
        found = (
            product.changes(concept, name, compared, start, end or None, **axes) if start else None
        )
        return show(
            request,
            "changed/changes.html",
            asked,
            here=f"{place}/{code}/changements",
            sheet=f"{place}/{code}",
            above=(place, title),
            called=called,
            found=found,
            start=start,
            end=end,
            compared=compared,
            KINDS=WORDS[Compared],
        )

    @routes.api_route(f"{place}/{{name}}/origine", methods=READ)
    def origin(request: Request, name: str, field: Text = "") -> Response:
        """Show the event of each value, of all of them or of some."""
        moment, asked = ask(product, request)
        code, called = product.case_name(concept, name, moment)
        found = product.blame(concept, name, moment, field or None)
        return show(
            request,
            "changed/origins.html",
            asked,
            here=f"{place}/{code}/origine",
            sheet=f"{place}/{code}",
            above=(place, title),
            called=called,
            groups=_by_event(found),
            number=len(found),
            kept={"field": field},
        )


def ends_of(compared: Compared, end: str, asked: Asked) -> tuple[str, dict[str, str | None]]:
    """Where a comparison ends, and on the other axis, what it is about.

    A page that was reached from another day brings that day along: the comparison ends there,
    unless it is said where.
    """
    along, other = "in_force", "known"
    if compared is Compared.KNOWLEDGE:
        along, other = other, along
    return end or asked.fields.get(along, ""), {other: asked.fields.get(other)}


def _by_event(found: list[ValueBlame]) -> list[list[ValueBlame]]:
    """The values one after the other, those together that follow and come of one event."""

    def event(one: ValueBlame) -> Any:
        return one.origin and one.origin.position

    return [list(group) for _, group in groupby(found, key=event)]
