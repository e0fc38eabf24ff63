"""The ways in which the registry says no: a stable code and one sentence a person can act on."""

from collections.abc import Mapping
from datetime import date
from typing import ClassVar, Protocol, runtime_checkable

from domain.dates import day_in_words


@runtime_checkable
class Said(Protocol):
    """What is said differently in each language."""

    def say(self, language: str) -> str: ...


class JalonError(Exception):
    """The root of everything that is said to a user rather than shown as a fault.

    Each kind gives its sentence in French and in English; the facts that fill it stay available
    as `details`, so that every caller says the same thing. A day, and a fact that has sentences
    of its own, are said in the language asked for.
    """

    code: ClassVar[str] = "error"
    fr: ClassVar[str] = "{reason}"
    en: ClassVar[str] = "{reason}"

    def __init__(self, **details: object) -> None:
        self.details: Mapping[str, object] = details
        super().__init__(self.say("fr"))

    def say(self, language: str) -> str:
        """The sentence, in `fr` or `en`."""
        facts = {name: _said(fact, language) for name, fact in self.details.items()}
        return (self.en if language == "en" else self.fr).format(**facts)


def _said(fact: object, language: str) -> object:
    if isinstance(fact, Said):
        return fact.say(language)
    return day_in_words(fact, language) if isinstance(fact, date) else fact


class NotFound(JalonError):
    """What is asked for is not in the registry."""

    code = "not_found"
    fr = "« {name} » ne figure pas dans le registre."
    en = "“{name}” is not in the register."


class Refused(JalonError):
    """A rule says no."""

    code = "refused"
    is_of_order: ClassVar[bool] = False
    """Whether it says no to what comes after later facts: a correction has its place before."""


class Forbidden(JalonError):
    """The person who asks may not do this."""

    code = "forbidden"
    fr = "Cet acte demande un autre rôle : {roles}."
    en = "This act needs another role: {roles}."


class Conflict(JalonError):
    """Somebody else changed the same thing in the meantime."""

    code = "conflict"
    fr = (
        "Une autre personne a modifié la même chose au même moment ; "
        "rien n'a été enregistré, recommencez."
    )
    en = "Somebody else changed this at the same moment; nothing was recorded, try again."


class Invalid(JalonError):
    """What was given cannot be read."""

    code = "invalid"


class Unavailable(JalonError):
    """The store cannot serve: read-only, full, damaged, or made by another version."""

    code = "unavailable"


class Damaged(JalonError):
    """What is stored is not what was recorded."""

    code = "damaged"
