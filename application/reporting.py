"""What the beneficiary accounts for: reports, expenses; and the publication of essential data."""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field
from typing_extensions import override

from application.command import Work
from application.commitment import CommitmentCommand
from application.correction import Statement
from application.evidence import Evidence, on_file
from application.wording import WORDS, inside, tells
from domain.commitment import Commitment
from domain.kernel import Event
from domain.money import Euros, euros
from domain.reporting import REPORTS, ReportKind, ReportStanding
from domain.roles import Role
from domain.values import Line, Prose

WORDS[ReportKind] = {kind.value: said for kind, said in REPORTS.items()}
WORDS[ReportStanding] = {
    ReportStanding.RECEIVED: "reçu, à examiner",
    ReportStanding.ACCEPTED: "accepté",
    ReportStanding.RETURNED: "renvoyé",
}

Year = Annotated[int, Field(ge=1990, le=2200)]


class ReportCommand(CommitmentCommand):
    """Something done with a report of a year."""

    report_kind: ReportKind = Field(
        description="Compte rendu financier, rapport d'activité ou comptes approuvés."
    )
    year: Year = Field(description="L'exercice.")


class GiveReport(
    ReportCommand,
    Statement,
    name="commitment.report",
    says="Remettre un rapport sur l'emploi d'une aide.",
    by=(Role.POLE_REPRESENTATIVE, Role.REGISTRAR),
):
    """Give a report of a year."""

    IS_NEWS: ClassVar[bool] = True

    document: UUID | None = Field(None, description="Identifiant de la pièce, si elle est versée.")
    words: Prose | None = Field(None, description="Ce qu'il faut en savoir.")

    @override
    def act(self, work: Work, case: Commitment) -> None:
        if self.document:
            on_file(work, case.pole, [self.document])
        case.receive_report(
            self.report_kind,
            year=self.year,
            document=self.document,
            words=self.words,
            persons=work.persons,
            day=work.day,
        )


class AcceptReport(
    ReportCommand,
    name="commitment.accept_report",
    says="Accepter un rapport : qui le remet ne l'accepte pas.",
    by=(Role.FUNDER, Role.INSTRUCTOR, Role.REGISTRAR),
):
    """Find a report in order."""

    @override
    def act(self, work: Work, case: Commitment) -> None:
        case.accept_report(self.report_kind, year=self.year, persons=work.persons, day=work.day)


class ReturnReport(
    ReportCommand,
    name="commitment.return_report",
    says="Renvoyer un rapport, avec ce qui est à reprendre.",
    by=(Role.FUNDER, Role.INSTRUCTOR, Role.REGISTRAR),
):
    """Ask for it again."""

    reasons: Prose = Field(description="Ce qui est à reprendre.")

    @override
    def act(self, work: Work, case: Commitment) -> None:
        case.return_report(
            self.report_kind,
            year=self.year,
            reasons=self.reasons,
            persons=work.persons,
            day=work.day,
        )


class JustifyExpenses(
    CommitmentCommand,
    Statement,
    name="commitment.justify",
    says="Constater des dépenses justifiées.",
    by=(Role.FUNDER, Role.INSTRUCTOR, Role.REGISTRAR),
):
    """Find expenses to be what the support was for."""

    amount: Euros = Field(description="Montant justifié, en euros.")
    words: Prose = Field(description="Quelles dépenses.")
    documents: Evidence = ()

    @override
    def act(self, work: Work, case: Commitment) -> None:
        on_file(work, case.pole, self.documents)
        case.justify(
            amount=self.amount,
            words=self.words,
            documents=self.documents,
            persons=work.persons,
            day=work.day,
        )


class PublishEssentialData(
    CommitmentCommand,
    Statement,
    name="commitment.publish_data",
    says="Enregistrer la publication des données essentielles de la convention.",
    by=(Role.FUNDER, Role.REGISTRAR),
):
    """Record where they were published (loi n° 2000-321, art. 10)."""

    where: Line = Field(description="Où : une adresse, un site.")

    @override
    def act(self, work: Work, case: Commitment) -> None:
        case.publish_essential_data(self.where, day=work.day)


@tells
def tell(event: Event) -> tuple[str, str] | None:
    """Reports in words."""
    match event:
        case Commitment.ReportReceived(report_kind=kind, year=year):
            return "Rapport reçu", f"{REPORTS[kind]} {year}"
        case Commitment.ReportAccepted(report_kind=kind, year=year):
            return "Rapport accepté", f"{REPORTS[kind]} {year}"
        case Commitment.ReportReturned(report_kind=kind, year=year, reasons=reasons):
            return "Rapport renvoyé", f"{REPORTS[kind]} {year} : {inside(reasons)}"
        case Commitment.ExpensesJustified(amount_cents=cents, words=words):
            return "Dépenses justifiées", f"{euros(cents)} : {inside(words)}"
        case Commitment.EssentialDataPublished(where=where):
            return "Données essentielles publiées", where
        case _:
            return None
