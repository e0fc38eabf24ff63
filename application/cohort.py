"""Flow of a cohort: the poles that entered together, which stages they reached, in how long."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from itertools import pairwise
from statistics import quantiles
from uuid import UUID

from application.register import PoleLine
from application.wording import STAGES
from domain.dates import PartialDate
from domain.values import Frozen

FEWEST = 4
"""Durations, below which their quartiles would say nothing."""

UNKNOWN_YEAR = "inconnue"
"""The year of what entered on a date that nobody knows."""


class StageStay(Frozen):
    """That a pole entered a stage, on a date that may be known in part only."""

    pole: UUID
    stage: str
    occurred_on: str
    since: date


class DaysBetween(Frozen):
    """Durations between days that are both known exactly: their quartiles and their median."""

    counted: int
    median: int
    low: int | None = None
    """The first quartile; nothing where they are too few."""
    high: int | None = None


class ReachedLine(Frozen):
    """A stage, and how a cohort reached it."""

    stage: str
    title: str
    reached: int
    there: int
    """How many stand there on the day asked about."""
    first: date | None
    last: date | None
    """The first and the last day on which it was reached, of those known exactly."""
    in_part: int
    """Of how many the year or the month alone is known."""
    unknown: int
    """Of how many nothing of the date is known."""
    days: DaysBetween | None
    """From their entry; nothing for the stage by which they entered."""


class PassageLine(Frozen):
    """A step that poles of a cohort took, from a stage to the next one."""

    left: str
    entered: str
    left_title: str
    entered_title: str
    number: int
    undated: int
    """Of how many one of both days is not known exactly."""
    days: DaysBetween | None


class Cohort(Frozen):
    """How the poles that entered together went through the stages."""

    number: int
    reached: tuple[ReachedLine, ...]
    passages: tuple[PassageLine, ...]
    shown: Mapping[str, frozenset[UUID]]
    """The poles of each figure, by what it is called in addresses."""


Stays = Mapping[UUID, list[StageStay]]


def cohort(poles: Collection[PoleLine], stays: Iterable[StageStay]) -> Cohort:
    """How some poles went through the stages.

    Args:
        poles: as the register lists them on the day asked about.
        stays: every stage that they entered by then.
    """
    of: dict[UUID, list[StageStay]] = {line.id: [] for line in poles}
    for stay in sorted(stays, key=lambda stay: stay.since):
        if stay.pole in of:
            of[stay.pole].append(stay)
    shown: dict[str, set[UUID]] = defaultdict(set)
    for line in poles:
        shown[f"reste-{line.stage}"].add(line.id)
        shown[f"atteint-{line.stage}"].add(line.id)
    for pole, path in of.items():
        for stay in path:
            shown[f"atteint-{stay.stage}"].add(pole)
        for left, entered in pairwise(path):
            shown[f"passage-{left.stage}-{entered.stage}"].add(pole)
    return Cohort(
        number=len(of),
        reached=tuple(_reached(of, shown)),
        passages=tuple(_passages(of)),
        shown={name: frozenset(found) for name, found in shown.items()},
    )


def _reached(of: Stays, shown: Mapping[str, Collection[UUID]]) -> Iterator[ReachedLine]:
    for stage, title in STAGES.items():
        entered = [first for path in of.values() if (first := _first(path, stage))]
        dates = [PartialDate(stay.occurred_on) for stay in entered]
        days = [stay.since for stay in entered if _is_exact(stay)]
        since_entry = [
            (stay.since - of[stay.pole][0].since).days
            for stay in entered
            if stay is not of[stay.pole][0] and _is_exact(stay) and _is_exact(of[stay.pole][0])
        ]
        reached = shown.get(f"atteint-{stage}", ())
        unknown = sum(not when.is_known for when in dates) + len(reached) - len(entered)
        yield ReachedLine(
            stage=stage,
            title=title,
            reached=len(reached),
            there=len(shown.get(f"reste-{stage}", ())),
            first=min(days, default=None),
            last=max(days, default=None),
            in_part=len(dates) - len(days) - sum(not when.is_known for when in dates),
            unknown=unknown,
            days=_between(since_entry),
        )


def _passages(of: Stays) -> Iterator[PassageLine]:
    found: dict[tuple[str, str], list[int | None]] = defaultdict(list)
    for path in of.values():
        for left, entered in pairwise(path):
            is_dated = _is_exact(left) and _is_exact(entered)
            days = (entered.since - left.since).days if is_dated else None
            found[left.stage, entered.stage].append(days)
    order = {stage: place for place, stage in enumerate(STAGES)}
    for (left_, entered_), told in sorted(
        found.items(), key=lambda item: [order.get(stage, len(order)) for stage in item[0]]
    ):
        known = [days for days in told if days is not None]
        yield PassageLine(
            left=left_,
            entered=entered_,
            left_title=STAGES.get(left_, left_),
            entered_title=STAGES.get(entered_, entered_),
            number=len(told),
            undated=len(told) - len(known),
            days=_between(known),
        )


def _first(path: Iterable[StageStay], stage: str) -> StageStay | None:
    return next((stay for stay in path if stay.stage == stage), None)


def _is_exact(stay: StageStay) -> bool:
    return PartialDate(stay.occurred_on).precision == "day"


def _between(days: list[int]) -> DaysBetween | None:
    if not days:
        return None
    if len(days) == 1:
        return DaysBetween(counted=1, median=days[0])
    low, median, high = (round(cut) for cut in quantiles(days, n=4, method="inclusive"))
    if len(days) < FEWEST:
        return DaysBetween(counted=len(days), median=median)
    return DaysBetween(counted=len(days), median=median, low=low, high=high)


def year_of(occurred_on: str) -> str:
    """The year of a date of which a part may be known."""
    first = PartialDate(occurred_on).first_day
    return str(first.year) if first else UNKNOWN_YEAR
