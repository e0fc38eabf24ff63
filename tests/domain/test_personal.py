"""Markings: every sealed value says what it is, once, and is found in its event by that."""

import re
from pathlib import Path
from typing import Annotated, Any

import pytest

from domain.kernel import EVENTS, MARKED, Event
from domain.personal import BASES, Basis, Marking, marking, sealed_in
from domain.retention import Retention
from domain.values import Frozen, Sealed
from domain.words import Text
from infrastructure.event_store.mapper import read_state

NAMED = Marking(
    purpose="named",
    holds=Text(fr="un nom"),
    persons=Text(fr="des personnes"),
    basis=Basis.CONSENT,
    retention=Retention.TWO_YEARS,
)


TOPIC = re.compile(r"[a-z_]+[.][a-z_]+[.]v[0-9]+")
REF = re.compile(r'"ref": *"([A-Za-z0-9_-]{43})"')


class Unmarked(Frozen):
    name: Sealed


@pytest.mark.parametrize("kind", [Sealed, Sealed | None, tuple[Unmarked, ...], str | Sealed])
def test_a_sealed_value_that_says_not_what_it_is_enters_no_event(kind: Any) -> None:
    members = {"__annotations__": {"who": kind}, "TOPIC": "thing.told.v1"}

    with pytest.raises(TypeError, match=r"who.*a sealed value says what it is"):
        type("Told", (Event,), members)


def test_one_name_is_bound_to_one_thing() -> None:
    other = Marking(
        purpose="other",
        field="who",
        holds=NAMED.holds,
        persons=NAMED.persons,
        basis=NAMED.basis,
        retention=NAMED.retention,
    )
    kinds = {"who": Annotated[Sealed, NAMED], "too": Annotated[Sealed, other]}

    with pytest.raises(TypeError, match="two marks for what is bound to who"):
        type("Told", (Event,), {"__annotations__": kinds, "TOPIC": "thing.told.v1"})


def test_every_marking_says_in_french_what_it_holds_of_whom_and_on_which_basis() -> None:
    assert MARKED
    for topic, field in MARKED:
        marked = marking(EVENTS[topic], field)
        assert all((marked.purpose, marked.holds.fr, marked.persons.fr, BASES[marked.basis]))


def test_every_sealed_value_of_every_event_ever_stored_is_found_by_its_marking() -> None:
    samples = sorted((Path(__file__).parent / "events").glob("*.json"))
    found = {}
    for sample in samples:
        state = sample.read_bytes()
        event = read_state(TOPIC.match(sample.name)[0], state)  # type: ignore[index]  # or it fails
        found[event.TOPIC] = [kept.sealed.ref for kept in sealed_in(event)]

        if event.TOPIC.startswith("erasure."):  # it refers to the values of other events
            continue
        assert sorted(found[event.TOPIC]) == sorted(REF.findall(state.decode()))
    assert sum(map(bool, found.values())) > 10
