"""Deadlines that pass: recorded once each, dated of their day, however late somebody looks."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from application.command import Work
from application.deadline import BATCH, DatedByItself, TickDeadlines, awaited
from application.handlers import HANDLERS
from application.history_in_words import pole_history
from application.member import AddMember
from application.pole import MovePole
from application.register import pole_deadlines, pole_sheet, pole_why
from application.world import Moment
from domain.case import Case
from domain.dates import PARIS, PartialDate
from domain.errors import Forbidden, NotFound
from domain.membership import MemberKind
from domain.overdue import FellDue
from domain.pole import Pole, PoleId
from domain.roles import Role
from domain.rulebook import RULEBOOK, Rulebook
from domain.workflow import Endless, Step
from infrastructure.event_store.registry import Registry
from tests import awaiting, make
from tests.awaiting import begin, in_short, publish, tick, told
from tests.examples import settings

WHOLE_STORY = [
    ("2024-06-10", "answer in 3 days"),
    ("2024-06-14", "answer passed"),
    ("2024-06-14", "lapse"),
    ("2024-06-22", "appeal passed"),
    ("2024-06-22", "close"),
]
"""Of a pole that waits from the 3rd of June: ten days, a reminder three days before the end, then
a week from the day it lapsed."""


@pytest.fixture
def clock() -> make.Clock:
    return make.Clock()


@pytest.fixture
def registry(tmp_path: Path, clock: make.Clock) -> Iterator[Registry]:
    with make.registry(tmp_path, clock=clock) as made:
        publish(made)
        yield made


@pytest.fixture
def pole(registry: Registry) -> PoleId:
    return begin(registry, "Tétris", "2024-06-03")


def goes_to(clock: make.Clock, on: str) -> None:
    """Ten in the morning of a day, in Paris."""
    clock.now = datetime.combine(make.day(on), datetime.min.time(), PARIS) + timedelta(hours=10)


def moment(registry: Registry, on: str) -> Moment:
    return Moment(known=registry.journal.size(), in_force=make.day(on))


def move(registry: Registry, pole: PoleId, transition: str, on: str, /, **given: Any) -> None:
    command = MovePole(pole=pole, transition=transition, input=given, occurred_on=PartialDate(on))
    registry.do(command, make.by())


# Once each, dated of its day.


def test_what_comes_of_deadlines_is_recorded_day_by_day(
    registry: Registry, pole: PoleId, clock: make.Clock
) -> None:
    seen = []
    for number in range(30):
        goes_to(clock, (make.day("2024-06-03") + timedelta(days=number)).isoformat())
        (outcome,) = tick(registry, pole)
        seen += [(clock().date().isoformat(), said) for _, said in in_short(outcome.events)]

    assert seen == told(registry, pole) == WHOLE_STORY


def test_whoever_looks_late_records_what_they_would_have_day_by_day(
    registry: Registry, pole: PoleId, clock: make.Clock
) -> None:
    goes_to(clock, "2026-06-03")

    (outcome,) = tick(registry, pole)

    assert in_short(outcome.events) == WHOLE_STORY
    found = registry.load(Pole, pole)
    assert found
    states = {on: found.state_on(make.day(on)) for on in ("2024-06-13", "2024-06-14", "2024-06-22")}
    assert [*states.values()] == ["waiting", "lapsed", "closed"]


def test_what_was_recorded_is_not_recorded_again(
    registry: Registry, pole: PoleId, clock: make.Clock
) -> None:
    goes_to(clock, "2024-06-11")
    first, again = tick(registry, pole), tick(registry, pole)

    assert in_short(first[0].events) == WHOLE_STORY[:1]
    assert [outcome.result for outcome in again] == ["unchanged"]


@settings(max_examples=15, deadline=None)
@given(looks=st.sets(st.integers(0, 40)), replied=st.integers(0, 30), reopens=st.booleans())
def test_when_one_looks_makes_no_difference(
    tmp_path_factory: pytest.TempPathFactory, looks: set[int], replied: int, reopens: bool
) -> None:
    """But for what nobody saw of a state before it was left."""

    def story(days: set[int]) -> tuple[list[Any], list[Any]]:
        clock = make.Clock()
        with make.registry(tmp_path_factory.mktemp("store"), clock=clock, publish=False) as store:
            publish(store)
            pole = begin(store, "Tétris", "2024-06-03")
            for number in range(41):
                on = (make.day("2024-06-03") + timedelta(days=number)).isoformat()
                goes_to(clock, on)
                if number in days:
                    tick(store, pole)
                if number == replied + 1 and reopens:
                    _at_the_latest(store, pole, "reopen", on)
            found = store.load(Pole, pole)
            assert found
            compiled = store.compiled("pole@2024-01").journey
            truths = [
                (
                    found.state_on(on),
                    found.engine_facts_on(on, compiled, {})["deadlines.passed"],
                )
                for on in (make.day("2024-06-03") + timedelta(days=n) for n in range(60))
            ]
            return told(store, pole), truths

    # Whatever is done by hand is preceded by a look, as the steps of that day would be.
    hands = {replied + 1} if reopens else set()
    assert story(looks | hands | {40}) == story({*range(41)})


def _at_the_latest(store: Registry, pole: PoleId, transition: str, on: str) -> None:
    found = store.load(Pole, pole)
    assert found
    if found.state_on(make.day(on)) in ("lapsed", "answered"):
        move(store, pole, transition, on)


def test_after_a_stay_ends_nothing_of_it_is_recorded_any_more(
    registry: Registry, pole: PoleId, clock: make.Clock
) -> None:
    goes_to(clock, "2024-06-20")
    move(registry, pole, "reply", "2024-06-20")

    (outcome,) = tick(registry, pole)

    assert outcome.result == "unchanged"
    found = registry.load(Pole, pole)
    assert found
    facts = found.engine_facts_on(make.day("2024-06-19"), awaiting.journey(), {})
    assert facts["deadlines.passed"] == ("answer",), "it is true all the same"


def test_another_stay_has_its_own_deadlines(
    registry: Registry, pole: PoleId, clock: make.Clock
) -> None:
    goes_to(clock, "2024-06-14")
    tick(registry, pole)
    move(registry, pole, "reopen", "2024-06-14")

    goes_to(clock, "2024-06-26")
    (outcome,) = tick(registry, pole)

    assert in_short(outcome.events) == [
        ("2024-06-21", "answer in 3 days"),
        ("2024-06-25", "answer passed"),
        ("2024-06-25", "lapse"),
    ]


def test_a_step_of_today_ends_the_stay_even_where_the_last_day_is_over(
    registry: Registry, pole: PoleId, clock: make.Clock
) -> None:
    """A reply that was dated in time, recorded late: the deadline had not passed."""
    goes_to(clock, "2024-06-20")
    move(registry, pole, "reply", "2024-06-13")

    (outcome,) = tick(registry, pole)

    assert outcome.events == ()
    assert told(registry, pole) == [("2024-06-13", "reply")]


def test_the_day_changes_at_midnight_in_paris(
    registry: Registry, pole: PoleId, clock: make.Clock
) -> None:
    clock.now = datetime(2024, 6, 13, 23, 59, 59, 999_999, tzinfo=PARIS)
    before = tick(registry, pole)
    clock.advance(microseconds=1)
    after = tick(registry, pole)

    assert in_short(before[0].events) == WHOLE_STORY[:1]
    assert in_short(after[0].events) == WHOLE_STORY[1:3]


def test_a_deadline_counted_from_a_fact_waits_for_it(
    registry: Registry, pole: PoleId, clock: make.Clock
) -> None:
    shown = pole_deadlines(registry, pole, moment(registry, "2024-06-05"))
    assert [(line.deadline, line.due) for line in shown] == [
        ("answer", make.day("2024-06-13")),
        ("report", None),
    ]
    goes_to(clock, "2024-06-05")
    move(registry, pole, "sign", "2024-06-05", on="2024-05-06")

    goes_to(clock, "2024-06-07")
    (outcome,) = tick(registry, pole)

    assert in_short(outcome.events) == [("2024-06-07", "report passed")]


def test_a_date_that_is_corrected_makes_another_last_day(
    registry: Registry, pole: PoleId, clock: make.Clock
) -> None:
    for on, signed in (("2024-06-05", "2024-05-03"), ("2024-06-06", "2024-05-09")):
        goes_to(clock, on)
        move(registry, pole, "sign", on, on=signed)
        tick(registry, pole)

    assert [said for said in told(registry, pole) if "passed" in said[1]] == [
        ("2024-06-05", "report passed"),
    ]
    found = registry.load(Pole, pole)
    assert found
    on_sixth = found.engine_facts_on(make.day("2024-06-06"), awaiting.journey(), {})
    assert on_sixth["deadlines.passed"] == ()


# Steps that follow of themselves.


def test_an_automatic_step_keeps_what_the_engine_saw(
    registry: Registry, pole: PoleId, clock: make.Clock
) -> None:
    goes_to(clock, "2024-06-14")

    (outcome,) = tick(registry, pole)

    step = outcome.events[-1]
    assert isinstance(step, Pole.Moved)
    assert step.meta.role is Role.SYSTEM
    assert [(f.clause, f.values) for f in step.verdicts] == [
        ("answer", {"deadlines.passed": ["answer"]})
    ]


def test_a_step_that_needs_more_is_taken_once_it_is_there(
    registry: Registry, clock: make.Clock
) -> None:
    ways = {**awaiting.DEFINITION["transitions"]}
    member = {**awaiting.clause("members"), "when": "members.total_known"}
    ways["lapse"] = {**ways["lapse"], "requires": [awaiting.clause("answer"), member]}
    ref = publish(registry, awaiting.journey(version="2024-02", transitions=ways))
    pole = begin(registry, "Tétris", "2024-06-03", ref)
    goes_to(clock, "2024-06-14")
    tick(registry, pole)

    goes_to(clock, "2024-06-18")
    registry.do(_joins(pole), make.by())
    (outcome,) = tick(registry, pole)

    assert in_short(outcome.events) == [("2024-06-18", "lapse")]


def _joins(pole: PoleId) -> AddMember:
    return AddMember(pole=pole, member_kind=MemberKind.RESEARCH, name="Université")


def test_steps_that_would_never_end_are_refused_with_their_loop(
    registry: Registry, pole: PoleId, clock: make.Clock
) -> None:
    ways = {**awaiting.DEFINITION["transitions"]}
    ways["close"] = {**ways["close"], "to": "waiting", "requires": []}
    ways["lapse"] = {**ways["lapse"], "requires": [awaiting.clause("report")]}
    ref = publish(registry, awaiting.journey(version="2024-02", transitions=ways))
    looping = begin(registry, "Trézor", "2024-06-03", ref)
    move(registry, looping, "sign", "2024-06-03", on="2024-05-03")
    size = registry.journal.size()
    goes_to(clock, "2024-06-14")

    other, refused = tick(registry, pole, looping)

    assert other.result == "done"
    assert isinstance(refused.refusal, Endless)
    assert "lapsed → close → waiting → lapse → lapsed" in str(refused.refusal)
    assert "Plus de 100 passages" in str(refused.refusal)
    assert registry.journal.size() == size + len(other.events)


# Handlers, refusals, other roles.


@pytest.fixture
def handler() -> Iterator[Callable[[Callable[[Work, Case, Step], None]], None]]:
    """Call something after every step, in this test only."""
    before = list(HANDLERS.after_every)
    yield HANDLERS.after_every.append
    HANDLERS.after_every[:] = before


def test_a_case_that_is_refused_leaves_nothing_and_does_not_stop_the_others(
    registry: Registry, clock: make.Clock, handler: Callable[[Any], None]
) -> None:
    poles = [begin(registry, f"Pôle {number}", "2024-06-03") for number in range(5)]

    def refuse(work: Work, case: Case, step: Step) -> None:
        if case.id == poles[2]:
            raise NotFound(name="ailleurs")

    handler(refuse)
    goes_to(clock, "2024-06-14")

    outcomes = tick(registry, *poles)

    assert [outcome.result for outcome in outcomes] == ["done", "done", "refused", "done", "done"]
    assert "ailleurs" in str(outcomes[2].refusal)
    assert told(registry, poles[2]) == []
    assert told(registry, poles[3]) == WHOLE_STORY[:3]


def test_a_case_nobody_knows_is_told(registry: Registry, pole: PoleId, clock: make.Clock) -> None:
    goes_to(clock, "2024-06-14")

    unknown, known = tick(registry, PoleId(uuid4()), pole)

    assert isinstance(unknown.refusal, NotFound)
    assert known.result == "done"


def test_a_dry_run_says_what_would_be_recorded(
    registry: Registry, pole: PoleId, clock: make.Clock
) -> None:
    goes_to(clock, "2024-06-14")
    size = registry.journal.size()

    (outcome,) = tick(registry, pole, dry_run=True)

    assert in_short(outcome.events) == WHOLE_STORY[:3]
    assert registry.journal.size() == size


def test_only_the_system_ticks_and_deadlines_date_themselves(
    registry: Registry, pole: PoleId
) -> None:
    with pytest.raises(Forbidden, match="système"):
        tick(registry, pole, by=make.by())
    with pytest.raises(DatedByItself):
        registry.do(
            TickDeadlines(cases=(pole,), occurred_on=PartialDate("2024-06-01")), awaiting.SYSTEM
        )
    with pytest.raises(ValidationError):
        TickDeadlines(cases=(pole,) * (BATCH + 1))


# Past moments.


def test_a_question_at_a_past_date_does_not_depend_on_when_somebody_looked(
    registry: Registry, pole: PoleId, clock: make.Clock
) -> None:
    def asked() -> list[Any]:
        found = []
        for on in ("2024-06-13", "2024-06-14", "2024-06-15"):
            (way,) = [
                way
                for way in pole_why(registry, pole, Moment(known=size, in_force=make.day(on)))
                if way.transition == "lapse"
            ]
            found.append((way.status, way.clauses[0].verdict))
        return found

    goes_to(clock, "2024-06-16")
    size = registry.journal.size()
    before = asked()
    tick(registry, pole)

    assert before == [("closed", "failed"), ("open", "held"), ("open", "held")]
    assert asked() == before


def test_the_sheet_shows_the_deadlines_of_the_stage(registry: Registry, pole: PoleId) -> None:
    def sentences(on: str) -> list[str]:
        sheet = pole_sheet(registry, pole, moment(registry, on))
        return [f"{line.title} : {line.sentence}" for line in sheet.deadlines]

    counted = "(10 jours à compter de l'entrée dans l'étape, le 3 juin 2024)"
    assert sentences("2024-06-12") == [
        f"Réponse : échéance le 13 juin 2024, dans 1 jour {counted}",
        "Rapport : pas d'échéance tant que cette date manque "
        "(1 mois à compter de « Signature », date non connue)",
    ]
    assert (
        sentences("2024-06-13")[0]
        == f"Réponse : échéance le 13 juin 2024, ce soir à minuit {counted}"
    )
    assert sentences("2024-06-20")[0] == (
        f"Réponse : échéance le 13 juin 2024, dépassée depuis le 14 juin 2024 {counted}"
    )


def test_the_history_tells_what_came_of_deadlines(
    registry: Registry, pole: PoleId, clock: make.Clock
) -> None:
    goes_to(clock, "2024-06-14")
    tick(registry, pole)

    lines = pole_history(registry, pole, moment(registry, "2024-06-14"))
    assert [(line.title, line.detail) for line in lines[1:3]] == [
        ("Rappel d'échéance", "Réponse : échéance le 13 juin 2024 (3 jours avant)"),
        ("Échéance dépassée", "Réponse : échue le 13 juin 2024"),
    ]


# Migrations.


def test_a_version_that_comes_later_brings_its_deadlines_from_that_day_on(
    registry: Registry, clock: make.Clock
) -> None:
    states = {**awaiting.DEFINITION["states"], "waiting": {"title": awaiting.title("Attente")}}
    ways = {n: way for n, way in awaiting.DEFINITION["transitions"].items() if n != "lapse"}
    definition = awaiting.journey(version="2023-01", states=states, transitions=ways)
    without = publish(registry, definition)
    pole = begin(registry, "Tétris", "2024-01-03", without)
    found = registry.load(Pole, pole)
    assert found
    with make.on("2024-06-03"):
        found.migrate(awaiting.journey(), occurred_on=PartialDate("2024-06-03"))
    registry.save(found)
    goes_to(clock, "2024-06-05")

    tick(registry, pole)

    assert told(registry, pole) == [("2024-06-03", "answer passed"), ("2024-06-03", "lapse")]
    fell = next(r.event for r in registry.told(Pole.FellDue))
    assert isinstance(fell, FellDue)
    assert fell.due == make.day("2024-01-15")


def test_only_states_with_deadlines_are_awaited(registry: Registry) -> None:
    rulebook = registry.load(Rulebook, RULEBOOK)
    assert rulebook

    assert awaited(rulebook) == {"pole@2024-01": {"waiting", "lapsed"}}
