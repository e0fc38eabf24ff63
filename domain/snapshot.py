"""Snapshots: what the lists said at a size of the journal, for later code to prove it reads so."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from domain.errors import Refused
from domain.finality import Finality
from domain.kernel import Aggregate, Event, event
from domain.place_year import Sha256
from domain.values import Frozen
from domain.words import Name

SNAPSHOTS = UUID("93b0f5c2-2f1e-4a6d-8d55-7c1f0a9e64b3")
"""The one stream of the snapshots of a registry."""


class ListDigest(Frozen):
    """What a list said: in which columns, in how many rows, and the SHA-256 of those."""

    columns: tuple[Name, ...]
    rows: Annotated[int, Field(ge=0)]
    digest: Sha256


FoldVersion = Annotated[str, StringConstraints(pattern=r"^[0-9a-z.@+-]{1,40}$")]


class SnapshotKnown(Refused):
    """A size is closed once; nothing was recorded since but that."""

    code = "snapshot.known"
    fr = "Rien n'a été enregistré depuis le dernier arrêté, à {size} événements."
    en = "Nothing was recorded since the last snapshot, at {size} events."


class Snapshots(Aggregate):
    """The snapshots that were closed, the first one first."""

    class SnapshotClosed(Event):
        """At a size of the journal, the lists said this, as that version of the code read it."""

        TOPIC = "snapshot.closed.v1"
        UNDONE_BY = Finality.KEEPING
        size: Annotated[int, Field(ge=0)]
        fold_version: FoldVersion
        digests: Mapping[Name, ListDigest]

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.closed: dict[int, tuple[str, Mapping[str, ListDigest]]] = {}
        """By their sizes: which reading of events, and what each list said."""

    def close(self, *, size: int, fold_version: str, digests: Mapping[str, ListDigest]) -> None:
        """Close a size, once; the size after the last one holds nothing but the last snapshot."""
        last = max(self.closed, default=None)
        if last is not None and size <= last + 1:
            raise SnapshotKnown(size=last)
        self._closed(size=size, fold_version=fold_version, digests=dict(digests))

    @event(SnapshotClosed)
    def _closed(self, *, size: int, fold_version: str, digests: Mapping[str, ListDigest]) -> None:
        self.closed[size] = fold_version, digests
