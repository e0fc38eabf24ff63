"""The journal, its sealed values, the positions of its readers, and the first read models."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

JOURNAL = (
    sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
    sa.Column("stream", sa.Text(), nullable=False),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.Column("topic", sa.Text(), nullable=False),
    sa.Column("state", sa.LargeBinary(), nullable=False),
    sa.Column("event_id", sa.Text(), nullable=False),
    sa.Column("command", sa.Text(), unique=True),
    sa.Column("request", sa.LargeBinary()),
    sa.Column("answer", sa.Text()),
    sa.Column("leaf", sa.LargeBinary(), nullable=False),
    sa.Column("peak", sa.LargeBinary(), nullable=False),
    sa.Column("recorded_at", sa.BigInteger(), nullable=False),
    sa.UniqueConstraint("stream", "version"),
)


def interval() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("row", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("known_from", sa.BigInteger(), nullable=False),
        sa.Column("known_until", sa.BigInteger()),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date()),
    )


def upgrade() -> None:
    op.create_table("event", *JOURNAL, sqlite_autoincrement=False)
    op.create_table(
        "sealed",
        sa.Column("ref", sa.Text(), primary_key=True),
        sa.Column("subject", sa.Text(), nullable=False, index=True),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "tracking",
        sa.Column("application_name", sa.Text(), primary_key=True),
        sa.Column("notification_id", sa.BigInteger(), nullable=False),
    )
    op.execute("INSERT INTO tracking VALUES ('read_models', 0)")
    op.create_table(
        "restoration",
        sa.Column("at", sa.BigInteger(), primary_key=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("previous_size", sa.BigInteger(), nullable=False),
        sa.Column("previous_root", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "register",
        *interval(),
        sa.Column("pole", sa.Text(), nullable=False),
        sa.Column("code", sa.Text()),
        sa.Column("name", sa.Text()),
        sa.Column("activity", sa.Text()),
        sa.Column("words", sa.Text()),
        sa.Column("department", sa.Text()),
        sa.Column("region", sa.Text()),
        sa.Column("confidence", sa.Text()),
    )
    op.create_index("register_pole", "register", ["pole", "known_until"])
    op.create_table(
        "journey",
        *interval(),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text()),
        sa.Column("stage_since", sa.Date()),
        sa.Column("stage_on", sa.Text()),
        sa.Column("version", sa.Text()),
        sa.Column("version_since", sa.Date()),
    )
    op.create_index("journey_subject", "journey", ["subject", "known_until"])
    op.create_table(
        "claim",
        *interval(),
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
    op.create_index("claim_claim", "claim", ["claim", "known_until"])
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(Path(__file__).with_name("v0001_append.sql").read_text("utf-8"))
