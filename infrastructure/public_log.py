"""The log as outsiders get it: signed checkpoints, proofs in files, a policy to check them by."""

import logging
import re
from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from threading import Event as Signal
from uuid import UUID

from domain.checkpoint import Checkpoint
from domain.errors import JalonError, NotFound
from domain.log import KeyStanding
from domain.logged import LogProof
from domain.note import KeyKind, SignedNote
from domain.trust_policy import TrustPolicy
from infrastructure.event_store.failure import STORE_ERRORS
from infrastructure.event_store.journal import Journal
from infrastructure.log_keys import LogKey, LogKeys
from infrastructure.log_rotation import (
    ComparedLog,
    Record,
    compare,
    distrust,
    rotate_keys,
    rotate_log,
)
from infrastructure.log_signer import LogSigner
from infrastructure.operator_policy import OperatorPolicy
from infrastructure.stamp import Stamp, StampDamaged, Stamps
from infrastructure.witness import Witnesses

log = logging.getLogger("jalon")

_NUMBER = re.compile(r"(?:n°)?([1-9][0-9]{0,18})")
"""The number of an event as people write it: `12`, `n° 2 834`, its spaces left out."""

EVERY = 10.0
"""Seconds between two checkpoints of a server, at the least."""


class UnknownEvent(NotFound):
    """No event has this identity, nor this number."""

    code = "event.unknown"
    fr = (
        "Aucun événement du journal n'a l'identifiant, ou le numéro, « {name} » : le premier est "
        "le n° 1."
    )
    en = "No event of the log has the identity, or the number, “{name}”: the first one is no. 1."


