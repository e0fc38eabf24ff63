"""The key-encryption key: a file of 32 bytes that lies in neither store, and its successor."""

import os
from pathlib import Path

from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from application.sentences import of_system
from domain.personal import KeysUnreachable

SIZE = 32


class KeyEncryption:
    """Wraps keys (RFC 3394) under the key of a file, and unwraps them.

    While the keys are wrapped anew, its successor lies beside it, in a file that ends in `.next`:
    what is wrapped under the one or the other can be read, whenever that is cut short.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self.successor = file.with_name(f"{file.name}.next")

    def make(self, store: str) -> None:
        """Make the file where there is none; never for keys that another one opens.

        Args:
            store: how the store is called, where it holds keys already.
        """
        if self.file.exists():
            return
        if store:
            raise KeysUnreachable(reason=f"il manque {self.file.name}, qui ouvre {store}")
        _write(self.file, os.urandom(SIZE))

    def current(self) -> bytes:
        """The key of the file."""
        return _read(self.file)

    def prepare(self) -> bytes:
        """The successor: made, and certain to last, before anything is wrapped under it."""
        if not self.successor.exists():
            _write(self.successor, os.urandom(SIZE))
        return _read(self.successor)

    def promote(self) -> None:
        """Let the successor take its place; what the one before it was is gone."""
        try:
            if self.successor.exists():
                self.successor.replace(self.file)
                _flush(self.file.parent)
        except OSError as error:
            raise KeysUnreachable(reason=of_system(error)) from None

    def unwrap(self, wrapped: bytes) -> tuple[bytes, bytes]:
        """A key, and the key-encryption key that it is wrapped under.

        The successor is looked at first: it may take the place of the other between the two looks,
        never the other way round, so that neither is missed.
        """
        for one in (self._successor(), self.current()):
            key = one and unwrapped(one, wrapped)
            if one and key:
                return key, one
        raise KeysUnreachable(reason="la clé maîtresse ne correspond pas")

    def _successor(self) -> bytes | None:
        try:
            return _key(self.successor.read_bytes())
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _unreadable(self.successor, error) from None


def unwrapped(under: bytes, wrapped: bytes) -> bytes | None:
    """A key; `None` where it is wrapped under another key-encryption key."""
    try:
        return aes_key_unwrap(under, wrapped)
    except InvalidUnwrap:
        return None


def wrap(under: bytes, key: bytes) -> bytes:
    return aes_key_wrap(under, key)


def _read(file: Path) -> bytes:
    try:
        return _key(file.read_bytes())
    except OSError as error:
        raise _unreadable(file, error) from None


def _key(key: bytes) -> bytes:
    if len(key) != SIZE:
        raise KeysUnreachable(reason="la clé maîtresse est endommagée")
    return key


def _unreadable(file: Path, error: OSError) -> KeysUnreachable:
    return KeysUnreachable(
        reason=f"le fichier de la clé maîtresse, {file.name} : {of_system(error)}"
    )


def _write(file: Path, key: bytes) -> None:
    """Whole or not at all, readable by its owner alone."""
    partial = file.with_name(f"{file.name}.partial")
    partial.unlink(missing_ok=True)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as target:
        target.write(key)
        target.flush()
        os.fsync(target.fileno())
    partial.replace(file)
    _flush(file.parent)


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
