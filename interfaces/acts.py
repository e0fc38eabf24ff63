"""What can be done about a thing of the register, by whom: derived from what commands ask for."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from application.catalogue import COMMANDS
from application.command import Command
from application.listing import LISTINGS
from domain.finality import Finality
from domain.kernel import EVENTS
from domain.roles import Role, roles_called
from interfaces.form_fields import FROM_FILES
from interfaces.form_kinds import THINGS
from interfaces.steps import takes_step

GROUPS: Mapping[str, str] = {
    "pole": "Le pôle",
    "accompaniment": "Accompagnements",
    "account": "Comptes",
    "appeal": "Recours",
    "assessment": "Critères de 2012",
    "call": "L'appel",
    "campaign": "Mise à jour annuelle",
    "charter": "Chartes",
    "charter_signature": "Signature de la charte",
    "claim": "Déclarations",
    "commitment": "Engagement financier",
    "committee": "Comité",
    "contribution": "Contributions",
    "document": "Documents",
    "dossier": "Dossier",
    "establishment": "Établissements",
    "evaluation": "Évaluation",
    "exchange": "Échanges",
    "fact": "Faits",
    "follow_up": "Comité de suivi",
    "following": "Suivi",
    "funding_plan": "Plan de financement",
    "grid": "Référentiels",
    "journey": "Parcours",
    "mandate": "Mandats",
    "payment": "Paiements",
    "privacy_request": "Demande d'exercice de droits",
    "project": "Projets",
    "recognition": "Reconnaissances et constats",
    "session": "Séance",
    "single_undertaking": "Aides de minimis",
    "undertaking": "Engagements pris",
}
"""What the acts of each concept are called together."""

NOT_BY_HAND = (FROM_FILES - {"grid.publish"}) | {
    "deadline.tick",
    "journey.migrate_cases",
    "journey.revert_cases",
}
"""Commands that are given by the product itself, or from a file."""


@dataclass(frozen=True, slots=True)
class OfferedAct:
    """An act that somebody may give, or who may.

    Args:
        field: the field that names what it is about.
        by: to whom it belongs, in words.
    """

    name: str
    title: str
    field: str
    by: str
    is_theirs: bool


@dataclass(frozen=True, slots=True)
class ActGroup:
    """Acts of the same concept."""

    title: str
    acts: tuple[OfferedAct, ...]


@dataclass(frozen=True, slots=True)
class OfferedActs:
    """What somebody may do about a thing, by concept; and what belongs to others."""

    groups: tuple[ActGroup, ...]
    of_others: tuple[OfferedAct, ...]

    def __bool__(self) -> bool:
        return bool(self.groups or self.of_others)


def may_give(command: type[Command], role: Role) -> bool:
    """Whether an act belongs to those who act in a role."""
    return role in command.BY


@cache
def acts_about(concept: str) -> tuple[tuple[str, str], ...]:
    """The commands about things of a concept, each with the field that names the thing.

    The steps of journeys are not among them: they are offered where a case stands.
    """
    kinds = {kind for kind, known in THINGS if known == concept}
    return tuple(sorted(_about(kinds, concept)))


BY_FIELD: Mapping[str, str] = {
    "single_undertaking": "siren",
    "establishment": "siret",
    "campaign": "year",
}
"""What names the things of a concept in its own commands, where it is no identity."""


def _about(kinds: set[object], concept: str) -> Iterator[tuple[str, str]]:
    own = BY_FIELD.get(concept)
    for name, command in COMMANDS.items():
        is_step = takes_step(command) and name.endswith(".move")
        if name in NOT_BY_HAND or is_step:
            continue
        named = (
            field
            for field, info in command.model_fields.items()
            if (info.annotation in kinds and info.is_required())
            or (concept == "pole" and (name, field) in ABOUT_A_POLE)
            or (field == own and name.partition(".")[0] == concept)
            or (field == own and name.partition(".")[0] == concept)
        )
        if field := next(named, None):
            yield name, field


ABOUT_A_POLE = frozenset(
    {
        ("claim.record", "about"),
        ("document.file", "pole"),
        ("contribution.send", "pole"),
        ("charter.publish", "pole"),
    }
)
"""Commands that may be about a pole, and need not be."""


def offered_about(concept: str, role: Role) -> OfferedActs:
    """What somebody who acts in a role may do about a thing of a concept."""
    return _grouped(acts_about(concept), concept, role)


def every_act(role: Role) -> OfferedActs:
    """Every act that is given by hand."""
    return _grouped(((name, "") for name in sorted(COMMANDS) if name not in NOT_BY_HAND), "", role)


def _offer(command: type[Command], field: str, role: Role) -> OfferedAct:
    return OfferedAct(
        command.NAME,
        command.SAYS.rstrip("."),
        field,
        roles_called(command.BY),
        may_give(command, role),
    )


def _group(name: str) -> str:
    concept = name.partition(".")[0]
    listed = LISTINGS.get(concept)
    return GROUPS.get(concept) or (listed.title if listed else "Autres actes")


def _grouped(found: Iterable[tuple[str, str]], concept: str, role: Role) -> OfferedActs:
    """Acts by concept, those of the thing itself first."""
    acts = [_offer(COMMANDS[name], field, role) for name, field in found]
    groups: dict[str, list[OfferedAct]] = {}
    for act in sorted(acts, key=lambda act: act.name.partition(".")[0] != concept):
        if act.is_theirs:
            groups.setdefault(_group(act.name), []).append(act)
    return OfferedActs(
        tuple(ActGroup(title, tuple(those)) for title, those in groups.items()),
        tuple(act for act in acts if not act.is_theirs),
    )


def mending(topic: str) -> tuple[str, ...]:
    """The commands that state anew a fact of a topic; none, where it is no fact."""
    event = EVENTS.get(topic)
    return event.STATED_BY if event and not isinstance(event.UNDONE_BY, Finality) else ()
