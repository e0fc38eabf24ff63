"""Close what the lists say at a size of the journal, and prove later that it still reads the same.

What is digested are the rows of each list as they were known at that size, in the columns that the
list then had: a column added since changes nothing. Words, sheets and the order of rows are not
digested: they may be said better without reading the past otherwise.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from pydantic import Field
from typing_extensions import override

from application.command import Command, Work
from application.offices import PUBLISHERS
from application.wording import tells, thousands
from application.world import World
from domain.kernel import Event
from domain.roles import Role
from domain.snapshot import SNAPSHOTS, FoldVersion, ListDigest, Snapshots
from domain.values import Frozen
from domain.words import Name

FOLD_VERSION = "1"
"""Which reading of events made the digests; it goes up when one is changed on purpose."""


class CloseSnapshot(
    Command,
    name="snapshot.close",
    says="Arrêter ce que disent les listes à la taille du journal.",
    by=(Role.AUDITOR, *PUBLISHERS),
):
    """Record what the lists say now, by their digests."""

    size: int = Field(ge=0, description="La taille du journal dont il s'agit.")
    fold_version: FoldVersion = Field(description="Quelle lecture des événements l'a donné.")
    digests: dict[Name, ListDigest] = Field(description="L'empreinte de chaque liste.")

    @override
    def execute(self, work: Work) -> UUID:
        snapshots = work.find(Snapshots, SNAPSHOTS) or Snapshots(SNAPSHOTS)
        snapshots.close(size=self.size, fold_version=self.fold_version, digests=self.digests)
        work.save(snapshots)
        return snapshots.id


Digesting = Callable[[int, Mapping[str, ListDigest]], Mapping[str, ListDigest]]
"""What digests lists as known at a size, each in the columns that another digest names."""


class ReadOtherwise(Frozen):
    """A list that does not say of a size what it said: how, in a sentence."""

    name: str
    sentence: str


class CheckedSnapshot(Frozen):
    """A snapshot, and what reads differently since."""

    position: int
    size: int
    recorded_at: datetime
    fold_version: str
    lists: int
    differences: tuple[ReadOtherwise, ...]


def check_snapshots(world: World, digest: Digesting) -> list[CheckedSnapshot]:
    """Every snapshot, its lists digested again with today's code."""
    checked = []
    for recorded in world.history(SNAPSHOTS):
        event = recorded.event
        if isinstance(event, Snapshots.SnapshotClosed):
            found = digest(event.size, event.digests)
            differences = (
                ReadOtherwise(name=name, sentence=said)
                for name, kept in event.digests.items()
                if (said := _otherwise(name, kept, found.get(name)))
            )
            checked.append(
                CheckedSnapshot(
                    position=recorded.position,
                    size=event.size,
                    recorded_at=recorded.recorded_at,
                    fold_version=event.fold_version,
                    lists=len(event.digests),
                    differences=tuple(differences),
                )
            )
    return checked


def _otherwise(name: str, kept: ListDigest, found: ListDigest | None) -> str:
    """In what a list differs; empty where it says the same."""
    if found is None:
        return f"La liste « {name} » n'existe plus."
    if gone := [column for column in kept.columns if column not in found.columns]:
        return f"La liste « {name} » n'a plus : {', '.join(gone)}."
    if found.rows != kept.rows:
        return f"La liste « {name} » a {found.rows} lignes au lieu de {kept.rows}."
    if found.digest != kept.digest:
        lines = f"autant de lignes ({kept.rows})"
        return f"La liste « {name} » a {lines}, qui ne disent pas la même chose."
    return ""


@tells
def _tell(event: Event) -> tuple[str, str] | None:
    match event:
        case Snapshots.SnapshotClosed(size=size, digests=digests, fold_version=version):
            said = f"{len(digests)} listes, à {thousands(size)} événements (lecture {version})"
            return "Arrêté des listes", said
        case _:
            return None
