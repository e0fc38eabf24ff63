"""Accounts: who may sign in, and in which roles they act, each about something, for a time.

An account is a random identity. Who it belongs to is sealed: no event, list or log says it. What
lets them in (passwords, passkeys, sessions, tokens) is no fact of the register and is kept apart.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, NewType
from uuid import UUID

from domain.errors import Forbidden, NotFound, Refused
from domain.finality import Finality
from domain.kernel import Aggregate, Event, event
from domain.mandate import EVERYWHERE, Relation
from domain.personal import Basis, Marking
from domain.provenance import AccountId
from domain.recording import new_identity
from domain.retention import Retention
from domain.roles import ROLES, Role
from domain.span import Span
from domain.spelling import same
from domain.values import Sealed
from domain.words import Text

ACCOUNTS = UUID("6f0a1c5d-2f5e-4c57-9b57-6f3c7b0a94de")
"""The one stream that knows every account."""

GrantId = NewType("GrantId", UUID)

HELD_BY_ALL = Role.PUBLIC
"""The role that whoever has an account holds everywhere."""

HELD_BY_NOBODY = Role.SYSTEM
"""The role of the product itself: nobody is granted it."""


# --- refusals -----------------------------------------------------------------------------------


class UnknownAccount(NotFound):
    """There is no such account."""

    code = "account.unknown"
    fr = "Aucun compte n'est ouvert sous « {name} »."
    en = "No account was opened as “{name}”."


class AddressTaken(Refused):
    """An address signs one person in."""

    code = "account.address_taken"
    fr = "Un compte est déjà ouvert à cette adresse électronique."
    en = "An account was already opened with this e-mail address."


class GrantedToOneself(Forbidden):
    """Nobody gives themself a role."""

    code = "account.oneself"
    fr = "Personne ne se donne un rôle à soi-même : une autre administratrice, un autre "
    fr += "administrateur doit le faire."
    en = "Nobody grants themself a role: another administrator has to."


class AlreadyGranted(Refused):
    """A role is granted once for the same days."""

    code = "account.granted"
    fr = "Ce compte tient déjà ce rôle ({role}) pour cela à ces dates."
    en = "This account already holds this role ({role}) for that on those days."


class AdministersAlone(Refused):
    """Whoever sees to accounts decides nothing else."""

    code = "account.administers"
    fr = (
        "Qui administre les comptes ne tient aucun autre rôle : l'administration technique ne "
        "décide de rien. Ouvrez un autre compte."
    )
    en = (
        "Whoever administers accounts holds no other role: administrators decide nothing. Open "
        "another account."
    )


class GrantedToNobody(Refused):
    """Some roles are not for people."""

    code = "account.not_for_people"
    fr = "Ce rôle ne se donne à personne : {role}."
    en = "Nobody is granted this role: {role}."


class NotGranted(NotFound):
    """What was not granted is not withdrawn."""

    code = "account.not_granted"
    fr = "Ce compte ne tient pas ce rôle à cette date, ou ne le tient plus."
    en = "This account does not hold this role on that day, or no longer does."


class WithdrawnBeforeGranted(Refused):
    """A withdrawal comes after a grant."""

    code = "account.withdrawn_before"
    fr = "Un rôle ne se retire pas ({day}) avant d'avoir été donné ({start})."
    en = "A role is not withdrawn ({day}) before it was granted ({start})."


class AlreadySuspended(Refused):
    """A suspended account is not suspended again, nor an open one resumed."""

    code = "account.suspended"
    fr = "Ce compte est déjà {stands}."
    en = "This account is already {stands}."


class RoleNotGranted(Forbidden):
    """Nobody acts in a role that they do not hold today."""

    code = "account.role"
    fr = (
        "Vous ne tenez pas ce rôle aujourd'hui : {role}. Rôles que vous tenez : {held}. "
        "L'administration technique donne les rôles."
    )
    en = (
        "You do not hold this role today: {role}. Roles you hold: {held}. Administrators grant "
        "roles."
    )


class OutsideYourReach(Forbidden):
    """A role is held about something, and reaches no further."""

    code = "account.relation"
    fr = (
        "Vous tenez ce rôle ({role}) à propos de : {held}. Ce dont il s'agit n'en est pas : "
        "cela revient à qui le tient pour cela."
    )
    en = (
        "You hold this role ({role}) about: {held}. This is about something else: it is for "
        "whoever holds it there."
    )


class BeyondThePrincipal(Forbidden):
    """A deputy does no more than whoever gave the mandate may do themself today."""

    code = "account.principal"
    fr = (
        "Qui a donné ce mandat ne tient aujourd'hui ce rôle ({role}) qu'à propos de : {held}. "
        "Un mandat ne va pas au-delà."
    )
    en = (
        "Whoever gave this mandate holds this role ({role}) today about: {held} only. A mandate "
        "goes no further."
    )


class AccountIsSuspended(Forbidden):
    """A suspended account does nothing, for itself or for others."""

    code = "account.is_suspended"
    fr = "Ce compte est suspendu : il n'agit plus. L'administration technique peut le rouvrir."
    en = "This account is suspended: it acts no more. Administrators can resume it."


SUSPENDED = Text(fr="suspendu", en="suspended")
OPEN = Text(fr="ouvert", en="open")


# --- the aggregates -----------------------------------------------------------------------------

NAME = Marking(
    purpose="sign_in",
    holds=Text(fr="le nom de qui a un compte", en="the name of who has an account"),
    persons=Text(fr="titulaires de comptes", en="holders of accounts"),
    basis=Basis.PUBLIC_TASK,
    retention=Retention.FIVE_YEARS,
    is_name=True,
)

ADDRESS = Marking(
    purpose="sign_in",
    holds=Text(
        fr="l'adresse électronique de qui a un compte",
        en="the e-mail address of who has an account",
    ),
    persons=Text(fr="titulaires de comptes", en="holders of accounts"),
    basis=Basis.PUBLIC_TASK,
    retention=Retention.FIVE_YEARS,
    is_name=True,
)


@dataclass(frozen=True, slots=True)
class HeldRole(Span):
    """That an account holds a role about something, and on which days."""

    id: GrantId
    role: Role
    relation: str

    @property
    def is_everywhere(self) -> bool:
        return self.relation == EVERYWHERE


class Account(Aggregate):
    """Somebody who may sign in, and what they hold."""

    class Opened(Event):
        """Somebody was given an account."""

        TOPIC = "account.opened.v1"
        UNDONE_BY = ("account.suspend",)
        name: Annotated[Sealed, NAME]
        address: Annotated[Sealed, ADDRESS]

    class Described(Event):
        """Their name or their address is another from now on."""

        TOPIC = "account.described.v1"
        UNDONE_BY = ("account.describe",)
        name: Annotated[Sealed, NAME]
        address: Annotated[Sealed, ADDRESS]

    class RoleGranted(Event):
        """They hold a role about something, from a day until another."""

        TOPIC = "account.role_granted.v1"
        UNDONE_BY = ("account.withdraw",)
        grant: GrantId
        role: Role
        relation: Relation

    class RoleWithdrawn(Event):
        """They hold it no longer, from a day on."""

        TOPIC = "account.role_withdrawn.v1"
        UNDONE_BY = ("account.grant",)
        grant: GrantId

    class Suspended(Event):
        """They cannot sign in any more, nor act."""

        TOPIC = "account.suspended.v1"
        UNDONE_BY = ("account.resume",)

    class Resumed(Event):
        """They can again."""

        TOPIC = "account.resumed.v1"
        UNDONE_BY = ("account.suspend",)

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.name: Sealed | None = None
        self.address: Sealed | None = None
        self.grants: dict[GrantId, HeldRole] = {}
        self.is_suspended = False

    def open(self, *, name: Sealed, address: Sealed) -> None:
        """Give somebody this account, under whose identity both are sealed."""
        self._opened(name=name, address=address)

    def describe(self, *, name: Sealed, address: Sealed) -> None:
        """Call them otherwise, or write to them elsewhere, from now on."""
        self._described(name=name, address=address)

    def grants_on(self, day: date) -> Iterator[HeldRole]:
        """What they hold on a day, whatever became of the account."""
        return (grant for grant in self.grants.values() if grant.covers(day))

    def holds(self, role: Role, day: date) -> frozenset[str]:
        """About what they hold a role on a day; nothing while suspended."""
        if self.is_suspended:
            return frozenset()
        if role is HELD_BY_ALL:
            return frozenset({EVERYWHERE})
        return frozenset(grant.relation for grant in self.grants_on(day) if grant.role is role)

    def roles_on(self, day: date) -> frozenset[Role]:
        """The roles they hold on a day about something."""
        return frozenset(grant.role for grant in self.grants_on(day))

    def grant(
        self, role: Role, relation: str, *, giver: AccountId, since: date, until: date | None
    ) -> GrantId:
        """Let them act in a role about something, from a day until another.

        Args:
            giver: who acts; nobody grants themself a role.
        """
        if giver == self.id:
            raise GrantedToOneself(roles="")
        if role in (HELD_BY_ALL, HELD_BY_NOBODY):
            raise GrantedToNobody(role=ROLES[role])
        met = [grant for grant in self.grants.values() if grant.overlaps(since, until)]
        if any(grant.role is role and same(grant.relation) == same(relation) for grant in met):
            raise AlreadyGranted(role=ROLES[role])
        administers = {grant.role is Role.ADMINISTRATOR for grant in met}
        if administers and administers != {role is Role.ADMINISTRATOR}:
            raise AdministersAlone
        grant = GrantId(new_identity())
        self._role_granted(grant=grant, role=role, relation=relation)
        return grant

    def withdraw(self, grant: GrantId, *, day: date) -> None:
        """Let them hold it no longer from a day on; what they did in it stays done."""
        found = self.grants.get(grant)
        if found is None or (found.until and day >= found.until):
            raise NotGranted(name="")
        if day < found.since:
            raise WithdrawnBeforeGranted(day=day, start=found.since)
        self._role_withdrawn(grant=grant)

    def suspend(self) -> None:
        """Keep them out, whatever they hold."""
        if self.is_suspended:
            raise AlreadySuspended(stands=SUSPENDED)
        self._suspended()

    def readmit(self) -> None:
        """Let them in again."""
        if not self.is_suspended:
            raise AlreadySuspended(stands=OPEN)
        self._resumed()

    @event(Opened)
    def _opened(self, *, name: Sealed, address: Sealed) -> None:
        self.name, self.address = name, address

    @event(Described)
    def _described(self, *, name: Sealed, address: Sealed) -> None:
        self.name, self.address = name, address

    @event(RoleGranted)
    def _role_granted(self, *, grant: GrantId, role: Role, relation: str) -> None:
        self.grants[grant] = HeldRole(self.since, self.until, grant, role, relation)

    @event(RoleWithdrawn)
    def _role_withdrawn(self, *, grant: GrantId) -> None:
        self.grants[grant] = replace(self.grants[grant], until=self.since)

    @event(Suspended)
    def _suspended(self) -> None:
        self.is_suspended = True

    @event(Resumed)
    def _resumed(self) -> None:
        self.is_suspended = False


class Accounts(Aggregate):
    """Every account that was opened. It owns what must hold across them: one person an address."""

    class AddressGiven(Event):
        """An account signs in at an address from now on; which one is sealed with the account."""

        TOPIC = "accounts.address_given.v1"
        UNDONE_BY = Finality.CONSEQUENCE
        account: AccountId

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.accounts: dict[AccountId, None] = {}

    def give_address(self, account: AccountId) -> None:
        """Note that an account has another address: of two at once, one is decided again."""
        self._address_given(account=account)

    @event(AddressGiven)
    def _address_given(self, *, account: AccountId) -> None:
        self.accounts.setdefault(account)
