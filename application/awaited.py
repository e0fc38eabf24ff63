"""What waits beside the steps of journeys: said once of each concept, and shown where it waits."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar
from uuid import UUID

from application.world import Moment, World
from domain.dates import days_after
from domain.distinct import Persons
from domain.roles import Role

L = TypeVar("L")

NOTICE = 60
"""Days before its end from which it is told that something ends (product rule)."""


@dataclass(frozen=True, slots=True)
class Pending:
    """That a thing waits: since when, of what it is about in words, and for whom.

    Args:
        by: the roles that are waited for, where they are not all those of the declaration.
        out: who had a hand in it: the second person is another, and they are not waited for.
        done_for: those for whom it is done already: they are not waited for, whoever acts for them.
        account: the only person who is waited for, in one of those roles.
        region: where it is, where it is about no pole.
    """

    since: date
    says: str
    by: tuple[str, ...] = ()
    out: Persons = ()
    done_for: Persons = ()
    account: UUID | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Awaited(Generic[L]):
    """Something that lines of a list may wait for: an act, by some roles, until it is done.

    Args:
        id: what it is called in addresses, after the name of its list: `reply` of `finding`.
        title: the act, in words.
        by: the roles that it may wait for; nothing is asked where none of them is asked about.
        command: the command that does it.
        pending: whether a line waits at a moment, and since when.
        given: what of the command is known of a line, by its fields.
        where: the values that the lines have which may wait.
        within: how many days ahead the lines end which may wait; of any end, or none, unless said.
        ask: who gives the lines, where they are not those of the list.
        is_public: whether anybody may know that it waits; else only who keeps the register.
        page: where it is done, or read, of a line; unless said, the list, of the pole of the line.
    """

    id: str
    title: str
    by: tuple[Role, ...]
    command: str
    pending: Callable[[World, L, Moment], Pending | None]
    given: Callable[[L], Mapping[str, str]]
    where: Mapping[str, Any] = field(default_factory=dict)
    within: int | None = None
    ask: Callable[[World, Moment], Iterable[L]] | None = None
    is_public: bool = True
    page: Callable[[L], str] | None = None


@dataclass(frozen=True, slots=True)
class Thing:
    """A kind of thing that may wait, with all that it may wait for."""

    name: str
    title: str
    awaits: tuple[Awaited[Any], ...]
    listed: Any = None
    """The list that its lines are of; nothing, where it has none."""


THINGS: dict[str, Thing] = {}
"""Every kind of thing that may wait, beside the cases, by its name."""


def awaits(thing: Thing) -> Thing:
    """Declare what a kind of thing may wait for; a name is given once."""
    if THINGS.setdefault(thing.name, thing) is not thing:
        msg = f"{thing.name} names two things that wait"
        raise ValueError(msg)
    return thing


def identity(name: str) -> Callable[[Any], Mapping[str, str]]:
    """A command that is given the identity of a line, in one of its fields."""
    return lambda line: {name: str(line.id)}


def said_on(world: World, line: Any) -> date:
    """The day from which a line is as it stands: that of the fact by which it is known."""
    fact = world.fact(line.fact)
    return fact.in_force_from if fact else date.min


def notice_of(end: date | None, moment: Moment, begun: date = date.min) -> date | None:
    """The day from which the end of something is told ahead, once that day has come."""
    if end is None or end <= moment.in_force:
        return None
    since = max(days_after(end, -NOTICE), begun)
    return since if since <= moment.in_force else None
