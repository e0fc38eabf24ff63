"""A call closes at its minute, once, whoever looks and however often."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event as Signal
from threading import Thread
from typing import Any

import pytest

from application.call import MoveCall, PlanCall
from application.call_specification import SpecifyCall
from application.call_wave import SetWave
from application.journey import PublishJourney
from domain.call import Call, CallId
from domain.call_terms import CallKind
from domain.case import Moved
from domain.dates import PartialDate
from domain.minute import Minute
from domain.roles import Role
from infrastructure.event_store.registry import Registry
from infrastructure.read_models.follower import Follower
from infrastructure.read_models.models import MODELS
from infrastructure.reference import shipped_journeys
from infrastructure.ticker import Ticker
from tests import make
from tests.awaiting import SYSTEM

CLOSES = Minute("2024-06-05T12:00")
BEFORE = datetime(2024, 6, 5, 10, 0, 59, tzinfo=UTC)
OVER = datetime(2024, 6, 5, 10, 1, tzinfo=UTC)


@pytest.fixture
def clock() -> make.Clock:
    return make.Clock()


@pytest.fixture
def registry(tmp_path: Path, database_url: str, clock: make.Clock) -> Iterator[Registry]:
    with make.registry(tmp_path, url=database_url, clock=clock, publish=False) as made:
        for journey in shipped_journeys():
            if journey.id in set(CallKind):
                made.do(PublishJourney(journey=journey), make.by(Role.ADMINISTRATOR))
        yield made


@contextmanager
def ticking(registry: Registry, url: str) -> Iterator[Ticker]:
    with make.closing_engine(url) as engine:
        follower = Follower(engine, registry.journal, MODELS)
        follower.catch_up()
        yield Ticker(registry, engine, follower)


def opened(registry: Registry, code: str = "essai-2024", closes: Minute = CLOSES) -> CallId:
    """A permanent call that is open until a minute."""

    def do(command: Any, on: str) -> Any:
        dated = command.model_copy(update={"occurred_on": PartialDate(on)})
        return registry.do(dated, make.by()).answer

    planned = PlanCall(
        code=code, title="Appel", call_kind=CallKind.PERMANENT, authority="Ministère d'essai"
    )
    call = CallId(do(planned, "2024-05-01"))
    do(SpecifyCall(call=call, title="Cahier", address="https://exemple.test"), "2024-05-01")
    opens = Minute("2024-06-01T09:00")
    do(SetWave(call=call, wave="v1", opens_at=opens, closes_at=closes), "2024-05-01")
    do(MoveCall(call=call, transition="open"), "2024-06-01")
    return call


def closings(registry: Registry, call: CallId) -> list[str]:
    history = (recorded.event for recorded in registry.history(call))
    return [str(e.occurred_on) for e in history if isinstance(e, Moved) and e.to == "closed"]


def test_only_calls_that_are_open_are_looked_at(
    registry: Registry, database_url: str, clock: make.Clock
) -> None:
    call = opened(registry)
    with ticking(registry, database_url) as ticker:
        assert ticker.cases() == [call]
        clock.now = OVER
        ticker.tick(SYSTEM)

        assert ticker.cases() == []


def test_a_call_closes_once_its_minute_is_over(
    registry: Registry, database_url: str, clock: make.Clock
) -> None:
    call = opened(registry)
    with ticking(registry, database_url) as ticker:
        clock.now = BEFORE
        assert [outcome.result for outcome in ticker.tick(SYSTEM)] == ["unchanged"]
        clock.now = OVER
        assert [outcome.result for outcome in ticker.tick(SYSTEM)] == ["done"]
        assert ticker.tick(SYSTEM) == []

    assert closings(registry, call) == ["2024-06-05"]


def test_two_that_tick_at_the_same_instant_close_a_call_once(
    registry: Registry, database_url: str, clock: make.Clock
) -> None:
    call = opened(registry)
    clock.now = OVER

    def tick(_: int) -> None:
        with ticking(registry, database_url) as ticker:
            ticker.tick(SYSTEM)

    with ThreadPoolExecutor(4) as several:
        list(several.map(tick, range(4)))

    assert closings(registry, call) == ["2024-06-05"]


def test_calls_that_close_at_several_minutes_each_close_on_their_day(
    registry: Registry, database_url: str, clock: make.Clock
) -> None:
    first = opened(registry, "un", Minute("2024-06-05T23:59"))
    second = opened(registry, "deux", Minute("2024-06-20T00:00"))
    clock.now = datetime(2024, 7, 1, 10, 0, tzinfo=UTC)
    with ticking(registry, database_url) as ticker:
        ticker.tick(SYSTEM)

    assert closings(registry, first) == ["2024-06-06"]  # its last minute ends with the day
    assert closings(registry, second) == ["2024-06-20"]
    found = registry.load(Call, first)
    assert found is not None
    assert [found.state_on(make.day(day)) for day in ("2024-06-05", "2024-06-06")] == [
        "open",
        "closed",
    ]


def test_a_process_that_keeps_ticking_wakes_at_the_minute(
    registry: Registry, database_url: str, clock: make.Clock
) -> None:
    """Neither the day nor the journal moves: only the hour does."""
    call, stop = opened(registry), Signal()
    clock.now = BEFORE
    with ticking(registry, database_url) as ticker:
        kept = Thread(target=ticker.keep, args=(stop, lambda: SYSTEM, 60.0), daemon=True)
        kept.start()
        try:
            clock.now = OVER
            assert _soon(lambda: closings(registry, call) == ["2024-06-05"])
        finally:
            stop.set()
            kept.join(10)


def _soon(holds: Callable[[], bool]) -> bool:
    """Whether something comes to hold, within the time that a test may take."""
    waiting, until = Signal(), datetime.now(UTC) + timedelta(seconds=20)
    while not holds() and datetime.now(UTC) < until:
        waiting.wait(0.05)
    return holds()
