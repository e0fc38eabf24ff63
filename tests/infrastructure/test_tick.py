"""What falls due is recorded exactly once, whoever looks, at once or one after the other."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event as Signal
from threading import Thread
from typing import Any

import pytest

from application.command import Work
from application.deadline import BATCH
from application.handlers import HANDLERS
from application.pole import FollowJourney, MovePole, RegisterPole
from domain.case import Case
from domain.errors import JalonError
from domain.overdue import FellDue, Reminded
from domain.pole import Pole, PoleId
from domain.workflow import Step
from infrastructure.audit_log import verify
from infrastructure.event_store.registry import Registry
from infrastructure.read_models.follower import Follower
from infrastructure.read_models.journey import JourneyModel
from infrastructure.read_models.register import RegisterModel
from infrastructure.ticker import Ticker, Unforeseen
from tests import awaiting, make
from tests.awaiting import SYSTEM, begin, publish, told

LATER = datetime(2024, 6, 14, 10, 0, tzinfo=UTC)
CAME = [
    ("2024-06-10", "answer in 3 days"),
    ("2024-06-14", "answer passed"),
    ("2024-06-14", "lapse"),
]
"""Of a pole that waits from the 3rd of June, by the 14th."""


@contextmanager
def ticking(registry: Registry, url: str) -> Iterator[Ticker]:
    """What ticks a registry, in this process."""
    with make.closing_engine(url) as engine:
        follower = Follower(engine, registry.journal, [JourneyModel(), RegisterModel()])
        yield Ticker(registry, engine, follower)


@pytest.fixture
def clock() -> make.Clock:
    return make.Clock()


@pytest.fixture
def registry(tmp_path: Path, database_url: str, clock: make.Clock) -> Iterator[Registry]:
    """A registry on each engine in turn, with the journey that has deadlines."""
    with make.registry(tmp_path, url=database_url, clock=clock) as made:
        publish(made)
        yield made


@pytest.fixture
def ticker(registry: Registry, database_url: str) -> Iterator[Ticker]:
    with ticking(registry, database_url) as made:
        yield made


@pytest.fixture
def handler() -> Iterator[Callable[[Callable[[Work, Case, Step], None]], None]]:
    """Call something after every step, in this test only."""
    before = list(HANDLERS.after_every)
    yield HANDLERS.after_every.append
    HANDLERS.after_every[:] = before


def waiting(registry: Registry, number: int) -> list[PoleId]:
    return [begin(registry, f"Pôle {n}", "2024-06-03") for n in range(number)]


def came(registry: Registry) -> Counter[str]:
    """How often each kind of thing was recorded of each pole."""
    kinds = Pole.FellDue, Pole.Reminded, Pole.Moved
    return Counter(f"{r.stream} {r.event.TOPIC}" for r in registry.told(*kinds))


# Which cases are looked at.


def test_nothing_is_loaded_where_no_journey_has_deadlines(
    tmp_path: Path, sqlite_database: str
) -> None:
    with make.registry(tmp_path, url=sqlite_database) as registry:
        registry.do(RegisterPole(name="Tétris"), make.by())
        with ticking(registry, sqlite_database) as ticker:
            assert ticker.cases() == []
            assert ticker.tick(SYSTEM) == []


def test_only_cases_in_a_state_with_deadlines_are_looked_at(
    registry: Registry, ticker: Ticker
) -> None:
    first, second = waiting(registry, 2)
    registry.do(RegisterPole(name="Ailleurs", journey=make.LATEST), make.by())
    registry.do(MovePole(pole=second, transition="reply"), make.by())

    outcomes = ticker.tick(SYSTEM)

    assert [outcome.subject for outcome in outcomes] == [first]
    assert outcomes[0].result == "unchanged"


def test_a_further_journey_has_its_deadlines_too(
    registry: Registry, ticker: Ticker, clock: make.Clock
) -> None:
    publish(registry, awaiting.journey(id="followup"))
    command = RegisterPole(name="Tétris", journey=make.LATEST)
    pole = PoleId(registry.do(command, make.by()).answer)
    registry.do(FollowJourney(pole=pole, journey="followup"), make.by())
    clock.now = LATER

    ticker.tick(SYSTEM)

    assert told(registry, pole) == CAME
    found = registry.load(Pole, pole)
    assert found
    assert found.track("followup").state_on(LATER.date()) == "lapsed"
    assert found.state_on(LATER.date()) == "emergence"


# Once.


def test_a_tick_twice_records_once(registry: Registry, ticker: Ticker, clock: make.Clock) -> None:
    poles = waiting(registry, BATCH + 3)
    clock.now = LATER
    first, size = ticker.tick(SYSTEM), registry.journal.size()

    again = ticker.tick(SYSTEM)

    assert [outcome.result for outcome in first] == ["done"] * len(poles)
    assert {outcome.result for outcome in again} == {"unchanged"}
    assert registry.journal.size() == size
    assert all(told(registry, pole) == CAME for pole in poles)


def test_a_batch_is_a_commit(registry: Registry, ticker: Ticker, clock: make.Clock) -> None:
    waiting(registry, BATCH + 3)
    clock.now = LATER
    before = registry.journal.size()

    ticker.tick(SYSTEM)

    commits = Counter(
        row.read().event.meta.correlation_id for row in registry.journal.rows(before, 10_000)
    )
    assert sorted(commits.values()) == [3 * len(CAME), BATCH * len(CAME)]


def test_many_who_tick_at_once_record_each_thing_once(
    registry: Registry, tmp_path: Path, database_url: str, clock: make.Clock
) -> None:
    poles = waiting(registry, BATCH + 20)
    clock.now = LATER
    with ExitStack() as stack:
        tickers = []
        for _ in range(4):
            program = make.registry(tmp_path, url=database_url, clock=clock, publish=False)
            other = stack.enter_context(program)
            tickers.append(stack.enter_context(ticking(other, database_url)))
        with ThreadPoolExecutor(4) as pool:
            outcomes = [
                outcome
                for told in pool.map(lambda one: one.tick(SYSTEM), tickers)
                for outcome in told
            ]

    assert set(came(registry).values()) == {1}
    assert len(came(registry)) == len(CAME) * len(poles)
    assert sum(outcome.result == "done" for outcome in outcomes) == len(poles)
    assert [outcome.refusal for outcome in outcomes if outcome.refusal] == []
    assert verify(registry.journal).root == registry.journal.root()


PROGRAM = """
import json, sys
from datetime import datetime
from pathlib import Path
from tests import make
from tests.awaiting import SYSTEM
from tests.infrastructure.test_tick import dies_after, ticking

