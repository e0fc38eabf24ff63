"""Recoveries: ask back part of what was paid, receive instalments, give up the rest."""

from datetime import date
from typing import Annotated

from pydantic import Field
from typing_extensions import override

from application.command import Work
from application.commitment import CommitmentCommand
from application.correction import Statement
from application.wording import WORDS, inside, tells
from domain.commitment import Commitment
from domain.kernel import Event
from domain.money import Euros, euros
from domain.recovery import Instalment, RecoveryCause
from domain.roles import Role
from domain.values import Frozen, Line, Prose

WORDS[RecoveryCause] = {
    RecoveryCause.NOT_SPENT: "somme non dépensée",
    RecoveryCause.MISUSED: "somme employée à autre chose",
    RecoveryCause.CER_BREACH: "manquement au contrat d'engagement républicain",
    RecoveryCause.DIVIDENDS: "clause sur les dividendes",
    RecoveryCause.UNLAWFUL: "aide illégale, retirée",
}

RecoveryNumber = Annotated[int, Field(ge=1, le=1000)]


class InstalmentGiven(Frozen):
    """An instalment as people give it: its amount in euros."""

    due_on: date
    amount: Euros


class OrderRecovery(
    CommitmentCommand,
    name="commitment.order_recovery",
    says="Demander le reversement de ce qui a été payé, avec la cause et les échéances.",
    by=(Role.FUNDER, Role.REGISTRAR),
):
    """Ask back part of what was paid; the tranches that are not paid are cancelled."""

    cause: RecoveryCause = Field(description="Pourquoi, au regard de la loi.")
    amount: Euros = Field(description="Montant demandé, en euros.")
    instalments: Annotated[
        tuple[InstalmentGiven, ...],
        Field(
            description="Les échéances, chacune avec son jour (due_on) et son montant en euros ; "
            "aucune, si tout est demandé en une fois.",
            max_length=120,
            json_schema_extra={"each": "instalment"},
        ),
    ] = ()
    reasons: Prose = Field(description="Ce qui est reproché, ou constaté.")

    @override
    def act(self, work: Work, case: Commitment) -> None:
        case.order_recovery(
            cause=self.cause,
            amount=self.amount,
            instalments=tuple(
                Instalment(due_on=given.due_on, amount_cents=given.amount)
                for given in self.instalments
            ),
            reasons=self.reasons,
            persons=work.persons,
            day=work.day,
        )
        if case.main.standing_on(work.day).value != "recovery":
            work.take(case, "order_recovery")


class ReceiveInstalment(
    CommitmentCommand,
    Statement,
    name="commitment.receive_instalment",
    says="Enregistrer ce qui est reversé.",
    by=(Role.FUNDER, Role.PAYER, Role.REGISTRAR),
):
    """Record what came back."""

    number: RecoveryNumber = Field(1, description="Numéro du reversement demandé.")
    amount: Euros = Field(description="Montant reversé, en euros.")
    reference: Line = Field(description="Référence du versement.")

    @override
    def act(self, work: Work, case: Commitment) -> None:
        case.receive_instalment(
            self.number,
            amount=self.amount,
            reference=self.reference,
            persons=work.persons,
            day=work.day,
        )


class WaiveRecovery(
    CommitmentCommand,
    name="commitment.waive_recovery",
    says="Remettre tout ou partie de ce qui était à reverser.",
    by=(Role.FUNDER, Role.REGISTRAR),
):
    """Give up part of what was asked back."""

    number: RecoveryNumber = Field(1, description="Numéro du reversement demandé.")
    amount: Euros = Field(description="Montant remis, en euros.")
    reasons: Prose = Field(description="Pourquoi.")

    @override
    def act(self, work: Work, case: Commitment) -> None:
        case.waive_recovery(
            self.number,
            amount=self.amount,
            reasons=self.reasons,
            persons=work.persons,
            day=work.day,
        )


@tells
def tell(event: Event) -> tuple[str, str] | None:
    """Recoveries in words."""
    match event:
        case Commitment.RecoveryOrdered(
            number=number, cause=cause, amount_cents=cents, reasons=reasons
        ):
            told = f"{euros(cents)}, {WORDS[RecoveryCause][cause]} : {inside(reasons)}"
            return f"Reversement n° {number} demandé", told
        case Commitment.InstalmentReceived(number=number, amount_cents=cents):
            return "Versement reçu", f"{euros(cents)}, reversement n° {number}"
        case Commitment.RecoveryWaived(number=number, amount_cents=cents, reasons=reasons):
            return "Remise accordée", f"{euros(cents)}, reversement n° {number} : {inside(reasons)}"
        case _:
            return None
