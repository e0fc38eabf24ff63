"""Dossiers in words: their stages, what is decided of them, and each of their events."""

from collections.abc import Mapping

from application.funding_touched import touched_in_words
from application.seen_in_words import SAID
from application.wording import FACTS, WORDS, capital, date_in_words, tells
from domain.appeal import AppealKind
from domain.arrival import Arrival
from domain.award import (
    DossierOutcome,
    NotificationChannel,
    WithdrawalGround,
)
from domain.call_terms import Route
from domain.dates import day_in_words
from domain.dossier import Dossier
from domain.eligibility import CONDITIONS, ConditionId
from domain.kernel import Event
from domain.money import euros
from domain.opinion import OpinionChoice

DOSSIER_STATES: Mapping[str, str] = {
    "draft": "brouillon",
    "submitted": "déposé",
    "incomplete": "incomplet",
    "ineligible": "non éligible",
    "regional_review": "examen régional",
    "national_review": "analyse nationale",
    "opinions": "avis",
    "deliberation": "en délibération",
    "selected": "retenu",
    "not_selected": "non retenu",
    "closed_without_action": "classé sans suite",
    "withdrawn": "retiré par le pôle",
    "expired": "brouillon expiré",
}
"""What lists call the stages of the journeys that ship; another one is called by its identifier."""

OUTCOMES: Mapping[str, str] = {
    DossierOutcome.SELECTED: "retenu",
    DossierOutcome.NOT_SELECTED: "non retenu",
}
WORDS[DossierOutcome] = OUTCOMES

CHANNELS: Mapping[str, str] = {
    NotificationChannel.LETTER: "lettre",
    NotificationChannel.REGISTERED_LETTER: "lettre recommandée",
    NotificationChannel.EMAIL: "courriel",
    NotificationChannel.HANDED_OVER: "remise en mains propres",
}
WORDS[NotificationChannel] = CHANNELS

GROUNDS: Mapping[str, str] = {
    WithdrawalGround.UNLAWFUL: "décision illégale",
    WithdrawalGround.CONDITIONS_NOT_MET: "conditions non remplies",
}
WORDS[WithdrawalGround] = GROUNDS

OPINIONS: Mapping[str, str] = {
    OpinionChoice.FAVOURABLE: "favorable",
    OpinionChoice.RESERVED: "réservé",
    OpinionChoice.UNFAVOURABLE: "défavorable",
}
WORDS[OpinionChoice] = OPINIONS

WORDS[ConditionId] = {c: f"{n} : {CONDITIONS[c].fr}" for n, c in enumerate(ConditionId, start=1)}

APPEALS: Mapping[str, str] = {
    AppealKind.GRACIOUS: "recours gracieux",
    AppealKind.HIERARCHICAL: "recours hiérarchique",
    AppealKind.LITIGATION: "recours contentieux",
}
WORDS[AppealKind] = APPEALS

BY_ROUTE: Mapping[Route, str] = {
    Route.SERVER: "par voie électronique",
    Route.POSTMARK: "cachet de la poste",
    Route.RECEIPT: "reçu",
}

FACTS |= {
    "parts.missing": "pièces manquantes",
    "parts.completion_from": "pièces demandées depuis",
    "parts.overdue": "date limite pour compléter passée",
    "arrival.late": "arrivé en retard",
    "applicant.numbered": "structure connue par un numéro",
    "applicant.cer_wanting": "contrat d'engagement républicain à souscrire",
    "wave.phase": "phase de la vague",
    "wave.closed_on": "clôture de la vague",
    "wave.phase_one": "première phase passée ou déposée",
    "conditions.assessed": "conditions examinées",
    "conditions.met": "conditions remplies",
    "conditions.unmet": "conditions non remplies",
    "project.supported": "projet déjà soutenu après un autre appel",
    "ranking.recorded": "classement régional enregistré",
    "ranking.conflicted": "classement auquel a pris part une personne intéressée",
    "analysis.recorded": "analyse nationale enregistrée",
    "analysis.conflicted": "analyse à laquelle a pris part une personne intéressée",
    "opinions.asked": "avis demandés",
    "opinions.qualified": "personnalités qualifiées : avis rendus ou notés non rendus",
    "opinions.local_authorities": "collectivités : avis rendus ou notés non rendus",
    "opinions.wanting": "avis encore attendus",
    "decision.outcome": "décision annoncée",
    "decision.withdrawn": "soutien retiré",
    "appeal.kind": "nature du recours",
    "appeal.lodged_on": "recours formé le",
    "appeal.late": "recours hors délai",
}

