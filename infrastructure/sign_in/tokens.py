"""Tokens of the API: shown once, kept hashed, for some roles, for a time."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from domain.errors import Refused
from domain.kernel import instant_of
from domain.provenance import AccountId
from domain.roles import Role
from domain.values import Frozen, Line
from infrastructure.database import writing
from infrastructure.sign_in.tables import API_TOKEN, Clock, digest, micros, new_secret

PREFIX = "jalon_"
"""By which whoever finds one knows what it is, and programs that look for secrets too."""

LONGEST = timedelta(days=366)
NOTED = timedelta(minutes=1)


class TokenLifetime(Refused):
    """A token ends, within a year."""

    code = "token.lifetime"
    fr = "Un jeton prend fin au plus tard dans un an, et pas avant demain."
    en = "A token ends within a year, and not before tomorrow."


class ApiTokenLine(Frozen):
    """One token, as its holder sees it; its secret is shown when it is made, and never again."""

    id: UUID
    account: AccountId
    name: Line
    roles: tuple[Role, ...]
    may_act: bool
    made_at: datetime
    ends_at: datetime
    used_at: datetime | None


class ApiTokens:
    """Makes, finds, lists and revokes tokens."""

    def __init__(self, engine: sa.Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def make(
        self,
        account: UUID,
        name: str,
        *,
        roles: Collection[Role],
        may_act: bool,
        ends_at: datetime,
    ) -> str:
        """A new token; its secret, which nothing else tells."""
        now = self._clock()
        if not now < ends_at <= now + LONGEST:
            raise TokenLifetime
        secret = f"{PREFIX}{new_secret()}"
        row = {
            "secret": digest(secret),
            "id": str(uuid4()),
            "account": str(account),
            "name": name,
            "roles": " ".join(roles),
            "may_act": may_act,
            "made_at": micros(now),
            "ends_at": micros(ends_at),
            "used_at": None,
        }
        with writing(self._engine) as tx:
            tx.execute(sa.insert(API_TOKEN).values(row))
        return secret

    def find(self, secret: str) -> ApiTokenLine | None:
        """The token of a secret, if it has not ended; that it is in use is noted."""
        now = self._clock()
        mine = API_TOKEN.c.secret == digest(secret)
        lasts = API_TOKEN.c.ends_at > micros(now)
        with self._engine.connect() as tx:
            row = tx.execute(sa.select(API_TOKEN).where(mine, lasts)).mappings().first()
        if row is None:
            return None
        if row["used_at"] is None or row["used_at"] <= micros(now - NOTED):
            with writing(self._engine) as tx:
                tx.execute(sa.update(API_TOKEN).where(mine).values(used_at=micros(now)))
        return _line(row)

    def of(self, account: UUID) -> Iterator[ApiTokenLine]:
        """The tokens of somebody, the last one first; those that ended too, until revoked."""
        mine = API_TOKEN.c.account == str(account)
        query = sa.select(API_TOKEN).where(mine).order_by(API_TOKEN.c.made_at.desc())
        with self._engine.connect() as tx:
            yield from map(_line, tx.execute(query).mappings().all())

    def revoke(self, account: UUID, id_: UUID) -> None:
        """Let a token of somebody be of no more use."""
        with writing(self._engine) as tx:
            mine = (API_TOKEN.c.account == str(account), API_TOKEN.c.id == str(id_))
            tx.execute(sa.delete(API_TOKEN).where(*mine))


def _line(row: Any) -> ApiTokenLine:
    told = {name: value for name, value in row.items() if name != "secret"}
    instants = {
        name: row[name] and instant_of(row[name]) for name in ("made_at", "ends_at", "used_at")
    }
    roles = tuple(Role(role) for role in row["roles"].split())
    return ApiTokenLine.model_validate({**told, **instants, "roles": roles})
