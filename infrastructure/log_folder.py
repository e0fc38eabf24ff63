"""The files of the log that are in no backup: its keys, every note it signed, what others sent."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from domain.errors import Unavailable
from domain.note import NotANote, SignedNote

CHECKPOINT = "checkpoint"
"""The last note that was signed."""

WITNESSED = "witnessed"
"""The last one that has the cosignatures that the policy asks for."""

FORGOTTEN = "forgotten"
"""Those that this log signed and knows no more, by size: witnesses sent them back."""

OWN_EYES = 0o700


class KeysDamaged(Unavailable):
    """The keys of the log, or its last note, are not what they were."""

    code = "log.keys_damaged"
    fr = "Le fichier {file}, dans le répertoire des signatures, est illisible : remettez-le."
    en = "The file {file}, among the signatures, cannot be read: put it back."


class LogFolder:
    """Where the files of one log lie. Each is put in its place whole, for its owner alone.

    The first log of a registry lies in the folder of signatures itself. The one that follows it
    lies in `2` below, and so on: the file `current` says in which it is, once there are several.
    """

    def __init__(self, root: Path, number: int | None = None) -> None:
        self.root = root
        self._number = number

    @property
    def here(self) -> Path:
        """The files of this log; those of the current one, unless a number was given."""
        number = self._number or self.current
        return self.root if number == 1 else self.root / str(number)

    @property
    def current(self) -> int:
        """The number of the log that is signed now."""
        try:
            said = (self.root / "current").read_text("ascii")
        except FileNotFoundError:
            return 1
        except ValueError:
            said = ""
        if not said.isdecimal() or int(said) < 1:
            raise KeysDamaged(file="current")
        return int(said)

    @property
    def logs(self) -> "list[LogFolder]":
        """Of each log of the registry, the first one first."""
        return [LogFolder(self.root, number) for number in range(1, self.current + 1)]

    def follow_with(self, number: int) -> None:
        """From now on another log is signed."""
        write_whole(self.root / "current", str(number).encode())

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let nobody else sign meanwhile, whichever program does."""
        self.root.mkdir(exist_ok=True, mode=OWN_EYES)
        with (self.root / "lock").open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.here.mkdir(exist_ok=True, mode=OWN_EYES)
            yield

    def note(self, name: str) -> SignedNote | None:
        """The note in a file; `None` where there is no such file."""
        try:
            return SignedNote.read((self.here / name).read_bytes())
        except FileNotFoundError:
            return None
        except NotANote:
            raise KeysDamaged(file=name) from None

    def forgotten(self) -> list[SignedNote]:
        """The notes that this log signed and knows no more."""
        files = sorted((self.here / FORGOTTEN).glob("*"))
        kept = (self.note(f"{FORGOTTEN}/{file.name}") for file in files if not file.suffix)
        return [note for note in kept if note]

    def keep(self, name: str, note: SignedNote) -> None:
        self.write(name, str(note).encode())

    def write(self, name: str, content: bytes) -> None:
        """Put a file of this log in its place, and the folder that it is in."""
        path = self.here / name
        path.parent.mkdir(exist_ok=True, mode=OWN_EYES)
        write_whole(path, content)


def write_whole(path: Path, content: bytes) -> None:
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
