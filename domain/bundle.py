"""A bundle of proof: the log, or what of it is one pole's, in a file that is checked offline. Pure.

Every file in it is determined by the log and by a signed checkpoint, so the same two give the same
bytes; what a verifier finds beside that is refused.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from domain.checkpoint import Checkpoint
from domain.errors import Damaged
from domain.grid import Grids
from domain.note import KeyKind, VerifierKey
from domain.rulebook import Rulebook
from domain.tiles import tiles_of

MANIFEST = "manifeste.json"
"""The last file of a bundle, which has the hash of every other one."""

CHECKPOINT = "checkpoint"
STATES = "etats.jsonl"
POLICY = "policy"
READ_ME = "LISEZMOI.txt"
TOOLS = (READ_ME, "verifier.html", "verify.py")
"""What is there for whoever reads it, and no part of what is proved."""

PROOFS = "preuves/{index}.tlog-proof"
STAMPS = "horodatage/"

ALL_THEM = "tous"
"""The group of the witnesses that signed, in the policy of a bundle: each of them must have."""


LARGEST_NUMBER = 2**53 - 1
"""What canonical JSON can say (RFC 8785); as microseconds, the year 2255."""


class BundleDamaged(Damaged):
    """It is no bundle, or not one that can be read to its end."""

    code = "bundle.damaged"
    fr = "Ce n'est pas un dossier de preuve de Jalon : {reason}."
    en = "This is no bundle of proof of Jalon ({reason})."


def plain_json(value: Any) -> bytes:
    """Canonical JSON (RFC 8785) of a value without floats, as states are stored."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


# --- what is signed -----------------------------------------------------------------------------


def key_file(key: VerifierKey) -> str:
    """Where a key lies in a bundle."""
    return f"cles/{key.id.hex()}.vkey"


def policy_of(origin: str, keys: Iterable[VerifierKey]) -> str:
    """The policy of a bundle: the log's keys and the witnesses' whose signatures it has, all asked.

    A key of the log has its origin for its name (C2SP tlog-checkpoint).
    """
    ordered = sorted(keys, key=key_file)
    logs = [key for key in ordered if is_of_log(key, origin)]
    witnesses = [key for key in ordered if not is_of_log(key, origin)]
    lines = [f"log {key}" for key in logs]
    lines += [f"witness {key.id.hex()} {key}" for key in witnesses]
    if witnesses:
        names = " ".join(key.id.hex() for key in witnesses)
        lines.append(f"group {ALL_THEM} all {names}")
    lines.append(f"quorum {ALL_THEM if witnesses else 'none'}")
    return "".join(f"{line}\n" for line in lines)


def is_of_log(key: VerifierKey, origin: str) -> bool:
    """Whether a key is one by which the log of an origin signs."""
    return key.name == origin and key.kind is not KeyKind.ED25519_COSIGNATURE


# --- what is recorded ---------------------------------------------------------------------------


def state_line(index: int, state: bytes) -> bytes:
    """The line of an event: its place in the log, and the stored JSON as it is."""
    text = json.dumps(state.decode(), ensure_ascii=False)
    return f'{{"i":{index},"state":{text}}}\n'.encode()


_LINE = re.compile(rb'\{"i":(0|[1-9][0-9]{0,18}),"state":(".*")\}\n')


def read_state_line(line: bytes) -> tuple[int, bytes] | None:
    """The event of a line; `None` where it is not written in the one way there is."""
    found = _LINE.fullmatch(line)
    try:
        state = json.loads(found[2]).encode() if found else b""
    except ValueError:
        return None
    if found is None or state_line(int(found[1]), state) != line:
        return None
    return int(found[1]), state


_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_ENTRY = re.compile(
    rf'\{{"h":"([\w-]{{43}})","i":(0|[1-9]\d{{0,18}}),"id":"({_UUID})","k":"([a-z_.0-9]+)",'
    rf'"n":([1-9]\d{{0,18}}),"r":([1-9]\d{{0,18}}),"s":"({_UUID})","v":1\}}',
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """What the entry of an event says; `recorded_at` in microseconds since 1970, UTC."""

    state_hash: str
    index: int
    event_id: str
    topic: str
    version: int
    recorded_at: int
    stream: str


def read_entry(entry: bytes) -> LoggedEvent | None:
    """The event of an entry; `None` where it is not written as this product writes them."""
    found = _ENTRY.fullmatch(entry.decode("latin-1"))
    if found is None:
        return None
    digest, index, event_id, topic, version, recorded_at, stream = found.groups()
    numbers = (int(index), int(version), int(recorded_at))
    if max(numbers) > LARGEST_NUMBER:
        return None
    return LoggedEvent(digest, numbers[0], event_id, topic, numbers[1], numbers[2], stream)


# --- definitions --------------------------------------------------------------------------------

PUBLISHED: Mapping[str, tuple[str, str]] = {
    Rulebook.JourneyPublished.TOPIC: ("parcours", "journey"),
    Grids.Published.TOPIC: ("grilles", "grid"),
}
"""By topic, what is a definition: the folder it lies in, and the member of the state that holds it.
"""


def definition_in(topic: str, state: Mapping[str, Any]) -> tuple[str, bytes] | None:
    """The file of the definition that an event published; `None` of any other event."""
    if topic not in PUBLISHED:
        return None
    folder, member = PUBLISHED[topic]
    content = state[member]
    return f"{folder}/{content['id']}@{content['version']}.json", plain_json(content)


# --- the manifest -------------------------------------------------------------------------------


@dataclass(frozen=True)
class BundleManifest:
    """Which log, at which size, of which pole if of one, and the SHA-256 of every file."""

    checkpoint: Checkpoint
    files: Mapping[str, str]
    pole: str | None = None

    def __bytes__(self) -> bytes:
        found: dict[str, Any] = {
            "fichiers": dict(self.files),
            "genre": "journal" if self.pole is None else "pole",
            "origine": self.checkpoint.origin,
            "taille": self.checkpoint.size,
            "v": 1,
        }
        if self.pole is not None:
            found["pole"] = self.pole
        return plain_json(found)

    @classmethod
    def read(cls, content: bytes, checkpoint: Checkpoint) -> "BundleManifest | None":
        """The manifest of a bundle; `None` where it does not say itself again, byte for byte."""
        try:
            told = json.loads(content)
            files, pole = dict(told["fichiers"]), told.get("pole")
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            return None
        found = cls(checkpoint, files, pole if isinstance(pole, str) else None)
        return found if bytes(found) == content else None


def files_of_log(size: int) -> list[str]:
    """The tiles that a bundle of the whole log has at a size."""
    tiles = tiles_of(size)
    entries = [f"tile/entries/{tile.path}" for tile in tiles if tile.level == 0]
    return [*entries, *(f"tile/{tile.level}/{tile.path}" for tile in tiles)]
