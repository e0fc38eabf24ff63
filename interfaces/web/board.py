"""The page of the portfolio: the poles by stage, as cards in columns, or line by line."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from fastapi import APIRouter, Request, Response

from application.board import BoardCard
from application.narrowing import NOWHERE, lies_in
from application.register import PoleLine
from application.wording import STAGES
from application.world import Moment
from domain.dates import PartialDate
from domain.spelling import plain
from domain.territory import parts
from interfaces.web.filters import Text, facets, regions
from interfaces.web.listing import page_of
from interfaces.web.page import READ, Asked, ask, pages, show
from interfaces.web.pole_map import map_shown
from interfaces.web.visitor import SignInWanted, visitor
from interfaces.wiring import Product

BOARD = "/portefeuille"
CARDS = 8
"""The cards that a column shows; its list has them all."""
LINES = 25
"""The lines of a page of the table: each is a pole read whole."""


@dataclass(frozen=True, slots=True)
class BoardView:
    """A way of showing the same poles."""

    name: str
    """As it stands in the address; empty for the one shown unless another is asked for."""
    title: str
    template: str


VIEWS = (
    BoardView("", "Colonnes", "board/columns.html"),
    BoardView("tableau", "Tableau", "board/table.html"),
    BoardView("carte", "Carte", "board/map.html"),
)
"""Every way of showing them, the first one unless another is asked for."""


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """A stage, how many poles stand in it, and the first of them."""

    stage: str
    title: str
    number: int
    cards: Sequence[BoardCard]
    url: str


def _entered(line: PoleLine) -> tuple[bool, str]:
    since = PartialDate(line.occurred_on).first_day
    return since is None, since.isoformat() if since else ""


_SORTS: Mapping[str, tuple[str, Callable[[PoleLine], Any]]] = {
    "": ("Durée à l'étape", lambda line: (*_entered(line), plain(line.name))),
    "name": ("Nom", lambda line: plain(line.name)),
    "region": ("Région", lambda line: (not line.region, plain(line.region or ""), line.name)),
}


def router(product: Product) -> APIRouter:
    """The page `/portefeuille`."""
    routes = pages()

    @routes.api_route(BOARD, methods=READ)
    def board(
        request: Request,
        q: Text = "",
        stage: Text = "",
        region: Text = "",
        department: Text = "",
        suivi: Literal["", "moi", "personne"] = "",
        retard: Literal["", "oui"] = "",
        sort: Text = "",
        vue: Text = "",
        page: Text = "1",
    ) -> Response:
        """Show the poles by stage; filters, sort, view and dates are in the address."""
        moment, asked = ask(product, request)
        by = visitor(request).by
        if suivi == "moi" and by is None:
            raise SignInWanted(roles="")
        of_day = product.register.of_day(moment)
        somewhere = region if region != NOWHERE else ""
        lines = product.register.lines(moment, region=somewhere, search=q)
        if region == NOWHERE:
            lines = [line for line in lines if not line.region]
        if department:
            lines = [line for line in lines if lies_in(line.department, department)]
        if suivi:
            followed = product.followed_poles(moment, by.actor if by and suivi == "moi" else None)
            lines = [line for line in lines if _is_kept(line, suivi, followed)]
        if retard:
            late = product.late_poles(lines, moment)
            lines = [line for line in lines if line.id in late]
        sort = sort if sort in _SORTS else ""
        places = of_day.places(("board", sort), _SORTS[sort][1])
        lines.sort(key=lambda line: places[line.id])
        view = next((view for view in VIEWS if view.name == vue), VIEWS[0])
        kept = {"q": q, "region": region, "department": department, "suivi": suivi}
        kept |= {"retard": retard, "sort": sort, "stage": stage, "vue": view.name}
        there = [line for line in lines if not stage or line.stage == stage]
        if view.name == "carte":
            lists = {**kept, "vue": "tableau"}
            shown: dict[str, Any] = {
                "map": map_shown(
                    product.map_of(there), lambda **place: asked.url(BOARD, {**lists, **place})
                )
            }
        elif view.name:
            number, count = page_of(page, len(there), LINES)
            part = there[(number - 1) * LINES : number * LINES]
            shown = {
                "cards": product.cards(part, moment),
                "number": number,
                "count": count,
            }
        else:
            shown = {"columns": _columns(product, there, stage, moment, asked, kept)}
        return show(
            request,
            "board/board.html",
            asked,
            here=BOARD,
            kept=kept,
            view=view,
            views=[(one, asked.url(BOARD, kept, vue=one.name)) for one in VIEWS],
            found=len(there),
            total=len(of_day.lines),
            sorts={name: title for name, (title, _) in _SORTS.items()},
            regions=facets("region", of_day.once("places", regions), region, asked, BOARD, kept),
            departments=of_day.once("departments", _departments),
            **shown,
        )

    return routes


def _is_kept(line: PoleLine, following: str, followed: Collection[Any]) -> bool:
    if following == "moi":
        return line.id in followed
    return line.stage != "ended" and line.id not in followed


def _departments(lines: Sequence[PoleLine]) -> list[str]:
    """The departments in which poles lie, by name."""
    return sorted({name for line in lines for name in parts(line.department)}, key=plain)


def _columns(
    product: Product,
    lines: Sequence[PoleLine],
    stage: str,
    moment: Moment,
    asked: Asked,
    kept: Mapping[str, str],
) -> list[BoardColumn]:
    """Each stage, or the one asked for, with its first cards: these alone are read whole."""
    by_stage: dict[str, list[PoleLine]] = {name: [] for name in STAGES}
    for line in lines:
        by_stage[line.stage].append(line)
    shown = [line for of_stage in by_stage.values() for line in of_stage[:CARDS]]
    cards = product.cards(shown, moment)
    return [
        BoardColumn(
            name,
            STAGES[name],
            len(of_stage),
            [card for card in cards if card.pole.stage == name],
            asked.url(BOARD, kept, stage=name, vue="tableau"),
        )
        for name, of_stage in by_stage.items()
        if stage in ("", name)
    ]
