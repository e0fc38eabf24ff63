"""The page of every list: its lines at a moment, filtered by what stands in the address."""

from collections.abc import Callable, Mapping
from enum import EnumType
from typing import Any, get_args

from fastapi import APIRouter, Request, Response

from application.listing import Listing, value_as_read
from interfaces.web.page import READ, ask, pages, show
from interfaces.wiring import LISTINGS, Product


def router(product: Product) -> APIRouter:
    """One page a list, and the page that leads to them all."""
    routes = pages()
    for asked in LISTINGS.values():
        routes.add_api_route(asked.path, _page(product, asked), methods=READ)

    @routes.api_route("/listes", methods=READ)
    def every_list(request: Request) -> Response:
        """Lead to every list, each with what it tells."""
        _, asked = ask(product, request)
        lists = sorted(LISTINGS.values(), key=lambda known: known.title)
        return show(request, "listing/lists.html", asked, here="/listes", lists=lists)

    return routes


def _page(product: Product, known: Listing[Any]) -> Callable[[Request], Response]:
    def page(request: Request) -> Response:
        """Show the list; filters, pole and dates are in the address."""
        moment, asked = ask(product, request)
        query = request.query_params
        pole = query.get("pole", "")[:120] if known.about_poles else ""
        options = {name: _options(known, name) for name in known.filters}
        chosen = {
            name: query[name]
            for name, choices in options.items()
            if query.get(name) and (not choices or query[name] in choices)
        }
        lines = product.listed(known, moment, pole=pole or None, **chosen)
        return show(
            request,
            "listing/list.html",
            asked,
            here=known.path,
            list=known,
            lines=lines,
            pole=pole,
            options=options,
            chosen=chosen,
            kept={"pole": pole, **chosen},
        )

    return page


def _options(known: Listing[Any], name: str) -> Mapping[str, str]:
    """The values of a filter in words; none, where any text may be given."""
    annotation = known.line.model_fields[name].annotation
    kinds = (annotation, *get_args(annotation))
    values = next((list(kind) for kind in kinds if isinstance(kind, EnumType)), list[Any]())
    return {str(value): value_as_read(value) for value in values}
