"""The read models are made from the code from here on: they hold nothing of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    for table in ("register", "journey", "claim"):
        op.drop_table(table)
    op.create_table(
        "read_model",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("digest", sa.Text(), nullable=False),
    )
