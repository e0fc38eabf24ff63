"""What a case waits for, and from whom."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from zlib import crc32

import pytest

from domain.dates import PartialDate
from domain.deadline import deadlines_due
from domain.journey import Journey
from domain.pole import PoleFacts
from domain.rights import Who
from domain.roles import Role
from domain.rules import CompiledJourney, Value, compile_journey, fact_types
from domain.words import Stored
from domain.worklist import Wait, on_worklists, waits
from infrastructure.guards import Cel
from tests import make

COORDINATOR = Who(frozenset({Role.COORDINATOR}))
REGISTRAR = Who(frozenset({Role.REGISTRAR}))
FUNDER = Who(frozenset({Role.FUNDER}))


def clause(when: str, unblocked_by: list[str] | None = None) -> dict[str, Any]:
    return {
        "id": f"c{crc32(when.encode())}",
        "when": when,
        "say": {"fr": f"Il faut {when}.", "en": ""},
        "source": "product rule",
        "unblocked_by": unblocked_by,
    }


def definition(**more: Any) -> CompiledJourney:
    """Two states and an end; each test says what leads from the first one."""
    journey = Journey.model_validate(
        {
            "id": "essai",
            "version": "2024-01-01",
            "source": ["essai"],
            "facts": "PoleFacts",
            "initial": "here",
            "states": {"here": {}, "there": {}, "end": {"final": True}, **more.pop("states", {})},
            "transitions": {
                "stop": {"from": ["here", "there"], "to": "end", "by": ["registrar"]},
                **more.pop("transitions", {}),
            },
            **more,
        }
    )
    return compile_journey(journey, fact_types(PoleFacts), Cel)


def go(**more: Any) -> dict[str, Any]:
    return {"go": {"from": ["here"], "to": "there", "by": ["coordinator"], **more}}


def asked(
    compiled: CompiledJourney,
    who: Who | None,
    facts: Mapping[str, Value] | None = None,
    state: str = "here",
    variables: Mapping[str, Stored] | None = None,
) -> list[Wait]:
    return waits(compiled, state, facts or {}, variables or {}, who=who, now=make.NOW)


def test_a_step_that_may_be_taken_waits_for_those_who_may_take_it() -> None:
    compiled = definition(transitions=go())

    (wait,) = asked(compiled, COORDINATOR)

    assert (wait.kind, wait.id, wait.status, wait.roles) == ("step", "go", "open", ("coordinator",))
    assert asked(compiled, REGISTRAR) == []
    assert [wait.id for wait in asked(compiled, None)] == ["go"]


def test_a_step_says_what_it_must_be_given() -> None:
    asks = {"why": {"type": "text", "title": {"fr": "Pourquoi", "en": ""}}}
    about = clause("input.why != ''", ["coordinator"])

    (wait,) = asked(definition(transitions=go(input=asks, requires=[about])), COORDINATOR)

    assert (wait.kind, wait.status, wait.missing_input) == ("step", "needs_input", ("why",))


def test_the_end_of_a_case_is_never_waited_for() -> None:
    assert asked(definition(), REGISTRAR) == []
    assert asked(definition(transitions=go()), None, state="end") == []


def test_an_automatic_step_waits_for_nobody() -> None:
    compiled = definition(transitions=go(trigger="automatic", by=None))

    assert asked(compiled, COORDINATOR) == asked(compiled, None) == []


def test_a_condition_waits_for_those_who_can_lift_it() -> None:
    lifted = clause("members.total >= 1", ["registrar"])
    other = clause("territory.delimited", ["coordinator"])
    compiled = definition(transitions=go(requires=[lifted, other]))

    (wait,) = asked(compiled, REGISTRAR)

    assert (wait.kind, wait.id, wait.roles) == ("clauses", "go", ("registrar",))
    assert [finding.clause for finding in wait.findings] == [lifted["id"]]
    assert wait.wanting == 2
    assert asked(compiled, FUNDER) == []
    assert len(asked(compiled, None)[0].findings) == 2


def test_a_condition_that_holds_waits_no_more() -> None:
    compiled = definition(transitions=go(requires=[clause("members.total >= 1", ["registrar"])]))

    assert asked(compiled, REGISTRAR, {"members.total": 1}) == []
    assert [w.kind for w in asked(compiled, COORDINATOR, {"members.total": 1})] == ["step"]


def test_a_piece_that_is_not_on_file_waits_for_who_would_take_the_step() -> None:
    compiled = definition(
        transitions=go(evidence={"plan": {"title": {"fr": "le plan", "en": "the plan"}}})
    )

    (wait,) = asked(compiled, COORDINATOR)

    assert (wait.kind, wait.roles) == ("clauses", ("coordinator",))


def test_a_condition_that_says_nothing_of_who_lifts_it_waits_for_nobody() -> None:
    compiled = definition(transitions=go(requires=[clause("members.total >= 1")]))

    assert asked(compiled, COORDINATOR) == []


def test_nothing_waits_before_its_time() -> None:
    time, call = (
        clause("silence.months >= 12", []),
        clause("silence.contact_attempts >= 1", ["coordinator"]),
    )
    compiled = definition(transitions=go(requires=[time, call]))

    early = asked(compiled, COORDINATOR, {"silence.months": 3, "silence.contact_attempts": 0})
    late = asked(compiled, COORDINATOR, {"silence.months": 12, "silence.contact_attempts": 0})

    assert early == []
    assert [wait.kind for wait in late] == ["clauses"]


# --- worklists ----------------------------------------------------------------------------------


def listed(**more: Any) -> CompiledJourney:
    return definition(
        variables={"queue": {"type": "text"}, "tags": {"type": "texts"}},
        worklists={"todo": {"states": ["here"], "by": ["registrar"], **more}},
    )


def test_a_worklist_holds_the_cases_of_its_states() -> None:
    compiled = listed()

    assert [(w.kind, w.id) for w in asked(compiled, REGISTRAR)] == [("worklist", "todo")]
    assert asked(compiled, COORDINATOR) == asked(compiled, REGISTRAR, state="there") == []


def test_a_worklist_without_states_holds_them_all() -> None:
    compiled = listed(states=[])

    assert [w.id for w in asked(compiled, REGISTRAR, state="there")] == ["todo"]


@pytest.mark.parametrize(
    ("variables", "held"),
    [
        ({"queue": "urgent"}, True),
        ({"queue": "later"}, False),
        ({}, False),
        ({"queue": None}, False),
    ],
)
def test_a_worklist_asks_for_the_value_of_variables(
    variables: Mapping[str, Stored], held: bool
) -> None:
    compiled = listed(where={"queue": ["urgent", "today"]})

    assert bool(asked(compiled, REGISTRAR, variables=variables)) is held


def test_of_several_values_one_is_enough() -> None:
    compiled = listed(where={"tags": ["b"]})

    assert asked(compiled, REGISTRAR, variables={"tags": ["a", "b"]})
    assert not asked(compiled, REGISTRAR, variables={"tags": ["a"]})


def test_a_worklist_may_have_clauses_and_only_what_is_true_opens_them() -> None:
    compiled = listed(requires=[clause("members.total >= 2")])

    def on(facts: Mapping[str, Value]) -> list[str]:
        held = on_worklists(compiled, "here", facts, {}, now=make.NOW)
        return [worklist.id for worklist in held]

    assert on({"members.total": 2}) == ["todo"]
    assert on({"members.total": 1}) == on({}) == []


# --- deadlines ----------------------------------------------------------------------------------


def test_a_deadline_stands_in_the_list_of_those_it_waits_for() -> None:
    compiled = definition(
        states={
            "here": {
                "deadlines": {
                    "report": {
                        "title": {"fr": "Rendre compte", "en": "Report"},
                        "source": "convention",
                        "period": "2 months",
                        "waits_for": ["funder"],
                    }
                }
            }
        }
    )
    deadlines = compiled.journey.state["here"].deadlines

    def on(who: Who | None, day: str) -> list[Wait]:
        due = deadlines_due(
            deadlines,
            entered=PartialDate("2024-01-10"),
            begins=date(2024, 1, 10),
            facts={},
            day=make.day(day),
        )
        return waits(compiled, "here", {}, {}, who=who, now=make.NOW, deadlines=due)

    (running,) = on(FUNDER, "2024-02-01")
    (over,) = on(FUNDER, "2024-04-01")

    assert (running.kind, running.due, running.passed) == ("deadline", date(2024, 3, 11), False)
    assert over.passed
    assert on(COORDINATOR, "2024-04-01") == []


# --- for whom -----------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["emergence", "experimentation", "recognised", "dormant"])
@pytest.mark.parametrize("role", Role)
def test_what_waits_for_somebody_is_of_what_waits_for_anybody(state: str, role: Role) -> None:
    compiled, who = make.journey(), Who(frozenset({role}))
    facts: dict[str, Value] = {
        "recognitions.article9_in_force": 0,
        "silence.months": 20,
        "silence.contact_attempts": 0,
        "stage.before_dormancy": "emergence",
    }

    theirs, everybodys = (
        waits(compiled, state, facts, {}, who=asked, now=make.NOW) for asked in (who, None)
    )

    whole = {(wait.kind, wait.id): wait for wait in everybodys}
    for wait in theirs:
        of_all = whole[wait.kind, wait.id]
        assert all(finding in of_all.findings for finding in wait.findings)
        assert set(wait.roles) <= set(of_all.roles)
    named = {wait.id for wait in everybodys if role in wait.roles and wait.kind != "worklist"}
    assert named <= {wait.id for wait in theirs}
