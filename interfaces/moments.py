"""The days of a question, and what was known then, as people write them."""

import re
from datetime import date, datetime, timedelta

from domain.dates import PARIS, as_iso
from domain.errors import Invalid


class MalformedDay(Invalid):
    """A day is written JJ/MM/AAAA, or AAAA-MM-JJ."""

    code = "date.malformed"
    fr = "« {text} » n'est pas un jour : écrire 19/09/2014, ou 2014-09-19."
    en = "“{text}” is not a day: write 2014-09-19, or 19/09/2014."


class MalformedKnowledge(MalformedDay):
    """What was known is asked by a day, an instant of one, or a size of the journal."""

    fr = (
        "« {text} » n'est pas un jour (2014-09-19), ni un instant (2014-09-19T10:15), "
        "ni une taille du journal (@1500)."
    )
    en = (
        "“{text}” is not a day (2014-09-19), an instant (2014-09-19T10:15) or "
        "a size of the journal (@1500)."
    )


class NotYetKnown(Invalid):
    """Nobody asks what will be known."""

    code = "date.future"
    fr = "Le registre ne peut pas dire ce qu'il saura {day} : ce jour n'est pas venu."
    en = "The register cannot tell what it will know ({day}): that day has not come."


class BeyondJournal(Invalid):
    """The journal has not that many events."""

    code = "size.beyond"
    fr = "Le journal n'a pas {asked} événements : il en compte {size}."
    en = "The journal has no {asked} events: it holds {size}."


def parse_day(text: str) -> date:
    """A day as people give it to a question; anything else is refused in one sentence."""
    try:
        day = as_iso(text)
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", day, re.ASCII):
            raise ValueError(text)
        return date.fromisoformat(day)
    except ValueError:
        raise MalformedDay(text=text[:40]) from None


_SIZE = re.compile(r"@(\d{1,18})", re.ASCII)
_INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:\d{2})?", re.ASCII
)

Known = int | datetime | date
"""What was known: at a size of the journal, at an instant, or at the end of a day."""


def parse_known(text: str) -> Known:
    """What was known, as people ask for it: `19/09/2014`, `2014-09-19T10:15` or `@1500`.

    An instant is one of Paris unless it says otherwise. Anything else is refused in one sentence.
    """
    if size := _SIZE.fullmatch(text):
        return int(size[1])
    try:
        if _INSTANT.fullmatch(text):
            instant = datetime.fromisoformat(text)
            return (instant if instant.tzinfo else instant.replace(tzinfo=PARIS)).astimezone(PARIS)
        return parse_day(text)
    except (ValueError, OverflowError, MalformedDay):
        raise MalformedKnowledge(text=text[:40]) from None


def end_of_day(day: date) -> datetime:
    """The last instant of a day in Paris."""
    after = datetime.combine(day + timedelta(days=1), datetime.min.time(), PARIS)
    return after - timedelta(microseconds=1)


class SameAxis(Invalid):
    """What a difference goes along is said by its two ends, and by nothing else."""

    code = "diff.same_axis"
    fr = "« {option} » ne se donne pas ici : « --from » et « --to » le disent déjà."
    en = "“{option}” is not given here: “--from” and “--to” say it already."
