"""Signing the log: never another one than was signed before.

The keys and the notes lie in a folder of their own, beside the store and out of its backups: so a
store that was put back to an earlier day is found out, by the notes that stayed.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from domain.checkpoint import Checkpoint
from domain.dates import PARIS, day_in_words
from domain.errors import Damaged, Unavailable
from domain.log import KeyStanding, must_name
from domain.note import NoteSignature, SignedNote, VerifierKey
from infrastructure.log_folder import CHECKPOINT, FORGOTTEN, WITNESSED, KeysDamaged, LogFolder
from infrastructure.log_keys import LogKeys
from infrastructure.log_tree import LogTree
from infrastructure.signatures import signed_by


@dataclass(frozen=True, slots=True)
class SignedOn:
    """The day of a signature, by its second since 1970; 0 where it says none."""

    second: int

    def say(self, language: str) -> str:
        if not self.second:
            return "on an unknown day" if language == "en" else "un jour que rien ne dit"
        day = datetime.fromtimestamp(self.second, PARIS).date()
        return f"{'on' if language == 'en' else 'le'} {day_in_words(day, language)}"


class RolledBack(Damaged):
    """The store is an earlier one than what was signed."""

    code = "log.rolled_back"
    fr = (
        "Le journal compte {size} événements, et {signed} ont déjà été signés ({day}) : une "
        "sauvegarde plus ancienne a été remise. Rien n'est signé ; retrouvez le journal le plus "
        "récent, ou ouvrez un nouveau journal à la suite de celui qui est perdu "
        "(« jalon audit rotate-log »)."
    )
    en = (
        "The journal has {size} events, and {signed} were signed already ({day}): an older "
        "backup was put back. Nothing is signed."
    )


class Rewritten(Damaged):
    """The store is not the one of which the beginning was signed."""

    code = "log.rewritten"
    fr = (
        "Les {signed} premiers événements ne sont plus ceux qui ont été signés {day} : rien "
        "n'est signé. « jalon audit verify » dit où ils diffèrent."
    )
    en = "The first {signed} events are no longer those that were signed {day}."


class OtherOrigin(Unavailable):
    """A log keeps its name."""

    code = "log.other_origin"
    fr = (
        "Ce journal est signé sous le nom « {known} », et JALON_ORIGIN dit « {given} » : un "
        "journal garde son nom. Rien n'est signé : ôtez ce réglage, ou, pour que le journal "
        "continue sous un autre nom, « jalon audit rotate-log » (« --help » dit comment)."
    )
    en = (
        "This log is signed as “{known}”, and JALON_ORIGIN says “{given}”: a log keeps its name. "
        "To go on under another one, “jalon audit rotate-log”."
    )


class LogUnnamed(Unavailable):
    """A log is named for good by its first signature, so that nobody names it unawares."""

    code = "log.unnamed"
    fr = (
        "Ce journal n'a pas encore de nom, et le gardera : donnez-le par JALON_ORIGIN, sur un "
        "domaine qui est le vôtre (JALON_ORIGIN=registre.exemple.fr/journal). Rien n'est signé."
    )
    en = (
        "This log has no name yet, and will keep it: give it by JALON_ORIGIN, under a domain of "
        "your own (JALON_ORIGIN=registre.example.org/journal). Nothing is signed."
    )


class LogSigner:
    """Signs the log of a registry under its origin, when it has grown.

    Args:
        folder: of the keys and the notes; made, with new keys, when the log is first signed.
        origin: the name of the log, `registre.exemple/journal`; empty where nobody gave one: a
            log that was signed has its own.
    """

    def __init__(self, folder: LogFolder, origin: str, tree: LogTree) -> None:
        self.folder = folder
        self._origin = origin
        self.tree = tree

    @property
    def origin(self) -> str:
        """The name that was given, else the one that the log has; `LogUnnamed` without either."""
        last = None if self._origin else self.latest()
        if not self._origin and not last:
            raise LogUnnamed
        return Checkpoint.read(last.text).origin if last else self._origin

    @property
    def keys(self) -> LogKeys:
        """Those of this log."""
        return LogKeys(self.folder, self.origin)

    def latest(self) -> SignedNote | None:
        """The last note that was signed; `None` before the first."""
        return self.folder.note(CHECKPOINT)

    def witnessed(self) -> SignedNote | None:
        """The last one that has the cosignatures that the policy asks for."""
        return self.folder.note(WITNESSED)

    def note(self, size: int) -> SignedNote | None:
        """The note that was signed of a size."""
        return self.folder.note(f"notes/{size}")

    def answered_for(self) -> list[SignedNote]:
        """The last note, and those that witnesses sent back: nothing is signed that denies one."""
        last = self.latest()
        return [*self.folder.forgotten(), *([last] if last else [])]

    def last_within(self, size: int) -> SignedNote | None:
        """The last note that was signed of a size, or of a smaller one."""
        folder = self.folder.here / "notes"
        names = (path.name for path in folder.iterdir()) if folder.exists() else ()
        sizes = [int(name) for name in names if name.isdecimal() and int(name) <= size]
        return self.note(max(sizes)) if sizes else None

    def verifiers(self) -> list[VerifierKey]:
        """What others check its signatures with."""
        with self.folder.alone():
            self._make_keys()
            return [key.verifier for key in self.keys.of(KeyStanding.SIGNING)]

    # Signing.

    def sign(self, size: int) -> SignedNote:
        """Sign the log of a size, whose beginning must be what was last signed.

        What was recorded since is read again, event by event: one that was changed meanwhile is
        refused (`LogDamaged`), and never signed. A log that has not grown is not signed again.
        Of two who sign at once, one waits.
        """
        with self.folder.alone():
            return self._sign(size)

    def change_over(self, size: int) -> SignedNote:
        """Sign the log of a size with the keys that sign and with those that were announced.

        From then on the announced ones alone sign.
        """
        with self.folder.alone():
            signed = self._sign(size, coming=True)
            self.keys.change_over(_size(signed))
            return signed

    def _sign(self, size: int, *, coming: bool = False) -> SignedNote:
        self._make_keys()
        for note in self.answered_for():
            self.must_go_on(note, size)
        last = self.latest()
        since = _size(last) if last else 0
        keys = self.keys.signing(coming=coming)
        if last and since == size:
            known, found = last.signatures, Checkpoint.read(last.text)
        else:
            known, found = (), Checkpoint(self.origin, size, self.tree.read_again(since, size))
        new = [key.sign(found) for key in keys if not any(s.is_of(key.verifier) for s in known)]
        if last and not new:
            return last
        return self._keep(SignedNote(str(found), (*new, *known)))

    def must_go_on(self, note: SignedNote, size: int) -> None:
        """Refuse a log of a size that does not begin with what was signed."""
        before = Checkpoint.read(note.text)
        if size < before.size:
            raise RolledBack(size=size, signed=before.size, day=self.signed_on(note))
        # One root has one set of peaks, and what follows is folded from these alone.
        if self.tree.root(before.size) != before.root:
            raise Rewritten(signed=before.size, day=self.signed_on(note))

    def _make_keys(self) -> None:
        """Make the keys of a log that has none; what it signed must be by those that it has."""
        last = self.latest()
        if last and (known := Checkpoint.read(last.text).origin) != self.origin:
            raise OtherOrigin(known=known, given=self.origin)
        if not last:
            must_name(self.origin)
        self.keys.make()
        signing = self.keys.signing()
        if last and any(signed_by(key.verifier, last) is None for key in signing):
            raise KeysDamaged(file=CHECKPOINT)

    def signed_on(self, note: SignedNote) -> SignedOn:
        """The day on which a note was signed, as its signatures say."""
        return SignedOn(max((signed_by(key, note) or 0 for key in self.keys.believed()), default=0))

    # What others send.

    def cosigned(
        self,
        note: SignedNote,
        lines: Iterable[NoteSignature],
        is_enough: Callable[[SignedNote], bool],
    ) -> None:
        """Keep, with a note that was signed, the cosignatures of witnesses, which were checked."""
        with self.folder.alone():
            kept = self.note(_size(note))
            if kept is None or kept.text != note.text:
                return  # another log took its place meanwhile
            known = {(line.name, line.key) for line in kept.signatures}
            new = [line for line in lines if (line.name, line.key) not in known]
            whole = SignedNote(kept.text, (*kept.signatures, *new))
            last, witnessed = self.latest(), self.witnessed()
            if new:
                self.folder.keep(f"notes/{_size(whole)}", whole)
            if last and last.text == whole.text and last != whole:
                self.folder.keep(CHECKPOINT, whole)
            if is_enough(whole) and (witnessed is None or _size(witnessed) <= _size(whole)):
                self.folder.keep(WITNESSED, whole)

    def remember(self, note: SignedNote) -> None:
        """Keep a note of this log that it knows no more: nothing is signed that denies it."""
        with self.folder.alone():
            self.folder.keep(f"{FORGOTTEN}/{_size(note)}", note)

    def is_ours(self, note: SignedNote) -> bool:
        """Whether a key that is believed signed a note of this log."""
        is_named = Checkpoint.read(note.text).origin == self.origin
        return is_named and any(signed_by(key, note) is not None for key in self.keys.believed())

    def _keep(self, note: SignedNote) -> SignedNote:
        self.folder.keep(f"notes/{_size(note)}", note)
        self.folder.keep(CHECKPOINT, note)
        return note


def _size(note: SignedNote) -> int:
    return Checkpoint.read(note.text).size
