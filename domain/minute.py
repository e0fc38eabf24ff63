"""Minutes of the clock in Paris: when a call opens and closes, when something was received.

A minute counts whole: what arrives while the clock shows the closing minute is on time (product
rule). The hour that does not exist in March is refused; the one that comes twice in October is
given with its offset.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from pydantic_core import CoreSchema, core_schema

from domain.dates import PARIS, day_in_words

_FORM = re.compile(
    r"(?P<local>\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2})(?P<offset>[+-]\d{2}:\d{2}|Z)?", re.ASCII
)
ONE = timedelta(minutes=1)
SEASONS = {"fr": ("heure d'été", "heure d'hiver"), "en": ("summer time", "winter time")}
"""What the hour that comes twice is called, the first time and the second."""


@dataclass(frozen=True, slots=True)
class Minute:
    """A minute of the clock in Paris, with its offset: `2015-06-30T23:59+02:00`.

    People may leave the offset out, but in the hour that comes twice.
    """

    root: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "root", _canonical(self.root))

    @classmethod
    def __get_pydantic_core_schema__(cls, _: Any, __: Any) -> CoreSchema:
        text = core_schema.no_info_after_validator_function(_parsed, core_schema.str_schema())
        return core_schema.json_or_python_schema(
            json_schema=text,
            python_schema=core_schema.union_schema([core_schema.is_instance_schema(cls), text]),
            serialization=core_schema.to_string_ser_schema(),
        )

    @classmethod
    def of(cls, instant: datetime) -> "Minute":
        """The minute that the clock shows in Paris at an instant."""
        return cls(instant.astimezone(PARIS).isoformat(timespec="minutes"))

    @property
    def begins(self) -> datetime:
        """The instant at which it begins."""
        return datetime.fromisoformat(self.root)

    @property
    def over(self) -> datetime:
        """The first instant at which it is over."""
        return self.begins + ONE

    @property
    def day(self) -> date:
        """The day it is in Paris."""
        return self.begins.date()

    def in_words(self, language: str = "fr") -> str:
        """`30 juin 2015 à 23 h 59`, the hour being that of Paris.

        Of an hour that comes twice it says which: `31 octobre 2027 à 2 h 30 (heure d'hiver)`.
        """
        local = self.begins
        if language == "en":
            which = f", {self._which('en')}" if self._comes_twice else ""
            return f"{day_in_words(self.day, 'en')} at {local:%H:%M} (Paris{which})"
        which = f" ({self._which('fr')})" if self._comes_twice else ""
        return f"{day_in_words(self.day)} à {local.hour} h {local.minute:02d}{which}"

    @property
    def _comes_twice(self) -> bool:
        naive = self.begins.replace(tzinfo=None)
        first, second = (naive.replace(tzinfo=PARIS, fold=fold) for fold in (0, 1))
        return first.utcoffset() != second.utcoffset()

    def _which(self, language: str) -> str:
        first = self.begins.replace(tzinfo=PARIS, fold=0)
        return SEASONS[language][first.utcoffset() != self.begins.utcoffset()]

    def say(self, language: str) -> str:
        """The same, as refusals say it."""
        return self.in_words(language)

    def __lt__(self, other: "Minute") -> bool:
        return self.begins < other.begins

    def __le__(self, other: "Minute") -> bool:
        return self.begins <= other.begins

    def __str__(self) -> str:
        return self.root


def _canonical(given: str) -> str:
    form = _FORM.fullmatch(given)
    try:
        naive = datetime.fromisoformat(form["local"].replace(" ", "T")) if form else None
    except ValueError:
        naive = None
    if form is None or naive is None:
        msg = f"« {given[:40]} » n'est pas une heure : écrire AAAA-MM-JJTHH:MM, à l'heure de Paris"
        raise ValueError(msg)
    if form["offset"]:
        told = datetime.fromisoformat(f"{naive.isoformat()}{form['offset'].replace('Z', '+00:00')}")
        return told.astimezone(PARIS).isoformat(timespec="minutes")
    first, second = (naive.replace(tzinfo=PARIS, fold=fold) for fold in (0, 1))
    if first.astimezone(UTC).astimezone(PARIS).replace(tzinfo=None) != naive:
        msg = f"« {given} » n'existe pas : les horloges avancent d'une heure ce jour-là"
        raise ValueError(msg)
    if first.utcoffset() != second.utcoffset():
        msg = (
            f"« {given} » arrive deux fois : les horloges reculent d'une heure ce jour-là ; "
            "ajouter +02:00 (la première fois) ou +01:00 (la seconde)"
        )
        raise ValueError(msg)
    return first.isoformat(timespec="minutes")


@lru_cache(maxsize=4096)
def _parsed(text: str) -> Minute:
    return Minute(text)
