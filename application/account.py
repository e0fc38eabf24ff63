"""Open accounts, grant roles and withdraw them; find an account by its address."""

import re
from collections.abc import Iterator
from uuid import UUID

from pydantic import Field, field_validator
from typing_extensions import override

from application.command import Command, Work
from application.momentary import Momentary
from application.personal import opened
from application.wording import ROLES, relation_in_words, tells
from application.world import World
from domain.account import (
    ACCOUNTS,
    ADDRESS,
    Account,
    Accounts,
    AddressTaken,
    GrantId,
    UnknownAccount,
)
from domain.errors import Refused
from domain.kernel import Event
from domain.mandate import Relation
from domain.provenance import AccountId
from domain.roles import Role
from domain.values import Personal, Sealed

_ADDRESS = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]{1,180}\.[^@\s,;<>\".]{2,63}")
LONGEST_NAME = 200


class AccountAlreadyOpened(Refused):
    """An account is opened once."""

    code = "account.opened"
    fr = "Ce compte est déjà ouvert."
    en = "This account was already opened."


def _one_line(given: Personal) -> Personal:
    if len(given.text) > LONGEST_NAME or len(given.text.splitlines()) > 1 or "\t" in given.text:
        msg = f"Un nom tient sur une ligne, de {LONGEST_NAME} caractères au plus"
        raise ValueError(msg)
    return given


def _address(given: Personal) -> Personal:
    if not _ADDRESS.fullmatch(given.text):
        msg = "Une adresse électronique s'écrit « prenom.nom@exemple.fr »"
        raise ValueError(msg)
    return given


class _Described(Momentary):
    """Who an account belongs to."""

    name: Personal = Field(description="Prénom et nom ; ils sont scellés.")
    address: Personal = Field(description="Adresse électronique ; elle est scellée.")

    _name = field_validator("name")(_one_line)
    _mail = field_validator("address")(_address)

    def sealed(self, work: Work, id_: UUID, event: type[Event]) -> dict[str, Sealed]:
        """Both, sealed under the account; refused where the address is another account's."""
        taken = account_at(work.world, self.address.text)
        if taken not in (None, id_):
            raise AddressTaken
        return {
            field: work.seal(value, event=event, field=field, subject=id_)
            for field, value in (("name", self.name), ("address", self.address))
        }


def _save(work: Work, account: Account) -> None:
    every = work.find(Accounts, ACCOUNTS) or Accounts(ACCOUNTS)
    every.give_address(AccountId(account.id))
    work.save(account, every)


class OpenAccount(
    _Described,
    name="account.open",
    says="Ouvrir un compte à une personne.",
    by=(Role.ADMINISTRATOR,),
):
    """Give somebody an account; it holds nothing yet."""

    account: AccountId | None = Field(
        None, description="Le compte, s'il a déjà agi avant d'être ouvert ; un nouveau sinon."
    )

    @override
    def execute(self, work: Work) -> UUID:
        account = Account(self.account) if self.account else Account.new()
        if work.find(Account, account.id):
            raise AccountAlreadyOpened
        account.open(**self.sealed(work, account.id, Account.Opened))
        _save(work, account)
        return account.id


class _OfAccount(Momentary):
    """Something done with one account."""

    account: AccountId = Field(description="Le compte.")

    def found(self, work: Work) -> Account:
        account = work.find(Account, self.account)
        if account is None:
            raise UnknownAccount(name=self.account)
        return account


class DescribeAccount(
    _Described,
    _OfAccount,
    name="account.describe",
    says="Changer le nom ou l'adresse électronique d'un compte.",
    by=(Role.ADMINISTRATOR,),
):
    """Call somebody otherwise, or write to them elsewhere, from now on."""

    @override
    def execute(self, work: Work) -> UUID:
        account = self.found(work)
        account.describe(**self.sealed(work, account.id, Account.Described))
        _save(work, account)
        return account.id


