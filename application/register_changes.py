"""What changed in the register between two moments: the poles one by one, and what was counted."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from application.extract import Cell, Money, date_cell
from application.register import PoleLine
from application.wording import WORDS
from application.world import Moment
from domain.spelling import plain
from domain.territory import parts

ENDED = "ended"


class PoleMove(StrEnum):
    """What came to a pole between two moments: the first of these that did."""

    ENTERED = "entree"
    GONE = "annulee"
    ENDED = "fin"
    MOVED = "etape"
    DESCRIBED = "portrait"


MOVES: Mapping[str, str] = {
    PoleMove.ENTERED: "entré au registre",
    PoleMove.GONE: "inscription annulée",
    PoleMove.ENDED: "a cessé",
    PoleMove.MOVED: "a changé d'étape",
    PoleMove.DESCRIBED: "est décrit autrement",
}
WORDS[PoleMove] = MOVES

DESCRIBED: Mapping[str, str] = {
    "name": "nom",
    "territory": "territoire",
    "department": "département",
    "region": "région",
    "activity": "activité",
}
"""What a description is made of, by the field of the register that says it."""


@dataclass(frozen=True, slots=True)
class PoleChange:
    """A pole in which something changed, and how it stood at both moments."""

    line: PoleLine
    move: PoleMove
    before: str
    after: str

    def cells(self) -> tuple[Cell, ...]:
        """The same as a line of a file."""
        line = self.line
        since = date_cell(line.occurred_on)
        said = MOVES[self.move], self.before or None, self.after or None
        return (line.name, *said, line.stage_title, since, line.region, line.code)


COLUMNS = (
    *("Pôle", "Ce qui a changé", "Avant", "Après"),
    *("Étape", "À cette étape depuis", "Région", "Code"),
)
"""What a file of changes is made of."""


@dataclass(frozen=True, slots=True)
class FigureBetween:
    """A figure at two moments, and the list of the lines that it counts."""

    title: str
    path: str
    query: Mapping[str, str]
    before: int
    after: int
    is_amount: bool = False

    @property
    def difference(self) -> int:
        return self.after - self.before

    def cells(self) -> tuple[Cell, ...]:
        """The same as a line of a file."""
        figures = (self.before, self.after, self.difference)
        return (self.title, *(Money(one) if self.is_amount else one for one in figures))


@dataclass(frozen=True, slots=True)
class RegisterChanges:
    """What changed between two moments, at a root of the log which nobody can change.

    Args:
        lines: the poles in which something changed, by their names.
        counts: how many poles each move came to, before one of them was chosen.
    """

    first: Moment
    last: Moment
    root: str
    figures: tuple[FigureBetween, ...]
    lines: tuple[PoleChange, ...]
    counts: Mapping[str, int] = field(default_factory=dict)


def pole_changes(before: Iterable[PoleLine], after: Iterable[PoleLine]) -> Iterator[PoleChange]:
    """What changed in the poles of the register from one moment to another, by their names."""
    were: dict[UUID, PoleLine] = {line.id: line for line in before}
    found = []
    for line in after:
        was = were.pop(line.id, None)
        if was is not line and (change := _change(was, line)):
            found.append(change)
    found.extend(PoleChange(line, PoleMove.GONE, line.stage_title, "") for line in were.values())
    yield from sorted(found, key=lambda change: (plain(change.line.name), change.line.code))


def _change(was: PoleLine | None, line: PoleLine) -> PoleChange | None:
    if was is None:
        return PoleChange(line, PoleMove.ENTERED, "", line.stage_title)
    if was.stage != line.stage:
        move = PoleMove.ENDED if line.stage == ENDED else PoleMove.MOVED
        return PoleChange(line, move, was.stage_title, line.stage_title)
    told = {name: (getattr(was, name), getattr(line, name)) for name in DESCRIBED}
    other = {name: said for name, said in told.items() if said[0] != said[1]}
    if not other:
        return None
    sides = (
        " ; ".join(f"{DESCRIBED[name]} : {said[side] or 'rien'}" for name, said in other.items())
        for side in (0, 1)
    )
    return PoleChange(line, PoleMove.DESCRIBED, *sides)


def lies_in(line: PoleLine, region: str) -> bool:
    """Whether a pole acts in a region, perhaps among others."""
    return plain(region) in {plain(one) for one in parts(line.region or "")}
