"""Zip files of which every byte follows from the names and the contents; nothing is compressed.

Compression differs from one version of a library to the next, and lets little hold much. So what
is read here is exactly what is written here: no dates, no comments, nothing between the files.
"""

import struct
import zipfile
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import IO
from zlib import crc32

from domain.bundle import BundleDamaged
from domain.errors import Refused

SAME_DATE = (1980, 1, 1, 0, 0, 0)
MODE = 0o100644 << 16
PIECE = 1 << 20
"""Bytes read at once."""

_LOCAL = struct.Struct("<4s5HLLLHH")
_CENTRAL = struct.Struct("<4s6HLLL5HLL")
_END = struct.Struct("<4s4HLLH")
LONGEST_NAME = 200

REWRITTEN = (
    "un autre programme l'a réécrit (gestionnaire de fichiers, messagerie) ; prenez le fichier "
    "d'origine, tel que Jalon l'a écrit, sans l'ouvrir ni le recomprimer"
)
CUT = "sa fin manque ou a été changée ; copiez de nouveau le fichier d'origine, en entier"


class TooLargeForOne(Refused):
    """A zip file without extensions holds 2 GiB, and 65,535 files."""

    code = "bundle.too_large"
    fr = (
        "Ce journal est trop grand pour un seul dossier de preuve (2 Gio, 65 535 fichiers) : "
        "donnez « --until » pour en exporter le début, ou « --pole »."
    )
    en = "This log is too large for one bundle (2 GiB, 65,535 files)."


class PlainZipWriter:
    """Writes files one after the other, and keeps the hash of each."""

    def __init__(self, target: IO[bytes]) -> None:
        self._archive = zipfile.ZipFile(target, "w", zipfile.ZIP_STORED, allowZip64=False)
        self.hashes: dict[str, str] = {}

    def add(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write a file as its content comes."""
        entry = zipfile.ZipInfo(name, SAME_DATE)
        entry.external_attr, entry.create_system = MODE, 3
        digest = sha256()
        try:
            with self._archive.open(entry, "w") as file:
                for piece in pieces:
                    file.write(piece)
                    digest.update(piece)
        except (zipfile.LargeZipFile, RuntimeError):  # what the library says of too large a file
            raise TooLargeForOne from None
        self.hashes[name] = digest.hexdigest()

    def close(self) -> None:
        """Write what a zip file ends with."""
        try:
            self._archive.close()
        except zipfile.LargeZipFile:
            raise TooLargeForOne from None


class PlainZip:
    """Such a file, read; one that another program wrote is refused as a whole."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._places: dict[str, tuple[int, int, int]] = {}
        """By name: where the content begins, its length, the checksum that is told of it."""
        self._read_end()

    @property
    def names(self) -> list[str]:
        """The files, in their order."""
        return list(self._places)

    def size(self, name: str) -> int:
        return self._places[name][1]

    def pieces(self, name: str) -> Iterator[bytes]:
        """The content of a file, piece by piece."""
        start, left, _ = self._places[name]
        while left:
            self._file.seek(start)
            piece = self._file.read(min(left, PIECE))
            if not piece:
                raise BundleDamaged(reason=CUT)
            yield piece
            start, left = start + len(piece), left - len(piece)

    def read(self, name: str) -> bytes:
        """The content of a file."""
        return b"".join(self.pieces(name))

    def lines(self, name: str, longest: int) -> Iterator[bytes]:
        """The lines of a file, each with its end; one that is too long is cut off."""
        rest = b""
        for piece in self.pieces(name):
            *whole, rest = (rest + piece).split(b"\n")
            yield from (line + b"\n" for line in whole)
            if len(rest) > longest:
                yield rest[:longest]
                return
        if rest:
            yield rest

    def hashed(self, name: str) -> tuple[str, bool]:
        """The SHA-256 of a file, and whether the checksum told of it is its own."""
        digest, checksum = sha256(), 0
        for piece in self.pieces(name):
            digest.update(piece)
            checksum = crc32(piece, checksum)
        return digest.hexdigest(), checksum == self._places[name][2]

    def _read_end(self) -> None:
        length = self._file.seek(0, 2)
        if length < _END.size or self._at(0, 2) != b"PK":
            raise BundleDamaged(reason="ce n'est pas un fichier zip")
        end = self._at(length - _END.size, _END.size)
        _, _, _, count, _, size, start, _ = _END.unpack(end)
        if end != _END.pack(b"PK\5\6", 0, 0, count, count, size, start, 0):
            raise BundleDamaged(reason=CUT)
        if start + size + _END.size != length:
            raise BundleDamaged(reason=REWRITTEN)
        at = self._read_entries(self._at(start, size), count)
        if at != start:
            raise BundleDamaged(reason=REWRITTEN)

    def _read_entries(self, directory: bytes, count: int) -> int:
        """Read the directory, and find each file where the one before it ended."""
        place, offset = 0, 0
        for _ in range(count):
            fixed = directory[place : place + _CENTRAL.size]
            if len(fixed) < _CENTRAL.size:
                raise BundleDamaged(reason=REWRITTEN)
            checksum, size, length = (_CENTRAL.unpack(fixed)[n] for n in (7, 9, 10))
            name = directory[place + len(fixed) : place + len(fixed) + length]
            about = (0, 0, 0, 33, checksum, size, size, len(name), 0)
            central = _CENTRAL.pack(b"PK\1\2", 0x314, 20, *about, 0, 0, 0, MODE, offset)
            local = _LOCAL.pack(b"PK\3\4", 20, *about)
            if fixed != central or self._at(offset, len(local) + length) != local + name:
                raise BundleDamaged(reason=REWRITTEN)
            self._place(name, offset + len(local) + length, size, checksum)
            place, offset = place + len(fixed) + length, offset + len(local) + length + size
        if place != len(directory):
            raise BundleDamaged(reason=REWRITTEN)
        return offset

    def _place(self, name: bytes, start: int, size: int, checksum: int) -> None:
        text = name.decode("ascii", "replace")
        parts = text.split("/")
        if not text.isascii() or not text.isprintable() or "\\" in text or len(text) > LONGEST_NAME:
            raise BundleDamaged(reason="il contient un fichier dont le nom n'est pas admis")
        if not all(parts) or {".", ".."} & set(parts):
            raise BundleDamaged(reason="il contient un fichier dont le nom n'est pas admis")
        if text in self._places:
            raise BundleDamaged(reason=f"« {text} » y est deux fois")
        self._places[text] = start, size, checksum

    def _at(self, place: int, length: int) -> bytes:
        self._file.seek(place)
        return self._file.read(length)
