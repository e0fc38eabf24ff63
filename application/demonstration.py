"""The accounts of the demonstration: one login a role, each for a person of its stories."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from application.account import GrantRole, OpenAccount, account_at
from application.command import By, Command
from application.scenario import by_person
from application.world import World
from domain.mandate import EVERYWHERE
from domain.provenance import AccountId
from domain.roles import ROLES, Role
from domain.spelling import slug
from domain.values import Frozen, Line

PASSWORD = "essai de la demonstration"  # noqa: S105  # printed by it, and of use in it alone
"""With which everybody signs in to the demonstration, which no other machine reaches."""


class DemonstrationPerson(Frozen):
    """Somebody who does not exist, and the one role that they hold."""

    role: Role
    name: Line
    person: Line
    pole: Line | None = None
    call: Line | None = None
    region: Line | None = None
    organisation: Line | None = None

    @property
    def address(self) -> str:
        return f"{slug(ROLES[self.role])}@demo.invalid"


class DemonstrationPeople(Frozen):
    """Everybody who signs in."""

    people: tuple[DemonstrationPerson, ...]


def open_accounts(
    world: World,
    people: tuple[DemonstrationPerson, ...],
    do: Callable[[Command, By], Any],
    find: Callable[[str, str], UUID],
    by: By,
) -> Iterator[AccountId]:
    """Open the accounts that are not there yet, with their roles; give each that is new."""
    for one in people:
        if account_at(world, one.address):
            continue
        account = by_person(one.person, one.role).actor
        said = {"account": account, "name": one.name, "address": one.address}
        do(OpenAccount.model_validate(said), by)
        do(GrantRole(account=account, for_role=one.role, relation=_about(one, find)), by)
        yield account


def _about(one: DemonstrationPerson, find: Callable[[str, str], UUID]) -> str:
    for kind in ("pole", "call"):
        if name := getattr(one, kind):
            return f"{kind}:{find(kind, name)}"
    if one.region:
        return f"region:{one.region}"
    return f"organisation:{one.organisation}" if one.organisation else EVERYWHERE
