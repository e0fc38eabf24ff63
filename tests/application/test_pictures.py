"""Pictures: nothing overlaps, nothing breaks out of its text, and others read and run them."""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from lxml import etree
from statemachine.io import load

from application.drawing import Format, PathSheet, StepLine, draw
from application.pictures.graph import Stage, graph_of
from application.pictures.layout import LABEL_LINE, LABEL_TEXT, Label, Layout, lay_out
from application.pictures.scxml import event_name, holds_name, names_of, state_name
from application.pictures.svg import svg
from application.pictures.words import identifier, width, wrap
from domain.errors import Refused
from domain.journey import Journey, Transition
from domain.pole import PoleFacts
from domain.rights import Who
from domain.roles import Role
from domain.rules import CompiledJourney, Value, compile_journey, fact_types
from domain.workflow import Verdict, automatic, take, why
from infrastructure.guards import Cel
from tests import make
from tests.examples import settings

NOW = datetime(2024, 6, 3, tzinfo=UTC)
SVG = "{http://www.w3.org/2000/svg}"
ROLES = [Role.REGISTRAR, Role.COORDINATOR, Role.POLE_REPRESENTATIVE]

_one_line = st.characters(max_codepoint=0xFFFF, exclude_categories=["C", "Z"])
ids = st.one_of(
    st.from_regex(r"[a-z][a-z_]{0,9}", fullmatch=True),
    st.text(_one_line, min_size=1, max_size=12),
    st.sampled_from(['a"b', "<b>&", "a\\", "end", "state", "a b", "_x005F_", "été", "a__b", "x_"]),
)
titles = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=60)

CLAUSES = {
    "many": "members.total >= 3",
    "placed": "territory.delimited",
    "filed": "'strategy' in evidence.kinds",
}
FACTS: Mapping[str, st.SearchStrategy[Value]] = {
    "members.total": st.integers(0, 5),
    "territory.delimited": st.booleans(),
    "evidence.kinds": st.sampled_from([(), ("strategy",)]),
}


@st.composite
def definitions(draw: st.DrawFn) -> Journey:
    """A journey of a few states; automatic steps lead on only, so that they come to an end."""
    states = draw(st.lists(ids, min_size=1, max_size=6, unique=True))
    ways = draw(st.lists(ids, max_size=8, unique=True))
    return Journey.model_validate(
        {
            "id": "essai",
            "version": "2020-01",
            "title": {"fr": draw(titles)},
            "source": ["un texte"],
            "facts": "PoleFacts",
            "initial": states[0],
            "states": [
                {"id": id_, "title": {"fr": draw(titles)}, "final": draw(st.booleans())}
                for id_ in states
            ],
            "transitions": [_way(draw, id_, states) for id_ in ways],
        }
    )


def _way(draw: st.DrawFn, id_: str, states: list[str]) -> dict[str, Any]:
    alone = len(states) > 1 and draw(st.booleans())
    if alone:
        last = draw(st.integers(1, len(states) - 1))
        sources = states[:last]
        to: str | None = states[last]
    else:
        sources = draw(st.lists(st.sampled_from(states), min_size=1, unique=True))
        to = draw(st.none() | st.sampled_from(states))
    asked = draw(st.lists(st.sampled_from(sorted(CLAUSES)), min_size=int(alone), unique=True))
    say = {"fr": "Une condition."}
    return {
        "id": id_,
        "title": {"fr": draw(titles)},
        "from": sources,
        "to": to,
        "trigger": "automatic" if alone else "user",
        "by": None if alone else draw(st.none() | st.lists(st.sampled_from(ROLES), max_size=2)),
        "input": {} if alone or draw(st.booleans()) else {"ok": {"type": "boolean", "title": say}},
        "requires": [{"id": c, "when": CLAUSES[c], "say": say, "source": "x"} for c in asked],
    }


