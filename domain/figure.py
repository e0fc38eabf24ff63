"""Figures: what a source counts, as exactly as it says it; some contradict each other."""

import re
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, StringConstraints, WithJsonSchema

from domain.dates import PartialDate
from domain.errors import Refused
from domain.values import Frozen, Line
from domain.words import Name

_SPACES = re.compile(r"(?<=[0-9])[ \u00a0\u202f](?=[0-9])")
AMOUNT = r"^-?[0-9]{1,30}(\.[0-9]{1,12})?$"


def _as_written(given: object) -> object:
    """Read `1 500 000,5` as `1500000.5`; anything else is left to be judged."""
    return _SPACES.sub("", given.strip()).replace(",", ".") if isinstance(given, str) else given


Amount = Annotated[
    str,
    BeforeValidator(_as_written),
    StringConstraints(pattern=AMOUNT),
    WithJsonSchema({"type": "string", "pattern": AMOUNT}),
]
"""A number, exact: its decimal form as text. People may write it with spaces and a comma."""


class Comparator(StrEnum):
    """How a source says its figure."""

    EXACTLY = "exactly"
    ABOUT = "about"
    MORE_THAN = "more_than"
    LESS_THAN = "less_than"
    BETWEEN = "between"


class UnfitFigure(Refused):
    """What was given is not one figure."""

    code = "claim.figure"
    fr = "Ce chiffre ne peut pas être enregistré : {reason}."
    en = "This figure cannot be recorded: {reason}."


class Figure(Frozen):
    """What is measured, how much of it, in which unit, of which time."""

    measure: Name
    comparator: Comparator | None = None
    """None, where the source gives words only."""
    value: Amount | None = None
    low: Amount | None = None
    high: Amount | None = None
    unit: Line | None = None
    period: PartialDate | None = None

    @property
    def bounds(self) -> tuple[Decimal | None, Decimal | None] | None:
        """The least and the most it may be, both included; `None` where it gives words only.

        `about` is taken at its word: the source gives no margin, and none is invented.
        """
        match self.comparator:
            case None:
                return None
            case Comparator.BETWEEN:
                return Decimal(self.low or 0), Decimal(self.high or 0)
            case Comparator.MORE_THAN:
                return Decimal(self.value or 0), None
            case Comparator.LESS_THAN:
                return None, Decimal(self.value or 0)
            case _:
                return Decimal(self.value or 0), Decimal(self.value or 0)

    def contradicts(self, other: "Figure") -> bool:
        """Whether no number is both; nothing is said of figures in different units."""
        mine, theirs = self.bounds, other.bounds
        if mine is None or theirs is None or _unit(self) != _unit(other):
            return False
        return _beyond(self, other) or _beyond(other, self)


def _unit(figure: Figure) -> str:
    return (figure.unit or "").casefold()


def _beyond(one: Figure, other: Figure) -> bool:
    """Whether all that the first may be is greater than all that the other may be."""
    least, most = (one.bounds or (None, None))[0], (other.bounds or (None, None))[1]
    if least is None or most is None:
        return False
    is_strict = Comparator.MORE_THAN is one.comparator or Comparator.LESS_THAN is other.comparator
    return least > most or (is_strict and least == most)


def figure(
    *,
    measure: str | None,
    value: str | None = None,
    low: str | None = None,
    high: str | None = None,
    comparator: Comparator | None = None,
    unit: str | None = None,
    period: PartialDate | None = None,
) -> Figure | None:
    """One figure as it was given, or none; refused where its parts do not make one.

    A value is meant exactly, and two bounds as a range, unless it is said otherwise.
    """
    numbers = (value, low, high)
    if measure is None:
        if any(part is not None for part in (*numbers, comparator, unit, period)):
            raise UnfitFigure(reason="il manque ce qu'il mesure (« measure »)")
        return None
    if comparator is None and value is not None:
        comparator = Comparator.EXACTLY
    if comparator is None and (low is not None or high is not None):
        comparator = Comparator.BETWEEN
    if comparator is Comparator.BETWEEN:
        if value is not None or low is None or high is None:
            raise UnfitFigure(reason="« entre » demande « low » et « high », sans « value »")
        if Decimal(low) > Decimal(high):
            raise UnfitFigure(reason=f"{low} est plus grand que {high}")
    elif low is not None or high is not None:
        raise UnfitFigure(reason="« low » et « high » vont avec « entre », sans « value »")
    elif comparator is not None and value is None:
        raise UnfitFigure(reason="il manque sa valeur (« value »)")
    return Figure(
        measure=measure,
        comparator=comparator,
        value=value,
        low=low,
        high=high,
        unit=unit,
        period=period,
    )
