"""Tranches: claim, hold, release, approve, pay and cancel them; list them."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import Field
from typing_extensions import override

from application.command import Work
from application.commitment import CommitmentCommand
from application.commitment_list import commitments_in_words, in_euros
from application.correction import Statement
from application.evidence import Evidence, on_file
from application.listing import Listed, Listing, listing
from application.wording import WORDS, inside, tells
from domain.commitment import Commitment
from domain.kernel import Event
from domain.money import Euros, euros
from domain.roles import Role
from domain.tranche import STANDINGS, TrancheKind, TrancheStanding
from domain.values import Line, Prose
from domain.words import Name

WORDS[TrancheKind] = {
    TrancheKind.ADVANCE: "avance",
    TrancheKind.INTERIM: "acompte",
    TrancheKind.BALANCE: "solde",
}
WORDS[TrancheStanding] = {standing.value: said for standing, said in STANDINGS.items()}


class TrancheCommand(CommitmentCommand):
    """Something done with one tranche."""

    tranche: Name = Field(description="La tranche, par son code dans la convention.")


class ClaimTranche(
    TrancheCommand,
    name="commitment.claim",
    says="Demander le versement d'une tranche.",
    by=(Role.POLE_REPRESENTATIVE, Role.REGISTRAR),
):
    """Ask for a tranche, in its turn."""

    IS_NEWS: ClassVar[bool] = True

    amount: Euros | None = Field(
        None, description="Montant demandé, en euros, s'il est moindre que celui prévu."
    )
    documents: Evidence = ()

    @override
    def act(self, work: Work, case: Commitment) -> None:
        on_file(work, case.pole, self.documents)
        case.claim(
            self.tranche,
            amount=self.amount,
            documents=self.documents,
            persons=work.persons,
            day=work.day,
        )


class HoldTranche(
    TrancheCommand,
    name="commitment.hold",
    says="Retenir une tranche demandée, avec la raison.",
    by=(Role.FUNDER, Role.REGISTRAR),
):
    """Let a tranche wait."""

    reasons: Prose = Field(description="Pourquoi.")

    @override
    def act(self, work: Work, case: Commitment) -> None:
        case.hold(self.tranche, reasons=self.reasons, day=work.day)


class ReleaseTranche(
    TrancheCommand,
    name="commitment.release",
    says="Laisser reprendre une tranche retenue.",
    by=(Role.FUNDER, Role.REGISTRAR),
):
    """Let it go on from where it stood."""

    @override
    def act(self, work: Work, case: Commitment) -> None:
        case.release(self.tranche, day=work.day)


class ApproveTranche(
    TrancheCommand,
    name="commitment.approve",
    says="Approuver une tranche, ses conditions constatées : qui demande n'approuve pas.",
    by=(Role.FUNDER, Role.REGISTRAR),
):
    """Find a tranche due; its payment is another person's."""

    amount: Euros | None = Field(
        None, description="Montant approuvé, en euros, s'il est moindre que celui demandé."
    )

    @override
    def act(self, work: Work, case: Commitment) -> None:
        case.approve(self.tranche, amount=self.amount, persons=work.persons, day=work.day)


class PayTranche(
    TrancheCommand,
    Statement,
    name="commitment.pay",
    says="Enregistrer le paiement d'une tranche approuvée : qui demande ou approuve ne paie pas.",
    by=(Role.PAYER, Role.REGISTRAR),
):
    """Record that an approved tranche was paid, wholly or in part."""

    amount: Euros | None = Field(
        None, description="Montant payé, en euros, s'il est moindre que ce qui reste à payer."
    )
    reference: Line = Field(description="Référence du paiement.")

    @override
    def act(self, work: Work, case: Commitment) -> None:
        case.pay(
            self.tranche,
            amount=self.amount,
            reference=self.reference,
            persons=work.persons,
            day=work.day,
        )


class CancelTranche(
    TrancheCommand,
    name="commitment.cancel_tranche",
    says="Annuler ce qui n'est pas payé d'une tranche.",
    by=(Role.FUNDER, Role.REGISTRAR),
):
    """Say that what was not paid of it will not be."""

    reasons: Prose = Field(description="Pourquoi.")

    @override
    def act(self, work: Work, case: Commitment) -> None:
        case.cancel(self.tranche, reasons=self.reasons, day=work.day)


class TrancheListed(Listed):
    """A tranche as lists show it; the amounts are in cents, and in euros as they are read."""

    commitment: UUID
    commitment_code: str = Field(title="Engagement financier")
    code: str = Field(title="Code")
    title: str = Field(title="Tranche")
    tranche_kind: TrancheKind = Field(title="Nature")
    due_on: date | None = Field(None, title="Prévue le")
    place: int
    """Which of the tranches of its commitment it is, in the order of the convention."""
    standing: TrancheStanding = Field(title="Où elle en est")
    standing_on: date | None = Field(None, title="Depuis")
    reference: str | None = Field(None, title="Paiement")
    reasons: str | None = Field(None, title="Raison")
    planned_cents: int
    claimed_cents: int
    approved_cents: int
    paid_cents: int
    planned: str | None = Field(None, title="Prévu")
    claimed: str | None = Field(None, title="Demandé")
    approved: str | None = Field(None, title="Approuvé")
    paid: str | None = Field(None, title="Payé")

    @property
    def commitment_page(self) -> str:
        return f"/engagements-financiers/{self.commitment}"


TRANCHES = listing(
    Listing(
        name="tranche",
        line=TrancheListed,
        title="Tranches des engagements financiers",
        says="Les tranches que les conventions prévoient, et ce qui en est demandé, approuvé et "
        "payé : par trois personnes distinctes.",
        path="/tranches",
        columns=(
            *("pole_name", "title", "commitment_code", "tranche_kind", "due_on"),
            *("standing", "planned", "claimed", "approved", "paid", "reference"),
        ),
        leads={"commitment_code": "commitment_page"},
        filters=("standing", "tranche_kind", "commitment_code"),
        words={"commitment_code": commitments_in_words},
        complete=in_euros,
        order=("commitment_code", "place", "code"),
        empty="Aucune convention ne prévoit de tranche.",
        begun_by="commitment.draft_convention",
    )
)


@tells
def tell(event: Event) -> tuple[str, str] | None:
    """Tranches in words."""
    match event:
        case Commitment.TrancheClaimed(tranche=name, amount_cents=cents):
            return "Tranche demandée", f"{name} : {euros(cents)}"
        case Commitment.TrancheHeld(tranche=name, reasons=reasons):
            return "Tranche retenue", f"{name} : {inside(reasons)}"
        case Commitment.TrancheReleased(tranche=name, standing=standing):
            return "Tranche reprise", f"{name} : {STANDINGS[standing]}"
        case Commitment.TrancheApproved(tranche=name, amount_cents=cents):
            return "Tranche approuvée", f"{name} : {euros(cents)}"
        case Commitment.TranchePaid(tranche=name, amount_cents=cents, reference=reference):
            return "Tranche payée", f"{name} : {euros(cents)}, paiement {reference}"
        case Commitment.TrancheCancelled(tranche=name, reasons=reasons):
            return "Tranche annulée", f"{name} : {inside(reasons)}"
        case _:
            return None
