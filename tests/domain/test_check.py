"""The static check: every fault is found at its place, and none where there is none."""

import time
from collections.abc import Mapping
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import HealthCheck, assume, event, given
from hypothesis import strategies as st

from domain.check import Fault, Unpublishable, check
from domain.constants import compared
from domain.fault import KINDS, NAMED_AT_MOST
from domain.journey import Journey
from domain.pole import PoleFacts
from domain.rights import Who
from domain.roles import Role
from domain.rules import FaultyJourney, Value, compile_journey, fact_types
from domain.workflow import Endless, Step, automatic, run
from infrastructure.dcworkflow import read_definition_xml
from infrastructure.guards import Cel
from tests import make
from tests.domain.definitions import (
    FACTS,
    HANDLERS,
    PLANTS,
    ROLES,
    TITLE,
    Places,
    Plant,
    Written,
    add,
    asked,
    clause,
    conditions,
    deadline,
    definitions,
    journey,
    way,
)
from tests.examples import settings

PLONE = Path(__file__).parents[3] / "shared" / "dcworkflow" / "definitions"


def faults(written: Written, facts: Mapping[str, str] = FACTS) -> list[Fault]:
    return check(journey(written), facts, Cel, HANDLERS)


def places(found: list[Fault]) -> Places:
    return {(fault.code, fault.where) for fault in found}


def simple() -> Written:
    """The plainest definition that has no fault."""
    return {
        "id": "trial",
        "version": "2020-01",
        "source": ["un texte"],
        "facts": "TrialFacts",
        "initial": "s0",
        "states": {"s0": {"title": TITLE}, "s1": {"title": TITLE, "final": True}},
        "transitions": {"go": way()},
    }


def with_clauses(*whens: str, **more: Any) -> Written:
    written = simple()
    written["transitions"]["go"] |= {
        "requires": [clause(f"c{number}", when) for number, when in enumerate(whens)],
        **more,
    }
    return written


# Each fault, and nothing else.


@settings(deadline=None, max_examples=80)
@given(written=definitions())
def test_a_definition_without_fault_has_none(written: Written) -> None:
    assert faults(written) == []


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__)
@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(written=definitions())
def test_a_planted_fault_is_found_at_its_place_and_nothing_else(
    plant: Plant, written: Written
) -> None:
    expected = plant(written)

    assert places(faults(written)) == expected


def test_every_kind_of_fault_is_planted_by_some_test() -> None:
    planted: set[Any] = set()
    for plant in PLANTS:
        written = deepcopy(simple())
        written["states"] = {"s0": {"title": TITLE}, "s1": {"title": TITLE}}
        written["states"]["s2"] = {"title": TITLE, "final": True}
        written["transitions"] = {"w0": way(), "w1": way("s2", **{"from": ["s1"]})}
        plant(written)
        planted |= {(f.code, f.blocking) for f in faults(written)}

    kinds = {(code.partition("/")[0], kind.blocking) for code, kind in KINDS.items()}
    assert kinds - planted == {("unknown-model", True)}  # the registry's own, see test_registry


@pytest.mark.parametrize("kind", KINDS)
def test_every_fault_is_said_in_both_languages(kind: str) -> None:
    for said in (KINDS[kind].fr, KINDS[kind].en):
        assert said[0] in "«“{" or said[0].isupper()
        assert said.endswith(".")


def test_a_fault_of_each_expression_is_told_not_only_the_first() -> None:
    wrong = with_clauses("members.totl > 1", "1 +", "members.total", "place.delimited")

    assert places(faults(wrong)) == {
        ("unknown-fact", "go / c0"),
        ("bad-expression", "go / c1"),
        ("bad-expression", "go / c2"),
    }


def test_a_misspelt_name_comes_with_the_one_that_was_meant() -> None:
    (found,) = faults(with_clauses("members.totl > 1"))

    assert found.say.fr == "« members.totl » n'est pas connu ici ; peut-être « members.total »."


@pytest.mark.parametrize(
    ("when", "names"),
    [
        ("evidence.kinds.exists(kind, kind == 'x') && members.totl > 1", ["members.totl"]),
        ("nothing", ["nothing"]),
        ("'members.totl' == place.nam", ["place.nam"]),
        ("input.grade > 3 && var.seen == ''", ["input.grade", "var.seen"]),
    ],
)
def test_the_names_that_nobody_knows_are_all_told(when: str, names: list[str]) -> None:
    assert [fault.say.fr.split("»")[0][2:-1] for fault in faults(with_clauses(when))] == names


