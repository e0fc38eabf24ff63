"""How one personal value is sealed and opened: AES-256-GCM with a random 96-bit nonce."""

import os
from base64 import urlsafe_b64encode
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.personal import SealedAltered


def encrypted(key: bytes, text: str, bound: str) -> bytes:
    """A text under a key, with the words that the ciphertext is bound to."""
    nonce = os.urandom(12)
    return nonce + AESGCM(key).encrypt(nonce, text.encode(), bound.encode())


def decrypted(key: bytes, ciphertext: bytes, bound: str) -> str:
    """The text again; refused where it, its key, or what it is bound to is not as it was."""
    try:
        return AESGCM(key).decrypt(ciphertext[:12], ciphertext[12:], bound.encode()).decode()
    except (InvalidTag, ValueError):  # the latter, where it is too short to be one
        raise SealedAltered from None


def seal_of(ciphertext: bytes) -> str:
    """The reference under which a ciphertext is kept."""
    return urlsafe_b64encode(sha256(ciphertext).digest()).rstrip(b"=").decode()
