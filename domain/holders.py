"""Who may pass the gates of a definition: roles that do not exist, gates that let nobody in."""

from collections.abc import Iterable, Iterator

from domain.expressions import near
from domain.fault import Fault, fault
from domain.journey import Gate, Journey
from domain.rights import Who, may, roles_in
from domain.roles import Role
from domain.vote import Approval


def check_holders(journey: Journey) -> Iterator[Fault]:
    """What is wrong with roles, and with who may do what."""
    yield from _unknown_roles(journey)
    yield from _permissions(journey)
    if journey.creation:
        yield from _gate(journey, "creation", journey.creation, [journey.initial])
    for way in journey.transitions:
        guarded = way.by is not None or way.permissions or way.groups
        if way.trigger == "user" and not guarded:
            yield fault("open-to-all", way.id)
        yield from _gate(journey, way.id, way, way.from_)
        if way.approval:
            yield from _vote(journey, way.id, way.approval)
    for listed in journey.worklists:
        yield from _gate(journey, listed.id, listed, listed.states, "no-role/list")


# --- who can pass -----------------------------------------------------------------------------


def every_role(journey: Journey) -> list[str]:
    """The roles that somebody may hold: the product's, and those of the definition."""
    return list(dict.fromkeys([*(role.value for role in Role), *journey.roles, *journey.implied]))


def is_bypassed(journey: Journey) -> bool:
    """Whether somebody may hold a role that passes every gate."""
    return not set(journey.bypass).isdisjoint(every_role(journey))


def passes(journey: Journey, state: str, gate: Gate, who: Who) -> bool:
    """Whether somebody passes a gate in a state, clauses apart; a group is never the obstacle."""
    if gate.permissions and not any(may(journey, state, who, p) for p in gate.permissions):
        return False
    return gate.by is None or bool(roles_in(journey, state, who).intersection(gate.by))


def somebody_passes(journey: Journey, state: str, gate: Gate) -> bool:
    """Whether somebody who holds every role, in every group of a state, passes a gate there."""
    groups = journey.state[state].groups if state in journey.state else {}
    everything = Who(frozenset(every_role(journey)), frozenset(groups))
    return passes(journey, state, gate, everything)


def _one_role_passes(journey: Journey, state: str, gate: Gate) -> bool:
    groups = journey.state[state].groups if state in journey.state else {}
    held = [Who(frozenset({role})) for role in every_role(journey)]
    held += [Who(frozenset(), frozenset({group})) for group in groups]
    return any(passes(journey, state, gate, who) for who in held)


def _gate(
    journey: Journey, where: str, gate: Gate, states: Iterable[str], kind: str = "no-role"
) -> Iterator[Fault]:
    """A gate that nobody passes in any of its states; one that stands in none is not asked."""
    known = [state for state in states if state in journey.state]
    if not known or is_bypassed(journey):
        return
    if not any(somebody_passes(journey, state, gate) for state in known):
        yield fault(kind, where)
    elif not any(_one_role_passes(journey, state, gate) for state in known):
        yield fault("several-roles", where)


# --- what roles are named -----------------------------------------------------------------------


def _unknown_roles(journey: Journey) -> Iterator[Fault]:
    known = {*(role.value for role in Role), *journey.roles}
    for where, roles in _named_roles(journey):
        for role in dict.fromkeys(roles):
            if role not in known:
                fr, en = near(role, known)
                yield fault("unknown-role", where, role=role, near=fr, near_en=en)


def _named_roles(journey: Journey) -> Iterator[tuple[str, Iterable[str]]]:
    yield "implied", journey.implied
    yield "open_to", journey.open_to
    yield "otherwise", journey.otherwise
    yield "bypass", journey.bypass
    if journey.creation:
        yield from _gate_roles("creation", journey.creation)
    for state in journey.states:
        given = [*state.rights.values()]
        yield state.id, [role for right in given for role in right.roles]
        yield state.id, [role for roles in state.groups.values() for role in roles]
        for deadline in state.deadlines:
            yield f"{state.id} / {deadline.id}", deadline.waits_for
    for way in journey.transitions:
        yield from _gate_roles(way.id, way)
        if way.approval:
            chair = [way.approval.chair] if way.approval.chair else []
            yield way.id, [*(way.approval.opened_by or ()), *chair]
            for college in way.approval.colleges:
                yield f"{way.id} / {college.id}", college.roles
    for variable in journey.variables:
        if variable.shown_to:
            yield from _gate_roles(f"variables / {variable.id}", variable.shown_to)
    for listed in journey.worklists:
        yield from _gate_roles(listed.id, listed)


def _gate_roles(where: str, gate: Gate) -> Iterator[tuple[str, Iterable[str]]]:
    yield where, gate.by or ()
    for clause in gate.requires:
        yield f"{where} / {clause.id}", clause.unblocked_by or ()


def _permissions(journey: Journey) -> Iterator[Fault]:
    for state in journey.states:
        for permission in state.rights:
            if permission not in journey.managed:
                yield fault(
                    "ineffective-permission-map", state.id, state=state.id, permission=permission
                )


def _vote(journey: Journey, where: str, approval: Approval) -> Iterator[Fault]:
    """A vote that nobody may open, a college in which nobody sits."""
    known = set(every_role(journey))
    if approval.opened_by is not None and known.isdisjoint(approval.opened_by):
        yield fault("impossible-vote/unopened", where)
    for college in approval.colleges:
        if known.isdisjoint(college.roles):
            yield fault("impossible-vote", f"{where} / {college.id}", college=college.id)
