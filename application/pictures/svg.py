"""A journey as an SVG image that stands alone, and inside a page under a strict policy.

Nothing in it is a style or a script: looks are plain attributes. It has a ground of its own, so
that it reads the same on paper and on a dark screen. What was taken is thick, coloured and
numbered; the present state is filled and says so: colour never tells anything alone.
"""

from collections.abc import Iterator
from itertools import pairwise

from application.pictures.graph import Graph
from application.pictures.layout import (
    BADGE,
    LABEL_LINE,
    LABEL_TEXT,
    MARGIN,
    NOTE_TEXT,
    START,
    STATE_LINE,
    STATE_TEXT,
    ArrowPath,
    Label,
    Layout,
    Point,
    StatePlace,
    lay_out,
)
from application.pictures.words import one_line, width, wrap, xml

INK = "#1d2a2c"
SOFT = "#52605f"
GROUND = "#ffffff"
LINE = "#6b7775"
DEEP = "#0c3f44"
MARK = "#a83a22"
PALE = "#fbf0ed"
"""Each on its ground has a contrast of at least 4.5 for words, of 3 for lines (WCAG 2.2 AA)."""

FACES = "Segoe UI, Helvetica Neue, Noto Sans, Liberation Sans, DejaVu Sans, Arial, sans-serif"
CURVE = 10.0
WIDE = 864.0
"""From this width on, an image may be made smaller to fit; a smaller one is never stretched."""


def svg(
    graph: Graph,
    *,
    title: str,
    desc: str = "",
    notes: dict[str, tuple[str, ...]] | None = None,
    prefix: str = "parcours",
) -> str:
    """The image of a journey.

    Args:
        title: what the image is called.
        desc: what it shows, for who does not see it; the whole of it is said in words elsewhere.
        notes: what stands under the title of a state, in small.
        prefix: begins the identifiers inside, which must be alone on their page.
    """
    layout = lay_out(graph, notes)
    keys = list(_keys(graph, layout.width))
    look = "journey wide" if layout.width > WIDE else "journey"
    height = layout.height + (len(keys) * LABEL_LINE + 16 if keys else 0)
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="{look}" role="img" '
            f'aria-labelledby="{xml(prefix)}-image" aria-describedby="{xml(prefix)}-description" '
            f'width="{layout.width:.0f}" height="{height:.0f}" '
            f'viewBox="0 0 {layout.width:.0f} {height:.0f}" '
            f'font-family="{FACES}" font-size="{LABEL_TEXT:g}" fill="{INK}">',
            f'<title id="{xml(prefix)}-image">{xml(title)}</title>',
            f'<desc id="{xml(prefix)}-description">{xml(desc)}</desc>',
            f'<rect class="ground" width="100%" height="100%" rx="6" fill="{GROUND}"></rect>',
            *_tracks(layout),
            *_start(graph, layout),
            *(part for label in layout.labels for part in _label(label)),
            *(part for place in layout.places for part in _place(place, graph)),
            *_key_lines(keys, layout.height),
            "</svg>\n",
        )
    )


# --- arrows ------------------------------------------------------------------------------------


def _tracks(layout: Layout) -> Iterator[str]:
    for track in sorted(layout.tracks, key=lambda track: bool(track.arrow.steps)):
        taken = bool(track.arrow.steps)
        colour, thick = (MARK, 3.5) if taken else (LINE, 1.4)
        dash = ' stroke-dasharray="6 4"' if track.arrow.automatic else ""
        dash = ' stroke-dasharray="2 3"' if track.arrow.former else dash
        kind = "taken" if taken else "open"
        yield (
            f'<path class="track {kind}" d="{_curved(track)}" fill="none" stroke="{colour}" '
            f'stroke-width="{thick:g}"{dash}></path>'
        )
        yield _head(track.points[-2], track.points[-1], colour, 11 if taken else 8)


def _curved(track: ArrowPath) -> str:
    """Straight lines whose corners are round; the last one ends where its arrowhead begins."""
    first, *rest = track.points
    (x, y), (_, before) = rest[-1], rest[-2]
    rest[-1] = (x, y - 7 if before < y else y + 7)
    said = [f"M{_at(first)}"]
    for (previous, corner), (_, after) in zip(
        pairwise([first, *rest]), pairwise([*rest, rest[-1]]), strict=True
    ):
        if corner == rest[-1]:
            said.append(f"L{_at(corner)}")
        else:
            enter, leave = _towards(corner, previous), _towards(corner, after)
            said.append(f"L{_at(enter)}Q{_at(corner)} {_at(leave)}")
    return "".join(said)


def _towards(corner: Point, other: Point) -> Point:
    """A point near a corner, on the way to another."""
    (x, y), (ox, oy) = corner, other
    far = max(abs(ox - x), abs(oy - y)) or 1.0
    near = min(CURVE, far / 2)
    return x + (ox - x) / far * near, y + (oy - y) / far * near


def _head(before: Point, end: Point, colour: str, size: float) -> str:
    x, y = end
    back = y - size if before[1] < y else y + size
    half = size * 0.48
    points = f"{_at(end)} {_at((x - half, back))} {_at((x + half, back))}"
    return f'<polygon class="head" points="{points}" fill="{colour}"></polygon>'


def _at(point: Point) -> str:
    return f"{point[0]:.1f},{point[1]:.1f}"


