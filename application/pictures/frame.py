"""What the charts of a pole have in common: a ground of their own, a title, words for who reads."""

from collections.abc import Iterable

from application.pictures.svg import FACES, GROUND, INK
from application.pictures.words import xml

FAINT = "#d8d4c8"
SMALL = 12.5


def framed(
    parts: Iterable[str], *, width: float, height: float, title: str, desc: str, prefix: str
) -> str:
    """A chart as an SVG image inside a page; looks are plain attributes, as its policy wants."""
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" '
            f'aria-labelledby="{xml(prefix)}-image" aria-describedby="{xml(prefix)}-description" '
            f'width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}" '
            f'font-family="{FACES}" font-size="{SMALL:g}" fill="{INK}">',
            f'<title id="{xml(prefix)}-image">{xml(title)}</title>',
            f'<desc id="{xml(prefix)}-description">{xml(desc)}</desc>',
            f'<rect class="ground" width="100%" height="100%" rx="6" fill="{GROUND}"></rect>',
            *parts,
            "</svg>\n",
        )
    )


def words(
    x: float, y: float, said: str, *, anchor: str = "start", fill: str = INK, bold: bool = False
) -> str:
    """A text of a chart."""
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{fill}"{weight}>'
        f"{xml(said)}</text>"
    )


def line(
    start: tuple[float, float],
    end: tuple[float, float],
    stroke: str,
    wide: float = 1,
    dash: str = "",
) -> str:
    """A straight line of a chart."""
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{start[0]:.1f}" y1="{start[1]:.1f}" x2="{end[0]:.1f}" y2="{end[1]:.1f}" '
        f'stroke="{stroke}" stroke-width="{wide:g}"{dashed}></line>'
    )
