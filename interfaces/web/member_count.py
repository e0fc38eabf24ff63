"""The page of the members of a pole over time."""

from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from application.member_count import MemberCount
from application.pictures.steps import StepLane, steps
from application.wording import capital
from interfaces.web.page import READ, ask, pages
from interfaces.web.reading import show_reading
from interfaces.wiring import Product


def router(product: Product) -> APIRouter:
    """The page of members over time."""
    routes = pages()

    @routes.api_route("/poles/{pole}/membres", methods=READ)
    def members(request: Request, pole: str) -> Response:
        """Show how many members of each kind there were, over time."""
        moment, asked = ask(product, request)
        found = product.member_count(pole, moment)
        return show_reading(
            request,
            product,
            asked,
            moment,
            pole,
            "membres",
            "pole/members.html",
            count=found,
            image=_drawn(found),
        )

    return routes


def _drawn(found: MemberCount) -> Markup:
    lanes = [
        StepLane(capital(kind), [on.numbers[at] for on in found.changes], str(last))
        for at, (kind, last) in enumerate(zip(found.kinds, found.changes[-1].numbers, strict=True))
    ]
    days = [on.day for on in found.changes]
    if not lanes or len(days) < 2:
        return Markup()
    image = steps(days, lanes, title="Les membres par nature, dans le temps", prefix="membres")
    return Markup(image)  # noqa: S704  # escaped when it was drawn
