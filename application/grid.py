"""Publish grids, and show them: the référentiel and the criteria of 2012, version by version."""

from collections.abc import Mapping
from uuid import UUID

from pydantic import Field
from typing_extensions import override

from application.command import Command, Work
from application.listing import Listed, Listing, listing
from application.offices import PUBLISHERS
from application.round_in_words import GRID_KINDS, grid_in_words
from application.wording import WORDS, capital, rule_source, tells
from application.world import Moment, World
from domain.grid import GRIDS, Grid, GridKind, Grids, GridStatus
from domain.kernel import Event

STATUSES: Mapping[str, str] = {
    GridStatus.OFFICIAL: "d'après le texte publié",
    GridStatus.PLACEHOLDER: "provisoire",
}
WORDS[GridKind], WORDS[GridStatus] = GRID_KINDS, STATUSES


class PublishGrid(
    Command,
    name="grid.publish",
    says="Publier une version d'une grille ; elle ne changera plus.",
    by=PUBLISHERS,
):
    """Publish a version of a grid; it never changes again."""

    grid: Grid = Field(description="La grille entière.")

    @override
    def execute(self, work: Work) -> UUID:
        grids = published(work)
        if grids.publish(self.grid):
            work.save(grids)
        return GRIDS


def published(work: Work) -> Grids:
    """Every grid that was published."""
    return work.find(Grids, GRIDS) or Grids(GRIDS)


def grid_at(world: World, ref: str, moment: Moment | None = None) -> Grid:
    """A version by its name; refused where it was not published then."""
    known = moment.known if moment else None
    return (world.load(Grids, GRIDS, known) or Grids(GRIDS)).get(ref)


def criteria_at(world: World, moment: Moment) -> Grid | None:
    """The criteria of 2012, as they were published then."""
    grids = world.load(Grids, GRIDS, moment.known) or Grids(GRIDS)
    known = [grid for grid, _ in grids.grids.values() if grid.id is GridKind.CRITERIA_2012]
    return grids.current(GridKind.CRITERIA_2012, moment.in_force) if known else None


def grids_in_words(world: World, moment: Moment) -> Mapping[str, str]:
    """What the grids published then are called, by the version that names each."""
    grids = world.load(Grids, GRIDS, moment.known) or Grids(GRIDS)
    return {
        ref: grid_in_words(ref, placeholder=grid.is_placeholder)
        for ref, (grid, _) in grids.grids.items()
    }


def criteria_in_words(world: World, moment: Moment) -> Mapping[str, str]:
    """The criteria of 2012 in the words of the last of their grids published then, by code."""
    grids = world.load(Grids, GRIDS, moment.known) or Grids(GRIDS)
    known = [grid for grid, _ in grids.grids.values() if grid.id is GridKind.CRITERIA_2012]
    known.sort(key=lambda grid: grid.version)
    return {item.code: item.title.fr for grid in known for item in grid.items.values()}


class GridListed(Listed):
    """A version of a grid as lists show it."""

    ref: str = Field(title="Code")
    title: str
    words: str = Field(title="Grille")
    kind: GridKind = Field(title="Nature")
    status: GridStatus = Field(title="Statut")
    items: int = Field(title="Éléments")
    digest: str = Field(title="Empreinte")
    placeholder: bool = Field(title="Provisoire")
    notice: str | None = Field(None, title="À savoir")


def grids_listed(world: World, moment: Moment) -> list[GridListed]:
    """The versions that were published then, by name."""
    lines = []
    for recorded in world.told(Grids.Published, until=moment.known):
        event = recorded.event
        if isinstance(event, Grids.Published) and recorded.in_force_from <= moment.in_force:
            lines.append(
                GridListed(
                    id=event.meta.event_id,
                    fact=event.meta.event_id,
                    occurred_on=event.occurred_on,
                    source=" ; ".join(rule_source(source) for source in event.grid.source),
                    ref=event.grid.ref,
                    title=event.grid.title.fr,
                    words=grid_in_words(event.grid.ref, placeholder=event.grid.is_placeholder),
                    kind=event.grid.id,
                    status=event.grid.status,
                    items=len(event.grid.items),
                    digest=event.digest,
                    placeholder=event.grid.is_placeholder,
                    notice=event.grid.notice,
                )
            )
    return sorted(lines, key=lambda line: line.ref)


GRIDS_LISTED = listing(
    Listing(
        name="grid",
        line=GridListed,
        title="Grilles",
        says="Ce au regard de quoi un pôle est lu : le référentiel d'action et les critères de "
        "2012, version par version. Une version publiée ne change plus.",
        path="/grilles",
        columns=("words", "status", "items", "occurred_on", "notice", "source", "ref"),
        headings={"occurred_on": "Datée"},
        empty="Aucune grille n'est publiée.",
        begun_by="grid.publish",
        ask=grids_listed,
        about_poles=False,
    )
)


@tells
def tell(event: Event) -> tuple[str, str] | None:
    match event:
        case Grids.Published(grid=grid):
            said = f" {grid.notice}" if grid.notice else ""
            named = grid_in_words(grid.ref, placeholder=grid.is_placeholder)
            return "Grille publiée", f"{capital(named)}.{said}"
        case _:
            return None