# The check and the compiler agree.

words = st.sampled_from(["s0", "s1", "s2", "nowhere"])
roles = st.lists(st.sampled_from([*ROLES, "roi"]), max_size=2)
anything = st.one_of(
    conditions,
    st.text(max_size=12),
    st.sampled_from(["input.a == 'x'", "input.a > 3", "var.v == ''", "'d' in deadlines.passed"]),
    st.builds(lambda text: {"unresolved": text}, st.text(max_size=8)),
)
clauses = st.lists(st.builds(clause, st.sampled_from(["a", "b", "c"]), anything), max_size=3)
inputs = st.dictionaries(
    st.sampled_from(["a", "b"]),
    st.builds(
        asked,
        st.sampled_from(["text", "integer", "boolean", "date", "texts", "id"]),
        options=st.sampled_from([[], ["x", "y"]]),
        required=st.booleans(),
    ),
    max_size=2,
)
gates: dict[str, Any] = {
    "by": st.none() | roles,
    "permissions": st.lists(st.sampled_from(["View", "Review"]), max_size=1),
    "groups": st.lists(st.just("staff"), max_size=1),
    "requires": clauses,
}
content: dict[Any, Any] = {
    "id": st.just("trial"),
    "version": st.sampled_from(["2020-01", "2021-13", "0000-00"]),
    "source": st.just([]),
    "facts": st.just(""),
    "initial": words,
    "states": st.lists(
        st.fixed_dictionaries(
            {"id": words},
            optional={
                "final": st.booleans(),
                "exits": st.lists(st.sampled_from(["t0", "t1", "t2"]), max_size=2),
                "rights": st.dictionaries(st.sampled_from(["View", "Review"]), roles),
                "groups": st.dictionaries(st.just("staff"), roles),
                "sets": st.dictionaries(
                    st.sampled_from(["v", "w"]), st.sampled_from([None, 1, True, "x", ["x"]])
                ),
                "deadlines": st.just({"d": deadline()}),
            },
        ),
        max_size=4,
    ),
    "transitions": st.lists(
        st.fixed_dictionaries(
            {
                "id": st.sampled_from(["t0", "t1", "t2", "s0"]),
                "from": st.lists(words, max_size=2),
                "to": st.none() | words,
                "trigger": st.sampled_from(["user", "automatic"]),
                "input": inputs,
                "sets": st.dictionaries(st.sampled_from(["v", "w"]), anything, max_size=1),
                "before": st.lists(st.sampled_from(["announce", "vanish"]), max_size=1),
                **gates,
            }
        ),
        max_size=5,
    ),
    "variables": st.dictionaries(
        st.sampled_from(["v", "w", "not a name"]),
        st.fixed_dictionaries({"type": st.sampled_from(["text", "integer", "date"])}),
        max_size=2,
    ),
    "worklists": st.dictionaries(
        st.just("mine"),
        st.fixed_dictionaries({"states": st.lists(words, max_size=2), **gates}),
    ),
    "creation": st.none() | st.fixed_dictionaries(gates),
    "bypass": roles,
    "replaces": st.dictionaries(st.just("old"), words),
}
messy = st.fixed_dictionaries(content)
OF_EXPRESSIONS = {"bad-expression", "unknown-fact", "input-type-conflict"}


