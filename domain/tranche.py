"""Tranches: parts of what was agreed, each claimed, approved and paid by three distinct persons."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID, uuid5

from domain.distinct import AnotherPerson, Persons
from domain.errors import NotFound, Refused
from domain.money import Cents
from domain.values import Frozen, Line
from domain.words import Name

SUSPENDED = "suspended"
FLOWING = frozenset({"in_force", "report_due", "settled"})
"""The states of a commitment in which tranches are claimed, approved and paid."""


class TrancheKind(StrEnum):
    """What a tranche is for. An advance may be approved before anybody claims it."""

    ADVANCE = "advance"
    INTERIM = "interim"
    BALANCE = "balance"


class TrancheStanding(StrEnum):
    """Where a tranche stands."""

    SCHEDULED = "scheduled"
    CLAIMED = "claimed"
    HELD = "held"
    APPROVED = "approved"
    PAID = "paid"
    CANCELLED = "cancelled"


OVER = frozenset({TrancheStanding.PAID, TrancheStanding.CANCELLED})


class TranchePlan(Frozen):
    """A tranche as the convention schedules it."""

    id: Name
    title: Line
    kind: TrancheKind
    amount_cents: Cents
    due_on: date | None = None
    conditions: tuple[Name, ...] = ()
    """The conditions it waits for, beside those that name it."""


@dataclass(frozen=True, slots=True)
class TrancheAct:
    """What was done with a tranche so far."""

    standing: TrancheStanding = TrancheStanding.SCHEDULED
    claimed_cents: int = 0
    approved_cents: int = 0
    paid_cents: int = 0
    reference: str | None = None
    """Of its last payment."""
    claimants: Persons = ()
    approvers: Persons = ()
    reasons: str | None = None
    """Why it is held, or was cancelled."""
    before: TrancheStanding = TrancheStanding.SCHEDULED
    """Where it stood before it was held."""
    over_siret: bool = False
    """Whether it is held until the SIRET is confirmed."""


@dataclass(frozen=True, slots=True)
class TrancheState:
    """A tranche as it stands on a day."""

    plan: TranchePlan
    standing: TrancheStanding
    claimed_cents: int
    approved_cents: int
    paid_cents: int
    reference: str | None
    reasons: str | None
    since: date | None
    """The day of what was last done with it."""

    @property
    def is_open(self) -> bool:
        return self.standing not in OVER


def line_of(commitment: UUID, part: str) -> UUID:
    """The identity of a tranche, or a condition, where each has a line of its own."""
    return uuid5(commitment, part)


# --- refusals -----------------------------------------------------------------------------------


class UnknownTranche(NotFound):
    """The convention has no such tranche on that day."""

    code = "commitment.unknown_tranche"
    fr = "L'engagement financier n'a pas, le {day}, de tranche « {name} » ; il connaît : {known}."
    en = "On {day} the commitment has no tranche “{name}”; it knows: {known}."


class TrancheElsewhere(Refused):
    """The tranche does not stand where this may be done."""

    code = "commitment.tranche_standing"
    fr = "La tranche « {title} » est {standing} : elle ne peut pas être {asked}."
    en = "The tranche “{title}” stands at “{standing}”: it cannot become “{asked}”."


class WhileSuspended(Refused):
    """Nothing is claimed, approved or paid while the commitment is suspended."""

    code = "commitment.while_suspended"
    fr = (
        "Cet engagement financier est suspendu depuis le {since} : aucune tranche n'est demandée, "
        "approuvée ni payée avant que la suspension soit levée."
    )
    en = (
        "This commitment has been suspended since {since}: no tranche is claimed, approved or paid "
        "until that is lifted."
    )


class NotFlowing(Refused):
    """Tranches wait for a convention in force, and are no more once the commitment is over."""

    code = "commitment.not_flowing"
    fr = (
        "Le {day}, cet engagement financier n'est pas en cours d'exécution : "
        "aucune tranche ne peut y être demandée, approuvée ni payée."
    )
    en = "On {day} this commitment is not being carried out: no tranche moves."


class OutOfTurn(Refused):
    """Tranches are claimed in their order (product rule; décret 2015-431, art. 5)."""

    code = "commitment.out_of_turn"
    fr = "La tranche « {title} » vient après « {before} », qui n'est pas encore payée."
    en = "The tranche “{title}” comes after “{before}”, which is not paid yet."


class ConditionsNotMet(Refused):
    """No tranche is approved without its conditions."""

    code = "commitment.conditions_not_met"
    fr = "La tranche « {title} » attend ses conditions, qui ne sont pas constatées : {wanting}."
    en = "The tranche “{title}” waits for conditions that are not found met: {wanting}."


class OwnClaim(AnotherPerson, Refused):
    """Who approves is not who claimed."""

    code = "commitment.own_claim"
    fr = "Qui demande une tranche ne l'approuve pas : une autre personne le fait."
    en = "Whoever claims a tranche does not approve it: another person does."


class OwnApproval(AnotherPerson, Refused):
    """Who pays is not who approved."""

    code = "commitment.own_approval"
    fr = "Qui approuve une tranche ne la paie pas : une autre personne le fait."
    en = "Whoever approves a tranche does not pay it: another person does."


class PaysOwnClaim(AnotherPerson, Refused):
    """Who pays is not who claimed either: three persons have a hand in a tranche."""

    code = "commitment.pays_own_claim"
    fr = "Qui demande une tranche ne la paie pas : une autre personne le fait."
    en = "Whoever claims a tranche does not pay it: another person does."


class ExceedsTranche(Refused):
    """More is asked than the tranche still has."""

    code = "commitment.exceeds_tranche"
    fr = "{asked} dépassent ce que la tranche « {title} » permet encore : {left}."
    en = "{asked} is more than the tranche “{title}” still allows: {left}."


class ExceedsAgreed(Refused):
    """More would be approved than was agreed."""

    code = "commitment.exceeded"
    fr = "{asked} dépassent ce qui reste à approuver de cet engagement financier : {left}."
    en = "{asked} is more than what is left to approve of this commitment: {left}."


class ReferenceTwice(Refused):
    """A payment is recorded once."""

    code = "commitment.reference_twice"
    fr = "Le paiement « {reference} » est déjà enregistré sur cet engagement financier."
    en = "The payment “{reference}” is already recorded on this commitment."


class SiretToConfirm(Refused):
    """Until a corrected SIRET is confirmed, nothing is approved, released or paid."""

    code = "commitment.siret_to_confirm"
    fr = "Le SIRET du bénéficiaire, corrigé le {day}, reste à confirmer : les tranches attendent."
    en = "The beneficiary's SIRET, corrected on {day}, is to be confirmed: tranches wait."


class FlowsAfter(Refused):
    """A commitment is not stopped before something that it already let through."""

    code = "commitment.flows_after"
    fr = (
        "Une approbation ou un paiement est enregistré le {day} : "
        "l'engagement financier ne s'arrête ou ne se suspend qu'après ce jour."
    )
    en = "An approval or a payment is recorded on {day}: the commitment stops after that day only."


STANDINGS: dict[TrancheStanding, str] = {
    TrancheStanding.SCHEDULED: "prévue",
    TrancheStanding.CLAIMED: "demandée",
    TrancheStanding.HELD: "retenue en attente",
    TrancheStanding.APPROVED: "approuvée",
    TrancheStanding.PAID: "payée",
    TrancheStanding.CANCELLED: "annulée",
}
"""What each is called of a tranche."""
