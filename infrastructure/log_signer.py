"""Signing the log: never another one than was signed before.

The keys and the notes lie in a folder of their own, beside the store and out of its backups: so a
store that was put back to an earlier day is found out, by the notes that stayed.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from domain.checkpoint import Checkpoint
from domain.dates import PARIS, day_in_words
from domain.errors import Damaged, Unavailable
from domain.note import KeyKind, NotANote, SignedNote, VerifierKey
from infrastructure.log_tree import LogTree
from infrastructure.signatures import SigningKey, signed_at

KINDS = {KeyKind.ED25519: "ed25519.key", KeyKind.MLDSA44_COSIGNATURE: "mldsa44.key"}
"""How the log signs (C2SP tlog-checkpoint), each with the file of its seed."""

SEED = 32


class RolledBack(Damaged):
    """The store is an earlier one than what was signed."""

    code = "log.rolled_back"
    fr = (
        "Le journal compte {size} événements, et {signed} ont déjà été signés (le {day}) : une "
        "sauvegarde plus ancienne a été remise. Rien n'est signé ; retrouvez le journal le plus "
        "récent, ou ouvrez un nouveau journal à la suite de celui qui est perdu."
    )
    en = (
        "The journal has {size} events, and {signed} were signed already (on {day}): an older "
        "backup was put back. Nothing is signed."
    )


class Rewritten(Damaged):
    """The store is not the one of which the beginning was signed."""

    code = "log.rewritten"
    fr = (
        "Les {signed} premiers événements ne sont plus ceux qui ont été signés le {day} : rien "
        "n'est signé. « jalon audit verify » dit où ils diffèrent."
    )
    en = "The first {signed} events are no longer those that were signed on {day}."


class OtherOrigin(Unavailable):
    """A log keeps its name."""

    code = "log.other_origin"
    fr = (
        "Ce journal est signé sous le nom « {known} », et JALON_ORIGIN dit « {given} » : un "
        "journal garde son nom. Rien n'est signé."
    )
    en = "This log is signed as “{known}”, and JALON_ORIGIN says “{given}”: a log keeps its name."


class KeysDamaged(Unavailable):
    """The keys of the log, or its last note, are not what they were."""

    code = "log.keys_damaged"
    fr = "Le fichier {file}, dans le répertoire des signatures, est illisible : remettez-le."
    en = "The file {file}, among the signatures, cannot be read: put it back."


class LogSigner:
    """Signs the log of a registry under its origin, when it has grown.

    Args:
        folder: of the keys and the notes; made, with new keys, when the log is first signed.
        origin: the name of the log, `registre.exemple/journal`.
    """

    def __init__(self, folder: Path, origin: str, tree: LogTree) -> None:
        self._folder = folder
        self._origin = origin
        self._tree = tree

    def latest(self) -> SignedNote | None:
        """The last note that was signed; `None` before the first."""
        return self._read("checkpoint")

    def note(self, size: int) -> SignedNote | None:
        """The note that was signed of a size."""
        return self._read(f"notes/{size}")

    def verifiers(self) -> list[VerifierKey]:
        """What others check its signatures with."""
        with self._alone():
            return [key.verifier for key in self._signing()]

    def sign(self, size: int) -> SignedNote:
        """Sign the log of a size, whose beginning must be what was last signed.

        What was recorded since is read again, event by event: one that was changed meanwhile is
        refused (`LogDamaged`), and never signed. A log that has not grown is not signed again.
        Of two who sign at once, one waits.
        """
        with self._alone():
            last, since = self.latest(), 0
            if last:
                before, day = self._checked(last)
                self._must_go_on(before, size, day)
                since = before.size
                if since == size:
                    return last
            found = Checkpoint(self._origin, size, self._tree.read_again(since, size))
            signed = SignedNote(str(found), tuple(key.sign(found) for key in self._signing()))
            self._keep(f"notes/{size}", signed)
            self._keep("checkpoint", signed)
            return signed

    def _must_go_on(self, before: Checkpoint, size: int, day: str) -> None:
        if size < before.size:
            raise RolledBack(size=size, signed=before.size, day=day)
        # One root has one set of peaks, and what follows is folded from these alone.
        if self._tree.root(before.size) != before.root:
            raise Rewritten(signed=before.size, day=day)

    def _checked(self, note: SignedNote) -> tuple[Checkpoint, str]:
        """What was signed, and on which day; a note that our own keys did not sign is refused."""
        found = Checkpoint.read(note.text)
        if found.origin != self._origin:
            raise OtherOrigin(known=found.origin, given=self._origin)
        seconds = [_signed_by(key.verifier, found, note) for key in self._signing()]
        if None in seconds:
            raise KeysDamaged(file="checkpoint")
        latest = datetime.fromtimestamp(max(second or 0 for second in seconds), PARIS)
        return found, day_in_words(latest.date())

    # The folder.

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let nobody else sign meanwhile, whichever program does."""
        self._folder.mkdir(exist_ok=True, mode=0o700)
        (self._folder / "notes").mkdir(exist_ok=True, mode=0o700)
        with (self._folder / "lock").open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _signing(self) -> list[SigningKey]:
        return [SigningKey(self._origin, kind, self._seed(name)) for kind, name in KINDS.items()]

    def _seed(self, name: str) -> bytes:
        path = self._folder / name
        try:
            seed = path.read_bytes()
        except FileNotFoundError:
            if (self._folder / "checkpoint").exists():  # another key would sign another log
                raise KeysDamaged(file=name) from None
            seed = os.urandom(SEED)
            _write(path, seed)
        if len(seed) != SEED:
            raise KeysDamaged(file=name)
        return seed

    def _keep(self, name: str, note: SignedNote) -> None:
        _write(self._folder / name, str(note).encode())

    def _read(self, name: str) -> SignedNote | None:
        try:
            return SignedNote.read((self._folder / name).read_bytes())
        except FileNotFoundError:
            return None
        except NotANote:
            raise KeysDamaged(file=name) from None


def _signed_by(key: VerifierKey, found: Checkpoint, note: SignedNote) -> int | None:
    """When a key signed a note; `None` where no line of it is its own."""
    told = (signed_at(found, key, signature) for signature in note.signatures)
    return next((second for second in told if second is not None), None)


def _write(path: Path, content: bytes) -> None:
    """Put a file in its place whole, for its owner alone: a reader finds the old one or the new."""
    partial = path.with_name(f"{path.name}.partial")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
