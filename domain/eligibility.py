"""Eligibility: the six conditions of article 3, each met or not, with evidence and reasons.

Décret n° 2015-431 du 15 avril 2015, article 3. What a call of another kind asks is assessed under
the same six headings (product rule).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from domain.distinct import Persons
from domain.errors import Refused
from domain.kernel import Aggregate, Event, event
from domain.span import Dated, in_force
from domain.values import Frozen, Line, Prose
from domain.words import Text


class ConditionId(StrEnum):
    """The conditions of article 3, in its order."""

    D1 = "d1"
    D2 = "d2"
    D3 = "d3"
    D4 = "d4"
    D5 = "d5"
    D6 = "d6"


CONDITIONS: Mapping[ConditionId, Text] = {
    ConditionId.D1: Text(
        fr="le pôle est une personne morale de droit privé",
        en="the pole is a legal person of private law",
    ),
    ConditionId.D2: Text(
        fr="il réunit trois personnes morales ou plus : une entreprise de l'ESS, une autre "
        "entreprise ou un groupement, une autre personne de l'article 9",
        en="it groups three legal persons or more: an ESS enterprise, another enterprise or a "
        "group of enterprises, another person of article 9",
    ),
    ConditionId.D3: Text(
        fr="sa stratégie sert un projet socialement ou technologiquement innovant",
        en="its strategy serves a socially or technologically innovative project",
    ),
    ConditionId.D4: Text(
        fr="son projet délimite son territoire et tend à un développement local durable",
        en="its project delimits its territory and tends to sustainable local development",
    ),
    ConditionId.D5: Text(
        fr="le projet est conforme au cahier des charges",
        en="the project conforms to the specification",
    ),
    ConditionId.D6: Text(
        fr="le projet n'a pas déjà été soutenu par l'État à la suite d'un précédent appel",
        en="the project has not already had the support of the State after an earlier call",
    ),
}
"""What each condition asks (décret n° 2015-431, article 3, 1° to 6°)."""


class ConditionFacts(Frozen):
    """How many conditions were assessed, and what came of it."""

    assessed: int
    met: int
    unmet: int


class WithoutEvidence(Refused):
    """A condition is found met on something that shows it."""

    code = "dossier.no_evidence"
    fr = "Une condition n'est dite remplie que sur des pièces : donnez-en une au moins."
    en = "A condition is found met on evidence: give one piece at least."


class AlreadySupported(Refused):
    """The sixth condition bears on the project, whatever pole carries it."""

    code = "dossier.already_supported"
    fr = (
        "La condition 6 ne peut pas être dite remplie : ce projet a déjà été soutenu à la suite "
        "d'un précédent appel (dossier {dossier})."
    )
    en = (
        "Condition 6 cannot be found met: this project was already supported after an earlier "
        "call (application {dossier})."
    )


@dataclass(frozen=True, slots=True)
class Assessed:
    """A condition as it was last assessed."""

    met: bool
    reasons: str
    evidence: tuple[str, ...]
    documents: tuple[UUID, ...]
    persons: Persons


class Eligible(Aggregate):
    """Something that is eligible, or not, condition by condition."""

    class ConditionAssessed(Event):
        """One of the conditions was found met, or not."""

        TOPIC = "dossier.condition_assessed.v1"
        UNDONE_BY = ("dossier.assess_condition",)
        condition: ConditionId
        met: bool
        reasons: Prose
        evidence: tuple[Line, ...] = ()
        documents: tuple[UUID, ...] = ()
        """The same, where they are on file."""
        persons: Persons = ()

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.conditions: dict[ConditionId, list[Dated[Assessed]]] = {}

    def assess(
        self,
        condition: ConditionId,
        *,
        met: bool,
        reasons: str,
        evidence: tuple[str, ...],
        documents: tuple[UUID, ...],
        persons: Persons,
    ) -> None:
        """Find a condition met, on evidence, or not met, with the reasons."""
        if met and not (evidence or documents):
            raise WithoutEvidence
        self._condition_assessed(
            condition=condition,
            met=met,
            reasons=reasons,
            evidence=evidence,
            documents=documents,
            persons=persons,
        )

    def condition_on(self, condition: ConditionId, day: date) -> Assessed | None:
        """A condition as it was assessed on a day; `None` where it was not."""
        return in_force(self.conditions.get(condition, []), day)

    def condition_facts_on(self, day: date) -> ConditionFacts:
        found = [known for c in ConditionId if (known := self.condition_on(c, day))]
        met = sum(known.met for known in found)
        return ConditionFacts(assessed=len(found), met=met, unmet=len(found) - met)

    @event(ConditionAssessed)
    def _condition_assessed(
        self,
        *,
        condition: ConditionId,
        met: bool,
        reasons: str,
        evidence: tuple[str, ...],
        documents: tuple[UUID, ...],
        persons: Persons,
    ) -> None:
        assessed = Assessed(met, reasons, evidence, documents, persons)
        self.conditions.setdefault(condition, []).append(self.dated(assessed))
