"""The policy of trust that the operator chose: whose cosignatures are asked, how many needed."""

from collections.abc import Collection
from pathlib import Path

from domain.errors import Damaged, Unavailable
from domain.note import LONGEST, KeyKind, SignedNote, VerifierKey
from domain.trust_policy import TrustPolicy
from infrastructure.log_folder import LogFolder, write_whole
from infrastructure.outside import is_address
from infrastructure.signatures import signed_by

MOST_WITNESSES = 32
"""A note has 64 lines at the most, some of which are the log's own."""

OF_WITNESSES = (KeyKind.ED25519_COSIGNATURE, KeyKind.MLDSA44_COSIGNATURE)


class UnusablePolicy(Damaged):
    """A policy asks for what this log cannot do."""

    code = "policy.unusable"
    fr = "Cette politique ne convient pas à ce journal : {reason}. Rien n'a changé."
    en = "This policy does not suit this log ({reason}). Nothing has changed."


class PolicyElsewhere(Unavailable):
    """The policy is a file that a setting names."""

    code = "policy.elsewhere"
    fr = "JALON_POLICY dit que la politique est {file} : changez ce fichier, ou ôtez ce réglage."
    en = "JALON_POLICY says that the policy is {file}: change that file, or remove the setting."


class PolicyUnreadable(Unavailable):
    """The file of the policy is not there, or is none that may be read."""

    code = "policy.unreadable"
    fr = "Le fichier de la politique de confiance, {file}, est illisible."
    en = "The file of the policy of trust, {file}, cannot be read."


class OperatorPolicy:
    """The policy in the folder of signatures, or in the file that `JALON_POLICY` names."""

    def __init__(self, folder: LogFolder, elsewhere: Path | None) -> None:
        self._elsewhere = elsewhere
        self._file = elsewhere or folder.root / "policy"

    def read(self) -> TrustPolicy | None:
        """The policy; `None` where none was installed."""
        content = self._content()
        return None if content is None else TrustPolicy.read(content)

    def witness_lines(self) -> str:
        """What it says of witnesses, as others need it: its lines but those of logs."""
        content = self._content() or b"quorum none"
        TrustPolicy.read(content)
        lines = [line.strip(" \t") for line in content.decode("utf-8", "replace").split("\n")]
        return "".join(f"{line}\n" for line in lines if line and not line.startswith(("#", "log")))

    def install(self, file: Path, ours: Collection[VerifierKey]) -> TrustPolicy:
        """Take a file for the policy from now on; one that does not suit changes nothing.

        Args:
            ours: the keys of this log: a policy that names logs must be about it.
        """
        if self._elsewhere:
            raise PolicyElsewhere(file=self._elsewhere)
        with file.open("rb") as opened:
            content = opened.read(LONGEST + 1)
        found = TrustPolicy.read(content)
        _must_suit(found, content, ours)
        self._file.parent.mkdir(exist_ok=True, mode=0o700)
        write_whole(self._file, content)
        return found

    def is_enough(self, note: SignedNote) -> bool:
        """Whether the witnesses that it asks for have signed a note; they are checked again."""
        policy = self.read()
        if policy is None:
            return True
        witnesses = policy.witnesses.items()
        return policy.is_met([name for name, w in witnesses if signed_by(w.key, note) is not None])

    def _content(self) -> bytes | None:
        if not self._elsewhere and not self._file.exists():
            return None
        try:
            return self._file.read_bytes()
        except OSError:
            raise PolicyUnreadable(file=self._file) from None


def _must_suit(policy: TrustPolicy, content: bytes, ours: Collection[VerifierKey]) -> None:
    if not _is_utf8(content):
        raise UnusablePolicy(reason="elle n'est pas en UTF-8")
    if len(policy.witnesses) > MOST_WITNESSES:
        raise UnusablePolicy(reason=f"elle nomme plus de {MOST_WITNESSES} témoins")
    if any(known.key not in ours for known in policy.logs):
        raise UnusablePolicy(reason="elle nomme une clé de journal qui n'est pas des siennes")
    for name, witness in policy.witnesses.items():
        if witness.key.kind not in OF_WITNESSES:
            raise UnusablePolicy(reason=f"la clé de « {name} » n'est pas celle d'un témoin")
        if witness.url is not None and not is_address(witness.url):
            raise UnusablePolicy(reason=f"l'adresse de « {name} » n'est pas en http(s)")


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True
