"""Publish journeys, and bring cases to the version in force."""

from collections.abc import Mapping
from uuid import UUID

from pydantic import Field
from typing_extensions import override

from application.command import Command, Work
from domain.journey import Journey
from domain.kernel import Frozen
from domain.pole import PoleFacts
from domain.rulebook import RULEBOOK

FACTS: Mapping[str, type[Frozen]] = {"PoleFacts": PoleFacts}
"""The models of facts that journeys may name."""


class PublishJourney(
    Command,
    name="journey.publish",
    says="Publier une version d'un parcours ; elle ne changera plus.",
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
