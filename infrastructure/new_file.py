"""Files that stand under their name once they are whole, and never in the place of another."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from domain.errors import Invalid


class AlreadyThere(Invalid):
    """A bundle is written into a file of its own."""

    code = "bundle.exists"
    fr = "« {file} » existe déjà : donnez un autre nom."
    en = "“{file}” exists already: give another name."


@contextmanager
def new_file(file: Path) -> Iterator[IO[bytes]]:
    """A file that stands under its name once it is whole, and never in the place of another."""
    if os.path.lexists(file):
        raise AlreadyThere(file=file)
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
