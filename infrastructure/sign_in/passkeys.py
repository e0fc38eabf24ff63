"""Passkeys: a key that a device keeps, and shows to this registry alone (Web Authentication).

Source:
    https://www.w3.org/TR/webauthn-3/, sections 7.1 and 7.2.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from secrets import token_bytes
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    decode_credential_public_key,
    decoded_public_key_to_cryptography,
    options_to_json_dict,
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from domain.errors import Forbidden, Invalid, NotFound
from domain.values import Frozen

REGISTRY = "Jalon, registre des PTCE"
LONGEST_ANSWER = 20_000
"""Characters; without an attestation, an answer has some thousand."""

PATIENCE_MS = 120_000
"""How long a browser lets people look for their key."""


class PasskeyRefused(Forbidden):
    """What a device answered does not show that somebody holds a key of this registry."""

    code = "passkey.refused"
    fr = (
        "Cette clé d'accès n'a pas été reconnue : recommencez, ou connectez-vous autrement, puis "
        "ajoutez-la sous « Mon compte »."
    )
    en = (
        "This passkey was not recognised: try again, or sign in some other way, then add it under "
        "“Mon compte”."
    )


class PasskeyCopied(Forbidden):
    """A key was used fewer times than it was before: two devices have it, one of them unasked."""

    code = "passkey.copied"
    fr = (
        "Cette clé d'accès semble avoir été copiée : elle n'est pas acceptée. Connectez-vous "
        "autrement, retirez-la sous « Mon compte », et prévenez l'administration du registre."
    )
    en = (
        "This passkey seems to have been copied: it is not accepted. Sign in some other way, "
        "remove it under “Mon compte”, and tell the administrators of the registry."
    )


class NoPasskeysHere(Invalid):
    """Browsers give passkeys to names only, over https."""

    code = "passkey.address"
    fr = (
        "Les clés d'accès demandent un registre joint par son nom, en https, ou par « localhost » "
        "sur cette machine : connectez-vous autrement."
    )
    en = (
        "Passkeys need a registry that is reached by its name, over https, or as “localhost” on "
        "this machine: sign in some other way."
    )


class UnknownPasskey(NotFound):
    """There is no such key among those of an account."""

    code = "passkey.unknown"
    fr = "Cette clé d'accès n'est pas, ou plus, une des vôtres."
    en = "This passkey is not, or no longer, one of yours."


@dataclass(frozen=True, slots=True)
class Passkey:
    """A key of an account, as its holder sees it."""

    credential: str
    account: UUID
    name: str
    made_at: datetime
    used_at: datetime | None
    public_key: bytes
    sign_count: int


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """What a device made: its public half is kept, by which it is recognised."""

    credential: str
    public_key: bytes
    sign_count: int


class PasskeySite(Frozen):
    """Where browsers show passkeys: a scheme and a host, and the name of that host alone."""

    origin: str
    name: str

    @classmethod
    def at(cls, address: str) -> "PasskeySite":
        """The site of an address; refused where browsers give no passkeys to it."""
        parts = urlsplit(address)
        host = parts.hostname or ""
        if parts.scheme == "https":
            is_fit = any(letter.isalpha() for letter in host) and ":" not in host
        else:
            is_fit = parts.scheme == "http" and host == "localhost"
        if not is_fit:
            raise NoPasskeysHere
        return cls(origin=f"{parts.scheme}://{parts.netloc}", name=host)


Options = dict[str, Any]
"""What `navigator.credentials` is given, its bytes in base64url."""


def new_challenge() -> bytes:
    """What a device signs, so that no answer serves twice."""
    return token_bytes(32)


def registration_options(
    site: PasskeySite, challenge: bytes, *, account: UUID, name: str, known: Collection[str]
) -> Options:
    """Ask a device for a key that it finds by itself, and gives to its holder only.

    Args:
        name: by which people tell their accounts apart in the list of their device.
        known: the keys that the account has: a device that has one makes no other.
    """
    options = generate_registration_options(
        rp_id=site.name,
        rp_name=REGISTRY,
        user_id=account.bytes,
        user_name=name,
        challenge=challenge,
        timeout=PATIENCE_MS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=base64url_to_bytes(one)) for one in known
        ],
    )
    return options_to_json_dict(options)


def registered(site: PasskeySite, challenge: bytes, answer: str) -> NewPasskey:
    """The key that a device made when it was asked with a challenge."""
    try:
        told = parse_registration_credential_json(_read(answer))
        _must_be_on_our_page(told.response.client_data_json)
        found = verify_registration_response(
            credential=told,
            expected_challenge=challenge,
            expected_rp_id=site.name,
            expected_origin=site.origin,
            require_user_verification=True,
        )
        decoded_public_key_to_cryptography(
            decode_credential_public_key(found.credential_public_key)
        )
    except UNREADABLE:
        raise PasskeyRefused from None
    credential = bytes_to_base64url(found.credential_id)
    return NewPasskey(credential, found.credential_public_key, found.sign_count)


def sign_in_options(site: PasskeySite, challenge: bytes) -> Options:
    """Ask a device for any of its keys of this registry; nobody need say who they are first."""
    options = generate_authentication_options(
        rp_id=site.name,
        challenge=challenge,
        timeout=PATIENCE_MS,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json_dict(options)


def credential_of(answer: str) -> str:
    """Which key an answer is of; nothing is shown by it yet."""
    try:
        return bytes_to_base64url(parse_authentication_credential_json(_read(answer)).raw_id)
    except UNREADABLE:
        raise PasskeyRefused from None


def used(site: PasskeySite, challenge: bytes, answer: str, passkey: Passkey) -> int:
    """How often a key says that it was used, once it is shown that its holder used it now."""
    try:
        told = parse_authentication_credential_json(_read(answer))
        _must_be_on_our_page(told.response.client_data_json)
        found = verify_authentication_response(
            credential=told,
            expected_challenge=challenge,
            expected_rp_id=site.name,
            expected_origin=site.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=0,  # compared below, to be told apart from a forgery
            require_user_verification=True,
        )
    except UNREADABLE:
        raise PasskeyRefused from None
    is_its_own = bytes_to_base64url(found.credential_id) == passkey.credential
    if not is_its_own or told.response.user_handle != passkey.account.bytes:
        raise PasskeyRefused
    if (found.new_sign_count or passkey.sign_count) and found.new_sign_count <= passkey.sign_count:
        raise PasskeyCopied
    return found.new_sign_count


UNREADABLE = (
    *(WebAuthnException, InvalidSignature),
    *(ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError),
)
"""How the library says no to what is not as it must be."""


def _must_be_on_our_page(client_data: bytes) -> None:
    """Refuse what was done in a page of ours that another site had framed."""
    if parse_client_data_json(client_data).cross_origin:
        raise ValueError("framed")


def _read(answer: str) -> dict[str, Any]:
    """An answer as the page sends it."""
    told = json.loads(answer) if len(answer) <= LONGEST_ANSWER else None
    if not isinstance(told, dict):
        raise ValueError("not an object")
    return told
