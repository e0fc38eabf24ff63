"""Where people and programs get in: who they are is checked here, what they may do is not."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa

from application.account import account_at, accounts, address_of, name_of
from application.command import By
from domain.account import ACCOUNTS, Account, Accounts
from domain.dates import paris_day
from domain.errors import Forbidden
from domain.provenance import MandateId
from domain.roles import ROLES, Role
from domain.values import Frozen
from infrastructure.database import writing
from infrastructure.event_store.registry import Registry
from infrastructure.sign_in.attempts import OF_A_CLIENT, OF_AN_ADDRESS, Attempts
from infrastructure.sign_in.drafts import Drafts
from infrastructure.sign_in.links import INVITATION, OneTimeLinks
from infrastructure.sign_in.passwords import Passwords
from infrastructure.sign_in.sessions import Caller, SessionLine, Sessions
from infrastructure.sign_in.tables import HANDSHAKE, OF_AN_ACCOUNT, ONE_TIME_LINK, SESSION
from infrastructure.sign_in.tokens import ApiTokens

LONGEST_MARKED = 300
"""Letters of an address that tell it apart; what is longer is no address."""

FIRST_ROLES = (
    *(Role.COORDINATOR, Role.REGIONAL_COORDINATOR, Role.REGISTRAR, Role.SECRETARY, Role.INSTRUCTOR),
    *(Role.COMMITTEE_MEMBER, Role.FUNDER, Role.PAYER, Role.POLE_REPRESENTATIVE, Role.NETWORK),
    *(Role.MEMBER_ORGANISATION, Role.EVALUATOR, Role.AUDITOR, Role.MODERATOR, Role.DPO),
    Role.ADMINISTRATOR,
)
"""In which of their roles people act first; they may take another."""


class NotRecognised(Forbidden):
    """Whoever tries to get in is not told what was wrong, nor whether there is such an account."""

    code = "sign_in.not_recognised"
    fr = "Cette adresse et ce mot de passe ne vont pas ensemble, ou ce compte n'est pas ouvert."
    en = "This address and this password do not belong together, or this account is not open."


class AccountNotOpen(Forbidden):
    """Somebody is who they say, and their account is suspended."""

    code = "sign_in.not_open"
    fr = (
        "Vous êtes reconnu, mais votre compte n'est pas ouvert : demandez à l'administration du "
        "registre de le rouvrir."
    )
    en = (
        "You are recognised, but your account is not open: ask the administrators of the registry "
        "to open it again."
    )


class WrongPassword(Forbidden):
    """Whoever changes a password knows the one they have."""

    code = "password.wrong"
    fr = "Ce n'est pas votre mot de passe actuel : rien n'est changé."
    en = "This is not your current password: nothing was changed."


class TokenRefused(Forbidden):
    """A token is not known, or has ended."""

    code = "token.unknown"
    fr = "Ce jeton n'est pas connu, ou il a pris fin."
    en = "This token is not known, or it has ended."


class TokenOtherRole(Forbidden):
    """A token is for some roles."""

    code = "token.role"
    fr = "Ce jeton ne sert pas dans ce rôle ({role}), mais dans : {roles} (en-tête « Jalon-Role »)."
    en = "This token does not serve in this role ({role}), but in: {roles} (header “Jalon-Role”)."


class TokenOnlyReads(Forbidden):
    """A token that reads does not act."""

    code = "token.reads"
    fr = "Ce jeton sert à lire : il n'enregistre rien."
    en = "This token is for reading: it records nothing."


class SignedIn(Frozen):
    """Somebody who is signed in, and by which session."""

    session: SessionLine
    name: str
    """What they are called, to be shown."""


class SignInDesk:
    """Lets people in by what they know or have, and finds them again by their session."""

    def __init__(self, registry: Registry, engine: sa.Engine) -> None:
        clock = registry.clock
        self._registry = registry
        self._engine = engine
        self.passwords = Passwords(engine, clock)
        self.sessions = Sessions(engine, clock)
        self.links = OneTimeLinks(engine, clock)
        self.tokens = ApiTokens(engine, clock)
        self.attempts = Attempts(engine, clock)
        self.drafts = Drafts(engine, registry.keys, clock)

    @property
    def _today(self) -> date:
        return paris_day(self._registry.clock())

    def is_set_up(self) -> bool:
        """Whether somebody administers the accounts."""
        every = self._registry.load(Accounts, ACCOUNTS)
        ids = every.accounts if every else ()
        found = (self._registry.load(Account, id_) for id_ in ids)
        return any(one and one.holds(Role.ADMINISTRATOR, self._today) for one in found)

    def open_account(self, id_: UUID) -> Account | None:
        """An account that may be used: neither suspended, nor that of somebody forgotten."""
        found = self._registry.load(Account, id_)
        if found is None or found.is_suspended or found.address is None:
            return None
        return None if self._registry.erased(found.address) else found

    # People.

    def by_password(self, address: str, password: str, caller: Caller) -> str:
        """Let somebody in by their address and password; gives the secret of their session."""
        mark = self._mark("address", address)
        self.attempts.count({mark: OF_AN_ADDRESS, self._mark("client", caller.client): OF_A_CLIENT})
        account = account_at(self._registry, address)
        if not self.passwords.check(account, password) or account is None:
            raise NotRecognised(roles="")
        secret = self.enter(account, "password", caller)
        self.attempts.forgive(mark)
        return secret

    def by_link(self, link: str, password: str, caller: Caller) -> str:
        """Let somebody in by a link that serves once, and set their password."""
        self.count_client(caller.client)
        hashed = self.passwords.hashed(password)
        account = self.links.take(link)
        self.passwords.set(account, hashed)
        self.sessions.end_all(account)
        return self.enter(account, "link", caller)

    def count_client(self, client: str) -> None:
        """Count an attempt of whoever a request comes from; refused where they made too many."""
        self.attempts.count({self._mark("client", client): OF_A_CLIENT})

    def enter_recognised(self, account: UUID, way: str, caller: Caller) -> str:
        """Begin a session of somebody who showed who they are, and may be told what is wrong."""
        if self.open_account(account) is None:
            raise AccountNotOpen
        return self.enter(account, way, caller)

    def enter(self, account: UUID, way: str, caller: Caller) -> str:
        """Begin a session of somebody who was recognised; a suspended account begins none."""
        found = self.open_account(account)
        if found is None:
            raise NotRecognised(roles="")
        held = found.roles_on(self._today)
        role = next((role for role in FIRST_ROLES if role in held), Role.PUBLIC)
        return self.sessions.begin(account, way, caller, role=role)

    def signed_in(self, secret: str) -> SignedIn | None:
        """Who is signed in by a session; nobody, once it is over or the account suspended.

        In a role that was withdrawn nobody acts any more: they then act as anybody does.
        """
        session = self.sessions.find(secret)
        account = self.open_account(session.account) if session else None
        if session is None or account is None:
            return None
        if session.mandate is None and not account.holds(session.role, self._today):
            session = session.model_copy(update={"role": Role.PUBLIC})
        return SignedIn(session=session, name=name_of(self._registry, account))

    def called(self, account: UUID) -> str:
        """What the holder of an account is called, to be shown."""
        found = self._registry.load(Account, account)
        return name_of(self._registry, found) if found else ""

    def address(self, account: UUID) -> str:
        """Where to write to the holder of an account."""
        found = self._registry.load(Account, account)
        return address_of(self._registry, found) if found else ""

    def change_password(self, account: UUID, current: str, password: str) -> None:
        """Set another password for whoever knows the one they have, or has none."""
        mark = self._mark("account", str(account))
        self.attempts.count({mark: OF_AN_ADDRESS})
        if self.passwords.has(account) and not self.passwords.check(account, current):
            raise WrongPassword(roles="")
        self.passwords.set(account, self.passwords.hashed(password))
        self.attempts.forgive(mark)

    def ask_for_reset(self, address: str, *, client: str) -> UUID | None:
        """The account that somebody says is theirs; it is counted, whether there is one or not."""
        marks = {self._mark("reset", address): OF_AN_ADDRESS}
        self.attempts.count({**marks, self._mark("client", client): OF_A_CLIENT})
        found = account_at(self._registry, address)
        return found if found and self.open_account(found) else None

    def invite(self, account: UUID, purpose: str = INVITATION) -> str:
        """The secret of a link by which somebody chooses a password."""
        return self.links.make(account, purpose)

    # Programs.

    def by_token(
        self, secret: str, role: Role | None, mandate: MandateId | None, *, acts: bool
    ) -> By:
        """Who sends a request with a token, in one of its roles."""
        token = self.tokens.find(secret)
        account = self.open_account(token.account) if token else None
        if token is None or account is None:
            raise TokenRefused(roles="")
        if acts and not token.may_act:
            raise TokenOnlyReads(roles="")
        asked = role or next(iter(token.roles), Role.PUBLIC)
        if asked not in token.roles and asked is not Role.PUBLIC:
            roles = ", ".join(ROLES[one] for one in token.roles)
            raise TokenOtherRole(role=ROLES[asked], roles=roles)
        return By(actor=token.account, role=asked, on_behalf_of=mandate)

    # What becomes of it.

    def follow_erasures(self) -> None:
        """Delete what let those in who were forgotten, and what they had begun to write."""
        for account in accounts(self._registry):
            if account.address and self._registry.erased(account.address):
                with writing(self._engine) as tx:
                    for table in OF_AN_ACCOUNT:
                        tx.execute(sa.delete(table).where(table.c.account == str(account.id)))
                    begun = HANDSHAKE.c.content.contains(str(account.id))
                    tx.execute(sa.delete(HANDSHAKE).where(begun))

    def end_everything(self) -> None:
        """End every session and pending way in: what was put back may hold some that had ended."""
        with writing(self._engine) as tx:
            for table in (SESSION, ONE_TIME_LINK, HANDSHAKE):
                tx.execute(sa.delete(table))

    def _mark(self, kind: str, text: str) -> str:
        said = text.strip().casefold()[:LONGEST_MARKED]
        return self._registry.name_mark(f"{kind} {said.encode().hex()}").hex()
