"""Lists of poles that ended: what holds of a pole ends with it; what was said of it stays."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from application.command import Command
from application.entry import DescribeAction, RecordResource
from application.listing import LISTINGS, Listing
from application.member import MEMBERS_LIST, AddMember, EndMembership
from application.pole import MovePole, RegisterPole
from application.profile import ACTIONS, RESOURCES
from application.world import Moment
from domain.dates import PartialDate
from domain.entry import Action, CooperationLevel, Origin, Resource
from domain.errors import JalonError
from domain.membership import MemberId, MemberKind
from domain.pole import ENDED, Pole, PoleId
from infrastructure.event_store.registry import Registry
from infrastructure.read_models.follower import Follower
from infrastructure.read_models.lists import Lists
from infrastructure.read_models.models import MODELS, TABLES
from tests import make
from tests.examples import settings

START = date(2022, 1, 1)
offsets = st.integers(0, 400)


def _do(registry: Registry, command: Command) -> UUID:
    return registry.do(command, make.by()).answer


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry with two poles."""
    folder = tmp_path_factory.mktemp("template")
    with make.registry(folder) as registry:
        for name in ("Atelier", "Fabrique"):
            _do(registry, RegisterPole(name=name, occurred_on=PartialDate.on(START)))
    return folder


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


