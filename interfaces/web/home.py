"""The first page: what a pole is, where they are, what was decided, what is said of them."""

from collections import Counter
from typing import Any

from fastapi import APIRouter, Request, Response

from application.charter_signature import SIGNATURE_LIST
from application.listing import Listing
from application.recognition import RECOGNITION_LIST
from application.wording import STAGES
from interfaces.web.page import READ, ask, pages, show
from interfaces.web.pole_map import map_shown
from interfaces.web.register import REGISTER
from interfaces.wiring import Product

HOME = "/"


def router(product: Product) -> APIRouter:
    """The page `/`."""
    routes = pages()

    @routes.api_route(HOME, methods=READ)
    def home(request: Request) -> Response:
        """Show the register in short; each figure opens its list, or names its source."""
        moment, asked = ask(product, request)
        stages = Counter(stage for stage, *_ in product.register.standing(moment))
        open_calls, planned = product.calls_under_way(moment)
        return show(
            request,
            "home/home.html",
            asked,
            here=HOME,
            stages=[
                (title, stages[stage], asked.url(REGISTER, stage=stage))
                for stage, title in STAGES.items()
            ],
            counted=[
                (listed.title, product.lists.count(listed, moment), asked.url(listed.path))
                for listed in COUNTED
            ],
            map=map_shown(product.pole_map(moment), lambda **place: asked.url(REGISTER, place)),
            figures=product.national_figures(moment),
            decisions=product.last_decisions(moment),
            open_calls=open_calls,
            planned=planned,
            last=product.last_recorded(moment),
        )

    return routes


COUNTED: tuple[Listing[Any], ...] = (SIGNATURE_LIST, RECOGNITION_LIST)
"""The lists whose lines the page counts beside the poles."""
