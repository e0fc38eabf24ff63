"""What the beneficiary accounts for: reports, expenses; and what the funder publishes of it.

Source:
    loi n° 2000-321 du 12 avril 2000, art. 10 (compte rendu financier, six months after the end of
    the year for which the grant was given, to the authority that paid it; données essentielles);
    arrêté du 11 octobre 2006 (what was spent on what the grant was for);
    décret n° 2017-779 du 5 mai 2017 (within three months of the signature); formulaire Cerfa
    15059*02.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from domain.accounted import Accounted
from domain.accounted import ReportKind as ReportKind
from domain.condition import LaterFactKnown
from domain.distinct import AnotherPerson, Persons, share
from domain.errors import Refused
from domain.kernel import Event, event
from domain.money import Cents, euros
from domain.recording import must_have_happened
from domain.running import Running, latest, least, total
from domain.values import Line, Prose
from domain.words import Whole

PUBLISHED_ABOVE = 2_300_000
"""Cents: above that amount, essential data are published and a convention is signed."""

PUBLISHED_FROM = date(2017, 8, 1)
"""Conventions signed from that day on (décret n° 2017-779)."""


class ReportStanding(StrEnum):
    """Where a report stands."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Report:
    """A report of a year as it stands on a day."""

    report_kind: ReportKind
    year: int
    standing: ReportStanding
    document: UUID | None
    persons: Persons
    reasons: str | None = None


REPORTS: dict[ReportKind, str] = {
    ReportKind.FINANCIAL: "compte rendu financier",
    ReportKind.ACTIVITY: "rapport d'activité",
    ReportKind.ACCOUNTS: "comptes approuvés",
}


# --- refusals -----------------------------------------------------------------------------------


class NotOfItsYears(Refused):
    """A report is of a year for which the support was granted."""

    code = "commitment.report_year"
    fr = "L'aide n'est pas accordée pour {year} : un rapport porte sur {years}."
    en = "The support is not granted for {year}: a report is about {years}."


class ReportElsewhere(Refused):
    """A report is received, then accepted or returned."""

    code = "commitment.report_standing"
    fr = "Aucun {report} de {year} n'est reçu et n'attend d'être examiné."
    en = "No report (“{report}”) of {year} is received and waits to be examined."


class AlreadyAccepted(Refused):
    """An accepted report is not given again."""

    code = "commitment.report_accepted"
    fr = "Le document « {report} » de {year} est déjà accepté depuis le {day}."
    en = "The report (“{report}”) of {year} has been accepted since {day}."


class AcceptsOwnReport(AnotherPerson, Refused):
    """Nobody accepts what they gave themselves."""

    code = "commitment.own_report"
    fr = "Qui remet un rapport ne l'accepte pas : une autre personne le fait."
    en = "Whoever gives a report does not accept it: another person does."


class JustifiesTooMuch(Refused):
    """What is justified is spent of what was agreed (product rule)."""

    code = "commitment.justifies_too_much"
    fr = "{asked} dépassent ce qui reste à justifier de l'aide convenue : {left}."
    en = "{asked} is more than is left to justify of what was agreed: {left}."


class NothingToPublish(Refused):
    """Essential data are those of a signed convention."""

    code = "commitment.nothing_to_publish"
    fr = "Aucune convention n'est signée à cette date : il n'y a rien à publier."
    en = "No convention is signed on that day: there is nothing to publish."


# --- what remembers it --------------------------------------------------------------------------


