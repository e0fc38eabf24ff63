"""Bundles that somebody made with keys of their own: what every verifier must answer of each."""

import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from domain import audit, bundle
from domain.bundle import key_file, policy_of, state_line
from domain.checkpoint import Checkpoint, signed_bytes
from domain.note import KeyKind, NoteSignature, SignedNote, VerifierKey
from infrastructure.signatures import SigningKey
from tests.bundles import written

ORIGIN = "registre.exemple.fr/journal"
ED25519, WITNESS, MLDSA44 = KeyKind
STREAM = UUID(int=1)


@dataclass(frozen=True)
class Row:
    """A bundle, the policy that is given with it, and the one answer."""

    name: str
    file: Path
    holds: bool
    policy: str = ""

    @property
    def awaited(self) -> str | None:
        """What the three say to do, where only the policy is not met and nothing was changed."""
        if self.policy == "quorum none\n":
            return "Votre politique n'est pas celle de ce journal"
        if any(str(verifier(key(kind, seed=9))) in self.policy for kind in (ED25519, MLDSA44)):
            return "Votre politique ne connaît pas la clé qui a signé"
        awaits = self.policy.endswith("\nquorum W\n")
        return "Rien n'a été changé, mais il manque des cosignatures" if awaits else None


def key(kind: KeyKind, name: str = ORIGIN, seed: int = 1) -> SigningKey:
    return SigningKey(name, kind, bytes([seed]) * 32)


def verifier(signing: SigningKey) -> VerifierKey:
    """Of a key whose name the product may refuse to read."""
    return signing.verifier


OURS = (key(ED25519), key(MLDSA44))


@dataclass(frozen=True)
class By:
    """Who signs, and which second they say."""

    key: SigningKey
    second: int = 1_800_000_000


def line(signer: By, found: Checkpoint) -> NoteSignature:
    own = verifier(signer.key)
    second = 0 if own.kind is ED25519 else signer.second
    told = b"" if own.kind is ED25519 else second.to_bytes(8)
    value = signer.key._private().sign(signed_bytes(found, own, second))
    return NoteSignature(own.name, own.id, told + value)


def signed(
    files: Mapping[str, bytes], found: Checkpoint, signers: Sequence[By]
) -> dict[str, bytes]:
    """The files of a bundle under another checkpoint, by keys that it brings along."""
    keys = [verifier(signer.key) for signer in signers]
    note = SignedNote(str(found), tuple(line(signer, found) for signer in signers))
    kept = {name: data for name, data in files.items() if not name.startswith("cles/")}
    return {
        **kept,
        bundle.CHECKPOINT: str(note).encode(),
        bundle.POLICY: policy_of(found.origin, keys).encode(),
        **{key_file(one): f"{one}\n".encode() for one in keys},
        bundle.MANIFEST: json.dumps({"origine": found.origin, "taille": found.size}).encode(),
    }


def log_of(
    events: Sequence[tuple[str, dict[str, Any] | bytes, dict[str, int]]],
    signers: Sequence[By] = (By(OURS[0]), By(OURS[1])),
    *,
    origin: str = ORIGIN,
    size: int | None = None,
) -> dict[str, bytes]:
    """A log of fewer than 256 events, each a topic, a state and what its entry says otherwise."""
    entries, states = [], []
    for index, (topic, told, other) in enumerate(events):
        event_id = UUID(int=100 + index)
        state = told
        if isinstance(state, dict):
            meta = {"event_id": str(event_id)}
            plain = {"kind": "assert", "meta": meta, "valid_from": "2026-01-01", **state}
            state = bundle.plain_json(plain)
        said: dict[str, Any] = {"version": index + 1, "recorded_at": 1_700_000_000_000_000 + index}
        entries.append(
            audit.entry(
                index=index,
                event_id=str(event_id),
                topic=topic,
                stream=str(STREAM),
                state=state,
                **(said | other),
            )
        )
        states.append(state_line(index, state))
    leaves = [audit.leaf_hash(entry) for entry in entries]
    width = len(leaves)
    found = Checkpoint(origin, width if size is None else size, root(leaves))
    files = {
        bundle.STATES: b"".join(states),
        f"tile/0/000.p/{width}": b"".join(leaves),
        f"tile/entries/000.p/{width}": b"".join(len(e).to_bytes(2) + e for e in entries),
        **dict.fromkeys(bundle.TOOLS, b"x"),
    }
    return signed(files, found, signers)


def root(hashes: list[bytes]) -> bytes:
    if len(hashes) == 1:
        return hashes[0]
    half = 1 << ((len(hashes) - 1).bit_length() - 1)
    return audit.node_hash(root(hashes[:half]), root(hashes[half:]))


def put(target: Path, files: Mapping[str, bytes]) -> Path:
    """A whole log, with the manifest that it must have."""
    told = json.loads(files[bundle.MANIFEST])
    manifest = bundle.plain_json({"fichiers": {}, "genre": "journal", "v": 1, **told})
    return written(target, {**files, bundle.MANIFEST: manifest})


# --- the table ----------------------------------------------------------------------------------

PLAIN: list[tuple[str, dict[str, Any] | bytes, dict[str, int]]] = [
    (f"later.thing_{name}.v1", {}, {}) for name in "abc"
]
"""Events of a kind that this version does not know."""


