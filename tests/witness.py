"""A witness of transparency logs (C2SP tlog-witness), which shares no code with the product.

Strict, over HTTP, with its state in a file; and, as its mood tells it, silent, slow or wrong.
"""

import json
import re
import time
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Lock, Thread

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

Answer = tuple[int, str, bytes]

PLAIN = "text/plain; charset=utf-8"


class Mood(StrEnum):
    """How a witness behaves."""

    HONEST = "honest"
    SILENT = "silent"
    DRIPPING = "dripping"
    """One byte now and then: each comes in time, and the answer never does."""
    GARBAGE = "garbage"
    ENDLESS = "endless"
    WRONG_KEY = "wrong_key"
    WRONG_ROOT = "wrong_root"
    SOMEBODY_ELSE = "somebody_else"
    LYING_SIZE = "lying_size"
    TOO_SMALL_A_SIZE = "too_small_a_size"
    ALWAYS_ANOTHER_SIZE = "always_another_size"
    ACCUSING = "accusing"
    FAULTY = "faulty"


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def grew(old: int, new: int, old_root: bytes, new_root: bytes, path: list[bytes]) -> bool:
    """RFC 6962, section 2.1.2, read backwards: what SUBPROOF lists is taken in its own order."""
    left = iter(path)

    def subproof(m: int, n: int, *, whole: bool) -> tuple[bytes, bytes]:
        if m == n:
            root = old_root if whole else next(left)
            return root, root
        k = 1
        while k * 2 < n:
            k *= 2
        if m <= k:
            before, after = subproof(m, k, whole=whole)
            return before, node(after, next(left))
        before, after = subproof(m - k, n - k, whole=False)
        first = next(left)
        return node(first, before), node(first, after)

    if old == 0:
        return not path
    if old == new:
        return not path and old_root == new_root
    try:
        before, after = subproof(old, new, whole=True)
    except StopIteration:
        return False
    return (before, after) == (old_root, new_root) and next(left, None) is None


def key_id(name: str, kind: int, public: bytes) -> bytes:
    return sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


@dataclass
class Witness:
    """One witness: its key, the logs that it knows, what it saw of them."""

    name: str
    logs: list[str]
    """The verifier keys of the logs."""
    file: Path
    kind: int = 4
    seed: bytes = b"w" * 32
    mood: Mood = Mood.HONEST
    asked: int = 0
    lock: Lock = field(default_factory=Lock)
    over: Event = field(default_factory=Event)
    """Set when it closes: who is silent hangs up then."""

    def private(self, seed: bytes) -> Ed25519PrivateKey | MLDSA44PrivateKey:
        if self.kind == 6:
            return MLDSA44PrivateKey.from_seed_bytes(seed)
        return Ed25519PrivateKey.from_private_bytes(seed)

    @property
    def vkey(self) -> str:
        public = self.private(self.seed).public_key().public_bytes_raw()
        identity = key_id(self.name, self.kind, public).hex()
        return f"{self.name}+{identity}+{b64encode(bytes([self.kind]) + public).decode()}"

    def state(self) -> dict[str, dict[str, str]]:
        if not self.file.exists():
            return {}
        found: dict[str, dict[str, str]] = json.loads(self.file.read_text())
        return found

    # Requests.

    def add(self, body: bytes) -> Answer:
        """POST add-checkpoint, checked in the order of the specification."""
        head, blank, note = body.partition(b"\n\n")
        lines = head.decode("ascii").split("\n")
        old = re.fullmatch(r"old (0|[1-9][0-9]*)", lines[0])
        if not blank or not old or len(lines) > 64:
            return 400, PLAIN, b"malformed\n"
        path = [b64decode(line, validate=True) for line in lines[1:]]
        text, _, signatures = note.decode().rpartition("\n\n")
        origin, size, root = text.split("\n")
        trusted = self.signed(f"{text}\n", origin, signatures)
        if trusted is None:
            return 404, PLAIN, b"unknown log\n"
        if not trusted:
            return 403, PLAIN, b"not signed by that log\n"
        with self.lock:
            return self.decide(origin, int(old[1]), int(size), root, path, note.decode())

    def decide(
        self, origin: str, old: int, size: int, root: str, path: list[bytes], note: str
    ) -> Answer:
        if old > size:
            return 400, PLAIN, b"old is larger\n"
        seen = self.state().get(origin, {"size": "0", "root": "", "note": ""})
        if old != int(seen["size"]):
            return 409, "text/x.tlog.size", f"{seen['size']}\n".encode()
        if size == 0 and b64decode(root) != sha256().digest():
            return 422, PLAIN, b"an empty tree has another root\n"
        if not grew(old, size, b64decode(seen["root"]), b64decode(root), path):
            return 422, PLAIN, b"not consistent\n"
        line = self.cosigned(origin, size, root, self.seed)
        kept = {"size": str(size), "root": root, "note": f"{note}{line}"}
        partial = self.file.with_suffix(".partial")
        partial.write_text(json.dumps(self.state() | {origin: kept}))
        partial.replace(self.file)
        return 200, PLAIN, line.encode()

    def signed(self, text: str, origin: str, lines: str) -> bool | None:
        """Whether a log that is known signed; `None` where none of its name is known."""
        known = [log.split("+", 2) for log in self.logs if log.startswith(f"{origin}+")]
        if not known:
            return None
        is_signed = False
        for line in lines.removesuffix("\n").split("\n"):
            _, name, held = line.split(" ")
            value = b64decode(held, validate=True)
            for of, identity, key in known:
                if name != of or value[:4].hex() != identity:
                    continue
                if not verified(text, origin, b64decode(key), value[4:]):
                    return False
                is_signed = True
        return is_signed

    def cosigned(self, origin: str, size: int, root: str, seed: bytes) -> str:
        second = int(time.time())
        key = self.private(seed)
        text = f"{origin}\n{size}\n{root}\n"
        message = (
            subtree(self.name, second, origin, size, b64decode(root))
            if self.kind == 6
            else f"cosignature/v1\ntime {second}\n{text}".encode()
        )
        value = second.to_bytes(8, "big") + key.sign(message)
        public = self.private(self.seed).public_key().public_bytes_raw()
        held = key_id(self.name, self.kind, public) + value
        return f"— {self.name} {b64encode(held).decode()}\n"

    def shown(self, path: str) -> Answer:
        """GET <origin hash>/checkpoint."""
        for origin, seen in self.state().items():
            if path == f"/{sha256(origin.encode()).hexdigest()}/checkpoint":
                return 200, PLAIN, seen["note"].encode()
        return 404, PLAIN, b"never seen\n"


