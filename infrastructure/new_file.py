"""Files that stand under their name once they are whole, and never in the place of another."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from domain.errors import Invalid, NotFound


class AlreadyThere(Invalid):
    """What is handed over is written into a file of its own."""

    code = "file.exists"
    fr = "« {file} » existe déjà : donnez un autre nom."
    en = "“{file}” exists already: give another name."


class NoSuchFolder(NotFound):
    """A file is written into a folder that is there."""

    code = "file.no_folder"
    fr = "Le répertoire « {folder} » n'existe pas : créez-le, ou donnez un autre chemin."
    en = "The folder “{folder}” does not exist: make it, or give another path."


def must_be_new(file: Path) -> None:
    """Refuse a name that is taken, or in no folder, before anything is done for it."""
    if not file.absolute().parent.is_dir():
        raise NoSuchFolder(folder=file.parent)
    if os.path.lexists(file):
        raise AlreadyThere(file=file)


@contextmanager
def new_file(file: Path) -> Iterator[IO[bytes]]:
    """A file that stands under its name once it is whole, and never in the place of another."""
    must_be_new(file)
    with NamedTemporaryFile(dir=file.parent, prefix=f".{file.name}.", delete=False) as made:
        try:
            yield made.file
            made.flush()
            os.fsync(made.fileno())
            _name(Path(made.name), file)
        finally:
            Path(made.name).unlink(missing_ok=True)


def _name(made: Path, file: Path) -> None:
    """Give a file its name, in one step, unless somebody was faster."""
    try:
        os.link(made, file)
    except FileExistsError:
        raise AlreadyThere(file=file) from None
    except OSError:  # a file system without links, as memory sticks have
        if os.path.lexists(file):
            raise AlreadyThere(file=file) from None
        made.rename(file)
