"""What lets people in, and what they have begun to write: of no event, and of no read model."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def _text(name: str, *, optional: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=optional)


def _instant(name: str, *, optional: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=optional)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "password",
        sa.Column("account", sa.Text(), primary_key=True),
        _text("hash"),
        _instant("set_at"),
    )
    op.create_table(
        "open_session",
        sa.Column("secret", sa.Text(), primary_key=True),
        sa.Column("id", sa.Text(), nullable=False, unique=True),
        *(_text(name) for name in ("account", "way", "agent", "role")),
        _text("mandate", optional=True),
        *(_instant(name) for name in ("began_at", "seen_at", "ends_at")),
    )
    op.create_index("open_session_account", "open_session", ["account"])
    op.create_table(
        "one_time_link",
        sa.Column("secret", sa.Text(), primary_key=True),
        *(_text(name) for name in ("account", "purpose")),
        _instant("ends_at"),
    )
    op.create_table(
        "api_token",
        sa.Column("secret", sa.Text(), primary_key=True),
        sa.Column("id", sa.Text(), nullable=False, unique=True),
        *(_text(name) for name in ("account", "name", "roles")),
        sa.Column("may_act", sa.Boolean(), nullable=False),
        *(_instant(name) for name in ("made_at", "ends_at")),
        _instant("used_at", optional=True),
    )
    op.create_index("api_token_account", "api_token", ["account"])
    op.create_table(
        "attempt",
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=True),
        _text("mark"),
        _instant("at"),
    )
    op.create_index("attempt_mark", "attempt", ["mark", "at"])
    op.create_table(
        "passkey",
        sa.Column("credential", sa.Text(), primary_key=True),
        _text("account"),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        _number("sign_count"),
        _text("name"),
        _instant("made_at"),
        _instant("used_at", optional=True),
    )
    op.create_index("passkey_account", "passkey", ["account"])
    op.create_table(
        "federated",
        sa.Column("issuer", sa.Text(), primary_key=True),
        sa.Column("subject", sa.Text(), primary_key=True),
        _text("account"),
        _instant("linked_at"),
    )
    op.create_table(
        "handshake",
        sa.Column("state", sa.Text(), primary_key=True),
        *(_text(name) for name in ("kind", "content")),
        _instant("ends_at"),
    )
    op.create_table(
        "draft",
        *(sa.Column(name, sa.Text(), primary_key=True) for name in ("account", "form", "about")),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        _instant("saved_at"),
    )
