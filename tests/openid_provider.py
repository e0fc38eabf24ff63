"""A provider of identity with ProConnect's manners, which shares no code with the product.

It refuses every parameter that it does not document, wants long states and nonces, gives a code
away once, signs what it says of a person, and signs out those only whose token it is shown. As it
is told, it lies: each claim, each header and each answer can be another one.
"""

import json
import secrets
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from hmac import digest
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

Headers = dict[str, str]
Answer = tuple[int, Headers, bytes]

CLIENT, SECRET = "jalon", "un-secret-de-trente-deux-signes--"
DOCUMENTED = {
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "claims",
    "acr_values",
    "state",
    "nonce",
    "prompt",
    "login_hint",
    "idp_hint",
}
PKCE = {"code_challenge", "code_challenge_method"}
SCOPES = {"openid", "given_name", "usual_name", "email", "uid", "siret"}
CODE_SECONDS, TOKEN_SECONDS = 30, 60
GONE = object()
"""In the place of a claim: it is not said at all."""

RSA_KEY = rsa.generate_private_key(65537, 2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())
STRANGERS_KEY = rsa.generate_private_key(65537, 2048)


def b64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value: int) -> str:
    return b64(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def public_pem() -> bytes:
    """What the public key looks like in a file: the secret of an old trick."""
    return RSA_KEY.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def signed(header: dict[str, Any], claims: dict[str, Any], way: str) -> str:
    """A token in the compact form; `way` says how it is signed, whatever the header says."""
    head, body = b64(json.dumps(header).encode()), b64(json.dumps(claims).encode())
    said = f"{head}.{body}".encode()
    match way:
        case "RS256":
            made = RSA_KEY.sign(said, padding.PKCS1v15(), hashes.SHA256())
        case "ES256":
            r, s = decode_dss_signature(EC_KEY.sign(said, ec.ECDSA(hashes.SHA256())))
            made = r.to_bytes(32, "big") + s.to_bytes(32, "big")
        case "stranger":
            made = STRANGERS_KEY.sign(said, padding.PKCS1v15(), hashes.SHA256())
        case "HS256":
            made = digest(public_pem(), said, "sha256")
        case "secret":
            made = digest(SECRET.encode(), said, "sha256")
        case _:
            made = b""
    return f"{head}.{body}.{b64(made)}"


@dataclass
class Person:
    """Somebody whom the provider knows."""

    sub: str = "704e02429015d2bd47f7"
    given_name: str = "Camille"
    usual_name: str = "Durand"
    email: str = "camille.durand@exemple.gouv.fr"
    uid: str = "cdurand"
    siret: str = "13002526500013"


@dataclass
class ProviderServer:
    """The provider: whom it knows, what it takes, and how it lies today."""

    redirect_uris: list[str] = field(default_factory=list)
    back_uris: list[str] = field(default_factory=list)
    person: Person = field(default_factory=Person)
    issuer: str = ""
    pkce: bool = False
    """Whether it documents the parameters of RFC 7636."""
    says_issuer: bool = True
    algorithm: str = "RS256"
    signed_userinfo: bool = True
    standard_names: bool = False
    """Whether it calls people as the standard does, with an address that it verified."""
    # How it lies.
    id_token: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    userinfo_header: dict[str, Any] = field(default_factory=dict)
    way: str = ""
    userinfo_way: str = ""
    published: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    """What is answered at a path, instead of what is right."""
    silent: set[str] = field(default_factory=set)
    dripping: set[str] = field(default_factory=set)
    kid_suffix: str = ""
    # What it remembers.
    codes: dict[str, dict[str, Any]] = field(default_factory=dict)
    access: dict[str, tuple[str, float]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    signed_out: list[str] = field(default_factory=list)
    over: Event = field(default_factory=Event)

    # Its pages.

    def authorize(self, query: dict[str, str], chosen: str | None) -> Answer:
        """Ask the person, or send them back with what they chose."""
        known = DOCUMENTED | PKCE if self.pkce else DOCUMENTED
        faults = [name for name in query if name not in known]
        faults += [name for name in ("state", "nonce") if len(query.get(name, "")) < 32]
        faults += [one for one in query.get("scope", "").split() if one not in SCOPES]
        if "openid" not in query.get("scope", "").split():
            faults.append("scope")
        if query.get("response_type") != "code" or query.get("client_id") != CLIENT:
            faults.append("client")
        if self.pkce and query.get("code_challenge_method") != "S256":
            faults.append("code_challenge")
        if faults or query.get("redirect_uri") not in self.redirect_uris:
            self.refused += faults
            return 400, {}, f"<p>Y000400 Bad Request {escape(str(faults))}</p>".encode()
        if chosen is None:
            return 200, {}, QUESTION
        said = {"state": query["state"]} | ({"iss": self.issuer} if self.says_issuer else {})
        if chosen == "oui":
            code = secrets.token_urlsafe(32)
            self.codes[code] = query | {"until": time.time() + CODE_SECONDS}
            said["code"] = code
        else:
            said |= {"error": "access_denied", "error_description": "User auth aborted"}
        return 303, {"location": f"{query['redirect_uri']}?{urlencode(said)}"}, b""

    def token(self, form: dict[str, str]) -> Answer:
        """Give tokens for a code: once, soon, and to whom it was given."""
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT, SECRET):
            return says(401, {"error": "invalid_client"})
        known = self.codes.pop(form.get("code", ""), None)
        if known is None or known["until"] < time.time():
            return says(400, {"error": "invalid_grant", "error_description": "grant not found"})
        if form.get("redirect_uri") != known["redirect_uri"]:
            return says(400, {"error": "invalid_grant"})
        if self.pkce and known["code_challenge"] != b64(
            sha256(form.get("code_verifier", "").encode()).digest()
        ):
            return says(400, {"error": "invalid_grant"})
        access = secrets.token_urlsafe(32)
        self.access[access] = (self.person.sub, time.time() + TOKEN_SECONDS)
        return says(
            200,
            {
                "access_token": access,
                "token_type": "Bearer",
                "expires_in": TOKEN_SECONDS,
                "id_token": self.identity(known, access),
            },
        )

    def identity(self, known: dict[str, Any], access: str) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "sub": self.person.sub,
            "aud": CLIENT,
            "exp": now + TOKEN_SECONDS,
            "iat": now,
            "auth_time": now,
            "nonce": known["nonce"],
            "acr": known.get("acr_values", "eidas1").split(" ")[0],
            "amr": ["pwd"],
            "at_hash": b64(sha256(access.encode()).digest()[:16]),
        }
        return self.sign(claims | self.id_token, self.header, self.way)

    def sign(self, claims: dict[str, Any], header: dict[str, Any], way: str) -> str:
        told = {"alg": self.algorithm, "typ": "JWT", "kid": self.kid(self.algorithm)} | header
        return signed(
            {name: value for name, value in told.items() if value is not GONE},
            {name: value for name, value in claims.items() if value is not GONE},
            way or self.algorithm,
        )

    def kid(self, algorithm: str) -> str:
        return f"pkcs11:{algorithm}{self.kid_suffix}"

    def keys(self) -> Answer:
        n, e = (getattr(RSA_KEY.public_key().public_numbers(), part) for part in "ne")
        point = EC_KEY.public_key().public_numbers()
        return says(
            200,
            {
                "keys": [
                    {
                        "kty": "RSA",
                        "use": "sig",
                        "kid": self.kid("RS256"),
                        "n": number(n),
                        "e": number(e),
                    },
                    {
                        "kty": "EC",
                        "use": "sig",
                        "crv": "P-256",
                        "kid": self.kid("ES256"),
                        "x": b64(point.x.to_bytes(32, "big")),
                        "y": b64(point.y.to_bytes(32, "big")),
                    },
                    {"kty": "RSA", "use": "enc", "kid": "enc", "n": number(n), "e": number(e)},
                    {"kty": "AKP", "alg": "ML-DSA-44", "kid": "later", "pub": "AAAA"},
                ]
            },
        )

    def about(self, authorization: str) -> Answer:
        """Who the bearer of a token is."""
        sub, until = self.access.get(authorization.removeprefix("Bearer "), ("", 0.0))
        if not sub or until < time.time():
            return says(401, {"error": "invalid_token"})
        person = self.person
        claims: dict[str, Any] = {"sub": sub, "given_name": person.given_name}
        if self.standard_names:
            claims |= {"family_name": person.usual_name, "email_verified": True}
        else:
            claims |= {"usual_name": person.usual_name, "uid": person.uid, "siret": person.siret}
        claims["email"] = person.email
        if not self.signed_userinfo:
            told = {k: v for k, v in (claims | self.userinfo).items() if v is not GONE}
            return says(200, told)
        now = int(time.time())
        claims |= {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + TOKEN_SECONDS}
        made = self.sign(claims | self.userinfo, self.userinfo_header, self.userinfo_way)
        return 200, {"content-type": "application/jwt; charset=utf-8"}, made.encode()

    def end(self, query: dict[str, str]) -> Answer:
        """Sign out whom a token of ours is about, and send them back."""
        back, state = query.get("post_logout_redirect_uri", ""), query.get("state", "")
        hint = query.get("id_token_hint", "").split(".")
        if len(hint) != 3 or len(state) < 32 or back not in self.back_uris:
            self.refused.append("end")
            return 400, {}, "<p>Déconnexion refusée</p>".encode()
        claims = json.loads(urlsafe_b64decode(hint[1] + "=" * (-len(hint[1]) % 4)))
        self.signed_out.append(claims["sub"])
        return 303, {"location": f"{back}?{urlencode({'state': state})}"}, b""

    def configuration(self) -> Answer:
        told = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/jwks",
            "end_session_endpoint": f"{self.issuer}/session/end",
            "response_types_supported": ["code"],
            "subject_types_supported": ["pairwise"],
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            "authorization_response_iss_parameter_supported": self.says_issuer,
            "id_token_signing_alg_values_supported": ["RS256", "ES256"],
        } | self.published
        return says(200, {name: value for name, value in told.items() if value is not GONE})


