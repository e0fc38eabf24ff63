"""Facts on an axis of days, a lane for each of what they are about; long silences are cut short."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby, pairwise
from typing import NamedTuple

from application.pictures.frame import FAINT, SMALL, framed, line, words
from application.pictures.svg import DEEP, GROUND, LINE, SOFT
from application.pictures.words import width as width_of
from application.pictures.words import xml
from application.wording import duration_in_words
from domain.dates import day_in_words

WIDTH, LABELS, EDGE = 1000.0, 214.0, 24.0
TOP, LANE, BELOW = 40.0, 28.0, 34.0
BETWEEN = 9.0
"""Facts closer than that on the image are one mark, larger."""
LONGEST_DAY = 2.0
"""How wide a day is at most, however few there are."""


class StripMark(NamedTuple):
    """Facts drawn as one: where, in which lane, from which day to which, and how many."""

    x: float
    lane: int
    start: date
    end: date
    number: int


class Axis:
    """Where each day stands, a silence longer than some days being as wide as those."""

    def __init__(self, days: Sequence[date], quiet: int) -> None:
        self.days = sorted(set(days))
        steps = [(after - before).days for before, after in pairwise(self.days)]
        whole = sum(min(step, quiet) for step in steps)
        room = WIDTH - LABELS - 2 * EDGE
        scale = min(LONGEST_DAY, room / whole) if whole else 0.0
        self._places = [LABELS + EDGE]
        for step in steps:
            self._places.append(self._places[-1] + min(step, quiet) * scale)
        self.cuts = [
            (before, after, step)
            for (before, after), step in zip(pairwise(self._places), steps, strict=True)
            if step >= quiet
        ]

    def at(self, day: date) -> float:
        """The place of a day on which something happened."""
        return self._places[bisect_right(self.days, day) - 1]


def strip(
    facts: Sequence[tuple[date, int]], lanes: Sequence[str], *, quiet: int, title: str, prefix: str
) -> str:
    """The image of facts, each a day and a lane.

    Args:
        lanes: what each lane is called, from above.
        quiet: days without a fact from which on a silence is cut short.
    """
    axis = Axis([day for day, _ in facts], quiet)
    height = TOP + LANE * len(lanes) + BELOW
    marks = list(_marks(facts, axis))
    return framed(
        (
            *_lanes(lanes),
            *_cuts(axis, height),
            *_years(axis, height),
            *(_mark(mark) for mark in marks),
        ),
        width=WIDTH,
        height=height,
        title=title,
        desc="La liste qui suit dit les mêmes faits, un à un.",
        prefix=prefix,
    )


def _marks(facts: Sequence[tuple[date, int]], axis: Axis) -> Iterator[StripMark]:
    by_lane = sorted(facts, key=lambda fact: (fact[1], fact[0]))
    for lane, there in groupby(by_lane, key=lambda fact: fact[1]):
        open_: StripMark | None = None
        for day, _ in there:
            x = axis.at(day)
            if open_ and x - open_.x < BETWEEN:
                open_ = open_._replace(end=day, number=open_.number + 1)
                continue
            if open_:
                yield open_
            open_ = StripMark(x, lane, day, day, 1)
        if open_:
            yield open_


def _lanes(lanes: Sequence[str]) -> Iterator[str]:
    for number, said in enumerate(lanes):
        y = TOP + LANE * (number + 0.5)
        yield line((LABELS, y), (WIDTH - EDGE / 2, y), FAINT)
        yield words(14, y + 4, said)


def _cuts(axis: Axis, height: float) -> Iterator[str]:
    """Where the axis is cut, and for how long; said where there is room for it."""
    last = 0.0
    for before, after, days in axis.cuts:
        middle = (before + after) / 2
        for shift in (-2.5, 2.5):
            x = middle + shift
            yield line((x - 3, height - BELOW + 6), (x + 3, TOP - 6), LINE, 1, "3 3")
        said = duration_in_words(days)
        half = width_of(said, SMALL) / 2
        if middle - half > last and middle + half < WIDTH:
            yield words(middle, TOP - 14, said, anchor="middle", fill=SOFT)
            last = middle + half + 6


def _years(axis: Axis, height: float) -> Iterator[str]:
    """The first fact of each year, where there is room to say the year."""
    last = 0.0
    for year, days in groupby(axis.days, key=lambda day: day.year):
        x = axis.at(next(days))
        if x - 16 > last:
            yield line((x, height - BELOW), (x, height - BELOW + 6), LINE)
            yield words(x, height - BELOW + 22, str(year), anchor="middle", fill=SOFT)
            last = x + 20


def _mark(mark: StripMark) -> str:
    y = TOP + LANE * (mark.lane + 0.5)
    radius = 4.5 if mark.number == 1 else 6.5 if mark.number < 6 else 8.5
    day = day_in_words(mark.start)
    said = f"le {day}" if mark.start == mark.end else f"du {day} au {day_in_words(mark.end)}"
    title = f"{mark.number} fait{'s' if mark.number > 1 else ''}, {said}"
    return (
        f'<circle class="fact" cx="{mark.x:.1f}" cy="{y:.1f}" r="{radius:g}" fill="{DEEP}" '
        f'stroke="{GROUND}" stroke-width="1.5"><title>{xml(title)}</title></circle>'
    )
