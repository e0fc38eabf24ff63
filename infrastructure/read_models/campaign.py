"""What each pole was asked in each campaign, and what it answered."""

import sqlalchemy as sa
from typing_extensions import override

from application.campaign_list import UpdateRequestListed
from domain.campaign import CampaignAnswer, UpdateRequest
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
                    answer=CampaignAnswer.AWAITED,
                    reminders=0,
                )
            case UpdateRequest.Reminded():
                add(self, tx, recorded, reminders=1)
            case UpdateRequest.Confirmed() as confirmed:
                self._answered(tx, recorded, confirmed, CampaignAnswer.CONFIRMED)
            case UpdateRequest.Updated() as updated:
                self._answered(tx, recorded, updated, CampaignAnswer.UPDATED)

    def _answered(
        self, tx: sa.Connection, recorded: Recorded, said: Event, answer: CampaignAnswer
    ) -> None:
        self.change(tx, recorded, answer=answer, answered_on=said.occurred_on)
