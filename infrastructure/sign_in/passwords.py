"""Passwords: argon2id, long enough, and none that everybody tries first."""

from functools import cached_property
from uuid import UUID

import sqlalchemy as sa
from pwdlib import PasswordHash

from domain.errors import Refused
from domain.spelling import plain
from infrastructure.database import writing
from infrastructure.sign_in.tables import PASSWORD, Clock, micros

SHORTEST, LONGEST = 12, 200
"""Characters. Twelve with a limit on attempts is above the 50 bits that the CNIL recommends there
(délibération n° 2022-100 du 21 juillet 2022); a longer text than two hundred is nobody's."""

TRIED_FIRST = frozenset(
    plain(text)
    for text in (
        *("motdepasse", "password", "azertyuiop", "qwertyuiop", "administrateur", "administrator"),
        *("bonjour", "welcome", "soleil", "jalon", "ptce", "123456789012", "abcdefghijkl"),
    )
)
"""Words that anybody tries; also with digits after them."""


class WeakPassword(Refused):
    """A password can be guessed."""

    code = "password.weak"
    fr = "Ce mot de passe ne convient pas : {reason}."
    en = "This password will not do: {reason}."


class Passwords:
    """Sets and checks the passwords of accounts."""

    def __init__(self, engine: sa.Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    @cached_property
    def _hasher(self) -> PasswordHash:
        return PasswordHash.recommended()

    @cached_property
    def _nobodys(self) -> str:
        """What is compared where there is no password, so that it takes as long."""
        return self._hasher.hash("celui de personne")

    def hashed(self, text: str) -> str:
        """A password as it is stored; refused where it is weak."""
        must_be_strong(text)
        return self._hasher.hash(text)

    def set(self, account: UUID, hashed: str) -> None:
        """Let this be the password of an account from now on."""
        row = {"account": str(account), "hash": hashed, "set_at": micros(self._clock())}
        with writing(self._engine) as tx:
            tx.execute(sa.delete(PASSWORD).where(PASSWORD.c.account == str(account)))
            tx.execute(sa.insert(PASSWORD).values(row))

    def has(self, account: UUID) -> bool:
        """Whether an account has one."""
        return self._hash_of(account) is not None

    def check(self, account: UUID | None, text: str) -> bool:
        """Whether this is the password of an account; as long for none as for any."""
        kept = self._hash_of(account) if account else None
        held, better = self._hasher.verify_and_update(text[: LONGEST + 1], kept or self._nobodys)
        if account and kept and held and better:
            self.set(account, better)
        return held and kept is not None

    def _hash_of(self, account: UUID) -> str | None:
        query = sa.select(PASSWORD.c.hash).where(PASSWORD.c.account == str(account))
        with self._engine.connect() as tx:
            return tx.scalar(query)


def must_be_strong(text: str) -> None:
    """Refuse what is too short, too long, or what anybody would try."""
    if len(text) < SHORTEST:
        raise WeakPassword(reason=f"il compte au moins {SHORTEST} caractères")
    if len(text) > LONGEST:
        raise WeakPassword(reason=f"il compte au plus {LONGEST} caractères")
    if len(set(text)) < SHORTEST // 2:
        raise WeakPassword(reason="les mêmes caractères y reviennent trop souvent")
    if plain(text.rstrip("0123456789!?.*#-_ ")) in TRIED_FIRST or plain(text) in TRIED_FIRST:
        raise WeakPassword(reason="c'est l'un de ceux que l'on essaie d'abord")
