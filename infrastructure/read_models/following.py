"""Who follows which pole, each from the day they took their place to the day they left it."""

import sqlalchemy as sa
from typing_extensions import override

from application.following import FollowingListed
from domain.following import Following
from domain.kernel import Event, Recorded
from infrastructure.read_models.table import ListModel


class FollowingModel(ListModel, name="following", line=FollowingListed):
    """Follows who takes a place, and who leaves it."""

    events: tuple[type[Event], ...] = (Following.Assigned, Following.Ended)

    @override
    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        match recorded.event:
            case Following.Assigned() as assigned:
                self.begin(
                    tx,
                    recorded,
                    id=assigned.stint,
                    pole=assigned.pole,
                    place=assigned.place,
                    organisation=assigned.organisation,
                    follower=assigned.follower,
                )
            case Following.Ended(stint=stint):
                self.cease(tx, recorded, stint)
