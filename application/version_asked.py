"""Versions of published texts, asked about on a day: one that was not in force yet is refused."""

from datetime import date

from application.world import Moment
from domain.dates import PartialDate
from domain.errors import NotFound


class NotInForceYet(NotFound):
    """A version is in force from its day on."""

    code = "version.not_yet"
    fr = "« {name} » n'est en vigueur qu'à partir du {since} : il ne l'était pas le {day}."
    en = "“{name}” is in force from {since} on: it was not on {day}."


def must_be_in_force(name: str, since: PartialDate, moment: Moment, today: date) -> None:
    """Refuse a version asked of a past day on which it was not in force yet.

    Of today, whatever is published is shown: what is to come is read before it is.
    """
    first = since.first_day
    if first and moment.in_force < min(first, today):
        raise NotInForceYet(name=name, since=first, day=moment.in_force)
