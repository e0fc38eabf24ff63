"""Providers of identity: who they truly name comes in, and nobody by a lie, theirs or another's."""

import logging
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pytest
from authlib.deprecate import AuthlibDeprecationWarning
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from domain.errors import JalonError
from infrastructure.sign_in.handshakes import NotBegunHere
from infrastructure.sign_in.openid import OpenIdHandshake, RelyingParty
from infrastructure.sign_in.openid_refusals import (
    GivenUp,
    IdentityNotVerified,
    ProviderDeclines,
    ProviderSilent,
)
from infrastructure.sign_in.openid_tokens import NotItsOwn, read_keys, read_userinfo
from infrastructure.sign_in.providers import OpenIdProvider, UnknownProvider
from tests.openid_provider import CLIENT, GONE, SECRET, Answer, ProviderServer, served_provider

with warnings.catch_warnings():
    warnings.simplefilter("ignore", AuthlibDeprecationWarning)  # its own, of a library it uses
    from oidc_provider_mock import User, run_server_in_thread

BACK = "https://registre.exemple.fr/connexion/retour/essai"
LEFT = "https://registre.exemple.fr/connexion"


class Stay(HTTPRedirectHandler):
    """A browser that says where it is sent, and does not go."""

    def http_error_303(self, req: Any, fp: Any, code: int, msg: str, headers: Any) -> Any:
        return fp

    http_error_302 = http_error_303


def visit(url: str, choice: dict[str, str] | None = None) -> Any:
    data = None if choice is None else urlencode(choice).encode()
    return build_opener(Stay).open(Request(url, data), timeout=10)  # noqa: S310


def consent(url: str, choice: dict[str, str]) -> dict[str, str]:
    """Choose at a provider; gives what comes back with the person."""
    with visit(url, choice) as answer:
        place = urlsplit(answer.headers["location"])
    return dict(parse_qsl(place.query))


@dataclass
class Signing:
    """A provider that is served, and this registry as its client."""

    server: ProviderServer
    party: RelyingParty

    def begin(self) -> tuple[str, OpenIdHandshake]:
        return self.party.begin("essai", BACK)

    def come_back(self, choice: str = "oui") -> tuple[OpenIdHandshake, dict[str, str]]:
        url, handshake = self.begin()
        return handshake, consent(url, {"choix": choice})

    def sign_in(self) -> Any:
        return self.party.finish(*self.come_back())


def provider_of(issuer: str, **said: Any) -> OpenIdProvider:
    usual: dict[str, Any] = {
        "key": "essai",
        "name": "Fournisseur d'essai",
        "issuer": issuer,
        "client_id": CLIENT,
        "client_secret": SecretStr(SECRET),
        "scopes": ("openid", "given_name", "usual_name", "email"),
        "pkce": False,
        "signed_userinfo": True,
        "email_is_verified": True,
    }
    return OpenIdProvider(**(usual | said))


def now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def signing(
    server: ProviderServer | None = None,
    *,
    clock: Callable[[], datetime] = now,
    patience: float = 5.0,
    **said: Any,
) -> Iterator[Signing]:
    server = server or ProviderServer()
    server.redirect_uris, server.back_uris = [BACK], [LEFT]
    with served_provider(server) as issuer:
        provider = provider_of(issuer, **said)
        yield Signing(server, RelyingParty({"essai": provider}, clock, patience))


@pytest.fixture
def pro() -> Iterator[Signing]:
    """A provider with ProConnect's manners."""
    with signing() as found:
        yield found


# --- who comes in -------------------------------------------------------------------------------


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
@pytest.mark.parametrize("says_issuer", [True, False])
def test_who_a_provider_names_is_known(pro: Signing, algorithm: str, says_issuer: bool) -> None:
    pro.server.algorithm, pro.server.says_issuer = algorithm, says_issuer

    found = pro.sign_in()

    assert (found.issuer, found.subject) == (pro.server.issuer, pro.server.person.sub)
    assert (found.name, found.email) == ("Camille Durand", pro.server.person.email)
    assert found.email_verified
    assert pro.server.refused == []


