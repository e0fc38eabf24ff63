"""Cases: several journeys on one, replayed from what is stored; what was published stays."""

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.journey import PublishJourney
from application.pole import FollowJourney, MovePole, RegisterPole
from domain.dates import PartialDate
from domain.errors import JalonError
from domain.journey import Journey
from domain.pole import Pole, PoleId
from domain.rights import Who
from domain.roles import Role
from domain.rulebook import Rulebook, digest_of
from domain.workflow import offers
from infrastructure.event_store.mapper import write_state
from infrastructure.event_store.registry import Registry
from tests import make
from tests.examples import settings
from tests.stores.make import STORES

JOURNEYS = ("first", "second", "third")


def journey(id_: str) -> Journey:
    """Three stages in a ring, a variable that counts by words, a way that opens of itself."""
    clause = {"say": {"fr": "Elle n'est pas en attente."}, "source": "product rule"}
    return Journey.model_validate(
        {
            "id": id_,
            "version": "2024-01",
            "source": ["product rule"],
            "facts": "PoleFacts",
            "initial": "one",
            "states": {
                "one": {},
                "two": {"sets": {"seen": True}},
                "three": {},
                "end": {"final": True},
            },
            "variables": {
                "came": {"expression": "step.from", "update_always": True},
                "seen": {"type": "boolean", "default": False},
                "said": {"default": id_},
            },
            "transitions": {
                "go": {
                    "from": ["one"],
                    "to": "two",
                    "by": ["coordinator"],
                    "input": {"note": {"type": "text", "title": {"fr": "Note"}, "required": False}},
                    "sets": {"said": "step.comment"},
                },
                "on": {"from": ["two"], "to": "three", "by": ["coordinator", "registrar"]},
                "wait": {"from": ["two"], "by": ["registrar"]},
                "back": {
                    "from": ["three"],
                    "to": "one",
                    "trigger": "automatic",
                    "requires": [{"id": "done", "when": "var.said == 'back'", **clause}],
                },
                "stop": {"from": ["one", "three"], "to": "end", "by": ["registrar"]},
            },
        }
    )  # fmt: skip


WAYS = {
    (way.id, state): (way.to or state, way.trigger)
    for way in journey("any").transitions
    for state in way.from_
}

walks = st.lists(
    st.tuples(
        st.sampled_from(JOURNEYS),
        st.sampled_from(["follow", "go", "go", "on", "on", "wait", "stop", "back"]),
        st.sampled_from([Role.COORDINATOR, Role.COORDINATOR, Role.REGISTRAR]),
        st.sampled_from(["2024-03", "2024-05-02", "2024-06-03", "unknown"]),
        st.sampled_from(["back", "stay"]),
    ),
    max_size=12,
)


def shown(pole: Pole) -> dict[str, Any]:
    """Everything that is seen of the journeys of a pole."""
    return {
        name: [(s.since, s.order, s.value, s.came_from, dict(s.variables)) for s in track.states]
        for name, track in pole.tracks.items()
    }


def stored(registry: Registry, pole: UUID) -> Pole:
    found = registry.load(Pole, pole)
    assert found
    return found


def begun(registry: Registry) -> PoleId:
    for name in JOURNEYS:
        registry.do(PublishJourney(journey=journey(name)), make.by(Role.ADMINISTRATOR))
    asked = RegisterPole(name="Tétris", journey="first@2024-01", occurred_on=PartialDate("2024"))
    return PoleId(registry.do(asked, make.by(Role.COORDINATOR)).answer)


@settings(deadline=None, max_examples=20)
@given(walk=walks)
def test_no_walk_leaves_the_definition_or_disturbs_another_journey(
    walk: Iterable[tuple[str, str, Role, str, str]],
) -> None:
    with TemporaryDirectory() as folder, make.registry(Path(folder), publish=False) as registry:
        pole = begun(registry)
        for name, act, role, day, reason in walk:
            before = shown(stored(registry, pole))
            command = (
                FollowJourney(pole=pole, journey=name, occurred_on=PartialDate(day))
                if act == "follow"
                else MovePole(
                    pole=pole, transition=act, on=name, occurred_on=PartialDate(day), reason=reason
                )
            )
            with suppress(JalonError):
                registry.do(command, make.by(role))
            after = shown(stored(registry, pole))
            for other in set(before) - {name}:
                assert after[other] == before[other]
            assert after.get(name, [])[: len(before.get(name, []))] == before.get(name, [])

        found = stored(registry, pole)
        history = registry.history(pole)
        assert shown(replayed(pole, history)) == shown(found)
        for recorded in history:
            event = recorded.event
            if isinstance(event, Pole.Moved):
                assert WAYS[event.transition, event.from_][0] == event.to
        for track in found.tracks.values():
            path = sorted(track.states, key=lambda stay: (stay.since, stay.order))
            assert path[0].value == "one"
            assert all(dict(stay.variables) for stay in path)


