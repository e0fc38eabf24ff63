"""Evaluation rounds, each with the stage it stands at, from the day it was planned."""

from typing import Any

import sqlalchemy as sa
from typing_extensions import override

from application.evaluation import STATES, EvaluationListed
from application.round_in_words import round_in_words
from domain.evaluation import Evaluation
from domain.grid import PLACEHOLDER
from domain.kernel import Event, Recorded
from infrastructure.read_models.intervals import supersede
from infrastructure.read_models.table import ListModel, resting_on

SOMEBODY = "une personne (nom non publié)"


class EvaluationModel(ListModel, name="evaluation", line=EvaluationListed):
    """Follows the rounds through their journey. It keeps no position."""

    events: tuple[type[Event], ...] = (
        Evaluation.Planned,
        Evaluation.EvaluatorDesignated,
        Evaluation.Moved,
        Evaluation.Migrated,
    )

    @override
    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        match recorded.event:
            case Evaluation.Planned() as planned:
                self.begin(
                    tx,
                    recorded,
                    pole=planned.pole,
                    title=round_in_words(planned.round_kind, planned.code, planned.occurred_on),
                    code=planned.code,
                    round_kind=planned.round_kind,
                    grid=planned.grid,
                    placeholder=planned.placeholder,
                    notice=PLACEHOLDER.fr if planned.placeholder else None,
                    journey=planned.journey,
                    journey_since=recorded.in_force_from,
                    **_stage(recorded, planned.stage),
                )
            case Evaluation.EvaluatorDesignated(name=name):
                self.change(tx, recorded, evaluator=name or SOMEBODY)
            case Evaluation.Moved(to=stage):
                self._enter(tx, recorded, "stage_since", **_stage(recorded, stage))
            case Evaluation.Migrated(to=journey, came_from=came_from, state=state):
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
