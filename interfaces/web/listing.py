"""The page of every list: its lines at a moment, chosen by what stands in the address."""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from application.catalogue import COMMANDS
from application.choosing import Excerpt, is_day, is_identity, to_begin
from application.listing import Listing, cell, said_above
from application.register import AmbiguousName
from application.world import Moment
from domain.errors import Invalid, NotFound
from domain.spelling import plain
from interfaces.questions import LISTINGS
from interfaces.web.page import READ, Asked, ask, pages, show
from interfaces.wiring import Product

LINES = 100
"""The lines of a page; the next ones are on the next."""

LONGEST = 120
"""Letters of what is written in a form; what is longer is no name of anything."""


class NoSuchPage(Invalid):
    """A list has as many pages as its lines fill."""

    code = "list.no_such_page"
    fr = "Cette liste n'a pas de page « {text} » : elle en compte {pages}."
    en = "This list has no page “{text}”: it has {pages}."


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
        _, asked, status, context = lines_asked(product, known, request)
        return show(request, "listing/list.html", asked, status, **context)

    return page


def lines_asked(
    product: Product, known: Listing[Any], request: Request
) -> tuple[Moment, Asked, int, dict[str, Any]]:
    """What the page of a list shows, and with which status: its lines, by what they were chosen.

    Where a field holds no value it may have, the form says so beside it, and there is no line.
    """
    moment, asked = ask(product, request)
    query = request.query_params
    pole = query.get("pole", "")[:LONGEST] if known.about_poles else ""
    given = {name: query[name][:LONGEST] for name in known.filters if query.get(name)}
    chosen, faults = _chosen(product, known, moment, given)
    status = 422 if faults else 200
    if fault := _fault_of_pole(product, pole):
        faults["pole"], status = fault, 404
    shown: Excerpt[Any] = Excerpt([], 0, "")
    number = 1 if faults else _number(query.get("page", "1"))
    if not faults:
        part = {"limit": LINES, "offset": max(number - 1, 0) * LINES}
        shown = product.excerpt(known, moment, pole=pole or None, **part, **chosen)
    count = pages_of(shown.total)
    if not 1 <= number <= count:
        faults["page"], status = str(NoSuchPage(text=query["page"][:LONGEST], pages=count)), 404
    context = {
        "here": known.path,
        "list": known,
        "offers": product.offers(known, moment),
        "pole": pole,
        "chosen": chosen,
        "kept": {"pole": pole, **chosen},
        "identities": {name: text for name, text in chosen.items() if is_identity(known, name)},
        "faults": faults,
        "number": number,
        "count": count,
        "eve_url": _eve(known, pole, shown.pole_ended),
        **_told(product, known, moment, shown),
    }
    return moment, asked, status, context


def _told(
    product: Product, known: Listing[Any], moment: Moment, shown: Excerpt[Any]
) -> dict[str, Any]:
    """The lines, and how their columns are read."""
    words = product.words_of(known, moment)
    return {
        "found": shown,
        "lines": shown.lines,
        "above": said_above(known, shown.lines),
        "words": words,
        "days": {name for name in known.columns if is_day(known, name)},
        "columns": _telling(known, shown.lines, words),
        "to_begin": to_begin(known),
        "begins": COMMANDS[known.begun_by].SAYS.rstrip("."),
    }


def _chosen(
    product: Product, known: Listing[Any], moment: Moment, given: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, str]]:
    """What was written, as codes where it means some; and what is wrong with the rest, by field."""
    chosen, faults = dict[str, Any](given), dict[str, str]()
    for name, text in given.items():
        try:
            chosen[name] = product.chosen(known, moment, {name: text}).codes[name]
        except Invalid as error:
            faults[name] = str(error)
    return chosen, faults


def _fault_of_pole(product: Product, pole: str) -> str | None:
    try:
        if pole:
            product.find(pole)
    except (NotFound, AmbiguousName) as error:
        return str(error)
    return None


def _number(written: str) -> int:
    """The number of a page; 0, which no page has, for what is none."""
    return int(written) if re.fullmatch(r"[0-9]{1,9}", written) else 0


def page_of(written: str, lines: int, each: int = LINES) -> tuple[int, int]:
    """The number of a page of so many lines, and of how many; refused where it is none of them."""
    number, count = _number(written), pages_of(lines, each)
    if not 1 <= number <= count:
        raise NoSuchPage(text=written[:LONGEST], pages=count)
    return number, count


def pages_of(lines: int, each: int = LINES) -> int:
    """How many pages so many lines fill; an empty list has one."""
    return max(-(-lines // each), 1)


def _eve(known: Listing[Any], pole: str, ended: date | None) -> str:
    """The address of what was in force for a pole on the last day that it had."""
    if ended is None:
        return ""
    day = (ended - timedelta(days=1)).isoformat()
    return f"{known.path}?{urlencode({'pole': pole, 'in_force': day})}"


def _telling(
    known: Listing[Any], lines: list[Any], words: Mapping[str, Mapping[str, str]]
) -> list[str]:
    """The columns that say something of some line, and the first one."""
    return [
        name
        for name in known.columns
        if name == known.columns[0] or any(cell(line, name, words) for line in lines)
    ]
