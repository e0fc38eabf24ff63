"""What stops a commitment, for a time or for good: its suspension, the withdrawal of the funder."""

from datetime import date

from pydantic import Field
from typing_extensions import override

from application.command import Work
from application.commitment import CommitmentCommand
from application.commitment_aid import count_less
from application.correction import Statement
from application.handlers import HANDLERS
from domain.case import Case
from domain.commitment import UNSIGNED, Commitment
from domain.errors import Refused
from domain.holding import paid_to_others
from domain.roles import Role
from domain.values import Prose
from domain.workflow import Step


class HeardFirst(Refused):
    """The pole is heard before a suspension takes effect (product rule)."""

    code = "commitment.heard_first"
    fr = "Le pôle doit avoir été entendu ({heard}) au plus tard le jour de la suspension ({day})."
    en = "The pole must have been heard ({heard}) by the day of the suspension ({day})."


class SuspendCommitment(
    CommitmentCommand,
    name="commitment.suspend",
    says="Suspendre un engagement financier, le pôle entendu : plus rien n'est approuvé ni payé.",
    by=(Role.FUNDER, Role.REGISTRAR),
):
    """Suspend it: nothing is claimed, approved or paid until that is lifted (décret, art. 5)."""

    reasons: Prose = Field(
        description="En quoi l'exécution s'écarte des objectifs ou des engagements."
    )
    heard_on: date = Field(description="Jour où le pôle a été entendu (AAAA-MM-JJ).")

    @override
    def act(self, work: Work, case: Commitment) -> None:
        heard = self.heard_on.isoformat()
        work.take(case, "suspend", reasons=self.reasons, heard_on=heard)


class LiftSuspension(
    CommitmentCommand,
    name="commitment.lift_suspension",
    says="Lever la suspension d'un engagement financier.",
    by=(Role.FUNDER, Role.REGISTRAR),
):
    """Let it go on."""

    reasons: Prose = Field(description="Pourquoi.")

    @override
    def act(self, work: Work, case: Commitment) -> None:
        work.take(case, "lift_suspension", reasons=self.reasons)


class WithdrawFunderFromCommitment(
    CommitmentCommand,
    Statement,
    name="commitment.funder_withdraws",
    says="Enregistrer le retrait du financeur : ce qui n'est pas payé ne le sera pas.",
    by=(Role.FUNDER, Role.REGISTRAR),
):
    """Record that the funder gives up what it has not paid; what it paid stays paid."""

    reasons: Prose = Field(description="Pourquoi, sans nommer de personne.")

    @override
    def act(self, work: Work, case: Commitment) -> None:
        case.withdraw_funder(reasons=self.reasons, day=work.day)
        unsigned = case.main.standing_on(work.day).value in UNSIGNED
        work.take(case, "abandon" if unsigned else "terminate", reasons=self.reasons)


@HANDLERS.register("hear_the_pole")
def hear_the_pole(work: Work, case: Case, step: Step) -> None:
    """Refuse a suspension before the pole was heard."""
    heard = date.fromisoformat(str(step.input.get("heard_on"))[:10])
    if heard > work.day:
        raise HeardFirst(heard=heard, day=work.day)


@HANDLERS.register("cancel_open_tranches")
def cancel_open_tranches(work: Work, case: Case, step: Step) -> None:
    """Cancel what is not paid, since it never will be; and let no more than that count as aid."""
    if isinstance(case, Commitment):
        reasons = str(step.input.get("reasons") or "l'engagement financier s'arrête")
        case.cancel_open(reasons=reasons, day=work.day)
        holder = case.beneficiary_on(work.day)
        given = case.paid_on(work.day) - paid_to_others(case, holder, work.day)
        if step.to != "abandoned":  # what was given in kind, nothing says that it was given back
            given += case.value_cents
        count_less(work, case, holder, given, reasons)
