"""Signing in through a provider of identity (OpenID Connect, authorisation code flow).

Source:
    OpenID Connect Core 1.0; RFC 7636 (PKCE); RFC 9207 (`iss`); RFC 9700 (security practice).
"""

import logging
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any
from urllib.parse import urlencode

from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc.jwk import KeySet
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import from_json

from domain.values import Frozen
from infrastructure.outside import NoAnswer, OutsideAnswer, get, post
from infrastructure.sign_in.handshakes import NotBegunHere
from infrastructure.sign_in.openid_refusals import (
    GivenUp,
    IdentityNotVerified,
    ProviderDeclines,
    ProviderSilent,
)
from infrastructure.sign_in.openid_tokens import (
    NotItsOwn,
    NotPublishedKey,
    read_id_token,
    read_keys,
    read_userinfo,
)
from infrastructure.sign_in.providers import OpenIdProvider, SafeAddress, UnknownProvider

log = logging.getLogger("jalon")

PATIENCE = 5.0
"""Seconds that a provider has, for everything that is asked of it at once."""

KEPT = 600.0
"""Seconds for which what a provider publishes of itself is not asked again."""

FORM = "application/x-www-form-urlencoded"
TOKEN = re.compile(r"[!-~]{1,8000}")


class OpenIdHandshake(Frozen):
    """A sign-in that a provider has yet to answer; kept by the registry, never by the browser."""

    provider: str
    issuer: str
    redirect_uri: str
    state: str
    nonce: str
    verifier: str | None = None


@dataclass(frozen=True, slots=True)
class FederatedIdentity:
    """Who a provider says that somebody is."""

    provider: str
    issuer: str
    subject: str
    email: str | None
    email_verified: bool
    name: str
    id_token: str
    """By which the provider knows whom to sign out."""


