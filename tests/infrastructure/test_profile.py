"""The lists of what poles do say what the history of each says, at any moment."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from application.command import Command
from application.entry import (
    DescribeAction,
    DescribeSector,
    EndEntry,
    MeasureIndicator,
    RecordResource,
    SetBody,
    SetFamilies,
    SetObjective,
)
from application.member import AddMember
from application.pole import RegisterPole
from application.profile import ACTIONS, OBJECTIVES, PROFILES, RESOURCES
from application.project import (
    PROJECTS,
    DeclineProject,
    EndProject,
    ExamineProject,
    ProposeProject,
    SelectProject,
    TransferProject,
)
from application.succession import SUCCESSIONS, MergePoles
from application.world import Moment
from domain.dates import PartialDate
from domain.entry import Action, CooperationLevel, EntryId, Family, Origin, PoleObjective, Resource
from domain.errors import JalonError
from domain.membership import MemberKind
from domain.pole import Pole, PoleId
from domain.project import Check, CheckFinding, Project, ProjectId
from infrastructure.event_store.registry import Registry
from infrastructure.read_models.follower import Follower
from infrastructure.read_models.lists import Lists
from infrastructure.read_models.models import MODELS, TABLES
from tests import make
from tests.examples import settings

START = date(2022, 1, 1)
offsets = st.integers(0, 700)

tried = st.lists(
    st.tuples(
        st.sampled_from([*range(16), *[6] * 4, *[11] * 3, *[12] * 2]),
        st.integers(0, 5),
        offsets,
        st.booleans(),
        st.none() | st.integers(1, 200),
    ),
    min_size=8,
    max_size=24,
)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry with two poles, each with a member and a body."""
    folder = tmp_path_factory.mktemp("template")
    with make.registry(folder) as registry:
        for name in ("Atelier", "Fabrique"):
            pole = PoleId(_do(registry, RegisterPole(name=name, occurred_on=PartialDate("2021"))))
            kind = MemberKind.ESS_ENTERPRISE
            on = PartialDate("2021")
            _do(registry, AddMember(pole=pole, member_kind=kind, name="Coop", occurred_on=on))
            _do(registry, SetBody(pole=pole, name="Comité", mission="choisit", occurred_on=on))
    return folder


def _do(registry: Registry, command: Command) -> UUID:
    return registry.do(command, make.by()).answer


