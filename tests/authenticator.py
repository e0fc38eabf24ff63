"""A device that keeps passkeys (Web Authentication), which shares no code with the product."""

import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def b64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Device:
    """One device, with one key; a browser shows it where it is, and the device signs that."""

    origin: str
    key: EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    credential: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    holder: bytes = b""
    count: int = 0
    flags: int = PRESENT | VERIFIED
    y: int = 0
    """A number in the place of half of its public key: a point that is on no curve."""
    site: str | None = None
    """The name that it takes the registry for; the one that it is told, unless said."""
    is_framed: bool = False
    """Whether another site frames the page that asks."""
    kind: str = ""
    """What it says that it does; what it does, unless said."""

    def create(self, options: dict[str, Any]) -> str:
        """Make a key; gives what the browser answers."""
        self.holder = unb64(options["user"]["id"])
        point = self.key.public_key().public_numbers()
        x, y = point.x.to_bytes(32, "big"), (self.y or point.y).to_bytes(32, "big")
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        attested = bytes(16) + len(self.credential).to_bytes(2, "big") + self.credential + public
        about = self.about(options["rp"]["id"], self.flags | ATTESTED) + attested
        made = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": about})
        told = self.seen("webauthn.create", options["challenge"])
        return self.answer({"clientDataJSON": b64(told), "attestationObject": b64(made)})

    def get(self, options: dict[str, Any]) -> str:
        """Use the key; gives what the browser answers."""
        self.count += 1
        about = self.about(options["rpId"], self.flags)
        told = self.seen("webauthn.get", options["challenge"])
        signature = self.key.sign(about + sha256(told).digest(), ec.ECDSA(hashes.SHA256()))
        return self.answer(
            {
                "clientDataJSON": b64(told),
                "authenticatorData": b64(about),
                "signature": b64(signature),
                "userHandle": b64(self.holder),
            }
        )

    def about(self, site: str, flags: int) -> bytes:
        name = sha256((self.site or site).encode()).digest()
        return name + bytes([flags]) + self.count.to_bytes(4, "big")

    def seen(self, kind: str, challenge: str) -> bytes:
        told = {"type": self.kind or kind, "challenge": challenge, "origin": self.origin}
        return json.dumps(told | {"crossOrigin": self.is_framed}).encode()

    def answer(self, response: dict[str, str]) -> str:
        id_ = b64(self.credential)
        told = {"id": id_, "rawId": id_, "type": "public-key", "response": response}
        return json.dumps(told | {"clientExtensionResults": {}})