class GrantRole(
    Command,
    name="account.grant",
    says="Donner à un compte un rôle, à propos de quelque chose, d'un jour à un autre.",
    by=(Role.ADMINISTRATOR,),
):
    """Let an account act in a role about something, from a day until another."""

    account: AccountId = Field(description="Le compte.")
    for_role: Role = Field(description="Le rôle qu'il tiendra.")
    relation: Relation = Field(
        description="À propos de quoi : « pole:code », « region:Bretagne », « call:identifiant », "
        "« organisation:nom » (le financeur) ou « everywhere »."
    )

    @override
    def execute(self, work: Work) -> UUID:
        account = work.find(Account, self.account)
        if account is None:
            raise UnknownAccount(name=self.account)
        grant = account.grant(
            self.for_role, self.relation, giver=work.actor, since=work.day, until=self.valid_to
        )
        work.save(account)
        return grant


class WithdrawRole(
    _OfAccount,
    name="account.withdraw",
    says="Retirer un rôle à un compte à partir d'un jour ; ce qui fut fait avant reste fait.",
    by=(Role.ADMINISTRATOR,),
):
    """Let an account hold a role no longer, from a day on."""

    grant: GrantId = Field(description="Identifiant du rôle donné.")

    @override
    def execute(self, work: Work) -> UUID:
        account = self.found(work)
        account.withdraw(self.grant, day=work.day)
        work.save(account)
        return account.id


class SuspendAccount(
    _OfAccount,
    name="account.suspend",
    says="Suspendre un compte : il n'entre plus et n'agit plus.",
    by=(Role.ADMINISTRATOR,),
):
    """Keep somebody out, whatever they hold."""

    @override
    def execute(self, work: Work) -> UUID:
        account = self.found(work)
        account.suspend()
        work.save(account)
        return account.id


class ResumeAccount(
    _OfAccount, name="account.resume", says="Rouvrir un compte suspendu.", by=(Role.ADMINISTRATOR,)
):
    """Let somebody in again."""

    @override
    def execute(self, work: Work) -> UUID:
        account = self.found(work)
        account.readmit()
        work.save(account)
        return account.id


# --- finding --------------------------------------------------------------------------------------


def account_at(world: World, address: str) -> AccountId | None:
    """The account that an address signs in; `None` where there is none."""
    for subject, purpose in world.bearing(address):
        found = world.load(Account, subject) if purpose == ADDRESS.purpose else None
        if found and address_of(world, found).casefold() == address.strip().casefold():
            return AccountId(subject)
    return None


def address_of(world: World, account: Account) -> str:
    """Where to write to somebody, to be shown or used and never kept."""
    return _opened(world, account, "address")


def name_of(world: World, account: Account) -> str:
    """What somebody is called, to be shown and never kept."""
    return _opened(world, account, "name")


def _opened(world: World, account: Account, field: str) -> str:
    kept: Sealed | None = getattr(account, field)
    if kept is None:
        return ""
    told = [one.event for one in world.history(account.id) if hasattr(one.event, field)]
    event = next(type(one) for one in reversed(told) if getattr(one, field) == kept)
    return opened(world, kept, event=event, field=field)


def accounts(world: World) -> Iterator[Account]:
    """Every account, in the order in which they were opened."""
    every = world.load(Accounts, ACCOUNTS)
    for id_ in every.accounts if every else ():
        if found := world.load(Account, id_):
            yield found


@tells
def _tell(event: Event) -> tuple[str, str] | None:
    match event:
        case Account.Opened():
            return "Compte ouvert", ""
        case Account.Described():
            return "Nom ou adresse d'un compte", ""
        case Account.RoleGranted(role=role, relation=relation):
            return "Rôle donné", f"{ROLES[role]}, {relation_in_words(relation)}"
        case Account.RoleWithdrawn():
            return "Rôle retiré", ""
        case Account.Suspended():
            return "Compte suspendu", ""
        case Account.Resumed():
            return "Compte rouvert", ""
        case Accounts.AddressGiven():
            return "Adresse d'un compte", ""
        case _:
            return None
