"""Writes a bundle of proof: the same log and the same checkpoint give the same bytes."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import orjson

from domain import bundle
from domain.bundle import BundleManifest, definition_in, key_file, policy_of, state_line
from domain.checkpoint import Checkpoint
from domain.errors import Damaged, NotFound
from domain.logged import LogProof
from domain.tiles import Tile, tiles_of
from infrastructure.bundle_check import check_bundle
from infrastructure.bundle_read_me import VERIFIERS as VERIFIERS
from infrastructure.bundle_read_me import read_me
from infrastructure.bundle_signed import Witnessed
from infrastructure.event_store.journal import MOST_AT_ONCE, Journal, Row
from infrastructure.log_tree import LogTree
from infrastructure.new_file import new_file
from infrastructure.plain_zip import PlainZipWriter

Part = Callable[[], Iterable[bytes]]


class NotSignedBefore(NotFound):
    """A bundle ends with a checkpoint, and there is none yet."""

    code = "bundle.nothing_signed"
    fr = "Aucun point de contrôle n'a été signé jusque-là ({moment})."
    en = "No checkpoint was signed by then ({moment})."


class NotWhatWasSigned(Damaged):
    """What is stored does not give the checkpoint that was signed."""

    code = "bundle.not_signed"
    fr = (
        "Aucun dossier n'est écrit : le journal n'est plus celui qui fut signé ({fault}). "
        "« jalon audit verify » dit où il diffère."
    )
    en = "No bundle is written: the journal is no longer the one that was signed ({fault})."


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: the checkpoint it ends with, how many events it shows."""

    checkpoint: Checkpoint
    events: int


class BundleWriter:
    """Puts a bundle together out of a journal, at a signed size."""

    def __init__(self, journal: Journal, tree: LogTree, signed: Witnessed) -> None:
        self._journal = journal
        self._tree = tree
        self._signed = signed
        self._size = signed.checkpoint.size

    def write(
        self,
        file: Path,
        *,
        pole: UUID | None = None,
        name: str | None = None,
        positions: Sequence[int] = (),
        stamps: Iterable[tuple[str, bytes]] = (),
        tell: Callable[[int, int], None] = lambda done, total: None,
    ) -> Exported:
        """Write the whole log, or some events of one pole; the file is there whole, or not at all.

        Args:
            name: of the pole, as it was called then.
            stamps: time-stamps and what they need, by the names of their files.
            tell: is told how many parts are written, of how many.
        """
        parts = self._common() | {f"{bundle.STAMPS}{name}": _told(data) for name, data in stamps}
        if pole is None:
            parts |= self._log()
            events = self._size
        else:
            parts |= self._proofs(positions)
            events = len(positions)
        told = read_me(self._signed, events, name=name, pole=pole)
        parts[bundle.READ_ME] = _told(told)
        with new_file(file) as target, closing(PlainZipWriter(target)) as archive:
            for done, name in enumerate(sorted(parts)):
                tell(done, len(parts))
                archive.add(name, parts[name]())
            tell(len(parts), len(parts))
            owner = str(pole) if pole else None
            manifest = BundleManifest(self._signed.checkpoint, dict(archive.hashes), owner)
            archive.add(bundle.MANIFEST, [bytes(manifest)])
            archive.close()
            target.flush()
            _must_hold(Path(target.name))
        return Exported(self._signed.checkpoint, events)

    def _common(self) -> dict[str, Part]:
        signed = self._signed
        policy = policy_of(signed.checkpoint.origin, signed.keys)
        return {
            bundle.CHECKPOINT: _told(str(signed.note).encode()),
            bundle.POLICY: _told(policy.encode()),
            **{key_file(key): _told(f"{key}\n".encode()) for key in signed.keys},
            **{name: _told((VERIFIERS / name).read_bytes()) for name in bundle.TOOLS[1:]},
        }

    def _log(self) -> dict[str, Part]:
        """Everything: the tree, and the state of every event."""
        tiles = tiles_of(self._size)
        parts: dict[str, Part] = {
            f"tile/{tile.level}/{tile.path}": _calling(self._tree.hashes, tile) for tile in tiles
        }
        for tile in tiles:
            if tile.level == 0:
                parts[f"tile/entries/{tile.path}"] = _calling(self._tree.entries, tile)
        parts[bundle.STATES] = self._states
        return parts | self._definitions(range(1, self._size + 1))

    def _proofs(self, positions: Sequence[int]) -> dict[str, Part]:
        """Some events, each with its proof."""
        parts: dict[str, Part] = {
            bundle.PROOFS.format(index=position - 1): self._proof(position - 1)
            for position in positions
        }
        parts[bundle.STATES] = lambda: self._some_states(positions)
        return parts | self._definitions(positions)

    def _proof(self, index: int) -> Part:
        def told() -> list[bytes]:
            path = tuple(self._tree.inclusion(index, self._size))
            proof = LogProof(self._tree.entry(index), index, path, self._signed.note)
            return [str(proof).encode()]

        return told

    def _definitions(self, positions: Sequence[int] | range) -> dict[str, Part]:
        wanted = set(positions) if not isinstance(positions, range) else positions
        parts: dict[str, Part] = {}
        after = 0
        while rows := self._journal.rows(
            after, MOST_AT_ONCE, topics=[*bundle.PUBLISHED], until=self._size
        ):
            for row in rows:
                if row.position in wanted:
                    name, content = _definition(row)
                    parts[name] = _told(content)
            after = rows[-1].position
        return parts

    def _states(self) -> Iterator[bytes]:
        after = 0
        while rows := self._journal.states(after, MOST_AT_ONCE, self._size):
            for position, state in rows:
                yield _line(position - 1, state)
            after = rows[-1][0]

    def _some_states(self, positions: Sequence[int]) -> Iterator[bytes]:
        for position in positions:
            ((_, state),) = self._journal.states(position - 1, 1, position)
            yield _line(position - 1, state)


def _definition(row: Row) -> tuple[str, bytes]:
    """The file of the definition that a row published."""
    try:
        found = definition_in(row.topic, orjson.loads(row.state))
    except (ValueError, LookupError, TypeError):
        found = None
    if found is None:
        raise NotWhatWasSigned(fault=f"événement n° {row.position} : son état est illisible")
    return found


def _line(index: int, state: object) -> bytes:
    """The line of a state, which SQLite may hold as anything once somebody wrote into it."""
    if not isinstance(state, bytes) or not _is_text(state):
        raise NotWhatWasSigned(fault=f"événement n° {index + 1} : son état est illisible")
    return state_line(index, state)


def _is_text(state: bytes) -> bool:
    try:
        state.decode()
    except UnicodeDecodeError:
        return False
    return True


def _told(content: bytes) -> Part:
    return lambda: [content]


def _calling(ask: Callable[[Tile], bytes], tile: Tile) -> Part:
    return lambda: [ask(tile)]


def _must_hold(file: Path) -> None:
    """Refuse to hand over what a verifier would refuse: the journal is not what was signed."""
    for fault in check_bundle(file, judging=False).faults:
        raise NotWhatWasSigned(fault=fault)
