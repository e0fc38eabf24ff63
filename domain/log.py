"""The logs under which a registry is signed: their names, and what became of their keys.

Nothing of it signs: that is done with keys that lie outside the journal. It is what the journal
itself says of them, by whom, and on which ground.
"""

import re
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from domain.checkpoint import Checkpoint
from domain.errors import Invalid, Refused
from domain.finality import Finality
from domain.kernel import Aggregate, Event, event
from domain.note import SignedNote

LOGS = UUID("5d0c2f7e-93b4-4a8c-8e61-7f2a4b9d1c36")
"""The one stream that tells of the logs of a registry (docs/adr/0004)."""

_ORIGIN = r"^[^\s+\x00-\x1f\x7f]+$"

_ADDRESS = re.compile(r"(localhost|\w(?:[\w-]*\w)?(?:\.\w(?:[\w-]*\w)?)+)(:[0-9]{1,5})?(/[^/]+)*")
"""A name of domain and perhaps a port, then perhaps a path; no scheme."""

LogOrigin = Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=_ORIGIN)]
"""The name of a log: `registre.exemple.fr/journal`."""

KeyText = Annotated[
    str,
    StringConstraints(max_length=2_400, pattern=r"^[^\s+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]+=*$"),
]
"""A verifier key as it is written (C2SP signed-note)."""

NoteText = Annotated[
    str,
    StringConstraints(min_length=1, max_length=300_000, pattern=r"^[^\x00-\x09\x0b-\x1f\x7f]*$"),
]
"""A signed note, byte for byte."""


def is_origin(text: str) -> bool:
    """Whether a text can name a log."""
    return bool(re.fullmatch(_ORIGIN, text)) and len(text.encode()) <= 255


class NotALogName(Invalid):
    """A text cannot name a log."""

    code = "log.not_a_name"
    fr = (
        "« {text} » ne peut pas nommer un journal : donnez un nom de domaine puis un chemin, sans "
        "« https:// », espace ni « + » (registre.exemple.fr/journal), en 255 octets au plus. Ce "
        "nom ne se change plus."
    )
    en = (
        "“{text}” cannot name a log: give a domain and a path, without “https://”, spaces or “+” "
        "(registre.example.org/journal), in 255 bytes at most. The name is for good."
    )


def must_name(text: str) -> None:
    """Refuse a name that no log may be given: it is an address without a scheme, as C2SP advises.

    A log that was named before keeps what it has.
    """
    if not (is_origin(text) and _ADDRESS.fullmatch(text)):
        raise NotALogName(text=text[:40].replace("\n", " "))


class Continuity(StrEnum):
    """What the journal is to a note that was signed."""

    CONTINUED = "continued"
    ROLLED_BACK = "rolled_back"
    """It has fewer events: its end was lost."""
    REWRITTEN = "rewritten"
    """Its first events are others."""


class KeyStanding(StrEnum):
    """What a key does for the log."""

    NEXT = "next"
    SIGNING = "signing"
    RETIRED = "retired"
    DISTRUSTED = "distrusted"
    """Somebody else may have had it: what it signed proves nothing."""


class GroundMissing(Refused):
    """What is done to a log is done on a ground."""

    code = "log.ground_missing"
    fr = "Dites sur quel fondement (« --ground ») : qui lira le journal doit savoir pourquoi."
    en = "Say on which ground (“--ground”): whoever reads the log must know why."


class SignedLogs(Aggregate):
    """The logs of a registry, one after the other, and the keys of each."""

    class Opened(Event):
        """A log was opened under another name, after the one whose last note it keeps."""

        TOPIC = "log.opened.v1"
        UNDONE_BY = Finality.KEEPING
        origin: LogOrigin
        note: NoteText
        found: Continuity

    class KeysChanged(Event):
        """Keys of a log took the place of others; both signed the log that says so."""

        TOPIC = "log.keys_changed.v1"
        UNDONE_BY = Finality.KEEPING
        origin: LogOrigin
        retired: tuple[KeyText, ...]
        added: tuple[KeyText, ...]

    class KeyDistrusted(Event):
        """A key that signed a log may have been somebody else's: what it signed proves nothing."""

        TOPIC = "log.key_distrusted.v1"
        UNDONE_BY = Finality.KEEPING
        origin: LogOrigin
        key: KeyText

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.opened: dict[str, str] = {}
        """Of each log but the first, the last note of the one before."""
        self.added: set[str] = set()
        self.distrusted: set[str] = set()

    def open(self, origin: str, *, note: str, found: Continuity) -> None:
        """Go on under another name; said again, nothing is recorded."""
        if origin not in self.opened:
            self._opened(origin=origin, note=note, found=found)

    def change_keys(self, origin: str, *, retired: tuple[str, ...], added: tuple[str, ...]) -> None:
        """Let keys take the place of others; said again, nothing is recorded."""
        if not self.added.issuperset(added):
            self._keys_changed(origin=origin, retired=retired, added=added)

    def distrust(self, origin: str, *, key: str) -> None:
        """Believe a key no more; said again, nothing is recorded."""
        if key not in self.distrusted:
            self._key_distrusted(origin=origin, key=key)

    @event(Opened)
    def _opened(self, *, origin: str, note: str, found: Continuity) -> None:
        del found
        self.opened[origin] = note

    @event(KeysChanged)
    def _keys_changed(
        self, *, origin: str, retired: tuple[str, ...], added: tuple[str, ...]
    ) -> None:
        del origin, retired
        self.added.update(added)

    @event(KeyDistrusted)
    def _key_distrusted(self, *, origin: str, key: str) -> None:
        del origin
        self.distrusted.add(key)


def told_by(note: str) -> Checkpoint:
    """The checkpoint that a kept note signs."""
    return Checkpoint.read(SignedNote.read(note.encode()).text)
