"""Appeals, each with the stage it stands at."""

from typing import Any

import sqlalchemy as sa
from typing_extensions import override

from application.appeal import STATES, AppealListed
from application.dossier_words import APPEALS
from domain.appeal import Appeal
from domain.case import Migrated, Moved
from domain.kernel import Event, Recorded
from infrastructure.read_models.intervals import supersede
from infrastructure.read_models.table import ListModel, resting_on


class AppealModel(ListModel, name="appeal", line=AppealListed):
    """Follows the appeals through their journey. It keeps nothing of what they argue."""

    events: tuple[type[Event], ...] = (
        Appeal.Lodged,
        Appeal.own(Moved),
        Appeal.own(Migrated),
    )

    @override
    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        match recorded.event:
            case Appeal.Lodged() as lodged:
                dossier = lodged.code.rpartition("-recours-")[0]
                self.begin(
                    tx,
                    recorded,
                    pole=lodged.pole,
                    code=lodged.code,
                    title=f"{APPEALS[lodged.appeal_kind]}, dossier {dossier}",
                    dossier=lodged.dossier,
                    dossier_code=dossier,
                    appeal_kind=lodged.appeal_kind,
                    last_day=lodged.until,
                    late=lodged.late,
                    journey=lodged.journey,
                    journey_since=recorded.in_force_from,
                    **_stage(recorded, lodged.stage),
                )
            case Moved(to=stage):
                self._enter(tx, recorded, "stage_since", **_stage(recorded, stage))
            case Migrated(to=journey, came_from=came_from, state=state):
                since = recorded.in_force_from
                self._enter(tx, recorded, "journey_since", journey=journey, journey_since=since)
                if came_from is not None:
                    self._enter(tx, recorded, "stage_since", **_stage(recorded, state))

    def _enter(
        self, tx: sa.Connection, recorded: Recorded, until_next: str, **changes: Any
    ) -> None:
        """Say a stage, or a version, from a day on, until the day of the next one of its kind."""
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


def _stage(recorded: Recorded, stage: str) -> dict[str, Any]:
    return {
        "stage": stage,
        "stage_title": STATES.get(stage, stage),
        "stage_on": str(recorded.event.occurred_on),
        "stage_since": recorded.in_force_from,
    }