folder, url, now, dies = sys.argv[1:]
if int(dies):
    dies_after(int(dies))
clock = make.Clock(datetime.fromisoformat(now))
with make.registry(Path(folder), url=url, clock=clock, publish=False) as registry:
    with ticking(registry, url) as ticker:
        print("ready", flush=True)
        sys.stdin.readline()
        outcomes = ticker.tick(SYSTEM)
print(json.dumps([outcome.result for outcome in outcomes]))
"""


def dies_after(steps: int) -> None:
    """Kill this process in the middle of a step, with what it has decided and not yet saved."""
    left = iter(range(steps))

    def die(work: Work, case: Case, step: Step) -> None:
        if next(left, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)

    HANDLERS.after_every.append(die)


def program(folder: Path, url: str, *, dies: int = 0) -> "subprocess.Popen[str]":
    """Another process that is ready to tick the same registry."""
    line = [sys.executable, "-c", PROGRAM, str(folder), url, LATER.isoformat(), str(dies)]
    root = Path(__file__).parents[2]
    process = subprocess.Popen(
        line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root
    )
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.long
def test_several_processes_record_each_thing_once(
    registry: Registry, tmp_path: Path, database_url: str
) -> None:
    poles = waiting(registry, BATCH + 20)
    processes = [program(tmp_path, database_url) for _ in range(3)]

    for process in processes:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    results = [json.loads(process.communicate(timeout=120)[0]) for process in processes]

    assert [process.returncode for process in processes] == [0, 0, 0]
    assert Counter(said for told in results for said in told)["done"] == len(poles)
    assert set(came(registry).values()) == {1}
    assert len(came(registry)) == len(CAME) * len(poles)


def test_a_process_killed_in_the_middle_loses_nothing_and_repeats_nothing(
    registry: Registry, ticker: Ticker, tmp_path: Path, database_url: str, clock: make.Clock
) -> None:
    """The first batch is recorded; of the second, half decided, nothing is."""
    poles = waiting(registry, 2 * BATCH)
    process = program(tmp_path, database_url, dies=BATCH + BATCH // 2)

    process.communicate("go\n", timeout=120)
    clock.now = LATER
    halfway = came(registry)
    outcomes = ticker.tick(SYSTEM)

    assert process.returncode == -signal.SIGKILL
    assert len(halfway) == len(CAME) * BATCH
    assert sum(outcome.result == "done" for outcome in outcomes) == BATCH
    assert set(came(registry).values()) == {1}
    assert len(came(registry)) == len(CAME) * len(poles)


def test_somebody_who_acts_meanwhile_is_not_overrun(
    registry: Registry, tmp_path: Path, database_url: str, clock: make.Clock
) -> None:
    """A reply recorded while others tick: either it came first, or it finds the stay ended."""
    poles = waiting(registry, 24)
    clock.now = LATER

    def reply(pole: PoleId) -> str:
        try:
            registry.do(MovePole(pole=pole, transition="reply"), make.by())
        except JalonError:
            return "lapse"
        return "reply"

    other_program = make.registry(tmp_path, url=database_url, clock=clock, publish=False)
    with (
        other_program as other,
        ticking(other, database_url) as ticker,
        ThreadPoolExecutor(3) as pool,
    ):
        tick = pool.submit(ticker.tick, SYSTEM)
        ends = list(pool.map(reply, poles))
        outcomes = tick.result()

    assert [outcome.refusal for outcome in outcomes if outcome.refusal] == []
    for pole, end in zip(poles, ends, strict=True):
        assert [said for _, said in told(registry, pole)][-1] == end
        assert len(told(registry, pole)) == (3 if end == "lapse" else 1)


# What fails is told, and stops nothing else.


def test_a_fault_of_the_product_with_one_case_does_not_stop_the_others(
    registry: Registry,
    ticker: Ticker,
    clock: make.Clock,
    handler: Callable[[Any], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    poles = waiting(registry, 7)

    def fault(work: Work, case: Case, step: Step) -> None:
        if case.id == poles[4]:
            raise KeyError(case.id)

    handler(fault)
    clock.now = LATER

    outcomes = {outcome.subject: outcome for outcome in ticker.tick(SYSTEM)}

    assert isinstance(outcomes[poles[4]].refusal, Unforeseen)
    assert "KeyError" in str(outcomes[poles[4]].refusal)
    assert str(poles[4]) in caplog.text
    assert "During handling" not in caplog.text, "the same fault, told for each half"
    assert sum(outcome.result == "done" for outcome in outcomes.values()) == 6
    assert told(registry, poles[4]) == []


def test_a_case_that_cannot_be_read_does_not_stop_the_others(
    registry: Registry, ticker: Ticker, clock: make.Clock, database_url: str
) -> None:
    poles = waiting(registry, 3)
    ticker.tick(SYSTEM)
    with make.closing_engine(database_url) as engine, engine.begin() as tx:
        tx.exec_driver_sql(
            "UPDATE event SET topic = 'pole.crowned.v1' "
            f"WHERE stream = '{poles[1]}' AND version = 1"
        )
    clock.now = LATER

    outcomes = {outcome.subject: outcome for outcome in ticker.tick(SYSTEM)}

    assert "pole.crowned.v1" in str(outcomes[poles[1]].refusal)
    assert [outcomes[pole].result for pole in poles] == ["done", "refused", "done"]


# By itself.


def test_whoever_keeps_ticking_records_day_after_day_until_told_to_stop(
    registry: Registry, ticker: Ticker, clock: make.Clock
) -> None:
    (pole,) = waiting(registry, 1)
    stop = Signal()
    thread = Thread(target=ticker.keep, args=(stop, lambda: SYSTEM, 0.01))
    thread.start()
    try:
        for on in ("2024-06-10", "2024-06-14"):
            size = registry.journal.size()
            clock.now = datetime.fromisoformat(f"{on}T10:00+00:00")
            registry.journal.await_growth(size, Signal(), 60)
    finally:
        stop.set()
        thread.join()

    assert told(registry, pole) == CAME
    kinds = [type(r.event).__name__ for r in registry.told(Pole.Reminded, Pole.FellDue)]
    assert kinds == [Reminded.__name__, FellDue.__name__]
