"""The files of a bundle as they are read: which must be there, and what does not hold in them."""

from dataclasses import dataclass

from domain import bundle
from domain.bundle import BundleDamaged
from infrastructure.plain_zip import PlainZip

LARGEST_FILE = 64_000_000
"""Bytes of a file that is read whole, and of a line: a definition, the longest, has a million."""


@dataclass(frozen=True, slots=True)
class BundleFault:
    """What does not hold: in which file, of which event if of one, and why."""

    file: str
    index: int | None
    reason: str
    remedy: str | None = None
    """What to do, where nothing was changed but something is awaited, or ill chosen."""

    @property
    def place(self) -> str:
        """The event, if it is about one, else the file."""
        return f"événement n° {self.index + 1}" if self.index is not None else self.file

    def __str__(self) -> str:
        return f"{self.place} : {self.reason}"


class BundleFiles:
    """The files of one bundle, and the faults that were found so far."""

    def __init__(self, archive: PlainZip) -> None:
        self.zip = archive
        self.names = set(archive.names)
        self.faults: list[BundleFault] = []
        needed = {bundle.CHECKPOINT, bundle.MANIFEST, bundle.STATES, bundle.POLICY}
        for name in sorted(needed - self.names):
            raise BundleDamaged(reason=f"il y manque « {name} »")
        self._expected = needed | set(bundle.TOOLS)

    def fault(
        self, file: str, reason: str, index: int | None = None, remedy: str | None = None
    ) -> None:
        """Note what does not hold, with the event that it is about, and what to do about it."""
        self.faults.append(BundleFault(file, index, reason, remedy))

    def read(self, name: str) -> bytes:
        """A file, whole; one that is larger than any can be is refused."""
        if self.zip.size(name) > LARGEST_FILE:
            raise BundleDamaged(reason=f"« {name} » est démesuré")
        return self.zip.read(name)

    def held(self, name: str) -> bytes:
        """A file that has to be there; nothing, where it is not."""
        self._expected.add(name)
        return self.read(name) if name in self.names else b""

    def check_names(self) -> None:
        """Name what is missing, and what has nothing to do there."""
        for name in sorted(self.names ^ self._expected):
            told = "il manque" if name in self._expected else "il n'a rien à faire là"
            self.fault(name, told)
