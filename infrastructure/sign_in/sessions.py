"""Sessions: that somebody is signed in, in which role they act, and until when."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from application.command import By
from domain.kernel import instant_of
from domain.provenance import AccountId, MandateId
from domain.roles import Role
from domain.values import Frozen
from infrastructure.database import writing
from infrastructure.sign_in.tables import SESSION, Clock, digest, micros, new_secret

IDLE = timedelta(hours=2)
"""After so long without a request, a session is over (product rule)."""

LASTS = timedelta(hours=12)
"""A working day: nobody stays signed in for longer without signing in again (product rule)."""

NOTED = timedelta(minutes=1)
"""How often at most it is written that a session is in use."""


class Caller(Frozen):
    """From where, and with what, somebody comes to sign in."""

    client: str = ""
    """Where the request comes from; it is counted, not kept."""
    agent: str = ""
    """The browser in a few words."""
    had: str = ""
    """The secret of the session that the browser had, which ends where another begins."""


class SessionLine(Frozen):
    """One session, as its holder sees it."""

    id: UUID
    account: AccountId
    way: str
    """`password`, `passkey`, `openid`, `link`."""
    agent: str
    role: Role
    mandate: MandateId | None
    began_at: datetime
    seen_at: datetime
    ends_at: datetime

    @property
    def by(self) -> By:
        """Who acts, in which role, under which mandate."""
        return By(actor=self.account, role=self.role, on_behalf_of=self.mandate)


class Sessions:
    """Begins, finds, lists and ends sessions; a cookie holds the secret, the table its digest."""

    def __init__(self, engine: sa.Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def begin(self, account: UUID, way: str, caller: Caller, *, role: Role) -> str:
        """Sign somebody in; gives the secret of a new session, which nothing else tells."""
        secret, now = new_secret(), self._clock()
        row = {
            "secret": digest(secret),
            "id": str(uuid4()),
            "account": str(account),
            "way": way,
            "agent": caller.agent[:120],
            "role": role.value,
            "mandate": None,
            "began_at": micros(now),
            "seen_at": micros(now),
            "ends_at": micros(now + LASTS),
        }
        over = sa.or_(
            SESSION.c.ends_at <= micros(now),
            SESSION.c.seen_at <= micros(now - IDLE),
            SESSION.c.secret == digest(caller.had),
        )
        with writing(self._engine) as tx:
            tx.execute(sa.delete(SESSION).where(over))
            tx.execute(sa.insert(SESSION).values(row))
        return secret

    def find(self, secret: str) -> SessionLine | None:
        """The session of a secret, if it still lasts; that it is in use is noted."""
        now = self._clock()
        mine = SESSION.c.secret == digest(secret)
        with self._engine.connect() as tx:
            row = tx.execute(sa.select(SESSION).where(mine, *self._lasting(now))).mappings().first()
        if row is None:
            return None
        if row["seen_at"] <= micros(now - NOTED):
            with writing(self._engine) as tx:
                tx.execute(sa.update(SESSION).where(mine).values(seen_at=micros(now)))
        return _line(row)

    def act_as(self, id_: UUID, role: Role, mandate: UUID | None) -> None:
        """Let somebody act in another of their roles from now on."""
        under = str(mandate) if mandate else None
        with writing(self._engine) as tx:
            mine = SESSION.c.id == str(id_)
            tx.execute(sa.update(SESSION).where(mine).values(role=role.value, mandate=under))

    def of(self, account: UUID) -> Iterator[SessionLine]:
        """The sessions of somebody that still last, the one used last first."""
        query = (
            sa.select(SESSION)
            .where(SESSION.c.account == str(account), *self._lasting(self._clock()))
            .order_by(SESSION.c.seen_at.desc())
        )
        with self._engine.connect() as tx:
            yield from map(_line, tx.execute(query).mappings().all())

    def end(self, account: UUID, id_: UUID) -> None:
        """End one session of somebody."""
        with writing(self._engine) as tx:
            mine = (SESSION.c.account == str(account), SESSION.c.id == str(id_))
            tx.execute(sa.delete(SESSION).where(*mine))

    def end_all(self, account: UUID, *, but: UUID | None = None) -> None:
        """End every session of somebody, but one."""
        with writing(self._engine) as tx:
            mine = (SESSION.c.account == str(account), SESSION.c.id != str(but))
            tx.execute(sa.delete(SESSION).where(*mine))

    @staticmethod
    def _lasting(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
        return SESSION.c.ends_at > micros(now), SESSION.c.seen_at > micros(now - IDLE)


def _line(row: Any) -> SessionLine:
    told = {name: value for name, value in row.items() if name != "secret"}
    instants = {name: instant_of(row[name]) for name in ("began_at", "seen_at", "ends_at")}
    return SessionLine.model_validate({**told, **instants})
