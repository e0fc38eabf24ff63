"""New keys for the log, and a new log after one that is lost: each on record, each resumable.

Killed at any step, what stands is consistent, and the same act asked again goes on from there.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from application.log import ChangeLogKeys, DistrustLogKey, LogAct, OpenLog
from domain.checkpoint import Checkpoint
from domain.errors import Damaged, NotFound, Refused
from domain.log import LOGS, Continuity, KeyStanding, SignedLogs, must_name, told_by
from domain.note import KeyKind, SignedNote
from infrastructure.audit_log import verify
from infrastructure.event_store.journal import Journal
from infrastructure.log_folder import CHECKPOINT, LogFolder
from infrastructure.log_keys import LogKey, LogKeys
from infrastructure.log_signer import LogSigner, Rewritten, RolledBack, SignedOn

Record = Callable[[LogAct], object]
"""Records an act in the journal, in the name of whoever does it."""


class UnknownKey(NotFound):
    """No key of the log has this identity."""

    code = "log.unknown_key"
    fr = "Aucune clé de ce journal n'a l'identifiant « {name} » : « jalon audit keys » les donne."
    en = "No key of this log has the identity “{name}”: “jalon audit keys” gives them."


class StillSigns(Refused):
    """A key that signs is first replaced."""

    code = "log.key_signs"
    fr = "Cette clé signe encore : changez-la d'abord (« jalon audit rotate-key »)."
    en = "This key still signs: replace it first (“jalon audit rotate-key”)."


class NameTaken(Refused):
    """A log keeps its name, and no other one takes it."""

    code = "log.name_taken"
    fr = "« {name} » nomme déjà un journal de ce registre : choisissez un autre nom."
    en = "“{name}” already names a log of this registry: choose another name."


class OpeningUnfinished(Refused):
    """A log that is on record as opened has signed nothing yet."""

    code = "log.opening_unfinished"
    fr = "L'ouverture de « {name} » a été interrompue : donnez d'abord ce nom, pour la finir."
    en = "The opening of “{name}” was interrupted: give that name first, to finish it."


class NothingSigned(Refused):
    """There is nothing that another log could follow."""

    code = "log.nothing_signed"
    fr = "Ce journal n'a encore rien signé : donnez-lui son nom par JALON_ORIGIN."
    en = "This log has signed nothing yet: name it by JALON_ORIGIN."


class NotSignedHere(Damaged):
    """A note is no word of a log of this registry."""

    code = "log.not_signed_here"
    fr = "Cette note ne prouve rien : {reason}."
    en = "This note proves nothing ({reason})."


def rotate_keys(
    signer: LogSigner, journal: Journal, kinds: Collection[KeyKind], record: Record
) -> SignedNote:
    """Give the log new keys of some kinds; gives the note that the old ones and the new sign.

    Those that an interrupted change announced are taken, whatever kinds are asked.
    """
    signer.sign(journal.size())  # what stands is what was signed before, or nothing is changed
    with signer.folder.alone():
        coming = signer.keys.announce(kinds)
        leaving = signer.keys.leaving(coming)
    added, retired = (tuple(key.key for key in keys) for keys in (coming, leaving))
    record(ChangeLogKeys(origin=signer.origin, added=added, retired=retired))
    return signer.change_over(journal.size())


def distrust(signer: LogSigner, name: str, record: Record) -> LogKey:
    """Declare that a key that signs no more was compromised; gives the key."""
    for log in signer.folder.logs:
        keys = LogKeys(log, signer.origin)
        for key in (one for one in keys.known() if one.verifier.id.hex() == name):
            if key.standing in (KeyStanding.SIGNING, KeyStanding.NEXT):
                raise StillSigns
            record(DistrustLogKey(origin=key.verifier.name, key=key.key))
            with signer.folder.alone():
                keys.distrust(key)
            return key
    raise UnknownKey(name=name[:40])


def rotate_log(signer: LogSigner, journal: Journal, origin: str, record: Record) -> SignedNote:
    """Open a log under another name, after the one that is signed now; gives its first note.

    The journal must be intact, though not the one that was signed: what it is to the last note is
    put on record, and this event is the last entry of the first note.
    """
    must_name(origin)
    known = signer.answered_for()
    if not known:
        raise NothingSigned
    logs = signer.folder.logs
    if origin in (named := {_name(log) for log in logs}):
        raise NameTaken(name=origin)
    begun = journal.fold(SignedLogs, LOGS)
    if unfinished := (begun.opened.keys() if begun else set()) - named - {origin}:
        raise OpeningUnfinished(name=min(unfinished))
    size = verify(journal).size
    # What the journal denies is what must be told; it need not be the note of the largest size.
    denied = [one for one in known if continuity(signer, one, size) is not Continuity.CONTINUED]
    last = max(denied or known, key=_size)
    found = continuity(signer, last, size)
    if found is Continuity.CONTINUED:
        last = signer.sign(size)
    record(OpenLog(origin=origin, note=str(last), found=found))
    number = len(logs) + 1
    opened = LogSigner(LogFolder(signer.folder.root, number), origin, signer.tree)
    first = opened.sign(_opened_at(journal, origin))
    with signer.folder.alone():
        opened.keys.begin(_size(first))
        signer.folder.follow_with(number)
        LogKeys(logs[-1], signer.origin).retire(_size(last))
    return first


def _name(log: LogFolder) -> str:
    note = log.note(CHECKPOINT)
    return Checkpoint.read(note.text).origin if note else ""


def _size(note: SignedNote) -> int:
    return Checkpoint.read(note.text).size


def _opened_at(journal: Journal, origin: str) -> int:
    """The size of the journal whose last event opened a log."""
    return next(
        recorded.position
        for recorded in journal.history(LOGS)
        if isinstance(recorded.event, SignedLogs.Opened) and recorded.event.origin == origin
    )


def continuity(signer: LogSigner, note: SignedNote, size: int) -> Continuity:
    """What the journal of a size is to a note."""
    try:
        signer.must_go_on(note, size)
    except RolledBack:
        return Continuity.ROLLED_BACK
    except Rewritten:
        return Continuity.REWRITTEN
    return Continuity.CONTINUED


@dataclass(frozen=True, slots=True)
class ComparedLog:
    """A note that somebody kept, and what the journal is to it."""

    checkpoint: Checkpoint
    signed: SignedOn
    found: Continuity
    size: int
    """Of the journal now."""
    loss: int | None = None
    """The index of the event that says that the end of its log was lost, if one does."""


def compare(signer: LogSigner, journal: Journal, note: SignedNote) -> ComparedLog:
    """What the journal is to a note that somebody kept; every event is verified first.

    A note that no key of this registry signed, or none that is still believed, is refused.
    """
    kept = Checkpoint.read(note.text)
    logs = (LogSigner(log, kept.origin, signer.tree) for log in signer.folder.logs)
    its = next((log for log in logs if log.is_ours(note)), None)
    if its is None:
        raise NotSignedHere(reason="aucune clé de ce registre, qui soit encore crue, ne l'a signée")
    size = verify(journal).size
    found = continuity(its, note, size)
    losses = (
        recorded.position - 1
        for recorded in journal.history(LOGS)
        if isinstance(recorded.event, SignedLogs.Opened)
        and recorded.event.found is not Continuity.CONTINUED
        and told_by(recorded.event.note).origin == kept.origin
    )
    loss = None if found is Continuity.CONTINUED else next(losses, None)
    return ComparedLog(kept, its.signed_on(note), found, size, loss)
