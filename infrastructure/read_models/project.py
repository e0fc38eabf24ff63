"""Projects, with their checks and what was decided, each from the day it is proposed."""

import sqlalchemy as sa
from typing_extensions import override

from application.project import ProjectListed
from domain.kernel import Event, Recorded
from domain.project import Check, Project, Status
from infrastructure.read_models.table import ListModel


class ProjectModel(ListModel, name="project", line=ProjectListed):
    """Follows what becomes of each project."""

    events: tuple[type[Event], ...] = (
        Project.Proposed,
        Project.Examined,
        Project.Selected,
        Project.Declined,
        Project.Transferred,
        Project.Ended,
    )

    @override
    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        match recorded.event:
            case Project.Proposed() as proposed:
                self.begin(
                    tx,
                    recorded,
                    pole=proposed.pole,
                    title=proposed.title,
                    words=proposed.words,
                    answers=proposed.answers,
                    status=Status.PROPOSED,
                )
            case Project.Examined(check=Check.COMPETITION, finding=finding):
                self.change(tx, recorded, competition=finding)
            case Project.Examined(check=Check.DUPLICATION, finding=finding):
                self.change(tx, recorded, duplication=finding)
            case Project.Selected(body_name=body, motive=motive):
                self._decided(tx, recorded, Status.SELECTED, body, motive)
            case Project.Declined(body_name=body, motive=motive):
                self._decided(tx, recorded, Status.NOT_SELECTED, body, motive)
            case Project.Transferred(to=pole):
                self.change(tx, recorded, pole=pole, competition=None, duplication=None)
            case Project.Ended(results=results):
                self.change(tx, recorded, status=Status.ENDED, results=results)

    def _decided(
        self, tx: sa.Connection, recorded: Recorded, status: Status, body: str, motive: str | None
    ) -> None:
        self.change(tx, recorded, status=status, decided_by=body, motive=motive)
