"""The page of the commitments to a pole over time: promised, paid, justified, left, late."""

from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from application.burn_down import BurnDown
from application.pictures.steps import OverdueMark, StepLane, steps
from domain.money import euros
from interfaces.web.page import READ, ask, pages
from interfaces.web.reading import show_reading
from interfaces.wiring import Product

COMMITMENTS = 50
"""The commitments of the page at most; the list of commitments has them all."""


def router(product: Product) -> APIRouter:
    """The page of commitments over time."""
    routes = pages()

    @routes.api_route("/poles/{pole}/argent", methods=READ)
    def money(request: Request, pole: str) -> Response:
        """Show what is left of what was promised, over time, and what is late."""
        moment, asked = ask(product, request)
        found = product.burn_down(pole, moment)
        return show_reading(
            request,
            product,
            asked,
            moment,
            pole,
            "argent",
            "pole/burn_down.html",
            money=found,
            image=_drawn(found),
            most=COMMITMENTS,
        )

    return routes


def _drawn(found: BurnDown) -> Markup:
    days = [on.day for on in found.changes]
    if len(days) < 2:
        return Markup()
    last = found.changes[-1]
    lanes = (
        StepLane("Promis", [on.promised for on in found.changes], euros(last.promised)),
        StepLane("Payé", [on.paid for on in found.changes], euros(last.paid)),
        StepLane("Justifié", [on.justified for on in found.changes], euros(last.justified)),
        StepLane("Reste à payer", [on.left for on in found.changes], euros(last.left)),
    )
    overdue = [OverdueMark(late.due_on, late.title) for late in found.late]
    image = steps(days, lanes, title="Ce qui reste des promesses", prefix="argent", overdue=overdue)
    return Markup(image)  # noqa: S704  # escaped when it was drawn
