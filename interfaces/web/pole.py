"""The pages of the register and of each pole."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response

from application.charter import CHARTER_LIST, SIGNATURE_LIST
from application.contribution_list import CONTRIBUTIONS
from application.evaluation import EVALUATIONS
from application.following import FOLLOWINGS
from application.history_in_words import HistoryLine, by_year
from application.listing import LISTINGS, Listing
from application.register import PoleLine
from application.undertaking import UNDERTAKINGS
from domain.register import plain
from domain.territory import parts
from interfaces.questions import STAGES
from interfaces.web.journey import images
from interfaces.web.page import READ, Asked, ask, pages, show
from interfaces.wiring import Product

REGISTER = "/poles"
NOWHERE = "non-renseignee"
"""The filter of the poles whose region is not known."""

Text = Annotated[str, Query(max_length=120, pattern=r"^[^\x00-\x1f]*$")]

_rank = {stage: rank for rank, stage in enumerate(STAGES)}

SORTS: dict[str, tuple[str, Callable[[PoleLine], Any], bool]] = {
    "name": ("Nom", lambda line: (plain(line.name), line.code), False),
    "stage": ("Étape", lambda line: _rank.get(line.stage, len(_rank)), False),
    "date": (
        "Date de l'étape, la plus récente d'abord",
        lambda line: line.occurred_on.replace("unknown", ""),
        True,
    ),
    "region": (
        "Région",
        lambda line: (not line.region, plain(line.region or ""), line.department or ""),
        False,
    ),
}
"""How the list may be sorted: the words, the key, and whether the greatest comes first."""


@dataclass(frozen=True, slots=True)
class Count:
    """A figure of the register that leads to the poles it counts."""

    value: str
    title: str
    number: int
    url: str
    chosen: bool


def _regions(lines: Iterable[PoleLine]) -> list[tuple[str, str, int]]:
    """Each region with its number of poles, by name; those without a region come last."""
    counts = Counter(region for line in lines for region in parts(line.region) or [None])
    known = sorted((region for region in counts if region), key=plain)
    found = [(region, region, counts[region]) for region in known]
    return found + ([(NOWHERE, "Région non renseignée", counts[None])] if counts[None] else [])


def _counts(
    name: str, figures: Iterable[tuple[str, str, int]], chosen: str, asked: Asked
) -> list[Count]:
    return [
        Count(value, title, number, asked.url(REGISTER, {name: value}), value == chosen)
        for value, title, number in figures
    ]


def router(product: Product) -> APIRouter:
    """The pages under `/poles`."""
    routes = pages()

    @routes.api_route(REGISTER, methods=READ)
    def register(
        request: Request,
        q: Text = "",
        stage: Text = "",
        region: Text = "",
        sort: Text = "name",
        hx_request_type: Annotated[str, Header()] = "",
    ) -> Response:
        """Show the register; htmx asks for the list alone."""
        moment, asked = ask(product, request)
        everyone = product.register.lines(moment)
        somewhere = region if region != NOWHERE else ""
        lines = product.register.lines(moment, stage=stage, region=somewhere, search=q)
        if region == NOWHERE:
            lines = [line for line in lines if not line.region]
        sort = sort if sort in SORTS else "name"
        _, key, backwards = SORTS[sort]
        lines.sort(key=key, reverse=backwards)
        by_stage = Counter(line.stage for line in everyone)
        return show(
            request,
            "pole/_rows.html" if hx_request_type == "partial" else "pole/register.html",
            asked,
            here=REGISTER,
            lines=lines,
            total=len(everyone),
            q=q,
            stage=stage,
            region=region,
            sort=sort,
            sorts={name: title for name, (title, _, _) in SORTS.items()},
            kept={"q": q, "stage": stage, "region": region, "sort": sort if sort != "name" else ""},
            stages=_counts("stage", ((s, t, by_stage[s]) for s, t in STAGES.items()), stage, asked),
            regions=_counts("region", _regions(everyone), region, asked),
        )

    @routes.api_route(f"{REGISTER}/{{pole}}", methods=READ)
    def sheet(request: Request, pole: str) -> Response:
        """Show a pole: what is known of it, what it lacks to go on, everything recorded."""
        moment, asked = ask(product, request)
        found = product.sheet(pole, moment)
        code = found.code
        history = product.history(code, moment)
        kept = product.lists_of(code, moment)
        lines: dict[str, Any] = {
            name: product.listed(of, moment, pole=code) for name, of in PARTS.items()
        }
        return show(
            request,
            "pole/sheet.html",
            asked,
            here=f"{REGISTER}/{code}",
            sheet=found,
            doing=product.doing(code, moment),
            lineage=product.lineage(code, moment),
            paths=images(product, code, [other.journey for other in found.further], moment),
            ways=product.why(code, moment),
            criteria=product.criteria(code, moment),
            kept_lists=kept,
            other_lists=_others([known for known, _ in kept]),
            number=len(history),
            years=by_year(history),
            first_cited=_first_cited(history),
            **lines,
        )

    return routes


PARTS: Mapping[str, Listing[Any]] = {
    "contributions": CONTRIBUTIONS,
    "followings": FOLLOWINGS,
    "charters": CHARTER_LIST,
    "signatures": SIGNATURE_LIST,
    "undertakings": UNDERTAKINGS,
    "evaluations": EVALUATIONS,
}
"""The lists that the page of a pole shows line by line."""


def _others(kept: Collection[Listing[Any]]) -> list[Listing[Any]]:
    """The lists that say nothing of a pole yet, by their titles."""
    about_poles = (known for known in LISTINGS.values() if known.about_poles and not known.ask)
    others = (known for known in about_poles if known not in kept)
    return sorted(others, key=lambda known: plain(known.title))


def _first_cited(history: Iterable[HistoryLine]) -> Mapping[str, HistoryLine]:
    """The fact with which each source is cited whole; after it, it is only named."""
    found: dict[str, HistoryLine] = {}
    for lines in by_year(history).values():
        for line in lines:
            if line.source:
                found.setdefault(line.source, line)
    return found
