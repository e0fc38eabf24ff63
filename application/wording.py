"""Events and codes in words: what a person reads instead of a topic."""

from collections.abc import Mapping

from domain.charter import CharterSignature
from domain.claim import Claim
from domain.journey import Journey, Transition
from domain.kernel import ROLES as ROLES
from domain.kernel import Event
from domain.pole import MemberKind, Pole
from domain.recognition import Recognition, RecognitionKind
from domain.words import Stored

MEMBERS: Mapping[str, str] = {
    MemberKind.ESS_ENTERPRISE: "entreprise de l'ESS",
    MemberKind.OTHER_ENTERPRISE: "entreprise hors ESS",
    MemberKind.ENTERPRISE_GROUP: "groupement d'entreprises",
    MemberKind.LOCAL_AUTHORITY: "collectivité territoriale",
    MemberKind.RESEARCH: "centre de recherche",
    MemberKind.HIGHER_EDUCATION: "enseignement supérieur",
    MemberKind.TRAINING: "organisme de formation",
    MemberKind.CITIZEN: "citoyenne ou citoyen",
    MemberKind.OTHER: "autre personne",
}

RECOGNITIONS: Mapping[str, str] = {
    RecognitionKind.WITNESS_2012: "pôle témoin de l'expérimentation nationale",
    RecognitionKind.PROJECT_CALL: "lauréat d'un appel à projets de l'État",
    RecognitionKind.EXPRESSION_OF_INTEREST_CALL: "lauréat d'un appel à manifestation d'intérêt",
    RecognitionKind.REGIONAL_SUPPORT: "soutien régional",
    RecognitionKind.COMPOSITION_FINDING: "constat de composition (article 9 I)",
    RecognitionKind.SELECTION: "sélection (article 9 II)",
}

CONFIDENCES: Mapping[str, str] = {
    "confirmed": "confirmé",
    "probable": "probable",
    "inferred": "déduit",
    "unconfirmed": "non confirmé",
}

VERDICTS: Mapping[str, str] = {
    "held": "rempli",
    "failed": "non rempli",
    "unknown": "inconnu",
    "not_checked": "non vérifié",
}

STATUSES: Mapping[str, str] = {
    "open": "possible",
    "closed": "pas encore possible",
    "needs_input": "possible, en complétant",
}

MONTHS = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]


FACTS: Mapping[str, str] = {
    "members.total": "membres",
    "members.ess_enterprises": "entreprises de l'ESS",
    "members.other_enterprises": "autres entreprises",
    "members.public_bodies": "collectivités territoriales",
    "members.art9_partners": "autres personnes nommées par l'article 9",
    "territory.delimited": "territoire délimité",
    "evidence.kinds": "pièces au dossier",
    "recognitions.article9_in_force": "reconnaissances au titre de l'article 9 en vigueur",
    "stage.before_dormancy": "étape avant l'absence de nouvelles",
    "silence.months": "mois écoulés depuis le dernier fait daté",
    "silence.contact_attempts": "prises de contact depuis le dernier fait daté",
}
"""The facts that clauses read, as a person would name them."""

VALUES: Mapping[str, str] = {
    "strategy": "document de stratégie commune",
    "charter_form": "formulaire de signature de la charte",
    "emergence": "Émergence",
    "charter_signed": "Charte signée",
    "experimentation": "Expérimentation",
    "recognised": "Reconnaissance (article 9)",
}

RULE_SOURCES: Mapping[str, str] = {"product rule": "règle propre à ce registre"}


def date_in_words(date: str) -> str:
    """A date in French, with no more precision than it has."""
    match date.split("-"):
        case ["unknown"] | [""]:
            return "date inconnue"
        case [year]:
            return f"en {year}"
        case [year, month]:
            return f"en {MONTHS[int(month) - 1]} {year}"
        case [year, month, day]:
            ordinal = "1er" if int(day) == 1 else str(int(day))
            return f"le {ordinal} {MONTHS[int(month) - 1]} {year}"
        case _:
            return date


def since_in_words(date: str) -> str:
    """`depuis le 25 juin 2012`, `depuis 2021`, or that the date is not known."""
    words = date_in_words(date)
    return words if words == "date inconnue" else f"depuis {words.removeprefix('en ')}"


def of_date(date: str) -> str:
    """`du 12 mai 2021`, `de septembre 2011`, `d'avril 2015`."""
    words = date_in_words(date)
    if words.startswith("le "):
        return f"du {words[3:]}"
    alone = words.removeprefix("en ")
    return f"d'{alone}" if alone[:1] in "ao" else f"de {alone}"


