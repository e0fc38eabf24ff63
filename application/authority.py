"""What lets somebody act, or read: what their account holds today, or the mandate they act under.

Whoever has neither runs the machine, or is the product itself: everything is within their reach.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar
from uuid import UUID

from application.wording import relation_in_words
from domain.account import (
    Account,
    AccountIsSuspended,
    AdministersAlone,
    BeyondThePrincipal,
    OutsideYourReach,
    RoleNotGranted,
)
from domain.errors import NotFound
from domain.kernel import Aggregate
from domain.mandate import Mandate, NoSuchMandate, OutsideItsReach, account_of, reaches
from domain.provenance import AccountId, MandateId
from domain.roles import ROLES, Role, roles_called

A = TypeVar("A", bound=Aggregate)


class Find(Protocol):
    """What gives a thing by its identity, where there is one."""

    def __call__(self, cls: type[A], id_: UUID, /) -> A | None: ...


class Acting(Protocol):
    """Somebody who acts in a role, perhaps under a mandate."""

    @property
    def actor(self) -> AccountId: ...
    @property
    def role(self) -> Role: ...
    @property
    def on_behalf_of(self) -> MandateId | None: ...


@dataclass(frozen=True, slots=True)
class Authority:
    """In which role somebody acts today, and how far it reaches."""

    role: Role
    account: Account | None = None
    """Theirs, if they have one: nobody who signs in is without."""
    mandates: tuple[Mandate, ...] = ()
    """The mandate under which they act, then that under which it was given."""
    held: frozenset[str] | None = None
    """About what their account holds the role, or that of the person whose mandate it is; `None`
    where no account bounds them."""

    @property
    def is_bounded(self) -> bool:
        """Whether it reaches some things only."""
        return bool(self.mandates) or self.held is not None

    @property
    def relations(self) -> frozenset[str]:
        """About what they act; nothing is said of those whom nothing bounds."""
        if self.mandates:
            return frozenset({self.mandates[0].relation})
        return self.held or frozenset()

    def covers(self, about: Collection[str]) -> bool:
        """Whether it reaches something that stands in these relations."""
        return all(mandate.covers(about) for mandate in self.mandates[:1]) and (
            self.held is None or reaches(self.held, about)
        )

    def check(self, about: Collection[str]) -> None:
        """Refuse what it does not reach, and say what it does."""
        for mandate in self.mandates[:1]:
            if not mandate.covers(about):
                raise OutsideItsReach(relation=relation_in_words(mandate.relation), roles="")
        if self.held is not None and not reaches(self.held, about):
            refused = BeyondThePrincipal if self.mandates else OutsideYourReach
            raise refused(role=ROLES[self.role], held=_in_words(self.held), roles="")


def authority(find: Find, by: Acting, days: Collection[date], today: date) -> Authority:
    """What lets somebody act; refused where nothing does today.

    Args:
        days: those on which a mandate must be in force, and today. A role is held today: what was
            so on an earlier day may be recorded by who keeps the register now.
    """
    mandates = _mandates(find, by, (*days, today))
    own = find(Account, by.actor)
    if own and own.is_suspended:
        raise AccountIsSuspended(roles="")
    if mandates:
        if own and Role.ADMINISTRATOR in own.roles_on(today):
            raise AdministersAlone
        return Authority(by.role, own, mandates, _held_by_principal(find, mandates[0], today))
    if own is None:
        return Authority(by.role)
    held = own.holds(by.role, today)
    if not held:
        roles = roles_called(own.roles_on(today))
        raise RoleNotGranted(role=ROLES[by.role], held=roles or "aucun", roles="")
    return Authority(by.role, own, held=held)


def _held_by_principal(find: Find, mandate: Mandate, today: date) -> frozenset[str] | None:
    """About what whoever gave a mandate holds its role: a deputy does no more than they may."""
    principal = account_of(mandate.principal)
    theirs = find(Account, principal) if principal else None
    if theirs is None:
        return None
    held = theirs.holds(mandate.role, today)
    if not held:
        raise BeyondThePrincipal(role=ROLES[mandate.role], held="rien", roles="")
    return held


def _mandates(find: Find, by: Acting, days: Collection[date]) -> tuple[Mandate, ...]:
    """The mandate under which somebody acts, then that under which it was given.

    Refused unless it serves who acts, in this role, on all of some days.
    """
    found, id_ = list[Mandate](), by.on_behalf_of
    while id_ is not None:
        try:
            mandate = find(Mandate, id_)
        except NotFound:  # it is the identity of something else
            mandate = None
        if mandate is None:
            raise NoSuchMandate(mandate=id_)
        found.append(mandate)
        id_ = mandate.under
    for mandate in found[:1]:
        mandate.serve(actor=by.actor, role=by.role)
    for mandate in found:
        for day in days:
            mandate.hold_on(day)
    return tuple(found)


def _in_words(relations: Collection[str]) -> str:
    return ", ".join(sorted(relation_in_words(relation) for relation in relations))
