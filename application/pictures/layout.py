"""Where the states and the arrows of a journey stand: one line of states, arrows in lanes.

States stand side by side. What leads on runs above them, what leads back below: each transition
has a lane of its own, which the states it leaves join as tracks join at a switch. Labels stand
where nothing runs, before the state that their lane leads to. The same journey always gives the
same picture.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from application.pictures.graph import Arrow, Box, Graph
from application.pictures.words import width, wrap

Side = Literal["above", "below"]
Point = tuple[float, float]

STATE_TEXT = 13.5
LABEL_TEXT = 12.0
NOTE_TEXT = 11.0
STATE_LINE = 18.0
LABEL_LINE = 15.0
BADGE = 9.0
"""The radius of the sign that numbers a step."""
MARGIN = 14.0
START = 26.0
"""The room of the mark from which the initial state is entered."""


@dataclass(frozen=True, slots=True)
class Style:
    """Room and ports: where arrows leave a state and where they enter it, beside its middle."""

    out: float = 11.0
    into: float = -11.0
    mirrored: bool = True
    """Whether what runs below leaves and enters the other way round."""
    beside: float = 0.0
    """Room kept at the right of each state."""


@dataclass(frozen=True, slots=True)
class StatePlace:
    """A state, and the rectangle in which it stands."""

    box: Box
    lines: tuple[str, ...]
    notes: tuple[str, ...]
    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


@dataclass(frozen=True, slots=True)
class ArrowPath:
    """An arrow: the corners it turns, from the state it leaves to the one it enters."""

    arrow: Arrow
    side: Side
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Label:
    """What a lane is called, and the place for the numbers of the steps taken along it."""

    id: tuple[str, str, Side]
    """Its transition, the state to which it leads, and the side on which it runs."""
    lines: tuple[str, ...]
    x: float
    y: float
    """The base of its first line."""
    lane: float
    badge: float
    """Where, along the lane, the numbers of the steps stand."""
    room: float
    steps: tuple[int, ...]
    automatic: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """A whole picture."""

    width: float
    height: float
    places: tuple[StatePlace, ...]
    tracks: tuple[ArrowPath, ...]
    labels: tuple[Label, ...]


def lay_out(
    graph: Graph, notes: dict[str, tuple[str, ...]] | None = None, style: Style | None = None
) -> Layout:
    """Find a place for everything.

    Args:
        notes: what stands under the title of a state, in small.
    """
    return _Drawing(graph, notes or {}, style or Style()).lay_out()


@dataclass(slots=True)
class _Bus:
    """The arrows of one transition that lead to one state from one side: they share a lane."""

    arrows: list[Arrow]
    side: Side
    target: int
    left: float
    right: float
    label: float
    lines: list[str]
    level: int = 0

    @property
    def span(self) -> tuple[float, float]:
        """From where to where nothing else may stand in its lane."""
        half = max((width(line, LABEL_TEXT) for line in self.lines), default=0) / 2 + 4
        return min(self.left, self.label - half), max(self.right, self.label + half)

    @property
    def steps(self) -> tuple[int, ...]:
        return tuple(sorted(step for arrow in self.arrows for step in arrow.steps))

    @property
    def room(self) -> float:
        """How much height the label takes beside the lane."""
        return len(self.lines) * LABEL_LINE + (BADGE if self.steps else 0)


class _Drawing:
    def __init__(self, graph: Graph, notes: dict[str, tuple[str, ...]], style: Style) -> None:
        self.graph, self.style = graph, style
        self.column = {box.id: rank for rank, box in enumerate(graph.boxes)}
        self.box_width = self._box_width()
        self.notes = {
            id_: tuple(line for note in said for line in wrap(note, self.box_width - 14, NOTE_TEXT))
            for id_, said in notes.items()
        }
        self.pitch = self._pitch()
        self.left = MARGIN + START
        self.wrapped = [
            wrap(box.title, self.box_width - 16, STATE_TEXT, bold=True) for box in graph.boxes
        ]
        tallest = max(
            len(lines) * STATE_LINE + len(self.notes.get(box.id, ())) * LABEL_LINE
            for box, lines in zip(graph.boxes, self.wrapped, strict=True)
        )
        self.box_height = max(56.0, tallest + 22)

    def lay_out(self) -> Layout:
        buses = list(self._buses())
        lanes = {side: self._lanes([b for b in buses if b.side == side]) for side in _SIDES}
        top = MARGIN + sum(_height(lane) for lane in lanes["above"]) + _gap(lanes["above"])
        bottom = top + self.box_height
        at: dict[int, float] = {}
        ends: tuple[tuple[Side, float, int], ...] = (("above", top, -1), ("below", bottom, 1))
        for side, edge, way in ends:
            place = edge + way * _gap(lanes[side])
            for lane in lanes[side]:
                for bus in lane:
                    at[id(bus)] = place
                place += way * _height(lane)
        end = bottom + _gap(lanes["below"]) + sum(_height(lane) for lane in lanes["below"])
        right = max([bus.span[1] for bus in buses], default=0.0)
        last = self.left + len(self.graph.boxes) * self.pitch - self._between
        return Layout(
            width=max(right, last + self.style.beside) + MARGIN,
            height=end + MARGIN,
            places=tuple(self._places(top)),
            tracks=tuple(
                self._track(arrow, at[id(bus)], bus.side, top, bottom)
                for bus in buses
                for arrow in bus.arrows
            ),
            labels=tuple(self._label(bus, at[id(bus)]) for bus in buses),
        )

    # Columns.

    def _box_width(self) -> float:
        words = [w for box in self.graph.boxes for w in box.title.split()]
        longest = max((width(word, STATE_TEXT, bold=True) for word in words), default=0)
        return min(200.0, max(118.0, longest + 20))

    def _pitch(self) -> float:
        words = [word for arrow in self.graph.arrows for word in arrow.title.split()]
        longest = min(130.0, max((width(word, LABEL_TEXT) for word in words), default=0))
        ports = abs(self.style.out - self.style.into)
        self._label_room = max(112.0, longest + 4)
        return max(self.box_width + self.style.beside + 16, self._label_room + ports + 12)

    @property
    def _between(self) -> float:
        return self.pitch - self.box_width - self.style.beside

    def _middle(self, column: int) -> float:
        return self.left + column * self.pitch + self.box_width / 2

    def _out(self, column: int, side: Side) -> float:
        turned = self.style.mirrored and side == "below"
        return self._middle(column) + (-self.style.out if turned else self.style.out)

    def _into(self, column: int, side: Side) -> float:
        turned = self.style.mirrored and side == "below"
        return self._middle(column) + (-self.style.into if turned else self.style.into)

    def _places(self, top: float) -> Iterator[StatePlace]:
        for rank, (box, lines) in enumerate(zip(self.graph.boxes, self.wrapped, strict=True)):
            x = self.left + rank * self.pitch
            notes = self.notes.get(box.id, ())
            yield StatePlace(box, tuple(lines), notes, x, top, self.box_width, self.box_height)

    # Lanes.

    def _buses(self) -> Iterator[_Bus]:
        def shared(arrow: Arrow) -> tuple[str, int, bool, int]:
            source, target = self.column[arrow.source], self.column[arrow.target]
            alone = source if source == target else -1
            return arrow.id, target, source > target, alone

        found: dict[tuple[str, int, bool, int], list[Arrow]] = {}
        for arrow in self.graph.arrows:
            found.setdefault(shared(arrow), []).append(arrow)
        for (_, target, back, _), arrows in found.items():
            yield self._bus(arrows, target, "below" if back else "above")

    def _bus(self, arrows: list[Arrow], target: int, side: Side) -> _Bus:
        ends = [self._out(self.column[arrow.source], side) for arrow in arrows]
        ends.append(self._into(target, side))
        loop = arrows[0].source == arrows[0].target
        if loop:  # beside the state, at its right
            place = (self._out(target, side) + self._into(target + 1, side)) / 2
        elif side == "above":
            place = (self._out(target - 1, side) + self._into(target, side)) / 2
        else:
            place = (self._into(target, side) + self._out(target + 1, side)) / 2
        # Beside a loop, a fourth line would reach the states or the next lane.
        lines = wrap(arrows[0].title, self._label_room, LABEL_TEXT, lines=3 if loop else 4)
        if arrows[0].automatic:
            lines.append("(automatique)")
        return _Bus(arrows, side, target, min(ends), max(ends), place, lines)

    def _lanes(self, buses: list[_Bus]) -> list[list[_Bus]]:
        """Each in the first lane where it meets nothing; the shortest ones nearest the states."""
        lanes: list[list[_Bus]] = []
        for bus in sorted(buses, key=lambda b: (b.right - b.left, b.left)):
            free = (lane for lane in lanes if not any(_meet(bus, other) for other in lane))
            lane = next(free, None)
            if lane is None:
                lanes.append([bus])
            else:
                lane.append(bus)
        return lanes

    def _track(self, arrow: Arrow, lane: float, side: Side, top: float, bottom: float) -> ArrowPath:
        out = self._out(self.column[arrow.source], side)
        into = self._into(self.column[arrow.target], side)
        edge = top if side == "above" else bottom
        start: Sequence[Point] = ((out, edge),)
        if self.style.beside:
            start = ((out, (top + bottom) / 2),)
        return ArrowPath(arrow, side, (*start, (out, lane), (into, lane), (into, edge)))

    def _label(self, bus: _Bus, lane: float) -> Label:
        arrow = bus.arrows[0]
        away = 6 + (BADGE if bus.steps else 0)
        above = lane - away - (len(bus.lines) - 1) * LABEL_LINE
        below = lane + away + LABEL_LINE - 4
        y, badge = above if bus.side == "above" else below, bus.label
        if arrow.source == arrow.target:  # beside the loop, not over it
            y, badge = lane + 4 - (len(bus.lines) - 1) * LABEL_LINE / 2, self._middle(bus.target)
        return Label(
            id=(arrow.id, arrow.target, bus.side),
            lines=tuple(bus.lines),
            x=bus.label,
            y=y,
            lane=lane,
            badge=badge,
            room=max(width(line, LABEL_TEXT) for line in bus.lines),
            steps=bus.steps,
            automatic=arrow.automatic,
        )


_SIDES: tuple[Side, ...] = ("above", "below")


def _meet(one: _Bus, other: _Bus) -> bool:
    (left, right), (start, end) = one.span, other.span
    return left < end + 8 and start < right + 8


def _height(lane: list[_Bus]) -> float:
    return max(bus.room for bus in lane) + 18


def _gap(lanes: list[list[_Bus]]) -> float:
    """The room between the states and the first lane."""
    return 30.0 if lanes else 4.0
