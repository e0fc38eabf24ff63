"""The days of a question, as people write them."""

import re
from datetime import date

from domain.errors import Invalid


class MalformedDay(Invalid):
    """A day is written AAAA-MM-JJ."""

    code = "date.malformed"
    fr = "« {text} » n'est pas un jour : écrire AAAA-MM-JJ, par exemple 2014-09-19."
    en = "“{text}” is not a day: write YYYY-MM-DD, for instance 2014-09-19."


class NotYetKnown(Invalid):
    """Nobody asks what will be known."""

    code = "date.future"
    fr = "Le registre ne peut pas dire ce qu'il saura {day} : ce jour n'est pas venu."
    en = "The register cannot tell what it will know ({day}): that day has not come."


def parse_day(text: str) -> date:
    """A day as people give it to a question; anything else is refused in one sentence."""
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError:
        raise MalformedDay(text=text[:40]) from None
