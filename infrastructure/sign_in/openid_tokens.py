"""Reading what a provider of identity signed: by its own keys, or not at all."""

from collections.abc import Mapping
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import JWKRegistry, Key, KeySet, OctKey
from pydantic_core import from_json

from infrastructure.sign_in.providers import OpenIdProvider

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Those by which a signature proves its author: never `none`, nor a secret that two know."""

LEEWAY = 60
"""Seconds by which the clocks of two servers may differ."""

LONGEST_SUBJECT = 255


class NotItsOwn(Exception):
    """A token is not what the provider says of this person, here and now; `str` says why."""


class NotPublishedKey(NotItsOwn):
    """It names a key that the provider did not publish when it was asked last."""


def read_keys(body: bytes) -> KeySet:
    """The public keys of a provider by which signatures are checked; others are left out."""
    try:
        found = [key for one in from_json(body)["keys"] if (key := _key(one)) is not None]
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise NotItsOwn(f"keys: {type(error).__name__}") from None
    return KeySet(found)


def _key(told: Any) -> Key | None:
    if not isinstance(told, dict) or told.get("use", "sig") != "sig":
        return None
    try:
        key = JWKRegistry.import_key(told)
    except (JoseError, ValueError, TypeError, LookupError):
        return None  # of a kind that is not known here
    return None if isinstance(key, OctKey) or key.is_private else key


def read_id_token(
    token: str,
    keys: KeySet,
    provider: OpenIdProvider,
    *,
    nonce: str,
    access_token: str,
    now: int,
) -> Mapping[str, Any]:
    """What an ID token says of who signed in; it is of this provider, for this sign-in, and fresh.

    Source:
        OpenID Connect Core 1.0, section 3.1.3.7.
    """
    found = _signed(token, keys)
    options: dict[str, Any] = {
        "iss": {"essential": True, "value": provider.issuer},
        "aud": {"essential": True, "value": provider.client_id},
    }
    params = {"nonce": nonce, "client_id": provider.client_id, "access_token": access_token}
    try:
        CodeIDToken(found.claims, found.header, options, params).validate(now=now, leeway=LEEWAY)
        if provider.acr_values and found.claims.get("acr") not in provider.acr_values:
            raise NotItsOwn("acr")
    except JoseError as error:
        raise NotItsOwn(str(error)) from None
    except (ValueError, TypeError) as error:
        raise NotItsOwn(f"claims: {type(error).__name__}") from None
    _must_be_subject(found.claims.get("sub"))
    return found.claims


def read_userinfo(
    body: bytes, keys: KeySet | None, provider: OpenIdProvider, *, subject: str, now: int
) -> Mapping[str, Any]:
    """What a provider says of a person, about whom its ID token was too.

    Args:
        keys: those by which the answer is signed; `None` where it is plain JSON.
    """
    claims = _plain(body) if keys is None else _signed_userinfo(body, keys, provider, now)
    if claims.get("sub") != subject:
        raise NotItsOwn("userinfo is about somebody else")
    return claims


def _plain(body: bytes) -> dict[str, Any]:
    try:
        claims = from_json(body)
    except ValueError:
        raise NotItsOwn("userinfo is no JSON") from None
    if not isinstance(claims, dict):
        raise NotItsOwn("userinfo is no object")
    return claims


def _signed_userinfo(
    body: bytes, keys: KeySet, provider: OpenIdProvider, now: int
) -> dict[str, Any]:
    """A signed answer names its author, and for whom it is (Core 1.0, section 5.3.2)."""
    claims: dict[str, Any] = _signed(body.decode("ascii", "replace").strip(), keys).claims
    registry = jwt.JWTClaimsRegistry(
        now,
        LEEWAY,
        iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": provider.client_id},
    )
    try:
        registry.validate(claims)
    except JoseError as error:
        raise NotItsOwn(f"userinfo: {error}") from None
    return claims


def _signed(token: str, keys: KeySet) -> jwt.Token:
    try:
        return jwt.decode(token, keys, algorithms=ALGORITHMS)
    except InvalidKeyIdError:
        raise NotPublishedKey("key") from None
    except JoseError as error:
        raise NotItsOwn(error.error) from None
    except (ValueError, TypeError, LookupError, RecursionError) as error:
        raise NotItsOwn(f"token: {type(error).__name__}") from None


def _must_be_subject(subject: object) -> None:
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise NotItsOwn("sub")
