"""Every event about accounts, with every field given."""

from collections.abc import Iterator

from domain.account import ACCOUNTS, Account, Accounts
from domain.dates import PartialDate
from domain.kernel import Aggregate
from domain.provenance import AccountId
from domain.roles import Role
from tests import make
from tests.domain.samples.of_every_kind import OTHER, SEALED


def samples(on: PartialDate) -> Iterator[Aggregate]:
    """Aggregates that recorded every event of these concepts."""
    account = Account(OTHER)
    account.open(name=SEALED, address=SEALED)
    account.describe(name=SEALED, address=SEALED)
    grant = account.grant(
        Role.POLE_REPRESENTATIVE,
        f"pole:{OTHER}",
        giver=AccountId(make.ACTOR),
        since=make.day("2023-05-01"),
        until=make.day("2033-05-01"),
    )
    account.withdraw(grant, day=make.day("2024-05-01"))
    account.suspend()
    account.readmit()
    yield account
    accounts = Accounts(ACCOUNTS)
    accounts.give_address(AccountId(OTHER))
    yield accounts
