"""What was begun with a browser, and waits for its answer: once, soon, and of that browser."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from pydantic_core import from_json, to_json

from domain.errors import Forbidden
from infrastructure.database import writing
from infrastructure.sign_in.tables import HANDSHAKE, Clock, digest, micros, new_secret


class NotBegunHere(Forbidden):
    """What comes back was not begun in this browser, was used already, or is too old."""

    code = "sign_in.not_begun_here"
    fr = (
        "Ce que vous terminez n'a pas commencé dans ce navigateur, a déjà servi, ou date de trop "
        "longtemps : recommencez."
    )
    en = (
        "What you are finishing was not begun in this browser, was used already, or is too old: "
        "start again."
    )


class Handshakes:
    """Keeps what was begun, and gives it back once; the table holds the digest of its secret."""

    def __init__(self, engine: sa.Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def keep(
        self,
        kind: str,
        content: dict[str, Any],
        *,
        browser: str,
        lasts: timedelta,
        secret: str | None = None,
    ) -> str:
        """Keep what was begun; gives the secret by which it is taken back.

        Args:
            browser: a secret that this browser alone has.
            secret: one that was made already.
        """
        now, secret = self._clock(), secret or new_secret()
        kept = to_json({"browser": digest(browser), "content": content}).decode()
        row = {
            "state": digest(secret),
            "kind": kind,
            "content": kept,
            "ends_at": micros(now + lasts),
        }
        with writing(self._engine) as tx:
            tx.execute(sa.delete(HANDSHAKE).where(HANDSHAKE.c.ends_at <= micros(now)))
            tx.execute(sa.insert(HANDSHAKE).values(row))
        return secret

    def take(self, kind: str, secret: str, *, browser: str) -> dict[str, Any]:
        """What was begun under a secret, by this browser; of two who take it, one is refused."""
        query = sa.delete(HANDSHAKE).where(
            HANDSHAKE.c.state == digest(secret),
            HANDSHAKE.c.kind == kind,
            HANDSHAKE.c.ends_at > micros(self._clock()),
        )
        with writing(self._engine) as tx:
            found = tx.scalar(query.returning(HANDSHAKE.c.content))
        kept = from_json(found) if found else {}
        if kept.get("browser") != digest(browser):
            raise NotBegunHere
        content: dict[str, Any] = kept["content"]
        return content
