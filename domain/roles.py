"""In which roles people act."""

from collections.abc import Collection, Mapping
from enum import StrEnum


class Role(StrEnum):
    """Who acts, as journeys name them. A role is held in a relation (a pole, a region, a call)."""

    PUBLIC = "public"
    POLE_REPRESENTATIVE = "pole_representative"
    MEMBER_ORGANISATION = "member_organisation"
    COORDINATOR = "coordinator"
    REGIONAL_COORDINATOR = "regional_coordinator"
    REGISTRAR = "registrar"
    NETWORK = "network"
    SECRETARY = "secretary"
    INSTRUCTOR = "instructor"
    COMMITTEE_MEMBER = "committee_member"
    FUNDER = "funder"
    PAYER = "payer"
    EVALUATOR = "evaluator"
    AUDITOR = "auditor"
    MODERATOR = "moderator"
    DPO = "dpo"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"


ROLES: Mapping[str, str] = {
    Role.PUBLIC: "public",
    Role.POLE_REPRESENTATIVE: "représentant du pôle",
    Role.MEMBER_ORGANISATION: "organisation membre",
    Role.COORDINATOR: "coordination nationale",
    Role.REGIONAL_COORDINATOR: "coordination régionale",
    Role.REGISTRAR: "tenue du registre",
    Role.NETWORK: "réseau fondateur",
    Role.SECRETARY: "secrétariat du comité",
    Role.INSTRUCTOR: "instruction",
    Role.COMMITTEE_MEMBER: "membre du comité",
    Role.FUNDER: "financeur",
    Role.PAYER: "comptable du financeur",
    Role.EVALUATOR: "évaluateur",
    Role.AUDITOR: "auditeur",
    Role.MODERATOR: "modération",
    Role.DPO: "délégué à la protection des données",
    Role.ADMINISTRATOR: "administration technique",
    Role.SYSTEM: "système",
}
"""What people call each role."""


def roles_called(roles: Collection[Role]) -> str:
    """Some roles as people call them, always in the same order."""
    return ", ".join(ROLES[role] for role in Role if role in roles)
