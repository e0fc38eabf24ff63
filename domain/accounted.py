"""The years that a beneficiary accounts for.

Source:
    loi n° 2000-321 du 12 avril 2000, art. 10: a compte rendu financier is owed to the authority
    that paid, six months after the end of the « exercice pour lequel elle a été attribuée »; arrêté
    du 11 octobre 2006; the State's model of a convention, circulaire du 18 janvier 2010, art. 6:
    for each year of the convention. What these texts leave open is a product rule.
"""

from datetime import date
from enum import StrEnum
from uuid import UUID

from domain.recovery import Recovered

TERMINATED = "terminated"
"""The state in which its convention runs no more, before its end."""


class ReportKind(StrEnum):
    """What is accounted for at the end of a year (loi n° 2000-321, art. 10)."""

    FINANCIAL = "financial"
    ACTIVITY = "activity"
    ACCOUNTS = "accounts"


class Accounted(Recovered):
    """A commitment as the years for which it supports something."""

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.granted_on = date.min

    # What is known on a day.

    def years_on(self, day: date) -> tuple[int, ...]:
        """The accounting years for which the support is granted.

        The convention tells them; else they are those in which it runs (product rule, after the
        law's « exercice pour lequel elle a été attribuée »: a decision of December supports nothing
        of its year). Without a convention, from the year of the grant to that of its payment. None
        is after that in which it was terminated.
        """
        convention, ended = self.convention_on(day), self._terminated_on(day)
        if convention:
            years = range(convention.starts_on.year, convention.ends_on.year + 1)
            told = sorted({*(convention.years or years)})
        else:
            paid = self._first_paid_on(day) or self.granted_on
            told = [*range(self.granted_on.year, max(self.granted_on, paid).year + 1)]
        return tuple(year for year in told if not ended or year <= ended.year)

    def accounted_years_on(self, day: date, kind: ReportKind) -> tuple[int, ...]:
        """Those of them of which a report is owed.

        There is nothing to account for before money is paid: the first year is that of the first
        payment, unless the convention tells the years (product rule). Of what is given in kind,
        what was done is told of every year.
        """
        years, paid = self.years_on(day), self._first_paid_on(day)
        if not self.agreed_on(day):
            return years if kind is ReportKind.ACTIVITY else ()
        convention = self.convention_on(day)
        if paid is None or (convention and convention.years):
            return years if paid else ()
        return tuple(year for year in years if year >= paid.year) or years[-1:]

    def _terminated_on(self, day: date) -> date | None:
        stays = self.main.states.until(day) if self.tracks else ()
        return min((stay.since for stay in stays if stay.value == TERMINATED), default=None)

    def _first_paid_on(self, day: date) -> date | None:
        acts = (entry for entries in self._acts.values() for entry in entries)
        paid = (entry.since for entry in acts if entry.since <= day and entry.value.paid_cents)
        return min(paid, default=None)