class Reporting(Accounted):
    """A commitment as what is accounted for."""

    class ReportReceived(Event):
        """The beneficiary gave a report of a year."""

        TOPIC = "commitment.report_received.v1"
        STATED_BY = ("commitment.report",)
        report_kind: ReportKind
        year: Whole
        document: UUID | None = None
        words: Prose | None = None
        persons: Persons

    class ReportAccepted(Event):
        """Another person found it in order."""

        TOPIC = "commitment.report_accepted.v1"
        UNDONE_BY = ("commitment.return_report",)
        report_kind: ReportKind
        year: Whole
        persons: Persons

    class ReportReturned(Event):
        """It is to be given again, and why."""

        TOPIC = "commitment.report_returned.v1"
        UNDONE_BY = ("commitment.report",)
        report_kind: ReportKind
        year: Whole
        reasons: Prose
        persons: Persons

    class ExpensesJustified(Event):
        """Expenses were found to be what the support was for."""

        TOPIC = "commitment.expenses_justified.v1"
        STATED_BY = ("commitment.justify",)
        amount_cents: Cents
        words: Prose
        documents: tuple[UUID, ...] = ()
        persons: Persons

    class EssentialDataPublished(Event):
        """The funder published the essential data of the convention."""

        TOPIC = "commitment.essential_data_published.v1"
        STATED_BY = ("commitment.publish_data",)
        where: Line

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self._reports: dict[tuple[ReportKind, int], list[Running[Report]]] = {}
        self._justified: list[Running[int]] = []
        self._published: list[Running[str]] = []

    # Decisions.

    def receive_report(
        self,
        kind: ReportKind,
        *,
        year: int,
        document: UUID | None,
        words: str | None,
        persons: Persons,
        day: date,
    ) -> None:
        """Take a report of a year for which the support was granted."""
        must_have_happened()
        years = self.years_on(day)
        if year not in years:
            raise NotOfItsYears(year=year, years=", ".join(map(str, years)))
        report = self._report(kind, year, day)
        if report and report.value.standing is ReportStanding.ACCEPTED:
            raise AlreadyAccepted(report=REPORTS[kind], year=year, day=report.since)
        self._report_received(
            report_kind=kind, year=year, document=document, words=words, persons=persons
        )

    def accept_report(self, kind: ReportKind, *, year: int, persons: Persons, day: date) -> None:
        """Find a report in order; not by who gave it."""
        self._must_be_received(kind, year, persons, day)
        self._report_accepted(report_kind=kind, year=year, persons=persons)

    def return_report(
        self, kind: ReportKind, *, year: int, reasons: str, persons: Persons, day: date
    ) -> None:
        """Ask for a report again."""
        self._must_be_received(kind, year, persons, day)
        self._report_returned(report_kind=kind, year=year, reasons=reasons, persons=persons)

    def justify(
        self, *, amount: int, words: str, documents: tuple[UUID, ...], persons: Persons, day: date
    ) -> None:
        """Find expenses to be what the support was for."""
        must_have_happened()
        days = [*self._money_days(), *(entry.since for entry in self._justified)]
        left = least(day, days, lambda one: self.agreed_on(one) - self.justified_on(one))
        if amount > left:
            raise JustifiesTooMuch(asked=euros(amount), left=euros(left))
        self._expenses_justified(
            amount_cents=amount, words=words, documents=documents, persons=persons
        )

    def publish_essential_data(self, where: str, *, day: date) -> None:
        """Record where the essential data were published, from the day of the signature on."""
        must_have_happened()
        if self.signed_on is None or day < self.signed_on:
            raise NothingToPublish
        self._essential_data_published(where=where)

    def _report(self, kind: ReportKind, year: int, day: date) -> Running[Report] | None:
        entries = self._reports.get((kind, year))
        if entries and day < entries[-1].since:
            raise LaterFactKnown(title=f"{REPORTS[kind]} {year}", last=entries[-1].since)
        return entries[-1] if entries else None

    def _must_be_received(self, kind: ReportKind, year: int, persons: Persons, day: date) -> None:
        must_have_happened()
        report = self._report(kind, year, day)
        if report is None or report.value.standing is not ReportStanding.RECEIVED:
            raise ReportElsewhere(report=REPORTS[kind], year=year)
        if share(persons, report.value.persons):
            raise AcceptsOwnReport

    # What is known on a day.

    def reports_on(self, day: date) -> list[Report]:
        """The reports received by a day, each as it stands then."""
        found = (latest(entries, day) for entries in self._reports.values())
        return [entry.value for entry in found if entry]

    def wants_on(self, kind: ReportKind, day: date, *among: ReportStanding) -> int | None:
        """The first year of which a report does not stand so on a day; `None` where each does."""
        told = {
            r.year for r in self.reports_on(day) if r.report_kind is kind and r.standing in among
        }
        years = self.accounted_years_on(day, kind)
        return next((year for year in years if year not in told), None)

    def justified_on(self, day: date) -> int:
        """The expenses found justified by a day."""
        return total(self._justified, day)

    def published_on(self, day: date) -> date | None:
        """When the essential data were first published, by a day."""
        return min((entry.since for entry in self._published if entry.since <= day), default=None)

    def data_owed_since(self, day: date) -> date | None:
        """The signature from which the publication of essential data is still owed on a day."""
        signed = self.signed_on
        owed = signed and PUBLISHED_FROM <= signed <= day and self.agreed_on(day) > PUBLISHED_ABOVE
        return signed if owed and not self.published_on(day) else None

    def report_owed_since(self, day: date) -> date | None:
        """The end of the first year of which no financial report is given on a day."""
        given = (ReportStanding.RECEIVED, ReportStanding.ACCEPTED)
        year = self.wants_on(ReportKind.FINANCIAL, day, *given)
        return date(year, 12, 31) if year else None

    # What is remembered.

    def _tell(self, report: Report) -> None:
        entries = self._reports.setdefault((report.report_kind, report.year), [])
        entries.append(Running(self.since, self.version, report))

    @event(ReportReceived)
    def _report_received(
        self,
        *,
        report_kind: ReportKind,
        year: int,
        document: UUID | None,
        words: str | None,
        persons: Persons,
    ) -> None:
        self._tell(Report(report_kind, year, ReportStanding.RECEIVED, document, persons))

    @event(ReportAccepted)
    def _report_accepted(self, *, report_kind: ReportKind, year: int, persons: Persons) -> None:
        self._answered(report_kind, year, ReportStanding.ACCEPTED)

    @event(ReportReturned)
    def _report_returned(
        self, *, report_kind: ReportKind, year: int, reasons: str, persons: Persons
    ) -> None:
        self._answered(report_kind, year, ReportStanding.RETURNED, reasons)

    def _answered(
        self, kind: ReportKind, year: int, standing: ReportStanding, reasons: str | None = None
    ) -> None:
        given = self._reports[kind, year][-1].value
        self._tell(Report(kind, year, standing, given.document, given.persons, reasons))

    @event(ExpensesJustified)
    def _expenses_justified(
        self, *, amount_cents: int, words: str, documents: tuple[UUID, ...], persons: Persons
    ) -> None:
        self._justified.append(Running(self.since, self.version, amount_cents))

    @event(EssentialDataPublished)
    def _essential_data_published(self, *, where: str) -> None:
        self._published.append(Running(self.since, self.version, where))
