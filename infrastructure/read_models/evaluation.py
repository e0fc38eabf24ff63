"""Evaluation rounds, each with the stage it stands at, from the day it was planned."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from typing_extensions import override

from application.evaluation import STATES, EvaluationListed
from domain.errors import NotFound
from domain.evaluation import Evaluation
from domain.grid import PLACEHOLDER
from domain.kernel import Event, Recorded
from infrastructure.read_models.intervals import supersede
from infrastructure.read_models.table import ListModel

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
                    code=planned.code,
                    round_kind=planned.round_kind,
                    grid=planned.grid,
                    placeholder=planned.placeholder,
                    notice=PLACEHOLDER.fr if planned.placeholder else None,
                    journey=planned.journey,
                    **_stage(recorded, planned.stage),
                )
            case Evaluation.EvaluatorDesignated(name=name):
                self.change(tx, recorded, evaluator=name or SOMEBODY)
            case Evaluation.Moved(to=stage):
                self._enter(tx, recorded, **_stage(recorded, stage))
            case Evaluation.Migrated(to=journey, came_from=came_from, state=state):
                entered = _stage(recorded, state) if came_from is not None else {}
                self._enter(tx, recorded, journey=journey, **entered)

    def _enter(self, tx: sa.Connection, recorded: Recorded, **changes: Any) -> None:
        """Say another stage from a day on, until the day of a later step."""
        supersede(
            tx,
            self.table,
            self.table.c.id == str(recorded.stream),
            at=recorded.position,
            valid_from=recorded.in_force_from,
            until_next="stage_since",
            fact=str(recorded.event.meta.event_id),
            **changes,
        )


def _stage(recorded: Recorded, stage: str) -> dict[str, Any]:
    return {
        "stage": stage,
        "stage_title": STATES.get(stage, stage),
        "stage_on": str(recorded.event.occurred_on),
        "stage_since": recorded.in_force_from,
    }


def find_round(engine: sa.Engine, name: str) -> UUID:
    """The round of an identity or a code, as it is known now."""
    table = EvaluationModel.table
    query = sa.select(table.c.id).where(
        table.c.known_until.is_(None), sa.or_(table.c.id == name.lower(), table.c.code == name)
    )
    with engine.connect() as tx:
        found = set(tx.scalars(query))
    if len(found) != 1:
        raise NotFound(name=name[:80])
    return UUID(found.pop())
