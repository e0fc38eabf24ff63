"""The page of cohorts: the poles that entered together, the stages they reached, in how long."""

from collections.abc import Mapping
from uuid import UUID

from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from application.cohort import UNKNOWN_YEAR, Cohort
from application.dossier_list import DOSSIERS, calls_in_words
from application.pictures.flow import FlowBar, flow
from application.register import PoleLine
from application.wording import STAGES
from application.world import Moment
from domain.dates import PartialDate
from domain.spelling import plain
from interfaces.web.filters import Text
from interfaces.web.listing import LINES, page_of
from interfaces.web.page import READ, ask, pages, show
from interfaces.web.words import plural
from interfaces.wiring import Product

COHORTS = "/cohortes"


def router(product: Product) -> APIRouter:
    """The page `/cohortes`."""
    routes = pages()

    @routes.api_route(COHORTS, methods=READ)
    def cohorts(
        request: Request, annee: Text = "", appel: Text = "", montre: Text = "", page: Text = "1"
    ) -> Response:
        """Show how a cohort went through the stages; each figure leads to its poles."""
        moment, asked = ask(product, request)
        years = product.years_of_entry(moment)
        call, _, wave = appel.partition("/")
        year = "" if call else annee or next(iter(years), "")
        lines, found = (
            product.cohort(moment, year=_known(year, years), call=call, wave=wave)
            if year or call
            else ([], None)
        )
        kept = {"annee": annee, "appel": appel, "montre": montre}
        shown = _of_figure(lines, found, montre)
        number, count = page_of(page, len(shown))
        return show(
            request,
            "cohort/cohorts.html",
            asked,
            here=COHORTS,
            kept=kept,
            years=years,
            year=year,
            UNKNOWN_YEAR=UNKNOWN_YEAR,
            calls=_calls(product, moment),
            cohort=found,
            drawing=_drawn(found) if found and found.number else None,
            figure=_figure_in_words(montre, found),
            figures={name: asked.url(COHORTS, kept, montre=name) for name in found.shown}
            if found
            else {},
            lines=shown[(number - 1) * LINES : number * LINES],
            found=len(shown),
            number=number,
            count=count,
        )

    return routes


def _known(year: str, years: Mapping[str, int]) -> str:
    """A year as it is asked for; of one in which no pole entered, there is none."""
    return year if year in years else "-"


def _calls(product: Product, moment: Moment) -> list[tuple[str, str]]:
    """The calls in which poles applied, and their waves where there are several."""
    words = calls_in_words(product.registry, moment)
    waves = product.words_of(DOSSIERS, moment).get("wave", {})
    found = []
    for call in product.calls_of_entry(moment):
        title = words.get(call, call)
        found.append((call, title))
        those = product.waves_of_call(call, moment)
        if len(those) > 1:
            found += [(f"{call}/{wave}", f"{title}, {waves.get(wave, wave)}") for wave in those]
    return found


def _drawn(found: Cohort) -> Markup:
    bars = [
        FlowBar(
            line.title,
            line.reached,
            line.there,
            f"{line.reached} l'ont atteinte, {plural(line.there, 'y est', 'y sont')}",
        )
        for line in found.reached
    ]
    title = "Combien de pôles ont atteint chaque étape, et combien y sont ; le tableau le dit aussi"
    return Markup(flow(bars, title=title))  # noqa: S704  # every text in it was escaped


def _of_figure(lines: list[PoleLine], found: Cohort | None, figure: str) -> list[PoleLine]:
    """The poles that a figure counts; all of them, where none is asked for."""
    wanted: frozenset[UUID] = found.shown.get(figure, frozenset()) if found else frozenset()
    kept = [line for line in lines if not figure or line.id in wanted]
    return sorted(kept, key=lambda line: (_first_day(line), plain(line.name)))


def _first_day(line: PoleLine) -> str:
    since = PartialDate(line.occurred_on).first_day
    return since.isoformat() if since else ""


def _figure_in_words(figure: str, found: Cohort | None) -> str:
    if not figure or found is None or figure not in found.shown:
        return ""
    kind, *stages = figure.split("-")
    titles = [STAGES.get(stage, stage) for stage in stages]
    match kind:
        case "reste":
            return f"Se trouvent à l'étape « {titles[0]} »"
        case "atteint":
            return f"Ont atteint l'étape « {titles[0]} »"
        case _:
            return f"Sont passés de « {titles[0]} » à « {titles[1]} »"
