"""What a bundle tells must make sense: steps that follow one another, verdicts that rules give.

Whoever forges here has the keys of the log and signs what was forged: the bytes all fit.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.kernel import Aggregate
from infrastructure.event_store.canonical import canonical
from infrastructure.event_store.mapper import StoredState
from tests.bundles import Small, by_product, by_script, small

Forge = Callable[[dict[str, Any]], None]


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Small]:
    with small(tmp_path / "home") as registry:
        yield registry


def step_of(made: Small, number: int) -> dict[str, Any]:
    """The state of a step that was recorded, the first or the second."""
    steps = [r for r in made.registry.everything(made.pole) if r.event.TOPIC == "pole.moved.v1"]
    ((_, state),) = made.registry.journal.states(
        steps[number].position - 1, 1, steps[number].position
    )
    found: dict[str, Any] = json.loads(state)
    return found


def record(made: Small, state: dict[str, Any], topic: str = "pole.moved.v1") -> int:
    """Write a state at the end of the pole's history; gives its index."""
    version = made.registry.version(made.pole) + 1
    event_id = uuid4()
    state["meta"]["event_id"] = str(event_id)
    written = StoredState(
        originator_id=made.pole,
        originator_version=version,
        topic=topic,
        state=canonical(state),
        event_id=event_id,
    )
    made.registry.journal.insert_events([written])  # type: ignore[attr-defined]  # a recorder
    return made.registry.journal.size() - 1


def found_by(made: Small, tmp_path: Path) -> tuple[tuple[int, str], tuple[int, str]]:
    file = made.write(tmp_path / f"{uuid4()}.zip")
    return by_product(file), by_script(file)


def test_a_step_that_does_not_begin_where_the_one_before_led_is_found(
    made: Small, tmp_path: Path
) -> None:
    index = record(made, step_of(made, 1))  # charter_signed → experimentation, twice

    product, script = found_by(made, tmp_path)

    assert product == (3, f"index {index}")
    assert script[0] == 3
    assert f"index {index} : il part de « charter_signed »" in script[1]


def test_a_step_that_the_definition_does_not_have_is_found(made: Small, tmp_path: Path) -> None:
    index = record(made, step_of(made, 1) | {"from": "experimentation", "to": "emergence"})

    product, script = found_by(made, tmp_path)

    assert product == (3, f"index {index}")
    assert "n'a pas ce passage" in script[1]


@pytest.mark.parametrize(
    ("verdict", "months"), [("held", 31), ("failed", 3), ("unknown", 3), ("failed", 31)]
)
def test_a_verdict_that_the_rules_do_not_give_is_found(
    made: Small, tmp_path: Path, verdict: str, months: int
) -> None:
    """One that they give and that forbids the step, too."""
    state = step_of(made, 0)
    day = "2023-01-01"
    state["verdicts"] = [
        {"clause": "heard", "values": {"silence.months": months}, "verdict": verdict}
    ]
    index = record(made, state | {"occurred_on": day, "valid_from": day, "to": "charter_signed"})

    product, _ = found_by(made, tmp_path)

    assert product[0] == 3
    assert f"index {index}" in product[1].splitlines()


@pytest.mark.parametrize(
    "verdicts",
    [
        [],
        [{"clause": "other", "values": {}, "verdict": "held"}],
        [{"clause": "heard", "values": {"members.total": 3}, "verdict": "held"}],
    ],
)
def test_conditions_that_are_not_those_of_the_definition_are_found(
    made: Small, tmp_path: Path, verdicts: list[Any]
) -> None:
    index = record(made, step_of(made, 0) | {"verdicts": verdicts})

    product, _ = found_by(made, tmp_path)

    assert f"index {index}" in product[1].splitlines()


def test_a_correction_stands_in_the_place_of_what_it_corrects(made: Small, tmp_path: Path) -> None:
    first, second = step_of(made, 0), step_of(made, 1)
    record(made, first | {"kind": "correct", "corrects": first["meta"]["event_id"]})
    record(made, second | {"kind": "correct", "corrects": second["meta"]["event_id"]})

    assert found_by(made, tmp_path) == ((0, ""), (0, ""))


def test_a_retracted_step_is_no_part_of_the_path(made: Small, tmp_path: Path) -> None:
    first, second = (step_of(made, number)["meta"]["event_id"] for number in (0, 1))
    kept = Aggregate.FactRetracted.model_fields
    plain = {name: value for name, value in step_of(made, 1).items() if name in kept}

    record(made, plain | {"kind": "retract", "corrects": second}, Aggregate.FactRetracted.TOPIC)
    assert found_by(made, tmp_path) == ((0, ""), (0, ""))
    index = record(made, step_of(made, 1))
    assert found_by(made, tmp_path) == ((0, ""), (0, ""))
    record(made, plain | {"kind": "retract", "corrects": first}, Aggregate.FactRetracted.TOPIC)

    product, script = found_by(made, tmp_path)
    assert product == (3, f"index {index}")
    assert "le précédent mène à « emergence »" in script[1]


def test_a_pole_that_a_recognition_moved_need_not_say_so_by_a_step(
    made: Small, tmp_path: Path
) -> None:
    """The stage of recognition begins and ends with the recognition itself."""
    step = step_of(made, 1)
    attached = {name: step[name] for name in ("meta", "kind", "corrects", "salt", "valid_to")}
    attached |= {"occurred_on": "2024-01-01", "valid_from": "2024-01-01"}
    attached |= {"recognition": str(UUID(int=7)), "code": "selection"}
    record(made, attached | {"recognition_kind": "selection"}, topic="pole.recognition_attached.v1")
    day = {"occurred_on": "2025-01-01", "valid_from": "2025-01-01"}
    index = record(made, step | day | {"from": "recognised", "to": "experimentation"})

    product, script = found_by(made, tmp_path)

    assert product == (3, f"index {index}")  # the short journey has no such step; the path holds
    assert "il part de" not in script[1]
