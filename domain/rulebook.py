"""The rulebook: every definition that was published, each once."""

import json
from datetime import date
from hashlib import sha256
from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from domain.dates import PartialDate
from domain.errors import Refused
from domain.journey import Journey
from domain.kernel import Aggregate, Event, event

RULEBOOK = UUID("7d3f6c1e-52a4-4b8e-9f0d-6a1c2e8b4d70")
"""The one stream in which every definition is published."""


class AlreadyPublished(Refused):
    """A published version never changes again."""

    code = "journey.published"
    fr = "{ref} est déjà publié avec un autre contenu ; publiez une nouvelle version."
    en = "{ref} is already published with another content; publish a new version."


class Rulebook(Aggregate):
    """The definitions that were published, each once."""

    class JourneyPublished(Event):
        """A version of a journey was published, whole, under the hash of its content."""

        TOPIC = "rulebook.journey_published.v1"
        journey: Journey
        digest: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.journeys: dict[str, tuple[Journey, str]] = {}

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

    def in_force(self, journey_id: str, day: date) -> str:
        """The version of a journey in force on a day; the oldest one before all of them."""
        versions = sorted(
            (j.in_force_from.first_day or date.min, ref)
            for ref, (j, _) in self.journeys.items()
            if j.id == journey_id
        )
        if not versions:
            raise NoJourney(journey=journey_id)
        return next((ref for since, ref in reversed(versions) if since <= day), versions[0][1])

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
    return sha256(text.encode()).hexdigest()
