"""The page of every list: its lines at a moment, chosen by what stands in the address."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from application.catalogue import COMMANDS
from application.choosing import Excerpt, is_day, is_identity, to_begin
from application.extract import MOST, must_fit, rows_of, telling
from application.listing import Listing, said_above
from application.narrowing import (
    EVERYTHING,
    NOWHERE,
    Narrowed,
    NotADateOfIt,
    NotAnOrder,
    PeriodUnread,
    dates,
    narrowed,
    sortable,
)
from application.register import AmbiguousName
from application.world import Moment
from domain.errors import Invalid, NotFound
from domain.spelling import plain
from interfaces.extract import FileForm
from interfaces.questions import LISTINGS
from interfaces.web.extract import form_wanted, taken
from interfaces.web.page import READ, Asked, ask, pages, show
from interfaces.wiring import Product

LINES = 100
"""The lines of a page; the next ones are on the next."""

LONGEST = 120
"""Letters of what is written in a form; what is longer is no name of anything."""

NARROWING = ("q", "period", "dated", "region", "department", "sort")
"""What narrows any list in an address, beside its own filters."""

COUNTED = 20_000
"""Lines of a list beyond which its page does not count how many have each value."""


class NoSuchPage(Invalid):
    """A list has as many pages as its lines fill."""

    code = "list.no_such_page"
    fr = "Cette liste n'a pas de page « {text} » : elle en compte {pages}."
    en = "This list has no page “{text}”: it has {pages}."


class ChoiceRefused(Invalid):
    """A file is given of what can be chosen, and of nothing else."""

    code = "list.choice"
    fr = "{said}"
    en = "{said}"


@dataclass(slots=True)
class ListChoice:
    """What an address chooses of a list, and what is wrong with it, by field."""

    pole: str
    chosen: dict[str, Any]
    by: Narrowed = EVERYTHING
    written: dict[str, str] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    status: int = 200

    @property
    def kept(self) -> dict[str, str]:
        """The same, as addresses hold it."""
        return {"pole": self.pole, **self.chosen, **self.written}


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
        """Show the list, or give it as a file; filters, order and dates are in the address."""
        if form := form_wanted(request):
            return list_taken(product, known, request, form)
        _, asked, status, context = lines_asked(product, known, request)
        return show(request, "listing/list.html", asked, status, **context)

    return page


def list_taken(product: Product, known: Listing[Any], request: Request, form: FileForm) -> Response:
    """Every line that the page of a list would show, on all its pages, as a file."""
    moment, _ = ask(product, request)
    choice = choice_of(product, known, moment, request)
    for fault in choice.faults.values():
        raise ChoiceRefused(said=fault)
    given = {"pole": choice.pole or None, "by": choice.by, **choice.chosen}
    found = product.excerpt(known, moment, limit=MOST, **given)
    must_fit(found.total)
    words = product.words_of(known, moment)
    meant = product.chosen(known, moment, choice.chosen).words
    chosen = {known.heading(name): said for name, said in meant.items()}
    if choice.pole:
        chosen["Pôle"] = choice.pole
    chosen |= choice.by.in_words(known) | _order_in_words(known, choice.by)
    return taken(
        request,
        product,
        moment,
        form,
        title=known.title,
        lines=rows_of(known, found.lines, words),
        path=known.path,
        kept=choice.kept,
        chosen=chosen | _noted(known, found.lines),
    )


def _noted(known: Listing[Any], lines: list[Any]) -> dict[str, str]:
    said = " ; ".join(said_above(known, lines))
    return {"À savoir": said} if said else {}


def _order_in_words(known: Listing[Any], by: Narrowed) -> dict[str, str]:
    if not by.sort:
        return {}
    return {"Tri": known.heading(by.column) + (", en ordre inverse" if by.is_backwards else "")}


def choice_of(
    product: Product, known: Listing[Any], moment: Moment, request: Request
) -> ListChoice:
    """What an address chooses of a list; of what is wrong, nothing is chosen."""
    query = request.query_params
    pole = query.get("pole", "")[:LONGEST] if known.about_poles else ""
    given = {name: query[name][:LONGEST] for name in known.filters if query.get(name)}
    written = {
        name: query[name][:LONGEST]
        for name in narrows(known)
        if query.get(name) and name not in given
    }
    chosen, faults = _chosen(product, known, moment, given)
    choice = ListChoice(pole, chosen, written=written, faults=faults, status=422 if faults else 200)
    try:
        choice.by = _placed(product, moment, narrowed(known, written))
    except (PeriodUnread, NotADateOfIt, NotAnOrder) as fault:
        name = {PeriodUnread: "period", NotADateOfIt: "dated", NotAnOrder: "sort"}[type(fault)]
        choice.faults[name], choice.status = str(fault), 422
    if fault_of_pole := _fault_of_pole(product, pole):
        choice.faults["pole"], choice.status = fault_of_pole, 404
    return choice


def narrows(known: Listing[Any]) -> tuple[str, ...]:
    """What narrows a list in an address; a filter of its own comes before ours of that name."""
    left_out = set(known.filters)
    if not known.about_poles or known.ask:
        left_out |= {"region", "department"}
    if not dates(known):
        left_out |= {"period", "dated"}
    return tuple(name for name in NARROWING if name not in left_out)


def _placed(product: Product, moment: Moment, by: Narrowed) -> Narrowed:
    """A region by its own name, whatever its case and accents."""
    if not by.region or by.region == NOWHERE:
        return by
    named = {plain(name): name for name in product.register.regions(moment)}
    return replace(by, region=named.get(plain(by.region), by.region))


def lines_asked(
    product: Product, known: Listing[Any], request: Request
) -> tuple[Moment, Asked, int, dict[str, Any]]:
    """What the page of a list shows, and with which status: its lines, by what they were chosen.

    Where a field holds no value it may have, the form says so beside it, and there is no line.
    """
    moment, asked = ask(product, request)
    choice = choice_of(product, known, moment, request)
    faults, status = choice.faults, choice.status
    shown: Excerpt[Any] = Excerpt([], 0, "")
    query = request.query_params
    number = 1 if faults else _number(query.get("page", "1"))
    if not faults:
        part: dict[str, Any] = {"limit": LINES, "offset": max(number - 1, 0) * LINES}
        given = {"pole": choice.pole or None, "by": choice.by, **choice.chosen}
        shown = product.excerpt(known, moment, **part, **given)
    count = pages_of(shown.total)
    if not 1 <= number <= count:
        faults["page"], status = str(NoSuchPage(text=query["page"][:LONGEST], pages=count)), 404
    chosen = choice.chosen
    offers = product.offers(known, moment)
    context = {
        "here": known.path,
        "list": known,
        "offers": offers,
        "counts": {} if faults else _counts(product, known, moment, choice, offers, shown.total),
        "pole": choice.pole,
        "by": choice.by,
        "chosen": chosen,
        "written": choice.written,
        "narrows": narrows(known),
        "regions": product.register.regions(moment) if "region" in narrows(known) else [],
        "NOWHERE": NOWHERE,
        "dates": {name: known.heading(name) for name in dates(known)},
        "sorts": _sorts(known, asked, choice),
        "kept": choice.kept,
        "identities": {name: text for name, text in chosen.items() if is_identity(known, name)},
        "faults": faults,
        "number": number,
        "count": count,
        "eve_url": _eve(known, choice.pole, shown.pole_ended),
        **_told(product, known, moment, shown),
    }
    return moment, asked, status, context


def _counts(
    product: Product,
    known: Listing[Any],
    moment: Moment,
    choice: ListChoice,
    offers: Mapping[str, Any],
    total: int,
) -> dict[str, dict[str, int]]:
    """Of each filter that is offered value by value, how many lines each of these would leave."""
    if known.ask or total > COUNTED:
        return {}
    return {
        name: product.counts(known, moment, name, choice.pole, choice.by, choice.chosen)
        for name, values in offers.items()
        if values is not None
    }


def _sorts(known: Listing[Any], asked: Asked, choice: ListChoice) -> dict[str, tuple[str, str]]:
    """Of each column by which a list may be sorted: the address that does, and how it is now."""
    found = {}
    for name in sortable(known):
        is_this = choice.by.column == name
        way = "descending" if choice.by.is_backwards else "ascending"
        turned = f"-{name}" if is_this and not choice.by.is_backwards else name
        found[name] = (asked.url(known.path, choice.kept, sort=turned), way if is_this else "")
    return found


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
        "columns": telling(known, shown.lines, words),
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
