"""Files that somebody gives, to be checked or to check by: what cannot be read is no evidence."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from application.sentences import of_system_at
from domain.errors import Invalid


class NotRead(Invalid):
    """Something that was given is not there, or is not of the kind that is asked for.

    Nothing was checked then: that is told apart from what does not hold.
    """

    code = "given.not_read"
    fr = "{reason} Rien n'a été vérifié."
    en = "{reason} Nothing was checked."


@contextmanager
def given(file: Path) -> Iterator[IO[bytes]]:
    """A file to read from; one that is not there, or that the system refuses, is told (`NotRead`).

    What the caller does with it is not looked at, but reading.
    """
    try:
        with file.open("rb") as opened:
            yield opened
    except OSError as error:
        error.filename = str(file)  # reading, unlike opening, does not say it
        raise NotRead(reason=of_system_at(error)) from None


def content_of(file: Path, most: int = -1) -> bytes:
    """What a given file holds, or its first bytes where there are more than so many."""
    with given(file) as opened:
        return opened.read(most)
