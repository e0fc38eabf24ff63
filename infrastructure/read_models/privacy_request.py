"""Requests to exercise rights, each with the stage it stands at; nothing sealed is kept here."""

from datetime import date

import sqlalchemy as sa
from typing_extensions import override

from application.privacy_request import RIGHTS
from application.privacy_request_sheet import STATES, PrivacyRequestListed
from domain.case import Migrated, Moved
from domain.kernel import Event, Recorded
from domain.privacy_ground import ARTICLES
from domain.privacy_request import PrivacyRequest, answer_due
from infrastructure.read_models.case import CaseModel


class PrivacyRequestModel(
    CaseModel, name="privacy_request", line=PrivacyRequestListed, stages=STATES
):
    """Follows the requests through their journey."""

    events: tuple[type[Event], ...] = (
        PrivacyRequest.Received,
        PrivacyRequest.Extended,
        PrivacyRequest.Decided,
        PrivacyRequest.Answered,
        PrivacyRequest.own(Moved),
        PrivacyRequest.own(Migrated),
    )

    @override
    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        match recorded.event:
            case PrivacyRequest.Received() as received:
                self.begin(
                    tx,
                    recorded,
                    code=received.code,
                    title=f"demande de droits ({RIGHTS[received.right]})",
                    right=received.right,
                    article=ARTICLES[received.right],
                    channel=received.channel,
                    received_on=recorded.in_force_from,
                    due=answer_due(recorded.in_force_from, extended=False),
                    **self.followed(recorded, received.journey),
                    **self.entered(recorded, received.stage),
                )
            case PrivacyRequest.Extended():
                since = self._received_on(tx, recorded)
                self.change(tx, recorded, due=answer_due(since, extended=True))
            case PrivacyRequest.Decided(outcome=outcome):
                self.change(tx, recorded, outcome=outcome)
            case PrivacyRequest.Answered():
                self.change(tx, recorded, answered_on=recorded.in_force_from)
            case _:
                self.follow(tx, recorded)

    def _received_on(self, tx: sa.Connection, recorded: Recorded) -> date:
        columns = self.table.c
        of_it = sa.select(columns.received_on).where(columns.id == str(recorded.stream)).limit(1)
        found: date = tx.execute(of_it).scalar_one()
        return found
