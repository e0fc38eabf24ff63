"""Keeps the read models up to the journal, batch by batch, each batch with its position."""

import logging
from collections.abc import Sequence
from hashlib import sha256
from threading import Event as Signal

import sqlalchemy as sa
from eventsourcing.persistence import PersistenceError

from domain.errors import JalonError
from domain.kernel import EVENTS, Aggregate
from infrastructure.database import writing
from infrastructure.event_store.canonical import canonical
from infrastructure.event_store.journal import Journal, Row
from infrastructure.read_models.correction import Correction, is_mend
from infrastructure.read_models.intervals import ReadModel
from infrastructure.read_models.tracking import FOLLOWER, TRACKING

BATCH = 1000

log = logging.getLogger("jalon.follower")


class Follower:
    """The read models of one journal. The rows and the position move in one transaction."""

    def __init__(self, engine: sa.Engine, journal: Journal, models: Sequence[ReadModel]) -> None:
        self._engine = engine
        self._journal = journal
        self._models = models
        folded = {event for model in models for event in model.events}
        folded.add(Aggregate.FactRetracted)
        self._topics = sorted(topic for topic, event in EVENTS.items() if event in folded)

    def position(self) -> int:
        """Up to where the read models tell the journal."""
        with self._engine.connect() as tx:
            return self._position(tx)

    def catch_up(self) -> int:
        """Read the journal to its end; a journal shorter than our position is read anew."""
        position = self.position()  # asked first: the journal only grows meanwhile
        size = self._journal.size()
        if size < position:
            return self.rebuild()
        while self._step(size):
            pass
        return size

    def follow(self, stop: Signal) -> None:
        """Stay up to date until told to stop. A fault is logged, and tried again."""
        while not stop.is_set():
            try:
                end = self.catch_up()
                self._journal.await_growth(end, stop, 5.0)
            except (JalonError, sa.exc.DBAPIError, PersistenceError, OSError, ValueError):
                log.exception("the read models could not be brought up to date")
                stop.wait(1.0)

    def rebuild(self) -> int:
        """Empty the read models and read the whole journal again."""
        with writing(self._engine) as tx:
            for model in self._models:
                tx.execute(sa.delete(model.table))
            self._move(tx, 0)
        size = self._journal.size()
        while self._step(size):
            pass
        return size

    def digests(self) -> dict[str, str]:
        """SHA-256 of the rows of each read model, whatever order they were written in."""
        digests = {}
        with self._engine.connect() as tx:
            for model in self._models:
                columns = [column for column in model.table.c if column.name != "row"]
                rows = [
                    canonical([None if v is None else str(v) for v in row])
                    for row in tx.execute(sa.select(*columns))
                ]
                digests[model.name] = sha256(b"\n".join(sorted(rows))).hexdigest()
        return digests

    def _position(self, tx: sa.Connection) -> int:
        query = sa.select(TRACKING.c.notification_id).where(TRACKING.c.application_name == FOLLOWER)
        return int(tx.execute(query.with_for_update()).scalar_one())

    def _step(self, size: int) -> bool:
        after = self.position()
        if after >= size:
            return False
        # Before the lock: whoever waits for it may hold what the journal needs to be read.
        rows, end = self._batch(after, size)
        mended = [Correction(self._engine, self._journal, row) for row in rows if is_mend(row)]
        with writing(self._engine) as tx:
            if self._position(tx) != after:
                return True  # another follower was here first
            for correction in mended:
                correction.write(tx, self._models)
            for row in () if mended else rows:
                recorded = row.read()
                for model in self._models:
                    if type(recorded.event) in model.events:
                        model.apply(tx, recorded)
            self._move(tx, end)
            return end < size

    def _batch(self, after: int, size: int) -> tuple[list[Row], int]:
        """What to read next, and up to where; a correction comes alone, after all before it."""
        rows = self._journal.rows(after, BATCH, self._topics, until=size)
        place = next((n for n, row in enumerate(rows) if is_mend(row)), None)
        if place == 0:
            return rows[:1], rows[0].position
        if place:
            return rows[:place], rows[place - 1].position
        return rows, rows[-1].position if len(rows) == BATCH else size

    @staticmethod
    def _move(tx: sa.Connection, position: int) -> None:
        mine = TRACKING.c.application_name == FOLLOWER
        tx.execute(sa.update(TRACKING).where(mine).values(notification_id=position))
