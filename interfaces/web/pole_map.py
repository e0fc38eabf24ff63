"""The map of the poles: departments shaded and numbered, each opening its list; the same in words.

The outlines are a static file that pages point to; nothing comes from another server.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from fastapi import APIRouter, Request, Response

from application.narrowing import NOWHERE
from application.pole_map import DepartmentCount, PoleMap
from domain.dates import as_iso
from interfaces.web.filters import Text
from interfaces.web.page import READ, ask, pages, show
from interfaces.web.register import MAP, REGISTER, narrowed, said_of, views
from interfaces.wiring import Product

SHADES = 4

INSETS: Mapping[str, float] = {"971": 20, "972": 135, "973": 250, "974": 365, "976": 480}
"""The departments overseas, and how far down the drawing has each, beside the mainland."""

CLOSE_UP = frozenset({"75", "92", "93", "94"})
"""Paris and what is around it, too small to be read: drawn again, larger, in a corner."""

_SEEN = (374.0, 159.5, 29.5)
"""What the close-up shows: from where, and how wide and high."""
_PLACED = (690.0, -6.0, 128.0)
"""Where on the map it is."""


@dataclass(frozen=True, slots=True)
class MapPlace:
    """A department in which poles act: its number, where that stands, how dark it is."""

    code: str
    name: str
    number: int
    url: str
    shade: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class MapRegion:
    """A region and its departments in words, each number with the list that it opens."""

    name: str
    number: int
    url: str
    departments: Sequence[tuple[str, int, str]]


@dataclass(frozen=True, slots=True)
class MapShown:
    """A map as pages show it."""

    found: PoleMap
    places: Sequence[MapPlace]
    """Those that are drawn at their size."""
    close_up: Sequence[MapPlace]
    regions: Sequence[MapRegion]
    legend: Sequence[tuple[int, str]]
    """Each shade, and the numbers that it stands for."""
    nowhere_url: str
    insets: Sequence[tuple[str, str, float]]
    """The code and the name of each department overseas, and how far down it is."""
    seen: tuple[float, float, float] = _SEEN
    placed: tuple[float, float, float] = _PLACED

    @property
    def numbered(self) -> Sequence[MapPlace]:
        """Every department that shows a number, where its number stands."""
        return [*self.places, *self.close_up]


Address = Callable[..., str]
"""The list of the poles of a region and a department, either of them left out."""


def map_shown(found: PoleMap, address: Address) -> MapShown:
    """A map with the lists that its numbers open."""
    limits = sorted({ceil(found.most * part / SHADES) for part in range(1, SHADES + 1)} - {0})
    present = [_place(one, limits, address) for one in found.departments if one.number]
    names = {one.department.code: one.department.name for one in found.departments}
    return MapShown(
        found=found,
        places=[one for one in present if one.code not in CLOSE_UP],
        close_up=[_larger(one) for one in present if one.code in CLOSE_UP],
        regions=[
            MapRegion(
                name=one.name,
                number=one.number,
                url=address(region=one.name),
                departments=[
                    *((name, number, address(department=name)) for name, number in one.departments),
                    *_apart(one.name, one.no_department, address),
                ],
            )
            for one in found.regions
        ],
        legend=list(_legend(limits)),
        nowhere_url=address(region=NOWHERE, department=NOWHERE),
        insets=[(code, names[code], down) for code, down in INSETS.items()],
    )


def _place(one: DepartmentCount, limits: Sequence[int], address: Address) -> MapPlace:
    drawn = one.department
    shade = next(rank for rank, limit in enumerate(limits, 1) if one.number <= limit)
    url = address(department=drawn.name)
    return MapPlace(drawn.code, drawn.name, one.number, url, shade, drawn.x, drawn.y)


def _larger(one: MapPlace) -> MapPlace:
    left, top, size = _SEEN
    across, down, width = _PLACED
    times = width / size
    x, y = round(across + (one.x - left) * times, 1), round(down + (one.y - top) * times, 1)
    return MapPlace(one.code, one.name, one.number, one.url, one.shade, x, y)


def _apart(region: str, number: int, address: Address) -> list[tuple[str, int, str]]:
    if not number:
        return []
    return [("Département non renseigné", number, address(region=region, department=NOWHERE))]


def _legend(limits: Sequence[int]) -> list[tuple[int, str]]:
    first = [1, *(limit + 1 for limit in limits)]
    return [
        (rank, f"{begin}" if begin == limit else f"{begin} à {limit}")
        for rank, (begin, limit) in enumerate(zip(first, limits, strict=False), 1)
    ]


def router(product: Product) -> APIRouter:
    """The page `/carte`."""
    routes = pages()

    @routes.api_route(MAP, methods=READ)
    def pole_map(
        request: Request,
        q: Text = "",
        stage: Text = "",
        region: Text = "",
        department: Text = "",
        period: Text = "",
        entered: Text = "",
    ) -> Response:
        """Show where the poles of the register act; its filters are those of the list."""
        moment, asked = ask(product, request)
        kept = {"q": q, "stage": stage, "region": region, "department": department}
        kept |= {"period": as_iso(period), "entered": as_iso(entered)}
        everywhere = product.pole_map(moment)
        found = everywhere
        if any(kept.values()):
            found = product.map_of(narrowed(product, moment, kept))
        return show(
            request,
            "pole_map/map.html",
            asked,
            here=MAP,
            kept=kept,
            map=map_shown(found, lambda **place: asked.url(REGISTER, {**kept, **place})),
            total=everywhere.total,
            said=said_of(kept),
            views=views(asked, kept, MAP),
        )

    return routes
