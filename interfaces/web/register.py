"""What the list and the map of the register have in common: by what its poles are chosen."""

from collections.abc import Mapping

from application.listing import date_alone
from application.narrowing import NOWHERE, UNDATED, lies_in
from application.register import PoleLine
from application.wording import STAGES
from application.world import Moment
from interfaces.web.page import Asked
from interfaces.wiring import Product

REGISTER, MAP = "/poles", "/carte"


def narrowed(product: Product, moment: Moment, kept: Mapping[str, str]) -> list[PoleLine]:
    """The poles that an address chooses: by words, stage or place, or since when."""
    region, department, entered = kept["region"], kept["department"], kept["entered"]
    somewhere = region if region != NOWHERE else ""
    lines = product.register.lines(moment, stage=kept["stage"], region=somewhere, search=kept["q"])
    began = product.register.entered(moment, entered) if entered else frozenset()
    undated = "unknown" if kept["period"] == UNDATED else kept["period"]
    return [
        line
        for line in lines
        if (region != NOWHERE or not line.region)
        and (not department or lies_in(line.department, department))
        and line.occurred_on.startswith(undated)
        and (not entered or line.id in began)
    ]


def said_of(kept: Mapping[str, str]) -> dict[str, str]:
    """By what poles are chosen, in words."""
    words = {
        "Recherche": kept["q"],
        "Étape": STAGES.get(kept["stage"], kept["stage"]),
        "Région": "non renseignée" if kept["region"] == NOWHERE else kept["region"],
        "Département": "non renseigné" if kept["department"] == NOWHERE else kept["department"],
        "À leur étape depuis": (
            UNDATED if kept["period"] == UNDATED else date_alone(kept["period"])
        ),
        "Entrés au registre": date_alone(kept["entered"]),
    }
    return {name: said for name, said in words.items() if said}


def views(asked: Asked, kept: Mapping[str, str], here: str) -> list[tuple[str, str, bool]]:
    """The register as a list and as a map, with what is chosen kept from one to the other."""
    chosen = {name: value for name, value in kept.items() if name != "sort"}
    return [
        ("Liste", asked.url(REGISTER, kept), here == REGISTER),
        ("Carte", asked.url(MAP, chosen), here == MAP),
    ]
