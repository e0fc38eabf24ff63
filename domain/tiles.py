"""The tiles by which a log is read from afar: 256 hashes each (C2SP tlog-tiles). Pure."""

import re
from dataclasses import dataclass

WIDTH = 256
"""Hashes of a full tile; of a bundle, entries."""

TOP = 7
"""The highest level that the tiles of a log of fewer than 2⁶³ entries have."""

_PLACE = re.compile(r"((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


@dataclass(frozen=True, slots=True)
class Tile:
    """Which hashes: those of a level, from a place on; fewer than 256 at the end of the log."""

    level: int
    number: int
    width: int = WIDTH

    def is_of(self, size: int) -> bool:
        """Whether the log of a size has it, or had it when it was smaller."""
        hashes = size // WIDTH**self.level
        return 0 <= self.level <= TOP and self.number * WIDTH + self.width <= hashes

    @property
    def path(self) -> str:
        """Where it lies below its level: `x001/x234/067`, `000.p/112`."""
        text = str(self.number)
        text = text.zfill(-(-len(text) // 3) * 3)
        *before, last = (text[at : at + 3] for at in range(0, len(text), 3))
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return "".join(f"x{part}/" for part in before) + last + partial

    @classmethod
    def at(cls, level: int, path: str) -> "Tile | None":
        """The tile of a path, which is written in one way only."""
        found = _PLACE.fullmatch(path)
        if found is None or len(path) > 60:
            return None
        number = int(found[1].replace("x", "").replace("/", ""))
        tile = cls(level, number, int(found[2] or WIDTH))
        return tile if tile.path == path and tile.width <= WIDTH else None


def tiles_of(size: int) -> list[Tile]:
    """Every tile that the log of a size has, full ones and the last one of each level."""
    found, hashes = [], size
    for level in range(TOP + 1):
        full, rest = divmod(hashes, WIDTH)
        found += [Tile(level, number) for number in range(full)]
        found += [Tile(level, full, rest)] if rest else []
        hashes = full
    return found
