"""Conditions of a convention: what each needs, what was reported of it, what somebody else found.

Each is checked on its own: a tranche waits for those that name it, and for no others.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Self
from uuid import UUID

from pydantic import model_validator

from domain.distinct import AnotherPerson, Persons
from domain.errors import NotFound, Refused
from domain.values import Frozen, Line
from domain.words import Name, Whole


class ConditionKind(StrEnum):
    """What shows that a condition is met."""

    EVIDENCE = "evidence"
    INDICATOR = "indicator"
    DATE = "date"
    CO_FUNDING = "co_funding"


class Threshold(StrEnum):
    """How a measure is compared with the value that a condition names."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"


class ConditionStanding(StrEnum):
    """Where a condition stands. Whether it is late is not one of these: the day says it."""

    PENDING = "pending"
    REPORTED = "reported"
    MET = "met"
    NOT_MET = "not_met"


class Condition(Frozen):
    """A named clause of a convention, and what it needs: each kind says one thing."""

    id: Name
    title: Line
    kind: ConditionKind
    evidence: Name | None = None
    """Of evidence: the kind of piece."""
    measure: Line | None = None
    """Of an indicator: what is measured."""
    comparator: Threshold | None = None
    value: Whole | None = None
    not_before: date | None = None
    """Of a date: the day from which it is met by itself."""
    funder: Line | None = None
    """Of co-funding: who must have confirmed."""
    tranches: tuple[Name, ...] = ()
    """The tranches that wait for it."""
    due: date | None = None
    """The last day to meet it."""

    @model_validator(mode="after")
    def _says_what_it_needs(self) -> Self:
        needs: dict[ConditionKind, dict[str, object]] = {
            ConditionKind.EVIDENCE: {"evidence": self.evidence},
            ConditionKind.INDICATOR: {
                "measure": self.measure,
                "comparator": self.comparator,
                "value": self.value,
            },
            ConditionKind.DATE: {"not_before": self.not_before},
            ConditionKind.CO_FUNDING: {"funder": self.funder},
        }
        wanting = [name for name, given in needs.pop(self.kind).items() if given is None]
        if wanting:
            msg = f"Il manque à la condition « {self.title} » : {', '.join(wanting)}."
            raise ValueError(msg)
        others = [n for told in needs.values() for n, given in told.items() if given is not None]
        if others:
            msg = f"La condition « {self.title} » ne demande pas : {', '.join(others)}."
            raise ValueError(msg)
        return self

    def is_same_as(self, other: "Condition") -> bool:
        """Whether it asks for the same, whatever its words, its last day and what waits for it."""
        spoken = {"title", "tranches", "due"}
        return self.model_dump(exclude=spoken) == other.model_dump(exclude=spoken)

    def is_reached(self, value: int) -> bool:
        """Whether a measure is what an indicator asks for."""
        if self.value is None:
            return False
        at_least = self.comparator is Threshold.AT_LEAST
        return value >= self.value if at_least else value <= self.value


@dataclass(frozen=True, slots=True)
class ConditionState:
    """A condition as it stands on a day, with what was last reported and found of it."""

    condition: Condition
    standing: ConditionStanding = ConditionStanding.PENDING
    since: date | None = None
    """The day of the last report or finding; of a date that has come, that date."""
    words: str | None = None
    documents: tuple[UUID, ...] = ()
    value: int | None = None
    reasons: str | None = None

    @property
    def is_met(self) -> bool:
        return self.standing is ConditionStanding.MET

    def is_late_on(self, day: date) -> bool:
        """Whether its last day is over, and nothing that was reported waits or was found met."""
        waits = self.standing in (ConditionStanding.PENDING, ConditionStanding.NOT_MET)
        return waits and self.condition.due is not None and self.condition.due < day


@dataclass(frozen=True, slots=True)
class ConditionTold:
    """What was reported, or found, of a condition."""

    standing: ConditionStanding
    words: str | None
    documents: tuple[UUID, ...]
    value: int | None
    reporters: Persons
    reasons: str | None = None


# --- refusals -----------------------------------------------------------------------------------


class UnknownCondition(NotFound):
    """The convention has no such condition on that day."""

    code = "commitment.unknown_condition"
    fr = "La convention n'a pas, le {day}, de condition « {name} » ; elle connaît : {known}."
    en = "On {day} the convention has no condition “{name}”; it knows: {known}."


class MetByItself(Refused):
    """A date comes, whether anybody says so or not."""

    code = "commitment.met_by_itself"
    fr = "La condition « {title} » est remplie d'elle-même à sa date, le {day} : rien ne s'y dit."
    en = "The condition “{title}” is met by itself on its date, {day}: nothing is said of it."


class AlreadyMet(Refused):
    """What was found met is not reported again."""

    code = "commitment.already_met"
    fr = "La condition « {title} » est déjà constatée remplie depuis le {day}."
    en = "The condition “{title}” has been found met since {day}."


class ConditionNotReported(Refused):
    """What is found met was first reported."""

    code = "commitment.not_reported"
    fr = (
        "Rien n'est rapporté de la condition « {title} » et n'attend de constat : "
        "seul « non remplie » peut être constaté."
    )
    en = "Nothing reported of “{title}” waits for a finding: it can only be found not met."


class WithoutProof(Refused):
    """What was reported is not what the condition needs."""

    code = "commitment.without_proof"
    fr = "La condition « {title} » ne peut pas être constatée remplie : {wanting}."
    en = "The condition “{title}” cannot be found met: {wanting}."


class OwnConditionReport(AnotherPerson, Refused):
    """Nobody finds met what they reported themselves."""

    code = "commitment.own_condition_report"
    fr = (
        "Qui rapporte sur une condition ne constate pas qu'elle est remplie : "
        "une autre personne le fait."
    )
    en = "Whoever reports on a condition does not find it met: another person does."


class LaterFactKnown(Refused):
    """What is said of one thing follows its order in time."""

    code = "commitment.order"
    fr = (
        "Un fait plus récent, du {last}, est déjà enregistré pour « {title} » : donnez ce jour, "
        "ou un jour d'après."
    )
    en = "A more recent fact, of {last}, is already recorded about “{title}”: date it no earlier."


class ApprovedOnIt(Refused):
    """A tranche was approved on what would be found otherwise."""

    code = "commitment.approved_on_it"
    fr = (
        "La tranche « {tranche} », approuvée le {day}, s'appuie sur la condition « {title} » : "
        "ce constat doit être postérieur."
    )
    en = "The tranche “{tranche}”, approved on {day}, rests on “{title}”: this must come later."
