"""The page of a campaign: how far it has come by region, who has not answered, who is reminded."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from interfaces.web.filters import Text
from interfaces.web.listing import LINES, page_of
from interfaces.web.page import READ, ask, pages, show
from interfaces.wiring import Product

CAMPAIGNS = "/campagnes"


def router(product: Product) -> APIRouter:
    """The pages `/campagnes/{year}`."""
    routes = pages()

    @routes.api_route(f"{CAMPAIGNS}/{{year}}", methods=READ)
    def campaign(
        request: Request,
        year: Annotated[int, Path(ge=0, le=9999)],
        region: Text = "",
        page: Text = "1",
    ) -> Response:
        """Show its progress, and the poles that have not answered: of a region, or of all."""
        moment, asked = ask(product, request)
        found = product.campaign(year, moment)
        here = f"{CAMPAIGNS}/{year}"
        chosen = next((line for line in found.regions if line.region == region), None)
        awaited = found.total.awaited if not region else chosen.awaited if chosen else 0
        number, count = page_of(page, awaited)
        offset = (number - 1) * LINES
        lines = product.unanswered(year, moment, region=region, limit=LINES, offset=offset)
        return show(
            request,
            "campaign/campaign.html",
            asked,
            here=here,
            kept={"region": region},
            campaign=found,
            region=region,
            awaited=awaited,
            regions=[
                (line, asked.url(here, region=line.region) if line.region else "")
                for line in found.regions
            ],
            lines=lines,
            followers=product.followers((line.pole for line in lines), moment),
            number=number,
            count=count,
        )

    return routes
