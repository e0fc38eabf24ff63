"""Appeals, each with the stage it stands at."""

import sqlalchemy as sa
from typing_extensions import override

from application.appeal import STATES, AppealListed
from application.dossier_words import APPEALS
from domain.appeal import Appeal
from domain.case import Migrated, Moved
from domain.kernel import Event, Recorded
from infrastructure.read_models.case import CaseModel


class AppealModel(CaseModel, name="appeal", line=AppealListed, stages=STATES):
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
                    **self.followed(recorded, lodged.journey),
                    **self.entered(recorded, lodged.stage),
                )
            case _:
                self.follow(tx, recorded)
