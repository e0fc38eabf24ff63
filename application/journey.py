"""Publish journeys, and bring cases to the version in force."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from pydantic import Field
from typing_extensions import override

from application.command import Command, Work
from application.offices import PUBLISHERS
from application.world import Moment, World
from domain.appeal import AppealFacts
from domain.call_terms import CallFacts
from domain.commitment import CommitmentFacts
from domain.dates import paris_day
from domain.dossier_facts import DossierFacts
from domain.evaluation import EvaluationFacts
from domain.follow_up_facts import FollowUpFacts
from domain.journey import Journey, JourneyRef
from domain.pole import PoleFacts
from domain.privacy_request import PrivacyRequestFacts
from domain.rulebook import RULEBOOK, Deprecation, Rulebook
from domain.values import Frozen, Prose

FACTS: Mapping[str, type[Frozen]] = {
    "PoleFacts": PoleFacts,
    "EvaluationFacts": EvaluationFacts,
    "CallFacts": CallFacts,
    "FollowUpFacts": FollowUpFacts,
    "DossierFacts": DossierFacts,
    "AppealFacts": AppealFacts,
    "CommitmentFacts": CommitmentFacts,
    "PrivacyRequestFacts": PrivacyRequestFacts,
}
"""The models of facts that journeys may name."""


class PublishJourney(
    Command,
    name="journey.publish",
    says="Publier une version d'un parcours ; elle ne changera plus.",
    by=PUBLISHERS,
):
    """Publish a version of a journey; it never changes again."""

    journey: Journey = Field(description="La définition entière.")

    @override
    def execute(self, work: Work) -> UUID:
        rulebook = work.rulebook()
        work.check(self.journey)
        if rulebook.publish(self.journey):
            work.save(rulebook)
        return RULEBOOK


class DeprecateJourney(
    Command,
    name="journey.deprecate",
    says="Déprécier une version : plus rien ne commence par elle, ce qui la suit est à migrer.",
    by=PUBLISHERS,
):
    """Let a version take no new cases; those that follow it are to be migrated."""

    journey: JourneyRef = Field(description="La version à déprécier.")
    motive: Prose = Field(description="Pourquoi.")
    successor: JourneyRef | None = Field(None, description="La version qui lui succède.")

    @override
    def execute(self, work: Work) -> UUID:
        rulebook = work.rulebook()
        rulebook.deprecate(
            self.journey,
            motive=self.motive,
            successor=self.successor,
            occurred_on=work.occurred_on,
        )
        work.save(rulebook)
        return RULEBOOK


class VersionLine(Frozen):
    """A published version of a journey, and how many cases follow it."""

    ref: str
    title: str
    digest: str
    source: tuple[str, ...]
    published_on: date
    """The day on which it was put on record."""
    states: int
    transitions: int
    cases: int
    deprecated: Deprecation | None
    """Where it is deprecated, those cases are to be migrated."""


def versions(world: World, following: Mapping[str, int], moment: Moment) -> list[VersionLine]:
    """Every version that was published then, oldest first.

    Args:
        following: how many cases follow each, as the lists count them.
    """
    rulebook = world.load(Rulebook, RULEBOOK, moment.known) or Rulebook(RULEBOOK)
    published = {
        recorded.event.journey.ref: paris_day(recorded.recorded_at)
        for recorded in world.history(RULEBOOK, moment.known)
        if isinstance(recorded.event, Rulebook.JourneyPublished)
    }
    # Today's list says beforehand what is to be migrated; that of a day, what held on it.
    day = date.max if moment.is_today else moment.in_force
    return [
        VersionLine(
            ref=ref,
            title=journey.title.fr,
            digest=digest,
            source=journey.source,
            published_on=published[ref],
            states=len(journey.states),
            transitions=len(journey.transitions),
            cases=following.get(ref, 0),
            deprecated=rulebook.deprecated_on(ref, day),
        )
        for ref, (journey, digest) in sorted(rulebook.journeys.items())
    ]
