"""The report of a month: what came to pass in it, by the lists in which it is read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from application.appeal import APPEAL_LIST
from application.call_list import CALLS
from application.campaign_list import UPDATE_REQUESTS
from application.charter_signature import SIGNATURE_LIST
from application.commitment_list import COMMITMENTS
from application.contest import CONTESTS_LISTED
from application.dossier_list import DOSSIERS
from application.extract import Cell, Money
from application.follow_up_list import FOLLOW_UPS
from application.listing import Listing
from application.member import MEMBERS_LIST
from application.recognition import FINDINGS, RECOGNITION_LIST
from application.session import SESSIONS
from application.tranche import TRANCHES
from application.undertaking import UNDERTAKINGS
from domain.dates import MONTHS, PartialDate, as_iso
from domain.errors import Invalid
from domain.money import euros


class NotAMonth(Invalid):
    """A report is of a month that has begun."""

    code = "report.month"
    fr = "« {text} » n'est pas un mois passé ou en cours : écrire 2026-10, ou 10/2026."
    en = "“{text}” is no month that has begun: write 2026-10, or 10/2026."


@dataclass(frozen=True, slots=True)
class MonthCount:
    """A figure of the report, and the list that it opens.

    Args:
        listing: where its lines are read.
        dated: the date that lies in the month; what stands at its end, where it is none.
        chosen: by what else its lines are chosen.
        summed: the amount that is added up beside, in cents, and what that is called.
    """

    title: str
    listing: Listing[Any]
    dated: str = ""
    chosen: Mapping[str, str] = field(default_factory=dict)
    summed: tuple[str, str] = ("", "")

    def query(self, month: str) -> dict[str, str]:
        """What chooses its lines in the address of their list."""
        if not self.dated:
            return dict(self.chosen)
        dated = {} if self.dated == self.listing.dated else {"dated": self.dated}
        return {**self.chosen, "period": month, **dated}


SECTIONS: Mapping[str, tuple[MonthCount, ...]] = {
    "Pôles": (
        MonthCount("Membres entrés", MEMBERS_LIST, "occurred_on"),
        MonthCount("Reconnaissances", RECOGNITION_LIST, "occurred_on"),
        MonthCount("Constats de composition", FINDINGS, "occurred_on"),
        MonthCount("Signatures de chartes", SIGNATURE_LIST, "occurred_on"),
    ),
    "Appels et décisions": (
        MonthCount("Appels dont les résultats sont annoncés", CALLS, "announced_on"),
        MonthCount("Appels passés à une autre étape", CALLS, "stage_on"),
        MonthCount(
            "Dossiers passés à une autre étape",
            DOSSIERS,
            "stage_on",
            summed=("requested_cents", "demandés"),
        ),
        MonthCount("Séances de comités", SESSIONS, "held_on"),
        MonthCount("Recours formés", APPEAL_LIST, "occurred_on"),
    ),
    "Argent": (
        MonthCount(
            "Engagements accordés",
            COMMITMENTS,
            "granted_on",
            summed=("agreed_cents", "convenus"),
        ),
        MonthCount(
            "Tranches payées",
            TRANCHES,
            "standing_on",
            {"standing": "paid"},
            ("paid_cents", "payés"),
        ),
        MonthCount(
            "Tous les engagements, à la fin du mois",
            COMMITMENTS,
            "",
            {},
            ("paid_cents", "payés en tout"),
        ),
    ),
    "En retard à la fin du mois": (
        MonthCount("Engagements de charte en retard", UNDERTAKINGS, "", {"late": "true"}),
        MonthCount("Recours en retard", APPEAL_LIST, "", {"late": "true"}),
        MonthCount("Comités de suivi en retard", FOLLOW_UPS, "", {"overdue": "true"}),
    ),
    "Contestations et mises à jour": (
        MonthCount("Faits contestés", CONTESTS_LISTED, "occurred_on"),
        MonthCount("Mises à jour demandées", UPDATE_REQUESTS, "occurred_on"),
    ),
}
"""What the report counts in lists; what it says of the register stands before them."""


@dataclass(frozen=True, slots=True)
class MonthFigure:
    """A figure as the report says it: where its lines are read, and what they cite.

    Args:
        path, query: the address of its list, but for the date.
        sources: what its lines cite, the first ones; `cited` says how many there are.
    """

    title: str
    number: int
    path: str
    query: Mapping[str, str]
    list_title: str
    amount: int | None = None
    unit: str = ""
    sources: tuple[str, ...] = ()
    cited: int = 0

    @property
    def amount_in_words(self) -> str:
        """What its lines come to, where they come to something."""
        return f"{euros(self.amount)} {self.unit}" if self.amount else ""


@dataclass(frozen=True, slots=True)
class MonthReport:
    """A month: its figures by section, read on its last day, at a size of the journal.

    Args:
        corrections: how many facts were told anew or taken back in that month, by the day of
            their recording.
        root: what the log comes to at that size, so that nobody can change what it rests on.
    """

    month: str
    day: date
    known: int
    root: str
    sections: Mapping[str, tuple[MonthFigure, ...]]
    corrections: int

    @property
    def title(self) -> str:
        month = month_in_words(self.month)
        of = "d'" if month[0] in "ao" else "de "
        return f"Rapport du mois {of}{month}"

    def lines(self) -> tuple[tuple[str, ...], list[tuple[Cell, ...]]]:
        """The same as the lines of a file."""
        titles = ("Partie", "Chiffre", "Nombre", "Montant", "Liste", "Sources citées")
        rows: list[tuple[Cell, ...]] = [
            (
                section,
                figure.title,
                figure.number,
                None if figure.amount is None else Money(figure.amount),
                figure.list_title,
                figure.cited,
            )
            for section, figures in self.sections.items()
            for figure in figures
        ]
        last = ("Journal", "Faits rectifiés ou retirés", self.corrections, None, "Journal", None)
        return titles, [*rows, last]


def month_in_words(month: str) -> str:
    """`octobre 2026`."""
    year, number = month.split("-")
    return f"{MONTHS[int(number) - 1]} {year}"


def month_asked(text: str, today: date) -> str:
    """The month that somebody wrote; refused where it is none, or has not begun."""
    month = as_iso(text)
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month, re.ASCII) or not month[:4] > "1900":
        raise NotAMonth(text=text[:40])
    if month > today.isoformat()[:7]:
        raise NotAMonth(text=text[:40])
    return month


def last_day_of(month: str, today: date) -> date:
    """The day on which a month is read: its last one, or today where it is not over."""
    return min(PartialDate(month).last_day or today, today)


def beside(month: str, months: int) -> str:
    """The month that comes some months after another, or before it."""
    year, number = (int(part) for part in month.split("-"))
    at = year * 12 + number - 1 + months
    return f"{at // 12:04d}-{at % 12 + 1:02d}"
