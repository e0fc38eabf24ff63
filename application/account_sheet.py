"""What accounts hold, in words: for whoever holds it, and for whoever administers accounts."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from application.account import accounts, address_of, name_of
from application.command import By
from application.mandate import mandates, party_named
from application.wording import ROLES, capital
from application.world import Moment, World
from domain.account import Account, UnknownAccount
from domain.errors import Forbidden
from domain.mandate import EVERYWHERE
from domain.provenance import MandateId
from domain.roles import Role
from domain.values import Frozen

READERS = frozenset({Role.ADMINISTRATOR, Role.DPO})
"""Who reads whose account is whose (product rule)."""


class HeldRoleLine(Frozen):
    """A role that an account holds, held, or is to hold."""

    grant: UUID
    role: Role
    role_words: str
    relation_words: str
    since: date
    until: date | None
    in_force: bool


class ActingAs(Frozen):
    """A role in which somebody may act today, in their own name or under a mandate."""

    key: str
    role: Role
    mandate: MandateId | None = None
    words: str


class PersonLine(Frozen):
    """An account, with who it belongs to."""

    id: UUID
    name: str
    address: str
    is_suspended: bool
    held: tuple[HeldRoleLine, ...]


def may_read_accounts(by: By) -> None:
    """Refuse whoever does not see to accounts."""
    if by.role not in READERS:
        raise Forbidden(roles=", ".join(ROLES[role] for role in Role if role in READERS))


def held_roles(world: World, account: Account, moment: Moment) -> tuple[HeldRoleLine, ...]:
    """What an account holds, those in force first."""
    lines = (
        HeldRoleLine(
            grant=grant.id,
            role=grant.role,
            role_words=capital(ROLES[grant.role]),
            relation_words=_about(world, grant.relation, moment),
            since=grant.since,
            until=grant.until,
            in_force=grant.covers(moment.in_force),
        )
        for grant in account.grants.values()
    )
    return tuple(sorted(lines, key=lambda line: (not line.in_force, line.role_words, line.since)))


def _about(world: World, relation: str, moment: Moment) -> str:
    return "partout" if relation == EVERYWHERE else party_named(world, relation, moment)


def actings(world: World, id_: UUID, moment: Moment) -> Iterator[ActingAs]:
    """In which roles somebody may act today."""
    account = world.load(Account, id_)
    lines = held_roles(world, account, moment) if account else ()
    about: dict[Role, list[str]] = {}
    for line in lines:
        if line.in_force:
            about.setdefault(line.role, []).append(line.relation_words)
    for role, relations in about.items():
        words = f"{capital(ROLES[role])} ({', '.join(relations)})"
        yield ActingAs(key=role.value, role=role, words=words)
    for mandate in mandates(world, moment):
        if mandate.in_force and mandate.holder == id_:
            words = (
                f"{capital(ROLES[mandate.role])}, pour {mandate.principal_words} "
                f"({_about(world, mandate.relation, moment)})"
            )
            key = f"{mandate.role}/{mandate.id}"
            under = MandateId(mandate.id)
            yield ActingAs(key=key, role=mandate.role, mandate=under, words=words)


def person(world: World, id_: UUID, moment: Moment) -> PersonLine:
    """One account; refused where it was not opened."""
    found = world.load(Account, id_)
    if found is None:
        raise UnknownAccount(name=id_)
    return _line(world, found, moment)


def people(world: World, moment: Moment) -> list[PersonLine]:
    """Every account."""
    return [_line(world, account, moment) for account in accounts(world)]


def _line(world: World, account: Account, moment: Moment) -> PersonLine:
    return PersonLine(
        id=account.id,
        name=name_of(world, account),
        address=address_of(world, account),
        is_suspended=account.is_suspended,
        held=held_roles(world, account, moment),
    )
