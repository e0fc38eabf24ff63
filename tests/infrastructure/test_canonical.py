"""One text for one value: what is hashed is what an independent program would write."""

from enum import IntEnum
from typing import Any
from uuid import uuid4

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from domain.roles import Role
from infrastructure.event_store.canonical import LARGEST, OutsideProfile, canonical
from tests.examples import settings

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
names = st.text(st.characters(exclude_categories=["Cs"], max_codepoint=0xFFFF), max_size=6)
scalars = st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | texts
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(names, inner, max_size=5),
    max_leaves=25,
)


@settings(deadline=None, max_examples=300)
@given(value=values)
def test_it_is_the_text_of_rfc_8785(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@settings(deadline=None, max_examples=100)
@given(members=st.dictionaries(names, scalars, max_size=8), seed=st.randoms())
def test_the_order_in_which_members_were_given_does_not_count(
    members: dict[str, Any], seed: Any
) -> None:
    shuffled = list(members.items())
    seed.shuffle(shuffled)

    assert canonical(dict(shuffled)) == canonical(members)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": [True, None]}, '{"a":[true,null],"b":1}'),
        ('€\u0000\u001f\n"\\/\x7f', '"€\\u0000\\u001f\\n\\"\\\\/\x7f"'),
        ({"é": 1, "z": 2, "\ufffd": 3, "": 4}, '{"":4,"z":2,"é":1,"\ufffd":3}'),
        (2**53 - 1, "9007199254740991"),
        ("😀", '"😀"'),
        # RFC 8785, sections 3.2.2 and 3.2.3, but for numbers and names outside the profile.
        ('€$\x0f\nA\'B"\\\\"/', r'''"€$\u000f\nA'B\"\\\\\"/"'''),
        ([None, True, False], "[null,true,false]"),
        (
            {"€": 5, "\r": 1, "\ufb33": 7, "1": 2, "\x80": 3, "ö": 4},
            '{"\\r":1,"1":2,"\x80":3,"ö":4,"€":5,"\ufb33":7}',
        ),
    ],
)
def test_cases_written_out(value: Any, text: str) -> None:
    assert canonical(value) == text.encode()


class Rank(IntEnum):
    FIRST = 1


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        float("nan"),
        2**53,
        -(2**53),
        10**30,
        {"😀": 1},
        {1: "a"},
        {None: "a"},
        "\ud800",
        ["a", "\udfff"],
        {"\ud83d": 1},
        (1, 2),
        {1, 2},
        b"bytes",
        uuid4(),
        Rank.FIRST,
        Role.REGISTRAR,
        object(),
        {"deep": [{"er": [0.5]}]},
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_two_programs_could_write_differently_is_refused(value: Any) -> None:
    with pytest.raises(OutsideProfile):
        canonical(value)


@settings(deadline=None, max_examples=100)
@given(
    value=st.recursive(
        scalars | st.floats() | st.integers() | st.text(max_size=3),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
        ),
        max_leaves=8,
    )
)
def test_whatever_is_given_is_written_as_rfc_8785_or_refused(value: Any) -> None:
    try:
        text = canonical(value)
    except OutsideProfile:
        return

    assert text == rfc8785.dumps(value)
