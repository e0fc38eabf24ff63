"""Where the ways of a definition lead: states out of reach, dead ends, loops without end."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from domain.expressions import ReadGate, hold_without
from domain.fault import Fault, fault
from domain.holders import every_role, is_bypassed, passes, somebody_passes
from domain.journey import Journey, Transition
from domain.rights import Who
from domain.roles import Role

MOST_LOOPS = 500
"""How many loops are looked at among states that automatic transitions tie together."""


@dataclass(frozen=True)
class Edge:
    """An automatic transition from one state."""

    source: str
    target: str
    way: Transition
    read: ReadGate
    before: tuple[ReadGate, ...]
    """Those that are tried before it."""


def check_paths(journey: Journey, ways: Sequence[ReadGate]) -> Iterator[Fault]:
    """What is wrong with where ways lead.

    Args:
        ways: the transitions of the journey, in its order, with their clauses read.
    """
    yield from _targets(journey)
    yield from _exits(journey)
    yield from _unused(journey)
    yield from _inputs(journey)
    yield from _out_of_reach(journey)
    yield from _ends(journey, ways)
    yield from _loops(journey, ways)


def _targets(journey: Journey) -> Iterator[Fault]:
    named: list[tuple[str, Iterable[str]]] = [("initial", (journey.initial,))]
    named += [(way.id, (*way.from_, *([way.to] if way.to else []))) for way in journey.transitions]
    for where, states in named:
        for missing in dict.fromkeys(states):
            if missing not in journey.state:
                yield fault("missing-target", where, state=missing)
    places: list[tuple[str, Iterable[str]]] = [("replaces", journey.replaces.values())]
    places += [(listed.id, listed.states) for listed in journey.worklists]
    for where, states in places:
        for missing in dict.fromkeys(states):
            if missing not in journey.state:
                yield fault("missing-state", where, state=missing)


def _exits(journey: Journey) -> Iterator[Fault]:
    for state in journey.states:
        if state.exits is None:
            continue
        leaving = {way.id for way in journey.transitions if state.id in way.from_}
        for name in dict.fromkeys(state.exits):
            if name not in journey.transition:
                yield fault("dangling-exit", state.id, way=name, state=state.id)
            elif name not in leaving:
                yield fault("dangling-exit/elsewhere", state.id, way=name, state=state.id)
        for way in journey.transitions:
            if way.id in leaving and way.id not in state.exits:
                yield fault("dangling-exit/unlisted", state.id, way=way.id, state=state.id)


def _unused(journey: Journey) -> Iterator[Fault]:
    for way in journey.transitions:
        if not way.from_:
            yield fault("unused-transition", way.id, way=way.id)


def _inputs(journey: Journey) -> Iterator[Fault]:
    for way in journey.transitions:
        if way.trigger == "automatic" and way.input:
            needed = [asked.id for asked in way.input if asked.required]
            kind = "automatic-needs-input" if needed else "automatic-needs-input/optional"
            inputs = ", ".join(needed or [asked.id for asked in way.input])
            yield fault(kind, way.id, inputs=inputs)


def _out_of_reach(journey: Journey) -> Iterator[Fault]:
    """States to which no way leads, from the first or from where older cases go on."""
    if journey.initial not in journey.state:
        return  # which is said already, and then nothing is in reach
    leads: dict[str, list[str]] = {}
    for way in journey.transitions:
        for source in way.from_:
            leads.setdefault(source, []).append(way.to or source)
    reached: set[str] = set()
    ahead = [journey.initial, *journey.replaces.values()]
    while ahead:
        state = ahead.pop()
        if state not in reached:
            reached.add(state)
            ahead += leads.get(state, [])
    for one in journey.states:
        if one.id not in reached:
            yield fault("unreachable-state", one.id, state=one.id)


def _ends(journey: Journey, ways: Sequence[ReadGate]) -> Iterator[Fault]:
    by_state: dict[str, list[ReadGate]] = {}
    for read in ways:
        for source in dict.fromkeys(_way(read).from_):
            by_state.setdefault(source, []).append(read)
    for state in journey.states:
        leaving = by_state.get(state.id, [])
        names = ", ".join(f"« {_way(read).id} »" for read in leaving)
        if state.final:
            if leaving:
                yield fault("final-state-left", state.id, state=state.id, ways=names)
            if state.id == journey.initial:
                yield fault("initial-final", state.id, state=state.id)
        elif not leaving:
            yield fault("dead-state", state.id, state=state.id)
        elif not any(may_be_taken(journey, state.id, read) for read in leaving):
            yield fault("dead-state/closed", state.id, state=state.id, ways=names)


def _way(read: ReadGate) -> Transition:
    if not isinstance(read.gate, Transition):
        raise TypeError(read.where)
    return read.gate


def may_be_taken(journey: Journey, state: str, read: ReadGate) -> bool:
    """Whether a transition could ever be taken from a state, as far as can be told."""
    way = _way(read)
    if way.trigger == "automatic" and _never_given(read):
        return False
    return is_bypassed(journey) or (not read.shut and somebody_passes(journey, state, way))


def _never_given(read: ReadGate) -> bool:
    """Whether an automatic transition waits for what nobody gives it."""
    if any(asked.required for asked in _way(read).input):
        return True
    return any(
        clause.guard(clause.scope.lay_out({})) is not True
        for clause in read.clauses
        if clause.reads and all(name.startswith("input.") for name in clause.reads)
    )


# --- loops ------------------------------------------------------------------------------------


def _loops(journey: Journey, ways: Sequence[ReadGate]) -> Iterator[Fault]:
    """Automatic transitions that come back to where they began: one loop for each knot of them."""
    leaving = _edges(journey, ways)
    for knot in _knots(leaving):
        order = [state.id for state in journey.states if state.id in knot]
        inside = {
            state: [edge for edge in leaving.get(state, ()) if edge.target in knot]
            for state in order
        }
        seen: list[list[Edge]] = []
        endless = None
        for loop in _walk(inside, order):
            seen.append(loop)
            if _endless(journey, loop):
                endless = loop
                break
        if endless or seen:
            shown = endless or seen[0]
            kind = "automatic-cycle" if endless else "automatic-cycle/perhaps"
            yield fault(kind, shown[0].source, cycle=_said(shown))


def _said(loop: Sequence[Edge]) -> str:
    return " → ".join([loop[0].source, *(p for edge in loop for p in (edge.way.id, edge.target))])


def _edges(journey: Journey, ways: Sequence[ReadGate]) -> dict[str, list[Edge]]:
    """The automatic transitions that may be taken from each state, in its order."""
    read = {id(_way(gate)): gate for gate in ways}
    found: dict[str, list[Edge]] = {}
    for state in journey.states:
        for way in journey.ways_out(state.id):
            gate = read[id(way)]
            target = way.to or state.id
            if way.trigger != "automatic" or target not in journey.state:
                continue
            if not may_be_taken(journey, state.id, gate):
                continue
            others = found.setdefault(state.id, [])
            others.append(Edge(state.id, target, way, gate, tuple(edge.read for edge in others)))
            if _unconditional(gate):
                break  # those that come after it are never tried
    return found


def _unconditional(read: ReadGate) -> bool:
    way = _way(read)
    guarded = way.by is not None or way.permissions or way.groups or way.approval
    return not guarded and read.free


def _endless(journey: Journey, loop: Sequence[Edge]) -> bool:
    """Whether everything a loop asks for can hold at once, as far as can be told.

    What changes on the way (variables, votes, deadlines, and whatever a handler does) may end it;
    so may an automatic transition that leads out of it and is tried before.
    """
    if any(_may_change(gate) for edge in loop for gate in (edge.read, *edge.before)):
        return False
    everybody = [Who(frozenset({role, Role.SYSTEM.value})) for role in every_role(journey)]
    tried: set[tuple[int, ...]] = set()
    for who in everybody:
        if not all(passes(journey, edge.source, edge.way, who) for edge in loop):
            continue
        first = [
            gate
            for edge in loop
            for gate in edge.before
            if passes(journey, edge.source, _way(gate), who)
        ]
        which = tuple(map(id, first))
        if which not in tried and all(gate.clauses for gate in first):
            tried.add(which)
            held = [clause for edge in loop for clause in edge.read.clauses]
            if hold_without(held, [gate.clauses for gate in first], loop[0].read.names):
                return True
    return False


_CHANGING = ("var.", "approvals.", "deadlines.", "input.")


def _may_change(read: ReadGate) -> bool:
    """Whether what a transition asks for may be another at the next turn, or cannot be told."""
    way = _way(read)
    if way.before or way.after or way.approval or way.groups or not read.whole:
        return True
    return any(name.startswith(_CHANGING) for clause in read.clauses for name in clause.reads)


def _knots(leaving: Mapping[str, Sequence[Edge]]) -> Iterator[set[str]]:
    """The sets of states each of which leads to every other, or to itself (Tarjan, 1972)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: dict[str, None] = {}
    for root in leaving:
        if root in index:
            continue
        work = [(root, iter(leaving.get(root, ())))]
        index[root] = low[root] = len(index)
        stack[root] = None
        while work:
            state, edges = work[-1]
            edge = next(edges, None)
            if edge is not None:
                target = edge.target
                if target not in index:
                    index[target] = low[target] = len(index)
                    stack[target] = None
                    work.append((target, iter(leaving.get(target, ()))))
                elif target in stack:
                    low[state] = min(low[state], index[target])
                continue
            work.pop()
            if work:
                parent = work[-1][0]
                low[parent] = min(low[parent], low[state])
            if low[state] == index[state]:
                knot = {state}
                while (last := stack.popitem()[0]) != state:
                    knot.add(last)
                if len(knot) > 1 or any(e.target == state for e in leaving.get(state, ())):
                    yield knot


def _walk(inside: Mapping[str, Sequence[Edge]], order: Sequence[str]) -> Iterator[list[Edge]]:
    """The loops among some states, each from the first of its states; at most some of them."""
    place = {state: number for number, state in enumerate(order)}
    budget = MOST_LOOPS * 10
    found = 0
    for first in order:
        trail: list[Edge] = []
        ahead = [iter(inside[first])]
        while ahead:
            budget -= 1
            if budget < 0 or found >= MOST_LOOPS:
                return
            edge = next(ahead[-1], None)
            if edge is None:
                ahead.pop()
                if trail:
                    trail.pop()
            elif edge.target == first:
                found += 1
                yield [*trail, edge]
            elif place[edge.target] > place[first] and edge.target not in {e.source for e in trail}:
                trail.append(edge)
                ahead.append(iter(inside[edge.target]))
