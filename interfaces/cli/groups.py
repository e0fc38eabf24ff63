"""The groups of verbs, one a concept: `jalon recognition …`."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_group

GROUPS = {
    "pole": "Les pôles.",
    "member": "Les membres des pôles ; les personnes ne sont pas nommées.",
    "claim": "Les déclarations sourcées.",
    "contest": "Les contestations : deux versions d'un fait, jusqu'à la réponse.",
    "fact": "Retirer un fait qui n'a pas eu lieu ; le contester, répondre à une contestation.",
    "recognition": "Les reconnaissances : des faits datés, jamais un agrément.",
    "finding": "Les constats de composition (article 9, I) en cours.",
    "following": "Qui suit quel pôle, et qui le supplée.",
    "exchange": "Les échanges avec les pôles ; leurs comptes rendus sont privés.",
    "accompaniment": "Les accompagnements : jours accordés, utilisés, livrables.",
    "deliverable": "Les livrables des accompagnements.",
    "campaign": "La campagne annuelle de mise à jour.",
    "update_request": "Ce que chaque pôle interrogé a répondu aux campagnes.",
    "contribution": "Les contributions du public, lues avant de paraître.",
    "account": "Les comptes de qui se connecte, et les rôles qu'ils tiennent.",
    "access": "Qui a lu ce qui n'est pas public.",
    "evaluation": "Les évaluations : un miroir, jamais un seuil.",
    "assessment": "Les appréciations des critères de 2012, par qui et pourquoi.",
    "grid": "Les grilles : le référentiel et les critères de 2012.",
    "charter": "Les chartes : textes, différences, reçus de signature.",
    "ledger": "Le grand livre : promis, approuvé, payé, justifié, dû, en retard.",
    "payment": "Les paiements importés, rapprochés des tranches approuvées.",
    "document": "Les documents, avec leur contenu chiffré.",
    "charter_signature": "Les signatures de la charte.",
    "undertaking": "Les engagements pris par les signataires, suivis un à un.",
    "action": "Les actions des pôles, aux trois niveaux de la coopération.",
    "resource": "Les ressources des pôles, chaque chiffre avec sa source.",
    "objective": "Les objectifs que les pôles se donnent, et leur dernière mesure.",
    "profile": "Le reste du profil des pôles : instances, besoins, fonctions, lieux…",
    "project": "Les projets des pôles, examinés, retenus ou non.",
    "succession": "Les fusions et les scissions de pôles.",
    "dossier": "Les dossiers déposés aux appels : dépôt, instruction, avis, décision annoncée.",
    "appeal": "Les recours contre ce qui a été décidé des dossiers.",
    "privacy_request": "Les demandes des personnes sur leurs données ; chaque lecture est notée.",
    "privacy": "Les données personnelles : trouver, répondre, effacer, ce qui est dû ; les clés.",
    "call": "Les appels de l'État : dates, enveloppes, vagues.",
    "session": "Les séances des comités ; ce qui s'y décide se lit après l'annonce.",
    "committee": "Les comités des appels : qui y siège, par offices, et leurs règles.",
    "commitment": "Les engagements financiers : décision, convention, versements, reversements.",
    "tranche": "Les tranches des engagements financiers.",
    "condition": "Les conditions des conventions, constatées une à une.",
    "place": "Les territoires : les codes de l'Insee, année par année.",
    "single_undertaking": "Les entreprises suivies pour leurs aides « de minimis ».",
    "de_minimis_aid": "Les aides « de minimis », au jour où elles sont accordées.",
    "de_minimis_attestation": "Les attestations des aides « de minimis » reçues.",
    "establishment": "Les établissements fermés : rien ne leur est plus accordé.",
    "funding_plan": "Les plans de financement des projets, poste par poste.",
    "follow_up": "Les comités de suivi des pôles (décret n° 2015-431, art. 5).",
    "follow_up_member": "Les financeurs qui siègent aux comités de suivi.",
    "follow_up_meeting": "Les réunions des comités de suivi.",
    "recommendation": "Les recommandations des évaluations, suivies une par une.",
    "message": "Les messages envoyés ; leur texte n'est gardé nulle part.",
    "job": "Les travaux longs : demandés, en cours, finis, avec ce qu'ils ont donné.",
    "mandate": "Les mandats : qui agit pour qui, et jusqu'à quand.",
}
"""What each concept is, in a few words: the help of its group."""


RECORDED = "Ce qui s'enregistre"
"""The title, in the help of a group, of the verbs that record something."""

_DERIVED: dict[str, list[tuple[str, str | None, Callable[[], Callable[..., Any]]]]] = defaultdict(
    list
)
"""Of each group, the verbs that are still to be made, by their names, with their titles."""


class VerbGroup(TyperGroup):
    """A group whose derived verbs are made when one of its verbs is asked for.

    They are hundreds: to make them all takes longer than most questions do.
    """

    def list_commands(self, ctx: Any) -> list[str]:
        self._make()
        return super().list_commands(ctx)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        self._make()
        return super().get_command(ctx, cmd_name)

    def _make(self) -> None:
        made = typer.Typer()
        for verb, title, make in _DERIVED.pop(self.name or "", ()):
            made.command(verb, rich_help_panel=title)(make())
        self.commands.update(get_group(made).commands)


def derive(
    app: typer.Typer,
    concept: str,
    verb: str,
    make: Callable[[], Callable[..., Any]],
    *,
    title: str | None = None,
) -> None:
    """Give a concept a verb, which is made when its group is asked for."""
    group_of(app, concept)
    _DERIVED[dashed(concept)].append((dashed(verb), title, make))


def group_of(app: typer.Typer, concept: str) -> typer.Typer:
    """The group of a concept, made where it is not there yet."""
    name = dashed(concept)
    for known in app.registered_groups:
        if known.name == name and known.typer_instance:
            return known.typer_instance
    made = typer.Typer(cls=VerbGroup, help=GROUPS[concept], no_args_is_help=True)
    app.add_typer(made, name=name)
    return made


def dashed(name: str) -> str:
    """A name as people type it: `add-member`."""
    return name.replace("_", "-")