@settings(deadline=None, max_examples=250, suppress_health_check=[HealthCheck.too_slow])
@given(written=messy)
def test_whatever_is_written_is_checked_and_what_does_not_compile_is_told(written: Written) -> None:
    made = journey(written)

    found = check(made, FACTS, Cel, HANDLERS)

    try:
        compile_journey(made, FACTS, Cel)
        compiles = True
    except FaultyJourney:
        compiles = False
    told = {fault.code for fault in found if fault.blocking} & OF_EXPRESSIONS
    assert bool(told) is not compiles
    for fault in found:
        assert fault.where
        assert fault.say.fr
        assert fault.say.en
    if any(fault.blocking for fault in found):
        assert (
            Unpublishable(found).say("fr").startswith("La définition ne peut pas être publiée. [")
        )


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(written=messy)
def test_what_leads_nowhere_and_what_is_out_of_reach_is_what_one_finds_by_hand(
    written: Written,
) -> None:
    assume(len({s["id"] for s in written["states"]}) == len(written["states"]))
    assume(len({t["id"] for t in written["transitions"]}) == len(written["transitions"]))

    found = places(faults(written))

    states = {s["id"] for s in written["states"]}
    ways = {t["id"]: t for t in written["transitions"]}
    lost = {("missing-target", "initial")} if written["initial"] not in states else set()
    for name, made in ways.items():
        if {*made["from"], *([made["to"]] if made["to"] else [])} - states:
            lost.add(("missing-target", name))
    assert {place for place in found if place[0] == "missing-target"} == lost
    reached = {written["initial"], *written["replaces"].values()}
    for _ in states:
        reached |= {t["to"] for t in ways.values() if t["to"] and reached & set(t["from"])}
    expected = states - reached if written["initial"] in states else set()
    assert {w for code, w in found if code == "unreachable-state"} == expected
    assert {w for code, w in found if code == "unused-transition"} == {
        name for name, made in ways.items() if not made["from"]
    }


# Clauses that are always the same, against every value of a grid.

NUMBERS = range(-1, 7)
TEXTS = ("", "Lens", "Lille", "Roubaix", "autre")
NAMES = {"n": "int", "m": "int", "f": "bool", "g": "bool", "t": "string", "k": "list"}
LISTS: tuple[tuple[str, ...], ...] = ((), ("Lens",), ("Lille",), ("Lens", "Lille"), ("x",))
GRID: Mapping[str, tuple[Value, ...]] = {
    "n": tuple(NUMBERS),
    "m": tuple(NUMBERS),
    "f": (False, True),
    "g": (False, True),
    "t": TEXTS,
    "k": LISTS,
}

numbers = st.integers(0, 5)
towns = st.sampled_from(["Lens", "Lille"])
atoms = st.one_of(
    st.builds(
        "{} {} {}".format,
        st.sampled_from(["n", "m"]),
        st.sampled_from(["<", "<=", ">", ">=", "==", "!="]),
        numbers,
    ),
    st.builds("{} {} n".format, numbers, st.sampled_from(["<", ">="])),
    st.builds("n in {}".format, st.lists(numbers, max_size=3)),
    st.sampled_from(["f", "g", "!f", "f == g", "true", "false", "f == true", "3 > 2", "1 in [2]"]),
    st.builds("t {} '{}'".format, st.sampled_from(["==", "!="]), towns),
    st.builds("t in {}".format, st.lists(towns, max_size=2)),
    st.builds('"{}" in k'.format, towns),
)
fragment = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.builds("({} && {})".format, inner, inner),
        st.builds("({} || {})".format, inner, inner),
        st.builds("{} && {}".format, inner, inner),
        st.builds("!({})".format, inner),
        st.builds("({} ? {} : {})".format, inner, inner, inner),
        st.builds("(({}) != ({}))".format, inner, inner),
    ),
    max_leaves=5,
)
beyond = st.one_of(
    st.builds("n + {} > {}".format, numbers, numbers),
    st.builds("n > m || n <= {}".format, numbers),
    st.builds("k.size() >= {}".format, numbers),
    st.builds("t < '{}' || t > '{}'".format, towns, towns),
    st.builds("k.exists(x, x == '{}') || f".format, towns),
    st.builds("t.startsWith('{}') || true".format, towns),
    st.builds("n * {} == n".format, numbers),
    st.builds("-n < {}".format, numbers),
)


def told_of(when: str) -> bool | None:
    """What the check says of a clause: always true, never, or nothing."""
    written = with_clauses(when)
    of_clause = [f for f in faults(written, NAMES) if f.where == "go / c0"]
    if not of_clause:
        return None
    (found,) = of_clause
    assert found.code == "constant-clause", found
    return not found.blocking


def on_the_grid(when: str) -> set[bool | None]:
    scope = Cel(NAMES)
    guard = scope.compile(when)
    names = [name for name in GRID if name in when]
    values = product(*(GRID[name] for name in names))
    return {guard(scope.lay_out(dict(zip(names, point, strict=True)))) for point in values}


