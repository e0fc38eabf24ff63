"""The page of the timeline of a pole, and that of each of its facts."""

from datetime import date

from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from application.family_of_event import FAMILIES, FactFamily, family_of
from application.pictures.strip import strip
from application.pole_timeline import QUIET, PoleTimeline, TimelineAsked
from application.wording import capital
from domain.dates import as_iso
from domain.kernel import Recorded
from interfaces.moments import parse_day
from interfaces.web.filters import Text
from interfaces.web.listing import page_of
from interfaces.web.page import READ, ask, pages
from interfaces.web.reading import show_reading
from interfaces.wiring import Product

FACTS = 40
"""The facts of a page."""


def router(product: Product) -> APIRouter:
    """The pages of what happened to a pole."""
    routes = pages()

    @routes.api_route("/poles/{pole}/histoire", methods=READ)
    def timeline(
        request: Request,
        pole: str,
        sujet: Text = "",
        sorte: Text = "",
        par: Text = "",
        du: Text = "",
        au: Text = "",
        page: Text = "1",
    ) -> Response:
        """Show the facts of a pole that are asked for, with the silences between them."""
        moment, asked = ask(product, request)
        wanted = TimelineAsked(sujet, sorte, par, _day(du), _day(au))
        found = product.timeline(pole, moment, wanted)
        number, count = page_of(page, len(found.chosen), FACTS)
        kept = {"sujet": sujet, "sorte": sorte, "par": par, "du": as_iso(du), "au": as_iso(au)}
        last = number == count and not wanted.end
        return show_reading(
            request,
            product,
            asked,
            moment,
            pole,
            "histoire",
            "pole/timeline.html",
            entries=found.entries((number - 1) * FACTS, FACTS),
            image=_drawn(found),
            found=len(found.chosen),
            total=found.total,
            number=number,
            count=count,
            kept={name: said for name, said in kept.items() if said},
            families=found.families(),
            kinds=found.kinds(),
            roles=found.roles(),
            since=found.silence_since(moment.in_force) if last else "",
        )

    @routes.api_route("/poles/{pole}/evenements/{number}", methods=READ)
    def fact(request: Request, pole: str, number: int) -> Response:
        """Show one fact of a pole: its permanent address."""
        moment, asked = ask(product, request)
        whole = (one for one in product.raw_events(pole, moment) if one.position == number)
        return show_reading(
            request,
            product,
            asked,
            moment,
            pole,
            "histoire",
            "pole/fact.html",
            event=product.fact(pole, moment, number),
            raw=product.as_stored(whole),
            at=str(request.url.path),
        )

    return routes


def _day(written: str) -> date | None:
    return parse_day(written) if written else None


def _drawn(found: PoleTimeline) -> Markup:
    """The facts with a date on an axis; every text in the image was escaped when it was drawn."""
    dated = [fact for fact in found.chosen if fact.event.occurred_on.is_known]
    there = [family for family in FactFamily if any(_family(f) is family for f in dated)]
    if not there:
        return Markup()
    image = strip(
        [(fact.in_force_from, there.index(_family(fact))) for fact in dated],
        [capital(FAMILIES[family]) for family in there],
        quiet=QUIET,
        title="Les faits dans le temps ; les longs silences y sont raccourcis",
        prefix="frise",
    )
    return Markup(image)  # noqa: S704  # escaped when it was drawn


def _family(fact: Recorded) -> FactFamily:
    return family_of(fact.event.TOPIC)
