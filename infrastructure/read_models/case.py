"""What every list of cases says alike: the stage each stands at, and the version it follows."""

from collections.abc import Mapping
from typing import Any, ClassVar

import sqlalchemy as sa

from application.listing import Listed
from domain.case import Migrated, Moved
from domain.kernel import Recorded
from infrastructure.read_models.intervals import supersede
from infrastructure.read_models.table import ListModel, resting_on


class CaseModel(ListModel):
    """A list of cases of one kind; their `stage…` and `journey…` are kept here."""

    stages: ClassVar[Mapping[str, str]]
    """What lists call the stages that ship; another one is called by its identifier."""

    def __init_subclass__(cls, *, name: str, line: type[Listed], stages: Mapping[str, str]) -> None:
        super().__init_subclass__(name=name, line=line)
        cls.stages = stages

    def entered(self, recorded: Recorded, stage: str) -> dict[str, Any]:
        """What a line says of a stage entered by an event."""
        return {
            "stage": stage,
            "stage_title": self.stages.get(stage, stage),
            "stage_on": str(recorded.event.occurred_on),
            "stage_since": recorded.in_force_from,
        }

    def followed(self, recorded: Recorded, journey: str) -> dict[str, Any]:
        """What a line says of a version followed from an event on."""
        return {"journey": journey, "journey_since": recorded.in_force_from}

    def follow(self, tx: sa.Connection, recorded: Recorded, **also: Any) -> None:
        """Write the stage, or the version, that a step or a migration leads to.

        Each holds from its day until that of the next one of its kind.

        Args:
            also: what else a line says from a step on, as long as it stands there.
        """
        match recorded.event:
            case Moved(to=stage):
                self.say(tx, recorded, "stage_since", **self.entered(recorded, stage), **also)
            case Migrated(to=journey, came_from=came_from, state=state):
                self.say(tx, recorded, "journey_since", **self.followed(recorded, journey))
                if came_from is not None:
                    self.say(tx, recorded, "stage_since", **self.entered(recorded, state))

    def say(
        self, tx: sa.Connection, recorded: Recorded, until_next: str | None, **changes: Any
    ) -> None:
        """Say something from a day on, until the next later day in a column, if one is given."""
        supersede(
            tx,
            self.table,
            self.table.c.id == str(recorded.stream),
            at=recorded.position,
            valid_from=recorded.in_force_from,
            until_next=until_next,
            fact=str(recorded.event.meta.event_id),
            later_facts=resting_on(recorded, changes),
            **changes,
        )
