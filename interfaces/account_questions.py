"""What is asked of accounts: by whoever holds one, and by whoever administers them."""

from uuid import UUID

from application.account_sheet import (
    ActingAs,
    HeldRoleLine,
    PersonLine,
    actings,
    held_roles,
    may_read_accounts,
    people,
    person,
)
from application.command import By
from domain.account import Account
from interfaces.looking import Looking


class AccountQuestions(Looking):
    """Accounts, as they are today."""

    def roles_of(self, account: UUID) -> tuple[HeldRoleLine, ...]:
        """What somebody holds, held, or is to hold."""
        found = self.registry.load(Account, account)
        return held_roles(self.registry, found, self.moment()) if found else ()

    def actings(self, account: UUID) -> list[ActingAs]:
        """In which roles somebody may act today."""
        return list(actings(self.registry, account, self.moment()))

    def people(self, by: By) -> list[PersonLine]:
        """Every account with who it belongs to; that somebody read it is noted first."""
        may_read_accounts(by)
        found = people(self.registry, self.moment())
        self.accesses.note(by, "account", [one.id for one in found], "name")
        return found

    def person(self, id_: UUID, by: By) -> PersonLine:
        """One account; that somebody read it is noted first."""
        may_read_accounts(by)
        found = person(self.registry, id_, self.moment())
        self.accesses.note(by, "account", [id_], "name")
        return found
