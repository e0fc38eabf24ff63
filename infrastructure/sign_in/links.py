"""Links that serve once: an invitation, or a new password."""

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from domain.errors import NotFound
from domain.provenance import AccountId
from infrastructure.database import writing
from infrastructure.sign_in.tables import ONE_TIME_LINK, Clock, digest, micros, new_secret

INVITATION, RESET = "invitation", "reset"

LASTS = {INVITATION: timedelta(days=7), RESET: timedelta(hours=1)}
"""For how long each serves (product rule)."""


class LinkOver(NotFound):
    """A link served already, or too much time has passed."""

    code = "link.over"
    fr = (
        "Ce lien ne sert plus : il a déjà servi, un autre l'a remplacé, ou son délai est passé. "
        "Demandez-en un autre à qui administre les comptes."
    )
    en = (
        "This link is of no more use: it served already, another took its place, or its time is "
        "over. Ask whoever administers the accounts for another."
    )


class OneTimeLinks:
    """Makes links and takes them back; the table holds the digest of their secret."""

    def __init__(self, engine: sa.Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def make(self, account: UUID, purpose: str) -> str:
        """The secret of a new link; those made before for the same are of no more use."""
        secret = new_secret()
        row = {
            "secret": digest(secret),
            "account": str(account),
            "purpose": purpose,
            "ends_at": micros(self._clock() + LASTS[purpose]),
        }
        with writing(self._engine) as tx:
            tx.execute(sa.delete(ONE_TIME_LINK).where(ONE_TIME_LINK.c.account == str(account)))
            tx.execute(sa.insert(ONE_TIME_LINK).values(row))
        return secret

    def look(self, secret: str) -> AccountId:
        """Whose link it is; it goes on serving. Refused where it does not any more."""
        with self._engine.connect() as tx:
            found = tx.scalar(sa.select(ONE_TIME_LINK.c.account).where(*self._of(secret)))
        if found is None:
            raise LinkOver(name="")
        return AccountId(UUID(found))

    def take(self, secret: str) -> AccountId:
        """Whose link it is; it serves no more. Of two at once, one is refused."""
        with writing(self._engine) as tx:
            query = sa.delete(ONE_TIME_LINK).where(*self._of(secret))
            found = tx.scalar(query.returning(ONE_TIME_LINK.c.account))
        if found is None:
            raise LinkOver(name="")
        return AccountId(UUID(found))

    def _of(self, secret: str) -> tuple[sa.ColumnElement[bool], ...]:
        lasts = ONE_TIME_LINK.c.ends_at > micros(self._clock())
        return ONE_TIME_LINK.c.secret == digest(secret), lasts
