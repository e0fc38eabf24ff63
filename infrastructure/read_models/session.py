"""Sessions of committees: when, where, on how many dossiers. No result is in any table."""

from datetime import UTC
from uuid import UUID

import sqlalchemy as sa
from typing_extensions import override

from application.session import SessionListed
from domain.convocation import SessionStanding
from domain.kernel import Event, Recorded
from domain.session import Session
from domain.session_refusals import UnknownSession
from infrastructure.read_models.lists import find_named
from infrastructure.read_models.table import ListModel


class SessionModel(ListModel, name="session", line=SessionListed):
    """Follows sessions through their stages."""

    events: tuple[type[Event], ...] = (
        Session.Convened,
        Session.AgendaChanged,
        Session.Opened,
        Session.Closed,
        Session.MinutesDrawn,
        Session.MinutesApproved,
    )

    @override
    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        match recorded.event:
            case Session.Convened() as convened:
                self.begin(
                    tx,
                    recorded,
                    code=convened.code,
                    call=convened.call,
                    call_code=convened.code.rpartition("-seance-")[0],
                    wave=convened.wave,
                    held_at=convened.held_at.in_words(),
                    held_on=convened.held_at.begins.astimezone(UTC).isoformat(),
                    mode=convened.mode,
                    place=convened.place,
                    dossiers=len(convened.agenda),
                    standing=SessionStanding.CONVENED,
                )
            case Session.AgendaChanged(agenda=agenda):
                self.change(tx, recorded, dossiers=len(agenda))
            case Session.Opened():
                self.change(tx, recorded, standing=SessionStanding.OPEN)
            case Session.Closed():
                self.change(tx, recorded, standing=SessionStanding.CLOSED)
            case Session.MinutesDrawn():
                self.change(tx, recorded, standing=SessionStanding.MINUTES_DRAWN)
            case Session.MinutesApproved():
                self.change(tx, recorded, standing=SessionStanding.APPROVED)


def find_session(engine: sa.Engine, name: str) -> UUID:
    """The session of an identity or a code, as it is known now."""
    found = find_named(engine, SessionModel.table, name)
    if found is None:
        raise UnknownSession(name=name[:80])
    return found
