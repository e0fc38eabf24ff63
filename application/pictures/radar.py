"""A profile, or two on the same grid, as an SVG image that stands alone: the radar.

Levels are read on rings; an indicator that was not observed leaves a gap, and never counts as the
lowest level. Nothing is filled, added or averaged. Two rounds differ by their strokes and marks,
colour apart; looks are plain attributes, so that the strict policy of the pages allows them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, pi, sin

from application.pictures.svg import DEEP, FACES, GROUND, INK, LINE, SOFT
from application.pictures.words import wrap, xml
from application.positioning import PositionLine, Profile
from application.wording import date_in_words, uncapital

WIDTH, HEIGHT = 1080.0, 850.0
ACROSS, DOWN = WIDTH / 2, 420.0
"""The middle of the rings."""

RADIUS = 250.0
FAINT = "#c9cdc9"
OTHER = "#6a3d9a"
"""Of the second round: a contrast of 7 with its ground, and no more merit than the first."""

LABEL_TEXT, LINE_HEIGHT = 12.5, 17.0


@dataclass(frozen=True, slots=True)
class Stroke:
    """How the line of a round is told from the other one, whoever sees it."""

    colour: str
    dash: str
    words: str
    mark: str


STROKES = (
    Stroke(DEEP, "", "trait plein, ronds", "circle"),
    Stroke(OTHER, ' stroke-dasharray="7 4"', "tirets, carrés", "square"),
)


def radar(profiles: Sequence[Profile], *, prefix: str = "radar") -> str:
    """The image of one profile, or of two that follow the same version of the référentiel.

    Args:
        prefix: begins the identifiers inside, which must be alone on their page.
    """
    first = profiles[0]
    keys = list(_keys(profiles))
    height = HEIGHT + len(keys) * LINE_HEIGHT + 18
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="radar" role="img" '
            f'aria-labelledby="{xml(prefix)}-image" aria-describedby="{xml(prefix)}-description" '
            f'width="{WIDTH:.0f}" height="{height:.0f}" viewBox="0 0 {WIDTH:.0f} {height:.0f}" '
            f'font-family="{FACES}" font-size="{LABEL_TEXT:g}" fill="{INK}">',
            f'<title id="{xml(prefix)}-image">{xml(_title(profiles))}</title>',
            f'<desc id="{xml(prefix)}-description">{xml(in_words(profiles))}</desc>',
            f'<rect class="ground" width="100%" height="100%" rx="6" fill="{GROUND}"></rect>',
            *_rings(first),
            *_axes(profiles),
            *_sectors(first),
            *(
                part
                for profile, stroke in zip(profiles, STROKES, strict=False)
                for part in _outline(profile, stroke)
            ),
            *_key_lines(keys),
            "</svg>\n",
        )
    )


def in_words(profiles: Sequence[Profile]) -> str:
    """Everything the image shows, for who does not see it."""
    said = []
    for profile in profiles:
        told = "; ".join(f"{item.title} ({item.code}) : {item.words}" for item in profile.items)
        said.append(f"{name_of(profile)}. {told}.")
    notice = profiles[0].round.notice
    return " ".join([*([notice] if notice else []), *said])


def name_of(profile: Profile) -> str:
    """Which round a line of the radar is of."""
    about = profile.round
    since = date_in_words(str(about.occurred_on))
    return f"{about.pole_name}, {about.title} ({uncapital(about.stage_title)} {since})"


def _title(profiles: Sequence[Profile]) -> str:
    names = " et ".join(name_of(profile) for profile in profiles)
    return f"Profil sur le {profiles[0].round.grid_words} : {names}"


# --- the ground -----------------------------------------------------------------------------------


def _at(turn: float, far: float) -> tuple[float, float]:
    """A point at a part of a turn from the top, clockwise, and at a distance from the middle."""
    angle = 2 * pi * turn - pi / 2
    return ACROSS + far * cos(angle), DOWN + far * sin(angle)


def _far(profile: Profile, level: int) -> float:
    """How far from the middle a level is; the lowest one has a ring of its own."""
    return RADIUS * (level + 1) / len(profile.scale)


def _turn(profile: Profile, place: int) -> float:
    return (place + 0.5) / len(profile.items)


def _rings(profile: Profile) -> Iterator[str]:
    for level in profile.scale:
        far = _far(profile, level.value)
        yield (
            f'<circle class="ring" cx="{ACROSS:g}" cy="{DOWN:g}" r="{far:.1f}" fill="none" '
            f'stroke="{FAINT}" stroke-width="1"></circle>'
        )
    for level in profile.scale:
        y = DOWN - _far(profile, level.value)
        yield (
            f'<text class="level" x="{ACROSS:g}" y="{y + 4:.1f}" text-anchor="middle" '
            f'font-size="11" fill="{SOFT}" stroke="{GROUND}" stroke-width="4" '
            f'paint-order="stroke">{level.value}</text>'
        )


def _axes(profiles: Sequence[Profile]) -> Iterator[str]:
    profile = profiles[0]
    for place, item in enumerate(profile.items):
        turn = _turn(profile, place)
        (x, y), (ox, oy) = _at(turn, _far(profile, 0)), _at(turn, RADIUS)
        yield (
            f'<line class="axis" x1="{x:.1f}" y1="{y:.1f}" x2="{ox:.1f}" y2="{oy:.1f}" '
            f'stroke="{FAINT}" stroke-width="1"></line>'
        )
        x, y = _at(turn, RADIUS + 14)
        anchor = _anchor(x, 20)
        unseen = _unseen([p.items[place] for p in profiles])
        yield (
            f'<text class="item" x="{x:.1f}" y="{y + 4:.1f}" text-anchor="{anchor}">'
            f"{xml(item.code)}"
            + (
                f'<tspan x="{x:.1f}" dy="12" font-size="10.5" fill="{SOFT}"> {xml(unseen)}</tspan>'
                if unseen
                else ""
            )
            + "</text>"
        )


def _unseen(items: Sequence[PositionLine]) -> str:
    """That an indicator was not observed, and in which round where there are two."""
    gaps = [number for number, item in enumerate(items, 1) if item.level is None]
    if not gaps:
        return ""
    where = "" if len(gaps) == len(items) else f" ({gaps[0]})"
    return f"n. o.{where}"


def _sectors(profile: Profile) -> Iterator[str]:
    """The nine principal objectives around the axes, and the three general ones beyond them."""
    total, place = len(profile.items), 0
    for branch in profile.branches:
        begin = place
        for objective in branch.objectives:
            yield from _arc(place / total, (place + len(objective.items)) / total, 78, SOFT, 1.5)
            middle = (place + len(objective.items) / 2) / total
            yield from _words(middle, RADIUS + 96, objective.title, 11.5, 400)
            place += len(objective.items)
        yield from _arc(begin / total, place / total, 72, LINE, 4)
        for edge in (begin / total, place / total):
            (x, y), (ox, oy) = _at(edge, _far(profile, 0)), _at(edge, RADIUS + 78)
            yield (
                f'<line class="edge" x1="{x:.1f}" y1="{y:.1f}" x2="{ox:.1f}" y2="{oy:.1f}" '
                f'stroke="{LINE}" stroke-width="1.2"></line>'
            )
        middle = (begin + place) / 2 / total
        beyond = 146 + 60 * abs(sin(2 * pi * middle))  # there is more room at the sides
        yield from _words(middle, RADIUS + beyond, branch.title, 15, 700)


def _anchor(x: float, near: float) -> str:
    """How words stand beside a point: away from the middle, or centred when near above or below."""
    if abs(x - ACROSS) < near:
        return "middle"
    return "start" if x > ACROSS else "end"


def _arc(begin: float, end: float, beyond: float, colour: str, thick: float) -> Iterator[str]:
    far, gap = RADIUS + beyond, 0.004
    (x, y), (ox, oy) = _at(begin + gap, far), _at(end - gap, far)
    large = int(end - begin > 0.5)
    yield (
        f'<path class="sector" d="M{x:.1f},{y:.1f}A{far:.1f},{far:.1f} 0 {large} 1 '
        f'{ox:.1f},{oy:.1f}" fill="none" stroke="{colour}" stroke-width="{thick:g}"></path>'
    )


def _words(turn: float, far: float, text: str, size: float, weight: int) -> Iterator[str]:
    x, y = _at(turn, far)
    anchor = _anchor(x, 90)
    room = 150.0 if anchor == "middle" else max(70.0, min(WIDTH - x, x) - 8)
    lines = wrap(text, room, size, bold=weight > 400)
    for number, line in enumerate(lines):
        at = y + 4 + (number - (len(lines) - 1) / 2) * (size + 2)
        yield (
            f'<text class="objective" x="{x:.1f}" y="{at:.1f}" text-anchor="{anchor}" '
            f'font-size="{size:g}" font-weight="{weight}">{xml(line)}</text>'
        )


# --- the rounds -----------------------------------------------------------------------------------


def _outline(profile: Profile, stroke: Stroke) -> Iterator[str]:
    """The line of a round: from one observed indicator to the next one beside it, never across."""
    items = profile.items
    points = [
        None if item.level is None else _at(_turn(profile, place), _far(profile, item.level))
        for place, item in enumerate(items)
    ]
    for place, begin in enumerate(points):
        end = points[(place + 1) % len(points)]
        if begin and end and len(points) > 1:
            yield (
                f'<line class="profile" x1="{begin[0]:.1f}" y1="{begin[1]:.1f}" '
                f'x2="{end[0]:.1f}" y2="{end[1]:.1f}" stroke="{stroke.colour}" '
                f'stroke-width="2.4"{stroke.dash}></line>'
            )
    for item, point in zip(items, points, strict=True):
        if point:
            yield _mark(point, stroke, f"{item.title} : {item.words}", "position")


def _mark(point: tuple[float, float], stroke: Stroke, told: str, kind: str) -> str:
    x, y = point
    look = f'fill="{GROUND}" stroke="{stroke.colour}" stroke-width="2"'
    title = f"<title>{xml(told)}</title>"
    if stroke.mark == "circle":
        return f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="4.5" {look}>{title}</circle>'
    return (
        f'<rect class="{kind}" x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8" '
        f"{look}>{title}</rect>"
    )


# --- the key --------------------------------------------------------------------------------------


def _keys(profiles: Sequence[Profile]) -> Iterator[tuple[str, Stroke | None]]:
    """How to read the image: only what it holds."""
    room = WIDTH - 90
    for number, (profile, stroke) in enumerate(zip(profiles, STROKES, strict=False), 1):
        said = f"{number}. {name_of(profile)} : {stroke.words}."
        for line_number, line in enumerate(wrap(said, room, LABEL_TEXT)):
            yield line, None if line_number else stroke
    levels = ", ".join(f"{level.value} {level.title}" for level in profiles[0].scale)
    notes = [f"Niveaux, du centre au bord : {levels}."]
    if any(item.level is None for profile in profiles for item in profile.items):
        notes.append("« n. o. » : non observé ; la ligne s'interrompt, ce n'est pas un niveau.")
    if profiles[0].round.notice:
        notes.append(profiles[0].round.notice)
    for note in notes:
        for line in wrap(note, room, LABEL_TEXT):
            yield line, None


def _key_lines(keys: Sequence[tuple[str, Stroke | None]]) -> Iterator[str]:
    for number, (line, stroke) in enumerate(keys):
        y = HEIGHT + 10 + number * LINE_HEIGHT
        if stroke:
            yield (
                f'<line class="key" x1="18" y1="{y - 4:.1f}" x2="62" y2="{y - 4:.1f}" '
                f'stroke="{stroke.colour}" stroke-width="2.4"{stroke.dash}></line>'
            )
            yield _mark((40, y - 4), stroke, stroke.words, "key")
        yield f'<text class="key" x="72" y="{y:.1f}">{xml(line)}</text>'
