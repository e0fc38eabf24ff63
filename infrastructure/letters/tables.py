"""The tables of what was written to whom: how far it was read, and what is being written now."""

import sqlalchemy as sa

METADATA = sa.MetaData()

ROUND = sa.Table(
    "letter_round",
    METADATA,
    sa.Column("name", sa.Text(), primary_key=True),
    sa.Column("position", sa.BigInteger(), nullable=False),
    sa.Column("day", sa.Text(), nullable=False),
)
"""Up to which event, and on which day, each kind of round was made."""

CLAIM = sa.Table(
    "letter_claim",
    METADATA,
    sa.Column("letter", sa.Text(), primary_key=True),
    sa.Column("at", sa.BigInteger(), nullable=False),
)
"""The letters that some program is writing now, with the microsecond since which it does."""
