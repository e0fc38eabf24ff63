"""The page of every list: its lines at a moment, filtered by what stands in the address."""

from collections.abc import Callable, Mapping
from enum import EnumType
from typing import Any, get_args

from fastapi import APIRouter, Request, Response

from application.listing import Listing, cell, value_as_read
from application.world import Moment
from domain.register import plain
from interfaces.questions import LISTINGS
from interfaces.web.page import READ, Asked, ask, pages, show
from interfaces.wiring import Product


def router(product: Product) -> APIRouter:
    """One page a list, and the page that leads to them all."""
    routes = pages()
    for asked in LISTINGS.values():
        if "page" in asked.own:
            continue
        routes.add_api_route(asked.path, _page(product, asked), methods=READ)

    @routes.api_route("/listes", methods=READ)
    def every_list(request: Request) -> Response:
        """Lead to every list, each with what it tells."""
        _, asked = ask(product, request)
        lists = sorted(LISTINGS.values(), key=lambda known: plain(known.title))
        return show(request, "listing/lists.html", asked, here="/listes", lists=lists)

    return routes


def _page(product: Product, known: Listing[Any]) -> Callable[[Request], Response]:
    def page(request: Request) -> Response:
        """Show the list; filters, pole and dates are in the address."""
        _, asked, context = lines_asked(product, known, request)
        return show(request, "listing/list.html", asked, **context)

    return page


def lines_asked(
    product: Product, known: Listing[Any], request: Request
) -> tuple[Moment, Asked, dict[str, Any]]:
    """What the page of a list shows: its lines, and by what they were chosen."""
    moment, asked = ask(product, request)
    query = request.query_params
    pole = query.get("pole", "")[:120] if known.about_poles else ""
    options = {name: _options(known, name) for name in known.filters}
    chosen = {
        name: query[name]
        for name, choices in options.items()
        if query.get(name) and (not choices or query[name] in choices)
    }
    wanted = {name: _value(known, name, text) for name, text in chosen.items()}
    lines = product.listed(known, moment, pole=pole or None, **wanted)
    context = {
        "here": known.path,
        "list": known,
        "lines": lines,
        "columns": _telling(known, lines),
        "pole": pole,
        "options": options,
        "chosen": chosen,
        "kept": {"pole": pole, **chosen},
    }
    return moment, asked, context


def _telling(known: Listing[Any], lines: list[Any]) -> list[str]:
    """The columns that say something of some line, and the first one."""
    return [
        name
        for name in known.columns
        if name == known.columns[0] or any(cell(line, name) for line in lines)
    ]


def _kinds(known: Listing[Any], name: str) -> tuple[Any, ...]:
    annotation = known.line.model_fields[name].annotation
    return (annotation, *get_args(annotation))


def _value(known: Listing[Any], name: str, text: str) -> str | bool:
    """The value of a filter that stands in an address."""
    return text == "true" if bool in _kinds(known, name) else text


def _options(known: Listing[Any], name: str) -> Mapping[str, str]:
    """The values of a filter in words; none, where any text may be given."""
    kinds = _kinds(known, name)
    if bool in kinds:
        return {"true": value_as_read(True), "false": value_as_read(False)}
    values = next((list(kind) for kind in kinds if isinstance(kind, EnumType)), list[Any]())
    return {str(value): value_as_read(value) for value in values}
