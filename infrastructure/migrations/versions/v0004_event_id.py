"""An event is found by its identity."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_index("event_event_id", "event", ["event_id"])
