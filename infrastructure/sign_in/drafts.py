"""What people have begun to write and not sent: theirs alone, unreadable where it is kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from domain.errors import Refused
from domain.kernel import EPOCH
from domain.personal import SealedAltered
from infrastructure.database import writing
from infrastructure.keys import KeyStore
from infrastructure.sealing import decrypted, encrypted
from infrastructure.sign_in.tables import DRAFT, Clock, micros

LASTS = timedelta(days=60)
"""For how long a draft that is left alone is kept (product rule)."""

LARGEST = 200_000
"""Characters of what one form holds."""


class DraftTooLarge(Refused):
    """A draft is what somebody types, and no file."""

    code = "draft.too_large"
    fr = "Ce brouillon est trop long pour être gardé : enregistrez, ou gardez le texte ailleurs."
    en = "This draft is too long to be kept: record it, or keep the text elsewhere."


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed in a form, as it was kept, and when."""

    content: str
    saved_at: datetime


class Drafts:
    """Keeps drafts, one for each form and what it is about, until they are sent or grow old.

    What they hold may be about persons: it is encrypted under a key of the key store, and bound to
    whose it is. A draft that cannot be opened is as though there were none.
    """

    def __init__(self, engine: sa.Engine, keys: KeyStore, clock: Clock) -> None:
        self._engine = engine
        self._keys = keys
        self._clock = clock

    def keep(
        self, account: UUID, form: str, about: str, content: str, *, most: int = LARGEST
    ) -> datetime:
        """Keep what was typed, in place of what was kept before; gives when.

        Args:
            most: how many characters are kept.
        """
        if len(content) > most:
            raise DraftTooLarge
        now = self._clock()
        sealed = encrypted(self._keys.drafts_key, content, _bound(account, form, about))
        row = {"account": str(account), "form": form, "about": about}
        over = DRAFT.c.saved_at <= micros(now - LASTS)
        with writing(self._engine) as tx:
            tx.execute(sa.delete(DRAFT).where(sa.or_(over, _of(account, form, about))))
            tx.execute(sa.insert(DRAFT).values(**row, content=sealed, saved_at=micros(now)))
        return now

    def find(self, account: UUID, form: str, about: str) -> Draft | None:
        """What was kept of a form; nothing, once it is over."""
        lasting = DRAFT.c.saved_at > micros(self._clock() - LASTS)
        query = sa.select(DRAFT.c.content, DRAFT.c.saved_at)
        with self._engine.connect() as tx:
            row = tx.execute(query.where(_of(account, form, about), lasting)).first()
        if row is None:
            return None
        try:
            bound = _bound(account, form, about)
            content = decrypted(self._keys.drafts_key, bytes(row.content), bound)
        except SealedAltered:
            return None
        return Draft(content, EPOCH + timedelta(microseconds=row.saved_at))

    def drop(self, account: UUID, form: str, about: str) -> None:
        """Keep it no more: it was sent, or is not wanted."""
        with writing(self._engine) as tx:
            tx.execute(sa.delete(DRAFT).where(_of(account, form, about)))


def _of(account: UUID, form: str, about: str) -> sa.ColumnElement[bool]:
    return sa.and_(DRAFT.c.account == str(account), DRAFT.c.form == form, DRAFT.c.about == about)


def _bound(account: UUID, form: str, about: str) -> str:
    return f"draft|{account}|{form}|{about}"
