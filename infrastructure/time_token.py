"""Time-stamp tokens: what an authority is asked, and whether its answer holds (RFC 3161).

Imported when one is asked or checked: what reads certificates takes a while to load.
"""

from datetime import datetime
from hashlib import sha256

from cryptography.x509 import load_pem_x509_certificates
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)


class TokenInvalid(Exception):
    """A token does not hold, or is none; `str` says why, on one line, in the library's words."""


def query(content: bytes) -> tuple[bytes, int]:
    """What an authority is asked about the SHA-256 of a content, and the number it must repeat."""
    asked = TimestampRequestBuilder(content, HashAlgorithm.SHA256).build()
    if asked.nonce is None:
        raise TokenInvalid("no nonce")
    return asked.as_bytes(), asked.nonce


def holds(
    answer: bytes, certificates: bytes, content: bytes, nonce: int | None = None
) -> tuple[datetime, str]:
    """When an authority stamped a content, and the root that answers for it, by its subject.

    Args:
        certificates: in PEM; those that issued themselves are trusted, the others lead to them.
        nonce: that the answer must repeat, where it was asked just now.
    """
    try:
        known = load_pem_x509_certificates(certificates)
        roots = [one for one in known if one.issuer == one.subject]
        others = [one for one in known if one.issuer != one.subject]
        token = decode_timestamp_response(answer)
        checker = VerifierBuilder(roots=roots, intermediates=others, nonce=nonce).build()
        checker.verify(token, sha256(content).digest())
    except (ValueError, VerificationError) as error:
        raise TokenInvalid(" ".join(str(error).split())[:200].rstrip(".")) from None
    return token.tst_info.gen_time, roots[0].subject.rfc4514_string()
