"""The convention of a commitment: drafted, signed, amended; its beneficiary replaced or corrected.

What two parties sign: object and amount are decided, conditions, schedule and terms are here (loi
n° 2000-321 du 12 avril 2000, art. 10; décret n° 2015-431, art. 5, al. 4).
"""

from dataclasses import dataclass
from datetime import date

from domain.condition import Condition
from domain.distinct import AnotherPerson
from domain.errors import Refused
from domain.tranche import TranchePlan, TrancheStanding
from domain.values import Frozen, Line, Prose

ENGAGED = frozenset({TrancheStanding.CLAIMED, TrancheStanding.HELD, TrancheStanding.APPROVED})


class Terms(Frozen):
    """How the project is evaluated and followed up, and who pays for it (décret, art. 5, al. 4)."""

    evaluation: Prose | None = None
    evaluation_paid_by: Line | None = None
    follow_up: Prose | None = None
    follow_up_paid_by: Line | None = None

    @property
    def are_whole(self) -> bool:
        """Whether both are told, with who pays for each."""
        return None not in (
            self.evaluation,
            self.evaluation_paid_by,
            self.follow_up,
            self.follow_up_paid_by,
        )


@dataclass(frozen=True, slots=True)
class ConventionSigning:
    """Who signed, by their offices; and whether the contrat d'engagement républicain was."""

    on: date
    funder: str
    beneficiary: str
    cer: bool | None


@dataclass(frozen=True, slots=True)
class Convention:
    """A convention as it reads on a day, its amendments included."""

    reference: str
    starts_on: date
    ends_on: date
    terms: Terms
    years: tuple[int, ...]
    """The accounting years for which the support is granted."""
    drafted_on: date
    signing: ConventionSigning | None = None
    amendments: int = 0
    conditions: tuple[Condition, ...] = ()
    tranches: tuple[TranchePlan, ...] = ()


# --- refusals -----------------------------------------------------------------------------------


class WithoutCondition(Refused):
    """A convention of money names at least one condition."""

    code = "commitment.without_condition"
    fr = "Une convention qui verse de l'argent nomme au moins une condition : il n'y en a aucune."
    en = "A convention about money names at least one condition: there is none."


class DoesNotAddUp(Refused):
    """The tranches are what is agreed: no more, no less."""

    code = "commitment.does_not_add_up"
    fr = "Les tranches font {planned}, et le montant convenu est de {agreed}."
    en = "The tranches add up to {planned}; what is agreed is {agreed}."


class NothingToPay(Refused):
    """Support in kind has no tranche and no amount to pay."""

    code = "commitment.in_kind"
    fr = "Cet engagement est un apport en nature : il n'a ni tranche ni montant à verser."
    en = "This commitment is support in kind: it has no tranche and no amount to pay."


class NamedTwice(Refused):
    """A condition, or a tranche, is named once."""

    code = "commitment.named_twice"
    fr = (
        "« {name} » est donné deux fois : chaque condition et chaque tranche d'une convention a "
        "son propre code."
    )
    en = "“{name}” is given twice: each condition and each tranche of a convention has its code."


class NamesNothing(Refused):
    """A condition or a tranche names one that the convention does not have."""

    code = "commitment.names_nothing"
    fr = "« {title} » renvoie à « {name} », que la convention ne contient pas."
    en = "“{title}” refers to “{name}”, which the convention does not have."


class EndsTooSoon(Refused):
    """A convention ends after it begins."""

    code = "commitment.ends_too_soon"
    fr = "La convention doit finir ({ends}) après avoir commencé ({starts})."
    en = "The convention must end ({ends}) after it begins ({starts})."


class NotDrafted(Refused):
    """What is signed was first drafted."""

    code = "commitment.not_drafted"
    fr = "Aucune convention n'est rédigée : rédigez-la avant de la signer."
    en = "No convention is drafted: draft it before signing it."


class SignedAlready(Refused):
    """A signed convention changes by amendment."""

    code = "commitment.signed"
    fr = "La convention est signée depuis le {day} : elle ne change plus que par avenant."
    en = "The convention has been signed since {day}: it changes by amendment only."


class NotSigned(Refused):
    """Only what is signed is amended."""

    code = "commitment.not_signed"
    fr = "La convention n'est pas signée à cette date : un avenant change ce qui engage déjà."
    en = "The convention is not signed on that day: there is nothing to amend yet."


class AfterItsEnd(Refused):
    """An amendment is dated before the end of the convention (product rule)."""

    code = "commitment.after_its_end"
    fr = "La convention a pris fin le {day} : un avenant se date d'avant sa fin."
    en = "The convention ended on {day}: an amendment is dated before its end."


class NothingAmended(Refused):
    """An amendment changes something."""

    code = "commitment.nothing_amended"
    fr = "Cet avenant ne change rien : donnez un montant, une date, des conditions ou des tranches."
    en = "This amendment changes nothing: give an amount, a date, conditions or tranches."


class TextsInOrder(Refused):
    """What parties sign follows in time what they signed before."""

    code = "commitment.texts_in_order"
    is_of_order = True
    fr = "Un acte plus récent, du {day}, est déjà enregistré sur cette convention."
    en = "A more recent act, of {day}, is already recorded about this convention."


class AmendsWhatFlowed(Refused):
    """What was approved or paid is not put under other conditions afterwards (product rule)."""

    code = "commitment.amends_what_flowed"
    fr = (
        "Une approbation ou un paiement est enregistré le {day} : un avenant qui change le "
        "montant, les conditions ou les tranches se date d'après."
    )
    en = "An approval or a payment is recorded on {day}: such an amendment is dated later."


class TrancheUnderWay(Refused):
    """An amendment keeps the tranches that are under way or over as they are."""

    code = "commitment.tranche_under_way"
    fr = (
        "La tranche « {title} » est {standing} : l'avenant la garde, pour {least} au moins "
        "(ou annulez-la d'abord)."
    )
    en = (
        "The tranche “{title}” stands at “{standing}”: the amendment keeps it, for {least} at "
        "least (or cancel it first)."
    )


class TrancheGone(Refused):
    """A cancelled tranche does not come back under its name."""

    code = "commitment.tranche_gone"
    fr = "La tranche « {title} » est annulée : donnez un autre nom à celle qui la remplace."
    en = "The tranche “{title}” was cancelled: give another name to the one in its place."


class SameBeneficiary(Refused):
    """A beneficiary is replaced by another one."""

    code = "commitment.same_beneficiary"
    fr = "« {name} » est déjà le bénéficiaire de cet engagement financier."
    en = "“{name}” already is the beneficiary of this commitment."


class SameSiret(Refused):
    """A SIRET is corrected by another one."""

    code = "commitment.same_siret"
    fr = "Le SIRET {siret} est déjà celui du bénéficiaire."
    en = "The SIRET {siret} already is that of the beneficiary."


class SiretNotInDoubt(Refused):
    """Only a corrected SIRET is confirmed."""

    code = "commitment.siret_not_in_doubt"
    fr = "Aucune correction du SIRET n'attend d'être confirmée à cette date."
    en = "No correction of the SIRET waits to be confirmed on that day."


class OwnCorrection(AnotherPerson, Refused):
    """Who confirms a SIRET is not who corrected it."""

    code = "commitment.own_correction"
    fr = "Qui corrige un SIRET ne le confirme pas : une autre personne le fait."
    en = "Whoever corrects a SIRET does not confirm it: another person does."