QUESTION = b"""<!doctype html><html lang="fr"><title>Fournisseur d'essai</title>
<form method="post"><button name="choix" value="oui">Continuer comme Camille Durand</button>
<button name="choix" value="non">Renoncer</button></form></html>"""


def says(status: int, told: dict[str, Any]) -> Answer:
    return status, {"content-type": "application/json;charset=utf-8"}, json.dumps(told).encode()


class _Asked(BaseHTTPRequestHandler):
    provider: ProviderServer

    def do_GET(self) -> None:
        self.answer({})

    def do_POST(self) -> None:
        length = int(self.headers.get("content-length", 0))
        self.answer(dict(parse_qsl(self.rfile.read(length).decode())))

    def answer(self, form: dict[str, str]) -> None:
        parts = urlsplit(self.path)
        path = parts.path.removeprefix("/api/v2")
        server = self.provider
        server.asked.append(path)
        if path in server.silent:
            server.over.wait(30)
            return
        status, headers, body = server.answers.get(path) or self.right(path, parts.query, form)
        self.send_response(status)
        for name, value in {"content-type": "text/html; charset=utf-8", **headers}.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        if path in server.dripping:
            for byte in body:
                self.wfile.write(bytes([byte]))
                if server.over.wait(0.05):
                    return
        self.wfile.write(body)

    def right(self, path: str, query: str, form: dict[str, str]) -> Answer:
        asked = dict(parse_qsl(query, keep_blank_values=True))
        match path:
            case "/.well-known/openid-configuration":
                return self.provider.configuration()
            case "/authorize":
                return self.provider.authorize(asked, form.get("choix"))
            case "/token":
                return self.provider.token(form)
            case "/jwks":
                return self.provider.keys()
            case "/userinfo":
                return self.provider.about(self.headers.get("authorization", ""))
            case "/session/end":
                return self.provider.end(asked)
        return 404, {}, b""

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:
            return  # who asked did not wait for the end

    def log_message(self, *_: object) -> None:
        return


@contextmanager
def served_provider(provider: ProviderServer) -> Iterator[str]:
    """A provider at an address, for a while; that is its issuer."""
    handler = type("AskedOfProvider", (_Asked,), {"provider": provider})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        provider.issuer = f"http://127.0.0.1:{server.server_port}/api/v2"
        try:
            yield provider.issuer
        finally:
            provider.over.set()
            server.shutdown()
            thread.join()