@settings(deadline=None, max_examples=400)
@given(when=fragment)
def test_a_clause_is_told_to_be_constant_exactly_where_every_value_agrees(when: str) -> None:
    told, found = told_of(when), on_the_grid(when)

    event(f"told {told}")
    assert told == (next(iter(found)) if len(found) == 1 else None), when


@settings(deadline=None, max_examples=150)
@given(when=st.one_of(beyond, st.builds("({}) || ({})".format, beyond, fragment)))
def test_nothing_wrong_is_told_of_a_clause_that_says_more_than_comparisons(when: str) -> None:
    told = told_of(when)

    assert told is None or on_the_grid(when) == {told}


@pytest.mark.parametrize(
    ("when", "told"),
    [
        ("n > 5 && n < 3", False),
        ("n > 5 && n < 7", None),  # six
        ("n > 5 && n < 6", False),
        ("n >= 0", None),  # a size is never negative, and an integer may be
        ("n > -9223372036854775808 || n == -9223372036854775808", True),
        ("n <= 9223372036854775807", True),
        ("n < 9223372036854775807", None),
        ("t != 'a' || t != 'b'", True),
        ("t == 'a' && t == 'b'", False),
        ("t in []", False),
        ("n in [1, 2] && !(n in [0, 1, 2, 3])", False),
        ("'a' in k && !('a' in k)", False),
        ("'a' in k || !('b' in k)", None),
        ("true", True),
        ("1 == 2", False),
        ("f ? f : !f", True),
        ("(f == false) != (f == true)", True),
        ("t == 'it\\'s' || true", None),  # an escape: not read, nothing said
        ("n > m || n <= m", None),  # true, and beyond what is told
    ],
)
def test_what_is_told_of_a_clause(when: str, told: bool | None) -> None:
    assert told_of(when) is told


@pytest.mark.parametrize(
    ("when", "told"),
    [
        ("signed.on < timestamp('2020-01-01T00:00:00Z')", None),
        (
            "signed.on < timestamp('2020-01-01T00:00:00Z') "
            "&& signed.on > timestamp('2021-01-01T00:00:00Z')",
            False,
        ),
        (
            "signed.on <= timestamp('2020-01-01T00:00:00Z') "
            "|| signed.on > timestamp('2020-01-01T00:00:00Z')",
            True,
        ),
        ("members.total_known || !members.total_known", True),
        ("!members.total_known || members.total < 3 || members.total >= 3", True),
        ("members.total_known && (members.total < 3 || members.total >= 3)", None),
        ("members.total_known", None),
    ],
)
def test_dates_and_facts_that_may_be_unknown(when: str, told: bool | None) -> None:
    found = [not f.blocking for f in faults(with_clauses(when)) if f.code == "constant-clause"]

    assert found == ([] if told is None else [told])


@settings(deadline=None, max_examples=300)
@given(text=st.text(alphabet="nmft'\"&|!()[]<>=,?: 013.-kin", max_size=24))
def test_any_text_is_read_or_left_alone(text: str) -> None:
    compared(text, NAMES)


@settings(deadline=None, max_examples=150)
@given(one=fragment, other=fragment)
def test_clauses_contradict_each_other_exactly_where_no_value_fulfils_both(
    one: str, other: str
) -> None:
    assume(told_of(one) is None)
    assume(told_of(other) is None)

    found = places(faults(with_clauses(one, other), NAMES))

    never = on_the_grid(f"({one}) && ({other})") == {False}
    assert (("contradictory-clauses", "go") in found) is never


def test_a_choice_that_is_not_offered_is_never_made() -> None:
    given_ = {"input": {"why": asked("text", options=["a", "b"])}}

    never = places(faults(with_clauses("input.why == 'c'", **given_)))
    assert never == {("constant-clause", "go / c0"), ("dead-state", "s0")}
    assert faults(with_clauses("input.why == 'a'", **given_)) == []


@pytest.mark.parametrize(
    "when",
    [
        "\ud800",
        "\x00",
        "a" * 100_000,
        "a." * 2_000,
        "'" * 999,
        "(" * 999,
        "!" * 3_000 + "place.delimited",
        "-" * 3_000,
        " && ".join(["place.delimited"] * 200),
        "members.total in " + str(list(range(900))),
        "members.total > ٣",
    ],
    ids=range(11),
)
def test_a_strange_expression_is_told_in_words_that_any_screen_can_show(when: str) -> None:
    start = time.process_time()

    for fault in faults(with_clauses(when)):
        assert fault.say.fr.isprintable()
        assert len(fault.say.fr) < 500
    assert time.process_time() - start < 5