def version_in_words(journey: str) -> str:
    """`pole@2021-05-12` as `version du 12 mai 2021`."""
    return f"version {of_date(journey.partition('@')[2])}"


def rules_in_words(journey: str) -> str:
    """`pole@2021-05-12` as `règles du 12 mai 2021`."""
    return f"règles {of_date(journey.partition('@')[2])}"


def capital(text: str) -> str:
    """The first letter in capital, the rest as it was."""
    return text[:1].upper() + text[1:]


def holders(way: Transition) -> str:
    """To whom a way out belongs."""
    said = [ROLES.get(role, role) for role in way.by or ()]
    said += [f"le droit « {permission} »" for permission in way.permissions]
    said += [f"le groupe « {group} »" for group in way.groups]
    if way.trigger == "automatic":
        return "se fait de soi-même, dès que les conditions sont réunies"
    return ", ".join(said) or ("toute personne" if way.by is None else "personne")


def fact(name: str) -> str:
    """What a fact is called."""
    return FACTS.get(name, name)


def value_in_words(stored: Stored) -> str:
    """A value that a clause saw."""
    match stored:
        case bool():
            return "oui" if stored else "non"
        case str():
            return VALUES.get(stored, stored)
        case list() | tuple():
            return ", ".join(value_in_words(part) for part in stored) or "aucune"
        case _:
            return str(stored)


def rule_source(source: str) -> str:
    """Where a rule comes from; one without a text is said to be our own."""
    return RULE_SOURCES.get(source, source)


def tell(event: Event, journey: Journey | None = None) -> tuple[str, str]:
    """An event as a title and a detail, in French."""
    match event:
        case Pole.Registered(name=name, journey=ref, remark=remark):
            return "Inscription au registre", f"{name} ; suit les {rules_in_words(ref)}." + (
                f" {capital(remark)}" if remark else ""
            )
        case Pole.Renamed(name=name):
            return "Changement de nom", name
        case Pole.Located(territory=t):
            places = (t.words, t.department, t.region)
            return "Territoire", ", ".join(dict.fromkeys(p for p in places if p))
        case Pole.ActivityDescribed(words=words):
            return "Activité", words
        case Pole.MemberJoined(member_kind=kind, name=name):
            return "Nouveau membre", f"{name or 'une personne'} ({MEMBERS[kind]})"
        case Pole.MemberLeft():
            return "Départ d'un membre", ""
        case Pole.CarrierDesignated(name=name, siret=siret):
            return "Structure porteuse", f"{name} (SIRET {siret})" if siret else name
        case Pole.EvidenceFiled(evidence=kind, title=title):
            return "Pièce versée au dossier", f"{title} ({kind})"
        case Pole.ContactAttempted(channel=channel, outcome=outcome):
            return "Prise de contact", f"{channel} : {outcome}"
        case Pole.Moved(transition=transition, to=to, journey=ref):
            if journey is None:
                return transition, f"→ {to}, selon les {rules_in_words(ref)}"
            way = journey.transition[transition].title.fr
            return way, f"étape : {journey.state[to].title.fr}, selon les {rules_in_words(ref)}"
        case Pole.Begun(journey=further):
            return "Nouveau parcours", f"le pôle suit aussi un autre parcours : {further}"
        case Pole.Migrated(from_=old, to=new):
            return "Changement de règles", (
                f"le pôle suit désormais les {rules_in_words(new)}, "
                f"auparavant celles {of_date(old.partition('@')[2])}"
            )
        case Recognition.Issued(recognition_kind=kind, issuer=issuer):
            return "Reconnaissance", f"{RECOGNITIONS[kind]}, par : {issuer}"
        case Recognition.Ended(motive=motive, withdrawn=withdrawn):
            return (
                "Retrait de la reconnaissance" if withdrawn else "Fin de la reconnaissance",
                motive,
            )
        case CharterSignature.Signed(charter=charter, place=place):
            return "Signature de la charte", f"version {charter}, à {place}"
        case CharterSignature.Withdrawn(motive=motive):
            return "Retrait de la signature de la charte", motive
        case Claim.Recorded(statement=statement, author=author):
            return "Déclaration", f"{author} : {statement}"
        case Claim.Retracted():
            return "Retrait d'une déclaration", ""
        case _:
            return event.TOPIC, ""
