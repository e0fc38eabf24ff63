"""The log as outsiders get it: signed checkpoints, proofs in files, a policy to check them by."""

import logging
import re
from contextlib import suppress
from threading import Event as Signal
from uuid import UUID

from domain.checkpoint import Checkpoint
from domain.errors import JalonError, NotFound
from domain.logged import LogProof
from domain.note import SignedNote
from infrastructure.event_store.failure import STORE_ERRORS
from infrastructure.event_store.journal import Journal
from infrastructure.log_signer import LogSigner
from infrastructure.log_tree import LogTree

log = logging.getLogger("jalon")

_INDEX = re.compile(r"0|[1-9][0-9]{0,18}")

EVERY = 10.0
"""Seconds between two checkpoints of a server, at the least."""


class UnknownEvent(NotFound):
    """No event has this identity, nor this index."""

    code = "event.unknown"
    fr = "Aucun événement du journal n'a l'identifiant, ou l'index, « {name} »."
    en = "No event of the log has the identity, or the index, “{name}”."


class PublicLog:
    """The log of a registry, signed as it grows."""

    def __init__(self, journal: Journal, tree: LogTree, signer: LogSigner) -> None:
        self._journal = journal
        self.tree = tree
        self.signer = signer

    def sign(self) -> SignedNote:
        """Sign the log as it is; refused where it is not what was signed before, and then more."""
        return self.signer.sign(self._journal.size())

    def proof_of(self, event: str) -> LogProof:
        """The proof that an event is in the log, which is signed first if the event is newer.

        Args:
            event: its identity, or its index in the log, from 0.
        """
        index = self._index_of(event)
        note = self.signer.latest()
        if note is None or Checkpoint.read(note.text).size <= index:
            note = self.sign()
        path = self.tree.inclusion(index, Checkpoint.read(note.text).size)
        return LogProof(self.tree.entry(index), index, tuple(path), note)

    def policy(self) -> str:
        """What whoever trusts the keys of this log, and asks for no witness, checks proofs by."""
        logs = "".join(f"log {key}\n" for key in self.signer.verifiers())
        return f"{logs}quorum none\n"

    def keep_signed(self, stop: Signal) -> None:
        """Sign the log when it has grown, until stopped; what forbids it is told once."""
        told = ""
        while not stop.wait(EVERY):
            try:
                self.sign()
                told = ""
            except (JalonError, OSError, *STORE_ERRORS) as error:
                if str(error) != told:
                    log.warning("Le journal n'est pas signé. %s", error)
                told = str(error)

    def _index_of(self, event: str) -> int:
        if _INDEX.fullmatch(event):
            if int(event) < self._journal.size():
                return int(event)
        else:
            with suppress(ValueError):
                if found := self._journal.fact(UUID(event)):
                    return found.position - 1
        raise UnknownEvent(name=event[:80])
