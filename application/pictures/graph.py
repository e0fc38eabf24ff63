"""What a picture shows of a journey: its states, its arrows, and the path a case took."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from domain.journey import Journey, State, Transition

LANGUAGE = "fr"


@dataclass(frozen=True, slots=True)
class Stage:
    """A state that a case entered: since when, by which transition, under which version."""

    state: str
    since: str
    """A date as it is known, or `unknown`."""
    transition: str | None = None
    """None where the case began, or where other rules moved it."""
    state_title: str = ""
    title: str = ""
    """What the transition is called, under the version in which it was taken."""
    journey: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """A state as it is drawn."""

    id: str
    title: str
    final: bool = False
    former: bool = False
    """Whether the version drawn does not have it: the case went through it under another."""
    missing: bool = False
    """Whether transitions name it, and the definition does not have it."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """A transition from one state: as many arrows as it leaves states."""

    id: str
    title: str
    source: str
    target: str
    automatic: bool = False
    former: bool = False
    steps: tuple[int, ...] = ()
    """The places it has in the path, the state in which the case began being 1."""


@dataclass(frozen=True, slots=True)
class Graph:
    """States in the order in which they are read, the initial one first, and their arrows."""

    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    initial: str
    path: tuple[Stage, ...] = ()

    @property
    def present(self) -> str | None:
        """Where the case stands."""
        return self.path[-1].state if self.path else None

    @property
    def visited(self) -> frozenset[str]:
        return frozenset(stage.state for stage in self.path)


def title_of(named: State | Transition | Journey) -> str:
    """What something is called; its identifier, where it has no title."""
    return named.title.say(LANGUAGE) or named.id


def graph_of(journey: Journey, path: Sequence[Stage] = ()) -> Graph:
    """A journey, ready to be drawn. What the path holds of other versions is drawn beside it."""
    states = {state.id: Box(state.id, title_of(state), state.final) for state in journey.states}
    for named in (journey.initial, *(end for w in journey.transitions for end in _ends(w))):
        states.setdefault(named, Box(named, named, missing=True))
    for stage in path:
        former = Box(stage.state, stage.state_title or stage.state, former=True)
        states.setdefault(stage.state, former)
    arrows = _with_path(list(_arrows(journey)), path)
    order = _order(list(states), arrows, journey)
    return Graph(tuple(states[id_] for id_ in order), tuple(arrows), journey.initial, tuple(path))


def _arrows(journey: Journey) -> Iterator[Arrow]:
    for state in journey.states:
        for way in journey.ways_out(state.id):
            yield _arrow(way, state.id)
    for way in journey.transitions:
        yield from (_arrow(way, source) for source in way.from_ if source not in journey.state)


def _arrow(way: Transition, source: str) -> Arrow:
    return Arrow(way.id, title_of(way), source, way.to or source, way.trigger == "automatic")


def _ends(way: Transition) -> tuple[str, ...]:
    return (*way.from_, *([way.to] if way.to is not None else []))


def _with_path(arrows: list[Arrow], path: Sequence[Stage]) -> list[Arrow]:
    taken: dict[tuple[str, str, str], list[int]] = {}
    former: dict[tuple[str, str, str], Arrow] = {}
    known = {(arrow.id, arrow.source, arrow.target) for arrow in arrows}
    for number, (before, stage) in enumerate(pairwise(path), 2):
        key = (stage.transition or "", before.state, stage.state)
        if key not in known:
            title = stage.title or stage.transition or "Changement de règles"
            former[key] = Arrow(*_named(key, title), former=True)
        taken.setdefault(key, []).append(number)
    return [
        Arrow(a.id, a.title, a.source, a.target, a.automatic, a.former, tuple(taken.get(key, ())))
        for a in [*arrows, *former.values()]
        for key in [(a.id, a.source, a.target)]
    ]


def _named(key: tuple[str, str, str], title: str) -> tuple[str, str, str, str]:
    return key[0], title, key[1], key[2]


# --- the order of states -----------------------------------------------------------------------


def _order(states: list[str], arrows: list[Arrow], journey: Journey) -> list[str]:
    """The states so that few arrows go back; that of the definition, where it is as good."""
    first = [id_ for id_ in states if id_ == journey.initial]
    last = [s.id for s in journey.states if s.final and s.id not in first]
    middle = [id_ for id_ in states if id_ not in {*first, *last}]
    links = {(a.source, a.target) for a in arrows if a.source != a.target}
    orders = ([*first, *found, *last] for found in (middle, _forward(middle, links)))
    return min(orders, key=lambda order: _cost(order, links))


def _cost(order: list[str], links: set[tuple[str, str]]) -> tuple[int, int]:
    """How many links go back, then how far all of them go."""
    place = {id_: rank for rank, id_ in enumerate(order)}
    distances = [place[target] - place[source] for source, target in links]
    return sum(d < 0 for d in distances), sum(abs(d) for d in distances)


def _forward(states: list[str], links: set[tuple[str, str]]) -> list[str]:
    """States so that links go forward as far as they can.

    Source:
        Eades, Lin and Smyth, A fast and effective heuristic for the feedback arc set problem,
        1993; ties are settled by the definition's order.
    """
    left, right, rest = [], list[str](), list(states)
    while rest:
        among = [(a, b) for a, b in links if a in rest and b in rest]
        out = {id_: sum(a == id_ for a, _ in among) for id_ in rest}
        into = {id_: sum(b == id_ for _, b in among) for id_ in rest}
        sink = next((id_ for id_ in reversed(rest) if not out[id_] and into[id_]), None)
        chosen = sink or max(rest, key=lambda id_: (not into[id_], out[id_] - into[id_]))
        rest.remove(chosen)
        if sink:
            right.insert(0, chosen)
        else:
            left.append(chosen)
    return left + right
