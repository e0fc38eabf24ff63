"""Cases brought to another version, many at once, and back: plan, outcomes, ways back."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given

from application.deadline import TickDeadlines
from application.journey import DeprecateJourney, PublishJourney, versions
from application.migration import MigrateCases, Plan, RevertCases, plan, returning
from application.pole import MigratePole, MovePole, NoteContact, RegisterPole
from application.unit import Outcome
from application.world import Moment
from domain.dates import PartialDate, paris_day
from domain.errors import Refused
from domain.journey import Journey
from domain.pole import Pole, PoleId
from domain.roles import Role
from domain.rulebook import Deprecated
from infrastructure.event_store.registry import Registry
from tests import make
from tests.application.histories import Attempt, Life, histories
from tests.examples import settings

LAW = "pole@2015-04-18"
NEW = "pole@2024-01-01"


def newer(version: str = "2024-01-01", **more: Any) -> Journey:
    """The latest version without dormancy: its cases go on in emergence."""
    plain = make.journey().journey.model_dump(mode="json")
    plain["states"] = [s for s in plain["states"] if s["id"] != "dormant"]
    ways = []
    for way in plain["transitions"]:
        way["from"] = [s for s in way["from"] if s != "dormant"]
        if way["to"] != "dormant" and way["from"]:
            ways.append(way)
    changes = {"version": version, "transitions": ways, "replaces": {"dormant": "emergence"}}
    return Journey.model_validate(plain | changes | more)


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    with make.registry(tmp_path) as made:
        made.do(PublishJourney(journey=newer()), make.by(Role.ADMINISTRATOR))
        yield made


def register(registry: Registry, name: str, journey: str = make.LATEST) -> PoleId:
    since = PartialDate("2022-01-01")
    command = RegisterPole(name=name, journey=journey, occurred_on=since)
    return PoleId(registry.do(command, make.by()).answer)


def fall_silent(registry: Registry, pole: PoleId) -> None:
    registry.do(NoteContact(pole=pole, channel="lettre", outcome="sans suite"), make.by())
    registry.do(MovePole(pole=pole, transition="fall_silent"), make.by())


def end(registry: Registry, pole: PoleId) -> None:
    command = MovePole(pole=pole, transition="end", input={"reason": "dissolved"})
    registry.do(command, make.by())


def migrate(registry: Registry, *poles: PoleId, to: str = NEW) -> dict[UUID, Outcome]:
    done = registry.do(MigrateCases(to=to, cases=poles), make.by())
    return {outcome.subject: outcome for outcome in done.outcomes}


def revert(registry: Registry, *poles: PoleId, journey: str = NEW) -> dict[UUID, Outcome]:
    done = registry.do(RevertCases(journey=journey, cases=poles), make.by())
    return {outcome.subject: outcome for outcome in done.outcomes}


def stands(registry: Registry, pole: UUID) -> tuple[str, str | None]:
    """The version that a pole follows, and its state."""
    found = registry.load(Pole, pole)
    assert found
    return found.journey, found.state_on(paris_day(registry.clock()))


def results(outcomes: dict[UUID, Outcome]) -> dict[UUID, str]:
    return {id_: outcome.result for id_, outcome in outcomes.items()}


# Forth.


def test_cases_may_still_be_called_poles_and_are_the_same_request() -> None:
    """As requests called them at first; a key tells requests apart by what is dumped here."""
    given, case = {"to": NEW}, str(uuid4())
    old = MigrateCases.model_validate({**given, "poles": [case]})
    new = MigrateCases.model_validate({**given, "cases": [case]})

    assert old == new
    assert old.model_dump(mode="json") == new.model_dump(mode="json")
    assert new.model_dump(mode="json")["poles"] == [case]
    for cls in (MigrateCases, RevertCases, TickDeadlines):
        assert "cases" in cls.model_json_schema()["properties"]


def test_a_plan_says_where_each_goes_and_what_changes_for_it(registry: Registry) -> None:
    pole = register(registry, "Tétris")
    fall_silent(registry, pole)

    (item,) = plan(registry, NEW).items

    assert (item.state, item.to_state) == ("dormant", "emergence")
    assert "enter_experimentation" in item.opens
    assert "resume_emergence" in item.closes
    assert any(r.role == "coordinator" and r.gained for r in item.rights)


def test_each_moves_to_the_state_that_takes_the_place_of_its_own(registry: Registry) -> None:
    awake, asleep = register(registry, "Éveillé"), register(registry, "Endormi")
    fall_silent(registry, asleep)

    outcomes = migrate(registry, awake, asleep)

    assert results(outcomes) == {awake: "done", asleep: "done"}
    assert stands(registry, awake) == stands(registry, asleep) == (NEW, "emergence")


def test_the_lists_show_the_stage_that_takes_the_place_of_another(tmp_path: Path) -> None:
    url = make.migrated(f"sqlite:///{tmp_path / 'registry.db'}")
    with (
        make.registry(tmp_path, url=url) as registry,
        make.lists(url, registry.journal) as (follower, _),
    ):
        registry.do(PublishJourney(journey=newer()), make.by(Role.ADMINISTRATOR))
        pole = register(registry, "Endormi")
        fall_silent(registry, pole)
        migrate(registry, pole)
        follower.catch_up()

        sql = "SELECT stage, version FROM journey WHERE known_until IS NULL AND valid_until IS NULL"
        assert [tuple(row) for row in registry.journal.query(sql)] == [("emergence", NEW)]


def test_one_that_cannot_move_is_told_why_and_stops_nobody(registry: Registry) -> None:
    ended, other, nobody = register(registry, "Fini"), register(registry, "Autre"), PoleId(uuid4())
    end(registry, ended)

    outcomes = migrate(registry, ended, nobody, other)

    assert results(outcomes) == {ended: "refused", nobody: "refused", other: "done"}
    assert "« A cessé » est un terme" in str(outcomes[ended].refusal)
    assert stands(registry, ended)[0] == make.LATEST


def test_a_state_that_nothing_replaces_strands(registry: Registry) -> None:
    pole = register(registry, "Endormi")
    fall_silent(registry, pole)
    stuck = newer("2024-02-01", replaces={})
    registry.do(PublishJourney(journey=stuck), make.by(Role.ADMINISTRATOR))

    (item,) = plan(registry, stuck.ref).items
    outcomes = migrate(registry, pole, to=stuck.ref)

    assert (item.to_state, item.code_of_refusal) == (None, "journey.stranded")
    assert str(outcomes[pole].refusal) == item.reason


def test_a_value_that_is_asked_and_was_never_set_keeps_a_case_back(registry: Registry) -> None:
    way = newer().transition["recognise"]
    clause = way.requires[0].model_copy(update={"id": "phase", "when": "var.phase >= 2"})
    asking = way.model_copy(update={"requires": (clause,)})
    phase = {"id": "phase", "type": "integer", "title": {"fr": "Phase de l'appel"}}
    refs = []
    for version, default in (("2024-03-01", None), ("2024-04-01", 1)):
        definition = newer(
            version,
            variables=[phase | {"default": default}],
            transitions=[
                (asking if w.id == way.id else w).model_dump(mode="json")
                for w in newer().transitions
            ],
        )
        registry.do(PublishJourney(journey=definition), make.by(Role.ADMINISTRATOR))
        refs.append(definition.ref)
    pole = register(registry, "Tétris")

    without, with_default = (plan(registry, ref).items[0] for ref in refs)

    assert without.reason is not None
    assert "ce que n'a pas ce pôle : Phase de l'appel" in without.reason
    assert with_default.is_possible
    assert results(migrate(registry, pole, to=refs[0])) == {pole: "refused"}


def test_done_twice_nothing_more_is_recorded(registry: Registry) -> None:
    pole = register(registry, "Tétris")
    migrate(registry, pole)
    size = registry.journal.size()

    again = migrate(registry, pole)

    assert results(again) == {pole: "unchanged"}
    assert registry.journal.size() == size
    assert plan(registry, NEW).items == ()


def test_interrupted_between_two_batches_it_goes_on(registry: Registry) -> None:
    poles = [register(registry, f"Pôle {n}") for n in range(4)]
    migrate(registry, *poles[:2])

    rest = [PoleId(item.id) for item in plan(registry, NEW).items]
    migrate(registry, *rest)

    assert sorted(rest) == sorted(poles[2:])
    assert {stands(registry, pole) for pole in poles} == {(NEW, "emergence")}


def test_only_cases_of_the_versions_asked_for_would_move(registry: Registry) -> None:
    register(registry, "Récent")
    old = register(registry, "Ancien", LAW)

    assert [item.id for item in plan(registry, NEW, sources=[LAW]).items] == [old]
    assert len(plan(registry, NEW).items) == 2
    assert [item.journey for item in plan(registry, make.LATEST).items] == [LAW]


def test_the_command_for_one_pole_still_works(registry: Registry) -> None:
    pole = register(registry, "Tétris", LAW)

    registry.do(MigratePole(pole=pole, to=make.LATEST), make.by())

    assert stands(registry, pole) == (make.LATEST, "emergence")


# A version that is on its way out.


def test_a_deprecated_version_takes_nobody_and_shows_who_must_leave(registry: Registry) -> None:
    pole = register(registry, "Tétris")
    registry.do(DeprecateJourney(journey=make.LATEST, motive="remplacée", successor=NEW), make.by())

    with pytest.raises(Deprecated):
        registry.do(RegisterPole(name="Nouveau", journey=make.LATEST), make.by())
    with pytest.raises(Deprecated):
        migrate(registry, pole, to=make.LATEST)
    with pytest.raises(Deprecated):
        plan(registry, make.LATEST)
    new = registry.do(RegisterPole(name="Nouveau"), make.by()).answer
    now = Moment(known=registry.journal.size(), in_force=make.TODAY)
    (line,) = [line for line in versions(registry, {make.LATEST: 1}, now) if line.deprecated]
    assert stands(registry, new)[0] == NEW
    assert (line.ref, line.cases) == (make.LATEST, 1)


# And back.


def test_going_back_gives_the_version_and_the_state_back(registry: Registry) -> None:
    pole = register(registry, "Endormi")
    fall_silent(registry, pole)
    before = stands(registry, pole)
    migrate(registry, pole)

    outcomes = revert(registry, *[PoleId(id_) for id_ in returning(registry, NEW)])

    assert results(outcomes) == {pole: "done"}
    assert stands(registry, pole) == before
    assert [type(e.event).__name__ for e in registry.history(pole)][-2:] == ["Migrated"] * 2


def test_one_that_moved_since_does_not_go_back(registry: Registry) -> None:
    still, moved = register(registry, "Immobile"), register(registry, "Parti")
    migrate(registry, still, moved)
    end(registry, moved)

    outcomes = revert(registry, still, moved)

    assert results(outcomes) == {still: "done", moved: "refused"}
    assert "ce pôle a avancé, le 3 juin 2024" in str(outcomes[moved].refusal)
    assert stands(registry, moved) == (NEW, "ended")


def test_what_went_back_does_not_go_back_again(registry: Registry) -> None:
    pole = register(registry, "Tétris", LAW)
    migrate(registry, pole)
    revert(registry, pole)

    assert returning(registry, LAW) == returning(registry, NEW) == []
    assert results(revert(registry, pole, journey=LAW)) == {pole: "refused"}
    assert results(revert(registry, pole)) == {pole: "refused"}
    assert results(migrate(registry, pole)) == {pole: "done"}


# What holds for every history.


Opened = Callable[[], Any]


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Opened:
    """A registry in which things happen, new each time."""
    folder = tmp_path_factory.mktemp("migration") / "registry"

    @contextmanager
    def opened() -> Iterator[Life]:
        folder.mkdir()
        try:
            clock = make.Clock()
            with make.registry(folder, clock=clock) as registry:
                yield Life(registry, clock)
        finally:
            shutil.rmtree(folder)

    return opened


@settings(deadline=None, max_examples=20)
@given(history=histories)
def test_what_is_planned_is_what_is_done_and_all_of_it_can_be_undone(
    fresh: Opened, history: list[Attempt]
) -> None:
    with fresh() as life:
        for attempt in history:
            life.attempt(attempt)
        registry: Registry = life.registry
        registry.do(PublishJourney(journey=newer()), make.by(Role.ADMINISTRATOR))
        planned = plan(registry, NEW)
        ids = [PoleId(item.id) for item in planned.items]
        before = {id_: stands(registry, id_) for id_ in ids}

        done = migrate(registry, *ids) if ids else {}

        _check(planned, done)
        for item in planned.items:
            after = (NEW, item.to_state) if item.is_possible else before[PoleId(item.id)]
            assert stands(registry, item.id) == after

        back = [PoleId(id_) for id_ in returning(registry, NEW)]
        if back:
            undone = revert(registry, *back)
            kept = {id_ for id_, outcome in undone.items() if outcome.refusal}
            # Only a step dated after today keeps one from going back.
            assert all(isinstance(undone[id_].refusal, Refused) for id_ in kept)
            assert {i: stands(registry, i) for i in ids if i not in kept} == {
                i: state for i, state in before.items() if i not in kept
            }


def _check(planned: Plan, done: dict[UUID, Outcome]) -> None:
    for item in planned.items:
        outcome = done[item.id]
        assert outcome.result == ("done" if item.is_possible else "refused")
        assert (str(outcome.refusal) if outcome.refusal else None) == item.reason
