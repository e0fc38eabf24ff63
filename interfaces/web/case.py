"""What the page of any case beside the poles shows of it as such."""

from typing import Any

from application.history_in_words import by_year
from application.world import Moment
from interfaces.web.journey import drawn
from interfaces.wiring import Product

IN_ONE = 12
"""Events told one after the other; of a longer history each year is folded, but the last."""


def parts(product: Product, concept: str, name: str, moment: Moment) -> dict[str, Any]:
    """Its path and the drawing of it, its deadlines, its ways out, its votes, its history.

    `years` is the history year by year, where it is too long to be read in one.
    """
    path = product.case_path(concept, name, moment)
    history = product.case_history(concept, name, moment)
    return {
        "concept": concept,
        "value": product.case_code(product.find_thing(concept, name)),
        "path": path,
        "drawing": drawn(product, (concept, name), path, moment),
        "ways": product.case_why(concept, name, moment),
        "deadlines": product.case_deadlines(concept, name, moment),
        "votes": product.case_votes(concept, name, moment),
        "history": history,
        "years": by_year(history) if len(history) > IN_ONE else {},
    }
