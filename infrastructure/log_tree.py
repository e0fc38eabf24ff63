"""The tree of the log as it is kept in the journal: its proofs, its tiles, its entries.

Nothing is stored for them: each event's row has its leaf and the peak that it completes, and what
an entry says is recomputed.
"""

from collections.abc import Callable, Mapping
from typing import TypeVar
from uuid import UUID

from domain import audit
from domain.proofs import Tree, consistency, inclusion, subtree
from domain.tiles import WIDTH, Tile
from infrastructure.audit_log import verify
from infrastructure.event_store.journal import Journal, ProofRow

T = TypeVar("T")


class LogTree:
    """What can be proved with the journal of a registry."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def root(self, size: int) -> bytes:
        """The root that the kept peaks give at a size; of nothing where one of them is missing."""
        try:
            return self._journal.root(size)
        except KeyError:  # a row is gone: this is the root of no tree
            return bytes(32)

    def read_again(self, after: int, size: int) -> bytes:
        """The root of a size, of which every event beyond another size is verified first."""
        return verify(self._journal, after=after, until=size).root

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """The path that proves an event to be in the log of a size."""
        return self._asked(lambda tree: inclusion(tree, index, size))

    def consistency(self, old: int, new: int) -> list[bytes]:
        """The path that proves the log of a size to be the beginning of a longer one."""
        return self._asked(lambda tree: consistency(tree, old, new))

    def hashes(self, tile: Tile) -> bytes:
        """The hashes of a tile, 32 bytes each; whoever asks knows that it is within the log."""
        span = WIDTH**tile.level
        first = tile.number * WIDTH * span

        def all_of(tree: Tree) -> bytes:
            starts = range(first, first + tile.width * span, span)
            return b"".join(subtree(tree, start, start + span) for start in starts)

        return self._asked(all_of)

    def entry(self, index: int) -> bytes:
        """The entry of the event at an index."""
        return _entry(self._journal.proofs(index, 1)[0])

    def entries(self, tile: Tile) -> bytes:
        """The entries below a tile of the lowest level, each after its length in two bytes."""
        rows = self._journal.proofs(tile.number * WIDTH, tile.width)
        said = (_entry(row) for row in rows)
        return b"".join(len(entry).to_bytes(2) + entry for entry in said)

    def _asked(self, ask: Callable[[Tree], T]) -> T:
        """What is asked of the tree, with all that it needs fetched at once."""
        wanted = _Wanted()
        ask(wanted)
        found = self._journal.tree_at(sorted(wanted.indexes))
        return ask(_Fetched(found))


class _Wanted:
    """A tree of nothing, that notes what is looked at."""

    def __init__(self) -> None:
        self.indexes: set[int] = set()

    def leaf(self, index: int) -> bytes:
        self.indexes.add(index)
        return bytes(32)

    peak = leaf


class _Fetched:
    """The same, of what was fetched."""

    def __init__(self, found: Mapping[int, tuple[bytes, bytes]]) -> None:
        self._found = found

    def leaf(self, index: int) -> bytes:
        return self._found[index][0]

    def peak(self, index: int) -> bytes:
        return self._found[index][1]


def _entry(row: ProofRow) -> bytes:
    return audit.entry(
        index=row.position - 1,
        event_id=UUID(row.event_id),
        topic=row.topic,
        stream=UUID(row.stream),
        version=row.version,
        recorded_at=row.recorded_at,
        state=bytes(row.state),
    )