def one(state: dict[str, Any] | bytes, topic: str = "later.thing.v1", **entry: int) -> list[Any]:
    return [(topic, state, entry)]


def own_logs() -> Iterator[tuple[str, bool, dict[str, bytes], str]]:
    """By name: whether it holds, its files, and the policy that is given."""
    ed, mldsa = OURS
    both = f"log {verifier(ed)}\nlog {verifier(mldsa)}\n"
    yield "plain", True, log_of(PLAIN), ""
    for kind in (WITNESS, MLDSA44):
        for second, holds in ((2**62, True), (2**63 - 1, True), (0, False)):
            seen = By(key(kind, "temoin.exemple", 7), second)
            files = log_of(PLAIN, (By(ed), seen))
            yield f"{kind.name} at {second}", holds, files, ""
        beyond = By(key(kind, "temoin.exemple", 7), 2**63)
        yield f"{kind.name} at 2^63", False, log_of(PLAIN, (By(ed), beyond)), ""
    for length, holds in ((255, True), (300, False)):
        long = By(key(WITNESS, "t" * length, 7))
        yield f"a name of {length}", holds, log_of(PLAIN, (By(ed), long)), ""
        name = "r" * length
        files = log_of(PLAIN, (By(key(ED25519, name)),), origin=name)
        yield f"an origin of {length}", holds, files, ""
    for name in ("a\x01b", "a\x85b", "a b"):
        files = log_of(PLAIN, (By(key(ED25519, name)),), origin=name)
        yield f"an origin {name!r}", False, files, ""
    for size in (0, 4, 2**40, 2**62):
        yield f"a size of {size}", False, log_of(PLAIN, size=size), ""
    yield "a version of 2^53", False, log_of(one({}, version=2**53)), ""
    yield "an instant of 2^53", False, log_of(one({}, recorded_at=2**53)), ""
    yield "the last instant", True, log_of(one({"valid_from": None}, recorded_at=2**53 - 1)), ""
    yield "no number", False, log_of(one(b'{"meta":{"event_id":"x"},"a":NaN}')), ""
    yield "no date", False, log_of(one(b'{"kind":"assert","meta":{"event_id":"%s"}}' % ID)), ""
    grid = {"grid": {"id": "g", "version": "1"}, "digest": "0" * 64}
    files = log_of(one(grid, "grid.published.v1"))
    files["grilles/g@1.json"] = bundle.plain_json(grid["grid"])
    yield "a grid of another digest", False, files, ""
    for policy, holds in (
        (f"{both}quorum none\n", True),
        (f"# les nôtres\n\n{both}quorum\tnone", True),
        (f"log {verifier(key(ED25519, seed=9))}\nquorum none\n", False),
        (f"log {verifier(ed)}\nlog {verifier(key(MLDSA44, seed=9))}\nquorum none\n", False),
        (f"{both}witness W {verifier(key(WITNESS, 'w', 7))}\nquorum W\n", False),
        (f"{both}witness W {verifier(key(WITNESS, 'w', 7))}\nquorum none\n", True),
        (f"{both}group G any W\nquorum G\n", False),
        (f"{both}log {verifier(ed)}\nquorum none\n", False),
        ("quorum none\n", False),
        (f"{both}quorum none\nquorum none\n", False),
        (f"{both}\x01quorum none\n", False),
    ):
        yield f"policy {policy[-40:]!r}", holds, log_of(PLAIN), policy
    stripped = log_of(PLAIN, (By(ed),))
    yield "no ML-DSA-44, by itself", True, stripped, ""
    yield "no ML-DSA-44, by a policy", False, stripped, f"{both}quorum none\n"
    alone = log_of(PLAIN, (By(mldsa),))
    yield "ML-DSA-44 alone, by a policy", True, alone, f"{both}quorum none\n"
    note = log_of(PLAIN)[bundle.CHECKPOINT]
    again = note + note.rpartition(b"\n\n")[2]
    yield "signed twice", False, {**log_of(PLAIN), bundle.CHECKPOINT: again}, ""
    cosigned = [By(key(WITNESS, f"t{n}", n)) for n in range(2, 66)]
    yield "sixty-four signatures", True, log_of(PLAIN, (By(ed), *cosigned[:63])), ""
    yield "sixty-five", False, log_of(PLAIN, (By(ed), *cosigned)), ""


ID = str(UUID(int=100)).encode()


def rows(folder: Path) -> Iterator[Row]:
    """Every bundle of the table, written; and those that another program wrote."""
    for number, (name, holds, files, policy) in enumerate(own_logs()):
        yield Row(name, put(folder / f"{number}.zip", files), holds, policy)
    plain = put(folder / "plain.zip", log_of(PLAIN))
    for method in (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED):
        target = folder / f"again-{method}.zip"
        with zipfile.ZipFile(plain) as read, zipfile.ZipFile(target, "w", method) as write:
            for name in read.namelist():
                write.writestr(name, read.read(name))
        yield Row(f"zipped again, {method}", target, False)
    content = plain.read_bytes()
    for name, raw in (
        ("cut", content[:-30]),
        ("commented", content[:-2] + b"\4\0note"),
        ("after something", b"x" + content),
        ("followed by something", content + b"x"),
        ("no zip", b"x" * 3000),
        ("empty", b""),
    ):
        target = folder / f"{name}.zip"
        target.write_bytes(raw)
        yield Row(name, target, False)
