"""What the facts told of a pole are about: its stages, its members, its money and so on."""

from enum import StrEnum

from application.kind_of_event import OF_EVERY_CASE


class FactFamily(StrEnum):
    """What a fact is about. Their order is that of the lanes in which they are drawn."""

    STAGES = "etapes"
    PORTRAIT = "portrait"
    MEMBERS = "membres"
    CHARTERS = "chartes"
    MONEY = "argent"
    SAID = "dires"


FAMILIES: dict[FactFamily, str] = {
    FactFamily.STAGES: "étapes et votes",
    FactFamily.PORTRAIT: "ce qui décrit le pôle",
    FactFamily.MEMBERS: "membres et mandats",
    FactFamily.CHARTERS: "reconnaissances et chartes",
    FactFamily.MONEY: "projets et argent",
    FactFamily.SAID: "déclarations et évaluations",
}

_CONCEPTS: dict[FactFamily, tuple[str, ...]] = {
    FactFamily.MEMBERS: ("mandate", "following", "campaign", "update_request", "establishment"),
    FactFamily.CHARTERS: ("recognition", "charter", "charter_signature", "undertaking"),
    FactFamily.MONEY: (
        *("project", "call", "dossier", "appeal", "session", "committee", "accompaniment"),
        *("commitment", "follow_up", "funding_plan", "single_undertaking", "payment_file"),
    ),
    FactFamily.SAID: (
        *("claim", "contribution", "assessment", "evaluation", "document", "shelf"),
        *("exchange", "message", "fact"),
    ),
}
_OF_CONCEPT = {concept: family for family, concepts in _CONCEPTS.items() for concept in concepts}

_OF_POLE: dict[str, FactFamily] = {
    "registered": FactFamily.STAGES,
    "succeeded": FactFamily.STAGES,
    "member_changed": FactFamily.MEMBERS,
    "member_joined": FactFamily.MEMBERS,
    "member_left": FactFamily.MEMBERS,
    "ess_confirmed": FactFamily.MEMBERS,
    "contact_attempted": FactFamily.MEMBERS,
    "evidence_filed": FactFamily.SAID,
    "fact_contested": FactFamily.SAID,
    "contest_answered": FactFamily.SAID,
    "indicator_measured": FactFamily.SAID,
}
"""What is told of the pole itself, where it is not its portrait."""


def family_of(topic: str) -> FactFamily:
    """What a fact is about, by its topic."""
    concept, _, name = topic.rpartition(".v")[0].partition(".")
    if concept not in ("pole", "succession"):
        return _OF_CONCEPT.get(concept, FactFamily.PORTRAIT)
    if name in OF_EVERY_CASE:
        return FactFamily.STAGES
    return _OF_POLE.get(name, FactFamily.PORTRAIT)
