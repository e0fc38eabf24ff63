"""What each pole was asked in each campaign, and what it answered."""

from collections.abc import Collection

import sqlalchemy as sa
from typing_extensions import override

from application.campaign_list import UpdateRequestListed
from application.campaign_progress import RequestCount, UnansweredLine
from application.world import Moment
from domain.campaign import CampaignAnswer, UpdateRequest
from domain.kernel import Event, Recorded
from domain.pole import ENDED
from infrastructure.read_models.accompaniment import add
from infrastructure.read_models.intervals import seen
from infrastructure.read_models.journey import JOURNEY
from infrastructure.read_models.register import REGISTER
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


class CampaignLists:
    """Questions about what poles were asked in a campaign, with where they are."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def counts(self, year: int, moment: Moment) -> list[RequestCount]:
        """How many poles of the same places have the same answer."""
        asked = UpdateRequestModel.table
        of = sa.select(
            REGISTER.c.region,
            asked.c.answer,
            (asked.c.reminders > 0).label("is_reminded"),
            (JOURNEY.c.stage == ENDED).label("has_ended"),
        )
        told = of.where(*_of(year, moment)).subquery()
        query = sa.select(told, sa.func.count().label("number")).group_by(*told.c)
        with self._engine.connect() as tx:
            rows = tx.execute(query).mappings()
            return [RequestCount.model_validate(dict(row)) for row in rows]

    def unanswered(
        self, year: int, moment: Moment, *, places: Collection[str] = (), limit: int, offset: int
    ) -> list[UnansweredLine]:
        """Some of the poles that have not answered, those reminded least first.

        Args:
            places: the regions as they are written, one or several in a text; any, unless said.
        """
        asked = UpdateRequestModel.table
        query = (
            sa.select(
                REGISTER.c.pole,
                REGISTER.c.code,
                REGISTER.c.name,
                REGISTER.c.region,
                asked.c.occurred_on.label("sent_on"),
                asked.c.reminders,
            )
            .where(*_of(year, moment), asked.c.answer == CampaignAnswer.AWAITED.value)
            .where(JOURNEY.c.stage != ENDED)
            .order_by(asked.c.reminders, REGISTER.c.code)
            .limit(limit)
            .offset(offset)
        )
        if places:
            query = query.where(REGISTER.c.region.in_(places))
        with self._engine.connect() as tx:
            rows = tx.execute(query).mappings()
            return [UnansweredLine.model_validate(dict(row)) for row in rows]


def _of(year: int, moment: Moment) -> list[sa.ColumnElement[bool]]:
    """What poles were asked in a campaign, with their place and their stage on the day."""
    asked = UpdateRequestModel.table
    at = (
        seen(table, known=moment.known, in_force=moment.in_force)
        for table in (asked, REGISTER, JOURNEY)
    )
    return [
        *at,
        asked.c.campaign == str(year),
        REGISTER.c.pole == asked.c.pole,
        JOURNEY.c.subject == asked.c.pole,
    ]
