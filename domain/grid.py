"""Grids: what a pole is read against. Versioned data, published once and never changed again."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from domain.dates import PartialDate
from domain.errors import Invalid, NotFound, Refused
from domain.kernel import Aggregate, Event, event
from domain.spelling import plain
from domain.values import Frozen, Line
from domain.words import LARGEST_INTEGER, Text

GRIDS = UUID("b6f0c0de-6c1a-4d3e-9a6f-0d2f7f1c5a27")
"""The one stream in which every grid is published."""

GridRef = Annotated[
    str, StringConstraints(pattern=r"^(referentiel|criteria_2012)@[0-9a-z][0-9a-z.-]{0,39}$")
]
"""A grid and its version: `referentiel@3.7`."""

ItemCode = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Za-z0-9_]{0,19}$")]


class GridKind(StrEnum):
    """Which grid it is a version of."""

    REFERENTIEL = "referentiel"
    CRITERIA_2012 = "criteria_2012"


class GridStatus(StrEnum):
    """Whose words it is made of."""

    OFFICIAL = "official"
    PLACEHOLDER = "placeholder"


PLACEHOLDER = Text(
    fr="Grille provisoire : ses libellés sont ceux de ce registre, tirés de la loi, de la charte "
    "et de critères publics. Ce n'est pas le référentiel d'action publié par le Labo de l'ESS.",
    en="Placeholder grid: its wording is this register's own, drawn from the law, the charter and "
    "public criteria. It is not the référentiel d'action published by the Labo de l'ESS.",
)
"""What is said wherever a placeholder is shown."""


# --- what a grid is made of ---------------------------------------------------------------------


class Level(Frozen):
    """One degree of the scale; levels are in order, and nothing is ever computed from them."""

    value: Annotated[int, Field(ge=0, le=10)]
    title: Text


class Item(Frozen):
    """What is looked at: an indicator of the référentiel, a criterion of 2012."""

    code: ItemCode
    title: Text
    source: Line


class Objective(Frozen):
    """A principal objective of the référentiel, with its indicators."""

    code: ItemCode
    title: Text
    items: tuple[Item, ...]


class Branch(Frozen):
    """A general objective of the référentiel, or a group of criteria."""

    code: ItemCode
    title: Text
    objectives: tuple[Objective, ...] = ()
    items: tuple[Item, ...] = ()


class Grid(Frozen):
    """A version of a grid: its tree, its scale, where its words come from."""

    id: GridKind
    version: Annotated[str, StringConstraints(pattern=r"^[0-9a-z][0-9a-z.-]{0,39}$")]
    dated: PartialDate
    """Of when the document is; the version is in force from then on."""
    title: Text
    about: Text
    status: GridStatus
    source: Annotated[tuple[Line, ...], Field(min_length=1)]
    scale: tuple[Level, ...] = ()
    tree: tuple[Branch, ...]

    @property
    def ref(self) -> str:
        """`id@version`, as rounds name it."""
        return f"{self.id}@{self.version}"

    @property
    def is_placeholder(self) -> bool:
        return self.status is GridStatus.PLACEHOLDER

    @property
    def notice(self) -> str | None:
        """What must be said wherever it is shown; nothing, of an official one."""
        return PLACEHOLDER.fr if self.is_placeholder else None

    @cached_property
    def items(self) -> Mapping[str, Item]:
        """Everything that is looked at, by code, in the order of the tree."""
        return {item.code: item for item in self._items()}

    @cached_property
    def levels(self) -> Mapping[int, Level]:
        return {level.value: level for level in self.scale}

    def _items(self) -> Iterator[Item]:
        for branch in self.tree:
            yield from branch.items
            for objective in branch.objectives:
                yield from objective.items


# --- refusals -----------------------------------------------------------------------------------


class FaultyGrid(Invalid):
    """A file, or what it holds, is not a grid."""

    code = "grid.faulty"
    fr = "La grille ne peut pas être publiée : {where} : {reason}."
    en = "The grid cannot be published: {where}: {reason}."


class GridPublished(Refused):
    """A published version never changes again."""

    code = "grid.published"
    fr = "{ref} est déjà publiée avec un autre contenu ; publiez une nouvelle version."
    en = "{ref} is already published with another content; publish a new version."


class UnknownGrid(NotFound):
    """No such version was published."""

    code = "grid.unknown"
    fr = "La grille « {ref} » n'est pas publiée ; grilles publiées : {known}."
    en = "The grid “{ref}” is not published; published grids: {known}."


class UnknownItem(Invalid):
    """The grid has no such indicator, or criterion."""

    code = "grid.unknown_item"
    fr = "La grille {ref} n'a pas d'élément « {item} » ; ses codes : {known}."
    en = "The grid {ref} has no item “{item}”; its codes: {known}."


class OffScale(Invalid):
    """A level is one of the scale."""

    code = "grid.off_scale"
    fr = "« {level} » n'est pas un niveau de la grille {ref} : {known}."
    en = "“{level}” is not a level of the grid {ref}: {known}."


# --- its shape ----------------------------------------------------------------------------------

REFERENTIEL_SHAPE = (3, 9, 27)
"""General objectives, principal objectives, indicators: what the référentiel's own texts give. How
they spread over one another is not known, and is not asked (source: référentiel v3.7)."""

CRITERIA_SHAPE = (8, 6)
"""Must-have criteria and criteria to test (source: the list of 2012)."""


def check_shape(grid: Grid) -> None:
    """Refuse a grid that has not the shape of what it says it is."""
    if fault := next(_faults(grid), None):
        raise FaultyGrid(where=grid.ref, reason=fault)


def _faults(grid: Grid) -> Iterator[str]:
    codes = [item.code for item in grid._items()]
    codes += [branch.code for branch in grid.tree]
    codes += [objective.code for branch in grid.tree for objective in branch.objectives]
    twice = [code for code, number in Counter(codes).items() if number > 1]
    if twice:
        yield f"le code « {twice[0]} » est donné deux fois"
    if any(not item.title.fr for item in grid._items()):
        yield "un libellé français manque"
    if grid.id is GridKind.REFERENTIEL:
        yield from _referentiel_faults(grid)
    else:
        yield from _criteria_faults(grid)


def _referentiel_faults(grid: Grid) -> Iterator[str]:
    objectives = sum(len(branch.objectives) for branch in grid.tree)
    found = (len(grid.tree), objectives, len(grid.items))
    if found != REFERENTIEL_SHAPE or any(branch.items for branch in grid.tree):
        yield (
            "un référentiel a 3 objectifs généraux, 9 objectifs principaux et 27 indicateurs ; "
            f"ici {found[0]}, {found[1]} et {found[2]}"
        )
    if any(not objective.items for branch in grid.tree for objective in branch.objectives):
        yield "un objectif principal n'a pas d'indicateur"
    if len(grid.scale) < 2:
        yield "l'échelle a deux niveaux au moins"
    if [level.value for level in grid.scale] != list(range(len(grid.scale))):
        yield "les niveaux se suivent de un en un, à partir de 0"


def _criteria_faults(grid: Grid) -> Iterator[str]:
    found = tuple(len(branch.items) for branch in grid.tree)
    if found != CRITERIA_SHAPE or any(branch.objectives for branch in grid.tree):
        told = " et ".join(map(str, found)) or "aucun"
        yield f"la grille de 2012 a 8 critères incontournables et 6 critères à tester ; ici {told}"
    if grid.scale:
        yield "la grille de 2012 n'a pas d'échelle"


# --- the aggregate ------------------------------------------------------------------------------


class Grids(Aggregate):
    """The grids that were published, each once."""

    class Published(Event):
        """A version of a grid was published, whole, under the hash of its content."""

        TOPIC = "grid.published.v1"
        UNDONE_BY = ("grid.publish",)
        grid: Grid
        digest: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.grids: dict[str, tuple[Grid, str]] = {}

    def publish(self, grid: Grid) -> bool:
        """Publish a grid; `False` when this very content was published before."""
        check_shape(grid)
        digest = grid_digest(grid)
        if grid.ref in self.grids:
            if self.grids[grid.ref][1] != digest:
                raise GridPublished(ref=grid.ref)
            return False
        self._published(grid=grid, digest=digest, occurred_on=grid.dated)
        return True

    @event(Published)
    def _published(self, *, grid: Grid, digest: str, occurred_on: PartialDate) -> None:
        self.grids[grid.ref] = (grid, digest)

    def get(self, ref: str) -> Grid:
        """A published version."""
        try:
            return self.grids[ref][0]
        except KeyError:
            known = ", ".join(sorted(self.grids)) or "aucune"
            raise UnknownGrid(ref=ref[:60], known=known) from None

    def current(self, kind: GridKind, day: date) -> Grid:
        """The version that a new round takes: an official one before any placeholder, the latest.

        One that is dated after the day is taken only where there is no other (product rule).
        """
        known = [grid for grid, _ in self.grids.values() if grid.id is kind]
        if not known:
            raise UnknownGrid(ref=kind.value, known=", ".join(sorted(self.grids)) or "aucune")

        def rank(grid: Grid) -> tuple[bool, bool, date, str]:
            begins = grid.dated.first_day or date.min
            return not grid.is_placeholder, begins <= day, begins, grid.version

        return max(known, key=rank)


def item_of(grid: Grid, named: str) -> Item:
    """An indicator, or a criterion, of a grid, by its code or its words; refused where it has none.

    Words that name several of them name none.
    """
    if named in grid.items:
        return grid.items[named]
    wanted = plain(named)
    meant = [i for i in grid.items.values() if wanted in (plain(i.code), *_said(i.title))]
    if len(meant) != 1:
        raise UnknownItem(ref=grid.ref, item=named[:40], known=", ".join(grid.items))
    return meant[0]


def level_of(grid: Grid, named: int | str) -> Level:
    """A level of the scale of a grid, by its number or its words: `amorcé`."""
    is_endless = isinstance(named, int) and abs(named) > LARGEST_INTEGER
    text = "ce nombre" if is_endless else str(named).strip()
    wanted = plain(text)
    for level in grid.scale:
        said = _said(level.title)
        if text == str(level.value) or wanted in said | {f"{level.value}-{one}" for one in said}:
            return level
    known = ", ".join(f"{level.value} ({level.title.fr})" for level in grid.scale)
    raise OffScale(ref=grid.ref, level=text[:40], known=known or "aucun")


def _said(title: Text) -> set[str]:
    """The words of a title, as they are compared."""
    return {plain(words) for words in (title.fr, title.en) if words}


def grid_digest(grid: Grid) -> str:
    """SHA-256, in hexadecimal, of the grid's JSON with its members in order."""
    content = grid.model_dump(mode="json")
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    try:
        return sha256(text.encode()).hexdigest()
    except UnicodeEncodeError:
        reason = "un texte contient un caractère qui ne peut pas s'écrire"
        raise FaultyGrid(where=grid.ref, reason=reason) from None
