"""Deadlines: the day by which something is expected, counted as the law counts."""

from typing import Annotated

from pydantic import StringConstraints

from domain.kernel import Frozen
from domain.words import Id, Name, Text

Period = Annotated[
    str, StringConstraints(pattern=r"^[1-9]\d{0,3} (days|working_days|weeks|months|years)$")
]
"""A length of time, as `2 months` or `10 working_days`."""


class Deadline(Frozen):
    """A day by which a case should have left a state, and who is waited for."""

    id: Name
    title: Text
    source: str
    period: Period
    counted_from: str = "entered"
    """`entered`, the day the state was entered, or the dotted name of a date among the facts."""
    extended: bool = True
    """Whether it runs to the next working day (code de procédure civile, article 642)."""
    waits_for: tuple[Id, ...] = ()
    """The roles in whose worklist it stands."""
    remind: tuple[Period, ...] = ()
    """How long before its end a reminder is recorded."""
