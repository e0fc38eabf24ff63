"""The page of a call: its waves and money, its committee, who is named as a laureate, figures."""

from collections.abc import Iterable

from fastapi import APIRouter, Request, Response

from application.call_sheet import CallClaimLine
from interfaces.web.case import parts
from interfaces.web.page import READ, ask, pages, show
from interfaces.wiring import Product

CALLS = "/appels"


def router(product: Product) -> APIRouter:
    """The pages under `/appels`."""
    routes = pages()

    @routes.api_route(f"{CALLS}/{{name}}", methods=READ)
    def sheet(request: Request, name: str) -> Response:
        """Show a call; of what its committee decides, what is announced only."""
        moment, asked = ask(product, request)
        found = product.call(name, moment)
        announced = product.announced_waves(name, moment)
        return show(
            request,
            "call/sheet.html",
            asked,
            here=f"{CALLS}/{found.code}",
            sheet=found,
            announced=announced,
            left_cents=announced[0].left_cents if announced else None,
            figures=_side_by_side(found.claims),
            said=[line for line in found.claims if not line.number],
            waves={wave.id: wave.title for wave in found.waves},
            phases={line.phase for line in found.laureates if line.phase},
            named=len({line.pole for line in found.laureates}),
            case=parts(product, "call", name, moment),
        )

    return routes


def _side_by_side(claims: Iterable[CallClaimLine]) -> list[CallClaimLine]:
    """The claims that give a figure, those of the same measure next to one another."""
    told = [line for line in claims if line.number]
    order = {line.measure: number for number, line in reversed([*enumerate(told)])}
    return sorted(told, key=lambda line: order[line.measure])
