"""Accompaniments with their days, and what came of them."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from typing_extensions import override

from application.accompaniment import AccompanimentListed, DeliverableListed
from domain.accompaniment import Accompaniment
from domain.kernel import Event, Recorded
from infrastructure.read_models.table import ListModel, resting_on


def add(model: ListModel, tx: sa.Connection, recorded: Recorded, **more: int) -> None:
    """Count more of a thing, from the day of the event on, whatever is counted later already."""
    model.change(tx, recorded, added_to=more)
    table = model.table
    opened = (
        table.c.id == str(recorded.stream),
        table.c.known_from == recorded.position,
        table.c.known_until.is_(None),
        table.c.valid_from >= recorded.in_force_from,
    )
    values: dict[Any, Any] = {
        table.c[name]: table.c[name] + number for name, number in more.items()
    }
    tx.execute(sa.update(table).where(*opened).values(values))


class AccompanimentModel(ListModel, name="accompaniment", line=AccompanimentListed):
    """Follows what is granted, used, put off and ended."""

    events: tuple[type[Event], ...] = (
        Accompaniment.Granted,
        Accompaniment.DaysUsed,
        Accompaniment.Extended,
        Accompaniment.Ended,
    )

    @override
    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        match recorded.event:
            case Accompaniment.Granted() as granted:
                self.begin(
                    tx,
                    recorded,
                    pole=granted.pole,
                    offer=granted.offer,
                    provider=granted.provider,
                    half_days_granted=granted.half_days,
                    half_days_used=0,
                )
            case Accompaniment.DaysUsed(half_days=half_days):
                add(self, tx, recorded, half_days_used=half_days)
            case Accompaniment.Extended(half_days=half_days, until=until):
                add(self, tx, recorded, half_days_granted=half_days)
                if until:
                    self._put_off(tx, recorded, until)
            case Accompaniment.Ended():
                self.cease(tx, recorded)

    def _put_off(self, tx: sa.Connection, recorded: Recorded, until: date) -> None:
        """Let it run until a later day."""
        table = self.table
        present = (table.c.id == str(recorded.stream), table.c.known_until.is_(None))
        query = sa.select(table).where(*present).order_by(table.c.valid_from)
        rows = [dict(row) for row in tx.execute(query).mappings()]
        tx.execute(sa.update(table).where(*present).values(known_until=recorded.position))
        kept = [
            {
                **{name: value for name, value in row.items() if name != "row"},
                "known_from": recorded.position,
                "until": until,
                "later_facts": resting_on(recorded, ["until"])(row),
                "valid_until": until if row is rows[-1] else row["valid_until"],
            }
            for row in rows
        ]
        if kept:
            tx.execute(sa.insert(table), kept)


class DeliverableModel(ListModel, name="deliverable", line=DeliverableListed):
    """Follows what is handed over."""

    events: tuple[type[Event], ...] = (Accompaniment.DeliverableHanded,)

    @override
    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        match recorded.event:
            case Accompaniment.DeliverableHanded() as handed:
                self.begin(
                    tx,
                    recorded,
                    id=handed.meta.event_id,
                    pole=handed.pole,
                    accompaniment=recorded.stream,
                    title=handed.title,
                    document=handed.document,
                )