def test_a_gate_of_many_clauses_is_checked_in_time() -> None:
    many = [f"members.total > {n} && members.ess < {n} || place.name == '{n}'" for n in range(400)]
    start = time.process_time()

    faults(with_clauses(*many))

    assert time.process_time() - start < 20


# Loops without end, against the engine.

steps = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c"]),
        st.sampled_from(["a", "b", "c", "end"]),
        st.lists(st.sampled_from(["n > 1", "n < 1", "n == 3", "f", "!f", "true"]), max_size=2),
    ),
    max_size=6,
)


def never_ends(made: Journey) -> bool:
    """Whether automatic steps go on for ever, from some state, with some values."""
    compiled = compile_journey(made, NAMES, Cel)
    who = Who(frozenset({Role.SYSTEM.value}))
    for start, n, f in product("abc", NUMBERS, (False, True)):

        def following(step: Step, n: int = n, f: bool = f) -> Step | None:
            return automatic(compiled, step.to, {"n": n, "f": f}, who=who, now=make.NOW)

        first = automatic(compiled, start, {"n": n, "f": f}, who=who, now=make.NOW)
        try:
            if first:
                list(run(first, following))
        except Endless:
            return True
    return False


@settings(deadline=None, max_examples=150)
@given(automatics=steps)
def test_a_loop_is_told_to_be_endless_exactly_where_the_engine_finds_no_end(
    automatics: list[tuple[str, str, list[str]]],
) -> None:
    written = simple() | {"states": {s: {"title": TITLE} for s in ("s0", "a", "b", "c")}}
    written["states"]["end"] = {"title": TITLE, "final": True}
    written["transitions"] = {}
    for name in "abc":
        add(written, **{f"to_{name}": way(name), f"{name}_out": way("end", **{"from": [name]})})
    for number, (source, target, whens) in enumerate(automatics):
        made = way(target, trigger="automatic", by=None, **{"from": [source]})
        made["requires"] = [clause(f"c{n}", when) for n, when in enumerate(whens)]
        add(written, **{f"auto{number}": made})

    found = faults(written, NAMES)

    endless = any(fault.code == "automatic-cycle" and fault.blocking for fault in found)
    event(f"endless {endless}")
    assert endless is never_ends(journey(written))


def test_a_loop_is_named() -> None:
    written = simple()
    written["states"] |= {"a": {"title": TITLE}, "b": {"title": TITLE}}
    automatically = {"trigger": "automatic", "by": None}
    add(
        written,
        enter=way("a"),
        there=way("b", **automatically, **{"from": ["a"]}),
        back=way("a", **automatically, **{"from": ["b"]}),
    )

    (found,) = faults(written)

    assert found.where == "a"
    assert "a → there → b → back → a" in found.say.fr


@pytest.mark.parametrize(
    ("changes", "blocking"),
    [
        ({}, True),
        ({"requires": [clause("c", "members.ess > 3")]}, True),
        ({"requires": [clause("c", "members.ess + 1 > 3")]}, False),
        ({"requires": [clause("c", "'w' in deadlines.passed")]}, False),
        ({"by": ["registrar"]}, True),
        ({"after": ["announce"]}, False),
        ({"groups": ["staff"]}, False),
    ],
)
def test_a_loop_stops_a_publication_where_it_can_be_told_to_have_no_end(
    changes: dict[str, Any], blocking: bool
) -> None:
    written = simple()
    written["states"]["a"] = {"title": TITLE, "deadlines": {"w": deadline(waits_for=["registrar"])}}
    again = {"trigger": "automatic", "by": None, "from": ["a"]}
    add(written, enter=way("a"), out=way(**{"from": ["a"]}), again=way("a", **again | changes))

    (found,) = faults(written)

    assert (found.code, found.blocking) == ("automatic-cycle", blocking)