class Life:
    """Acts tried on two poles, whatever the registry says of each."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.poles = [PoleId(told.stream) for told in registry.told(Pole.Registered)]
        self.members: list[tuple[PoleId, MemberId]] = []

    def attempt(self, kind: int, which: int, offset: int) -> None:
        pole = self.poles[which % 2]
        about: dict[str, Any] = {
            "pole": pole,
            "occurred_on": PartialDate.on(START + timedelta(days=offset)),
            "source": "rapport",
        }
        told = f"n° {which}, {offset}"
        with suppress(JalonError):
            match kind:
                case 0 | 1:
                    kind_of = MemberKind.OTHER_ENTERPRISE
                    made = self._do(AddMember(member_kind=kind_of, name=told, **about))
                    self.members.append((pole, MemberId(made)))
                case 2 if self.members:
                    of, member = self.members[which % len(self.members)]
                    self._do(EndMembership(member=member, **{**about, "pole": of}))
                case 3:
                    self._do(DescribeAction(level=CooperationLevel.TECHNICAL, title=told, **about))
                case 4:
                    about |= {"year": 2022, "origin": Origin.OWN_REVENUE}
                    self._do(RecordResource(amount_cents=which + 1, **about))
                case 5:
                    ending = {"reason": "dissolved"}
                    self._do(MovePole(transition="end", input=ending, **about))

    def _do(self, command: Command) -> UUID:
        return _do(self.registry, command)

    def folded(self, moment: Moment) -> dict[str, set[UUID]]:
        """What the history of each pole says holds of it on the day."""
        found: dict[str, set[UUID]] = {"members": set(), "actions": set(), "resources": set()}
        for id_ in self.poles:
            pole = self.registry.load(Pole, id_, moment.known)
            if pole is None:
                continue
            day = moment.in_force
            is_there = pole.state_on(day) != ENDED
            if is_there:
                found["members"] |= {member for member, _ in pole.members_on(day)}
            for entry, described in pole.entries_on(day):
                if isinstance(described.value, Action) and is_there:
                    found["actions"].add(entry)
                if isinstance(described.value, Resource):
                    found["resources"].add(entry)
        return found


def listed(lists: Lists, moment: Moment) -> dict[str, set[UUID]]:
    asked: dict[str, Listing[Any]]
    asked = {"members": MEMBERS_LIST, "actions": ACTIONS, "resources": RESOURCES}
    return {name: {line.id for line in lists.lines(of, moment)} for name, of in asked.items()}


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(
    acts=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 7), offsets), max_size=16),
    questions=st.lists(st.tuples(st.integers(0, 30), offsets), min_size=6, max_size=6),
)
def test_what_holds_of_a_pole_ends_with_it_and_not_before(
    template: Path,
    tmp_path_factory: pytest.TempPathFactory,
    acts: list[tuple[int, int, int]],
    questions: list[tuple[int, int]],
) -> None:
    with copied(template, tmp_path_factory.mktemp("copy")) as (registry, follower, lists):
        life = Life(registry)
        begun = registry.journal.size()
        for act in acts:
            life.attempt(*act)
        size = follower.catch_up()

        for known, offset in [*questions, (size, 0), (size, 2000)]:
            day = START + timedelta(days=offset)
            moment = Moment(known=min(begun + known, size), in_force=day)
            assert listed(lists, moment) == life.folded(moment)
            total = lists.count(MEMBERS_LIST, moment)
            assert total == len(lists.lines(MEMBERS_LIST, moment))


def test_a_membership_is_said_to_last_until_the_pole_ends(template: Path, tmp_path: Path) -> None:
    with copied(template, tmp_path / "copy") as (registry, follower, lists):
        life = Life(registry)
        about: dict[str, Any] = {"pole": life.poles[0], "source": "rapport"}
        on = {"occurred_on": PartialDate("2022-02-01")}
        _do(registry, AddMember(member_kind=MemberKind.OTHER, name="Coop", **about, **on))
        before = follower.catch_up()
        end = {"transition": "end", "input": {"reason": "dissolved"}}
        _do(registry, MovePole(**end, **about, occurred_on=PartialDate("2023-06-01")))
        size = follower.catch_up()

        def until(known: int, day: str) -> list[date | None]:
            moment = Moment(known=known, in_force=make.day(day))
            return [line.until for line in lists.lines(MEMBERS_LIST, moment)]

        assert until(size, "2023-05-31") == [make.day("2023-06-01")]
        assert until(size, "2023-06-01") == []
        assert until(before, "2023-06-01") == [None], "it was not known yet"
        eve = Moment(known=size, in_force=make.day("2023-05-31"))
        now = Moment(known=size, in_force=make.day("2023-06-01"))
        assert lists.pole_ended(life.poles[0], eve) is None
        assert lists.pole_ended(life.poles[0], now) == make.day("2023-06-01")


def test_what_was_said_or_given_once_stays_listed_after_the_pole_ended() -> None:
    stay = {name for name, known in LISTINGS.items() if not known.ends_with_pole}

    assert stay == {
        *("assessment", "campaign", "charter", "claim", "contest", "contribution", "deliverable"),
        *("document", "evaluation", "exchange", "grid", "mandate", "resource", "succession"),
        *("update_request", "payment", "call", "committee", "session", "dossier", "appeal"),
        *("commitment", "tranche", "condition"),
        *("establishment", "single_undertaking", "de_minimis_aid", "de_minimis_attestation"),
        *("funding_plan", "follow_up", "follow_up_member", "follow_up_meeting", "recommendation"),
    }


def test_a_list_is_read_part_after_part_in_one_order(template: Path, tmp_path: Path) -> None:
    with copied(template, tmp_path / "copy") as (registry, follower, lists):
        life = Life(registry)
        for number in range(7):
            life.attempt(0, number, 3)
        moment = Moment(known=follower.catch_up(), in_force=make.day("2023-01-01"))

        whole = [line.id for line in lists.lines(MEMBERS_LIST, moment)]
        parts = [
            [line.id for line in lists.lines(MEMBERS_LIST, moment, limit=3, offset=offset)]
            for offset in (0, 3, 6, 9)
        ]

        assert [len(part) for part in parts] == [3, 3, 1, 0]
        assert [id_ for part in parts for id_ in part] == whole
        kinds = (MemberKind.OTHER_ENTERPRISE, MemberKind.OTHER)
        assert lists.count(MEMBERS_LIST, moment, member_kind=kinds) == 7
        assert lists.count(MEMBERS_LIST, moment, member_kind=()) == 0


def test_a_list_looks_up_the_journeys_and_names_of_its_poles(tmp_path: Path) -> None:
    """Else each line would read the journeys of all cases: of ten times as many, a hundred."""
    with make.product(tmp_path) as product:
        asked = next(one for one in LISTINGS.values() if one.ends_with_pole and not one.ask)
        said: list[tuple[str, Any]] = []

        def heard(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
            said.append((statement, parameters))

        engine = product.lists._engine
        sa.event.listen(engine, "before_cursor_execute", heard)
        product.lists.lines(asked, product.moment())
        sa.event.remove(engine, "before_cursor_execute", heard)
        (query,) = (one for one in said if f"FROM {asked.name}" in one[0])
        with engine.connect() as tx:
            plan = tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {query[0]}", query[1]).all()

    steps = [row[-1] for row in plan]
    assert any("journey USING INDEX journey_subject" in step for step in steps), steps
    assert any("of_pole USING INDEX register_pole" in step for step in steps), steps
    assert not any("AUTOMATIC" in step or step == "SCAN journey" for step in steps), steps