class _Published(BaseModel):
    """What a provider publishes of itself, as far as it is used here."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    issuer: str
    authorization_endpoint: SafeAddress
    token_endpoint: SafeAddress
    userinfo_endpoint: SafeAddress
    jwks_uri: SafeAddress
    end_session_endpoint: SafeAddress | None = None
    token_endpoint_auth_methods_supported: list[str] = ["client_secret_basic"]
    authorization_response_iss_parameter_supported: bool = False


class _Tokens(BaseModel):
    """What the code was given for."""

    model_config = ConfigDict(extra="ignore", strict=True)

    access_token: str
    id_token: str


class RelyingParty:
    """This registry, as the providers of identity know it."""

    def __init__(
        self,
        providers: Mapping[str, OpenIdProvider],
        clock: Callable[[], datetime],
        patience: float = PATIENCE,
    ) -> None:
        self.providers = providers
        self._clock = clock
        self._patience = patience
        self._published: dict[str, tuple[float, _Published]] = {}
        self._keys: dict[str, tuple[float, KeySet]] = {}

    def provider(self, key: str) -> OpenIdProvider:
        if key not in self.providers:
            raise UnknownProvider(name=key[:40])
        return self.providers[key]

    def begin(self, key: str, redirect_uri: str) -> tuple[str, OpenIdHandshake]:
        """Where to send a person, and what must be known again when they come back."""
        provider = self.provider(key)
        published = self._publishes(provider, self._until())
        handshake = OpenIdHandshake(
            provider=key,
            issuer=provider.issuer,
            redirect_uri=redirect_uri,
            state=secrets.token_urlsafe(32),
            nonce=secrets.token_urlsafe(32),
            verifier=secrets.token_urlsafe(48) if provider.pkce else None,
        )
        asked = {"nonce": handshake.nonce}
        if handshake.verifier:
            challenge = create_s256_code_challenge(handshake.verifier)
            asked |= {"code_challenge": challenge, "code_challenge_method": "S256"}
        if provider.acr_values:
            asked["acr_values"] = " ".join(provider.acr_values)
        url = prepare_grant_uri(
            published.authorization_endpoint,
            provider.client_id,
            "code",
            redirect_uri,
            list(provider.scopes),
            handshake.state,
            **asked,
        )
        return str(url), handshake

    def finish(self, handshake: OpenIdHandshake, params: Mapping[str, str]) -> FederatedIdentity:
        """Who came back; whatever is not shown to be of this very sign-in is refused.

        Args:
            handshake: what was begun, which the caller has taken out of what it keeps, so that
                nothing is finished twice.
            params: what came with the person, in the address.
        """
        provider = self.provider(handshake.provider)
        if not secrets.compare_digest(params.get("state", "").encode(), handshake.state.encode()):
            raise NotBegunHere
        until = self._until()
        try:
            if provider.issuer != handshake.issuer:
                raise NotItsOwn("the provider was another one when this was begun")
            published = self._publishes(provider, until)
            _must_answer(published, params)
            if "error" in params or not params.get("code"):
                raise _declined(provider, params)
            tokens = self._redeem(provider, published, handshake, params["code"], until)
            return self._identity(provider, published, handshake, tokens, until)
        except NotItsOwn as error:
            log.warning("%s : réponse non vérifiée (%s).", provider.issuer, error)
            raise IdentityNotVerified(name=provider.name) from None

    def sign_out(self, key: str, id_token: str, back: str) -> str | None:
        """Where to send who wants to leave the provider too; `None` where it has no such place."""
        provider = self.provider(key)
        place = self._publishes(provider, self._until()).end_session_endpoint
        if place is None:
            return None
        said = {
            "id_token_hint": id_token,
            "post_logout_redirect_uri": back,
            "state": secrets.token_urlsafe(32),
        }
        return f"{place}{'&' if '?' in place else '?'}{urlencode(said)}"

    # What is asked of a provider.

    def _until(self) -> float:
        return monotonic() + self._patience

    def _publishes(self, provider: OpenIdProvider, until: float) -> _Published:
        known = self._published.get(provider.key)
        if known and known[0] > monotonic():
            return known[1]
        url = f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration"
        answer = _answered(provider, lambda: get(url, until))
        try:
            found = _Published.model_validate_json(answer.body)
        except ValidationError as error:
            raise _unreadable(provider, "openid-configuration", error) from None
        if found.issuer != provider.issuer:
            log.warning("%s : il se dit « %s ».", provider.issuer, found.issuer[:200])
            raise IdentityNotVerified(name=provider.name)
        self._published[provider.key] = (monotonic() + KEPT, found)
        return found

    def _signing_keys(
        self, provider: OpenIdProvider, published: _Published, until: float, *, again: bool = False
    ) -> KeySet:
        known = self._keys.get(provider.key)
        if known and known[0] > monotonic() and not again:
            return known[1]
        found = read_keys(_answered(provider, lambda: get(published.jwks_uri, until)).body)
        self._keys[provider.key] = (monotonic() + KEPT, found)
        return found

    def _redeem(
        self,
        provider: OpenIdProvider,
        published: _Published,
        handshake: OpenIdHandshake,
        code: str,
        until: float,
    ) -> _Tokens:
        """Give the code for tokens; it is worth nothing afterwards."""
        body = prepare_token_request(
            "authorization_code",
            redirect_uri=handshake.redirect_uri,
            code=code,
            code_verifier=handshake.verifier,
        )
        ways = published.token_endpoint_auth_methods_supported
        way = "client_secret_post" if "client_secret_post" in ways else "client_secret_basic"
        secret = provider.client_secret.get_secret_value()
        url, headers, body = ClientAuth(provider.client_id, secret, way).prepare(
            "POST", published.token_endpoint, {"accept": "application/json"}, body
        )
        answer = _answered(
            provider,
            lambda: post(url, body.encode(), FORM, until, headers=headers),
            any_status=True,
        )
        if answer.status != 200:
            raise _declined(provider, _error_of(answer))
        try:
            found = _Tokens.model_validate_json(answer.body)
        except ValidationError as error:
            raise _unreadable(provider, "token", error) from None
        if not TOKEN.fullmatch(found.access_token):
            raise NotItsOwn("access token")
        return found

    def _identity(
        self,
        provider: OpenIdProvider,
        published: _Published,
        handshake: OpenIdHandshake,
        tokens: _Tokens,
        until: float,
    ) -> FederatedIdentity:
        now = int(self._clock().timestamp())

        def signed(keys: KeySet) -> Mapping[str, Any]:
            return read_id_token(
                tokens.id_token,
                keys,
                provider,
                nonce=handshake.nonce,
                access_token=tokens.access_token,
                now=now,
            )

        try:
            claims = signed(self._signing_keys(provider, published, until))
        except NotPublishedKey:  # it may have changed its keys
            claims = signed(self._signing_keys(provider, published, until, again=True))
        headers = {"authorization": f"Bearer {tokens.access_token}"}
        answer = _answered(
            provider, lambda: get(published.userinfo_endpoint, until, headers=headers)
        )
        is_signed = answer.content_type.split(";")[0].strip().lower() == "application/jwt"
        if provider.signed_userinfo and not is_signed:
            raise NotItsOwn("userinfo is not signed")
        keys = self._signing_keys(provider, published, until) if is_signed else None
        subject = str(claims["sub"])
        told = read_userinfo(answer.body, keys, provider, subject=subject, now=now)
        email = _text(told, "email")
        return FederatedIdentity(
            provider=provider.key,
            issuer=provider.issuer,
            subject=subject,
            email=email,
            email_verified=email is not None
            and (provider.email_is_verified or told.get("email_verified") is True),
            name=_name(told),
            id_token=tokens.id_token,
        )


def _must_answer(published: _Published, params: Mapping[str, str]) -> None:
    """Refuse what another provider answers in the place of this one."""
    named = params.get("iss")
    if named is None and not published.authorization_response_iss_parameter_supported:
        return
    if named != published.issuer:
        raise NotItsOwn("iss of the response")


def _answered(
    provider: OpenIdProvider, ask: Callable[[], OutsideAnswer], *, any_status: bool = False
) -> OutsideAnswer:
    try:
        answer = ask()
    except NoAnswer as error:
        log.warning("%s : sans réponse (%s).", provider.issuer, error)
        raise ProviderSilent(name=provider.name) from None
    if answer.status != 200 and not any_status:
        log.warning("%s : HTTP %d.", provider.issuer, answer.status)
        raise ProviderSilent(name=provider.name)
    return answer


def _declined(provider: OpenIdProvider, told: Mapping[str, object]) -> GivenUp | ProviderDeclines:
    error = re.sub(r"[^a-z0-9_]", "?", str(told.get("error", "sans code")))[:40]
    if error in ("access_denied", "login_required", "interaction_required", "consent_required"):
        return GivenUp(name=provider.name)
    log.warning("%s : refus (%s).", provider.issuer, error)
    return ProviderDeclines(name=provider.name)


def _error_of(answer: OutsideAnswer) -> Mapping[str, object]:
    try:
        told = from_json(answer.body)
    except ValueError:
        told = None
    return told if isinstance(told, dict) and "error" in told else {"error": f"{answer.status}"}


def _unreadable(provider: OpenIdProvider, what: str, error: ValidationError) -> ProviderSilent:
    places = {str(fault["loc"][:1]) for fault in error.errors(include_input=False)}
    log.warning("%s : %s illisible (%s).", provider.issuer, what, ", ".join(sorted(places)))
    return ProviderSilent(name=provider.name)


def _text(told: Mapping[str, Any], claim: str) -> str | None:
    """A claim that is a text of a sensible length."""
    found = told.get(claim)
    return found.strip() if isinstance(found, str) and 0 < len(found.strip()) <= 255 else None


def _name(told: Mapping[str, Any]) -> str:
    """The name of the person, as far as it is told; `usual_name` is ProConnect's."""
    family = _text(told, "usual_name") or _text(told, "family_name")
    parts = [part for part in (_text(told, "given_name"), family) if part]
    return " ".join(parts) or _text(told, "name") or ""
