"""Claims, side by side, as interval rows."""

from uuid import UUID

import sqlalchemy as sa

from application.claim import ClaimLine
from application.register import Moment
from domain.claim import Claim
from domain.kernel import Event, Recorded
from infrastructure.read_models.intervals import METADATA, interval_columns, seen, supersede

CLAIM = sa.Table(
    "claim",
    METADATA,
    *interval_columns(),
    sa.Column("claim", sa.Text(), nullable=False),
    sa.Column("occurred_on", sa.Text(), nullable=False),
    sa.Column("statement", sa.Text(), nullable=False),
    sa.Column("author", sa.Text(), nullable=False),
    sa.Column("figures", sa.Text()),
    sa.Column("note", sa.Text()),
    sa.Column("source", sa.Text()),
    sa.Column("confidence", sa.Text()),
    sa.Column("about", sa.Text()),
)


class ClaimModel:
    """Follows what was claimed and taken back."""

    name = "claim"
    table = CLAIM
    events: tuple[type[Event], ...] = (Claim.Recorded, Claim.Retracted)

    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        event = recorded.event
        match event:
            case Claim.Recorded():
                supersede(
                    tx,
                    CLAIM,
                    CLAIM.c.claim == str(recorded.stream),
                    at=recorded.position,
                    valid_from=recorded.in_force_from,
                    valid_until=event.valid_to,
                    new={
                        "claim": str(recorded.stream),
                        "occurred_on": str(event.occurred_on),
                        "statement": event.statement,
                        "author": event.author,
                        "figures": event.figures,
                        "note": event.note,
                        "source": event.meta.source,
                        "confidence": event.meta.confidence,
                        "about": str(event.about) if event.about else None,
                    },
                )
            case Claim.Retracted():
                present = (CLAIM.c.claim == str(recorded.stream), CLAIM.c.known_until.is_(None))
                tx.execute(sa.update(CLAIM).where(*present).values(known_until=recorded.position))


class ClaimLists:
    """Questions to the claims at a moment."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def lines(self, moment: Moment, *, about: UUID | None = None) -> list[ClaimLine]:
        """The claims known then about facts that had happened, by date; of one pole or of none."""
        query = sa.select(CLAIM).where(seen(CLAIM, known=moment.known, in_force=moment.in_force))
        query = query.where(
            CLAIM.c.about == str(about) if about else CLAIM.c.about.is_(None)
        ).order_by(CLAIM.c.valid_from, CLAIM.c.known_from)
        with self._engine.connect() as tx:
            rows = tx.execute(query).mappings().all()
        return [
            ClaimLine(
                id=UUID(row["claim"]),
                occurred_on=row["occurred_on"],
                statement=row["statement"],
                author=row["author"],
                figures=row["figures"],
                note=row["note"],
                source=row["source"],
                confidence=row["confidence"],
                about=UUID(row["about"]) if row["about"] else None,
            )
            for row in rows
        ]
