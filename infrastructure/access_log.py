"""The log of readings: who read what is not public, and when; never what it says.

It is apart from the journal: a reading is no fact of a pole, and the journal is for ever. Its rows
are added before the reading is given, so that what cannot be noted is not read.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

import sqlalchemy as sa

from application.command import By
from domain.dates import PARIS, paris_day
from domain.kernel import EPOCH, instant_of
from domain.period import before
from domain.retention import PERIODS, Retention
from domain.roles import Role
from domain.values import Frozen
from infrastructure.database import writing
from infrastructure.read_models.intervals import METADATA

ACCESS = sa.Table(
    "access",
    METADATA,
    sa.Column("number", sa.Integer(), primary_key=True, autoincrement=True),
    sa.Column("at", sa.BigInteger(), nullable=False),
    sa.Column("account", sa.Text(), nullable=False),
    sa.Column("role", sa.Text(), nullable=False),
    sa.Column("mandate", sa.Text()),
    sa.Column("concept", sa.Text(), nullable=False),
    sa.Column("subject", sa.Text(), nullable=False),
    sa.Column("part", sa.Text(), nullable=False),
)


KEPT = Retention.ONE_YEAR
"""For how long a reading stays noted (product rule)."""


def _kept_from(day: date) -> int:
    """The first instant, in microseconds, that is still kept on a day: a whole year before it."""
    first = before(PERIODS[KEPT] or "", day)
    return (datetime.combine(first, time(), PARIS) - EPOCH) // timedelta(microseconds=1)


class AccessLine(Frozen):
    """One reading: of which part of what, by whom, in which role."""

    number: int
    at: datetime
    account: UUID
    role: Role
    mandate: UUID | None
    concept: str
    subject: UUID
    part: str


class AccessLog:
    """Notes readings, and tells them."""

    def __init__(self, engine: sa.Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock

    def note(self, by: By, concept: str, subjects: Sequence[UUID], part: str) -> int:
        """Note that somebody is about to read a part of some things; call it before they do.

        Gives the instant that is noted, in microseconds since 1970, UTC.

        Args:
            concept: what is read: `exchange`, `document`…
            part: which part of it: `summary`, `content`…
        """
        at = (self._clock() - EPOCH) // timedelta(microseconds=1)
        who = {
            "at": at,
            "account": str(by.actor),
            "role": by.role.value,
            "mandate": str(by.on_behalf_of) if by.on_behalf_of else None,
            "concept": concept,
            "part": part,
        }
        if subjects:
            with writing(self._engine) as tx:
                tx.execute(sa.insert(ACCESS), [{**who, "subject": str(id_)} for id_ in subjects])
        return at

    def past(self, day: date) -> int:
        """How many were noted so long before a day that they need not be kept on it."""
        with self._engine.connect() as tx:
            query = sa.select(sa.func.count()).where(ACCESS.c.at < _kept_from(day))
            return tx.execute(query).scalar_one()

    def purge(self, by: By) -> int:
        """Delete those whose time is over today; that somebody did is noted, and how many it was.

        What is noted first keeps the last number from being given twice.
        """
        today = paris_day(self._clock())
        self.note(by, "access", [by.actor], "purge")
        with writing(self._engine) as tx:
            return tx.execute(sa.delete(ACCESS).where(ACCESS.c.at < _kept_from(today))).rowcount

    def lines(self, subject: UUID | None = None) -> list[AccessLine]:
        """Every reading, or those of one thing, the oldest first."""
        query = sa.select(ACCESS).order_by(ACCESS.c.number)
        if subject:
            query = query.where(ACCESS.c.subject == str(subject))
        with self._engine.connect() as tx:
            rows = tx.execute(query).mappings().all()
        return [AccessLine.model_validate({**row, "at": instant_of(row["at"])}) for row in rows]
