"""The rulebook: every definition that was published, each once."""

import json
from datetime import date
from hashlib import sha256
from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from domain.dates import PartialDate
from domain.errors import NotFound, Refused
from domain.journey import Journey, JourneyRef
from domain.kernel import Aggregate, Event, event
from domain.rules import FaultyJourney
from domain.values import Frozen, Prose

RULEBOOK = UUID("7d3f6c1e-52a4-4b8e-9f0d-6a1c2e8b4d70")
"""The one stream in which every definition is published."""


class AlreadyPublished(Refused):
    """A published version never changes again."""

    code = "journey.published"
    fr = "{ref} est déjà publié avec un autre contenu ; publiez une nouvelle version."
    en = "{ref} is already published with another content; publish a new version."


class AlreadyDeprecated(Refused):
    """A version is deprecated once."""

    code = "journey.already_deprecated"
    fr = "{ref} est déjà dépréciée depuis le {day}."
    en = "{ref} has been deprecated since {day} already."


class UnfitSuccessor(Refused):
    """What takes the place of a version is another one of the same journey, in use."""

    code = "journey.unfit_successor"
    fr = "{successor} ne peut pas succéder à {ref} : {reason}."
    en = "{successor} cannot succeed {ref}: {reason}."


class Deprecated(Refused):
    """A deprecated version takes no new cases."""

    code = "journey.deprecated"
    fr = "{ref} est dépréciée depuis le {day} : plus aucun cas n'y commence. {advice}"
    en = "{ref} has been deprecated since {day}: it takes no new case. {advice}"


class Deprecation(Frozen):
    """From when a version takes no new cases, why, and which one takes its place."""

    since: date
    motive: str
    successor: str | None = None


class Rulebook(Aggregate):
    """The definitions that were published, each once."""

    class JourneyPublished(Event):
        """A version of a journey was published, whole, under the hash of its content."""

        TOPIC = "rulebook.journey_published.v1"
        UNDONE_BY = ("journey.deprecate",)
        READ_ONCE = 128
        journey: Journey
        digest: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]

    class JourneyDeprecated(Event):
        """A version takes no new cases from a day on; those that follow it are to be migrated."""

        TOPIC = "rulebook.journey_deprecated.v1"
        UNDONE_BY = ("journey.publish",)
        journey: JourneyRef
        motive: Prose
        successor: JourneyRef | None = None

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.journeys: dict[str, tuple[Journey, str]] = {}
        self.deprecations: dict[str, Deprecation] = {}

    def publish(self, journey: Journey) -> bool:
        """Publish a definition; `False` when this very content was published before."""
        digest = digest_of(journey)
        if journey.ref in self.journeys:
            if self.journeys[journey.ref][1] != digest:
                raise AlreadyPublished(ref=journey.ref)
            return False
        self._published(journey=journey, digest=digest, occurred_on=journey.in_force_from)
        return True

    @event(JourneyPublished)
    def _published(self, *, journey: Journey, digest: str, occurred_on: PartialDate) -> None:
        self.journeys[journey.ref] = (journey, digest)

    def deprecate(
        self, ref: str, *, motive: str, successor: str | None, occurred_on: PartialDate
    ) -> None:
        """Let a version take no new cases from a day on. What was in force before stays so."""
        if ref not in self.journeys:
            raise NotFound(name=ref)
        if known := self.deprecations.get(ref):
            raise AlreadyDeprecated(ref=ref, day=known.since)
        if successor is not None and (reason := self._unfit(ref, successor)):
            raise UnfitSuccessor(ref=ref, successor=successor, reason=reason)
        self._deprecated(journey=ref, motive=motive, successor=successor, occurred_on=occurred_on)

    def _unfit(self, ref: str, successor: str) -> str | None:
        if successor == ref:
            return "c'est la même version"
        if successor not in self.journeys:
            return "cette version n'est pas publiée"
        if successor in self.deprecations:
            return "elle est elle-même dépréciée"
        if self.journeys[successor][0].id != self.journeys[ref][0].id:
            return "c'est un autre parcours"
        return None

    @event(JourneyDeprecated)
    def _deprecated(
        self, *, journey: str, motive: str, successor: str | None, occurred_on: PartialDate
    ) -> None:
        self.deprecations[journey] = Deprecation(
            since=self.since, motive=motive, successor=successor
        )

    def deprecated_on(self, ref: str, day: date) -> Deprecation | None:
        """The deprecation of a version, where it holds on a day."""
        found = self.deprecations.get(ref)
        return found if found and found.since <= day else None

    def admit(self, ref: str, day: date) -> None:
        """Refuse that a case begins on a day under a version that takes none any more."""
        if found := self.deprecated_on(ref, day):
            advice = f"Prenez {found.successor}." if found.successor else ""
            raise Deprecated(ref=ref, day=found.since, advice=advice)

    def in_force(self, journey_id: str, day: date) -> str:
        """The version of a journey in force on a day; the oldest one before all of them.

        In the place of one that is deprecated on that day stands its successor, else the version
        before it.
        """
        versions = sorted(
            (j.in_force_from.first_day or date.min, ref)
            for ref, (j, _) in self.journeys.items()
            if j.id == journey_id
        )
        if not versions:
            raise NoJourney(journey=journey_id)
        begun = [ref for since, ref in reversed(versions) if since <= day] or [versions[0][1]]
        for ref in begun:
            if found := self._succeeding(ref, day):
                return found
        raise Deprecated(ref=begun[0], day=day, advice="")

    def _succeeding(self, ref: str, day: date) -> str | None:
        """A version, or the one that takes its place on a day; `None` where none does."""
        seen: set[str] = set()
        while found := self.deprecated_on(ref, day):
            seen.add(ref)
            if found.successor is None or found.successor in seen:
                return None
            ref = found.successor
        return ref

    def between(self, journey_id: str, after: str, until: date) -> list[str]:
        """The versions that came into force after one of them, up to a day, oldest first."""
        since = self.journeys[after][0].in_force_from.first_day or date.min
        later = sorted(
            (j.in_force_from.first_day or date.min, ref)
            for ref, (j, _) in self.journeys.items()
            if j.id == journey_id
        )
        return [ref for start, ref in later if since < start <= until]


class NoJourney(Refused):
    """No definition of this kind was published."""

    code = "journey.none"
    fr = "Aucune version du parcours « {journey} » n'est publiée."
    en = "No version of the journey “{journey}” is published."


def digest_of(journey: Journey) -> str:
    """SHA-256, in hexadecimal, of the definition's JSON with its members in order."""
    content = journey.model_dump(mode="json")
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    try:
        return sha256(text.encode()).hexdigest()
    except UnicodeEncodeError:
        reason = "un texte contient un caractère qui ne peut pas s'écrire"
        raise FaultyJourney(where=journey.ref, reason=reason) from None