def _start(graph: Graph, layout: Layout) -> Iterator[str]:
    """The mark from which the initial state is entered."""
    place = layout.places[0]
    if place.box.id != graph.initial:
        return
    y, begin, end = place.y + place.height / 2, MARGIN + 6, MARGIN + START - 1
    yield f'<circle class="start" cx="{begin:g}" cy="{y:.1f}" r="5" fill="{DEEP}"></circle>'
    yield (
        f'<path class="start" d="M{begin:g},{y:.1f}H{end - 6:g}" stroke="{DEEP}" '
        'stroke-width="1.6" fill="none"></path>'
    )
    points = f"{end:g},{y:.1f} {end - 8:g},{y - 4:.1f} {end - 8:g},{y + 4:.1f}"
    yield f'<polygon class="start" points="{points}" fill="{DEEP}"></polygon>'


# --- words -------------------------------------------------------------------------------------


def _label(label: Label) -> Iterator[str]:
    weight = ' font-weight="600"' if label.steps else ""
    for number, line in enumerate(label.lines):
        slant = ' font-style="italic"' if label.automatic and line == label.lines[-1] else ""
        yield (
            f'<text class="label" x="{label.x:.1f}" y="{label.y + number * LABEL_LINE:.1f}" '
            f'text-anchor="middle"{weight}{slant}>{xml(line)}</text>'
        )
    if label.steps:
        yield from _badge(label.badge, label.lane, label.steps)


def _badge(x: float, y: float, steps: tuple[int, ...]) -> Iterator[str]:
    """The numbers of steps, in a pill."""
    shown = [*steps[:3], *(["…"] if len(steps) > 3 else [])]
    said = " · ".join(map(str, shown))
    wide = max(2 * BADGE, width(said, 11.5, bold=True) + 9)
    yield (
        f'<rect class="step" x="{x - wide / 2:.1f}" y="{y - BADGE:.1f}" width="{wide:.1f}" '
        f'height="{2 * BADGE:g}" rx="{BADGE:g}" fill="{MARK}" stroke="{GROUND}" '
        'stroke-width="1.5"></rect>'
    )
    yield (
        f'<text class="number" x="{x:.1f}" y="{y + 4:.1f}" text-anchor="middle" font-size="11.5" '
        f'font-weight="700" fill="{GROUND}">{said}</text>'
    )


# --- states ------------------------------------------------------------------------------------


def _place(place: StatePlace, graph: Graph) -> Iterator[str]:
    here = place.box.id == graph.present
    visited = place.box.id in graph.visited
    kind = "present" if here else "visited" if visited else "state"
    fill, words = (DEEP, GROUND) if here else (PALE if visited else GROUND, INK)
    edge, thick = (MARK, 3) if visited else (DEEP, 1.4)
    dash = ' stroke-dasharray="3 3"' if place.box.former else ""
    yield _rectangle(place, 0, f'class="{kind}" fill="{fill}" stroke="{edge}"', thick, dash)
    if place.box.final:
        inner = GROUND if here else edge
        yield _rectangle(place, 4, f'fill="none" stroke="{inner}"', 1.2, "")
    tall = len(place.lines) * STATE_LINE + len(place.notes) * LABEL_LINE
    y = place.y + (place.height - tall) / 2 + STATE_LINE - 4.5
    for line in place.lines:
        yield _text(place.middle, y, STATE_TEXT, words, line, ' font-weight="700"')
        y += STATE_LINE
    y += LABEL_LINE - STATE_LINE
    for line in place.notes:
        yield _text(place.middle, y, NOTE_TEXT, words, line, "")
        y += LABEL_LINE
    if graph.path and graph.path[0].state == place.box.id:
        yield from _badge(place.x + 3, place.y + 3, (1,))


def _rectangle(place: StatePlace, inside: float, look: str, thick: float, dash: str) -> str:
    return (
        f'<rect {look} x="{place.x + inside:.1f}" y="{place.y + inside:.1f}" '
        f'width="{place.width - 2 * inside:.1f}" height="{place.height - 2 * inside:.1f}" '
        f'rx="{8 - inside / 2:g}" stroke-width="{thick:g}"{dash}></rect>'
    )


def _text(x: float, y: float, size: float, fill: str, line: str, more: str) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle" font-size="{size:g}" '
        f'fill="{fill}"{more}>{xml(one_line(line))}</text>'
    )


# --- the key -----------------------------------------------------------------------------------


def _keys(graph: Graph, room: float) -> Iterator[str]:
    """How to read the image: only what it holds."""
    said = []
    if graph.path:
        said.append("Trait épais et numéros : le chemin suivi, dans l'ordre.")
        said.append("Fond sombre : l'étape où en est le cas.")
    said.append(
        "Au-dessus des étapes : les passages qui avancent ; au-dessous : ceux qui reviennent."
    )
    if any(box.final for box in graph.boxes):
        said.append("Double cadre : étape finale.")
    if any(arrow.automatic for arrow in graph.arrows):
        said.append("Tirets : passage automatique.")
    if any(box.former for box in graph.boxes) or any(arrow.former for arrow in graph.arrows):
        said.append("Pointillés : selon une version antérieure des règles.")
    yield from wrap(" ".join(said), room - 2 * MARGIN, LABEL_TEXT, lines=12)


def _key_lines(keys: list[str], top: float) -> Iterator[str]:
    for number, line in enumerate(keys):
        y = top + 12 + number * LABEL_LINE
        yield f'<text class="key" x="{MARGIN:g}" y="{y:.1f}" fill="{SOFT}">{xml(line)}</text>'
