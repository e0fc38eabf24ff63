"""The tables of what lets people in; instants are in microseconds since 1970, UTC."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from domain.kernel import EPOCH

METADATA = sa.MetaData()


def _table(
    name: str, *texts: str, instants: tuple[str, ...], more: tuple[sa.Column[Any], ...] = ()
) -> sa.Table:
    return sa.Table(
        name,
        METADATA,
        *(sa.Column(column, sa.Text()) for column in texts),
        *(sa.Column(column, sa.BigInteger()) for column in instants),
        *more,
    )


PASSWORD = _table("password", "account", "hash", instants=("set_at",))

SESSION = _table(
    "open_session",
    *("secret", "id", "account", "way", "agent", "role", "mandate"),
    instants=("began_at", "seen_at", "ends_at"),
)

ONE_TIME_LINK = _table("one_time_link", "secret", "account", "purpose", instants=("ends_at",))

API_TOKEN = _table(
    "api_token",
    *("secret", "id", "account", "name", "roles"),
    instants=("made_at", "ends_at", "used_at"),
    more=(sa.Column("may_act", sa.Boolean()),),
)

ATTEMPT = _table("attempt", "mark", instants=("at",))

PASSKEY = _table(
    "passkey",
    *("credential", "account", "name"),
    instants=("made_at", "used_at"),
    more=(sa.Column("public_key", sa.LargeBinary()), sa.Column("sign_count", sa.Integer())),
)

FEDERATED = _table("federated", "issuer", "subject", "account", instants=("linked_at",))

HANDSHAKE = _table("handshake", "state", "kind", "content", instants=("ends_at",))

DRAFT = _table(
    "draft",
    *("account", "form", "about"),
    instants=("saved_at",),
    more=(sa.Column("content", sa.LargeBinary()),),
)

OF_AN_ACCOUNT = (PASSWORD, SESSION, ONE_TIME_LINK, API_TOKEN, PASSKEY, FEDERATED, DRAFT)
"""What goes with an account whose person is forgotten."""

Clock = Callable[[], datetime]


def micros(at: datetime) -> int:
    """An instant as it is stored."""
    return (at - EPOCH) // timedelta(microseconds=1)


def new_secret() -> str:
    """256 random bits, as they travel; they are stored by their digest only."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What is stored of a secret. It is random and long: no slow hash is needed."""
    return sha256(secret.encode()).hexdigest()
