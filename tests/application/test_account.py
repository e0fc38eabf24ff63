"""Accounts: one person an address, nobody grants themself a role, administrators hold nothing."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from pydantic import ValidationError

from application.account import (
    AccountAlreadyOpened,
    DescribeAccount,
    GrantRole,
    OpenAccount,
    ResumeAccount,
    SuspendAccount,
    WithdrawRole,
    account_at,
    accounts,
    address_of,
    name_of,
)
from application.command import By
from domain.account import (
    Account,
    AddressTaken,
    AdministersAlone,
    AlreadyGranted,
    GrantedToNobody,
    GrantedToOneself,
    GrantId,
    NotGranted,
    UnknownAccount,
)
from domain.provenance import AccountId
from domain.roles import Role
from domain.values import Personal
from infrastructure.event_store.registry import Registry
from tests import make


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    with make.registry(tmp_path) as made:
        yield made


ADMIN = make.by(Role.ADMINISTRATOR)


def opened(registry: Registry, address: str = "ada@exemple.fr", name: str = "Ada") -> AccountId:
    command = OpenAccount(name=Personal(text=name), address=Personal(text=address))
    return AccountId(registry.do(command, ADMIN).answer)


def granted(registry: Registry, account: AccountId, role: Role, relation: str) -> UUID:
    command = GrantRole(account=account, for_role=role, relation=relation)
    return registry.do(command, ADMIN).answer


def test_an_account_is_found_by_its_address_however_it_is_typed(registry: Registry) -> None:
    id_ = opened(registry, "Ada.Lovelace@exemple.fr")
    assert account_at(registry, " ada.lovelace@EXEMPLE.fr ") == id_
    assert account_at(registry, "lovelace.ada@exemple.fr") is None
    account = registry.load(Account, id_)
    assert account
    assert (name_of(registry, account), address_of(registry, account)) == (
        "Ada",
        "Ada.Lovelace@exemple.fr",
    )


def test_neither_name_nor_address_is_in_what_is_stored(registry: Registry) -> None:
    opened(registry, "ada@exemple.fr", "Ada Lovelace")
    stored = b"".join(row.state for row in registry.journal.rows(0, 1000))
    assert b"exemple.fr" not in stored
    assert b"Lovelace" not in stored


def test_an_address_opens_one_account(registry: Registry) -> None:
    first, other = opened(registry), opened(registry, "grace@exemple.fr", "Grace")
    with pytest.raises(AddressTaken):
        opened(registry, "ADA@exemple.fr", "Une autre")
    taken = Personal(text="ada@exemple.fr")
    with pytest.raises(AddressTaken):
        registry.do(
            DescribeAccount(account=other, name=Personal(text="Grace"), address=taken), ADMIN
        )
    registry.do(DescribeAccount(account=first, name=Personal(text="Ada L."), address=taken), ADMIN)
    assert [account.id for account in accounts(registry)] == [first, other]


def test_an_account_that_already_acted_is_opened_under_its_identity(registry: Registry) -> None:
    known = AccountId(UUID("2f1d7c52-64a9-4f1e-8b0a-1d7d5c3f9e20"))
    command = OpenAccount(
        account=known, name=Personal(text="Ada"), address=Personal(text="ada@exemple.fr")
    )
    assert registry.do(command, ADMIN).answer == known
    again = command.model_copy(update={"address": Personal(text="autre@exemple.fr")})
    with pytest.raises(AccountAlreadyOpened):
        registry.do(again, ADMIN)


def test_roles_are_held_about_something_for_a_time(registry: Registry) -> None:
    id_ = opened(registry)
    grant = granted(registry, id_, Role.REGIONAL_COORDINATOR, "region:Bretagne")
    granted(registry, id_, Role.COORDINATOR, "everywhere")
    account = registry.load(Account, id_)
    assert account
    assert account.holds(Role.REGIONAL_COORDINATOR, make.TODAY) == {"region:Bretagne"}
    assert account.holds(Role.PUBLIC, make.TODAY) == {"everywhere"}
    assert account.holds(Role.AUDITOR, make.TODAY) == frozenset()
    registry.do(WithdrawRole(account=id_, grant=GrantId(grant)), ADMIN)
    after = registry.load(Account, id_)
    assert after
    assert after.roles_on(make.TODAY) == {Role.COORDINATOR}
    with pytest.raises(NotGranted):
        registry.do(WithdrawRole(account=id_, grant=GrantId(grant)), ADMIN)


def test_the_same_role_is_not_granted_twice_for_the_same_days(registry: Registry) -> None:
    id_ = opened(registry)
    granted(registry, id_, Role.REGIONAL_COORDINATOR, "region:Bretagne")
    with pytest.raises(AlreadyGranted):
        granted(registry, id_, Role.REGIONAL_COORDINATOR, "region:BRETAGNE")


def test_nobody_grants_themself_a_role(registry: Registry) -> None:
    id_ = opened(registry)
    granted(registry, id_, Role.ADMINISTRATOR, "everywhere")
    with pytest.raises(GrantedToOneself):
        registry.do(
            GrantRole(account=id_, for_role=Role.AUDITOR, relation="everywhere"),
            By(actor=id_, role=Role.ADMINISTRATOR),
        )


@pytest.mark.parametrize("first", [Role.ADMINISTRATOR, Role.AUDITOR])
def test_whoever_administers_accounts_holds_nothing_else(registry: Registry, first: Role) -> None:
    id_ = opened(registry)
    granted(registry, id_, first, "everywhere")
    other = Role.AUDITOR if first is Role.ADMINISTRATOR else Role.ADMINISTRATOR
    with pytest.raises(AdministersAlone):
        granted(registry, id_, other, "everywhere")


@pytest.mark.parametrize("role", [Role.SYSTEM, Role.PUBLIC])
def test_some_roles_are_granted_to_nobody(registry: Registry, role: Role) -> None:
    id_ = opened(registry)
    with pytest.raises(GrantedToNobody):
        granted(registry, id_, role, "everywhere")


def test_a_suspended_account_holds_nothing_until_it_is_resumed(registry: Registry) -> None:
    id_ = opened(registry)
    granted(registry, id_, Role.AUDITOR, "everywhere")
    registry.do(SuspendAccount(account=id_), ADMIN)
    account = registry.load(Account, id_)
    assert account
    assert not account.holds(Role.AUDITOR, make.TODAY)
    assert not account.holds(Role.PUBLIC, make.TODAY)
    registry.do(ResumeAccount(account=id_), ADMIN)
    again = registry.load(Account, id_)
    assert again
    assert again.holds(Role.AUDITOR, make.TODAY)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ada",
        "ada@",
        "ada@exemple",
        "a b@exemple.fr",
        "a@b@c.fr",
        "a@exemple.fr\nBcc: b@exemple.fr",
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ValidationError):
        OpenAccount.model_validate({"name": "Ada", "address": address})


def test_an_account_that_was_not_opened_is_unknown(registry: Registry) -> None:
    with pytest.raises(UnknownAccount):
        registry.do(SuspendAccount(account=AccountId(make.ACTOR)), ADMIN)
