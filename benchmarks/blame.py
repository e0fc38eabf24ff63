"""Whence comes each value of a pole of 300 events, against asking for its sheet once an event.

The floor is its sheet as known at each of those sizes of the journal, asked for as a page does:
nothing is put in words, compared, or remembered from one to the next. Processor time.
"""

import json
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from application.blame import blame
from application.pole import DescribeActivity, RegisterPole, RenamePole
from application.shown import SHEETS
from domain.dates import PartialDate
from domain.pole import PoleId
from interfaces.store import create
from interfaces.wiring import Product, Settings

LENGTH = 300
ROUNDS = 5


def pole_of_events(product: Product, number: int) -> PoleId:
    """A pole of so many events: named and described over and over."""
    by, registered = product.operator(), RegisterPole(name="Pôle", occurred_on=PartialDate("2020"))
    pole = PoleId(product.registry.do(registered, by).answer)
    for turn in range(len(product.journal.positions(pole)), number):
        words = f"Dit la {turn}e fois"
        told = (
            RenamePole(pole=pole, name=words)
            if turn % 2
            else DescribeActivity(pole=pole, words=words)
        )
        product.registry.do(told, by)
    return pole


def measured(product: Product) -> dict[str, object]:
    """The seconds of both, asked for in turn, and the ratio of their medians."""
    pole, registry, moment = pole_of_events(product, LENGTH), product.registry, product.moment()
    sizes = product.journal.positions(pole)

    def sheets() -> None:
        for known in sizes:
            for sheet in SHEETS["pole"].values():
                sheet(registry, pole, moment.model_copy(update={"known": known}))

    works: dict[str, Callable[[], object]] = {
        "its sheet, once an event": sheets,
        "blame of all its values": lambda: blame(registry, "pole", pole, moment),
    }
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, work in works.items():
            began = time.process_time()
            work()
            taken[name].append(time.process_time() - began)
    floor, asked = (statistics.median(values) for values in taken.values())
    seconds = {name: round(statistics.median(values), 3) for name, values in taken.items()}
    return {
        "measure": f"blame of a pole of {len(sizes)} events",
        "seconds": seconds,
        "floor": next(iter(works)),
        "ratio": round(floor / asked, 3),
    }


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        settings = Settings(home=Path(name) / "home", database="")
        create(settings)
        with closing(Product(settings)) as product:
            print(json.dumps(measured(product), ensure_ascii=False))


if __name__ == "__main__":
    main()
