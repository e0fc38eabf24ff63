"""Exchanges, each from its day on; their summaries are in no table."""

import sqlalchemy as sa
from typing_extensions import override

from application.exchange import ExchangeListed
from domain.exchange import Exchange
from domain.kernel import Event, Recorded
from infrastructure.read_models.table import ListModel


class ExchangeModel(ListModel, name="exchange", line=ExchangeListed):
    """Follows what was exchanged."""

    events: tuple[type[Event], ...] = (Exchange.Recorded,)

    @override
    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        match recorded.event:
            case Exchange.Recorded() as exchange:
                self.begin(
                    tx,
                    recorded,
                    pole=exchange.pole,
                    channel=exchange.channel,
                    direction=exchange.direction,
                    reached=exchange.reached,
                    participants=exchange.participants,
                    next_step=exchange.next_step,
                    has_summary=exchange.summary is not None,
                )
