"""Where poles act: how many in each department, and those of which less is known, said apart."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from domain.spelling import plain
from domain.territory import parts
from domain.values import Frozen

Somewhere = tuple[str | None, str | None]
"""The region and the department of a pole, as its source says them."""

ELSEWHERE = "Ailleurs"
"""The region of departments that the map does not draw."""


class Department(Frozen):
    """A department as the map draws it; `x` and `y` are where its number stands."""

    code: str
    name: str
    region: str
    x: float
    y: float


class DepartmentCount(Frozen):
    """A department and how many poles act in it, one that acts in several counted in each."""

    department: Department
    number: int


class RegionCount(Frozen):
    """A region, how many poles act in it, each once, and what is known of where in it."""

    name: str
    number: int
    departments: tuple[tuple[str, int], ...]
    """Those in which poles act, by name."""
    no_department: int
    """How many are known by their region only."""


class PoleMap(Frozen):
    """Some poles by where they act."""

    total: int
    departments: tuple[DepartmentCount, ...]
    """All that are drawn, by code."""
    regions: tuple[RegionCount, ...]
    """Those in which poles act, by name."""
    several: int
    """How many act in several departments."""
    no_department: int
    """How many are known by their region only."""
    nowhere: int
    """How many of which neither is known."""

    @property
    def most(self) -> int:
        """How many poles act in the department that has most."""
        return max((one.number for one in self.departments), default=0)

    @property
    def present(self) -> int:
        """In how many departments of the map poles act."""
        return sum(one.number > 0 for one in self.departments)


def pole_map(places: Mapping[Somewhere, int], departments: Sequence[Department]) -> PoleMap:
    """Lay poles out by department; what is written otherwise is told as it is, never guessed.

    Args:
        places: how many poles are in each place.
        departments: those that the map draws.
    """
    drawn = {one.name: one for one in departments}
    here = Counter[str]()
    regions: dict[str, list[tuple[tuple[str, ...], int]]] = defaultdict(list)
    within: dict[str, Counter[str]] = defaultdict(Counter)
    for (region, department), number in places.items():
        named = parts(department)
        homes = [drawn[name].region if name in drawn else "" for name in named]
        there = parts(region) or tuple(dict.fromkeys(home or ELSEWHERE for home in homes))
        for name in there:
            regions[name].append((named, number))
        for name, home in zip(named, homes, strict=True):
            here[name] += number
            within[home or there[0]][name] += number
    return PoleMap(
        total=sum(places.values()),
        departments=tuple(
            DepartmentCount(department=one, number=here[one.name]) for one in departments
        ),
        regions=tuple(
            RegionCount(
                name=name,
                number=sum(number for _, number in regions[name]),
                departments=tuple(sorted(within[name].items(), key=lambda of: plain(of[0]))),
                no_department=sum(number for named, number in regions[name] if not named),
            )
            for name in sorted({*regions, *within}, key=plain)
        ),
        several=sum(number for (_, named), number in places.items() if len(parts(named)) > 1),
        no_department=sum(
            number
            for (region, named), number in places.items()
            if parts(region) and not parts(named)
        ),
        nowhere=sum(
            number
            for (region, named), number in places.items()
            if not parts(region) and not parts(named)
        ),
    )
