"""Who may pass: roles, groups, and the permissions that follow the state."""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.errors import Refused
from domain.journey import Gate, Journey, Right
from domain.words import Text, called, role_in_words

NOBODY = Text(fr="personne", en="nobody")

ACTS: dict[str, Text] = {}
"""What a permission lets people do, in a sentence; commands, which are permissions, add theirs."""


def permissions_in_words(permissions: Iterable[str]) -> Text:
    """What permissions let people do; one of a journey of its own, by its identifier."""
    said = [called(ACTS.get(name, Text()), name) for name in permissions]
    return Text(
        fr=", ".join(f"« {text.fr or text.en} »" for text in said),
        en=", ".join(f"“{text.en or text.fr}”" for text in said),
    )


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody by the roles held and the groups belonged to."""

    roles: frozenset[str]
    groups: frozenset[str] = frozenset()


def roles_in(journey: Journey, state: str, who: Who) -> frozenset[str]:
    """The roles somebody holds in a state: their own, the implied ones, those of their groups."""
    held = who.roles.union(journey.implied)
    if who.groups and state in journey.state:
        local = journey.state[state].groups
        held = held.union(*(local.get(group, ()) for group in who.groups))
    return held


def right_in(journey: Journey, state: str, permission: str) -> Right:
    """The roles that hold a permission in a state.

    What the journey does not decide, and what a state says nothing of, is acquired: it belongs to
    those who hold it `otherwise`.
    """
    if permission in journey.managed and state in journey.state:
        return journey.state[state].rights.get(permission, _ACQUIRED)
    return _ACQUIRED


_ACQUIRED = Right(roles=(), acquired=True)


def may(journey: Journey, state: str, who: Who, permission: str) -> bool:
    """Whether somebody holds a permission in a state."""
    right = right_in(journey, state, permission)
    anyway = journey.otherwise_for.get(permission, journey.otherwise)
    holders = {*right.roles, *(anyway if right.acquired else ())}
    return bool(holders & roles_in(journey, state, who)) or bool(
        holders.intersection(journey.open_to)
    )


def wanting(journey: Journey, state: str, gate: Gate, who: Who) -> str | None:
    """The part of a gate, clauses apart, that does not let somebody pass; `None` when all do."""
    held = roles_in(journey, state, who)
    if gate.permissions and not any(may(journey, state, who, p) for p in gate.permissions):
        return "permissions"
    if gate.by is not None and not held.intersection(gate.by):
        return "by"
    if gate.groups and not who.groups.intersection(gate.groups):
        return "groups"
    return None


def bypasses(journey: Journey, state: str, who: Who | None) -> bool:
    return bool(
        journey.bypass and who and roles_in(journey, state, who).intersection(journey.bypass)
    )


def admitted(journey: Journey, state: str, gate: Gate, who: Who | None) -> bool:
    """Whether somebody passes a gate, its clauses apart; `None` is whoever may."""
    return (
        who is None or bypasses(journey, state, who) or wanting(journey, state, gate, who) is None
    )


class RoleNotHeld(Refused):
    """Somebody else may take this step."""

    code = "journey.role"
    fr = "« {title} » revient à : {roles}. Vous agissez comme : {role}."
    en = "“{title}” belongs to: {roles}. You act as: {role}."


class PermissionNotHeld(Refused):
    """The state gives the permission to others."""

    code = "journey.permission"
    fr = (
        "« {title} » demande, à l'étape « {state} », ce droit, que vous n'avez pas : {permissions}."
    )
    en = "“{title}” asks, in the stage “{state}”, for a right you do not have: {permissions}."


class RightNotHeld(Refused):
    """The state does not give this right to who acts."""

    code = "journey.right"
    fr = "À l'étape « {state} », dans votre rôle, vous n'avez pas ce droit : {permission}."
    en = "In the stage “{state}”, in your role, you do not have this right: {permission}."


class NotInGroup(Refused):
    """Only members of some groups may take this step."""

    code = "journey.group"
    fr = "« {title} » est réservé aux groupes : {groups}."
    en = "“{title}” is kept for the groups: {groups}."


def pass_gate(journey: Journey, state: str, gate: Gate, who: Who, title: Text) -> None:
    """Refuse whoever does not hold what a gate takes."""
    match wanting(journey, state, gate, who):
        case "by":
            able = role_in_words(gate.by or (), journey.roles)
            mine = role_in_words(sorted(who.roles), journey.roles)
            raise RoleNotHeld(title=title, roles=able if gate.by else NOBODY, role=mine)
        case "permissions":
            asked = permissions_in_words(gate.permissions)
            raise PermissionNotHeld(
                title=title, state=state_title(journey, state), permissions=asked
            )
        case "groups":
            raise NotInGroup(title=title, groups=", ".join(gate.groups))


def permit(journey: Journey, state: str, who: Who, permission: str) -> None:
    """Refuse whoever does not hold a permission in a state."""
    if not bypasses(journey, state, who) and not may(journey, state, who, permission):
        right = permissions_in_words([permission])
        raise RightNotHeld(permission=right, state=state_title(journey, state))


def state_title(journey: Journey, state: str) -> Text:
    # Under another version than its own, a case may stand in a state unknown to this one.
    known = journey.state.get(state)
    return called(known.title if known else Text(), state)
