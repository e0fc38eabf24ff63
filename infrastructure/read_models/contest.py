"""Contests: open from their day, with the answer from that of the answer on."""

import sqlalchemy as sa
from typing_extensions import override

from application.contest import ContestListed, ContestStatus
from domain.kernel import Event, Recorded
from domain.pole import Pole
from infrastructure.read_models.table import ListModel


class ContestModel(ListModel, name="contest", line=ContestListed):
    """Follows what was contested, and what was answered."""

    events: tuple[type[Event], ...] = (Pole.FactContested, Pole.ContestAnswered)

    @override
    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        match recorded.event:
            case Pole.FactContested() as contested:
                self.begin(
                    tx,
                    recorded,
                    id=contested.contest,
                    pole=recorded.stream,
                    contested_fact=contested.fact,
                    topic=contested.topic,
                    by_kind=contested.by_kind,
                    by=contested.by if isinstance(contested.by, str) else None,
                    version=contested.version if isinstance(contested.version, str) else None,
                    status=ContestStatus.OPEN,
                    corrected_by=(),
                )
            case Pole.ContestAnswered() as answered:
                self.change(
                    tx,
                    recorded,
                    answered.contest,
                    status=ContestStatus.ANSWERED,
                    answer=answered.outcome,
                    answered_on=answered.occurred_on,
                    reasons=answered.reasons,
                    corrected_by=answered.corrected_by,
                )
