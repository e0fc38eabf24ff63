"""Contributions that have appeared. Those that have not are in no table, and no words are."""

import sqlalchemy as sa
from typing_extensions import override

from application.contribution_list import ContributionListed
from domain.contribution import Contribution
from domain.kernel import Event, Recorded
from infrastructure.read_models.table import ListModel


class ContributionModel(ListModel, name="contribution", line=ContributionListed):
    """Follows what appears, and what appears no longer. One that was not published is not here."""

    events: tuple[type[Event], ...] = (
        Contribution.Published,
        Contribution.Withdrawn,
        Contribution.TakenDown,
    )

    @override
    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        match recorded.event:
            case Contribution.Published(pole=pole, about=about):
                self.begin(tx, recorded, pole=pole, about=about)
            case Contribution.Withdrawn() | Contribution.TakenDown():
                self.cease(tx, recorded)
