"""Letting people in by their passkeys, and keeping the public halves of these."""

from collections.abc import Collection, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from application.account import address_of
from domain.account import Account, UnknownAccount
from domain.kernel import instant_of
from domain.provenance import AccountId
from infrastructure.database import writing
from infrastructure.event_store.registry import Registry
from infrastructure.sign_in import passkeys
from infrastructure.sign_in.handshakes import Handshakes
from infrastructure.sign_in.passkeys import (
    Options,
    Passkey,
    PasskeyRefused,
    PasskeySite,
    UnknownPasskey,
)
from infrastructure.sign_in.tables import PASSKEY, micros
from infrastructure.sign_in.ways_in import must_leave_a_way

LASTS = timedelta(minutes=5)
"""For how long a device may look for its key (product rule)."""

REGISTERING, SIGNING_IN = "passkey.register", "passkey.sign_in"
LONGEST_NAME = 60


class PasskeyDesk:
    """Asks devices for keys, recognises them, and lists, names and removes them."""

    def __init__(self, registry: Registry, engine: sa.Engine, issuers: Collection[str]) -> None:
        self._registry = registry
        self._engine = engine
        self._clock = registry.clock
        self._issuers = issuers
        self._handshakes = Handshakes(engine, registry.clock)

    # Signing in.

    def ask(self, site: PasskeySite, browser: str) -> tuple[Options, str]:
        """What to ask a device that signs somebody in, and the secret of that."""
        challenge = passkeys.new_challenge()
        return passkeys.sign_in_options(site, challenge), self._keep(
            SIGNING_IN, challenge, "", browser
        )

    def recognise(self, site: PasskeySite, secret: str, answer: str, browser: str) -> AccountId:
        """Whose device it is that answered; each answer serves once."""
        challenge, _ = self._take(SIGNING_IN, secret, browser)
        mine = PASSKEY.c.credential == passkeys.credential_of(answer)
        with writing(self._engine) as tx:
            row = tx.execute(sa.select(PASSKEY).where(mine).with_for_update()).mappings().first()
            if row is None:
                raise PasskeyRefused
            passkey = _line(row)
            count = passkeys.used(site, challenge, answer, passkey)
            now = micros(self._clock())
            tx.execute(sa.update(PASSKEY).where(mine).values(sign_count=count, used_at=now))
        return AccountId(passkey.account)

    # The keys of an account.

    def of(self, account: UUID) -> Iterator[Passkey]:
        """The keys of an account, the first one first."""
        mine = PASSKEY.c.account == str(account)
        query = sa.select(PASSKEY).where(mine).order_by(PASSKEY.c.made_at, PASSKEY.c.credential)
        with self._engine.connect() as tx:
            yield from map(_line, tx.execute(query).mappings().all())

    def ask_new(self, site: PasskeySite, account: UUID, browser: str) -> tuple[Options, str]:
        """What to ask a device that makes a key for an account, and the secret of that."""
        challenge, found = passkeys.new_challenge(), self._registry.load(Account, account)
        if found is None:
            raise UnknownAccount(name=account)
        options = passkeys.registration_options(
            site,
            challenge,
            account=account,
            name=address_of(self._registry, found),
            known=[one.credential for one in self.of(account)],
        )
        return options, self._keep(REGISTERING, challenge, str(account), browser)

    def add(
        self, site: PasskeySite, account: UUID, secret: str, answer: str, name: str, browser: str
    ) -> None:
        """Keep the key that a device made for an account; one that is kept already is refused."""
        challenge, asked_for = self._take(REGISTERING, secret, browser)
        made = passkeys.registered(site, challenge, answer)
        if asked_for != str(account):
            raise PasskeyRefused
        row = {
            "credential": made.credential,
            "account": str(account),
            "name": _name(name),
            "made_at": micros(self._clock()),
            "used_at": None,
            "public_key": made.public_key,
            "sign_count": made.sign_count,
        }
        try:
            with writing(self._engine) as tx:
                tx.execute(sa.insert(PASSKEY).values(row))
        except sa.exc.IntegrityError:
            raise PasskeyRefused from None

    def rename(self, account: UUID, credential: str, name: str) -> None:
        """Call a key of one's own otherwise."""
        with writing(self._engine) as tx:
            query = sa.update(PASSKEY).where(*_mine(account, credential))
            if not tx.execute(query.values(name=_name(name))).rowcount:
                raise UnknownPasskey(name="")

    def remove(self, account: UUID, credential: str) -> None:
        """Let a key of one's own be of no more use, unless it is the only way in."""
        with writing(self._engine) as tx:
            if not tx.execute(sa.delete(PASSKEY).where(*_mine(account, credential))).rowcount:
                raise UnknownPasskey(name="")
            must_leave_a_way(tx, account, self._issuers)

    def _keep(self, kind: str, challenge: bytes, account: str, browser: str) -> str:
        content = {"challenge": challenge.hex(), "account": account}
        return self._handshakes.keep(kind, content, browser=browser, lasts=LASTS)

    def _take(self, kind: str, secret: str, browser: str) -> tuple[bytes, str]:
        content = self._handshakes.take(kind, secret, browser=browser)
        return bytes.fromhex(content["challenge"]), content["account"]


def _mine(account: UUID, credential: str) -> tuple[sa.ColumnElement[bool], ...]:
    return PASSKEY.c.account == str(account), PASSKEY.c.credential == credential


def _name(given: str) -> str:
    return " ".join(given.split())[:LONGEST_NAME] or "Clé d'accès"


def _line(row: Any) -> Passkey:
    used_at = row["used_at"]
    return Passkey(
        credential=row["credential"],
        account=UUID(row["account"]),
        name=row["name"],
        made_at=instant_of(row["made_at"]),
        used_at=None if used_at is None else instant_of(used_at),
        public_key=bytes(row["public_key"]),
        sign_count=row["sign_count"],
    )
