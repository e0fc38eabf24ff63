"""Whether a checkpoint, or the proof of an entry, is to be believed under a policy of trust."""

from dataclasses import dataclass
from pathlib import Path

from domain import audit
from domain.checkpoint import Checkpoint
from domain.errors import Damaged
from domain.logged import LogProof
from domain.note import LONGEST, KeyKind, SignedNote, VerifierKey
from domain.proofs import root_from
from domain.trust_policy import NotAPolicy, TrustPolicy
from infrastructure.given_file import NotRead, content_of
from infrastructure.signatures import signed_at


class NotTrusted(Damaged):
    """The policy does not trust it."""

    code = "proof.not_trusted"
    fr = "La preuve ne tient pas : {reason}."
    en = "The proof does not hold ({reason})."


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a policy does not trust a checkpoint."""

    reason: str
    remedy: str | None = None
    """What to do, in a sentence, where nothing is wrong but what is given or still awaited."""


NO_KEY = (
    "Votre politique n'est pas celle de ce journal : demandez la sienne (« jalon audit policy » la "
    "donne) à qui le tient, par un autre chemin que ce fichier."
)
KEYS_CHANGED = (
    "Votre politique ne connaît pas la clé qui a signé : les clés du journal ont pu changer "
    "depuis, ou ce fichier n'est pas de ce journal. Demandez à qui le tient, par un autre chemin "
    "que ce fichier, sa politique d'à présent (« jalon audit policy ») et un dossier qui finisse "
    "au changement de clés (« jalon audit export --until ») : vos anciennes clés l'ont signé "
    "aussi, et il donne les nouvelles. D'ici là, gardez ce fichier sans vous y fier."
)
WITNESSES_AWAITED = (
    "Rien n'a été changé, mais il manque des cosignatures de témoins que demande votre politique : "
    "redemandez ce fichier au registre quand ils auront répondu."
)


LONGEST_ED25519 = 72
"""Bytes of such a signature, with the second of a witness; one by ML-DSA-44 has thousands."""


@dataclass(frozen=True)
class Trusted:
    """A checkpoint that a policy trusts: which log signed it, and which witnesses saw it when."""

    checkpoint: Checkpoint
    log: VerifierKey
    witnesses: dict[str, int]
    """By their names in the policy, the second in which each signed."""


def trusted(note: SignedNote, policy: TrustPolicy) -> Trusted:
    """What a note proves under a policy; one that it does not trust is refused, with the reason."""
    found, doubts = judged(note, policy)
    if found is None or doubts:
        remedies = [doubt.remedy for doubt in doubts]
        said = " ; ".join(doubt.reason for doubt in doubts)
        raise NotTrusted(reason=f"{said}. {remedies[0]}"[:-1] if all(remedies) else said)
    return found


def judged(note: SignedNote, policy: TrustPolicy) -> tuple[Trusted | None, list[Doubt]]:
    """What a note proves under a policy, and each reason not to believe it.

    Lines of unknown keys say nothing. A line that names a known key and is not its signature
    refuses the whole note (C2SP signed-note). Where the policy has an ML-DSA-44 key of the log, one
    of these must have signed: whoever could forge the other kind would leave it out. Where a key of
    the log signed that the policy does not know, it may be the policy that is old: that is said.
    """
    found = Checkpoint.read(note.text)
    logs = [known.key for known in policy.logs if known.key.name == found.origin]
    doubts: list[Doubt] = []
    signed = [key for key in logs if _signed(key, found, note, doubts) is not None]
    seen = {name: _signed(w.key, found, note, doubts) for name, w in policy.witnesses.items()}
    witnesses = {name: second for name, second in seen.items() if second is not None}
    if not logs:
        reason = f"elle ne donne aucune clé du journal « {found.origin} »"
        doubts.append(Doubt(reason, NO_KEY))
    elif not signed:
        reason = f"aucune des clés qu'elle donne du journal « {found.origin} » n'a signé"
        doubts.append(Doubt(reason, KEYS_CHANGED))
    lasting = [key for key in logs if key.kind is KeyKind.MLDSA44_COSIGNATURE]
    if signed and lasting and not set(lasting) & set(signed):
        names = ", ".join(key.id.hex() for key in lasting)
        others = (line for line in note.signatures if not any(line.is_of(key) for key in logs))
        has_another = any(
            line.name == found.origin and len(line.value) > LONGEST_ED25519 for line in others
        )
        reason = f"la clé ML-DSA-44 ({names}) de votre politique n'a pas signé"
        doubts.append(Doubt(reason, KEYS_CHANGED if has_another else None))
    if not policy.is_met(witnesses):
        number = f"{len(witnesses)} sur {len(policy.witnesses)}"
        reason = f"trop peu de témoins ont signé, de ceux qu'elle nomme ({number})"
        doubts.append(Doubt(reason, WITNESSES_AWAITED))
    return (Trusted(found, signed[0], witnesses) if signed else None), doubts


def _signed(
    key: VerifierKey, found: Checkpoint, note: SignedNote, doubts: list[Doubt]
) -> int | None:
    for signature in note.signatures:
        if signature.is_of(key):
            second = signed_at(found, key, signature)
            if second is None:
                doubts.append(Doubt(f"la signature de « {key.name} » n'est pas la sienne"))
            return second
    return None


def check_proof(file: Path, policy: Path) -> tuple[Trusted, LogProof]:
    """Check the proof in a file by the policy in another; no registry is needed, nor a network."""
    proof = LogProof.read(_content(file))
    return logged(proof, policy_in(policy)), proof


def policy_in(file: Path) -> TrustPolicy:
    """The policy of trust in a file; one that is none is told as a file that cannot be read."""
    try:
        return TrustPolicy.read(_content(file))
    except NotAPolicy as error:
        raise NotRead(reason=f"« {file} » : {error.say('fr')}") from None


def _content(file: Path) -> bytes:
    return content_of(file, LONGEST + 1)  # the rest would be refused


def logged(proof: LogProof, policy: TrustPolicy) -> Trusted:
    """Check that an entry was logged, under a policy; what does not hold is refused."""
    told = Checkpoint.read(proof.note.text)
    if root_from(audit.leaf_hash(proof.entry), proof.index, told.size, proof.path) != told.root:
        raise NotTrusted(reason="le chemin ne mène pas à la racine signée")
    return trusted(proof.note, policy)
