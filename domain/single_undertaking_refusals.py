"""What is refused of de minimis aid, and why."""

from domain.errors import Invalid, NotFound, Refused


class NotAnUndertaking(NotFound):
    """Nothing was recorded of the enterprise of a SIREN."""

    code = "single_undertaking.unknown"
    fr = "Rien n'est enregistré de l'entreprise de SIREN {siren} : déclarez d'abord une aide."
    en = "Nothing is recorded of the enterprise of SIREN {siren}: declare aid first."


class MalformedSiren(Invalid):
    """An enterprise is asked for by its SIREN."""

    code = "single_undertaking.siren"
    fr = "« {siren} » n'est pas un SIREN : écrivez les neuf chiffres de l'entreprise."
    en = "“{siren}” is not a SIREN: write the nine digits of the enterprise."


class AlreadyIdentified(Refused):
    """An enterprise is entered once."""

    code = "single_undertaking.identified"
    fr = (
        "L'entreprise {siren} est déjà enregistrée, sous le nom « {name} » : pour corriger ce nom, "
        "donnez l'événement qui le dit (« corrects »)."
    )
    en = "{siren} is recorded already, as “{name}”: to correct that, name its event (“corrects”)."


class UndertakingWithoutName(Invalid):
    """What is not known yet is named."""

    code = "single_undertaking.name"
    fr = "L'entreprise de SIREN {siren} n'est pas encore connue : donnez aussi son nom."
    en = "The enterprise of SIREN {siren} is not known yet: give its name too."


class LinkedToItself(Refused):
    """An enterprise is one with itself already."""

    code = "single_undertaking.itself"
    fr = "Une entreprise n'est pas liée à elle-même : donnez le SIREN de l'autre."
    en = "An enterprise is not linked to itself: give the SIREN of the other one."


class AlreadyLinked(Refused):
    """Two enterprises are linked once."""

    code = "single_undertaking.linked"
    fr = "Ces deux entreprises sont déjà liées le {day}."
    en = "These two enterprises are already linked on {day}."


class NotLinked(Refused):
    """What is not linked is not parted."""

    code = "single_undertaking.not_linked"
    fr = "Ces deux entreprises ne sont pas liées le {day}."
    en = "These two enterprises are not linked on {day}."


class AidKnown(Refused):
    """Aid counts once, whoever tells it."""

    code = "single_undertaking.aid_known"
    fr = (
        "Une aide du même montant, accordée le même jour par « {authority} » au même titre, est "
        "déjà comptée : elle ne l'est pas deux fois."
    )
    en = (
        "Aid of the same amount, granted the same day by “{authority}” under the same regime, is "
        "counted already: it does not count twice."
    )


class UnknownAid(NotFound):
    """There is no such aid."""

    code = "single_undertaking.no_aid"
    fr = "Cette entreprise n'a pas d'aide de cet identifiant : {aid}."
    en = "This enterprise has no aid of this identity: {aid}."


class NotLower(Refused):
    """Aid is lowered; what is added to it is granted."""

    code = "single_undertaking.not_lower"
    fr = "Une aide ne peut qu'être réduite ou retirée : le nouveau montant doit être inférieur."
    en = "Aid can only be reduced or withdrawn: the new amount must be lower."


class ChangedLater(Refused):
    """What comes of aid, or of a link, is told in the order of its days."""

    code = "single_undertaking.changed_later"
    is_of_order = True
    fr = "Un changement plus récent, du {day}, est déjà enregistré."
    en = "A more recent change, of {day}, is already recorded."


class BeforeTheGrant(Refused):
    """Aid is not lowered before it is granted."""

    code = "single_undertaking.before_grant"
    fr = "Cette aide a été accordée le {granted_on} : elle ne se réduit pas avant."
    en = "This aid was granted on {granted_on}: it is not lowered before."


class AttestedForNoDay(Refused):
    """An attestation is relied on for a day at least."""

    code = "single_undertaking.no_day"
    fr = "Cette attestation, du {day}, ne peut pas cesser de faire foi avant ce jour."
    en = "This attestation, of {day}, cannot cease to be relied on before that day."


class HeadroomUnknown(Refused):
    """Without the attestation of the beneficiary, what it may still receive is not known."""

    code = "single_undertaking.unknown_headroom"
    fr = (
        "Ce que l'entreprise de SIREN {siren} peut encore recevoir le {day} est inconnu : il "
        "manque une attestation de ses aides « de minimis » qui couvre ce jour, pour elle et pour "
        "celles qui lui sont liées (règlement (UE) 2023/2831, art. 7, § 4)."
    )
    en = (
        "What the enterprise of SIREN {siren} may still receive on {day} is unknown: an "
        "attestation of its de minimis aid that covers that day, for itself and for those linked "
        "to it, is missing (regulation (EU) 2023/2831, art. 7(4))."
    )


class AboveCeiling(Refused):
    """Aid that goes above the ceiling is not de minimis aid, not even in part (art. 3, § 7)."""

    code = "single_undertaking.ceiling"
    fr = (
        "{asked} d'aide « de minimis » le {day} dépassent ce qui reste à l'entreprise unique : "
        "{left}. L'aide tout entière sortirait du règlement."
    )
    en = (
        "{asked} of de minimis aid on {day} are more than what is left to the single undertaking: "
        "{left}. The whole aid would fall outside the regulation."
    )
