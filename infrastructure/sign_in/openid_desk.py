"""Letting people in through a provider of identity: which account is that of whom it names."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from application.account import account_at
from domain.errors import Forbidden, NotFound, Refused
from domain.kernel import instant_of
from domain.provenance import AccountId
from infrastructure.database import writing
from infrastructure.event_store.registry import Registry
from infrastructure.sign_in.handshakes import Handshakes, NotBegunHere
from infrastructure.sign_in.openid import FederatedIdentity, OpenIdHandshake, RelyingParty
from infrastructure.sign_in.providers import OpenIdProvider
from infrastructure.sign_in.sessions import LASTS as SESSION_LASTS
from infrastructure.sign_in.tables import FEDERATED, micros
from infrastructure.sign_in.ways_in import must_leave_a_way

LASTS = timedelta(minutes=15)
"""For how long a person may be at the provider (product rule)."""

RETURN = "/connexion/retour"
AT_PROVIDER, TO_LINK, SIGNED_IN = "openid", "openid.link", "openid.session"


class NoAccountForYou(Forbidden):
    """The provider says who it is, and nobody opened an account for them."""

    code = "openid.no_account"
    fr = (
        "« {name} » vous a reconnu, mais aucun compte de ce registre n'est ouvert pour vous : "
        "demandez-le à l'administration du registre."
    )
    en = (
        "“{name}” recognised you, but no account of this registry is open for you: ask the "
        "administrators of the registry."
    )


class LinkedOtherwise(Forbidden):
    """An account with that address is linked to somebody else at the same provider."""

    code = "openid.linked_otherwise"
    fr = (
        "Le compte qui a votre adresse est déjà relié à une autre identité de « {name} » : "
        "connectez-vous autrement, puis reliez celle-ci sous « Mon compte », ou demandez-le à "
        "l'administration du registre."
    )
    en = (
        "The account with your address is already linked to another identity of “{name}”: sign in "
        "some other way, then link this one under “Mon compte”, or ask the administrators."
    )


class IdentityTaken(Refused):
    """An identity lets into one account."""

    code = "openid.taken"
    fr = "Cette identité de « {name} » est déjà reliée à un autre compte. Rien n'est changé."
    en = "This identity of “{name}” is already linked to another account. Nothing was changed."


class UnknownIdentity(NotFound):
    """There is no such identity among those of an account."""

    code = "openid.unknown_identity"
    fr = "Cette identité n'est pas, ou plus, reliée à votre compte."
    en = "This identity is not, or no longer, linked to your account."


@dataclass(frozen=True, slots=True)
class LinkedIdentity:
    """An identity by which somebody may sign in, as they see it."""

    issuer: str
    subject: str
    provider: str | None
    """What the provider is called; `None` where it is none of this registry any more."""
    linked_at: datetime


@dataclass(frozen=True, slots=True)
class OpenIdReturn:
    """Somebody who came back from a provider."""

    identity: FederatedIdentity
    account: AccountId | None
    """To which account they asked to link it; `None`: they are signing in."""
    then: str


class OpenIdDesk:
    """Sends people to their provider, knows them when they come back, and finds their account."""

    def __init__(self, registry: Registry, engine: sa.Engine, party: RelyingParty) -> None:
        self._registry = registry
        self._engine = engine
        self._clock = registry.clock
        self._party = party
        self._handshakes = Handshakes(engine, registry.clock)

    def provider(self, key: str) -> OpenIdProvider:
        return self._party.provider(key)

    @property
    def _issuers(self) -> dict[str, str]:
        return {one.issuer: one.name for one in self._party.providers.values()}

    # There and back.

    def begin(
        self, key: str, address: str, browser: str, *, account: AccountId | None, then: str
    ) -> str:
        """Where to send somebody who signs in, or who links an identity to their account.

        Each provider has an address of return of its own: none answers for another (RFC 9700).
        """
        url, handshake = self._party.begin(key, f"{address}{RETURN}/{key}")
        content = {
            "handshake": handshake.model_dump(),
            "account": str(account) if account else "",
            "then": then,
        }
        self._handshakes.keep(
            AT_PROVIDER, content, browser=browser, lasts=LASTS, secret=handshake.state
        )
        return url

    def finish(self, key: str, params: Mapping[str, str], browser: str) -> OpenIdReturn:
        """Who came back from a provider, with what the address says."""
        kept = self._handshakes.take(AT_PROVIDER, params.get("state", ""), browser=browser)
        handshake = OpenIdHandshake.model_validate(kept["handshake"])
        if handshake.provider != key:
            raise NotBegunHere
        account = AccountId(UUID(kept["account"])) if kept["account"] else None
        return OpenIdReturn(self._party.finish(handshake, params), account, kept["then"])

    # Which account.

    def account_of(self, identity: FederatedIdentity) -> AccountId:
        """The account of somebody whom a provider named.

        By their identity, where it is linked; else by their address, where the provider verified
        it: it is linked then, once, so that whoever has that address later does not get in by it.
        """
        with self._engine.connect() as tx:
            known = tx.scalar(sa.select(FEDERATED.c.account).where(*_is(identity)))
        if known is not None:
            return AccountId(UUID(known))
        address = identity.email if identity.email_verified else None
        found = account_at(self._registry, address) if address else None
        name = self.provider(identity.provider).name
        if found is None:
            raise NoAccountForYou(name=name)
        if any(one.issuer == identity.issuer for one in self.of(found)):
            raise LinkedOtherwise(name=name)
        self._link(found, identity)
        return found

    def of(self, account: UUID) -> Iterator[LinkedIdentity]:
        """The identities of an account, the first one first."""
        mine = FEDERATED.c.account == str(account)
        query = sa.select(FEDERATED).where(mine).order_by(FEDERATED.c.linked_at, FEDERATED.c.issuer)
        with self._engine.connect() as tx:
            rows = tx.execute(query).all()
        for row in rows:
            name = self._issuers.get(row.issuer)
            yield LinkedIdentity(row.issuer, row.subject, name, instant_of(row.linked_at))

    def propose(self, account: AccountId, identity: FederatedIdentity, browser: str) -> str:
        """Keep an identity until its holder says that it is to be linked; gives a secret."""
        content = {"identity": asdict(identity), "account": str(account)}
        return self._handshakes.keep(TO_LINK, content, browser=browser, lasts=LASTS)

    def link(self, account: AccountId, secret: str, browser: str) -> None:
        """Link an identity that was proposed to an account, which it lets into from now on."""
        kept = self._handshakes.take(TO_LINK, secret, browser=browser)
        if kept["account"] != str(account):
            raise NotBegunHere
        self._link(account, FederatedIdentity(**kept["identity"]))

    def unlink(self, account: UUID, issuer: str, subject: str) -> None:
        """Let an identity be of no more use, unless it is the only way in."""
        mine = (
            FEDERATED.c.account == str(account),
            FEDERATED.c.issuer == issuer,
            FEDERATED.c.subject == subject,
        )
        with writing(self._engine) as tx:
            if not tx.execute(sa.delete(FEDERATED).where(*mine)).rowcount:
                raise UnknownIdentity(name="")
            must_leave_a_way(tx, account, self._issuers)

    def _link(self, account: AccountId, identity: FederatedIdentity) -> None:
        row = {
            "issuer": identity.issuer,
            "subject": identity.subject,
            "account": str(account),
            "linked_at": micros(self._clock()),
        }
        try:
            with writing(self._engine) as tx:
                tx.execute(sa.insert(FEDERATED).values(row))
        except sa.exc.IntegrityError:
            self._must_be_linked_to(account, identity)

    def _must_be_linked_to(self, account: AccountId, identity: FederatedIdentity) -> None:
        with self._engine.connect() as tx:
            known = tx.scalar(sa.select(FEDERATED.c.account).where(*_is(identity)))
        if known != str(account):
            raise IdentityTaken(name=self.provider(identity.provider).name)

    # Leaving.

    def remember(self, session: str, account: AccountId, identity: FederatedIdentity) -> None:
        """Keep by which token a provider signs somebody out, as long as a session may last.

        Args:
            session: the secret of the session, under which alone it is found again.
        """
        content = {
            "account": str(account),
            "provider": identity.provider,
            "id_token": identity.id_token,
        }
        self._handshakes.keep(
            SIGNED_IN, content, browser=session, lasts=SESSION_LASTS, secret=f"openid {session}"
        )

    def way_out(self, session: str, back: str) -> tuple[str, str] | None:
        """The provider of a session that ended, and where one leaves it too, if there is one."""
        try:
            kept = self._handshakes.take(SIGNED_IN, f"openid {session}", browser=session)
        except NotBegunHere:  # somebody who got in otherwise
            return None
        key = kept["provider"]
        if key not in self._party.providers:
            return None
        url = self._party.sign_out(key, kept["id_token"], back)
        return (self.provider(key).name, url) if url else None


def _is(identity: FederatedIdentity) -> tuple[sa.ColumnElement[bool], ...]:
    return FEDERATED.c.issuer == identity.issuer, FEDERATED.c.subject == identity.subject
