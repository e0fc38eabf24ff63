"""What is personal in the events: whose it is, what for, on which basis and for how long.

An event keeps of a personal value only the hash of its ciphertext. What that value is stands in its
declaration, once; the register of processing, the sealing and the answers to a person derive from
it. Bases and periods are those of the product; whoever answers for the data has them read by a
data-protection officer (docs/adr/0038).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from pydantic import BaseModel

from domain.errors import Unavailable
from domain.kernel import MARKED, Event, Mark
from domain.retention import Retention
from domain.spelling import plain
from domain.values import Sealed
from domain.words import Text


class KeysUnreachable(Unavailable):
    """The key store or its key cannot be used; nothing is thereby erased."""

    code = "keys.unavailable"
    fr = "Les clés des données personnelles sont indisponibles ({reason})."
    en = "The keys of personal values are unavailable ({reason})."


class SealedAltered(KeysUnreachable):
    """One sealed value does not open any more, where the others do: it, or its key, was changed."""

    code = "keys.altered"
    fr = (
        "Une valeur personnelle est altérée : les clés servent, et elle ne s'ouvre plus. « jalon "
        "audit verify » dit de quel événement elle est."
    )
    en = (
        "A personal value was altered: the keys are of use, and it does not open any more. “jalon "
        "audit verify” says of which event it is."
    )

    def __init__(self) -> None:
        super().__init__(reason="valeur scellée altérée")


class Basis(StrEnum):
    """On which of its six grounds a processing is lawful (RGPD, article 6(1), a to f)."""

    CONSENT = "consent"
    CONTRACT = "contract"
    LEGAL_OBLIGATION = "legal_obligation"
    VITAL_INTERESTS = "vital_interests"
    PUBLIC_TASK = "public_task"
    LEGITIMATE_INTERESTS = "legitimate_interests"


BASES = {
    Basis.CONSENT: "le consentement de la personne (RGPD, article 6(1)(a))",
    Basis.CONTRACT: "l'exécution d'un contrat (RGPD, article 6(1)(b))",
    Basis.LEGAL_OBLIGATION: "une obligation légale (RGPD, article 6(1)(c))",
    Basis.VITAL_INTERESTS: "la sauvegarde d'intérêts vitaux (RGPD, article 6(1)(d))",
    Basis.PUBLIC_TASK: "une mission d'intérêt public (RGPD, article 6(1)(e))",
    Basis.LEGITIMATE_INTERESTS: "l'intérêt légitime (RGPD, article 6(1)(f))",
}
"""What people call each basis."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marking(Mark):
    """What a sealed value of an event is.

    `purpose` names its key, for good: ciphertexts are bound to it. `retention` runs from the day of
    the fact that keeps it, or of its recording where that is unknown (product rule). `is_name`: it
    is the name of somebody, who can be found by it.
    """

    holds: Text
    """What it is: « le nom de la personne qui signe »."""
    persons: Text
    """Whose it is: « signataires de charte »."""
    basis: Basis
    retention: Retention
    is_name: bool = False


def marking(event: type[Event], field: str) -> Marking:
    """What the sealed value of a field is; an event with one has said so."""
    return marking_of(event.TOPIC, field)


def marking_of(topic: str, field: str) -> Marking:
    """The same, of a stored topic."""
    found = MARKED[topic, field]
    if not isinstance(found, Marking):
        msg = f"{topic}, {field}: {found!r} does not say what it marks"
        raise TypeError(msg)
    return found


_TITLES = frozenset({"m", "mr", "mme", "mlle", "monsieur", "madame", "mademoiselle", "dr", "me"})


def name_key(name: str) -> str:
    """By what a name is found: its words in any order, without accents, case and titles."""
    words = plain(name).split("-") if plain(name) else [name.strip().casefold()]
    return " ".join(sorted([word for word in words if word not in _TITLES] or words))


class SealedField(NamedTuple):
    """A sealed value as an event keeps it: the name it is bound to, and what it is."""

    field: str
    sealed: Sealed
    marking: Marking


def sealed_in(event: Event) -> Iterator[SealedField]:
    """Every sealed value of an event, in the order of its fields."""
    yield from _within(event, type(event).TOPIC)


def _within(model: BaseModel, topic: str) -> Iterator[SealedField]:
    for name, info in type(model).model_fields.items():
        mark = next((m for m in info.metadata if isinstance(m, Mark)), None)
        for value in _values(getattr(model, name)):
            if isinstance(value, Sealed) and mark:
                field = mark.field or name
                yield SealedField(field, value, marking_of(topic, field))
            elif isinstance(value, BaseModel):
                yield from _within(value, topic)


def _values(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)
