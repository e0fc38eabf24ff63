"""The bytes of documents beside a backup: still encrypted, in one archive, checked when read."""

import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from infrastructure.backup import BackupFailed
from infrastructure.document_check import filed
from infrastructure.documents import Documents
from infrastructure.event_store.registry import Registry


def beside(file: Path) -> Path:
    """Where the documents of a backup lie."""
    return file.with_name(f"{file.name}.documents")


def copy_documents(documents: Documents, file: Path) -> int:
    """Write every encrypted document to a new archive, and none where there is none; count them.

    What is erased meanwhile is left out; what is filed meanwhile may be in it or not.
    """
    target = beside(file)
    if target.exists():
        raise BackupFailed(done="écrite", reason=f"{target} existe déjà")
    partial = target.with_name(f"{target.name}.partial")
    number = 0
    try:
        partial.unlink(missing_ok=True)
        partial.touch(mode=0o600)
        with tarfile.open(partial, "w") as archive:
            for ref, _ in documents.files():
                stored = documents.stored(ref) if ref else None
                if ref and stored is not None:
                    member = tarfile.TarInfo(ref)
                    member.size, member.mode = len(stored), 0o600
                    archive.addfile(member, BytesIO(stored))
                    number += 1
        if number:
            partial.replace(target)
    except (OSError, tarfile.TarError) as error:
        raise BackupFailed(done="écrite", reason=error) from None
    finally:
        partial.unlink(missing_ok=True)
    return number


def check_copies(file: Path) -> None:
    """Refuse an archive of documents that is not what was written, before anything is put back."""
    with _copies(file) as copies:
        for _ in copies:
            pass


def put_back_documents(registry: Registry, file: Path) -> tuple[int, int]:
    """Lay down again the documents that are missing; count them, and those that still are.

    A document whose key was destroyed stays erased: its bytes are not brought back.
    """
    store = registry.documents
    wanted = {
        document.content.ciphertext
        for document in filed(registry)
        if not document.is_erased
        and not store.has(document.content.ciphertext)
        and store.is_readable(document.id)
    }
    put_back = 0
    with _copies(file) as copies:
        for ref, stored in copies:
            if ref in wanted:
                store.keep(ref, stored)
                wanted.discard(ref)
                put_back += 1
    return put_back, len(wanted)


@contextmanager
def _copies(file: Path) -> Iterator[Iterator[tuple[str, bytes]]]:
    source = beside(file)
    if not source.exists():
        yield iter(())
        return
    try:
        with tarfile.open(source, "r:") as archive:
            yield _members(archive, source.name)
    except (OSError, tarfile.TarError) as error:
        raise BackupFailed(done="restaurée", reason=f"{source.name} : {error}") from None


def _members(archive: tarfile.TarFile, name: str) -> Iterator[tuple[str, bytes]]:
    for member in archive:
        content = archive.extractfile(member) if member.isfile() else None
        stored = content.read() if content else b""
        if sha256(stored).hexdigest() != member.name:
            raise BackupFailed(done="restaurée", reason=f"{name} est endommagé")
        yield member.name, stored