def test_a_provider_that_documents_pkce_is_given_it() -> None:
    with signing(ProviderServer(pkce=True), pkce=True) as found:
        assert found.sign_in().name == "Camille Durand"


def test_one_that_does_not_would_refuse_it() -> None:
    """So that the switch matters: the server is as strict as ProConnect is."""
    with signing(pkce=True) as found:
        url, _ = found.begin()

        with pytest.raises(Exception, match="400"):
            visit(url)

        assert found.server.refused == ["code_challenge", "code_challenge_method"]


def test_a_level_that_is_asked_for_is_asked_of_the_answer() -> None:
    with signing(acr_values=("eidas2", "eidas3")) as found:
        assert found.sign_in().subject == found.server.person.sub

        found.server.id_token = {"acr": "eidas1"}
        with pytest.raises(IdentityNotVerified):
            found.sign_in()


@pytest.mark.parametrize(
    ("told", "trusted", "verified"),
    [
        (True, False, True),
        (False, False, False),
        (GONE, False, False),
        ("true", False, False),
        (False, True, True),
        (GONE, True, True),
    ],
)
def test_an_address_counts_as_verified_where_it_is(
    told: object, trusted: bool, verified: bool
) -> None:
    server = ProviderServer(signed_userinfo=False, standard_names=True)
    server.userinfo = {"email_verified": told}
    with signing(server, signed_userinfo=False, email_is_verified=trusted) as found:
        assert found.sign_in().email_verified is verified


def test_an_address_that_is_not_told_is_not_verified(pro: Signing) -> None:
    pro.server.userinfo = {"email": GONE}

    found = pro.sign_in()

    assert (found.email, found.email_verified) == (None, False)


def test_keys_may_change_between_two_sign_ins(pro: Signing) -> None:
    pro.sign_in()
    pro.server.kid_suffix = "-suivante"

    assert pro.sign_in().name == "Camille Durand"


def test_what_is_published_is_asked_once(pro: Signing) -> None:
    pro.sign_in()
    pro.sign_in()

    assert pro.server.asked.count("/.well-known/openid-configuration") == 1
    assert pro.server.asked.count("/jwks") == 1


def test_who_leaves_is_signed_out_of_the_provider(pro: Signing) -> None:
    url = pro.party.sign_out("essai", pro.sign_in().id_token, LEFT)

    assert url
    with visit(url) as answer:
        assert answer.headers["location"].startswith(f"{LEFT}?state=")
    assert pro.server.signed_out == [pro.server.person.sub]


def test_a_provider_without_a_place_to_sign_out_has_none(pro: Signing) -> None:
    pro.server.published = {"end_session_endpoint": GONE}

    assert pro.party.sign_out("essai", "token", LEFT) is None


@pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning")
def test_an_ordinary_provider_is_understood() -> None:
    """`oidc-provider-mock`: PKCE, plain userinfo, an address that it says to be verified."""
    claims = {
        "email": "a@exemple.fr",
        "email_verified": True,
        "given_name": "Ada",
        "family_name": "L.",
    }
    user = User(sub="ada", claims=claims)
    with run_server_in_thread(user_claims=[user], require_nonce=True) as server:
        issuer = f"http://localhost:{server.server_port}"
        provider = provider_of(
            issuer,
            pkce=True,
            signed_userinfo=False,
            email_is_verified=False,
            scopes=("openid", "email", "profile"),
        )
        party = RelyingParty({"essai": provider}, now)
        url, handshake = party.begin("essai", BACK)

        found = party.finish(handshake, consent(url, {"sub": "ada"}))

        assert (found.subject, found.name, found.email) == ("ada", "Ada L.", "a@exemple.fr")
        assert found.email_verified
        assert (party.sign_out("essai", found.id_token, LEFT) or "").startswith(issuer)


# --- who does not -------------------------------------------------------------------------------


