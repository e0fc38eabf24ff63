"""Time-stamp tokens: what an authority is asked, and whether its answer holds (RFC 3161).

Imported when one is asked or checked: what reads certificates takes a while to load.
"""

from contextlib import suppress
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
    PKIStatus,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)


class TokenInvalid(Exception):
    """A token does not hold, or is none; `str` says why, in French, inside a sentence."""


class OtherAuthority(TokenInvalid):
    """A token holds by the certificates beside it, and does not lead to the roots that are given.

    Nothing says that it was changed: whoever checks may hold the root of another authority.
    """


def query(content: bytes) -> tuple[bytes, int]:
    """What an authority is asked about the SHA-256 of a content, and the number it must repeat."""
    asked = TimestampRequestBuilder(content, HashAlgorithm.SHA256).build()
    if asked.nonce is None:
        raise TokenInvalid("la demande n'a pas de numéro à redire")
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
    told = _certificates(certificates)
    given = told if anchors is None else _certificates(anchors)
    token = _token(answer, sha256(content).digest(), nonce)
    root = _root_of(token, given, told)
    if root is not None:
        return token.tst_info.gen_time, f"{_signer_of(token)}, racine {_named(root)}"
    own = None if anchors is None else _root_of(token, told, told)
    if own is not None:
        raise OtherAuthority(
            f"il est de {_signer_of(token)}, racine {_named(own)}, et non de l'autorité dont vous "
            "donnez la racine"
        )
    if not any(one.issuer == one.subject for one in given):
        raise TokenInvalid("aucun certificat racine ne va avec lui")
    raise TokenInvalid("aucune autorité d'horodatage dont le certificat est connu ne l'a signé")


def _certificates(content: bytes) -> list[Certificate]:
    """The certificates of a file in PEM."""
    try:
        return load_pem_x509_certificates(content)
    except ValueError:
        raise TokenInvalid("les certificats qui vont avec lui sont illisibles") from None


def _token(answer: bytes, digest: bytes, nonce: int | None) -> TimeStampResponse:
    """What an authority answered about a digest; whether its signature holds is seen elsewhere."""
    try:
        token = decode_timestamp_response(answer)
        if PKIStatus(token.status) is not PKIStatus.GRANTED:
            raise TokenInvalid("l'autorité a refusé de dater")
        told, repeated = token.tst_info.message_imprint.message, token.tst_info.nonce
    except ValueError:
        raise TokenInvalid("ce n'est pas une réponse d'horodatage lisible (RFC 3161)") from None
    if told != digest:
        raise TokenInvalid("ce qu'il date n'est pas ce point de contrôle-ci")
    if nonce is not None and repeated != nonce:
        raise TokenInvalid("il répond à une autre demande")
    return token


def _root_of(
    token: TimeStampResponse, given: list[Certificate], told: list[Certificate]
) -> Certificate | None:
    """The one that issued itself, of some certificates, that a token leads to."""
    digest = token.tst_info.message_imprint.message
    others = [one for one in dict.fromkeys((*given, *told)) if one.issuer != one.subject]
    for root in given:
        if root.issuer == root.subject:
            builder = VerifierBuilder(roots=[root], intermediates=others)
            with suppress(VerificationError, ValueError):
                builder.build().verify(token, digest)
                return root
    return None


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
