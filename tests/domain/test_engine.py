"""The engine against a second one, on random definitions, people, facts and walks."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.case import variable_values
from domain.errors import Refused
from domain.given import InputRefused
from domain.journey import Journey
from domain.rights import NotInGroup, PermissionNotHeld, RightNotHeld, RoleNotHeld, Who, may, permit
from domain.rules import CompiledJourney, compile_journey
from domain.workflow import (
    AUTOMATIC_STEPS,
    ClauseNotHeld,
    Endless,
    NoSuchTransition,
    NotByHand,
    NotFromHere,
    Step,
    Verdict,
    admit,
    automatic,
    begin,
    offers,
    run,
    take,
    why,
)
from infrastructure.guards import Cel
from tests import make
from tests.domain.interpreter import Interpreter, Loop, No, Person, Taken, in_conditions, written
from tests.examples import settings

FACTS = {"n": "int", "flag": "bool", "word": "string", "kinds": "list"}
STATES = ["draft", "sent", "judged", "Visible"]
ROLES = ["Owner", "Editor", "Manager"]
PERMISSIONS = ["read", "write"]
GROUPS = ["jury", "board"]
INPUTS = {"grade": "integer", "agreed": "boolean", "note": "text"}
VARIABLES = {"count": "integer", "last": "text", "seen": "boolean"}

WORDS: Mapping[type[Refused], str] = {
    NoSuchTransition: "unknown",
    NotFromHere: "not from here",
    NotByHand: "automatic",
    RoleNotHeld: "not admitted",
    PermissionNotHeld: "not admitted",
    NotInGroup: "not admitted",
    InputRefused: "input",
    ClauseNotHeld: "condition",
}

# What is drawn.

some_roles = st.lists(st.sampled_from(ROLES), unique=True, max_size=2)
words = st.sampled_from(["a", "b"])


def leaves(inputs: Mapping[str, Any], variables: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    kinds = {
        **FACTS,
        **{f"input.{name}": asked["type"] for name, asked in inputs.items()},
        **{f"var.{name}": variable["type"] for name, variable in variables.items()},
    }
    found: list[st.SearchStrategy[Any]] = [st.just(("is", True)), st.just(("is", False))]
    for name, kind in kinds.items():
        match kind:
            case "int" | "integer":
                found.append(st.tuples(st.just("at least"), st.just(name), st.integers(0, 3)))
            case "bool" | "boolean":
                found.append(st.just(("fact", name)))
            case "string" | "text":
                found.append(st.tuples(st.just("equals"), st.just(name), words))
            case "list":
                found.append(st.tuples(st.just("among"), words, st.just(name)))
    return st.one_of(found)


def trees(inputs: Mapping[str, Any], variables: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    return st.recursive(
        leaves(inputs, variables),
        lambda inner: (
            st.tuples(st.just("not"), inner)
            | st.tuples(st.sampled_from(["and", "or"]), inner, inner)
        ),
        max_leaves=3,
    )


def formulas(kind: str) -> st.SearchStrategy[Any]:
    match kind:
        case "integer":
            return st.sampled_from([("is", 7), ("fact", "n"), ("more", "n", 1)])
        case "boolean":
            return st.sampled_from([("is", True), ("fact", "flag"), ("at least", "n", 2)])
    return st.sampled_from([("is", "c"), ("fact", "word"), ("fact", "step.to")])


def values(kind: str) -> st.SearchStrategy[Any]:
    return {"integer": st.integers(0, 3), "boolean": st.booleans()}.get(kind, words)


@st.composite
def definitions(draw: st.DrawFn) -> dict[str, Any]:
    """Any definition, as people write it, with trees for what is said in CEL."""
    states = STATES[: draw(st.integers(2, 4))]
    variables = {
        name: {
            "type": VARIABLES[name],
            "default": draw(st.none() | values(VARIABLES[name])),
            "expression": draw(st.none() | formulas(VARIABLES[name])),
            "update_always": draw(st.booleans()),
            "in_history": draw(st.integers(0, 4)) > 0,
        }
        for name in draw(st.lists(st.sampled_from(list(VARIABLES)), unique=True))
    }

    def gate(inputs: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "by": draw(st.none() | some_roles | st.just(ROLES)),
            "permissions": draw(st.just([]) | st.lists(st.sampled_from(PERMISSIONS), unique=True)),
            "groups": draw(st.just([]) | st.just([]) | st.lists(st.sampled_from(GROUPS))),
            "conditions": draw(st.lists(trees(inputs, variables), max_size=2)),
        }

    def way() -> dict[str, Any]:
        by_itself = draw(st.integers(0, 2)) == 0
        asked = [] if by_itself else draw(st.lists(st.sampled_from(list(INPUTS)), unique=True))
        inputs = {name: {"type": INPUTS[name], "required": draw(st.booleans())} for name in asked}
        return {
            **gate(inputs),
            "from": draw(st.lists(st.sampled_from(states), unique=True, min_size=1)),
            "to": draw(st.none() | st.sampled_from(states)),
            "automatic": by_itself,
            "input": inputs,
            "sets": {
                name: draw(formulas(VARIABLES[name]))
                for name in variables
                if draw(st.integers(0, 2)) == 0
            },
        }

    ways = {f"t{number}": way() for number in range(draw(st.integers(1, 6)))}

    def state(name: str) -> dict[str, Any]:
        leaving = [id_ for id_, one in ways.items() if name in one["from"]]
        order = draw(st.permutations(leaving))
        rights = draw(st.lists(st.sampled_from(PERMISSIONS), unique=True))
        return {
            "exits": draw(st.none() | st.just(order[: draw(st.integers(0, len(order)))])),
            "rights": {
                right: draw(some_roles | some_roles.map(lambda held: {"acquire": held}))
                for right in rights
            },
            "groups": {
                group: draw(some_roles)
                for group in draw(st.lists(st.sampled_from(GROUPS), unique=True))
            },
            "sets": {
                v: draw(values(VARIABLES[v])) for v in variables if draw(st.integers(0, 3)) == 0
            },
        }

    return {
        "initial": states[0],
        "states": {name: state(name) for name in states},
        "transitions": ways,
        "variables": variables,
        "creation": draw(st.none() | st.builds(gate, st.just({}))),
        "permissions": draw(st.none() | st.lists(st.sampled_from(PERMISSIONS), unique=True)),
        "implied": draw(st.just([]) | st.just(["Everybody"]) | some_roles),
        "open_to": draw(st.just(["public"]) | some_roles),
        "otherwise": draw(some_roles | st.just(["public"])),
        "bypass": draw(st.just([]) | st.just(["Manager"])),
    }


people = st.builds(
    Person,
    st.frozensets(st.sampled_from([*ROLES, "public"]), max_size=2),
    st.frozensets(st.sampled_from(GROUPS), max_size=1),
)
facts = st.fixed_dictionaries(
    {},
    optional={
        "n": st.integers(0, 3),
        "flag": st.booleans(),
        "word": words,
        "kinds": st.lists(words, max_size=2).map(tuple),
    },
)
inputs = st.fixed_dictionaries(
    {}, optional={"grade": st.integers(0, 3), "agreed": st.booleans(), "note": words}
)

# Both engines, asked alike.


def engine(definition: Mapping[str, Any]) -> CompiledJourney:
    return compile_journey(Journey.model_validate(written(definition)), FACTS, Cel)


def who(person: Person) -> Who:
    return Who(person.roles, person.groups)


def told(step: Step) -> Taken:
    return Taken(step.transition, step.from_, step.to, dict(step.variables))


def only_asked(
    definition: Mapping[str, Any], name: str, given: Mapping[str, Any]
) -> dict[str, Any]:
    asked = definition["transitions"][name]["input"] if name in definition["transitions"] else {}
    return {i: value for i, value in given.items() if i in asked}


def attempt(
    compiled: CompiledJourney,
    state: str,
    known: Mapping[str, Any],
    name: str,
    person: Person,
    given: Mapping[str, Any],
    former: Mapping[str, Any],
) -> Taken | str:
    """A step of the real engine, or the word for its refusal."""
    try:
        step = take(
            compiled, state, known, name,
            who=who(person), now=make.NOW, given=given, variables=former,
        )  # fmt: skip
    except Refused as refusal:
        return WORDS[type(refusal)]
    return told(step)


def expected(
    second: Interpreter,
    state: str,
    known: Mapping[str, Any],
    name: str,
    person: Person,
    given: Mapping[str, Any],
    former: Mapping[str, Any],
) -> Taken | str:
    try:
        return second.take(name, state, known, person, given, former)
    except No as refusal:
        return str(refusal)


@settings(deadline=None, max_examples=120)
@given(definition=definitions(), person=people, known=facts, given=inputs)
def test_both_engines_agree_on_every_state(
    definition: dict[str, Any], person: Person, known: dict[str, Any], given: dict[str, Any]
) -> None:
    compiled, second = engine(definition), Interpreter(definition)
    for state in definition["states"]:
        first = begin(compiled, known, now=make.NOW)
        assert first == second.begin(known)
        here = {**known, **in_conditions(definition, first)}

        for asked in ({}, given):
            offered = offers(compiled, state, here, who=who(person), now=make.NOW, given=asked)
            assert offered == second.offers(state, here, person, asked)
            assert list(offered) == list(second.offers(state, here, person, asked))

        for name in [*definition["transitions"], "nothing"]:
            fits = only_asked(definition, name, given)
            for asked in ({}, fits, given):
                assert attempt(compiled, state, here, name, person, asked, first) == expected(
                    second, state, here, name, person, asked, first
                )

        for permission in [*PERMISSIONS, "other"]:
            held = may(compiled.journey, state, who(person), permission)
            assert held == second.has(person, state, permission)
            assert permitted(compiled, state, person, permission) == (
                held or second.bypasses(person, state)
            )

    assert admitted(compiled, known, person) == second.admits(known, person)


def permitted(compiled: CompiledJourney, state: str, person: Person, permission: str) -> bool:
    try:
        permit(compiled.journey, state, who(person), permission)
    except RightNotHeld:
        return False
    return True


def admitted(compiled: CompiledJourney, known: Mapping[str, Any], person: Person) -> bool:
    try:
        admit(compiled, known, who=who(person), now=make.NOW)
    except Refused:
        return False
    return True


@settings(deadline=None, max_examples=120)
@given(
    definition=definitions(),
    person=people,
    known=facts,
    walk=st.lists(st.tuples(st.sampled_from([f"t{n}" for n in range(6)]), inputs), max_size=6),
)
def test_both_engines_walk_the_same_way(
    definition: dict[str, Any],
    person: Person,
    known: dict[str, Any],
    walk: list[tuple[str, dict[str, Any]]],
) -> None:
    """A step, what follows of itself, the variables on the way; loops and refusals included."""
    compiled, second = engine(definition), Interpreter(definition)
    state, kept = definition["initial"], second.begin(known)
    for name, drawn in walk:
        fits = only_asked(definition, name, drawn)
        here = {**known, **in_conditions(definition, kept)}
        assert {**known, **variable_values(compiled.journey, kept)} == here
        wanted = expected(second, state, here, name, person, fits, kept)
        assert attempt(compiled, state, here, name, person, fits, kept) == wanted
        if isinstance(wanted, str):
            continue
        try:
            following = second.follow(wanted, known, person, AUTOMATIC_STEPS)
        except Loop:
            with pytest.raises(Endless, match="→"):
                list(chain(compiled, state, known, name, person, fits, kept))
            continue
        assert list(chain(compiled, state, known, name, person, fits, kept)) == following
        for step in following:  # and nothing but what the definition has
            way = definition["transitions"][step.transition]
            assert step.from_ in way["from"]
            assert step.to == (way["to"] or step.from_)
        state, kept = following[-1].to, dict(following[-1].variables)


def chain(
    compiled: CompiledJourney,
    state: str,
    known: Mapping[str, Any],
    name: str,
    person: Person,
    given: Mapping[str, Any],
    former: Mapping[str, Any],
) -> Iterator[Taken]:
    def at(variables: Mapping[str, Any]) -> dict[str, Any]:
        return {**known, **variable_values(compiled.journey, variables)}

    asks: dict[str, Any] = {"who": who(person), "now": make.NOW}
    first = take(compiled, state, at(former), name, given=given, variables=former, **asks)

    def following(step: Step) -> Step | None:
        return automatic(compiled, step.to, at(step.variables), variables=step.variables, **asks)

    return map(told, run(first, following))


@settings(deadline=None, max_examples=120)
@given(definition=definitions(), person=people, known=facts, given=inputs)
def test_what_is_offered_is_kept(
    definition: dict[str, Any], person: Person, known: dict[str, Any], given: dict[str, Any]
) -> None:
    """Open: taken. Closed: refused, whatever is given. Needing input: only that is wanting."""
    compiled = engine(definition)
    for state in definition["states"]:
        offered = offers(compiled, state, known, who=who(person), now=make.NOW)
        for name, status in offered.items():
            fits = only_asked(definition, name, given)
            bare = attempt(compiled, state, known, name, person, {}, {})
            filled = attempt(compiled, state, known, name, person, fits, {})
            match status:
                case "open":
                    assert isinstance(bare, Taken)
                case "closed":
                    assert filled in ("condition", "not admitted", "input")
                    assert bare in ("condition", "not admitted", "input")
                case "needs_input":
                    assert bare in ("condition", "input")
            then = offers(compiled, state, known, who=who(person), now=make.NOW, given=fits)
            assert (then[name] == "open") == isinstance(filled, Taken)


@settings(deadline=None, max_examples=80)
@given(definition=definitions(), person=st.none() | people, known=facts, given=inputs)
def test_what_is_offered_is_what_is_explained(
    definition: dict[str, Any],
    person: Person | None,
    known: dict[str, Any],
    given: dict[str, Any],
) -> None:
    compiled = engine(definition)
    somebody = None if person is None else who(person)
    for state in definition["states"]:
        offered = offers(compiled, state, known, who=somebody, now=make.NOW, given=given)
        explained = why(compiled, state, known, who=somebody, now=make.NOW, given=given)

        assert offered == {way.transition: way.status for way in explained if way.trigger == "user"}
        for way in explained:
            verdicts = {finding.verdict for finding in way.findings}
            if way.status == "open" and not compiled.journey.bypass:
                assert way.admitted
                assert verdicts <= {Verdict.HELD}
            if not way.admitted:
                assert way.status == "closed"
            for finding in way.findings:
                assert all(name in known or name[6:] in given for name in finding.values)


@settings(deadline=None, max_examples=60)
@given(definition=definitions(), known=facts, given=inputs)
def test_who_may_act_is_asked_of_nobody_in_particular(
    definition: dict[str, Any], known: dict[str, Any], given: dict[str, Any]
) -> None:
    """What is closed to whoever may act is closed to everybody who does not pass every gate."""
    assume(not definition["bypass"])
    compiled = engine(definition)
    for state in definition["states"]:
        anyone = offers(compiled, state, known, who=None, now=make.NOW, given=given)
        for roles in (frozenset(ROLES), frozenset({"public"})):
            somebody = Who(roles, frozenset(GROUPS))
            mine = offers(compiled, state, known, who=somebody, now=make.NOW, given=given)
            assert all(mine[name] in (status, "closed") for name, status in anyone.items())


@settings(deadline=None, max_examples=30)
@given(definition=definitions(), person=people, known=facts)
def test_a_question_changes_nothing(
    definition: dict[str, Any], person: Person, known: dict[str, Any]
) -> None:
    compiled = engine(definition)
    before = dict(known)

    answers = [
        [offers(compiled, s, known, who=who(person), now=make.NOW) for s in definition["states"]]
        for _ in range(2)
    ]

    assert known == before
    assert answers[0] == answers[1]


# Sentences for what is new in it.


def small(**more: Any) -> CompiledJourney:
    """Two states, and what a test says."""
    gate: dict[str, Any] = {"by": None, "permissions": [], "groups": [], "conditions": []}
    way: dict[str, Any] = {
        **gate, "from": ["draft"], "to": "sent", "automatic": False, "input": {}, "sets": {},
    }  # fmt: skip
    plain: dict[str, Any] = {"exits": None, "rights": {}, "groups": {}, "sets": {}}
    definition = {
        "initial": "draft",
        "variables": {},
        "creation": more.pop("creation", None),
        "permissions": None,
        "implied": [],
        "open_to": ["public"],
        "otherwise": [],
        "bypass": [],
        "states": {
            "draft": plain | more.pop("draft", {}),
            "sent": plain | more.pop("sent", {}),
        },
        "transitions": {name: way | own for name, own in more.pop("ways", {"send": {}}).items()},
        **more,
    }
    if definition["creation"]:
        definition["creation"] = gate | definition["creation"]
    return engine(definition)


def status(compiled: CompiledJourney, person: Who, state: str = "draft", way: str = "send") -> str:
    return offers(compiled, state, {}, who=person, now=make.NOW)[way]


def one(role: str, *groups: str) -> Who:
    return Who(frozenset({role}), frozenset(groups))


def moved(compiled: CompiledJourney, person: Who, state: str = "draft", way: str = "send") -> Step:
    return take(compiled, state, {}, way, who=person, now=make.NOW, given={})


def test_a_gate_without_roles_asks_for_none() -> None:
    assert status(small(), one("anybody")) == "open"


def test_an_empty_list_of_roles_lets_nobody_pass() -> None:
    nobody = small(ways={"send": {"by": []}})

    assert status(nobody, one("Owner")) == "closed"
    with pytest.raises(RoleNotHeld, match="personne"):
        moved(nobody, one("Owner"))


def test_every_part_of_a_gate_must_let_one_pass() -> None:
    gate = small(
        ways={"send": {"by": ["Editor"], "permissions": ["write"], "groups": ["jury"]}},
        draft={"rights": {"write": ["Editor"]}},
    )

    assert status(gate, one("Editor", "jury")) == "open"
    with pytest.raises(NotInGroup, match="jury"):
        moved(gate, one("Editor"))
    with pytest.raises(PermissionNotHeld, match="write"):
        moved(gate, one("Owner", "jury"))


def test_a_group_holds_a_role_in_a_state_only() -> None:
    gate = small(
        ways={"send": {"by": ["Editor"], "from": ["draft", "sent"]}},
        draft={"groups": {"jury": ["Editor"]}},
    )

    assert status(gate, one("Owner", "jury")) == "open"
    assert status(gate, one("Owner", "jury"), "sent") == "closed"


def test_a_right_that_is_not_acquired_belongs_to_its_roles_alone() -> None:
    alone = small(draft={"rights": {"read": ["Owner"]}}, otherwise=["Editor"])
    besides = small(draft={"rights": {"read": {"acquire": ["Owner"]}}}, otherwise=["Editor"])

    assert not may(alone.journey, "draft", one("Editor"), "read")
    assert may(besides.journey, "draft", one("Editor"), "read")
    assert may(besides.journey, "draft", one("Owner"), "read")


def test_a_right_of_the_public_belongs_to_everybody() -> None:
    shown = small(draft={"rights": {"read": ["public"]}})

    assert may(shown.journey, "draft", one("Owner"), "read")


def test_who_passes_every_gate_passes_it_against_its_conditions_on_the_record() -> None:
    gate = small(
        ways={"send": {"by": ["Owner"], "conditions": [("is", False), ("at least", "n", 1)]}},
        bypass=["Manager"],
    )

    step = moved(gate, one("Manager"))

    assert [f.verdict for f in step.findings] == [Verdict.FAILED, Verdict.NOT_CHECKED]
    assert status(gate, one("Owner")) == "closed"


def test_what_everybody_holds_is_held_by_whoever_asks() -> None:
    gate = small(ways={"send": {"by": ["Authenticated"]}}, implied=["Authenticated"])

    assert status(gate, one("Owner")) == "open"


def test_an_automatic_step_is_not_taken_by_hand() -> None:
    with pytest.raises(NotByHand):
        moved(small(ways={"send": {"automatic": True}}), one("Owner"))


def test_a_step_without_a_target_stays_where_it_is() -> None:
    step = moved(small(ways={"send": {"to": None}}), one("Owner"))

    assert (step.from_, step.to) == ("draft", "draft")


def test_a_loop_of_automatic_steps_is_named() -> None:
    loop = small(
        ways={
            "send": {},
            "back": {"from": ["sent"], "to": "draft", "automatic": True},
            "again": {"from": ["draft"], "to": "sent", "automatic": True},
        }
    )

    with pytest.raises(Endless) as refusal:
        list(chain(loop, "draft", {}, "send", Person(frozenset()), {}, {}))

    assert refusal.value.details["cycle"] == "sent → back → draft → again → sent"


def test_a_hundred_automatic_steps_are_allowed_and_one_more_is_not() -> None:
    step = moved(small(), one("Owner"))

    assert len(list(run(step, lambda last: step_number(last, step, 100)))) == 101
    with pytest.raises(Endless):
        list(run(step, lambda last: step_number(last, step, 101)))


def step_number(last: Step, first: Step, most: int) -> Step | None:
    done = int(last.to.removeprefix("s")) if last.to.startswith("s") and last is not first else 0
    if done == most:
        return None
    return first.model_copy(update={"from_": last.to, "to": f"s{done + 1}"})


def test_the_first_automatic_way_in_the_order_of_the_state_is_taken() -> None:
    ways = {
        "send": {},
        "a": {"from": ["sent"], "to": "draft", "automatic": True},
        "b": {"from": ["sent"], "to": None, "automatic": True, "conditions": [("fact", "flag")]},
    }
    compiled = small(ways=ways, sent={"exits": ["b", "a"]})

    taken = [
        automatic(compiled, "sent", {"flag": flag}, who=one("Owner"), now=make.NOW)
        for flag in (True, False)
    ]

    assert [step and step.transition for step in taken] == ["b", "a"]


def variable(**more: Any) -> dict[str, Any]:
    return {
        "type": "text", "default": "default", "expression": None,
        "update_always": False, "in_history": True, **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("own", "sets", "entered", "former", "kept"),
    [
        ({}, {}, {}, {}, "default"),
        ({"expression": ("is", "told")}, {}, {}, {}, "told"),
        ({"expression": ("is", "told")}, {}, {}, {"last": "was"}, "was"),
        ({"expression": ("is", "told"), "update_always": True}, {}, {}, {"last": "was"}, "told"),
        ({"update_always": True}, {}, {}, {"last": "was"}, "default"),
        ({}, {"last": ("is", "said")}, {}, {"last": "was"}, "said"),
        ({}, {"last": ("is", "said")}, {"last": "entered"}, {"last": "was"}, "entered"),
        ({}, {"last": ("fact", "word")}, {}, {"last": "was"}, None),
    ],
)
def test_which_saying_of_a_variable_prevails(
    own: dict[str, Any],
    sets: dict[str, Any],
    entered: dict[str, Any],
    former: dict[str, Any],
    kept: str | None,
) -> None:
    compiled = small(
        variables={"last": variable(**own)}, ways={"send": {"sets": sets}}, sent={"sets": entered}
    )

    step = take(
        compiled, "draft", {}, "send", who=one("Owner"), now=make.NOW, given={}, variables=former
    )

    assert step.variables == {"last": kept}


def test_a_value_too_large_to_be_stored_is_none() -> None:
    count = variable(type="integer", default=0, expression=("is", 2**53))
    compiled = small(variables={"count": count})

    assert begin(compiled, {}, now=make.NOW) == {"count": None}


def test_only_those_whom_the_creation_gate_admits_may_begin() -> None:
    gate = small(
        creation={"by": ["Owner"], "conditions": [("at least", "n", 1)]}, bypass=["Manager"]
    )

    admit(gate, {"n": 1}, who=one("Owner"), now=make.NOW)
    admit(gate, {}, who=one("Manager"), now=make.NOW)
    with pytest.raises(RoleNotHeld):
        admit(gate, {"n": 1}, who=one("Editor"), now=make.NOW)
    with pytest.raises(ClauseNotHeld):
        admit(gate, {}, who=one("Owner"), now=make.NOW)


def test_a_member_that_says_nothing_leaves_no_trace() -> None:
    """What is stored of a definition with none of the later members has none of them."""
    plain = next(islice((j for j in make.journeys()), 1))

    stored = plain.model_dump(mode="json")

    assert set(stored) == {"id", "version", "source", "facts", "initial", "states", "transitions"}
    assert {name for state in stored["states"] for name in state} == {"id", "title", "final"}
    assert {name for way in stored["transitions"] for name in way} == {
        "id", "title", "from", "to", "by", "input", "requires", "evidence",
    }  # fmt: skip
