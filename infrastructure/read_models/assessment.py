"""What was found of the criteria of 2012, by each assessor, from the day it was said."""

import sqlalchemy as sa
from typing_extensions import override

from application.assessment import SOMEBODY, AssessmentListed
from domain.assessment import Assessment
from domain.kernel import Event, Recorded
from infrastructure.read_models.table import ListModel


class AssessmentModel(ListModel, name="assessment", line=AssessmentListed):
    """Follows what was found, what was found otherwise later, and what was taken back."""

    events: tuple[type[Event], ...] = (
        Assessment.Made,
        Assessment.Revised,
        Assessment.Withdrawn,
    )

    @override
    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        match recorded.event:
            case Assessment.Made() as made:
                self.begin(
                    tx,
                    recorded,
                    pole=made.pole,
                    grid=made.grid,
                    criterion=made.criterion,
                    found=made.found,
                    reasons=made.reasons,
                    assessor=made.name or SOMEBODY,
                    capacity=made.capacity,
                    evidence=made.evidence,
                )
            case Assessment.Revised() as revised:
                self.change(
                    tx,
                    recorded,
                    found=revised.found,
                    reasons=revised.reasons,
                    evidence=revised.evidence,
                    occurred_on=revised.occurred_on,
                    source=revised.meta.source,
                )
            case Assessment.Withdrawn():
                self.retract(tx, recorded)
