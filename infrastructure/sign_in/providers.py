"""The providers of identity through which people may sign in, as `providers.toml` names them."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, StringConstraints, ValidationError

from domain.errors import Invalid, NotFound
from domain.values import Frozen
from domain.words import Text

LARGEST_FILE = 100_000
"""Bytes that are read of the file."""

KEY = r"[a-z0-9]{1,40}"

LOOPBACK = ("localhost", "127.0.0.1", "::1")

PRO_CONNECT: Mapping[str, object] = {
    "name": "ProConnect",
    "scopes": ("openid", "given_name", "usual_name", "email", "uid", "siret"),
    "pkce": False,
    "signed_userinfo": True,
    "email_is_verified": True,
}
"""What `kind = "proconnect"` says of a provider, unless its section says otherwise.

Its authorisation endpoint answers a parameter that it does not document with an error, PKCE is not
among those that it documents, and its userinfo is a signed token.

Source:
    https://github.com/numerique-gouv/proconnect-documentation, doc_fs/implementation_technique.md.
"""


class ProvidersUnreadable(Invalid):
    """The file of the providers is not there, or is not one."""

    code = "providers.unreadable"
    fr = "Le fichier des fournisseurs d'identité, {file}, ne peut pas servir : {reason}."
    en = "The file of the providers of identity, {file}, cannot be used ({reason})."


class UnknownProvider(NotFound):
    """No provider has that name."""

    code = "providers.unknown"
    fr = "Ce registre ne connaît pas ce fournisseur d'identité : revenez à la page de connexion."
    en = "This registry does not know that provider of identity: go back to the sign-in page."


def is_safe(address: str) -> bool:
    """Whether an address is one of https, or of this very machine."""
    try:
        parts = urlsplit(address)
        known = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
        plain = parts.scheme == "http" and parts.hostname not in LOOPBACK
        return known and not plain and parts.username is None and not parts.fragment
    except ValueError:
        return False


def _safe(address: str) -> str:
    if not is_safe(address):
        raise ValueError("not an address of https")
    return address


SafeAddress = Annotated[str, AfterValidator(_safe)]
Printable = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,512}$")]


class OpenIdProvider(Frozen):
    """A provider of identity, and what it takes."""

    key: Annotated[str, StringConstraints(pattern=f"^{KEY}$")]
    """What it is called in addresses."""
    kind: Literal["openid", "proconnect"] = "openid"
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
    """What it is called on screens."""
    issuer: SafeAddress
    client_id: Printable
    client_secret: SecretStr
    scopes: tuple[Printable, ...] = ("openid", "email", "profile")
    pkce: bool = True
    """Whether it takes the parameters of RFC 7636."""
    signed_userinfo: bool = False
    """Whether what it says of a person must be a signed token."""
    email_is_verified: bool = False
    """Whether every address that it gives is known to be that of the person."""
    acr_values: tuple[Printable, ...] = Field(default=())
    """The levels of which one is asked for, and required of the answer."""


def read_providers(file: Path, *, needed: bool) -> Mapping[str, OpenIdProvider]:
    """The providers that a file names, in its order, by key; a file with a fault is refused whole.

    Args:
        needed: whether it was named, so that it must be there.
    """
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        if not needed:
            return {}
        raise _fault(file, "il manque", "it is not there") from None
    except OSError:
        raise _fault(file, "il est illisible", "it cannot be read") from None
    if len(content) > LARGEST_FILE:
        raise _fault(file, "il est trop grand", "it is too large")
    try:
        sections = tomllib.loads(content.decode("utf-8"))
    except ValueError:  # its words may hold a secret: they are not repeated
        raise _fault(file, "ce n'est pas du TOML", "it is not TOML") from None
    found = {key: _read(file, key, section) for key, section in sections.items()}
    issuers = [provider.issuer for provider in found.values()]
    if len(set(issuers)) != len(issuers):
        fr, en = "deux sections ont le même « issuer »", "two sections have the same “issuer”"
        raise _fault(file, fr, en)
    return found


def _read(file: Path, key: str, section: object) -> OpenIdProvider:
    if not isinstance(section, dict) or not re.fullmatch(KEY, key):
        fr = "une section se nomme en minuscules et en chiffres, et contient des réglages"
        en = "a section is named in small letters and digits, and contains settings"
        raise _fault(file, fr, en, key)
    said = dict(section)
    usual = PRO_CONNECT if said.get("kind") == "proconnect" else {}
    if "client_secret_file" in said:
        if "client_secret" in said:
            raise _fault(file, "le secret est donné deux fois", "the secret is given twice", key)
        said["client_secret"] = _secret(file, key, said.pop("client_secret_file"))
    try:
        found = OpenIdProvider.model_validate({**usual, **said, "key": key})
    except ValidationError as error:
        field = _shown(str(error.errors(include_input=False, include_context=False)[0]["loc"][0]))
        fr, en = f"« {field} » manque ou ne convient pas", f"“{field}” is missing or not right"
        raise _fault(file, fr, en, key) from None
    if "openid" not in found.scopes:
        fr, en = "« scopes » ne contient pas « openid »", "“scopes” does not contain “openid”"
        raise _fault(file, fr, en, key)
    if not re.fullmatch(r"[!-~]{1,512}", found.client_secret.get_secret_value()):
        fr, en = "le secret a des espaces ou des accents", "the secret has spaces or accents"
        raise _fault(file, fr, en, key)
    return found


def _secret(file: Path, key: str, named: object) -> str:
    """The secret in a file of its own, which lies beside this one unless its path is whole."""
    try:
        return (file.parent / str(named)).read_text("utf-8").strip()
    except (OSError, ValueError):
        fr, en = "le fichier du secret est illisible", "the file of the secret cannot be read"
        raise _fault(file, fr, en, key) from None


def _fault(file: Path, fr: str, en: str, key: str = "") -> ProvidersUnreadable:
    where = (f"section « {_shown(key)} », ", f"section “{_shown(key)}”, ") if key else ("", "")
    return ProvidersUnreadable(file=file, reason=Text(fr=where[0] + fr, en=where[1] + en))


def _shown(text: str) -> str:
    return re.sub(r"[^\w.-]", "?", text)[:40]
