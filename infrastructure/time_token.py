"""Time-stamp tokens: what an authority is asked, and whether its answer holds (RFC 3161).

Imported when one is asked or checked: what reads certificates takes a while to load.
"""

from datetime import datetime
from hashlib import sha256

from cryptography.x509 import (
    Certificate,
    load_der_x509_certificate,
    load_pem_x509_certificates,
)
from cryptography.x509.oid import NameOID
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
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
    answer: bytes,
    certificates: bytes,
    content: bytes,
    *,
    nonce: int | None = None,
    anchors: bytes | None = None,
) -> tuple[datetime, str]:
    """When an authority stamped a content; which did, and the root that answers for it.

    Args:
        certificates: in PEM; those that issued themselves are trusted, the others lead to them.
        nonce: that the answer must repeat, where it was asked just now.
        anchors: in PEM, the roots that are trusted instead, of which something is known elsewhere.
    """
    try:
        told = load_pem_x509_certificates(certificates)
        known = [*load_pem_x509_certificates(anchors), *told] if anchors else told
        trusted = load_pem_x509_certificates(anchors) if anchors else told
        roots = [one for one in trusted if one.issuer == one.subject]
        others = [one for one in dict.fromkeys(known) if one.issuer != one.subject]
        token = decode_timestamp_response(answer)
        root = _root_of(token, sha256(content).digest(), roots, others, nonce)
        return token.tst_info.gen_time, f"{_signer_of(token)}, racine {_named(root)}"
    except (ValueError, VerificationError) as error:
        raise TokenInvalid(" ".join(str(error).split())[:200].rstrip(".")) from None


def _root_of(
    token: TimeStampResponse,
    digest: bytes,
    roots: list[Certificate],
    others: list[Certificate],
    nonce: int | None,
) -> Certificate:
    """The one of some roots that a token leads to."""
    error: Exception = VerificationError("no root certificate")
    for root in roots:
        try:
            VerifierBuilder(roots=[root], intermediates=others, nonce=nonce).build().verify(
                token, digest
            )
        except VerificationError as failed:
            error = failed
        else:
            return root
    raise error


def _signer_of(token: TimeStampResponse) -> str:
    """Who signed a token, which was verified: it brings one certificate of this number."""
    (signer,) = token.signed_data.signer_infos
    held = map(load_der_x509_certificate, token.signed_data.certificates)
    return next(_named(one) for one in held if one.serial_number == signer.serial_number)


def _named(certificate: Certificate) -> str:
    """The common name of whoever has a certificate, else all that it says of them."""
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    name = names[0].value if names else certificate.subject.rfc4514_string()
    return f"« {name!s} »"
