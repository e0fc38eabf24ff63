"""What the pages have in common that each give one reading of a pole: its name, the way between."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from fastapi import Request, Response

from application.world import Moment
from interfaces.web.page import Asked, show
from interfaces.wiring import Product

READINGS: Mapping[str, str] = {
    "": "Vue d'ensemble",
    "histoire": "Histoire",
    "rejeu": "Rejeu",
    "changements": "Comparer deux dates",
    "membres": "Membres dans le temps",
    "argent": "Engagements dans le temps",
    "pieces": "Pièces",
    "radar": "Radar à deux dates",
    "evenements": "Événements bruts",
    "origine": "D'où vient chaque valeur",
}
"""The readings of a pole, by the end of their addresses, in the order in which they are offered."""


def on_day(asked: Asked, path: str, day: date) -> str:
    """A page as it stood on another day, by what is known at the moment asked about."""
    return replace(asked, fields={**asked.fields, "in_force": day.isoformat()}).url(path)


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