def replayed(stream: UUID, history: Any) -> Pole:
    found = Pole.replay(stream, history)
    assert found
    return found


@settings(deadline=None, max_examples=12)
@given(walk=walks)
def test_what_is_offered_on_a_case_is_what_the_case_takes(
    walk: Iterable[tuple[str, str, Role, str, str]],
) -> None:
    """Through the registry: open means recorded, closed means refused."""
    with TemporaryDirectory() as folder, make.registry(Path(folder), publish=False) as registry:
        pole = begun(registry)
        for _, act, role, _, reason in walk:
            found = stored(registry, pole)
            compiled = registry.compiled(found.journey)
            facts = found.engine_facts_on(make.TODAY, compiled.journey, {})
            here = found.state_on(make.TODAY) or ""
            offered = offers(
                compiled, here, facts, who=Who(frozenset({role})), now=make.NOW
            )  # fmt: skip
            command = MovePole(pole=pole, transition=act, reason=reason)
            try:
                registry.do(command, make.by(role))
            except JalonError:
                assert offered.get(act, "closed") == "closed"
            else:
                assert offered[act] == "open"


def test_a_step_keeps_the_variables_of_its_own_journey(tmp_path: Path) -> None:
    with make.registry(tmp_path, publish=False) as registry:
        pole = begun(registry)
        registry.do(FollowJourney(pole=pole, journey="second"), make.by(Role.COORDINATOR))
        step = MovePole(pole=pole, transition="go", on="second", reason="vu")
        registry.do(step, make.by(Role.COORDINATOR))

        first, second = (stored(registry, pole).track(name) for name in JOURNEYS[:2])

    assert first.states[-1].variables == {"came": "", "seen": False, "said": "first"}
    assert second.states[-1].variables == {"came": "one", "seen": True, "said": "vu"}


def test_what_opens_of_itself_is_recorded_after_the_step(tmp_path: Path) -> None:
    with make.registry(tmp_path, publish=False) as registry:
        pole = begun(registry)
        for transition in ("go", "on"):
            step = MovePole(pole=pole, transition=transition, reason="back")
            done = registry.do(step, make.by(Role.COORDINATOR))

    moved = [event for event in done.events if isinstance(event, Pole.Moved)]
    assert [(event.transition, event.to) for event in moved] == [("on", "three"), ("back", "one")]


# What was published, and what is stored of it.

PUBLISHED = sorted(path for path in STORES.glob("*/registry.db"))


def published(file: Path) -> list[tuple[str, bytes]]:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
        topic = Rulebook.JourneyPublished.TOPIC
        return db.execute(
            "SELECT topic, state FROM event WHERE topic = ? ORDER BY position", (topic,)
        ).fetchall()


@pytest.mark.parametrize("file", PUBLISHED, ids=lambda file: file.parent.name)
def test_what_ships_is_what_was_published(file: Path) -> None:
    """The hash of every shipped journey, and every byte of its content."""
    now = {journey.ref: journey for journey in make.journeys()}
    found = set()
    for topic, state in published(file):
        then = json.loads(state)
        ref = f"{then['journey']['id']}@{then['journey']['version']}"
        if ref not in now:  # published there beside those that ship
            continue
        found.add(ref)
        assert digest_of(now[ref]) == then["digest"]
        assert now[ref].model_dump(mode="json") == then["journey"]
        again = Rulebook.JourneyPublished.model_validate_json(state)
        assert topic == again.TOPIC
        assert write_state(again) == bytes(state)
        assert write_state(again.model_copy(update={"journey": now[ref]})) == bytes(state)
    assert found >= set(now) - {
        "pole@2026-11-01",
        "pole@2026-11-23",
    }  # which came after those stores


@pytest.mark.parametrize("definition", make.journeys(), ids=lambda journey: journey.ref)
def test_a_member_that_is_given_its_default_changes_no_hash(definition: Journey) -> None:
    content = definition.model_dump(mode="json")
    spelt = {
        **content,
        "title": {},
        "creation": None,
        "variables": {},
        "worklists": {},
        "bypass": [],
        "open_to": ["public"],
        "states": [{**state, "rights": {}, "exits": None} for state in content["states"]],
        "transitions": [{**way, "trigger": "user", "sets": {}} for way in content["transitions"]],
    }

    assert digest_of(Journey.model_validate(spelt)) == digest_of(definition)


def test_a_member_that_says_something_changes_the_hash() -> None:
    definition = make.journeys()[0]

    told = definition.model_copy(update={"bypass": ("registrar",)})

    assert digest_of(told) != digest_of(definition)
