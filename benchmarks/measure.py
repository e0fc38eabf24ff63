"""Times pieces of work in turn, so that a noisy machine is as noisy for each of them."""

import json
import statistics
import time
from collections.abc import Callable, Mapping

Work = Callable[[], int]
"""Does some work, and gives how many units of it were done."""


def interleaved(works: Mapping[str, Work], *, rounds: int = 7) -> dict[str, list[float]]:
    """Units a second of each work, round by round; the first round warms up and is left out."""
    rates: dict[str, list[float]] = {name: [] for name in works}
    for turn in range(rounds + 1):
        for name, work in works.items():
            start = time.perf_counter()
            units = work()
            rate = units / (time.perf_counter() - start)
            if turn:
                rates[name].append(rate)
    return rates


def report(title: str, rates: Mapping[str, list[float]], *, floor: str) -> None:
    """Print the medians and the ratios to the floor, pair by pair, as one line of JSON."""
    ratios = {
        name: [round(a / b, 3) for a, b in zip(values, rates[floor], strict=True)]
        for name, values in rates.items()
        if name != floor
    }
    print(
        json.dumps(
            {
                "measure": title,
                "per_second": {n: round(statistics.median(v)) for n, v in rates.items()},
                "floor": floor,
                "ratio": {
                    n: {"min": min(v), "median": statistics.median(v), "max": max(v)}
                    for n, v in ratios.items()
                },
            },
            ensure_ascii=False,
        )
    )
