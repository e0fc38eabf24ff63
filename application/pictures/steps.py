"""Numbers that change by steps over time, a lane each, all on the same scale: no colour tells."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from application.pictures.frame import FAINT, SMALL, framed, line, words
from application.pictures.svg import DEEP, LINE, MARK, SOFT
from application.pictures.words import wrap, xml
from domain.dates import day_in_words

WIDTH, LABELS, VALUES, EDGE = 1000.0, 214.0, 128.0, 12.0
TOP, LANE, GAP, BELOW = 16.0, 46.0, 14.0, 34.0


@dataclass(frozen=True, slots=True)
class StepLane:
    """One number over time: what it is, its values at some days, and the last one in words."""

    title: str
    values: Sequence[int]
    last: str


@dataclass(frozen=True, slots=True)
class OverdueMark:
    """A day that has passed without what was due, in words."""

    day: date
    words: str


def steps(
    days: Sequence[date],
    lanes: Sequence[StepLane],
    *,
    title: str,
    prefix: str,
    overdue: Sequence[OverdueMark] = (),
) -> str:
    """The image of some numbers at the same days, which are in order and two at least."""
    key = [*_key(overdue)]
    height = TOP + (LANE + GAP) * len(lanes) + BELOW + 20 * len(key)
    most = max((value for lane in lanes for value in lane.values), default=0) or 1
    base = height - BELOW - 20 * len(key)
    return framed(
        (
            *_years(days, base),
            *(part for at, lane in enumerate(lanes) for part in _lane(days, lane, at, most)),
            *(_due(days, one, base) for one in overdue),
            *(words(14, base + 44 + 20 * at, said) for at, said in enumerate(key)),
        ),
        width=WIDTH,
        height=height,
        title=title,
        desc="Le tableau qui suit donne les mêmes nombres.",
        prefix=prefix,
    )


def _at(days: Sequence[date], day: date) -> float:
    whole = (days[-1] - days[0]).days or 1
    begun = min(max((day - days[0]).days, 0), whole)
    return LABELS + begun / whole * (WIDTH - LABELS - VALUES)


def _lane(days: Sequence[date], lane: StepLane, number: int, most: int) -> Iterator[str]:
    floor = TOP + (LANE + GAP) * number + LANE
    drawn = [f"M{_at(days, days[0]):.1f},{floor:.1f}"]
    for day, value in zip(days, lane.values, strict=True):
        drawn.append(f"H{_at(days, day):.1f}V{floor - value / most * LANE:.1f}")
    drawn.append(f"V{floor:.1f}Z")
    yield (
        f'<path class="steps" d="{"".join(drawn)}" fill="{FAINT}" stroke="{DEEP}" '
        f'stroke-width="1.5"><title>{xml(f"{lane.title} : {lane.last}")}</title></path>'
    )
    yield line((LABELS, floor), (WIDTH - VALUES, floor), LINE)
    for at, said in enumerate(wrap(lane.title, LABELS - 24, SMALL, lines=3)):
        yield words(14, floor - LANE + 16 + 15 * at, said)
    yield words(WIDTH - VALUES + EDGE, floor - 4, lane.last, bold=True)


def _years(days: Sequence[date], base: float) -> Iterator[str]:
    """The years that begin on the image, where there is room to say them."""
    last = 0.0
    for year in range(days[0].year, days[-1].year + 1):
        new_year = date(year, 1, 1)
        x = _at(days, max(new_year, days[0]))
        if x - 18 > last:
            if new_year >= days[0]:
                yield line((x, TOP), (x, base), FAINT, 1, "2 4")
            yield words(x, base + 16, str(year), anchor="middle", fill=SOFT)
            last = x + 18


def _due(days: Sequence[date], one: OverdueMark, base: float) -> str:
    x = _at(days, one.day)
    return (
        f'<path class="overdue" d="M{x:.1f},{base - GAP:.1f}l-6,11h12z" fill="{MARK}">'
        f"<title>{xml(f'{one.words}, échéance du {day_in_words(one.day)}')}</title></path>"
    )


def _key(overdue: Sequence[OverdueMark]) -> Iterator[str]:
    if overdue:
        yield "Triangle sous l'axe : une échéance passée, sans ce qui était dû."
