"""A draft put to history: what it would have refused, what cannot be told, what sooner."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given

from application.backtest import Backtest, backtest
from application.backtest_in_words import in_words
from application.journey import PublishJourney
from application.member import AddMember
from application.pole import (
    FileEvidence,
    LocatePole,
    MovePole,
    NoteContact,
    RecordPastStep,
    RegisterPole,
)
from benchmarks.backtest import build, draft, peak
from domain.dates import PartialDate
from domain.journey import Evidence, Input, Journey
from domain.membership import MemberKind
from domain.pole import Pole, PoleId, Territory
from domain.roles import Role
from domain.words import Text
from domain.workflow import Verdict
from infrastructure.event_store.registry import Registry
from tests import make
from tests.application.histories import Attempt, Life, histories
from tests.examples import settings

DEFINITION = make.journey().journey


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(hour=10, tzinfo=UTC)


class Story:
    """A pole to which things happen on their day."""

    def __init__(self, registry: Registry, clock: make.Clock) -> None:
        self.registry = registry
        self.clock = clock
        self.pole = PoleId(UUID(int=0))

    def on(self, day: str, command: Any, role: Role = Role.REGISTRAR, **fields: Any) -> None:
        self.clock.now = at(day)
        fields = fields if command is RegisterPole else {"pole": self.pole, **fields}
        done = self.registry.do(command(**fields), make.by(role))
        if command is RegisterPole:
            self.pole = PoleId(done.answer)

    def joins(self, day: str, kind: MemberKind, name: str) -> None:
        self.on(day, AddMember, member_kind=kind, name=name)

    def enters(self, day: str) -> None:
        self.on(day, MovePole, Role.COORDINATOR, transition="enter_experimentation")

    def try_out(self, draft: Journey, **more: Any) -> Backtest:
        return backtest(self.registry, draft, until=self.registry.journal.size(), **more)


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    """A pole registered in January 2023, in experimentation since March."""
    clock = make.Clock(at("2023-01-02"))
    with make.registry(tmp_path, clock=clock) as registry:
        told = Story(registry, clock)
        told.on("2023-01-10", RegisterPole, name="Tétris")
        told.joins("2023-02-01", MemberKind.ESS_ENTERPRISE, "Évaléco")
        told.joins("2023-02-01", MemberKind.OTHER_ENTERPRISE, "Une autre")
        told.on("2023-02-01", LocatePole, territory=Territory(words="Grasse"))
        told.on("2023-02-20", FileEvidence, evidence="strategy", title="Stratégie")
        told.enters("2023-03-01")
        yield told


def changed(way: str = "enter_experimentation", **update: Any) -> Journey:
    """The latest version with one transition changed, under another date."""
    ways = [w.model_copy(update=update) if w.id == way else w for w in DEFINITION.transitions]
    plain = DEFINITION.model_dump(mode="json") | {
        "version": "2030-01-01",
        "transitions": [w.model_dump(mode="json") for w in ways],
    }
    return Journey.model_validate(plain)


def with_clause(name: str, when: str | None) -> Journey:
    """The latest version with a clause of entering the experimentation rewritten, or dropped."""
    way = DEFINITION.transition["enter_experimentation"]
    clauses = [
        c.model_copy(update={"when": when}) if c.id == name else c
        for c in way.requires
        if c.id != name or when is not None
    ]
    return changed(requires=tuple(clauses))


def told(found: Backtest, draft: Journey) -> str:
    journeys = {journey.ref: journey for journey in make.journeys()}
    return "\n".join(in_words(found, draft, journeys))


# One clause, one role, one state.


def test_the_version_that_was_followed_refuses_nothing(story: Story) -> None:
    found = story.try_out(DEFINITION)

    assert (found.counts.steps, found.counts.allowed) == (1, 1)
    assert found.items[0].is_untouched


def test_a_tightened_clause_refuses_the_step_with_what_it_saw(story: Story) -> None:
    draft = with_clause("mix", "members.ess_enterprises >= 2")

    found = story.try_out(draft)

    (one,) = found.items[0].refused
    assert (one.objection.id, one.times) == ("mix", 1)
    assert one.first == make.day("2023-03-01")
    assert one.values == {"members.ess_enterprises": 1}
    assert found.counts.refused == 1
    said = told(found, draft)
    assert "1  refusé par le brouillon" in said
    assert "constaté : entreprises de l'ESS : 1" in said
    assert "attention : la condition n'est plus celle des règles du 23 novembre 2026" in said


def test_what_was_learnt_afterwards_does_not_count(story: Story) -> None:
    story.joins("2023-04-01", MemberKind.ESS_ENTERPRISE, "Une deuxième")

    found = story.try_out(with_clause("mix", "members.ess_enterprises >= 2"))

    assert found.counts.refused == 1


def test_a_loosened_clause_lets_it_be_sooner_and_says_from_when(story: Story) -> None:
    draft = with_clause("strategy", None)

    found = story.try_out(draft)

    (sooner,) = found.items[0].earlier
    assert sooner.by_draft == make.day("2023-02-01")
    assert sooner.by_its_rules == make.day("2023-02-20")
    assert sooner.taken == make.day("2023-03-01")
    assert "(19 jours plus tôt)" in told(found, draft)


def test_a_clause_that_opens_with_time_is_followed_day_by_day(story: Story) -> None:
    draft = with_clause("strategy", "silence.months >= 0")
    slower = with_clause("territory", "territory.delimited && silence.months >= 1")

    assert story.try_out(draft).items[0].earlier[0].by_draft == make.day("2023-02-01")
    assert story.try_out(slower).counts.refused == 1


def test_a_draft_that_asks_the_same_in_other_words_is_never_sooner(story: Story) -> None:
    draft = with_clause("mix", "members.other_enterprises >= 1 && members.ess_enterprises >= 1")

    assert story.try_out(draft).items[0].is_untouched


def test_a_clause_about_what_was_never_known_cannot_be_judged(story: Story) -> None:
    draft = with_clause("mix", "stage.before_dormancy == 'recognised' || members.total >= 1")
    unknown = changed(
        "enter_experimentation", evidence=(Evidence(id="budget", title=Text(fr="Budget")),)
    )

    assert story.try_out(draft).counts.allowed == 1
    assert story.try_out(unknown).counts.refused == 1  # what is on file is known, and it is not


def test_an_input_that_was_not_asked_cannot_be_judged(story: Story) -> None:
    asked = Input(id="vote", type="text", title=Text(fr="Résultat du vote"))
    draft = changed("enter_experimentation", input=(asked,))

    found = story.try_out(draft)

    assert found.counts.unknown == 1
    assert "« Résultat du vote » n'a pas été fourni" in told(found, draft)


def test_a_role_that_the_draft_drops_refuses(story: Story) -> None:
    draft = changed("enter_experimentation", by=("committee_member",))

    found = story.try_out(draft)

    (one,) = found.items[0].refused
    assert (one.objection.kind, one.objection.id) == ("role", "coordinator")
    assert "ne confie plus ce passage au rôle « coordination nationale »" in told(found, draft)


def test_a_transition_that_is_gone_or_starts_elsewhere_refuses(story: Story) -> None:
    gone = changed("enter_experimentation", id="enter")
    elsewhere = changed("enter_experimentation", from_=("charter_signed",))

    kinds = [story.try_out(draft).items[0].refused[0].objection.kind for draft in (gone, elsewhere)]

    assert kinds == ["transition", "origin"]


def test_a_transition_that_leads_elsewhere_is_told_apart(story: Story) -> None:
    draft = changed("enter_experimentation", to="charter_signed")

    found = story.try_out(draft)

    assert found.counts.elsewhere == 1
    assert "mènerait à l'étape « Charte signée »" in told(found, draft)


def without_experimentation(**more: Any) -> Journey:
    plain = DEFINITION.model_dump(mode="json") | {"version": "2030-01-01", **more}
    plain["states"] = [s for s in plain["states"] if s["id"] != "experimentation"]
    for way in plain["transitions"]:
        way["from"] = [s for s in way["from"] if s != "experimentation"]
        way["to"] = way["to"].replace("experimentation", "recognised")
    return Journey.model_validate(plain)


def test_a_state_that_is_gone_strands_the_case_and_its_steps(story: Story) -> None:
    found = story.try_out(without_experimentation())

    assert (found.stranded_cases, found.counts.stranded) == (1, 1)
    assert found.items[0].stranded
    assert "plus de suite : le brouillon n'a pas d'étape « Expérimentation »" in told(
        found, without_experimentation()
    )


def test_a_state_that_is_replaced_strands_nobody(story: Story) -> None:
    found = story.try_out(without_experimentation(replaces={"experimentation": "recognised"}))

    assert (found.stranded_cases, found.counts.stranded) == (0, 0)


def test_rights_are_compared_where_the_cases_stand(story: Story) -> None:
    draft = changed("fall_silent", by=("registrar", "network"))

    found = story.try_out(draft)

    (change,) = found.rights
    assert (change.state, change.cases) == ("experimentation", 1)
    assert {(r.role, r.gained) for r in change.changes} == {
        ("coordinator", False),
        ("regional_coordinator", False),
        ("network", True),
    }


def test_only_steps_from_a_day_on_are_judged_when_asked(story: Story) -> None:
    draft = with_clause("mix", "members.ess_enterprises >= 2")

    assert story.try_out(draft, since=make.day("2023-03-01")).counts.refused == 1
    assert story.try_out(draft, since=make.day("2023-03-02")).counts.steps == 0


# Past steps, and others that a case depends on.


def test_a_past_step_is_judged_on_its_day_with_what_was_known_when_it_was_recorded(
    story: Story,
) -> None:
    story.on("2023-05-01", RegisterPole, name="Ancien", occurred_on="2022-01-01")
    story.on("2023-05-02", LocatePole, territory=Territory(words="Lens"), occurred_on="2022-02-01")
    story.on(
        "2023-05-03",
        RecordPastStep,
        transition="enter_experimentation",
        source="archives",
        occurred_on=PartialDate("2022-03"),
    )
    story.joins("2023-05-04", MemberKind.ESS_ENTERPRISE, "Tardive")

    found = story.try_out(DEFINITION)

    (old,) = [case for case in found.items if case.name == "Ancien"]
    assert (old.counts.refused, old.counts.unknown) == (0, 1)
    assert {one.objection.id for one in old.unknown} == {"mix", "strategy"}
    assert {one.first for one in old.unknown} == {make.day("2022-03-01")}


def test_what_others_recorded_is_read_as_it_was_known(story: Story) -> None:
    story.joins("2023-06-01", MemberKind.LOCAL_AUTHORITY, "Ville")
    story.clock.now = at("2023-06-02")
    make.find_composition(story.registry.do, story.pole, "2023-06-02")

    assert story.try_out(DEFINITION).counts.allowed == 2
    stricter = changed("recognise", requires=())
    assert story.try_out(stricter).counts.allowed == 2


def test_progress_counts_the_cases(story: Story) -> None:
    seen: list[tuple[int, int]] = []
    story.on("2023-05-01", RegisterPole, name="Un autre")

    story.try_out(DEFINITION, progress=lambda done, total: seen.append((done, total)))

    assert seen == [(1, 2), (2, 2)]


def test_nothing_is_written(story: Story) -> None:
    before = story.registry.journal.root()

    story.try_out(with_clause("strategy", None))

    assert story.registry.journal.root() == before


def test_repeated_refusals_of_a_case_are_counted_and_not_listed(story: Story) -> None:
    for year in (2025, 2027, 2029, 2031, 2033):
        day = f"{year}-06-01"
        story.on(day, NoteContact, channel="lettre", outcome="sans suite")
        story.on(day, MovePole, Role.COORDINATOR, transition="fall_silent")
        story.joins(f"{year}-07-01", MemberKind.OTHER, f"Membre {year}")
        story.on(f"{year}-07-02", MovePole, transition="resume_experimentation")

    found = story.try_out(changed("fall_silent", by=("registrar",)))

    (one,) = found.items[0].refused
    assert (one.times, len(one.steps)) == (5, 3)
    assert (one.first, one.last) == (make.day("2025-06-01"), make.day("2033-06-01"))


# What holds for every history.


Opened = Callable[[], Any]


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Opened:
    """A registry with one version published, new each time."""
    folder = tmp_path_factory.mktemp("backtest") / "registry"

    @contextmanager
    def opened() -> Iterator[Life]:
        folder.mkdir()
        try:
            clock = make.Clock()
            with make.registry(folder, clock=clock, publish=False) as registry:
                registry.do(PublishJourney(journey=DEFINITION), make.by(Role.ADMINISTRATOR))
                yield Life(registry, clock)
        finally:
            shutil.rmtree(folder)

    return opened


@settings(deadline=None, max_examples=60)
@given(history=histories)
def test_the_very_version_that_all_followed_refuses_nothing(
    fresh: Opened, history: list[Attempt]
) -> None:
    with fresh() as life:
        for attempt in history:
            life.attempt(attempt)
        steps = [r.event for r in life.registry.told(Pole.Moved)]
        found = backtest(life.registry, DEFINITION, until=life.registry.journal.size())

    doubtful = 0
    for step in steps:
        assert isinstance(step, Pole.Moved)
        asked = DEFINITION.transition[step.transition].input
        missing = any(i.required and i.id not in step.input for i in asked)
        doubtful += missing or any(f.verdict is Verdict.NOT_CHECKED for f in step.verdicts)
    counts = found.counts
    assert (counts.refused, counts.elsewhere, counts.stranded, counts.earlier) == (0, 0, 0, 0)
    assert counts.unknown == doubtful
    assert counts.steps == len(steps)
    assert not found.rights


# Volume.


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_ten_times_the_events_of_the_same_cases_take_no_more_memory(tmp_path: Path) -> None:
    file = draft(tmp_path)
    peaks = []
    for events in (100_000, 1_000_000):
        home = tmp_path / str(events)
        build(home, cases=500, events=events)
        peaks.append(peak(home, file)["peak_mb"])
        shutil.rmtree(home)

    assert peaks[1] < peaks[0] * 1.15, peaks
