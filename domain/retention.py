"""How long a document, or a personal value, is kept: classes with their periods.

Nothing is erased by itself.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from domain.period import end_of


class Retention(StrEnum):
    """For how long something is to be kept."""

    PERMANENT = "permanent"
    TEN_YEARS = "ten_years"
    FIVE_YEARS = "five_years"
    TWO_YEARS = "two_years"
    ONE_YEAR = "one_year"


PERIODS: Mapping[Retention, str | None] = {
    Retention.PERMANENT: None,
    Retention.TEN_YEARS: "10 years",
    Retention.FIVE_YEARS: "5 years",
    Retention.TWO_YEARS: "2 years",
    Retention.ONE_YEAR: "1 years",
}
"""The period of each class; `None`: for ever.

Which class suits which document is for whoever answers for the personal data to say.
"""

SOURCES: Mapping[Retention, str] = {
    Retention.PERMANENT: "code du patrimoine, art. L. 211-1 et L. 212-2 : des archives, dont le "
    "sort final revient à qui en a la charge",
    Retention.TEN_YEARS: "code de commerce, art. L. 123-22 : pièces comptables",
    Retention.FIVE_YEARS: "code civil, art. 2224 : délai pour agir en justice",
    Retention.TWO_YEARS: "règle propre à ce registre",
    Retention.ONE_YEAR: "CNIL, délibération n° 2021-122 du 14 octobre 2021 : journaux d'accès, de "
    "six mois à un an",
}
"""What each class is after. That it suits what it is given to is a product rule."""


def kept_until(retention: Retention, since: date, expires: date | None) -> date | None:
    """The last day on which a document must still be kept; `None`: for ever.

    The period runs from the last day of validity, else from the day since which the document is
    on file (product rule). What is past that day may be erased, and is not erased by itself.
    """
    period = PERIODS[retention]
    return end_of(period, expires or since, extended=False) if period else None
