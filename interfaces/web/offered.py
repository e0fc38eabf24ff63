"""Where acts are offered: the addresses of their forms, for who is signed in, about today."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from application.catalogue import COMMANDS
from application.history_line import HistoryLine
from application.inbox import StandingLine, WaitLine
from application.listing import Listing
from application.stall import Exit
from application.ways import WayLine
from domain.roles import Role
from interfaces.acts import BY_FIELD, OfferedActs, acts_about, may_give, mending, offered_about
from interfaces.steps import case_field
from interfaces.web.visitor import Visitor

ACTS = "/actes"


def act_url(command: str, given: Mapping[str, str] | None = None, then: str = "") -> str:
    """The address of the form of an act, with what is known of it."""
    query = {**(given or {}), **({"suite": then} if then else {})}
    return f"{ACTS}/{command}?{urlencode(query)}" if query else f"{ACTS}/{command}"


@dataclass(frozen=True, slots=True)
class ActsHere:
    """What somebody may do about a thing, from its page.

    Args:
        value: by what the forms name the thing.
        here: the page to which they come back.
    """

    concept: str
    value: str
    here: str
    role: Role
    acts: OfferedActs
    beside: Mapping[str, str] = field(default_factory=dict)
    """What else is known of the thing, by the fields of commands: its pole."""

    def url(self, name: str, named_by: str) -> str:
        """The form of an act about the thing, with all that is known of it."""
        asked = COMMANDS[name].model_fields
        known = {key: text for key, text in self.beside.items() if key in asked and text}
        given = {**known, **({named_by: self.value} if named_by else {})}
        return act_url(name, given, self.here)

    def step_url(self, way: WayLine, on: str = "") -> str:
        """The form of a step; empty where it is not theirs to take, or cannot be taken yet."""
        command = COMMANDS.get(f"{self.concept}.move")
        named_by = case_field(command, self.concept) if command else None
        is_theirs = not way.by or self.role in way.by
        if command is None or named_by is None or way.automatic or not is_theirs:
            return ""
        given = {named_by: self.value, "transition": way.transition, **({"on": on} if on else {})}
        return act_url(command.NAME, given, self.here)


def acts_here(
    visitor: Visitor, is_past: bool, concept: str, value: object, here: str, pole: str | None = None
) -> ActsHere | None:
    """What may be done from a page; nothing at a past date, nor by anybody who is not signed in."""
    if is_past or visitor.by is None:
        return None
    role = visitor.by.role
    beside = {"pole": pole} if pole else {}
    return ActsHere(concept, str(value), here, role, offered_about(concept, role), beside)


def step_url(visitor: Visitor, line: StandingLine, wait: WaitLine, here: str) -> str:
    """The form of a step that waits for who is signed in; empty where it waits for others."""
    role = visitor.by.role if visitor.by else Role.PUBLIC
    command = COMMANDS.get(f"{line.concept}.move")
    named_by = case_field(command, line.concept) if command else None
    if command is None or named_by is None or not may_give(command, role):
        return ""
    if wait.roles and role not in wait.roles:
        return ""
    on = {"on": line.journey.partition("@")[0]} if line.journey_title else {}
    return act_url(command.NAME, {named_by: line.code, "transition": wait.id, **on}, here)


def exit_url(visitor: Visitor, is_past: bool, pole: str, way: Exit, here: str) -> str:
    """The form of a way on of a pole; empty where it is not theirs to take, or is still shut."""
    if is_past or visitor.by is None or way.status == "closed" or visitor.by.role not in way.by:
        return ""
    return act_url("pole.move", {"pole": pole, "transition": way.transition}, here)


def may_do(visitor: Visitor, is_past: bool, command: str) -> bool:
    """Whether an act is offered to who is signed in, about today."""
    return not is_past and visitor.by is not None and may_give(COMMANDS[command], visitor.by.role)


def begin_url(visitor: Visitor, is_past: bool, listing: Listing[Any]) -> str:
    """The form by which a list gets a line; empty where it is not for who asks."""
    command = COMMANDS[listing.begun_by]
    if is_past or visitor.by is None or not may_give(command, visitor.by.role):
        return ""
    return act_url(listing.begun_by, then=listing.path)


def has_acts(visitor: Visitor, is_past: bool, concept: str) -> bool:
    """Whether the lines of a list are things about which something can be done."""
    return not is_past and visitor.by is not None and bool(acts_about(concept))


def mends(visitor: Visitor, is_past: bool, event: HistoryLine, here: str) -> list[tuple[str, str]]:
    """How who is signed in may go back on a fact: the words of each way, and its form."""
    if is_past or visitor.by is None or event.mended:
        return []
    id_, role = str(event.event_id), visitor.by.role
    then = f"{here}#evenement-{event.position}"
    stated = [name for name in mending(event.topic) if may_give(COMMANDS[name], role)]
    ways = [
        (
            "Rectifier" if len(stated) == 1 else f"Rectifier ({COMMANDS[name].SAYS.rstrip('.')})",
            act_url(name, {"corrects": id_}, then),
        )
        for name in stated
    ]
    if stated and may_give(COMMANDS["fact.retract"], role):
        ways.append(("Retirer", act_url("fact.retract", {"event": id_}, then)))
    if may_give(COMMANDS["fact.contest"], role):
        ways.append(("Contester", act_url("fact.contest", {"about": id_}, then)))
    return ways


def mends_all(
    visitor: Visitor, is_past: bool, events: Iterable[HistoryLine], here: str
) -> dict[int, list[tuple[str, str]]]:
    """The same of several events, by their numbers."""
    return {event.position: mends(visitor, is_past, event, here) for event in events}


def line_acts_url(concept: str, line: Any, here: str) -> str:
    """The page of what can be done about a line of a list."""
    value = getattr(line, BY_FIELD.get(concept, "id"))
    pole = getattr(line, "pole_code", None)
    query = {"sur": concept, "nom": str(value), **({"pole": pole} if pole else {}), "suite": here}
    return f"{ACTS}?{urlencode(query)}"
