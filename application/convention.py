"""Conventions: draft, sign, amend; replace a beneficiary, correct a SIRET."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated

from pydantic import Field
from typing_extensions import override

from application.command import Work
from application.commitment import CommitmentCommand
from application.commitment_aid import count_aid, count_less, counted
from application.commitment_award import must_be_awarded, standing_promise
from application.correction import Statement
from application.establishment import must_be_open
from application.organisation import organisation
from application.wording import inside, tells
from domain.commitment import Commitment, SupportKind
from domain.condition import Condition
from domain.convention import Terms
from domain.dates import day_in_words
from domain.dossier import Dossier
from domain.holding import former, paid_to_others
from domain.identifiers import Siret
from domain.kernel import Event
from domain.money import Euros, euros
from domain.organisation import Organisation, Rna
from domain.roles import Role
from domain.tranche import TrancheKind, TranchePlan
from domain.values import Frozen, Line, Prose
from domain.words import Name

Year = Annotated[int, Field(ge=1990, le=2200)]


class TrancheGiven(Frozen):
    """A tranche as people give it: its amount in euros."""

    id: Name
    title: Line
    kind: TrancheKind
    amount: Euros
    due_on: date | None = None
    conditions: tuple[Name, ...] = ()

    @property
    def plan(self) -> TranchePlan:
        return TranchePlan(
            id=self.id,
            title=self.title,
            kind=self.kind,
            amount_cents=self.amount,
            due_on=self.due_on,
            conditions=self.conditions,
        )


Conditions = Annotated[
    tuple[Condition, ...],
    Field(
        description="Les conditions, chacune avec son code (id), son titre, sa nature (evidence, "
        "indicator, date, co_funding), ce qu'elle demande et les tranches qui l'attendent.",
        max_length=200,
        json_schema_extra={"each": "condition"},
    ),
]
Tranches = Annotated[
    tuple[TrancheGiven, ...],
    Field(
        description="Les tranches, chacune avec son code (id), son titre, sa nature (advance, "
        "interim, balance), son montant en euros et ses conditions.",
        max_length=200,
        json_schema_extra={"each": "tranche"},
    ),
]


class DraftConvention(
    CommitmentCommand,
    name="commitment.draft_convention",
    says="Rédiger la convention d'un engagement financier : conditions, tranches, suivi.",
    by=(Role.FUNDER, Role.REGISTRAR),
):
    """Say what the convention will say; drafted again before it is signed, it says that."""

    reference: Line = Field(description="Référence de la convention.")
    starts_on: date = Field(description="Premier jour (AAAA-MM-JJ).")
    ends_on: date = Field(description="Dernier jour (AAAA-MM-JJ).")
    conditions: Conditions = ()
    tranches: Tranches = ()
    evaluation: Prose | None = Field(None, description="Comment le projet est évalué.")
    evaluation_paid_by: Line | None = Field(None, description="Qui paie l'évaluation.")
    follow_up: Prose | None = Field(None, description="Comment le projet est suivi.")
    follow_up_paid_by: Line | None = Field(None, description="Qui paie le suivi.")
    years: Annotated[
        tuple[Year, ...],
        Field(
            description="Exercices pour lesquels l'aide est accordée ; sinon, ceux où court la "
            "convention.",
            max_length=20,
            json_schema_extra={"each": "year"},
        ),
    ] = ()

    @override
    def act(self, work: Work, case: Commitment) -> None:
        case.draft_convention(
            reference=self.reference,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            conditions=self.conditions,
            tranches=tuple(given.plan for given in self.tranches),
            terms=Terms(
                evaluation=self.evaluation,
                evaluation_paid_by=self.evaluation_paid_by,
                follow_up=self.follow_up,
                follow_up_paid_by=self.follow_up_paid_by,
            ),
            years=tuple(sorted(set(self.years))),
            day=work.day,
        )
        if case.main.standing_on(work.day).value == "decided":
            work.take(case, "draft_convention")


class SignConvention(
    CommitmentCommand,
    Statement,
    name="commitment.sign_convention",
    says="Enregistrer la signature de la convention par les deux parties.",
    by=(Role.FUNDER, Role.REGISTRAR),
):
    """Record that both sides signed, by the offices that bind them; no person is named."""

    funder_signatory: Line = Field(description="Fonction de qui signe pour le financeur.")
    beneficiary_signatory: Line = Field(description="Fonction de qui signe pour le bénéficiaire.")
    cer: bool | None = Field(
        None, description="Le contrat d'engagement républicain est souscrit (associations)."
    )

    @override
    def act(self, work: Work, case: Commitment) -> None:
        case.sign_convention(
            funder_signatory=self.funder_signatory,
            beneficiary_signatory=self.beneficiary_signatory,
            cer=self.cer,
            day=work.day,
        )
        work.take(case, "sign_convention")


class GrantWithoutConvention(
    CommitmentCommand,
    Statement,
    name="commitment.grant_without_convention",
    says="Accorder par la seule décision, sans convention, jusqu'à 23 000 €.",
    by=(Role.FUNDER, Role.REGISTRAR),
):
    """Grant by the decision alone, to be paid at once."""

    due_on: date | None = Field(None, description="Jour prévu du versement.")

    @override
    def act(self, work: Work, case: Commitment) -> None:
        tranche = None
        case.main.standing_on(work.day)  # before the decision there is no amount
        if case.support_kind is SupportKind.MONEY:
            tranche = TranchePlan(
                id="unique",
                title="Versement unique",
                kind=TrancheKind.ADVANCE,
                amount_cents=case.agreed_on(work.day),
                due_on=self.due_on,
            )
        case.grant_without_convention(tranche, day=work.day)
        work.take(case, "grant_without_convention")


class AmendConvention(
    CommitmentCommand,
    name="commitment.amend",
    says="Enregistrer un avenant : montant, dates, conditions ou tranches.",
    by=(Role.FUNDER, Role.REGISTRAR),
):
    """Change the convention, both sides agreeing; what is not given stays as it was."""

    amount: Euros | None = Field(None, description="Nouveau montant convenu, en euros.")
    starts_on: date | None = Field(None, description="Nouveau premier jour.")
    ends_on: date | None = Field(None, description="Nouveau dernier jour.")
    conditions: Conditions = ()
    tranches: Tranches = ()
    reasons: Prose = Field(description="Pourquoi.")
    funder_signatory: Line = Field(description="Fonction de qui signe pour le financeur.")
    beneficiary_signatory: Line = Field(description="Fonction de qui signe pour le bénéficiaire.")

    @override
    def act(self, work: Work, case: Commitment) -> None:
        before = case.agreed_on(work.day)
        case.amend(
            agreed=self.amount,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            conditions=self.conditions,
            tranches=tuple(given.plan for given in self.tranches),
            reasons=self.reasons,
            funder_signatory=self.funder_signatory,
            beneficiary_signatory=self.beneficiary_signatory,
            day=work.day,
        )
        if not self.amount:
            return
        if case.dossier and self.amount > before:
            dossier = work.get(Dossier, case.dossier)
            must_be_awarded(work, dossier, self.amount, but=case.id)
        receives = case.beneficiary_on(work.day)
        if self.amount > before:
            count_aid(work, case, receives, self.amount - before)
        else:
            left = self.amount - paid_to_others(case, receives, work.day)
            count_less(work, case, receives, left, self.reasons)


class ReplaceBeneficiary(
    CommitmentCommand,
    name="commitment.replace_beneficiary",
    says="Transférer un engagement financier à un autre bénéficiaire, par avenant.",
    by=(Role.FUNDER, Role.REGISTRAR),
):
    """Pass it to another beneficiary; the former one, and what it received, stay on record."""

    beneficiary: Line = Field(description="Nom de l'organisation qui reçoit désormais.")
    siret: Siret | None = Field(None, description="Son SIRET.")
    rna: Rna | None = Field(None, description="Son numéro RNA, pour une association.")
    reason_without: Line | None = Field(
        None, description="Pourquoi elle n'a ni SIRET ni RNA, si elle n'en a pas."
    )
    reasons: Prose = Field(description="Pourquoi.")

    @override
    def act(self, work: Work, case: Commitment) -> None:
        must_be_open(work, self.siret, work.day)
        given = organisation(
            self.beneficiary, siret=self.siret, rna=self.rna, reason=self.reason_without
        )
        leaves = case.beneficiary_on(work.day)
        case.replace_beneficiary(given, reasons=self.reasons, day=work.day)
        kept = [*former(case, work.day)]
        count_less(work, case, leaves, _received(kept, leaves), self.reasons)
        agreed = standing_promise(case, work.day) if case.agreed_on(work.day) else None
        paid = sum(cents for _, cents in kept)
        left = case.value_cents if agreed is None else max(agreed - paid, 0)
        if left:
            count_aid(work, case, given, left)


def _received(kept: Iterable[tuple[Organisation, int]], by: Organisation) -> int:
    """What an enterprise was paid of a commitment that it no longer holds."""
    return sum(cents for beneficiary, cents in kept if beneficiary.siren == by.siren)


class CorrectSiret(
    CommitmentCommand,
    name="commitment.correct_siret",
    says="Corriger le SIRET du bénéficiaire ; les tranches attendent qu'il soit confirmé.",
    by=(Role.FUNDER, Role.REGISTRAR),
):
    """Correct it, by amendment where the convention is signed; what is to be paid waits."""

    siret: Siret = Field(description="Le bon SIRET.")
    reasons: Prose = Field(description="Pourquoi.")

    @override
    def act(self, work: Work, case: Commitment) -> None:
        must_be_open(work, self.siret, work.day)
        former = case.beneficiary_on(work.day)
        case.correct_siret(self.siret, reasons=self.reasons, persons=work.persons, day=work.day)
        right = case.beneficiary_on(work.day)
        if former.siren and former.siren != right.siren:  # it never was granted to that enterprise
            cents = counted(work, case, former)
            count_less(work, case, former, 0, self.reasons)
            if cents:
                count_aid(work, case, right, cents)


class ConfirmSiret(
    CommitmentCommand,
    name="commitment.confirm_siret",
    says="Confirmer le SIRET corrigé : les tranches qui l'attendaient reprennent.",
    by=(Role.FUNDER, Role.REGISTRAR),
):
    """Confirm it, by another person than who corrected it."""

    @override
    def act(self, work: Work, case: Commitment) -> None:
        case.confirm_siret(persons=work.persons, day=work.day)


@tells
def tell(event: Event) -> tuple[str, str] | None:
    """Conventions in words."""
    match event:
        case Commitment.ConventionDrafted(reference=reference, conditions=conditions):
            return "Convention rédigée", f"{reference} ; conditions : {len(conditions)}"
        case Commitment.ConventionSigned(funder_signatory=one, beneficiary_signatory=other):
            return "Convention signée", f"{one} ; {other}"
        case Commitment.GrantedWithoutConvention():
            return "Aide accordée sans convention", ""
        case Commitment.Amended(number=number, reasons=reasons):
            return f"Avenant n° {number}", _amended(event, reasons)
        case Commitment.BeneficiaryReplaced(beneficiary=beneficiary, reasons=reasons):
            return "Bénéficiaire remplacé", f"{beneficiary.name} : {inside(reasons)}"
        case Commitment.SiretCorrected(siret=siret, reasons=reasons):
            return "Numéro SIRET corrigé, à confirmer", f"{siret} : {inside(reasons)}"
        case Commitment.SiretConfirmed():
            return "Numéro SIRET confirmé", ""
        case _:
            return None


def _amended(event: Commitment.Amended, reasons: str) -> str:
    said = (
        f"montant : {euros(event.agreed_cents)}" if event.agreed_cents else "",
        f"jusqu'au {day_in_words(event.ends_on)}" if event.ends_on else "",
        "conditions" if event.conditions else "",
        "tranches" if event.tranches else "",
        inside(reasons),
    )
    return " ; ".join(part for part in said if part)
