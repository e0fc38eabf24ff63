"""What a bundle is signed by: a checkpoint with the keys that are known, and its time-stamps."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from domain import bundle
from domain.checkpoint import Checkpoint
from domain.note import SignedNote, VerifierKey
from domain.trust_policy import TrustPolicy
from infrastructure.public_log import PublicLog
from infrastructure.signatures import signed_at
from infrastructure.trust import NotTrusted


@dataclass(frozen=True, slots=True)
class Witnessed:
    """A checkpoint as a bundle has it: the lines of known keys, each of which signed it."""

    note: SignedNote
    checkpoint: Checkpoint
    keys: tuple[VerifierKey, ...]

    @classmethod
    def of(cls, note: SignedNote, known: Iterable[VerifierKey]) -> "Witnessed":
        """A note without the lines of keys that nobody here knows, which would prove nothing."""
        found = Checkpoint.read(note.text)
        lines, keys = [], []
        by_id = {(key.name, key.id): key for key in known}
        for line in note.signatures:
            key = by_id.pop((line.name, line.key), None)
            if key is None:
                continue
            if signed_at(found, key, line) is None:
                raise NotTrusted(reason=f"la signature de « {key.name} » n'est pas la sienne")
            lines.append(line)
            keys.append(key)
        if not any(bundle.is_of_log(key, found.origin) for key in keys):
            raise NotTrusted(reason="aucune clé du journal ne l'a signée")
        return cls(SignedNote(note.text, tuple(lines)), found, tuple(keys))


def keys_in(policy: str) -> list[VerifierKey]:
    """The keys that a policy knows, of logs and of witnesses."""
    known = TrustPolicy.read(policy.encode())
    return [member.key for member in (*known.logs, *known.witnesses.values())]


def stamps_of(log: PublicLog, signed: Checkpoint, *, whole: bool) -> Iterator[tuple[str, bytes]]:
    """The time-stamps that a bundle can show to be of its log, by the names of their files.

    Args:
        whole: whether it has the whole tree; else only a stamp of its own checkpoint is shown.
    """
    for day, answer, certificates in log.stamps():
        note = log.stamped(day)
        told = Checkpoint.read(SignedNote.read(note).text)
        if told.origin == signed.origin and (told == signed or (whole and told.size < signed.size)):
            yield from (
                (f"{day}.note", note),
                (f"{day}.pem", certificates),
                (f"{day}.tsr", answer),
            )