def test_who_gives_up_is_told_so(pro: Signing) -> None:
    with pytest.raises(GivenUp):
        pro.party.finish(*pro.come_back("non"))


ELSEWHERE = "https://autre.exemple.fr"
LONG_AGO = 1_000_000_000

LIES: dict[str, dict[str, Any]] = {
    "another nonce": {"id_token": {"nonce": "x" * 43}},
    "no nonce": {"id_token": {"nonce": GONE}},
    "nonce is a list": {"id_token": {"nonce": ["x"]}},
    "another audience": {"id_token": {"aud": "autre"}},
    "no audience": {"id_token": {"aud": GONE}},
    "audience is an object": {"id_token": {"aud": {CLIENT: 1}}},
    "several audiences, nobody named": {"id_token": {"aud": [CLIENT, "autre"]}},
    "several audiences, another named": {"id_token": {"aud": [CLIENT, "autre"], "azp": "autre"}},
    "made for another": {"id_token": {"azp": "autre"}},
    "another issuer": {"id_token": {"iss": ELSEWHERE}},
    "no issuer": {"id_token": {"iss": GONE}},
    "issuer is a list": {"id_token": {"iss": [ELSEWHERE]}},
    "expired": {"id_token": {"exp": LONG_AGO}},
    "never expires": {"id_token": {"exp": GONE}},
    "expires in words": {"id_token": {"exp": "demain"}},
    "expires never, said with a number": {"id_token": {"exp": float("nan")}},
    "issued tomorrow": {"id_token": {"iat": 99_999_999_999}},
    "not issued": {"id_token": {"iat": GONE}},
    "nobody": {"id_token": {"sub": GONE}},
    "an empty subject": {"id_token": {"sub": ""}},
    "a subject that is a number": {"id_token": {"sub": 7}},
    "a subject without end": {"id_token": {"sub": "s" * 256}},
    "of another access token": {"id_token": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}},
    "at_hash is a list": {"id_token": {"at_hash": ["x"]}},
    "signed by nobody": {"header": {"alg": "none"}, "way": "none"},
    "signed by nobody, in capitals": {"header": {"alg": "NONE"}, "way": "none"},
    "signed by nobody, said otherwise": {"way": "none"},
    "signed by a stranger": {"way": "stranger"},
    "the public key as a secret": {"header": {"alg": "HS256"}, "way": "HS256"},
    "the secret of the client": {"header": {"alg": "HS256", "kid": GONE}, "way": "secret"},
    "an unknown key": {"header": {"kid": "autre"}},
    "no key, of several": {"header": {"kid": GONE}},
    "the key of another kind": {"header": {"kid": "pkcs11:ES256"}},
    "the key for encryption": {"header": {"kid": "enc"}},
    "another algorithm than its own": {"header": {"alg": "PS256"}},
    "an algorithm that is a list": {"header": {"alg": ["RS256"]}},
    "a condition that nobody knows": {"header": {"crit": ["autre"], "autre": 1}},
    "its own key in the header": {"header": {"jwk": {"kty": "oct", "k": "AAAA"}}, "way": "none"},
    "userinfo of another person": {"userinfo": {"sub": "autre"}},
    "userinfo of nobody": {"userinfo": {"sub": GONE}},
    "userinfo for another": {"userinfo": {"aud": "autre"}},
    "userinfo of another issuer": {"userinfo": {"iss": ELSEWHERE}},
    "userinfo expired": {"userinfo": {"exp": LONG_AGO}},
    "userinfo signed by a stranger": {"userinfo_way": "stranger"},
    "userinfo signed by nobody": {"userinfo_header": {"alg": "none"}, "userinfo_way": "none"},
    "userinfo not signed": {"signed_userinfo": False},
    "keys that are none": {"answers": {"/jwks": (200, {}, b'{"keys": [1, {"kty": "RSA"}]}')}},
    "no keys": {"answers": {"/jwks": (200, {}, b'{"keys": []}')}},
    "keys without end": {"answers": {"/jwks": (200, {}, b"[" * 200_000)}},
}


