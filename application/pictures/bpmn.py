"""A journey as BPMN 2.0, with its drawing, so that a modeller opens it as it stands.

A state is a task: the work of the stage. What leaves a state with several ways out passes an
exclusive gateway, since a case stands in one state at a time; each flow carries its clauses, in
words as documentation, and in CEL as its condition. A final state ends the process.
"""

from collections.abc import Iterator

from application.pictures.graph import Arrow, Box, Graph
from application.pictures.layout import LABEL_TEXT, ArrowPath, Layout, StatePlace, Style, lay_out
from application.pictures.words import identifier, one_line, wrap, xml
from domain.journey import Clause, Journey, Unresolved, clauses_of

GATEWAY = 36.0
EVENT = 24.0
BESIDE = 64.0
LABEL_ROOM = 116.0
"""Room at the right of a task, for its gateway."""

_SPACES = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" '
    'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" '
    'xmlns:di="http://www.omg.org/spec/DD/20100524/DI" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)


def bpmn(journey: Journey, graph: Graph, *, title: str) -> str:
    """The document: the process, then its diagram."""
    return "\n".join(_Document(journey, graph, title).lines()) + "\n"


class _Document:
    def __init__(self, journey: Journey, graph: Graph, title: str) -> None:
        self.journey, self.graph, self.title = journey, graph, one_line(title)
        # What the case took under other rules is no part of the definition.
        boxes = tuple(box for box in graph.boxes if not box.former)
        arrows = tuple(arrow for arrow in graph.arrows if not arrow.former)
        self.graph = Graph(boxes, arrows, graph.initial)
        self.ways = {box.id: [a for a in arrows if a.source == box.id] for box in boxes}
        width = 200.0  # found again below: the ports are counted from the middle of a task
        self.layout: Layout = lay_out(self.graph, style=_style(width))
        width = self.layout.places[0].width
        self.layout = lay_out(self.graph, style=_style(width))
        self.process = identifier("process", journey.id)

    def lines(self) -> Iterator[str]:
        yield '<?xml version="1.0" encoding="UTF-8"?>'
        yield (
            f'<definitions {_SPACES} id="definitions" targetNamespace="urn:jalon:journey" '
            'expressionLanguage="urn:jalon:cel" exporter="Jalon">'
        )
        yield f'  <process id="{self.process}" name="{xml(self.title)}" isExecutable="false">'
        yield f"    <documentation>{xml(' ; '.join(self.journey.source))}</documentation>"
        yield from (f"    {line}" for line in self._elements())
        yield from (f"    {line}" for line in self._flows())
        yield "  </process>"
        yield '  <bpmndi:BPMNDiagram id="diagram">'
        yield f'    <bpmndi:BPMNPlane id="plane" bpmnElement="{self.process}">'
        yield from (f"      {line}" for line in self._shapes())
        yield from (f"      {line}" for line in self._edges())
        yield "    </bpmndi:BPMNPlane>"
        yield "  </bpmndi:BPMNDiagram>"
        yield "</definitions>"

    # The process.

    def _elements(self) -> Iterator[str]:
        yield '<startEvent id="start"><outgoing>flow_start</outgoing></startEvent>'
        for box in self.graph.boxes:
            yield f'<task id="{_task(box.id)}" name="{xml(one_line(box.title))}">'
            yield from (f"  <incoming>{flow}</incoming>" for flow in self._into(box.id))
            yield from (f"  <outgoing>{flow}</outgoing>" for flow in self._out_of(box.id))
            yield "</task>"
            if self._forks(box.id):
                yield f'<exclusiveGateway id="{_gateway(box.id)}" gatewayDirection="Diverging">'
                yield f"  <incoming>{_to_gateway(box.id)}</incoming>"
                yield from (f"  <outgoing>{_flow(a)}</outgoing>" for a in self.ways[box.id])
                yield "</exclusiveGateway>"
            if self._ends(box):
                yield f'<endEvent id="{_end(box.id)}">'
                yield f"  <incoming>{_to_end(box.id)}</incoming>"
                yield "</endEvent>"

    def _forks(self, state: str) -> bool:
        return len(self.ways[state]) > 1

    def _ends(self, box: Box) -> bool:
        return not self.ways[box.id]

    def _into(self, state: str) -> Iterator[str]:
        if state == self.graph.initial:
            yield "flow_start"
        yield from (_flow(arrow) for arrow in self.graph.arrows if arrow.target == state)

    def _out_of(self, state: str) -> Iterator[str]:
        if self._forks(state):
            yield _to_gateway(state)
        elif self.ways[state]:
            yield _flow(self.ways[state][0])
        else:
            yield _to_end(state)

    def _flows(self) -> Iterator[str]:
        initial = _task(self.graph.initial)
        yield f'<sequenceFlow id="flow_start" sourceRef="start" targetRef="{initial}"/>'
        for box in self.graph.boxes:
            task = _task(box.id)
            if self._forks(box.id):
                ends = f'sourceRef="{task}" targetRef="{_gateway(box.id)}"'
                yield f'<sequenceFlow id="{_to_gateway(box.id)}" {ends}/>'
            if self._ends(box):
                ends = f'sourceRef="{task}" targetRef="{_end(box.id)}"'
                yield f'<sequenceFlow id="{_to_end(box.id)}" {ends}/>'
        for arrow in self.graph.arrows:
            yield from self._flow(arrow)

    def _flow(self, arrow: Arrow) -> Iterator[str]:
        source = _gateway(arrow.source) if self._forks(arrow.source) else _task(arrow.source)
        clauses = clauses_of(self.journey.transition[arrow.id])
        yield (
            f'<sequenceFlow id="{_flow(arrow)}" name="{xml(one_line(arrow.title))}" '
            f'sourceRef="{source}" targetRef="{_task(arrow.target)}">'
        )
        if clauses:
            said = " ".join(clause.say.say("fr") for clause in clauses)
            yield f"  <documentation>{xml(one_line(said))}</documentation>"
            when = " && ".join(f"({_when(clause)})" for clause in clauses)
            if self._forks(arrow.source):
                yield (
                    '  <conditionExpression xsi:type="tFormalExpression" '
                    f'language="urn:jalon:cel">{xml(one_line(when))}</conditionExpression>'
                )
        yield "</sequenceFlow>"

    # The diagram.

    def _shapes(self) -> Iterator[str]:
        first = next(p for p in self.layout.places if p.box.id == self.graph.initial)
        middle = first.y + first.height / 2
        yield from _shape("start", first.x - 10 - EVENT, middle - EVENT / 2, EVENT, EVENT)
        for place in self.layout.places:
            id_ = place.box.id
            middle = place.y + place.height / 2
            yield from _shape(_task(id_), place.x, place.y, place.width, place.height)
            port = _port(place)
            if self._forks(id_):
                x, y = port - GATEWAY / 2, middle - GATEWAY / 2
                marked = ' isMarkerVisible="true"'
                yield from _shape(_gateway(id_), x, y, GATEWAY, GATEWAY, marked)
            if self._ends(place.box):
                yield from _shape(_end(id_), port - EVENT / 2, middle - EVENT / 2, EVENT, EVENT)

    def _edges(self) -> Iterator[str]:
        first = next(p for p in self.layout.places if p.box.id == self.graph.initial)
        middle = first.y + first.height / 2
        yield from _edge("flow_start", [(first.x - 10, middle), (first.x, middle)])
        for place in self.layout.places:
            id_, middle = place.box.id, place.y + place.height / 2
            right, port = place.x + place.width, _port(place)
            if self._forks(id_):
                yield from _edge(_to_gateway(id_), [(right, middle), (port - GATEWAY / 2, middle)])
            if self._ends(place.box):
                yield from _edge(_to_end(id_), [(right, middle), (port - EVENT / 2, middle)])
        at = {place.box.id: place for place in self.layout.places}
        for track in self.layout.tracks:
            points = self._points(track, at[track.arrow.source])
            yield from _edge(_flow(track.arrow), points, self._label(track, at))

    def _label(
        self, track: ArrowPath, at: dict[str, StatePlace]
    ) -> tuple[float, float, float, float]:
        """Beside the state that the flow leaves: flows that share a lane have each their own."""
        _, (x, lane), *_ = track.points
        lines = wrap(track.arrow.title, LABEL_ROOM - 8, LABEL_TEXT)
        height = len(lines) * 14.0
        if track.side == "below":
            source = at[track.arrow.source]  # between it and the gateway at its left
            left = source.middle - (source.width / 2 + 42) / 2 - 50
            return (left, lane + 4, 100.0, height)
        return (x + BESIDE / 2 - 22, lane - height - 4, LABEL_ROOM, height)

    def _points(self, track: ArrowPath, place: StatePlace) -> list[tuple[float, float]]:
        (x, middle), lane, *rest = track.points
        if self._forks(track.arrow.source):
            leaves = middle + (GATEWAY / 2 if track.side == "below" else -GATEWAY / 2)
            return [(x, leaves), lane, *rest]
        return [(place.x + place.width, middle), (x, middle), lane, *rest]


