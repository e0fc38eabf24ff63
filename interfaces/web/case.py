"""What the page of any case beside the poles shows of it as such."""

from typing import Any

from application.world import Moment
from interfaces.web.journey import image
from interfaces.wiring import Product


def parts(product: Product, concept: str, name: str, moment: Moment) -> dict[str, Any]:
    """Its path and the drawing of it, its deadlines, its ways out, its votes, its history."""
    path = product.case_path(concept, name, moment)
    return {
        "path": path,
        "drawing": image(product.rules(path.journey, moment), path),
        "ways": product.case_why(concept, name, moment),
        "deadlines": product.case_deadlines(concept, name, moment),
        "votes": product.case_votes(concept, name, moment),
        "history": product.case_history(concept, name, moment),
    }
