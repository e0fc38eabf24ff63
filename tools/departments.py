"""Make the drawing of the departments that ships with the product, and where its numbers stand.

    python -m tools.departments DRAWING.svg

The drawing has one path a department, `id="d01"`, and those overseas moved into place. It writes
`interfaces/web/static/departements.svg`, without colours, and `domain/reference/places/`
`departments.csv`: the same bytes from the same drawing and the same codes of places.
"""

import csv
import re
import sys
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path

from domain.place import Nature
from infrastructure.places import DEPARTMENTS, shipped
from interfaces.web.page import STATIC

Point = tuple[float, float]

DRAWING = STATIC / "departements.svg"
COLUMNS = ("code", "name", "region", "x", "y")
FRAME = "-110 -10 930 765"

_MOVED = re.compile(r'<g transform="translate\((-?[\d.]+) (-?[\d.]+)\)">(.*?)</g>', re.DOTALL)
_PATH = re.compile(r'<path id="d(\w+)" d="([^"]+)"/>')
_BEGINS = re.compile(r"M(-?[\d.]+) (-?[\d.]+)")
_NUMBER = re.compile(r"-?[\d.]+")


def paths(drawing: str) -> dict[str, str]:
    """The path of each department by its code, each where it is drawn."""
    found = dict(_PATH.findall(_MOVED.sub("", drawing)))
    for across, down, inner in _MOVED.findall(drawing):
        for code, path in _PATH.findall(inner):
            found[code] = _BEGINS.sub(partial(_moved, by=(across, down)), path)
    return dict(sorted(found.items()))


def _moved(match: re.Match[str], *, by: tuple[str, str]) -> str:
    x, y = (float(said) + float(more) for said, more in zip(match.groups(), by, strict=True))
    return f"M{x:.1f} {y:.1f}"


def rings(path: str) -> Iterator[list[Point]]:
    """The outlines of a path: absolute where it begins, then by steps."""
    for part in path.split("M")[1:]:
        numbers = [float(said) for said in _NUMBER.findall(part)]
        points = [(numbers[0], numbers[1])]
        for across, down in zip(numbers[2::2], numbers[3::2], strict=True):
            x, y = points[-1]
            points.append((x + across, y + down))
        yield points


def middle(path: str) -> Point:
    """Where a number stands best: within the largest outline, as far as that is wide."""
    largest = max(rings(path), key=lambda ring: abs(_area(ring)))
    area = _area(largest)
    closed = list(pairwise([*largest, largest[0]]))
    parts = [(a[0] * b[1] - b[0] * a[1], a, b) for a, b in closed]
    x = sum((a[0] + b[0]) * part for part, a, b in parts) / (6 * area)
    y = sum((a[1] + b[1]) * part for part, a, b in parts) / (6 * area)
    crossed = sorted(
        a[0] + (y - a[1]) * (b[0] - a[0]) / (b[1] - a[1])
        for a, b in closed
        if (a[1] > y) != (b[1] > y)
    )
    within = list(zip(crossed[::2], crossed[1::2], strict=True))
    if not any(one <= x <= other for one, other in within):
        one, other = max(within, key=lambda span: span[1] - span[0])
        x = (one + other) / 2
    return round(x, 1), round(y, 1)


def _area(ring: list[Point]) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise([*ring, ring[0]])) / 2


def main(arguments: list[str]) -> None:
    found = paths(Path(arguments[0]).read_text("utf-8"))
    drawn = "\n".join(f'<path id="d{code}" d="{path}"/>' for code, path in found.items())
    DRAWING.write_text(
        "<!-- Contours : IGN, ADMIN EXPRESS, Licence Ouverte ; simplifiés. -->\n"
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{FRAME}">\n'
        f'<g id="france">\n{drawn}\n</g>\n</svg>\n',
        "utf-8",
    )
    places = shipped()
    year = places.last_year
    regions = {one.code: one.name for one in places.entries_of(Nature.REGION, year)}
    with DEPARTMENTS.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(COLUMNS)
        for one in sorted(places.entries_of(Nature.DEPARTMENT, year), key=lambda one: one.code):
            if one.code in found:
                rows.writerow((one.code, one.name, regions[one.region], *middle(found[one.code])))
    print(f"{len(found)} departments, {DRAWING.stat().st_size} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
