"""The entries of a bundle: those of the whole log with its tiles, or some with their proofs."""

from collections.abc import Collection, Iterator

from domain import audit, bundle
from domain.bundle import LoggedEvent
from domain.checkpoint import Checkpoint
from domain.errors import Damaged
from domain.logged import LogProof
from domain.note import SignedNote
from domain.proofs import root_from
from domain.tiles import WIDTH, Tile, tiles_of
from infrastructure.bundle_files import BundleFiles


class BundleEntries:
    """Each entry with its index, once it was held against the tree that was signed."""

    def __init__(self, files: BundleFiles, note: SignedNote, checkpoint: Checkpoint) -> None:
        self._files = files
        self._note = note
        self._checkpoint = checkpoint
        self.roots = {checkpoint.size: checkpoint.root}
        """Of the log at some sizes: that which is signed, and those that were asked for."""
        self._peaks: list[tuple[int, bytes]] = []

    def of_log(self, wanted: Collection[int] = ()) -> Iterator[tuple[int, bytes]]:
        """The entries of the whole log; on the way, every tile and the root.

        Args:
            wanted: sizes of which the root is asked too.
        """
        size = self._checkpoint.size
        peaks: list[bytes] = []
        for tile in (tile for tile in tiles_of(size) if tile.level == 0):
            leaves = []
            for place, entry in enumerate(self._entries_of(tile)):
                leaves.append(audit.leaf_hash(entry))
                if wanted:
                    self._grow(leaves[-1], tile.number * WIDTH + place + 1, wanted)
                yield tile.number * WIDTH + place, entry
            self._compare(tile, leaves)
            peaks.append(_root(leaves))
        level = 1
        hashes = peaks[: size // WIDTH]
        while hashes:
            for tile in (tile for tile in tiles_of(size) if tile.level == level):
                first = tile.number * WIDTH
                self._compare(tile, hashes[first : first + tile.width])
            hashes = [_root(hashes[at : at + WIDTH]) for at in range(0, len(hashes), WIDTH)][
                : len(hashes) // WIDTH
            ]
            level += 1
        if _root_of(peaks, size) != self._checkpoint.root:
            self._files.fault(
                bundle.CHECKPOINT, "sa racine n'est pas celle que donnent les entrées"
            )

    def _grow(self, leaf: bytes, size: int, wanted: Collection[int]) -> None:
        """Keep the peaks of the log as it grows by a leaf, and its root where that is asked."""
        peaks = self._peaks
        peaks.append((1, leaf))
        while len(peaks) > 1 and peaks[-1][0] == peaks[-2][0]:
            (width, right), (_, left) = peaks.pop(), peaks.pop()
            peaks.append((2 * width, audit.node_hash(left, right)))
        if size in wanted and size not in self.roots:
            self.roots[size] = audit.root_of([peak for _, peak in peaks])

    def told(self, index: int) -> LoggedEvent | None:
        """What the entry of an index says, as far as it can be read."""
        name = bundle.PROOFS.format(index=index)
        if name in self._files.names:
            try:
                return bundle.read_entry(LogProof.read(self._files.read(name)).entry)
            except Damaged:
                return None
        number = index // WIDTH
        width = max(1, min(WIDTH, self._checkpoint.size - number * WIDTH))
        name = f"tile/entries/{Tile(0, number, width).path}"
        content, at = (self._files.read(name) if name in self._files.names else b""), 0
        for _ in range(index % WIDTH):
            at += 2 + int.from_bytes(content[at : at + 2])
        entry = content[at + 2 : at + 2 + int.from_bytes(content[at : at + 2])]
        return bundle.read_entry(entry)

    def _entries_of(self, tile: Tile) -> list[bytes]:
        name = f"tile/entries/{tile.path}"
        content, entries, at = self._files.held(name), list[bytes](), 0
        while at < len(content) and len(entries) < tile.width:
            length = int.from_bytes(content[at : at + 2])
            entries.append(content[at + 2 : at + 2 + length])
            at += 2 + length
        if at != len(content) or len(entries) != tile.width:
            index = tile.number * WIDTH + min(len(entries), tile.width - 1)
            self._files.fault(name, "elle ne contient pas les entrées qu'il faut", index)
        return entries + [b""] * (tile.width - len(entries))

    def _compare(self, tile: Tile, hashes: list[bytes]) -> None:
        name = f"tile/{tile.level}/{tile.path}"
        content = self._files.held(name)
        if content == b"".join(hashes):
            return
        for place, known in enumerate(hashes):
            if content[32 * place : 32 * place + 32] != known:
                first = (tile.number * WIDTH + place) * WIDTH**tile.level
                index = first if tile.level == 0 else None
                self._files.fault(name, f"la tuile {name} n'est pas celle des entrées", index)
        if len(content) != 32 * len(hashes):
            self._files.fault(name, "elle n'a pas la bonne longueur")

    def of_pole(self) -> Iterator[tuple[int, bytes]]:
        """The entries of a bundle of one pole, each with its proof."""
        checkpoint = self._checkpoint
        names = (name for name in self._files.names if name.startswith("preuves/"))
        places = {name.removeprefix("preuves/").removesuffix(".tlog-proof"): name for name in names}
        numbered = sorted((int(place), name) for place, name in places.items() if place.isdecimal())
        for index, name in numbered:
            if bundle.PROOFS.format(index=index) != name:
                continue  # it has nothing to do there, and is told so
            try:
                proof = LogProof.read(self._files.held(name))
            except Damaged as error:
                self._files.fault(name, error.say("fr").rstrip("."), index)
                continue
            root = root_from(audit.leaf_hash(proof.entry), index, checkpoint.size, proof.path)
            if proof.index != index or proof.note != self._note or root != checkpoint.root:
                self._files.fault(name, "sa preuve ne mène pas au point de contrôle", index)
            yield index, proof.entry


def _root(hashes: list[bytes]) -> bytes:
    """The root over leaves, or over perfect subtrees of one width."""
    if len(hashes) == 1:
        return hashes[0]
    half = 1 << ((len(hashes) - 1).bit_length() - 1)
    return audit.node_hash(_root(hashes[:half]), _root(hashes[half:]))


def _root_of(peaks: list[bytes], size: int) -> bytes:
    """The root of a log out of the roots over each 256 of its leaves, the last of them fewer."""
    return _root(peaks) if size else audit.EMPTY_ROOT