SAID |= {
    "decision.outcome": lambda stored: (
        OUTCOMES[DossierOutcome(str(stored))] if stored else "aucune à ce jour"
    ),
    "appeal.kind": lambda stored: APPEALS[AppealKind(str(stored))],
}


def arrival_in_words(arrival: Arrival) -> str:
    """One arrival: `cachet de la poste, 30 juin 2015`."""
    told = arrival.minute.in_words() if arrival.minute else date_in_words(str(arrival.day))
    return f"{BY_ROUTE[arrival.route]}, {told}"


def lateness_in_words(late: bool | None, closes_at: str | None) -> str:
    """Whether what arrived came in time, by the date that counts for each route."""
    limit = f" : les dépôts étaient reçus jusqu'au {closes_at}" if closes_at else ""
    match late:
        case True:
            return f"arrivé en retard{limit}"
        case False:
            return f"arrivé à temps{limit}"
        case None:
            return f"à établir : une date d'arrivée manque{limit}"


def awarded(amount_cents: int | None, support: str | None) -> str:
    """What an award is made of: `45 000 €, un accompagnement`."""
    parts = [euros(amount_cents)] if amount_cents else []
    return ", ".join([*parts, *([support] if support else [])])


@tells
def _tell(event: Event) -> tuple[str, str] | None:
    match event:
        case Dossier.Drafted(title=title):
            return "Dossier commencé", title
        case Dossier.Revised(title=title):
            return "Dossier repris", title
        case Dossier.PartFiled(part=part, title=title):
            return "Pièce jointe au dossier", title or part
        case Dossier.PartsMissing(parts=parts, until=until):
            limit = day_in_words(until)
            return "Pièces demandées", f"{', '.join(parts)} ; jusqu'au {limit}"
        case Dossier.Submitted(arrivals=arrivals):
            return "Dossier remis", " ; ".join(map(arrival_in_words, arrivals))
        case Dossier.ArrivalNoted(arrival=arrival):
            return "Date d'arrivée notée", arrival_in_words(arrival)
        case _:
            return _tell_review(event) or _tell_decision(event)


def _tell_review(event: Event) -> tuple[str, str] | None:
    match event:
        case Dossier.ConditionAssessed(condition=condition, met=met, reasons=reasons):
            found = "remplie" if met else "non remplie"
            said = f"{CONDITIONS[condition].fr} : {found}. {capital(reasons)}"
            return f"Condition {condition[1:]} examinée", said
        case Dossier.InterestDeclared():
            return "Intérêt déclaré", "une personne ne prend pas part à l'examen du dossier"
        case Dossier.Ranked(region=region, rank=rank, of=of, reasons=reasons):
            return "Classement régional", f"{region} : {rank} sur {of}. {capital(reasons)}"
        case Dossier.Analysed(reasons=reasons):
            return "Analyse nationale", reasons
        case Dossier.OpinionAsked(adviser=adviser):
            return "Avis demandé", adviser
        case Dossier.OpinionGiven(adviser=adviser, choice=choice, reasons=reasons):
            return "Avis donné", f"{adviser} : {OPINIONS[choice]}. {capital(reasons)}"
        case Dossier.OpinionWithheld(adviser=adviser, why=why):
            return "Avis demandé et non rendu", f"{adviser} : {why}"
        case _:
            return None


def _tell_decision(event: Event) -> tuple[str, str] | None:
    match event:
        case Dossier.Decided(
            outcome=outcome, amount_cents=amount, support=support, motive=motive, reserve_rank=rank
        ):
            given = awarded(amount, support) or (f"liste de réserve, rang {rank}" if rank else "")
            said = ", ".join(filter(None, (OUTCOMES[outcome], given)))
            return "Décision annoncée", f"{said}. {capital(motive)}"
        case Dossier.Notified(channel=channel, sent_on=sent_on):
            sent = day_in_words(sent_on)
            return "Décision notifiée", f"{CHANNELS[channel]} du {sent}, avec les voies de recours"
        case Dossier.AwardWithdrawn(
            ground=ground, reasons=reasons, heard_on=heard_on, touches=touches
        ):
            heard = f"le pôle entendu le {day_in_words(heard_on)}"
            said = f"{GROUNDS[ground]}, {heard}. {capital(reasons)}"
            if touches:
                said = f"{said.removesuffix('.')} ; {touched_in_words(touches)}"
            return "Soutien retiré", said
        case _:
            return None
