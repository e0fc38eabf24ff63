"""The lists: kept up to the journal, they say what the history itself says, at any moment."""

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from datetime import date, timedelta
from pathlib import Path
from threading import Event as Signal
from threading import Thread
from time import monotonic, sleep

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from application.claim import RecordClaim
from application.command import Command
from application.pole import LocatePole, MigratePole, RegisterPole, RenamePole
from application.register import NotYet, pole_sheet
from application.world import Moment
from domain.claim import Claim
from domain.dates import PartialDate
from domain.kernel import Event, Recorded
from domain.pole import Pole, PoleId, Territory
from infrastructure.database import is_sqlite
from infrastructure.event_store.registry import Registry
from infrastructure.read_models.claim import CLAIM, ClaimLists
from infrastructure.read_models.follower import Follower
from infrastructure.read_models.register import REGISTER, RegisterLists
from tests import make
from tests.application.histories import Attempt, Life, histories
from tests.domain.strategies import days
from tests.examples import settings

JOURNEYS = len(make.journeys())
"""How many events precede a random history: the journeys are published."""


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry in which the journeys are published, and nothing else."""
    folder = tmp_path_factory.mktemp("template")
    with make.registry(folder) as registry:
        assert registry.journal.size() == JOURNEYS
    return folder


Opened = tuple[Life, Follower, RegisterLists, ClaimLists]
Fresh = Callable[[], AbstractContextManager[Opened]]


@pytest.fixture(scope="module")
def fresh(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Fresh:
    """Opens a copy of it, with its lists."""

    @contextmanager
    def opened() -> Iterator[Opened]:
        folder = tmp_path_factory.mktemp("copy")
        shutil.copytree(template, folder, dirs_exist_ok=True)
        url, clock = f"sqlite:///{folder / 'registry.db'}", make.Clock()
        with (
            make.registry(folder, url=url, clock=clock, publish=False) as registry,
            make.lists(url, registry.journal) as (follower, register),
            make.closing_engine(url) as engine,
        ):
            yield Life(registry, clock), follower, register, ClaimLists(engine)
        shutil.rmtree(folder)

    return opened


# What the lists say.


@settings(deadline=None, max_examples=50)
@given(history=histories, pauses=st.sets(st.integers(0, 20)))
def test_lists_kept_up_are_those_that_are_built_anew(
    fresh: Fresh, history: list[Attempt], pauses: set[int]
) -> None:
    with fresh() as (life, follower, _, _):
        for number, attempt in enumerate(history):
            life.attempt(attempt)
            if number in pauses:
                follower.catch_up()
        follower.catch_up()
        kept = follower.digests()

        follower.rebuild()

        assert follower.digests() == kept
        assert follower.position() == life.registry.journal.size()


@settings(deadline=None, max_examples=60)
@given(
    history=histories,
    questions=st.lists(st.tuples(st.integers(0, 40), days), min_size=8, max_size=8),
)
def test_a_list_says_of_each_pole_what_its_own_history_says(
    fresh: Fresh, history: list[Attempt], questions: list[tuple[int, date]]
) -> None:
    with fresh() as (life, follower, register, _):
        for attempt in history:
            life.attempt(attempt)
        size = follower.catch_up()

        for known, day in [*questions, (size, make.TODAY), (size, date(2030, 1, 1))]:
            moment = Moment(known=min(JOURNEYS + known, size), in_force=day)
            listed = {
                line.id: (
                    line.code,
                    line.name,
                    line.stage,
                    line.occurred_on,
                    line.journey,
                    line.territory,
                    line.region,
                    line.activity,
                )
                for line in register.lines(moment)
            }
            told = {}
            for pole in life.poles:
                try:
                    sheet = pole_sheet(life.registry, pole, moment)
                except NotYet:
                    continue
                told[pole] = (
                    sheet.code,
                    sheet.name,
                    sheet.stage,
                    sheet.occurred_on,
                    sheet.journey,
                    sheet.territory.words,
                    sheet.territory.region,
                    sheet.activity,
                )
            assert listed == told
            assert len(register.lines(moment)) == len(listed)


@settings(deadline=None, max_examples=15)
@given(history=histories, known=st.integers(0, 25), day=days)
def test_a_claim_is_listed_on_its_days_until_it_is_known_to_be_taken_back(
    fresh: Fresh, history: list[Attempt], known: int, day: date
) -> None:
    with fresh() as (life, follower, _, claims):
        for attempt in history:
            life.attempt(attempt)
        size = follower.catch_up()
        moment = Moment(known=min(JOURNEYS + known, size), in_force=day)

        listed = [line.id for line in claims.lines(moment)]

        told = list(life.registry.told(Claim.Recorded, Claim.Retracted, until=moment.known))
        taken_back = {r.stream for r in told if isinstance(r.event, Claim.Retracted)}
        expected = [
            (r.in_force_from, r.position, r.stream)
            for r in told
            if r.stream not in taken_back
            and r.in_force_from <= day
            and (r.event.valid_to is None or day < r.event.valid_to)
        ]
        assert listed == [stream for *_, stream in sorted(expected)]


def test_a_question_about_the_past_is_answered_as_it_was_known_then(fresh: Fresh) -> None:
    with fresh() as (life, follower, register, _):
        life.clock.now = make.NOW
        do = life.registry.do
        first = do(RegisterPole(name="Tétris", occurred_on=PartialDate("2012")), make.by())
        pole = PoleId(first.answer)
        late = do(RenamePole(pole=pole, name="Trézor", occurred_on=PartialDate("2015")), make.by())
        follower.catch_up()

        def name(known: int, day: str) -> str:
            (line,) = register.lines(Moment(known=known, in_force=make.day(day)))
            return line.name

        assert name(first.position, "2020-01-01") == "Tétris"
        assert name(late.position, "2020-01-01") == "Trézor"
        assert name(late.position, "2014-12-31") == "Tétris"
        assert register.lines(Moment(known=JOURNEYS, in_force=make.TODAY)) == []


def test_what_is_recorded_late_takes_its_place_in_the_lists(fresh: Fresh) -> None:
    with fresh() as (life, follower, register, _):
        do, by = life.registry.do, make.by()
        pole = PoleId(do(RegisterPole(name="Tétris", occurred_on=PartialDate("2012")), by).answer)
        late: list[tuple[type[Command], dict[str, str]]] = [
            (MigratePole, {"to": make.LATEST, "occurred_on": "2021-05-12"}),
            (MigratePole, {"to": "pole@2014-09-19", "occurred_on": "2014-09-19"}),
            (RenamePole, {"name": "Trézor", "occurred_on": "2020"}),
            (RenamePole, {"name": "Tréma", "occurred_on": "2015", "valid_to": "2016-01-01"}),
        ]
        for command, fields in late:
            do(command.model_validate({"pole": pole, **fields}), by)
        size = follower.catch_up()

        told = []
        for year in (2013, 2015, 2017, 2020, 2022):
            (line,) = register.lines(Moment(known=size, in_force=date(year, 6, 1)))
            told.append((line.name, line.journey))

    assert told == [
        ("Tétris", "pole@2011-09"),
        ("Tréma", "pole@2014-09-19"),
        ("Tétris", "pole@2014-09-19"),
        ("Trézor", "pole@2014-09-19"),
        ("Trézor", make.LATEST),
    ]


# Keeping up.


@contextmanager
def opened(folder: Path, url: str) -> Iterator[tuple[Registry, Follower, RegisterLists]]:
    with (
        make.registry(folder, url=url) as registry,
        make.lists(url, registry.journal) as (follower, register),
    ):
        yield registry, follower, register


def poles(registry: Registry, *names: str) -> list[PoleId]:
    when = PartialDate("2022")
    done = [registry.do(RegisterPole(name=n, occurred_on=when), make.by()) for n in names]
    return [PoleId(d.answer) for d in done]


def now(registry: Registry) -> Moment:
    return Moment(known=registry.journal.size(), in_force=make.TODAY)


def test_lists_are_the_same_on_both_engines(
    tmp_path: Path, sqlite_database: str, postgresql_database: str
) -> None:
    shown = []
    for name, url in (("one", sqlite_database), ("other", postgresql_database)):
        (tmp_path / name).mkdir()
        with opened(tmp_path / name, url) as (registry, follower, register):
            pole, _ = poles(registry, "Trézor", "Évaléco")
            place = Territory(words="Grasse", region="Bretagne")
            when = {"occurred_on": PartialDate("2023-05"), "valid_to": make.day("2023-09-01")}
            registry.do(
                LocatePole.model_validate({"pole": pole, "territory": place} | when), make.by()
            )
            follower.catch_up()
            before = follower.digests()
            follower.rebuild()
            assert follower.digests() == before
            shown.append(
                [
                    [
                        line.model_copy(update={"id": None})
                        for line in register.lines(
                            Moment(known=registry.journal.size(), in_force=make.day(day))
                        )
                    ]
                    for day in ("2021-12-31", "2022-06-01", "2023-05-31", "2023-09-01")
                ]
            )

    assert shown[0] == shown[1]
    assert [len(lines) for lines in shown[0]] == [0, 2, 2, 2]


def test_events_that_no_list_shows_move_its_position_all_the_same(
    tmp_path: Path, sqlite_database: str
) -> None:
    with opened(tmp_path, sqlite_database) as (registry, follower, _):
        assert follower.catch_up() == follower.position() == registry.journal.size() == JOURNEYS


def test_a_list_that_fails_leaves_its_rows_and_its_position_where_they_were(
    tmp_path: Path, database_url: str
) -> None:
    class Broken:
        """A read model whose third event is too much for it."""

        name = "broken"
        table = REGISTER
        events: tuple[type[Event], ...] = (Pole.Registered,)
        seen = 0

        def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
            self.seen += 1
            if self.seen == 3:
                raise OSError("too much")
            new = {"pole": str(recorded.stream), "known_from": 1, "valid_from": make.TODAY}
            tx.execute(sa.insert(REGISTER), [new])

    with opened(tmp_path, database_url) as (registry, _, _):
        poles(registry, "A", "B", "C")
        with make.closing_engine(database_url) as engine:
            broken = Broken()
            follower = Follower(engine, registry.journal, [broken])

            with pytest.raises(OSError, match="too much"):
                follower.catch_up()

            with engine.connect() as tx:
                assert tx.execute(sa.select(REGISTER)).all() == []
            assert follower.position() == 0
            follower.catch_up()
            with engine.connect() as tx:
                assert len(tx.execute(sa.select(REGISTER)).all()) == 3


def test_lists_ahead_of_a_shorter_journal_are_built_anew(tmp_path: Path, database_url: str) -> None:
    """As after somebody put an older state of the journal in its place, and of nothing else."""
    with opened(tmp_path, database_url) as (registry, follower, register):
        poles(registry, "A", "B", "C")
        follower.catch_up()
        kept = follower.digests()
        with make.closing_engine(database_url) as engine, engine.begin() as tx:
            tx.execute(sa.text("UPDATE tracking SET notification_id = 99"))
            tx.execute(sa.text("UPDATE register SET name = 'from another time'"))

        follower.catch_up()

        assert follower.digests() == kept
        assert [line.name for line in register.lines(now(registry))] == ["A", "B", "C"]


def test_two_followers_at_once_write_every_row_once(tmp_path: Path, database_url: str) -> None:
    with (
        opened(tmp_path, database_url) as (registry, one, register),
        make.lists(database_url, registry.journal) as (other, _),
    ):
        ids = poles(registry, *(f"Pôle {number}" for number in range(24)))

        def write(number: int) -> None:
            registry.do(RenamePole(pole=ids[number], name=f"Nom {number}"), make.by())
            (one, other)[number % 2].catch_up()

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(write, range(24)))

        one.catch_up()
        kept = one.digests()
        other.rebuild()
        assert other.digests() == kept
        assert sorted(line.name for line in register.lines(now(registry))) == sorted(
            f"Nom {number}" for number in range(24)
        )


def test_a_list_never_shrinks_while_others_write(tmp_path: Path, database_url: str) -> None:
    """A journal that grew since its size was read is no reason to build the lists anew."""
    with (
        opened(tmp_path, database_url) as (registry, one, _),
        make.lists(database_url, registry.journal) as (other, _),
        make.closing_engine(database_url) as engine,
    ):
        stop, counts = Signal(), [0]

        def watch() -> None:
            query = sa.select(sa.func.count()).select_from(CLAIM)
            while not stop.is_set():
                with engine.connect() as tx:
                    counts.append(int(tx.execute(query).scalar_one()))

        def write(number: int) -> None:
            registry.do(
                RecordClaim(statement=f"Fait {number}", author="test", source="une revue"),
                make.by(),
            )
            (one, other)[number % 2].catch_up()

        watcher = Thread(target=watch)
        watcher.start()
        try:
            with ThreadPoolExecutor(6) as pool:
                list(pool.map(write, range(60)))
        finally:
            stop.set()
            watcher.join()

        one.catch_up()
        assert counts == sorted(counts)


def wait_until(what: Callable[[], bool]) -> bool:
    deadline = monotonic() + 20
    while not what() and monotonic() < deadline:
        sleep(0.01)
    return what()


@contextmanager
def following(follower: Follower) -> Iterator[None]:
    stop = Signal()
    thread = Thread(target=follower.follow, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def test_a_follower_shows_what_others_write_soon_after(tmp_path: Path, database_url: str) -> None:
    with opened(tmp_path, database_url) as (registry, follower, register), following(follower):
        poles(registry, "A")
        assert wait_until(lambda: len(register.lines(now(registry))) == 1)

        poles(registry, "B")

        assert wait_until(lambda: len(register.lines(now(registry))) == 2)


def test_a_follower_outlives_a_fault_of_the_database(
    tmp_path: Path, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    def rename(what: str, to: str) -> None:
        with make.closing_engine(database_url) as engine, engine.begin() as tx:
            tx.execute(sa.text(f"ALTER TABLE {what} RENAME TO {to}"))

    with opened(tmp_path, database_url) as (registry, follower, register):
        poles(registry, "A")
        rename("event", "elsewhere")
        with following(follower):
            assert wait_until(lambda: "could not be brought up to date" in caplog.text)
            rename("elsewhere", "event")

            assert wait_until(lambda: len(register.lines(now(registry))) == 1)


def test_a_claim_is_in_no_list_of_poles(tmp_path: Path, sqlite_database: str) -> None:
    assert is_sqlite(sqlite_database)
    with opened(tmp_path, sqlite_database) as (registry, follower, register):
        registry.do(
            RecordClaim(statement="Plus de 50 pôles.", author="ministère", source="une revue"),
            make.by(),
        )
        follower.catch_up()

        assert register.lines(now(registry)) == []


def test_a_journal_longer_than_a_batch_is_read_to_its_end(
    tmp_path: Path, sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("infrastructure.read_models.follower.BATCH", 3)
    with opened(tmp_path, sqlite_database) as (registry, follower, register):
        poles(registry, *"ABCDEFGH")

        follower.catch_up()

        assert follower.position() == registry.journal.size()
        assert len(register.lines(now(registry))) == 8


def test_a_day_after_the_last_one_is_today(tmp_path: Path, sqlite_database: str) -> None:
    with opened(tmp_path, sqlite_database) as (registry, follower, register):
        poles(registry, "A")
        follower.catch_up()
        far = Moment(known=registry.journal.size() + 100, in_force=make.TODAY + timedelta(9999))

        assert [line.name for line in register.lines(far)] == ["A"]