class Life:
    """Acts tried on a registry, whatever it says of each."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.poles: list[PoleId] = []
        self.bodies: dict[PoleId, EntryId] = {}
        for recorded in registry.told(Pole.Registered, Pole.EntryDescribed):
            if isinstance(recorded.event, Pole.EntryDescribed):
                self.bodies[PoleId(recorded.stream)] = recorded.event.entry
            else:
                self.poles.append(PoleId(recorded.stream))
        self.entries: list[tuple[PoleId, EntryId]] = []
        self.objectives: list[tuple[PoleId, EntryId]] = []
        self.projects: list[ProjectId] = []

    def attempt(self, kind: int, which: int, offset: int, flag: bool, length: int | None) -> None:
        day = START + timedelta(days=offset)
        until = day + timedelta(days=length) if length else None
        about: dict[str, Any] = {"occurred_on": PartialDate.on(day), "source": "rapport"}
        pole = self.poles[which % 2]
        again = self.entries[which % len(self.entries)] if self.entries else None
        entry = again[1] if again and flag else None
        of = again[0] if again and flag else pole
        project = self.projects[which % len(self.projects)] if self.projects else None
        told = f"n° {which} {offset}"
        with suppress(JalonError):
            match kind:
                case 0 | 1:
                    level = [*CooperationLevel][which % 3]
                    given = {**about, "valid_to": until, "entry": entry}
                    self._entry(of, DescribeAction(pole=of, level=level, title=told, **given))
                case 2:
                    given = {**about, "valid_to": until, "entry": entry}
                    self._entry(of, DescribeSector(pole=of, words=told, **given))
                case 3:
                    origin = [*Origin][which]
                    more = {**about, "year": 2022, "origin": origin, "entry": entry}
                    self._entry(of, RecordResource(pole=of, amount_cents=offset + 1, **more))
                case 4 | 5:
                    goal = {"title": told, "indicator": "emplois", "unit": "emplois"}
                    if flag and self.objectives:
                        of, entry = self.objectives[which % len(self.objectives)]
                        self._entry(of, SetObjective(pole=of, entry=entry, **goal, **about))
                    else:
                        first = {**about, "occurred_on": PartialDate.on(START)}
                        self._entry(pole, SetObjective(pole=pole, **goal, **first))
                        self.objectives.append(self.entries[-1])
                case 6 | 7 if self.objectives:
                    of, measured = self.objectives[which % len(self.objectives)]
                    value = str(offset)
                    _do(
                        self.registry,
                        MeasureIndicator(pole=of, entry=measured, value=value, **about),
                    )
                case 8 if again:
                    _do(self.registry, EndEntry(pole=again[0], entry=again[1], motive="x", **about))
                case 9:
                    family = [*Family][which % 5]
                    _do(self.registry, SetFamilies(pole=pole, families=(family,), **about))
                case 10:
                    words = ProposeProject(pole=pole, title=told, words="…", **about)
                    self.projects.append(ProjectId(_do(self.registry, words)))
                case _ if project:
                    for command in self._decide(project, kind, told, about, flag=flag):
                        _do(self.registry, command)

    def _entry(self, pole: PoleId, command: Command) -> None:
        self.entries.append((pole, EntryId(_do(self.registry, command))))

    def _decide(
        self, project: ProjectId, kind: int, told: str, about: dict[str, Any], *, flag: bool
    ) -> Iterator[Command]:
        known = self.registry.load(Project, project)
        assert known
        carrying = PoleId(known.poles[-1].value)
        if flag:  # as soon as it may be, where the day drawn is too early
            day = max(known.latest, about["occurred_on"].first_day)
            about = {**about, "occurred_on": PartialDate.on(day)}
        for check in [*Check] if kind == 11 else [Check.COMPETITION] if kind == 12 else []:
            yield ExamineProject(
                project=project,
                check=check,
                finding=CheckFinding.COMPLEMENTARY,
                examined_by="Comité",
                reasons=told,
                **about,
            )
        body = self.bodies[carrying]
        match kind:
            case 13:
                yield SelectProject(project=project, body=body, **about)
            case 14:
                yield DeclineProject(project=project, body=body, motive=told, **about)
            case 12:
                other = next(pole for pole in self.poles if pole != carrying)
                yield TransferProject(project=project, to=other, motive=told, **about)
            case 15:
                yield EndProject(project=project, results=told, **about)


@contextmanager
def copied(template: Path, folder: Path) -> Iterator[tuple[Registry, Follower, Lists]]:
    shutil.copytree(template, folder, dirs_exist_ok=True)
    url = f"sqlite:///{folder / 'registry.db'}"
    with (
        make.registry(folder, url=url, publish=False) as registry,
        make.closing_engine(url) as engine,
    ):
        yield registry, Follower(engine, registry.journal, MODELS), Lists(engine, TABLES)
    shutil.rmtree(folder)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(
    acts=tried,
    pauses=st.sets(st.integers(0, 18)),
    questions=st.lists(st.tuples(st.integers(0, 40), offsets), min_size=8, max_size=8),
)
def test_a_list_says_what_the_history_of_each_pole_says(
    template: Path,
    tmp_path_factory: pytest.TempPathFactory,
    acts: list[Any],
    pauses: set[int],
    questions: list[tuple[int, int]],
) -> None:
    with copied(template, tmp_path_factory.mktemp("copy")) as (registry, follower, lists):
        life = Life(registry)
        begun = registry.journal.size()
        for number, act in enumerate(acts):
            life.attempt(*act)
            if number in pauses:
                follower.catch_up()
        size = follower.catch_up()

        for known, offset in [*questions, (size, 0), (size, 400), (size, 2000)]:
            day = START + timedelta(days=offset)
            moment = Moment(known=min(begun + known, size), in_force=day)
            assert _listed(lists, moment) == _told(registry, life, moment)

        kept = follower.digests()
        follower.rebuild()
        assert follower.digests() == kept


def _listed(lists: Lists, moment: Moment) -> dict[str, Any]:
    return {
        "actions": {line.id: (line.title, line.level) for line in lists.lines(ACTIONS, moment)},
        "resources": {line.id: line.amount_cents for line in lists.lines(RESOURCES, moment)},
        "objectives": {
            line.id: (line.title, line.measured, line.measure_source)
            for line in lists.lines(OBJECTIVES, moment)
        },
        "others": {line.id: line.entry for line in lists.lines(PROFILES, moment)},
        "projects": {
            line.id: (line.pole, line.status, line.competition, line.duplication, line.motive)
            for line in lists.lines(PROJECTS, moment)
        },
    }


def _told(registry: Registry, life: Life, moment: Moment) -> dict[str, Any]:
    told: dict[str, Any] = {
        name: {} for name in ("actions", "resources", "objectives", "others", "projects")
    }
    day = moment.in_force
    for id_ in life.poles:
        pole = registry.load(Pole, id_, moment.known)
        for entry, described in pole.entries_on(day) if pole else ():
            match described.value:
                case Action(title=title, level=level):
                    told["actions"][entry] = (title, level)
                case Resource(amount_cents=amount):
                    told["resources"][entry] = amount
                case PoleObjective(title=title):
                    measures = pole.measures_until(entry, day) if pole else []
                    last = measures[-1].value if measures else None
                    told["objectives"][entry] = (title, last, "rapport" if last else None)
                case value:
                    told["others"][entry] = value
    for project_id in life.projects:
        project = registry.load(Project, project_id, moment.known)
        status = project.status_on(day) if project else None
        if project and status:
            decided = project.decision_on(day)
            told["projects"][project_id] = (
                project.pole_on(day),
                status,
                project.finding_on(Check.COMPETITION, day),
                project.finding_on(Check.DUPLICATION, day),
                decided[1] if decided else None,
            )
    return told


def test_a_succession_said_twice_is_one_and_names_whom_it_succeeds(
    template: Path, tmp_path: Path
) -> None:
    with copied(template, tmp_path / "copy") as (registry, follower, lists):
        first, second = Life(registry).poles
        day = PartialDate("2023-01-01")
        _do(registry, MergePoles(poles=(first,), into=second, occurred_on=day))
        size = follower.catch_up()

        def listed(on: str, known: int = size) -> list[tuple[str | None, str | None]]:
            moment = Moment(known=known, in_force=make.day(on))
            lines = lists.lines(SUCCESSIONS, moment)
            return [(line.pole_name, line.predecessor_name) for line in lines]

        assert listed("2023-01-01") == [("Fabrique", "Atelier")]
        assert listed("2022-12-31") == []
        assert listed("2023-01-01", known=size - 2) == []
