"""What each pole was asked in each campaign, and what it answered."""

import sqlalchemy as sa
from typing_extensions import override

from application.campaign_list import UpdateRequestListed
from domain.campaign import Answer, UpdateRequest
from domain.kernel import Event, Recorded
from infrastructure.read_models.accompaniment import add
from infrastructure.read_models.table import ListModel


class UpdateRequestModel(ListModel, name="update_request", line=UpdateRequestListed):
    """Follows what is sent, said again and answered."""

    events: tuple[type[Event], ...] = (
        UpdateRequest.Sent,
        UpdateRequest.Reminded,
        UpdateRequest.Confirmed,
        UpdateRequest.Updated,
    )

    @override
    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        match recorded.event:
            case UpdateRequest.Sent() as sent:
                self.begin(
                    tx,
                    recorded,
                    pole=sent.pole,
                    campaign=str(sent.year),
                    answer=Answer.AWAITED,
                    reminders=0,
                )
            case UpdateRequest.Reminded():
                add(self, tx, recorded, reminders=1)
            case UpdateRequest.Confirmed():
                self.change(tx, recorded, answer=Answer.CONFIRMED)
            case UpdateRequest.Updated():
                self.change(tx, recorded, answer=Answer.UPDATED)
