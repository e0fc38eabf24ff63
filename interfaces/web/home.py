"""The first page: what a pole is, where they are, what was decided, what is said of them."""

from fastapi import APIRouter, Request, Response

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
        found = product.home(moment)
        return show(
            request,
            "home/home.html",
            asked,
            here=HOME,
            stages=[
                (title, found.stages.get(stage, 0), asked.url(REGISTER, stage=stage))
                for stage, title in STAGES.items()
            ],
            counted=[(title, number, asked.url(path)) for title, path, number in found.counted],
            map=map_shown(product.pole_map(moment), lambda **place: asked.url(REGISTER, place)),
            found=found,
        )

    return routes