@pytest.mark.parametrize("lie", LIES)
def test_nobody_comes_in_by_a_lie(pro: Signing, lie: str) -> None:
    for name, value in LIES[lie].items():
        setattr(pro.server, name, value)

    with pytest.raises(IdentityNotVerified):
        pro.sign_in()


def test_one_audience_in_a_list_and_one_more_with_our_name_are_true(pro: Signing) -> None:
    """The lies about audiences are refused for what they say, not for their form."""
    for told in ({"aud": [CLIENT]}, {"aud": [CLIENT, "autre"], "azp": CLIENT}):
        pro.server.id_token = told
        assert pro.sign_in().name == "Camille Durand"


def test_a_token_is_refused_once_it_is_old() -> None:
    with (
        signing(clock=lambda: now() + timedelta(minutes=3)) as found,
        pytest.raises(IdentityNotVerified),
    ):
        found.sign_in()


def test_plain_userinfo_of_another_person_is_refused() -> None:
    server = ProviderServer(signed_userinfo=False, userinfo={"sub": "autre"})
    with signing(server, signed_userinfo=False) as found, pytest.raises(IdentityNotVerified):
        found.sign_in()


def test_what_was_begun_in_another_browser_is_not_finished_here(pro: Signing) -> None:
    """An attacker who sends somebody their own answer would have them sign in as the attacker."""
    mine, _ = pro.come_back()
    _, theirs = pro.come_back()

    with pytest.raises(NotBegunHere):
        pro.party.finish(mine, theirs)

    assert "/token" not in pro.server.asked


@pytest.mark.parametrize("state", ["", "é", "x" * 43])
def test_another_state_is_refused(pro: Signing, state: str) -> None:
    handshake, params = pro.come_back()

    with pytest.raises(NotBegunHere):
        pro.party.finish(handshake, params | {"state": state})


def test_a_code_serves_once(pro: Signing) -> None:
    handshake, params = pro.come_back()
    pro.party.finish(handshake, params)

    with pytest.raises(ProviderDeclines):
        pro.party.finish(handshake, params)


def test_the_code_of_somebody_else_does_not_serve(pro: Signing) -> None:
    """Put into one's own answer, it brings a token with the nonce of the other."""
    _, theirs = pro.come_back()
    handshake, mine = pro.come_back()

    with pytest.raises(IdentityNotVerified):
        pro.party.finish(handshake, mine | {"code": theirs["code"]})


def test_one_provider_does_not_answer_for_another() -> None:
    """The code goes to none of them (RFC 9700, section 4.4)."""
    with ExitStack() as stack:
        one, other = (stack.enter_context(signing()) for _ in range(2))
        handshake, params = one.come_back()
        _, mixed = other.come_back()

        for iss in ({"iss": mixed["iss"]}, {"iss": ""}):
            with pytest.raises(IdentityNotVerified):
                one.party.finish(handshake, params | iss)
        with pytest.raises(IdentityNotVerified):
            one.party.finish(handshake, {k: v for k, v in params.items() if k != "iss"})

        assert "/token" not in one.server.asked + other.server.asked


def test_a_provider_that_was_changed_meanwhile_does_not_finish(pro: Signing) -> None:
    handshake, params = pro.come_back()
    changed = handshake.model_copy(update={"issuer": ELSEWHERE})

    with pytest.raises(IdentityNotVerified):
        pro.party.finish(changed, params)


def test_a_provider_that_calls_itself_otherwise_is_not_it(pro: Signing) -> None:
    pro.server.published = {"issuer": ELSEWHERE}

    with pytest.raises(IdentityNotVerified):
        pro.begin()


