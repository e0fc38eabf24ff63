"""The log of readings: who read what is not public, and when; never what it says.

It is apart from the journal: a reading is no fact of a pole, and the journal is for ever. Its rows
are added before the reading is given, so that what cannot be noted is not read.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from application.command import By
from domain.kernel import EPOCH, Frozen, Role, instant_of
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

    def note(self, by: By, concept: str, subjects: Sequence[UUID], part: str) -> None:
        """Note that somebody is about to read a part of some things; call it before they do.

        Args:
            concept: what is read: `exchange`, `document`…
            part: which part of it: `summary`, `content`…
        """
        at = (self._clock() - EPOCH).total_seconds()
        who = {
            "at": round(at * 1_000_000),
            "account": str(by.actor),
            "role": by.role.value,
            "mandate": str(by.on_behalf_of) if by.on_behalf_of else None,
            "concept": concept,
            "part": part,
        }
        if subjects:
            with writing(self._engine) as tx:
                tx.execute(sa.insert(ACCESS), [{**who, "subject": str(id_)} for id_ in subjects])

    def lines(self, subject: UUID | None = None) -> list[AccessLine]:
        """Every reading, or those of one thing, the oldest first."""
        query = sa.select(ACCESS).order_by(ACCESS.c.number)
        if subject:
            query = query.where(ACCESS.c.subject == str(subject))
        with self._engine.connect() as tx:
            rows = tx.execute(query).mappings().all()
        return [AccessLine.model_validate({**row, "at": instant_of(row["at"])}) for row in rows]