class PublicLog:
    """The log of a registry, signed as it grows, cosigned by witnesses, stamped once a day."""

    def __init__(
        self,
        journal: Journal,
        signer: LogSigner,
        policy: OperatorPolicy,
        stamps: Stamps,
        clock: Callable[[], datetime],
    ) -> None:
        self._journal = journal
        self._policy = policy
        self._stamps = stamps
        self.tree = signer.tree
        self.signer = signer
        self.witnesses = Witnesses(signer, policy, clock)
        self._has_looked_back = False

    def sign(self) -> SignedNote:
        """Sign the log as it is; refused where it is not what was signed before, and then more."""
        self.look_back()
        return self.signer.sign(self._journal.size())

    def begin(self, origin: str) -> None:
        """Sign a log that never was, under a name."""
        if self.signer.latest() is None:
            LogSigner(self.signer.folder, origin, self.tree).sign(self._journal.size())

    def look_back(self) -> None:
        """Ask the witnesses what they saw before anything is signed, once in a process.

        A machine that was put back whole took its own memory along: only they can know that it
        signed more. What they prove binds the signer; who is silent holds it up for seconds.
        """
        if self._has_looked_back:
            return
        with suppress(JalonError, OSError):  # told when they are asked to cosign
            self.witnesses.ask(at_once=False, again=True)
            self._has_looked_back = True

    def must_go_on(self, size: int) -> None:
        """Refuse a log of a size that does not begin with what was signed, or a witness saw."""
        for note in self.signer.answered_for():
            self.signer.must_go_on(note, size)

    def note(self, size: int) -> SignedNote | None:
        """The note that was signed of a size, with every cosignature that it has."""
        return self.signer.note(size)

    def proof_of(self, event: str) -> LogProof:
        """The proof that an event is in the log, which is signed first if the event is newer.

        Args:
            event: its identity, or its number, from 1, as people are told it.
        """
        return self.proof_at(self._index_of(event))

    def proof_at(self, index: int) -> LogProof:
        """The same, of the event at an index of the log, from 0.

        By the last note that has the witnesses that the policy asks for, if it is of that size.
        """
        known = (self.signer.witnessed(), self.signer.latest())
        sizes = (note for note in known if note and _size(note) > index)
        note = next(sizes, None) or self.sign()
        path = self.tree.inclusion(index, _size(note))
        return LogProof(self.tree.entry(index), index, tuple(path), note)

    def signed_within(self, size: int | None = None) -> SignedNote | None:
        """The last checkpoint that was signed up to a size; without one, it is signed as it is."""
        return self.sign() if size is None else self.signer.last_within(size)

    def is_enough(self, note: SignedNote) -> bool:
        """Whether a note has the witnesses that the policy asks for."""
        return self._policy.is_enough(note)

    def compare(self, note: SignedNote) -> ComparedLog:
        """What the journal is to a note that somebody kept."""
        return compare(self.signer, self._journal, note)

    # Trust.

    def policy(self) -> str:
        """What others check proofs by: the keys that sign or signed, the witnesses, the quorum.

        The keys of which somebody else may have been in possession are told, and not given.
        """
        keys = self.keys()
        has_changed = any(key.until is not None for key in keys)
        logs = "".join(_log_line(key, with_sizes=has_changed) for key in keys)
        return logs + self._policy.witness_lines()

    def keys(self) -> list[LogKey]:
        """Every key of the log, and of those before it."""
        self.signer.verifiers()  # makes them, where nothing was signed yet
        return [key for log in self.signer.folder.logs for key in LogKeys(log, "").known()]

    def trust(self, file: Path) -> TrustPolicy:
        """Take a file for the policy from now on: its witnesses are asked, its quorum is told."""
        return self._policy.install(file, [key.verifier for key in self.keys()])

    # Rotation.

    def rotate_keys(self, kinds: Collection[KeyKind], record: Record) -> SignedNote:
        """Give the log new keys; gives the note that the old ones and the new sign."""
        self.look_back()
        return rotate_keys(self.signer, self._journal, kinds, record)

    def distrust(self, key: str, record: Record) -> LogKey:
        """Declare that a key that signs no more was compromised."""
        return distrust(self.signer, key, record)

    def rotate_log(self, origin: str, record: Record) -> SignedNote:
        """Open a log under another name after this one; gives its first note."""
        self.look_back()
        return rotate_log(self.signer, self._journal, origin, record)

    # Time-stamps.

    def stamp(self) -> str | None:
        """Have the last note time-stamped, if today's was not; gives the day, if it was now."""
        return self._stamps.stamp(self.signer.latest())

    def stamps(self) -> list[tuple[str, bytes, bytes]]:
        """Of each day that has a time-stamp: its name, the answer, the authority's certificates."""
        kept = ((day, self._stamps.kept(day)) for day in self._stamps.days())
        return [(day, answer, certificates) for day, (answer, certificates, _) in kept]

    def stamped(self, day: str) -> bytes:
        """What the time-stamp of a day stamps: a signed note, byte for byte."""
        return self._stamps.kept(day)[2]

    def check_stamps(self) -> list[Stamp]:
        """Check every time-stamp again, and that what it stamps is of this log."""
        return [self._check_stamp(day) for day in self._stamps.days()]

    def _check_stamp(self, day: str) -> Stamp:
        found = self._stamps.check(day)
        logs = (LogSigner(log, _origin(found.note), self.tree) for log in self.signer.folder.logs)
        if not any(log.is_ours(found.note) for log in logs):
            raise StampDamaged(day=day, reason="aucune clé de ce journal n'a signé ce qui l'est")
        return found

    # A server.

    def keep_signed(self, stop: Signal) -> None:
        """Sign the log when it has grown, until stopped; what forbids it is told once."""
        self.look_back()
        self._keep(stop, self.sign, "Le journal n'est pas signé. %s")

    def keep_seen(self, stop: Signal) -> None:
        """Ask witnesses and the authority as the log is signed, until stopped."""

        def ask() -> None:
            try:
                self.witnesses.ask(at_once=False)
            finally:
                self._stamps.stamp(self.signer.latest(), at_once=False)

        self._keep(stop, ask, "Le journal est signé, mais ni vu ni daté par d'autres. %s")

    def _keep(self, stop: Signal, do: Callable[[], object], warning: str) -> None:
        told = ""
        while not stop.wait(EVERY):
            try:
                do()
                told = ""
            except (JalonError, OSError, *STORE_ERRORS) as error:
                if str(error) != told:
                    log.warning(warning, error)
                told = str(error)

    def _index_of(self, event: str) -> int:
        if number := _NUMBER.fullmatch("".join(event.split())):
            if int(number[1]) <= self._journal.size():
                return int(number[1]) - 1
        else:
            with suppress(ValueError):
                if found := self._journal.fact(UUID(event)):
                    return found.position - 1
        raise UnknownEvent(name=event[:80])


def _log_line(key: LogKey, *, with_sizes: bool) -> str:
    """A key as policies give it; one that is believed no more is told, and not given."""
    if key.standing is KeyStanding.NEXT:
        return ""
    if key.standing is KeyStanding.DISTRUSTED:
        return f"# compromise : {key.verifier.name} {key.verifier.id.hex()}\n"
    until = f" jusqu'à {key.until}" if key.until is not None else ""
    said = f"# signe de {key.since}{until}\n" if with_sizes else ""
    return f"{said}log {key.key}\n"


def _size(note: SignedNote) -> int:
    return Checkpoint.read(note.text).size


def _origin(note: SignedNote) -> str:
    return Checkpoint.read(note.text).origin