@pytest.mark.parametrize("name", ["token_endpoint", "userinfo_endpoint", "jwks_uri"])
@pytest.mark.parametrize("place", ["http://exemple.fr/x", "file:///etc/passwd", "https://a@b/", 7])
def test_nothing_is_said_in_the_clear(pro: Signing, name: str, place: object) -> None:
    pro.server.published = {name: place}

    with pytest.raises(ProviderSilent):
        pro.begin()


def test_an_unknown_provider_is_one(pro: Signing) -> None:
    with pytest.raises(UnknownProvider):
        pro.party.begin("autre", BACK)


# --- servers that are silent, slow, endless, or elsewhere ---------------------------------------

CONFIGURATION = "/.well-known/openid-configuration"
PATHS = [CONFIGURATION, "/token", "/jwks", "/userinfo"]
HUGE: Answer = (200, {"content-type": "application/json"}, b'{"a": "' + b"x" * 2_000_000)
GARBAGE: Answer = (200, {"content-type": "application/json"}, b"\xff<html>")
BROKEN: Answer = (500, {}, b"oops")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("answer", [HUGE, GARBAGE, BROKEN], ids=["huge", "garbage", "broken"])
def test_an_answer_that_is_none_is_a_refusal(pro: Signing, path: str, answer: Answer) -> None:
    pro.server.answers = {path: answer}

    with pytest.raises((ProviderSilent, ProviderDeclines, IdentityNotVerified)):
        pro.sign_in()


@pytest.mark.parametrize("path", PATHS)
def test_nobody_is_followed_elsewhere(pro: Signing, path: str) -> None:
    place = {"location": f"{pro.server.issuer}/ailleurs"}
    pro.server.answers = {path: (307, place, b""), "/ailleurs": (200, {}, b"{}")}

    with pytest.raises((ProviderSilent, ProviderDeclines)):
        pro.sign_in()

    assert "/ailleurs" not in pro.server.asked


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("manner", ["silent", "dripping"])
def test_nobody_waits_for_long(path: str, manner: str) -> None:
    with signing(patience=0.4) as found:
        setattr(found.server, manner, {path})
        began = monotonic()

        with pytest.raises(ProviderSilent):
            found.sign_in()

        assert monotonic() - began < 5


def test_a_server_that_is_not_there_is_silent() -> None:
    with signing() as found:
        party = found.party

    with pytest.raises(ProviderSilent):
        party.begin("essai", BACK)


def test_a_secret_that_is_wrong_is_for_the_administrators() -> None:
    with signing(client_secret=SecretStr("autre")) as found, pytest.raises(ProviderDeclines):
        found.sign_in()


@pytest.mark.parametrize("error", ["invalid_scope", "server_error", "<script>", ""])
def test_an_error_of_the_provider_is_said_without_its_code(pro: Signing, error: str) -> None:
    handshake, params = pro.come_back("non")

    with pytest.raises(ProviderDeclines) as refused:
        pro.party.finish(handshake, params | {"error": error})

    assert error == "" or error not in refused.value.say("fr")


def test_no_token_and_no_secret_is_ever_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    seen = [SECRET]
    for lie in LIES.values():
        with signing(ProviderServer(**lie)) as found:
            handshake, params = found.come_back()
            with pytest.raises(JalonError) as refused:
                found.party.finish(handshake, params)
        seen += [params["code"], handshake.state, handshake.nonce, *found.server.access]
        said = caplog.text + refused.value.say("fr") + refused.value.say("en")
        assert not [one for one in seen if one in said]
        assert SECRET not in repr(found.party.providers)

    assert caplog.text.count("non vérifiée") == len(LIES)


# --- any bytes at all ---------------------------------------------------------------------------

jsons = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=200)
@given(st.binary(max_size=200) | st.builds(lambda told: repr(told).encode(), jsons))
def test_bytes_that_are_no_answer_are_refused_and_nothing_else(body: bytes) -> None:
    provider = provider_of("https://exemple.fr")
    keys = read_keys(b'{"keys": []}')

    for by in (keys, None):
        with pytest.raises(NotItsOwn):
            read_userinfo(body, by, provider, subject="s", now=0)
