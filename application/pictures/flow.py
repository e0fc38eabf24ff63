"""How many of a cohort reached each stage, as bars: those that stand there still are the dark part.

A table says the same beside it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from application.pictures.words import xml

WIDTH, ROW, BAR = 360.0, 46.0, 16.0
"""In pixels: narrow enough for a telephone, where it keeps its size."""


@dataclass(frozen=True, slots=True)
class FlowBar:
    """A stage: how many reached it, how many of these stand there."""

    title: str
    reached: int
    there: int
    says: str
    """Both in words."""


def flow(bars: Sequence[FlowBar], *, title: str) -> str:
    """The image, to stand inside a page."""
    return "".join(_parts(bars, title))


def _parts(bars: Sequence[FlowBar], title: str) -> Iterator[str]:
    height = ROW * len(bars) + 6
    size = f'width="{WIDTH:.0f}" height="{height:.0f}" viewBox="0 0 {WIDTH:.0f} {height:.0f}"'
    yield f'<svg class="flow" role="img" aria-label="{xml(title)}" {size}>'
    most = max((bar.reached for bar in bars), default=0)
    for number, bar in enumerate(bars):
        top = number * ROW
        yield f'<text class="flow-title" x="0" y="{top + 17:.0f}">{xml(bar.title)}</text>'
        yield f'<text class="flow-says" x="{WIDTH:.0f}" y="{top + 17:.0f}">{xml(bar.says)}</text>'
        for name, poles in (("reached", bar.reached), ("there", bar.there)):
            if poles:
                wide = WIDTH * poles / most
                box = f'y="{top + 24:.0f}" width="{wide:.1f}" height="{BAR:.0f}"'
                yield f'<rect class="flow-{name}" x="0" {box}/>'
    yield "</svg>"