@st.composite
def drawn(draw: st.DrawFn) -> tuple[Journey, PathSheet]:
    """A journey with a path along it, which need not be one that it allows."""
    journey = draw(definitions())
    known = st.sampled_from([state.id for state in journey.states]) | ids
    ways = st.none() | st.sampled_from([way.id for way in journey.transitions] or ["gone"])
    stages = draw(st.lists(st.tuples(known, ways), min_size=1, max_size=6))
    steps = tuple(
        StepLine(
            number=number,
            state=state,
            state_title=state,
            occurred_on="2021-05",
            transition=way if number > 1 else None,
            title="Un passage",
            journey=journey.ref,
        )
        for number, (state, way) in enumerate(stages, 1)
    )
    return journey, PathSheet(journey=journey.ref, title="essai", steps=steps, exits=())


shipped = pytest.mark.parametrize("journey", make.journeys(), ids=lambda journey: journey.ref)
slow = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


# --- words -------------------------------------------------------------------------------------


@given(st.lists(ids, min_size=1, max_size=3), st.lists(ids, min_size=1, max_size=3))
def test_an_identifier_is_that_of_its_texts_alone(some: list[str], others: list[str]) -> None:
    assert re.fullmatch(r"[A-Za-z]\w*", identifier("s", *some), re.ASCII)
    assert (identifier("s", *some) == identifier("s", *others)) == (some == others)


def test_an_identifier_stays_as_people_wrote_it_where_it_can() -> None:
    assert identifier("s", "charter_signed") == "s_charter_signed"
    assert identifier("s", "été") == "s__x0000E9t_x0000E9"


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=90))
def test_wrapped_lines_keep_to_their_room_and_every_word(text: str) -> None:
    lines = wrap(text, 110, LABEL_TEXT, lines=99)

    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width(line, LABEL_TEXT) <= 110 or len(line) == 1 for line in lines)


def test_what_does_not_fit_ends_with_a_sign_that_says_so() -> None:
    assert wrap("un deux trois quatre", 30, LABEL_TEXT, lines=2) == ["un", "deux…"]


# --- the layout --------------------------------------------------------------------------------


def _rectangle(label: Label) -> tuple[float, float, float, float]:
    wide = max(width(line, LABEL_TEXT) for line in label.lines)
    top = label.y - LABEL_LINE + 4
    return label.x - wide / 2, top, label.x + wide / 2, top + len(label.lines) * LABEL_LINE


