"""Clauses in CEL: typed once published; only a literal `true` opens a gate."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.pole import PoleFacts
from domain.rules import FaultyJourney, fact_types
from infrastructure.guards import Cel
from tests.examples import settings

TYPES = {**fact_types(PoleFacts), "input.on": "timestamp", "input.title": "string"}
CEL = Cel(TYPES)


def judge(expression: str, values: Any) -> bool | None:
    told: bool | None = CEL.compile(expression)(CEL.lay_out(values))
    return told


@pytest.mark.parametrize(
    ("expression", "values", "told"),
    [
        ("members.total >= 5", {"members.total": 5}, True),
        ("members.total >= 5", {"members.total": 4}, False),
        ("territory.delimited", {"territory.delimited": True}, True),
        ("'strategy' in evidence.kinds", {"evidence.kinds": ("strategy", "form")}, True),
        ("'strategy' in evidence.kinds", {"evidence.kinds": ()}, False),
        ("!members.total_known", {"members.total_known": False}, True),
        (
            "input.on < timestamp('2014-09-19T00:00:00Z')",
            {"input.on": date(2014, 9, 18)},
            True,
        ),
        (
            "input.on < timestamp('2014-09-19T00:00:00Z')",
            {"input.on": datetime(2014, 9, 19, tzinfo=UTC)},
            False,
        ),
        ("stage.before_dormancy == 'emergence'", {"stage.before_dormancy": "emergence"}, True),
    ],
)
def test_a_clause_says_whether_it_holds(expression: str, values: Any, told: bool) -> None:
    assert judge(expression, values) is told


@pytest.mark.parametrize(
    "expression",
    [
        "members.total >= '5'",
        "members.total && true",
        "territory.delimited > 1",
        "'a' + 1 == 'a1'",
        "evidence.kinds == 'strategy'",
        "3 in evidence.kinds",
        "input.on > 2014",
    ],
)
def test_a_comparison_of_unlike_things_is_refused_when_published(expression: str) -> None:
    with pytest.raises(FaultyJourney):
        CEL.compile(expression)


@pytest.mark.parametrize("expression", ["members.totl >= 5", "charter.sealed", "nothing"])
def test_a_name_nobody_knows_is_refused_when_published(expression: str) -> None:
    with pytest.raises(FaultyJourney, match="n'est pas connu"):
        CEL.compile(expression)


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        ("members.total", "INT"),
        ("'true'", "STRING"),
        ("evidence.kinds", "LIST"),
        ("null", "NULL"),
        ("dyn(true)", "DYN"),
        ("input.on", "TIMESTAMP"),
    ],
)
def test_what_gives_no_boolean_is_refused_when_published(expression: str, kind: str) -> None:
    with pytest.raises(FaultyJourney, match=f"(?i)le résultat est .*{kind}"):
        CEL.compile(expression)


@pytest.mark.parametrize("expression", ["", "1 +", "members.total >=", "a ? b", "x = 1", "((true)"])
def test_what_is_no_expression_is_refused_when_published(expression: str) -> None:
    with pytest.raises(FaultyJourney):
        CEL.compile(expression)


@pytest.mark.parametrize(
    ("expression", "values"),
    [
        ("members.total >= 5", {}),
        ("members.total >= 5 && territory.delimited", {"territory.delimited": True}),
        ("10 / members.total > 1", {"members.total": 0}),
        ("members.total * 4611686018427387904 > 1", {"members.total": 4}),
        ("evidence.kinds[3] == 'a'", {"evidence.kinds": ("a",)}),
        ("int(input.title) > 1", {"input.title": "douze"}),
        (
            "timestamp(input.title) < input.on",
            {"input.title": "hier", "input.on": date(2020, 1, 1)},
        ),
        ("input.title.matches('(')", {"input.title": "a"}),
    ],
)
def test_what_cannot_be_told_is_neither_true_nor_false(expression: str, values: Any) -> None:
    assert judge(expression, values) is None


def test_what_is_decided_by_the_rest_needs_not_be_known() -> None:
    guard = CEL.compile("territory.delimited || members.total > 3")

    assert guard(CEL.lay_out({"territory.delimited": True})) is True
    assert guard(CEL.lay_out({"territory.delimited": False})) is None


def test_a_clause_that_would_run_for_ever_cannot_be_told() -> None:
    many = "evidence.kinds"
    nested = f"{many}.all(a, {many}.all(b, {many}.all(c, {many}.all(d, a + b + c + d != ''))))"
    guard = CEL.compile(nested)

    assert guard(CEL.lay_out({"evidence.kinds": ("x",) * 3})) is True
    assert guard(CEL.lay_out({"evidence.kinds": ("x",) * 100})) is None


def test_a_value_under_a_name_the_clause_does_not_know_is_left_out() -> None:
    guard = CEL.compile("members.total > 1")

    assert guard(CEL.lay_out({"members.total": 2, "anything": "else"})) is True


# Any condition, beside what it means: `None` wherever something is missing or goes wrong.

Meaning = Callable[[dict[str, Any]], bool | None]
Condition = tuple[str, Meaning]
LARGEST = 2**63 - 1


def _compare(compute: Callable[..., int | None], *names: str) -> Meaning:
    def told(values: dict[str, Any]) -> bool | None:
        if not values.keys() >= set(names):
            return None
        result = compute(*(values[name] for name in names))
        return None if result is None else result > 2

    return told


def _quotient(a: int, b: int) -> int | None:
    if b == 0 or (a, b) == (-LARGEST - 1, -1):
        return None
    return abs(a) // abs(b) * (1 if a * b > 0 else -1)


def _product(a: int, b: int) -> int | None:
    return a * b if -LARGEST - 1 <= a * b <= LARGEST else None


def _second(kinds: tuple[str, ...]) -> int | None:
    return (3 if kinds[1] == "a" else 0) if len(kinds) > 1 else None


def _number(text: str) -> int | None:
    return int(text) if text.isdigit() else None


LEAVES: list[Condition] = [
    ("true", lambda _: True),
    ("false", lambda _: False),
    ("territory.delimited", lambda values: values.get("territory.delimited")),
    ("members.total > 2", _compare(lambda n: n, "members.total")),
    ("members.total / silence.months > 2", _compare(_quotient, "members.total", "silence.months")),
    ("members.total * silence.months > 2", _compare(_product, "members.total", "silence.months")),
    ("evidence.kinds[1] == 'a'", _compare(_second, "evidence.kinds")),
    ("int(stage.before_dormancy) > 2", _compare(_number, "stage.before_dormancy")),
]


def _not(one: Condition) -> Condition:
    def told(values: dict[str, Any]) -> bool | None:
        result = one[1](values)
        return None if result is None else not result

    return f"!({one[0]})", told


def _either(one: Condition, other: Condition, decisive: bool) -> Condition:
    """`||`, where one that is true decides; `&&`, where one that is false does."""

    def told(values: dict[str, Any]) -> bool | None:
        results = (one[1](values), other[1](values))
        if decisive in results:
            return decisive
        return None if None in results else not decisive

    return f"({one[0]} {'||' if decisive else '&&'} {other[0]})", told


def _if(test: Condition, then: Condition, otherwise: Condition) -> Condition:
    def told(values: dict[str, Any]) -> bool | None:
        result = test[1](values)
        return None if result is None else (then if result else otherwise)[1](values)

    return f"({test[0]} ? {then[0]} : {otherwise[0]})", told


conditions = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: (
        st.builds(_not, inner)
        | st.builds(_either, inner, inner, st.booleans())
        | st.builds(_if, inner, inner, inner)
    ),
    max_leaves=6,
)
numbers = st.integers(-3, 5) | st.integers(-LARGEST - 1, LARGEST)
known = st.fixed_dictionaries(
    {},
    optional={
        "members.total": numbers,
        "silence.months": numbers,
        "territory.delimited": st.booleans(),
        "evidence.kinds": st.lists(st.sampled_from("ab"), max_size=3).map(tuple),
        "stage.before_dormancy": st.sampled_from(["1", "3", "dormant"]),
    },
)


@settings(deadline=None, max_examples=250)
@given(condition=conditions, values=known)
def test_only_a_literal_true_opens_a_gate(condition: Condition, values: dict[str, Any]) -> None:
    expression, meaning = condition

    told = judge(expression, values)

    assert told is meaning(values)
