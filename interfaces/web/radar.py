"""The page of the profile of a pole on two days, drawn as a radar with its table."""

from datetime import date

from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from application.pictures.radar import radar
from application.round_in_words import ROUNDS
from domain.dates import as_iso
from domain.errors import Invalid
from domain.evaluation import RoundKind
from interfaces.moments import parse_day
from interfaces.web.filters import Text
from interfaces.web.page import READ, ask, pages
from interfaces.web.reading import show_reading
from interfaces.wiring import Product


class NotARoundKind(Invalid):
    """Profiles are given by the rounds of one kind."""

    code = "radar.kind"
    fr = f"« {{text}} » n'est pas une sorte de tour ; au choix : {', '.join(RoundKind)}."
    en = f"“{{text}}” is no kind of round; one of: {', '.join(RoundKind)}."


def router(product: Product) -> APIRouter:
    """The page of the radar at two dates."""
    routes = pages()

    @routes.api_route("/poles/{pole}/radar", methods=READ)
    def page(
        request: Request, pole: str, tour: Text = "", du: Text = "", au: Text = ""
    ) -> Response:
        """Show the profile on two days; both days and the kind of round are in the address."""
        moment, asked = ask(product, request)
        kind = _kind(tour)
        found = product.radar(pole, kind, moment, _day(du), _day(au))
        kept = {"tour": tour, "du": as_iso(du), "au": as_iso(au)}
        drawn = radar(found.profiles) if found.profiles else ""
        return show_reading(
            request,
            product,
            asked,
            moment,
            pole,
            "radar",
            "pole/radar.html",
            found=found,
            image=Markup(drawn),  # noqa: S704  # escaped when it was drawn
            kinds=ROUNDS,
            kept={name: said for name, said in kept.items() if said},
        )

    return routes


def _kind(text: str) -> RoundKind:
    if text and text not in set(RoundKind):
        raise NotARoundKind(text=text[:40])
    return RoundKind(text) if text else RoundKind.SELF_POSITIONING


def _day(written: str) -> date | None:
    return parse_day(written) if written else None
