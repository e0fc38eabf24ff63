"""Up to where the read models tell the journal: the position moves with the rows, in one step."""

import sqlalchemy as sa

from infrastructure.read_models.intervals import METADATA

TRACKING = sa.Table(
    "tracking",
    METADATA,
    sa.Column("application_name", sa.Text(), primary_key=True),
    sa.Column("notification_id", sa.BigInteger(), nullable=False),
)
FOLLOWER = "read_models"


def followed_to(tx: sa.Connection) -> int:
    """Up to where the read models tell the journal."""
    query = sa.select(TRACKING.c.notification_id).where(TRACKING.c.application_name == FOLLOWER)
    return int(tx.execute(query).scalar_one())
