"""Every list as it was at a past date, against the same list today, on 200,000 events.

The first hundred lines, as a page asks for them, with their count. Two past dates: a day on which
the season was under way, with everything that is known; and yesterday, as known nine tenths ago.
"""

import json
import statistics
import time
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from functools import partial

from application.listing import LISTINGS
from application.world import Moment
from benchmarks.large import EVENTS, settings
from interfaces.wiring import Product

PAGE = 100
ROUNDS = 3
MOST = 2.0


def asked(product: Product) -> dict[str, Callable[[Moment], object]]:
    """Every list that the product has, by its name."""
    lists: dict[str, Callable[[Moment], object]] = {
        name: partial(product.excerpt, listing, limit=PAGE)
        for name, listing in LISTINGS.items()
        if not listing.ask
    }
    lists["pole"] = lambda moment: product.poles(moment, limit=PAGE)
    return lists


def seconds(ask: Callable[[Moment], object], moment: Moment) -> float:
    start = time.perf_counter()
    ask(moment)
    return time.perf_counter() - start


def main() -> None:
    with closing(Product(settings())) as product:
        today, size = product.moment(), product.journal.size()
        moments = {
            "today": today,
            "in force on 1 March 2025": Moment(known=size, in_force=date(2025, 3, 1)),
            "known nine tenths ago": Moment(
                known=size * 9 // 10, in_force=today.in_force - timedelta(days=1), is_today=False
            ),
        }
        worst = dict.fromkeys(moments, 0.0)
        for name, ask in asked(product).items():
            taken: dict[str, list[float]] = {moment: [] for moment in moments}
            for _ in range(ROUNDS):
                for moment, at in moments.items():
                    taken[moment].append(seconds(ask, at))
            medians = {moment: statistics.median(values) for moment, values in taken.items()}
            ratios = {moment: value / medians["today"] for moment, value in medians.items()}
            worst = {moment: max(worst[moment], ratio) for moment, ratio in ratios.items()}
            told = {moment: round(value * 1000, 1) for moment, value in medians.items()}
            print(json.dumps({"list": name, "milliseconds": told}), flush=True)
        past = {name: round(ratio, 2) for name, ratio in worst.items() if name != "today"}
        measure = f"lists at a past date, {EVENTS} events, {PAGE} lines of each"
        print(json.dumps({"measure": measure, "must_be_at_most": MOST, "worst": past}))


if __name__ == "__main__":
    main()
