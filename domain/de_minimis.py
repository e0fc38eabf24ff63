"""De minimis aid: how much one undertaking may be granted, day by day, and how it is counted.

Every figure here stands beside the text it comes from. The ceilings are per Member State; what is
counted is what was granted in France.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import partial

from domain.period import before

EURO = 100
"""Cents."""


class DeMinimis(StrEnum):
    """Under which regulation aid is granted: the general one, or that of services of general
    economic interest (services d'intérêt économique général, SIEG)."""

    GENERAL = "de_minimis"
    SGEI = "sgei_de_minimis"


class Counted(StrEnum):
    """Over which days the aid of an undertaking is added up."""

    ROLLING = "rolling"
    """The three years that end on the day of the grant."""
    FISCAL = "fiscal"
    """The fiscal year of the grant and the two before it."""


@dataclass(frozen=True, slots=True)
class Ceiling:
    """How much may be granted from a day on, over which days, and where that is written.

    `together` is the most that aid of both regimes may come to, where a text says so.
    """

    regime: DeMinimis
    since: date
    until: date | None
    cents: int
    together: int | None
    counted: Counted
    source: str

    def first_day(self, day: date) -> date:
        """The first day whose grants count with one of a day.

        - Rolling: the day of the same number three years before, itself included (product rule:
          of the two readings of « three years », the one that counts more); 28 February for a
          29th that year does not have.
        - Fiscal: counted as civil years (product rule), for nothing here knows on which day the
          fiscal years of an undertaking begin.
        """
        if self.counted is Counted.ROLLING:
            return before("3 years", day)
        return date(day.year - 2, 1, 1)


_GENERAL_BEFORE_2024 = partial(
    Ceiling, DeMinimis.GENERAL, cents=200_000 * EURO, counted=Counted.FISCAL
)
"""The general ceiling until 2024; each text says what aid of both regimes may come to."""

CEILINGS = (
    _GENERAL_BEFORE_2024(
        since=date(2007, 1, 1),
        until=date(2012, 4, 29),
        together=None,
        source="règlement (CE) n° 1998/2006 du 15 décembre 2006, art. 2, § 2",
    ),
    _GENERAL_BEFORE_2024(
        since=date(2012, 4, 29),
        until=date(2014, 1, 1),
        together=500_000 * EURO,
        source="règlement (CE) n° 1998/2006, art. 2, § 2 ; ensemble : règlement (UE) "
        "n° 360/2012, art. 2, § 7",
    ),
    _GENERAL_BEFORE_2024(
        since=date(2014, 1, 1),
        until=date(2024, 1, 1),
        together=500_000 * EURO,
        source="règlement (UE) n° 1407/2013 du 18 décembre 2013, art. 3, § 2 et 5 ; ensemble : "
        "art. 5, § 1, qui renvoie au règlement (UE) n° 360/2012",
    ),
    Ceiling(
        DeMinimis.GENERAL,
        since=date(2024, 1, 1),
        until=date(2031, 1, 1),
        cents=300_000 * EURO,
        together=None,
        counted=Counted.ROLLING,
        source="règlement (UE) 2023/2831 du 13 décembre 2023, art. 3, § 2 (considérant 11 : trois "
        "ans glissants), art. 5, § 1 et art. 8",
    ),
    Ceiling(
        DeMinimis.SGEI,
        since=date(2012, 4, 29),
        until=date(2024, 1, 1),
        cents=500_000 * EURO,
        together=500_000 * EURO,
        counted=Counted.FISCAL,
        source="règlement (UE) n° 360/2012 du 25 avril 2012, art. 2, § 2 et 7",
    ),
    Ceiling(
        DeMinimis.SGEI,
        since=date(2024, 1, 1),
        until=date(2031, 1, 1),
        cents=750_000 * EURO,
        together=None,
        counted=Counted.ROLLING,
        source="règlement (UE) 2023/2832 du 13 décembre 2023, art. 3, § 2, et art. 5",
    ),
)
"""The ceilings, by regime and day. Since 2024 each regime has its own, and no text that was read
sets one for both together (to be confirmed by a lawyer). The lower ceiling of road freight before
2024 is not here: poles are not carriers of goods (product rule)."""


def ceiling_on(regime: DeMinimis, day: date) -> Ceiling | None:
    """The ceiling of a regime on a day; `None` before the first text known, and after the last."""
    return next(
        (
            ceiling
            for ceiling in CEILINGS
            if ceiling.regime is regime
            and ceiling.since <= day
            and (ceiling.until is None or day < ceiling.until)
        ),
        None,
    )


@dataclass(frozen=True, slots=True)
class AidCounted:
    """Aid as it is counted: on the day of its grant, not of payment (2023/2831, art. 3, § 3)."""

    granted_on: date
    regime: DeMinimis
    cents: int


Counts = Callable[[date], Sequence[AidCounted]]
"""What was granted to an undertaking, and to those that are one with it on a day."""


def room_on(day: date, regime: DeMinimis, counts: Counts, later: Iterable[date]) -> int | None:
    """How much more may be granted on a day, in cents; `None` where no ceiling is known.

    No three years may go above the ceiling, so those that end with a later grant, already
    recorded, are looked at too.

    Args:
        later: the days of the later grants that are known.
    """
    if ceiling_on(regime, day) is None:
        return None
    judged = [day, *sorted({other for other in later if other > day})]
    return max(0, min(room for on in judged for room in _rooms(day, on, regime, counts)))


def _rooms(day: date, on: date, regime: DeMinimis, counts: Counts) -> Iterable[int]:
    """What each ceiling leaves for a day, in the years that end on another."""
    ceiling = ceiling_on(regime, on)
    if ceiling is None or ceiling.first_day(on) > day:
        return
    counted = [aid for aid in counts(on) if ceiling.first_day(on) <= aid.granted_on <= on]
    yield ceiling.cents - sum(aid.cents for aid in counted if aid.regime is regime)
    if ceiling.together is not None:
        yield ceiling.together - sum(aid.cents for aid in counted)