def _apart(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return (
        one[2] <= other[0] + 0.01
        or other[2] <= one[0] + 0.01
        or one[3] <= other[1] + 0.01
        or other[3] <= one[1] + 0.01
    )


def nothing_overlaps(layout: Layout) -> None:
    labels = [_rectangle(label) for label in layout.labels]
    boxes = [(p.x, p.y, p.x + p.width, p.y + p.height) for p in layout.places]
    everything = [*labels, *boxes]
    for number, one in enumerate(everything):
        assert all(_apart(one, other) for other in everything[number + 1 :])
        assert one[0] >= 0
        assert one[1] >= 0
        assert one[2] <= layout.width
        assert one[3] <= layout.height
    for track in layout.tracks:
        for (x, y), (to_x, to_y) in zip(track.points, track.points[1:], strict=False):
            line = (min(x, to_x), min(y, to_y), max(x, to_x), max(y, to_y))
            assert all(_apart(line, label) for label in labels), (track, line)


@shipped
def test_nothing_overlaps_in_what_we_ship(journey: Journey) -> None:
    nothing_overlaps(lay_out(graph_of(journey)))


@slow
@given(drawn())
def test_nothing_overlaps_in_any_journey(given: tuple[Journey, PathSheet]) -> None:
    journey, path = given

    nothing_overlaps(lay_out(graph_of(journey, [Stage(s.state, "2021") for s in path.steps])))


@shipped
def test_stages_are_read_in_their_order(journey: Journey) -> None:
    assert [box.id for box in graph_of(journey).boxes] == [state.id for state in journey.states]


@slow
@given(drawn())
def test_the_same_is_always_drawn_alike(given: tuple[Journey, PathSheet]) -> None:
    journey, path = given
    again = Journey.model_validate_json(journey.model_dump_json(by_alias=True))

    for form in Format:
        assert draw(journey, form, path) == draw(again, form, path)


# --- SVG ---------------------------------------------------------------------------------------


@slow
@given(drawn())
def test_an_image_holds_no_style_no_script_and_all_its_words(
    given: tuple[Journey, PathSheet],
) -> None:
    journey, path = given

    image = etree.fromstring(draw(journey, Format.SVG, path).encode())

    assert image.get("role") == "img"
    allowed = {"svg", "title", "desc", "rect", "path", "polygon", "circle", "text"}
    for element in image.iter():
        assert etree.QName(element).localname in allowed
        assert not [name for name in element.attrib if name == "style" or name.startswith("on")]
        assert not [v for name, v in element.attrib.items() if "url(" in v and name != "desc"]
    known = {element.get("id") for element in image.iter() if element.get("id")}
    assert known == {image.get("aria-labelledby"), image.get("aria-describedby")}


def test_a_small_image_is_never_stretched_and_a_wide_one_may_shrink() -> None:
    journey = make.journey().journey
    small = graph_of(
        Journey.model_validate(
            {
                "id": "petit",
                "version": "2024-01",
                "source": ["product rule"],
                "facts": "PoleFacts",
                "initial": "a",
                "states": {"a": {}, "b": {}},
                "transitions": {"go": {"from": ["a"], "to": "b"}},
            }
        )
    )

    assert ' class="journey" ' in svg(small, title="Deux étapes")
    assert ' class="journey wide" ' in draw(journey, Format.SVG)


def a_path(journey: Journey) -> PathSheet:
    way = journey.transition["enter_experimentation"]
    first, second = (
        StepLine(
            number=number,
            state=state,
            state_title=journey.state[state].title.fr,
            occurred_on=day,
            transition=taken,
            title=way.title.fr,
            journey=journey.ref,
        )
        for number, state, day, taken in (
            (1, "emergence", "2012", None),
            (2, "experimentation", "2012-06-25", way.id),
        )
    )
    return PathSheet(journey=journey.ref, title="essai", steps=(first, second), exits=())


@shipped
def test_the_path_is_thick_numbered_and_ends_where_the_pole_stands(journey: Journey) -> None:
    image = etree.fromstring(draw(journey, Format.SVG, a_path(journey)).encode())

    taken = image.findall(f"{SVG}path[@class='track taken']")
    others = image.findall(f"{SVG}path[@class='track open']")
    assert len(taken) == 1
    assert float(taken[0].get("stroke-width")) > 2 * float(others[0].get("stroke-width"))
    assert [e.text for e in image.findall(f"{SVG}text[@class='number']")] == ["2", "1"]
    assert len(image.findall(f"{SVG}rect[@class='present']")) == 1
    said = " ".join(element.text for element in image.findall(f"{SVG}text"))
    assert "ici depuis" in said
    assert image.find(f"{SVG}desc").text.startswith("Chemin suivi : 1. Émergence, en 2012 ;")


def _light(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, as WCAG 2.2 defines it."""
    dark, light = sorted((_light(one), _light(other)))
    return (light + 0.05) / (dark + 0.05)


def test_every_colour_can_be_told_from_its_ground() -> None:
    from application.pictures import svg

    for words, ground in (
        (svg.INK, svg.GROUND),
        (svg.INK, svg.PALE),
        (svg.SOFT, svg.GROUND),
        (svg.GROUND, svg.DEEP),
        (svg.GROUND, svg.MARK),
        (svg.MARK, svg.GROUND),
        (svg.LINE, svg.GROUND),
        (svg.DEEP, svg.GROUND),
    ):
        assert contrast(words, ground) >= 4.5


def test_a_step_under_former_rules_is_drawn_beside_the_definition() -> None:
    journey = make.journey("pole@2021-05-12").journey
    path = a_path(journey)
    gone = path.steps[1].model_copy(
        update={"number": 3, "state": "witness", "state_title": "Pôle témoin", "transition": "old"}
    )
    with_former = path.model_copy(update={"steps": (*path.steps, gone)})

    image = etree.fromstring(draw(journey, Format.SVG, with_former).encode())

    said = " ".join(element.text for element in image.findall(f"{SVG}text"))
    said = said.replace("\u00a0", " ")
    assert "Pôle témoin" in said
    assert "Pointillés : selon une version antérieure des règles." in said


# --- Mermaid and DOT ---------------------------------------------------------------------------

MERMAID = re.compile(
    r"stateDiagram-v2|    (?:accTitle: [^;:#\"]*|direction LR"
    r"|state \"[^\";:#<>&%\\{}\[\]_`*]*\" as s_\w+|s_\w+ --> (?:s_\w+ : [^;:#\"<>&%\\{}`]*|\[\*\])"
    r"|\[\*\] --> s_\w+|classDef (?:visited|present) [a-z0-9:,-]+|class s_\w+ (?:visited|present))",
    re.ASCII,
)


@slow
@given(drawn())
def test_every_line_of_mermaid_is_one_of_its_own(given: tuple[Journey, PathSheet]) -> None:
    journey, path = given

    lines = draw(journey, Format.MERMAID, path).removesuffix("\n").split("\n")

    plain = [re.sub(r"[^\x00-\x7f]", "é", line) for line in lines]
    assert [line for line in plain if not MERMAID.fullmatch(line)] == []
    assert sum(" : " in line for line in lines) == len(graph_of(journey, _stages(path)).arrows)


def _stages(path: PathSheet) -> list[Stage]:
    return [Stage(step.state, step.occurred_on, step.transition) for step in path.steps]


QUOTED = r'"(?:[^"\\]|\\.)*"'
DOT = re.compile(
    r"digraph \{|\}|    (?:(?:graph|node|edge|start) \[.*\]|start -> (?P<start>Q)"
    r"|(?P<node>Q) \[A\]|(?P<source>Q) -> (?P<target>Q) \[A\])".replace(
        "A", r"\w+=(?:Q|\w+)(?:, \w+=(?:Q|\w+))*"
    ).replace("Q", QUOTED)
)
"""The part of the grammar of DOT that is used: quoted names, whose backslashes go by two."""


@slow
@given(drawn())
def test_dot_has_every_state_and_arrow_and_nothing_breaks_out_of_its_quotes(
    given: tuple[Journey, PathSheet],
) -> None:
    journey, path = given
    graph = graph_of(journey, _stages(path))

    lines = draw(journey, Format.DOT, path).removesuffix("\n").split("\n")

    read = [DOT.fullmatch(line) for line in lines]
    assert None not in read
    nodes = [found["node"] for found in read if found and found["node"]]
    arrows = [found["source"] for found in read if found and found["source"]]
    assert len(set(nodes)) == len(nodes) == len(graph.boxes)
    assert len(arrows) == len(graph.arrows)
    assert set(arrows) <= set(nodes)


# --- BPMN --------------------------------------------------------------------------------------


def _schema() -> Any:
    """The OMG's schema, as another engine of workflows ships it."""
    found = find_spec("SpiffWorkflow")
    assert found
    assert found.submodule_search_locations
    folder = Path(found.submodule_search_locations[0]) / "bpmn" / "parser" / "schema"
    return etree.XMLSchema(etree.parse(str(folder / "BPMN20.xsd")))


@pytest.fixture(scope="module")
def schema() -> Any:
    return _schema()


BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DIAGRAM = "{http://www.omg.org/spec/BPMN/20100524/DI}"


def is_bpmn(schema: Any, journey: Journey) -> None:
    document = etree.fromstring(draw(journey, Format.BPMN).encode())
    assert schema.validate(document), schema.error_log
    process = document.find(f"{BPMN}process")
    elements = {e.get("id"): e for e in process if e.get("id")}
    assert len(elements) == len([e for e in process if e.get("id")])
    shown = {e.get("bpmnElement") for e in document.iter(f"{DIAGRAM}BPMNShape")}
    shown |= {e.get("bpmnElement") for e in document.iter(f"{DIAGRAM}BPMNEdge")}
    assert shown == set(elements)
    for flow in process.findall(f"{BPMN}sequenceFlow"):
        source, target = elements[flow.get("sourceRef")], elements[flow.get("targetRef")]
        outgoing = [e.text for e in source.findall(f"{BPMN}outgoing")]
        assert outgoing.count(flow.get("id")) == 1
        if target.tag != f"{BPMN}sequenceFlow":
            assert flow.get("id") in [e.text for e in target.findall(f"{BPMN}incoming")]
    arrows = graph_of(journey).arrows
    named = [f for f in process.findall(f"{BPMN}sequenceFlow") if f.get("name") is not None]
    assert len(named) == len(arrows)


@shipped
def test_what_we_ship_is_bpmn_by_the_schema_of_the_omg(schema: Any, journey: Journey) -> None:
    is_bpmn(schema, journey)


@slow
@given(journey=definitions())
def test_any_journey_is_bpmn_by_the_schema_of_the_omg(schema: Any, journey: Journey) -> None:
    is_bpmn(schema, journey)


# --- SCXML -------------------------------------------------------------------------------------


class Chart:
    """A journey as SCXML, run by another engine, which is told our verdicts."""

    def __init__(self, journey: Journey) -> None:
        self.journey = journey
        self.machine = load(draw(journey, Format.SCXML), format="scxml")()

    @property
    def ended(self) -> bool:
        return bool(self.machine.is_terminated)

    def is_in(self, state: str) -> bool:
        (configuration,) = self.machine.configuration_values
        return bool(configuration == state_name(state))

    def tell(
        self, compiled: CompiledJourney, facts: Mapping[str, Value], who: Who, given: dict[str, Any]
    ) -> None:
        """Bind each name of a gate to what our engine found of it."""
        for way in self.journey.transitions:
            asks = who if way.trigger == "user" else Who(who.roles | {Role.SYSTEM})
            ways = why(compiled, way.from_[0], facts, who=asks, now=NOW, given=given)
            found = next(w for w in ways if w.transition == way.id)
            verdicts = {
                identifier("may", way.id): found.admitted,
                identifier("given", way.id): not found.missing_input,
                identifier("carried", way.id): True,
                **{
                    holds_name(way.id, finding.clause): finding.verdict is Verdict.HELD
                    for finding in found.findings
                },
            }
            for name in names_of(way):
                setattr(self.machine.model, name, verdicts[name])
        self.machine.send("verdicts_changed")  # an engine looks at automatic steps on an event

    def send(self, transition: str) -> None:
        self.machine.send(event_name(transition))


def walk_alike(
    compiled: CompiledJourney,
    steps: list[tuple[dict[str, Value], Role, Transition, dict[str, Any]]],
) -> None:
    """Both engines are in the same state after each thing that is tried, taken or not."""
    journey = compiled.journey
    chart, state = Chart(journey), journey.initial
    assert chart.is_in(state)
    for facts, role, way, offered in steps:
        who = Who(frozenset({role}))
        asked = {name: v for name, v in offered.items() if name in {i.id for i in way.input}}
        chart.tell(compiled, facts, who, offered)
        state = _by_itself(compiled, state, facts, who)
        if chart.ended:
            break
        assert chart.is_in(state)
        with suppress(Refused):
            state = take(compiled, state, facts, way.id, who=who, now=NOW, given=asked).to
        state = _by_itself(compiled, state, facts, who)
        chart.send(way.id)
        if chart.ended:
            break
        assert chart.is_in(state)
    if chart.ended:
        assert journey.state[state].final


def _by_itself(compiled: CompiledJourney, state: str, facts: Mapping[str, Value], who: Who) -> str:
    """The state after the automatic steps that are open."""
    system = Who(who.roles | {Role.SYSTEM})
    while step := automatic(compiled, state, facts, who=system, now=NOW):
        state = step.to
    return state


@slow
@given(data=st.data(), journey=definitions())
def test_another_engine_takes_the_same_steps_in_any_journey(
    data: st.DataObject, journey: Journey
) -> None:
    compiled = compile_journey(journey, fact_types(PoleFacts), Cel)
    facts = st.fixed_dictionaries({}, optional=dict(FACTS))
    given = st.sampled_from([{}, {"ok": True}])
    if journey.transitions:
        way = st.sampled_from(journey.transitions)
        step = st.tuples(facts, st.sampled_from(ROLES), way, given)
        walk_alike(compiled, data.draw(st.lists(step, max_size=8)))


SHIPPED_FACTS: Mapping[str, st.SearchStrategy[Value]] = {
    **{
        f"members.{name}": st.integers(0, 2)
        for name in ("ess_enterprises", "other_enterprises", "art9_partners", "public_bodies")
    },
    "members.total": st.integers(3, 6),
    "territory.delimited": st.booleans(),
    "evidence.kinds": st.sampled_from([(), ("strategy", "charter_form")]),
    "recognitions.article9_in_force": st.integers(0, 1),
    "stage.before_dormancy": st.sampled_from(["emergence", "charter_signed", "experimentation"]),
    "silence.months": st.sampled_from([3, 14]),
    "silence.contact_attempts": st.integers(0, 1),
}
GIVEN: dict[str, Any] = {
    "signature": str(UUID(int=7)),
    "capacity": "president",
    "criteria": ("integrated_cooperation", "social_utility", "duration", "contracts"),
    "reason": "dissolved",
    "successor": str(UUID(int=9)),
}


@pytest.mark.parametrize("ref", [journey.ref for journey in make.journeys()])
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_another_engine_takes_the_same_steps_in_what_we_ship(data: st.DataObject, ref: str) -> None:
    compiled = make.journey(ref)
    facts = st.fixed_dictionaries({}, optional=dict(SHIPPED_FACTS))
    given = st.sampled_from([{}, GIVEN])
    way = st.sampled_from(compiled.journey.transitions)
    role = st.sampled_from([*ROLES, Role.COMMITTEE_MEMBER])
    step = st.tuples(facts, role, way, given)
    walk_alike(compiled, data.draw(st.lists(step, min_size=10, max_size=30)))


def test_another_engine_steps_when_every_part_of_the_gate_is_met_and_not_before() -> None:
    compiled = make.journey()
    chart = Chart(compiled.journey)
    facts: dict[str, Value] = {"evidence.kinds": ("charter_form",)}

    for who, offered in (
        (Who(frozenset({Role.REGISTRAR})), GIVEN),
        (Who(frozenset({Role.POLE_REPRESENTATIVE})), {}),
    ):
        chart.tell(compiled, facts, who, offered)
        chart.send("sign_charter")
        assert chart.is_in("emergence")
    chart.tell(compiled, facts, Who(frozenset({Role.POLE_REPRESENTATIVE})), GIVEN)
    chart.send("sign_charter")
    assert chart.is_in("charter_signed")


@shipped
def test_conditions_are_names_and_nothing_that_could_be_run(journey: Journey) -> None:
    document = etree.fromstring(draw(journey, Format.SCXML).encode())

    conditions = [e.get("cond") for e in document.iter() if e.get("cond")]
    assert conditions
    assert all(re.fullmatch(r"\w+(?: && \w+)*", cond, re.ASCII) for cond in conditions)
    assert {e.get("expr") for e in document.iter() if e.get("expr")} == {"0"}
