"""What the pages have in common that each give one reading of a pole: its name, the way between."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request, Response

from application.world import Moment
from interfaces.web.page import Asked, show
from interfaces.wiring import Product

READINGS: Mapping[str, str] = {
    "": "Vue d'ensemble",
    "histoire": "Histoire",
    "changements": "Comparer deux dates",
    "origine": "D'où vient chaque valeur",
}
"""The readings of a pole, by the end of their addresses, in the order in which they are offered."""


def show_reading(
    request: Request,
    product: Product,
    asked: Asked,
    moment: Moment,
    pole: str,
    part: str,
    template: str,
    **context: Any,
) -> Response:
    """The page of one reading of a pole, with the way to the others."""
    code, name = product.pole_called(pole, moment)
    return show(
        request,
        template,
        asked,
        here=f"/poles/{code}/{part}",
        sheet=f"/poles/{code}",
        code=code,
        name=name,
        part=part,
        title=READINGS[part],
        READINGS=READINGS,
        **context,
    )
