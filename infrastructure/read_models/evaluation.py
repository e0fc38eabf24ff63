"""Evaluation rounds, each with the stage it stands at, from the day it was planned."""

import sqlalchemy as sa
from typing_extensions import override

from application.evaluation import STATES, EvaluationListed
from application.round_in_words import round_in_words
from domain.evaluation import Evaluation
from domain.grid import PLACEHOLDER
from domain.kernel import Event, Recorded
from infrastructure.read_models.case import CaseModel

SOMEBODY = "une personne (nom non publié)"


class EvaluationModel(CaseModel, name="evaluation", line=EvaluationListed, stages=STATES):
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
                    **self.followed(recorded, planned.journey),
                    **self.entered(recorded, planned.stage),
                )
            case Evaluation.EvaluatorDesignated(name=name):
                self.change(tx, recorded, evaluator=name or SOMEBODY)
            case _:
                self.follow(tx, recorded)