def test_a_knot_of_many_automatic_ways_is_looked_at_in_time() -> None:
    written = simple()
    written["states"] |= {f"k{n}": {"title": TITLE} for n in range(20)}
    unsure = [clause("c", "members.total > members.ess")]
    for one, other in product(range(20), repeat=2):
        made = way(f"k{other}", trigger="automatic", requires=unsure, **{"from": [f"k{one}"]})
        add(written, **{f"a{one}_{other}": made})
    add(written, enter=way("k0"))
    start = time.process_time()

    (found,) = faults(written)

    assert (found.code, found.blocking) == ("automatic-cycle", False)
    assert time.process_time() - start < 10


# Who may pass.


def test_a_role_that_passes_every_gate_is_enough() -> None:
    written = simple() | {"bypass": ["administrator"]}
    add(written, planted=way(by=[]))

    assert faults(written) == []


def test_a_role_that_a_group_brings_is_held_by_its_members() -> None:
    written = simple()
    written["states"]["s0"] |= {"groups": {"staff": ["network"]}, "rights": {"Go": ["network"]}}
    add(written, planted=way(by=None, permissions=["Go"]))

    assert faults(written) == []


def test_a_permission_that_belongs_to_everybody_is_held_by_somebody() -> None:
    written = simple()
    written["states"]["s0"]["rights"] = {"Go": ["public"]}
    add(written, planted=way(by=None, permissions=["Go"]))

    assert faults(written) == []


def test_a_permission_held_in_one_of_the_states_is_enough() -> None:
    written = simple()
    written["states"]["mid"] = {"title": TITLE, "rights": {"Go": ["registrar"]}}
    written["states"]["s0"]["rights"] = {"Go": []}
    add(written, enter=way("mid"), planted=way(permissions=["Go"], **{"from": ["s0", "mid"]}))

    assert faults(written) == []


# Deadlines.


@pytest.mark.parametrize(
    ("when", "follows"),
    [
        ("'answer' in deadlines.passed", True),
        ('"answer" in deadlines.passed || place.delimited', True),
        ("!('answer' in deadlines.passed)", True),
        ("deadlines.passed.exists(d, d.startsWith('ans'))", True),  # which one cannot be told
        ("'other' in deadlines.passed", False),
    ],
)
def test_a_deadline_that_a_way_out_names_is_followed(when: str, follows: bool) -> None:
    written = with_clauses(when)
    other = deadline(waits_for=["registrar"])
    written["states"]["s0"]["deadlines"] = {"answer": deadline(), "other": other}

    expected: Places = set() if follows else {("deadline-no-way-out", "s0 / answer")}
    assert places(faults(written)) == expected


def test_a_deadline_may_be_counted_from_a_date_among_the_facts() -> None:
    written = simple()
    counted = deadline(counted_from="signed.on", waits_for=["registrar"])
    written["states"]["s0"]["deadlines"] = {"answer": counted}

    assert faults(written) == []


# The refusal.


def test_a_refusal_names_every_fault_that_stops_a_publication() -> None:
    found = faults(with_clauses("members.totl > 1", "1 +", by=["registrar", "roi"]))

    refusal = Unpublishable(found)

    assert refusal.code == "journey.faulty"
    for fault in found:
        assert f"[{fault.where}] {fault.say.fr}" in refusal.say("fr")
        assert f"[{fault.where}] {fault.say.en}" in refusal.say("en")


def test_a_refusal_names_ten_faults_at_most_and_counts_the_others() -> None:
    found = faults(with_clauses(*["nothing"] * 13))

    said = Unpublishable(found).say("fr")

    assert said.count("[go") == NAMED_AT_MOST
    assert said.endswith("Et 3 de plus.")


def test_a_refusal_leaves_out_what_is_only_a_warning() -> None:
    written = with_clauses("members.totl > 1")
    add(written, open_way=way(by=None))

    assert "open_way" not in Unpublishable(faults(written)).say("fr")


# The journeys that ship, a large one, and real ones from elsewhere.

ALWAYS = ("constant-clause", "sign_charter / capacity")
"""Its three choices are those the form offers: the sentence is shown, and always held."""


@pytest.mark.parametrize("shipped", make.journeys(), ids=lambda j: j.ref)
def test_the_shipped_journeys_have_no_fault(shipped: Journey) -> None:
    found = check(shipped, fact_types(PoleFacts), Cel)

    asks = "sign_charter" in shipped.transition and shipped.transition["sign_charter"].input
    expected: Places = {ALWAYS} if asks else set()
    assert places(found) == expected
    assert not any(fault.blocking for fault in found)


