"""Asking one witness to cosign a note, and judging what it answers (C2SP tlog-witness)."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from time import monotonic

from domain.audit import EMPTY_ROOT
from domain.checkpoint import Checkpoint, NotACheckpoint
from domain.note import NotANote, NoteSignature, SignedNote
from domain.proofs import grew
from domain.trust_policy import Member
from domain.witness import WitnessState, asked, cosignatures, size_told
from infrastructure.log_signer import LogSigner
from infrastructure.outside import NoAnswer, OutsideAnswer, get, post
from infrastructure.signatures import signed_at

PATIENCE = 5.0
"""Seconds that a witness has to answer, in all."""

ATTEMPTS = 3
"""How often a witness is asked that says another size than it was told."""

UNPROVED = "le journal ne prouve plus ce qui fut signé : « jalon audit verify » dit où"


@dataclass(frozen=True)
class WitnessOutcome:
    """What came of asking one."""

    state: WitnessState
    lines: Sequence[NoteSignature] = field(default=())
    detail: str = ""
    evidence: str | None = None


class WitnessAsker:
    """Asks witnesses in the name of a log, from what that log signed."""

    def __init__(self, signer: LogSigner) -> None:
        self._signer = signer

    def ask(self, witness: Member, note: SignedNote, before: int) -> WitnessOutcome:
        """Ask one, from the size that it cosigned last.

        Where it says another one, that is tried, if this log signed it.
        """
        until = monotonic() + PATIENCE
        found = Checkpoint.read(note.text)
        old = before if self._is_signed(before, found) else 0
        with suppress(NoAnswer):
            for _ in range(ATTEMPTS):
                path = self._path(old, found)
                if path is None:
                    return WitnessOutcome(WitnessState.NOT_ASKED, detail=UNPROVED)
                body = asked(old, path, note)
                answer = post(f"{_base(witness)}/add-checkpoint", body, "text/plain", until)
                told = size_told(answer.content_type, answer.body)
                if answer.status != 409 or told in (None, old):
                    return self._answered(witness, note, answer, until)
                if told is None or not self._is_signed(told, found):
                    return self._contested(witness, note, answer, until)
                old = told
            return WitnessOutcome(
                WitnessState.MALFORMED, detail="il dit chaque fois une autre taille"
            )
        return WitnessOutcome(WitnessState.SILENT)

    def _answered(
        self, witness: Member, note: SignedNote, answer: OutsideAnswer, until: float
    ) -> WitnessOutcome:
        match answer.status:
            case 200:
                return _cosigned(witness, note, answer)
            case 422:
                return self._contested(witness, note, answer, until)
            case 409:
                return WitnessOutcome(WitnessState.MALFORMED, detail="une taille était attendue")
            case status:
                return WitnessOutcome(WitnessState.REFUSED, detail=_refused(status))

    def _contested(
        self, witness: Member, note: SignedNote, answer: OutsideAnswer, until: float
    ) -> WitnessOutcome:
        """What a witness says against this log, kept with the note that it has of it, if any.

        A note by our own key that the log does not continue is its own word: nothing is signed
        any more that denies it.
        """
        theirs = self._theirs(witness, until)
        told = size_told(answer.content_type, answer.body)
        if told and self._was_overtaken(note, told):
            return WitnessOutcome(
                WitnessState.NOT_ASKED, detail="demandé entre-temps pour un plus grand"
            )
        state = WitnessState.INCONSISTENT if answer.status == 422 else WitnessState.OTHER_SIZE
        if theirs and self._denies(theirs):
            state = WitnessState.CONTRADICTED
            self._signer.remember(theirs)
        said = f"taille {told}" if told is not None else f"HTTP {answer.status}"
        evidence = self._keep_evidence(witness, note, answer, theirs)
        return WitnessOutcome(state, detail=said, evidence=evidence)

    def _was_overtaken(self, note: SignedNote, told: int) -> bool:
        """Whether a later note was signed meanwhile, up to which somebody asked the witness."""
        last = self._signer.latest()
        is_later = last is not None and last.text != note.text
        return is_later and self._signer.note(told) is not None

    def _theirs(self, witness: Member, until: float) -> SignedNote | None:
        """The note of this log that a witness shows; `None` where none of it is ours."""
        log = sha256(self._signer.origin.encode()).hexdigest()
        with suppress(NoAnswer, NotANote, NotACheckpoint):
            answer = get(f"{_base(witness)}/{log}/checkpoint", until)
            note = SignedNote.read(answer.body)
            if answer.status == 200 and self._signer.is_ours(note):
                return note
        return None

    def _denies(self, note: SignedNote) -> bool:
        """Whether the log as it is signed now is not the continuation of a note."""
        theirs, last = Checkpoint.read(note.text), self._signer.latest()
        return (
            last is None
            or theirs.size > _size(last)
            or self._signer.tree.root(theirs.size) != theirs.root
        )

    def _path(self, old: int, found: Checkpoint) -> list[bytes] | None:
        """The path from a size that was signed; `None` where what is kept proves it no more."""
        note = self._signer.note(old)
        root = Checkpoint.read(note.text).root if note else EMPTY_ROOT
        try:
            path = self._signer.tree.consistency(old, found.size)
        except KeyError:  # a row is gone
            return None
        return path if grew(old, root, found.size, found.root, path) else None

    def _is_signed(self, size: int, found: Checkpoint) -> bool:
        """Whether this log signed a size, and a checkpoint is not smaller."""
        return size <= found.size and (size == 0 or self._signer.note(size) is not None)

    def _keep_evidence(
        self,
        witness: Member,
        note: SignedNote,
        answer: OutsideAnswer,
        theirs: SignedNote | None,
    ) -> str:
        name = f"evidence/{_size(note)}-{witness.key.id.hex()}-{answer.status}"
        said = f"{answer.status}\n{answer.content_type}\n\n".encode() + answer.body
        with self._signer.folder.alone():
            self._signer.folder.write(f"{name}.ours", str(note).encode())
            if theirs:
                self._signer.folder.write(f"{name}.theirs", str(theirs).encode())
            self._signer.folder.write(f"{name}.answer", said)
        return name


def _cosigned(witness: Member, note: SignedNote, answer: OutsideAnswer) -> WitnessOutcome:
    """The lines of an answer that the key of a witness made; those of other keys say nothing."""
    lines = cosignatures(answer.body)
    if lines is None:
        return WitnessOutcome(WitnessState.MALFORMED, detail="ce ne sont pas des signatures")
    found = Checkpoint.read(note.text)
    own = [line for line in lines if line.is_of(witness.key)]
    if not own or any(signed_at(found, witness.key, line) is None for line in own):
        return WitnessOutcome(WitnessState.NOT_ITS_OWN)
    return WitnessOutcome(WitnessState.COSIGNED, own[:1])


def _refused(status: int) -> str:
    known = {404: "ce journal", 403: "cette clé"}.get(status)
    why = f" : il ne connaît pas {known} ; donnez-lui « jalon audit policy »" if known else ""
    return f"HTTP {status}{why}"


def _base(witness: Member) -> str:
    return (witness.url or "").rstrip("/")


def _size(note: SignedNote) -> int:
    return Checkpoint.read(note.text).size
