"""The page of the replay of a pole, and the short address of its comparison of two dates."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import RedirectResponse

from application.wording import date_in_words
from interfaces.moments import parse_day
from interfaces.web.filters import Text
from interfaces.web.page import READ, ask, pages
from interfaces.web.reading import on_day, show_reading
from interfaces.wiring import Product

Place = Annotated[int | None, Query(ge=1, le=10**9)]


def router(product: Product) -> APIRouter:
    """The pages that show a pole as it stood."""
    routes = pages()

    @routes.api_route("/poles/{pole}/rejeu", methods=READ)
    def replay(
        request: Request,
        pole: str,
        evenement: Place = None,
        jour: Text = "",
        hx_request_type: Annotated[str, Header()] = "",
    ) -> Response:
        """Show the pole at one of its facts; htmx asks for that alone as the slider moves."""
        moment, asked = ask(product, request)
        step = product.replay(pole, moment, evenement, parse_day(jour) if jour else None)
        return show_reading(
            request,
            product,
            asked,
            moment,
            pole,
            "rejeu",
            "pole/_replayed.html" if hx_request_type == "partial" else "pole/replay.html",
            step=step,
            day=date_in_words(step.day.isoformat()),
            then_url=lambda path: on_day(asked, path, step.day),
            kept={"evenement": str(step.number)},
        )

    @routes.api_route("/poles/{pole}/comparer", methods=READ)
    def compare(request: Request, pole: str, du: Text = "", au: Text = "") -> Response:
        """Lead to what changed between two days."""
        moment, asked = ask(product, request)
        code, _ = product.pole_called(pole, moment)
        days = {"start": du, "end": au, "known": asked.fields.get("known", "")}
        said = urlencode({name: day for name, day in days.items() if day})
        path = f"/poles/{code}/changements"
        return RedirectResponse(f"{path}?{said}" if said else path, 303)

    return routes
