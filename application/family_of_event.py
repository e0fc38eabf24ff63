"""What the facts told of a pole are about: its stages, its members, its money and so on."""

from enum import StrEnum

from application.kind_of_event import OF_EVERY_CASE


class Family(StrEnum):
    """What a fact is about. Their order is that of the lanes in which they are drawn."""

    STAGES = "etapes"
    PORTRAIT = "portrait"
    MEMBERS = "membres"
    CHARTERS = "chartes"
    MONEY = "argent"
    SAID = "dires"


FAMILIES: dict[Family, str] = {
    Family.STAGES: "étapes et votes",
    Family.PORTRAIT: "ce qui décrit le pôle",
    Family.MEMBERS: "membres et mandats",
    Family.CHARTERS: "reconnaissances et chartes",
    Family.MONEY: "projets et argent",
    Family.SAID: "déclarations et évaluations",
}

_CONCEPTS: dict[Family, tuple[str, ...]] = {
    Family.MEMBERS: ("mandate", "following", "campaign", "update_request", "establishment"),
    Family.CHARTERS: ("recognition", "charter", "charter_signature", "undertaking"),
    Family.MONEY: (
        *("project", "call", "dossier", "appeal", "session", "committee", "accompaniment"),
        *("commitment", "follow_up", "funding_plan", "single_undertaking", "payment_file"),
    ),
    Family.SAID: (
        *("claim", "contribution", "assessment", "evaluation", "document", "shelf"),
        *("exchange", "message", "fact"),
    ),
}
_OF_CONCEPT = {concept: family for family, concepts in _CONCEPTS.items() for concept in concepts}

_OF_POLE: dict[str, Family] = {
    "registered": Family.STAGES,
    "succeeded": Family.STAGES,
    "member_changed": Family.MEMBERS,
    "member_joined": Family.MEMBERS,
    "member_left": Family.MEMBERS,
    "ess_confirmed": Family.MEMBERS,
    "contact_attempted": Family.MEMBERS,
    "evidence_filed": Family.SAID,
    "fact_contested": Family.SAID,
    "contest_answered": Family.SAID,
    "indicator_measured": Family.SAID,
}
"""What is told of the pole itself, where it is not its portrait."""


def family_of(topic: str) -> Family:
    """What a fact is about, by its topic."""
    concept, _, name = topic.rpartition(".v")[0].partition(".")
    if concept not in ("pole", "succession"):
        return _OF_CONCEPT.get(concept, Family.PORTRAIT)
    if name in OF_EVERY_CASE:
        return Family.STAGES
    return _OF_POLE.get(name, Family.PORTRAIT)