def _style(width: float) -> Style:
    return Style(out=width / 2 + BESIDE / 2 + 6, into=0, mirrored=False, beside=BESIDE)


def _port(place: StatePlace) -> float:
    return place.middle + place.width / 2 + BESIDE / 2 + 6


def _shape(
    id_: str, x: float, y: float, width: float, height: float, more: str = ""
) -> Iterator[str]:
    yield f'<bpmndi:BPMNShape id="{id_}_di" bpmnElement="{id_}"{more}>'
    yield f"  {_bounds(x, y, width, height)}"
    yield "</bpmndi:BPMNShape>"


def _edge(
    id_: str,
    points: list[tuple[float, float]],
    label: tuple[float, float, float, float] | None = None,
) -> Iterator[str]:
    yield f'<bpmndi:BPMNEdge id="{id_}_di" bpmnElement="{id_}">'
    yield from (f'  <di:waypoint x="{x:.1f}" y="{y:.1f}"/>' for x, y in points)
    if label:
        yield f"  <bpmndi:BPMNLabel>{_bounds(*label)}</bpmndi:BPMNLabel>"
    yield "</bpmndi:BPMNEdge>"


def _bounds(x: float, y: float, width: float, height: float) -> str:
    return f'<dc:Bounds x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"/>'


def _when(clause: Clause) -> str:
    return clause.when.unresolved if isinstance(clause.when, Unresolved) else clause.when


def _task(state: str) -> str:
    return identifier("state", state)


def _gateway(state: str) -> str:
    return identifier("choice", state)


def _end(state: str) -> str:
    return identifier("end", state)


def _to_gateway(state: str) -> str:
    return identifier("flow_choice", state)


def _to_end(state: str) -> str:
    return identifier("flow_end", state)


def _flow(arrow: Arrow) -> str:
    """The identifier of a flow: its transition's and the state's that it leaves."""
    return identifier("flow_by", arrow.id, arrow.source)
