"""How long a document is kept: classes with their periods. Nothing is erased by itself."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from domain.period import end_of


class Retention(StrEnum):
    """For how long a document is to be kept."""

    PERMANENT = "permanent"
    TEN_YEARS = "ten_years"
    FIVE_YEARS = "five_years"
    TWO_YEARS = "two_years"


PERIODS: Mapping[Retention, str | None] = {
    Retention.PERMANENT: None,
    Retention.TEN_YEARS: "10 years",
    Retention.FIVE_YEARS: "5 years",
    Retention.TWO_YEARS: "2 years",
}
"""The period of each class; `None`: for ever.

Source: product rule. Ten and five years are after the keeping of accounts (code de commerce,
article L123-22) and the time to sue (code civil, article 2224); which class suits which document
is for whoever answers for the personal data to say.
"""


def kept_until(retention: Retention, since: date, expires: date | None) -> date | None:
    """The last day on which a document must still be kept; `None`: for ever.

    The period runs from the last day of validity, else from the day since which the document is
    on file (product rule). What is past that day may be erased, and is not erased by itself.
    """
    period = PERIODS[retention]
    return end_of(period, expires or since, extended=False) if period else None