def test_a_large_definition_is_checked_in_a_few_seconds() -> None:
    written = simple()
    written["states"] = {f"s{n}": {"title": TITLE} for n in range(200)}
    written["transitions"] = {
        f"w{n}": way(
            f"s{(n * 7 + 1) % 200}",
            requires=[
                clause("a", f"members.total > {n} && members.ess < {n}"),
                clause("b", f"place.name != 'x{n}' || 'k{n}' in evidence.kinds"),
                clause("c", f"members.ess != {n % 40}"),
            ],
            trigger="automatic" if n % 3 == 0 else "user",
            **{"from": [f"s{n % 200}"]},
        )
        for n in range(1000)
    }
    large = journey(written)
    start = time.process_time()

    check(large, FACTS, Cel)

    assert time.process_time() - start < 8


real = sorted(PLONE.rglob("definition.xml"))


@pytest.mark.skipif(not real, reason="needs the definitions of Plone sites, beside the checkout")
@pytest.mark.parametrize("path", real, ids=lambda p: "/".join(p.parts[-4:-1]))
def test_of_a_definition_of_plone_is_found_what_its_file_says(path: Path) -> None:
    root = fromstring(path.read_bytes())  # noqa: S314  # files of our own choice
    made = read_definition_xml(path.read_bytes(), version="1970-01-01").journey

    found = places(check(made, {}, Cel))

    by_hand = of_plone(root)
    assert {p for p in found if p[0] in {code for code, _ in by_hand} | OF_PLONE} == by_hand


OF_PLONE = {
    "missing-target",
    "dangling-exit",
    "unreachable-state",
    "unused-transition",
    "missing-script",
    "ineffective-permission-map",
    "dead-state",
}


def of_plone(root: Element) -> Places:
    """What is wrong with a file of Plone, read from its elements alone."""
    exits = {
        state.get("state_id", ""): [
            e.get("transition_id", "") for e in state.iter("exit-transition")
        ]
        for state in root.iter("state")
    }
    ways = {made.get("transition_id", ""): made for made in root.iter("transition")}
    managed = {(p.text or "").strip() for p in root.findall("permission")}
    found: Places = set()
    for state, names in exits.items():
        found |= {("dangling-exit", state) for name in names if name not in ways}
        if not [name for name in names if name in ways]:
            found.add(("dead-state", state))
    for name, made in ways.items():
        if made.get("new_state") and made.get("new_state") not in exits:
            found.add(("missing-target", name))
        if not any(name in names for names in exits.values()):
            found.add(("unused-transition", name))
        if made.get("before_script") or made.get("after_script"):
            found.add(("missing-script", name))
    reached = {root.get("initial_state", "")}
    for _ in exits:
        reached |= {
            ways[name].get("new_state") or state
            for state in reached & set(exits)
            for name in exits[state]
            if name in ways
        }
    found |= {("unreachable-state", state) for state in set(exits) - reached}
    for holder in root.iter("state"):
        for right in holder.iter("permission-map"):
            if right.get("name") not in managed:
                found.add(("ineffective-permission-map", holder.get("state_id", "")))
    return found


def test_a_day_is_told_from_what_is_none() -> None:
    written = simple() | {"variables": {"since": {"type": "date"}}}
    for value, bad in (("2020-02-29", False), ("2021-02-29", True), ("20200229", True), (3, True)):
        written["variables"]["since"]["default"] = value
        assert (places(faults(written)) == {("bad-value", "variables / since")}) is bad


def test_the_grid_of_dates_is_fine_enough() -> None:
    """A clause may hold for one microsecond only, and is then not constant."""
    day = datetime(2020, 1, 1, tzinfo=UTC)
    when = (
        "signed.on > timestamp('2020-01-01T00:00:00Z') "
        "&& signed.on < timestamp('2020-01-01T00:00:01Z')"
    )
    scope = Cel(FACTS)
    guard = scope.compile(when)

    assert faults(with_clauses(when)) == []
    assert guard(scope.lay_out({"signed.on": day + timedelta(microseconds=1)})) is True
