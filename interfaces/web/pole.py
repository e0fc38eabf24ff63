"""The pages of the register and of each pole."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Header, Request, Response

from application.charter import CHARTER_LIST
from application.charter_signature import SIGNATURE_LIST
from application.choosing import Excerpt
from application.commitment_list import COMMITMENTS
from application.contribution_list import CONTRIBUTIONS
from application.dossier_list import DOSSIERS
from application.evaluation import EVALUATIONS
from application.extract import Cell, date_cell
from application.follow_up_list import FOLLOW_UPS
from application.following import FOLLOWINGS
from application.listing import LISTINGS, Listing
from application.next_step import next_step
from application.register import NO_LONGER, PoleLine
from application.register_of_day import RegisterOfDay
from application.undertaking import UNDERTAKINGS
from application.wording import CONFIDENCES, STAGES
from application.world import Moment
from domain.dates import as_iso
from domain.spelling import plain
from interfaces.web.extract import form_wanted, taken
from interfaces.web.filters import Text, facets, regions
from interfaces.web.journey import images
from interfaces.web.listing import LINES, page_of
from interfaces.web.page import READ, ask, pages, show
from interfaces.web.reading import READINGS, on_day
from interfaces.web.register import REGISTER, narrowed, said_of, views
from interfaces.wiring import Product

LATEST = 6
"""The facts that the page of a pole tells; its timeline tells them all."""
SHOWN = 20
"""The lines of each list that the page of a pole shows; the list has them all."""

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


def router(product: Product) -> APIRouter:
    """The pages under `/poles`."""
    routes = pages()

    @routes.api_route(REGISTER, methods=READ)
    def register(
        request: Request,
        q: Text = "",
        stage: Text = "",
        region: Text = "",
        department: Text = "",
        period: Text = "",
        entered: Text = "",
        sort: Text = "name",
        page: Text = "1",
        hx_request_type: Annotated[str, Header()] = "",
    ) -> Response:
        """Show the register; htmx asks for the list alone."""
        moment, asked = ask(product, request)
        of_day = product.register.of_day(moment)
        kept = {"q": q, "stage": stage, "region": region, "department": department}
        kept |= {"period": as_iso(period), "entered": as_iso(entered)}
        lines = narrowed(product, moment, kept)
        sort = sort if sort in SORTS else "name"
        in_order(lines, of_day, sort)
        kept |= {"sort": sort if sort != "name" else ""}
        said = said_of(kept) | ({"Tri": SORTS[sort][0]} if kept["sort"] else {})
        if form := form_wanted(request):
            return taken(
                request,
                product,
                moment,
                form,
                title="Registre des pôles",
                lines=(COLUMNS, [_cells(line) for line in lines]),
                path=REGISTER,
                kept=kept,
                chosen=said,
            )
        number, count = page_of(page, len(lines))
        by_stage = of_day.once("stages", lambda lines: Counter(line.stage for line in lines))
        return show(
            request,
            "pole/_rows.html" if hx_request_type == "partial" else "pole/register.html",
            asked,
            here=REGISTER,
            lines=lines[(number - 1) * LINES : number * LINES],
            found=len(lines),
            number=number,
            count=count,
            total=len(of_day.lines),
            q=q,
            stage=stage,
            region=region,
            sort=sort,
            sorts={name: title for name, (title, _, _) in SORTS.items()},
            kept=kept,
            said=said,
            views=views(asked, kept, REGISTER),
            stages=facets(
                "stage", ((s, t, by_stage[s]) for s, t in STAGES.items()), stage, asked, REGISTER
            ),
            regions=facets("region", of_day.once("places", regions), region, asked, REGISTER),
        )

    @routes.api_route(f"{REGISTER}/{{pole}}", methods=READ)
    def sheet(request: Request, pole: str) -> Response:
        """Show a pole: what is known of it, what it lacks to go on, everything recorded."""
        moment, asked = ask(product, request)
        found = product.sheet(pole, moment)
        code = found.code
        latest, number = product.latest(code, moment, LATEST)
        kept = product.lists_of(code, moment)
        ways = product.why(code, moment)
        parts = {
            name: product.excerpt(of, moment, pole=code, limit=SHOWN) for name, of in PARTS.items()
        }
        lines: dict[str, Any] = {name: part.lines for name, part in parts.items()}
        return show(
            request,
            "pole/sheet.html",
            asked,
            here=f"{REGISTER}/{code}",
            sheet=found,
            doing=product.doing(code, moment),
            lineage=product.lineage(code, moment),
            paths=images(product, code, [other.journey for other in found.further], moment),
            ways=ways,
            step=next_step(found.stage, ways),
            days=_days_since(found.occurred_on, moment),
            further=product.further_why(code, moment),
            votes=product.votes(code, moment),
            eve_url=on_day(asked, f"{REGISTER}/{code}", found.eve) if found.eve else None,
            criteria=product.criteria(code, moment),
            kept_lists=kept,
            other_lists=_others([known for known, _ in kept]),
            latest=latest,
            number=number,
            rests={name: _rest(PARTS[name], part) for name, part in parts.items()},
            READINGS=READINGS,
            NO_LONGER=NO_LONGER,
            **lines,
        )

    return routes


def in_order(lines: list[PoleLine], of_day: RegisterOfDay, sort: str) -> None:
    """Put some poles of a day in one of the orders of the register, which is that of names."""
    if sort != "name":
        _, key, backwards = SORTS[sort]
        places = of_day.places(("register", sort), key, backwards)
        lines.sort(key=lambda line: places[line.id])


COLUMNS = (
    *("Pôle", "Étape", "À cette étape depuis", "À savoir de l'étape"),
    *("Territoire", "Département", "Région", "Activité", "Confiance", "Code"),
)
"""What a file of the register is made of."""


def _cells(line: PoleLine) -> tuple[Cell, ...]:
    return (
        line.name,
        line.stage_title,
        date_cell(line.occurred_on),
        line.stage_note,
        line.territory,
        line.department,
        line.region,
        line.activity,
        CONFIDENCES.get(line.confidence or "", line.confidence),
        line.code,
    )


PARTS: Mapping[str, Listing[Any]] = {
    "contributions": CONTRIBUTIONS,
    "followings": FOLLOWINGS,
    "charters": CHARTER_LIST,
    "signatures": SIGNATURE_LIST,
    "undertakings": UNDERTAKINGS,
    "evaluations": EVALUATIONS,
    "dossiers": DOSSIERS,
    "commitments": COMMITMENTS,
    "follow_ups": FOLLOW_UPS,
}
"""The lists that the page of a pole shows line by line."""


class ListRest(NamedTuple):
    """That a list of a pole goes on beyond what its page shows."""

    title: str
    path: str
    shown: int
    total: int


def _rest(listing: Listing[Any], part: Excerpt[Any]) -> ListRest | None:
    shown = len(part.lines)
    more = part.total > shown
    return ListRest(listing.title, listing.path, shown, part.total) if more else None


def _others(kept: Collection[Listing[Any]]) -> list[Listing[Any]]:
    """The lists that say nothing of a pole yet, by their titles."""
    about_poles = (known for known in LISTINGS.values() if known.about_poles and not known.ask)
    others = (known for known in about_poles if known not in kept)
    return sorted(others, key=lambda known: plain(known.title))


def _days_since(written: str, moment: Moment) -> int | None:
    """How many days ago a date was; of one that is not known to the day, nobody counts them."""
    try:
        return (moment.in_force - date.fromisoformat(written)).days
    except ValueError:
        return None
