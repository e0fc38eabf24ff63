"""A backtest of the same cases with ten times the events: its memory, its pace, its floor.

The floor is what any replay must do: SELECT each stream and fold it. Peaks are those of processes
that do nothing else.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from application.case import cases_of
from benchmarks.measure import Work, interleaved, report
from domain.dates import PartialDate
from domain.kernel import Event
from domain.membership import MemberKind
from domain.pole import Pole
from domain.workflow import Step
from infrastructure.event_store.mapper import StoredState, write_state
from infrastructure.reference import REFERENCE
from interfaces.store import create
from interfaces.wiring import Product, Settings
from tests import make

CASES = 500
BATCH = 5_000
BEGUN = date(2015, 5, 1)
DAYS = 3_000
DRAFT = REFERENCE / "journeys" / "pole@2021-05-12.yaml"
TIGHTENED = ("silence.months >= 12", "silence.months >= 18")
"""One clause of the draft that is not the published one's: falling silent takes longer."""


def draft(folder: Path) -> Path:
    """The latest definition with one clause tightened."""
    file = folder / "draft.yaml"
    file.write_text(DRAFT.read_text("utf-8").replace(*TIGHTENED), "utf-8")
    return file


def build(home: Path, *, cases: int, events: int) -> None:
    """A registry of so many cases, which have so many events between them."""
    settings = Settings(home=home, database="")
    create(settings)
    product = Product(settings)
    streams = [UUID(int=number + 1) for number in range(cases)]
    batch: list[StoredState] = []
    for version, (topic, state) in enumerate(_life(events // cases), start=1):
        for stream in streams:
            batch.append(StoredState(stream, version, topic, state, uuid4()))
            if len(batch) == BATCH:
                product.registry.recorder.insert_events(batch)
                batch.clear()
    if batch:
        product.registry.recorder.insert_events(batch)
    product.close()


def _life(events: int) -> Iterator[tuple[str, bytes]]:
    """A pole to which something happens, day after day; one event in ten is a step."""
    templates = _templates()
    topics = ["pole.contact_attempted.v1", "pole.member_joined.v1", "pole.evidence_filed.v1"]
    asleep = False
    for number in range(events):
        day = BEGUN + timedelta(days=number * DAYS // events)
        name = topics[number % 3]
        if number == 0:
            name = "begins"
        elif number % 10 == 0:
            name = "wakes" if asleep else "sleeps"
            asleep = not asleep
        topic, state = templates[name]
        yield topic, state.replace(b"2001-01-01", day.isoformat().encode())


def _templates() -> dict[str, tuple[str, bytes]]:
    def step(way: str, from_: str, to: str) -> Step:
        return Step(transition=way, from_=from_, to=to, input={}, findings=())

    pole = make.pole("2001-01-01", journey=make.LATEST)
    with make.on("2001-01-01"):
        pole.add_member(member_kind=MemberKind.ESS_ENTERPRISE, name="Évaléco", person=None)
        pole.file_evidence(evidence="strategy", title="Stratégie")
        pole.attempt_contact(channel="téléphone", outcome="joint")
        for name in (
            step("fall_silent", "emergence", "dormant"),
            step("resume_emergence", "dormant", "emergence"),
        ):
            pole.move(name, journey=make.LATEST, occurred_on=PartialDate("2001-01-01"))
    begins, joins, files, calls, sleeps, wakes = pole.pending
    named: dict[str, Event] = {
        "begins": begins,
        "sleeps": sleeps,
        "wakes": wakes,
        **{event.TOPIC: event for event in (joins, files, calls)},
    }
    return {name: (event.TOPIC, write_state(event)) for name, event in named.items()}


def replayed(home: Path, file: Path) -> Work:
    """The whole backtest."""
    product = Product(Settings(home=home, database=""))

    def work() -> int:
        _, found = product.backtest(file, progress=lambda done, total: None)
        assert found.counts.steps
        return product.journal.size()

    return work


def folded(home: Path) -> Work:
    """The floor: every stream selected and folded, one after the other."""
    product = Product(Settings(home=home, database=""))

    def work() -> int:
        for case in cases_of(product.registry, "pole"):
            product.registry.load(Pole, case)
        return product.journal.size()

    return work


def peak(home: Path, file: Path) -> dict[str, float]:
    """Seconds and peak memory, in MB, of a process that does nothing but the backtest."""
    command = [sys.executable, "-m", "benchmarks.backtest", "--child", str(home), str(file)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(answer.stdout)
    return found


def _child(home: Path, file: Path) -> None:
    work = replayed(home, file)
    start = time.perf_counter()
    work()
    seconds = time.perf_counter() - start
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"seconds": round(seconds, 1), "peak_mb": round(kilobytes / 1024, 1)}))


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--child", nargs=2, metavar=("HOME", "DRAFT"))
    options.add_argument("--cases", type=int, default=CASES)
    options.add_argument("--events", type=int, nargs="*", default=[100_000, 1_000_000])
    given = options.parse_args()
    if given.child:
        _child(*map(Path, given.child))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = draft(folder)
        homes = {events: folder / str(events) for events in given.events}
        for events, home in homes.items():
            build(home, cases=given.cases, events=events)
            told = {"cases": given.cases, "events": events, **peak(home, file)}
            rate = round(events / told["seconds"])
            print(json.dumps({"measure": "backtest alone", **told, "per_second": rate}))
        home = homes[min(homes)]
        rates = interleaved(
            {"SELECT + fold": folded(home), "backtest": replayed(home, file)}, rounds=3
        )
        report(f"backtest of {min(homes)} events", rates, floor="SELECT + fold")


if __name__ == "__main__":
    main()