def subtree(name: str, second: int, origin: str, size: int, root: bytes) -> bytes:
    """`cosigned_message` of tlog-cosignature."""
    named = bytes([len(name.encode())]) + name.encode()
    log = bytes([len(origin.encode())]) + origin.encode()
    span = bytes(8) + size.to_bytes(8, "big")
    return b"subtree/v1\n\0" + named + second.to_bytes(8, "big") + log + span + root


def verified(text: str, origin: str, key: bytes, value: bytes) -> bool:
    """Whether a log's own signature, of either kind, is of a text."""
    kind, public = key[0], key[1:]
    try:
        if kind == 1:
            Ed25519PublicKey.from_public_bytes(public).verify(value, text.encode())
            return True
        _, size, root, _ = text.split("\n")
        second = int.from_bytes(value[:8], "big")
        message = subtree(origin, second, origin, int(size), b64decode(root))
        MLDSA44PublicKey.from_public_bytes(public).verify(value[8:], message)
    except InvalidSignature:
        return False
    return True


class _Asked(BaseHTTPRequestHandler):
    witness: Witness

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.witness.asked += 1
        if self.path != "/w/add-checkpoint":
            self.answer(404, PLAIN, b"")
        else:
            self.misbehave(body)

    def misbehave(self, body: bytes) -> None:
        witness = self.witness
        origin, size, root = body.partition(b"\n\n")[2].decode().split("\n")[:3]
        other = b64encode(sha256(root.encode()).digest()).decode()
        match witness.mood:
            case Mood.SILENT:
                witness.over.wait(60)
            case Mood.DRIPPING:
                self.drip()
            case Mood.GARBAGE:
                self.answer(200, PLAIN, b"\xff\x00 merci\n")
            case Mood.ENDLESS:
                self.answer(200, PLAIN, b"x" * 3_000_000)
            case Mood.WRONG_KEY:
                line = witness.cosigned(origin, int(size), root, b"x" * 32)
                self.answer(200, PLAIN, line.encode())
            case Mood.WRONG_ROOT:
                line = witness.cosigned(origin, int(size), other, witness.seed)
                self.answer(200, PLAIN, line.encode())
            case Mood.SOMEBODY_ELSE:
                stranger = Witness("autre.exemple", [], witness.file, seed=b"o" * 32)
                line = stranger.cosigned(origin, int(size), root, stranger.seed)
                self.answer(200, PLAIN, line.encode())
            case Mood.LYING_SIZE:
                self.answer(409, "text/x.tlog.size", f"{int(size) + 1000}\n".encode())
            case Mood.TOO_SMALL_A_SIZE:
                self.answer(409, "text/x.tlog.size", b"1\n")
            case Mood.ALWAYS_ANOTHER_SIZE:
                told = b"0\n" if not body.startswith(b"old 0\n") else f"{size}\n".encode()
                self.answer(409, "text/x.tlog.size", told)
            case Mood.ACCUSING:
                self.answer(422, PLAIN, b"not consistent\n")
            case Mood.FAULTY:
                self.answer(500, PLAIN, b"")
            case Mood.HONEST:
                self.answer(*witness.add(body))

    def do_GET(self) -> None:
        self.answer(*self.witness.shown(self.path.removeprefix("/w")))

    def drip(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nx-slow: ")
        while not self.witness.over.wait(0.05):
            try:
                self.wfile.write(b"x")
            except OSError:
                return  # who asked hung up

    def answer(self, status: int, kind: str, body: bytes) -> None:
        try:
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            return  # who asked hung up

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the library's name
        """Say nothing: it is no server of ours."""


@contextmanager
def served(witness: Witness) -> Iterator[str]:
    """A witness at an address, for a while."""
    handler = type("Asked", (_Asked,), {"witness": witness})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/w"
        finally:
            witness.over.set()
            server.shutdown()
            thread.join()
