"""One command with everything on, against a raw INSERT of the same bytes (WAL, FULL).

Everything: an idempotency key, a case decided on, a step of five clauses judged, its event with
their verdicts, the leaf, one durable commit. The cases are young: a few events each. They are at
hand, as an earlier command left them, or read from the store.
"""

import cProfile
import json
import pstats
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from uuid import uuid4

from application.command import By
from application.journey import PublishJourney
from application.member import AddMember
from application.pole import LocatePole, MovePole, RegisterPole
from benchmarks.append import raw_insert
from benchmarks.engine import CLAUSES, CONDITIONS
from domain.journey import Journey
from domain.membership import MemberKind
from domain.pole import PoleId, Territory
from domain.roles import Role
from infrastructure.event_store.mapper import write_state
from interfaces.store import create
from interfaces.wiring import Product, Settings

Act = Callable[[], None]

POLES, PAIRS = 300, 1200
LATER = timedelta(days=400)
WANTED = [name for name in CONDITIONS if "evidence" not in name and ">= 5" not in name]


def definition(version: str) -> Journey:
    """Two states, and a way from each to the other, of five clauses that hold."""
    conditions = cycle(WANTED)
    clause = {"say": {"fr": "La condition est remplie."}, "source": "product rule"}

    def way(left: str, to: str) -> dict[str, object]:
        requires = [
            {"id": f"clause_{place}", "when": next(conditions), **clause}
            for place in range(CLAUSES)
        ]
        return {"from": [left], "to": to, "by": ["coordinator"], "requires": requires}

    return Journey.model_validate(
        {
            "id": "pole",
            "version": version,
            "source": ["product rule"],
            "facts": "PoleFacts",
            "initial": "here",
            "states": {"here": {}, "there": {}},
            "transitions": {"go": way("here", "there"), "come": way("there", "here")},
        }
    )


def poles(product: Product, number: int) -> list[PoleId]:
    """Poles of which every condition holds."""
    by = product.operator()
    today = product.moment().in_force.isoformat()
    publish = PublishJourney(journey=definition(today))
    product.registry.do(publish, product.operator(Role.ADMINISTRATOR))
    made = []
    kinds = (MemberKind.ESS_ENTERPRISE, MemberKind.OTHER_ENTERPRISE, MemberKind.LOCAL_AUTHORITY)
    for place in range(number):
        pole = PoleId(product.registry.do(RegisterPole(name=f"Pôle {place}"), by).answer)
        for kind in kinds:
            product.registry.do(AddMember(pole=pole, member_kind=kind, name=f"M {kind}"), by)
        product.registry.do(LocatePole(pole=pole, territory=Territory(words="Grasse")), by)
        made.append(pole)
    return made


Turns = Iterator[tuple[PoleId, str]]


def turns_of(made: list[PoleId]) -> Turns:
    """One step of the next pole, there and back again round after round."""
    return ((pole, way) for way in cycle(["go", "come"]) for pole in made)


def stepping(product: Product, by: By, turns: Turns, *, at_hand: bool = True) -> Act:
    """The next step, of a case that is at hand, or is not."""

    def act() -> None:
        if not at_hand:
            product.registry.at_hand.clear()
        pole, way = next(turns)
        product.registry.do(MovePole(pole=pole, transition=way), by, key=uuid4().hex)

    return act


def inserting(folder: Path, state: bytes) -> Act:
    """The floor: one row a transaction, nothing else."""
    work = raw_insert(folder, state, count=1)

    def act() -> None:
        work()

    return act


def paired(floor: Act, act: Act) -> dict[str, float]:
    """Both in turn, one by one: the medians are of the same disk and the same neighbours.

    `cpu` is what of a command is not waiting for the disk.
    """
    took: dict[str, list[float]] = {"raw INSERT": [], "one command": []}
    cpu = 0.0
    for _ in range(PAIRS):
        for name, done in (("raw INSERT", floor), ("one command", act)):
            began, busy = time.perf_counter(), time.process_time()
            done()
            took[name].append(time.perf_counter() - began)
            cpu += (time.process_time() - busy) * (done is act)
    medians = {name: statistics.median(values) * 1e6 for name, values in took.items()}
    ratio = round(medians["raw INSERT"] / medians["one command"], 3)
    told = {f"{name}, µs": round(value, 1) for name, value in medians.items()}
    return {**told, "cpu of a command, µs": round(cpu / PAIRS * 1e6, 1), "ratio": ratio}


def where(act: Act, done: int = POLES) -> dict[str, float]:
    """The microseconds a command that each part takes by itself, the longest first."""
    profile = cProfile.Profile()
    for _ in range(done):
        profile.runcall(act)
    told: dict[str, float] = {}
    stats = pstats.Stats(profile).stats  # type: ignore[attr-defined]  # left out of its stub
    for (file, _, name), (_, _, own, _, _) in stats.items():
        part = f"{'/'.join(Path(file).parts[-2:])}:{name}"
        told[part] = told.get(part, 0.0) + own / done * 1e6
    longest = sorted(told.items(), key=lambda item: -item[1])[:12]
    return {part: round(microseconds, 1) for part, microseconds in longest}


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = Settings(home=folder / "home", database="")
        create(settings)
        # A later day than any version of the journey that ships, so that ours is in force.
        with closing(Product(settings, lambda: datetime.now(UTC) + LATER)) as product:
            made, by = poles(product, POLES), product.operator(Role.COORDINATOR)
            move = MovePole(pole=made[0], transition="go")
            (event,) = product.registry.do(move, by, dry_run=True).events
            state = write_state(event)
            turns = turns_of(made)
            command = stepping(product, by, turns)
            for _ in range(POLES):  # what is made once is made
                command()
            floor = inserting(folder, state)
            measure = f"a step of {CLAUSES} clauses with a key, state of {len(state)} bytes"
            for name, act in (
                ("case at hand", command),
                ("case read from the store", stepping(product, by, turns, at_hand=False)),
            ):
                found = paired(floor, act)
                print(json.dumps({"measure": f"{measure}, {name}", **found}, ensure_ascii=False))
            for _ in range(POLES):
                command()
            print(json.dumps({"microseconds of a command, profiled": where(command)}))


if __name__ == "__main__":
    main()
