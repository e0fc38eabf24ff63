"""Passkeys and providers of identity, by the pages: whose account they let into, and whose not."""

import json
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from application.account import SuspendAccount, account_at
from domain.provenance import AccountId
from domain.roles import Role
from infrastructure.sign_in.passkeys import NoPasskeysHere
from infrastructure.sign_in.providers import ProvidersUnreadable
from interfaces.server import create_app
from interfaces.wiring import Product, Settings
from tests.authenticator import Device
from tests.infrastructure.test_openid import visit
from tests.interfaces.people import open_account, opened, send, sign_in, token
from tests.make import begin
from tests.openid_provider import CLIENT, SECRET, Person, ProviderServer, served_provider

HERE = "http://localhost:8000"
KEYS = "/mon-compte/cles"
CAMILLE = "camille.durand@exemple.gouv.fr"
SECTION = """
[{key}]
kind = "proconnect"
name = "{name}"
issuer = "{issuer}"
client_id = "{client}"
client_secret = "{secret}"
"""


def section(issuer: str, key: str = "proconnect", name: str = "ProConnect") -> str:
    return SECTION.format(key=key, name=name, issuer=issuer, client=CLIENT, secret=SECRET)


def served(server: ProviderServer, *, key: str = "proconnect") -> ProviderServer:
    server.redirect_uris = [f"{HERE}/connexion/retour/{key}"]
    server.back_uris = [f"{HERE}/connexion"]
    return server


@contextmanager
def registry(home: Path, providers: str = "") -> Iterator[Product]:
    settings = Settings(home=home, database="")
    begin(settings)
    (home / "providers.toml").write_text(providers)
    with closing(Product(settings)) as product:
        opened(product, "admin@exemple.fr", Role.ADMINISTRATOR)
        opened(product, CAMILLE, Role.COORDINATOR)
        opened(product, "autre@exemple.fr", Role.AUDITOR)
        yield product


@pytest.fixture
def pro() -> Iterator[ProviderServer]:
    server = served(ProviderServer())
    with served_provider(server):
        yield server


@pytest.fixture
def product(tmp_path: Path, pro: ProviderServer) -> Iterator[Product]:
    with registry(tmp_path, section(pro.issuer)) as found:
        yield found


@pytest.fixture
def http(product: Product) -> TestClient:
    return browser_of(product)


def browser_of(product: Product) -> TestClient:
    """A browser that has never been here."""
    return TestClient(create_app(product), base_url=HERE, follow_redirects=False)


def id_of(product: Product, address: str) -> AccountId:
    found = account_at(product.registry, address)
    assert found
    return found


def who(http: TestClient) -> str:
    """Who is signed in; nobody: empty."""
    page = http.get("/poles").text
    found = re.search(r'<a href="/mon-compte">([^<]+)</a>', page)
    return found[1] if found else ""


def said(answer: Response) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.text)))


# --- passkeys -----------------------------------------------------------------------------------


def asked(http: TestClient, path: str, seen_on: str) -> dict[str, str]:
    answer = http.post(path, data={"_token": token(http, seen_on)})
    assert answer.status_code == 200, answer.text
    told: dict[str, str] = answer.json()
    return told


def register(http: TestClient, device: Device, name: str = "Ma clé") -> Response:
    told = asked(http, f"{KEYS}/options", KEYS)
    answer = device.create(told["options"])  # type: ignore[arg-type]
    return send(http, KEYS, KEYS, answer=answer, handshake=told["handshake"], name=name)


def show_key(http: TestClient, device: Device, then: str = "/poles") -> Response:
    told = asked(http, "/connexion/cle/options", "/connexion")
    answer = device.get(told["options"])  # type: ignore[arg-type]
    fields = {"answer": answer, "handshake": told["handshake"], "suite": then}
    return send(http, "/connexion/cle", "/connexion", **fields)


@pytest.fixture
def device(http: TestClient) -> Device:
    """A device with a key of Camille, who has left."""
    device = Device(HERE)
    sign_in(http, CAMILLE)
    assert register(http, device).status_code == 303
    send(http, "/deconnexion", KEYS)
    return device


def test_a_key_lets_its_holder_in(http: TestClient, device: Device) -> None:
    answer = show_key(http, device)

    assert (answer.status_code, answer.headers["location"]) == (303, "/poles")
    assert who(http) == "Personne coordinator"
    assert "clé d'accès" in said(http.get("/mon-compte"))


def test_an_answer_of_a_device_serves_once(http: TestClient, device: Device) -> None:
    told = asked(http, "/connexion/cle/options", "/connexion")
    fields = {"answer": device.get(told["options"]), "handshake": told["handshake"]}  # type: ignore[arg-type]
    assert send(http, "/connexion/cle", "/connexion", **fields).status_code == 303
    send(http, "/deconnexion", "/mon-compte")

    again = send(http, "/connexion/cle", "/connexion", **fields)

    assert (again.status_code, who(http)) == (403, "")
    assert "recommencez" in said(again)


def test_the_answer_of_a_device_serves_in_the_browser_that_asked(
    http: TestClient, product: Product, device: Device
) -> None:
    other = browser_of(product)
    told = asked(http, "/connexion/cle/options", "/connexion")
    fields = {"answer": device.get(told["options"]), "handshake": told["handshake"]}  # type: ignore[arg-type]

    assert send(other, "/connexion/cle", "/connexion", **fields).status_code == 403
    assert who(other) == ""


def test_what_was_asked_to_sign_in_adds_no_key(http: TestClient, device: Device) -> None:
    told = asked(http, "/connexion/cle/options", "/connexion")
    sign_in(http, CAMILLE)
    options = asked(http, f"{KEYS}/options", KEYS)["options"]
    answer = Device(HERE).create(options)  # type: ignore[arg-type]

    refused = send(http, KEYS, KEYS, answer=answer, handshake=told["handshake"])

    assert refused.status_code == 422


def test_a_device_that_nobody_knows_lets_nobody_in(http: TestClient) -> None:
    answer = show_key(http, Device(HERE))

    assert (answer.status_code, who(http)) == (403, "")
    assert "n'a pas été reconnue" in said(answer)


def test_a_key_that_was_removed_lets_nobody_in(http: TestClient, device: Device) -> None:
    sign_in(http, CAMILLE)
    page = http.get(KEYS).text
    (credential,) = set(re.findall(r'name="key" value="([^"]+)"', page))
    send(http, f"{KEYS}/nommer", KEYS, key=credential, name="  Téléphone  de service ")
    assert "Téléphone de service" in http.get(KEYS).text

    assert send(http, f"{KEYS}/retirer", KEYS, key=credential).status_code == 303

    send(http, "/deconnexion", KEYS)
    assert show_key(http, device).status_code == 403


def test_the_key_of_somebody_else_is_neither_named_nor_removed(
    http: TestClient, product: Product, device: Device
) -> None:
    (key,) = product.passkeys.of(id_of(product, CAMILLE))
    sign_in(http, "autre@exemple.fr")

    for act in ("nommer", "retirer"):
        refused = send(http, f"{KEYS}/{act}", KEYS, key=key.credential, name="à moi")
        assert refused.status_code == 422
        assert "une des vôtres" in said(refused)

    assert list(product.passkeys.of(id_of(product, CAMILLE))) == [key]


def test_a_key_is_of_one_account(http: TestClient, product: Product, device: Device) -> None:
    sign_in(http, "autre@exemple.fr")

    assert register(http, device).status_code == 422
    assert list(product.passkeys.of(id_of(product, "autre@exemple.fr"))) == []


def test_a_suspended_account_is_not_opened_by_its_key(
    http: TestClient, product: Product, device: Device
) -> None:
    suspend = SuspendAccount(account=id_of(product, CAMILLE))
    product.do(suspend, product.operator(Role.ADMINISTRATOR))

    refused = show_key(http, device)

    assert (refused.status_code, who(http)) == (403, "")
    assert "votre compte n'est pas ouvert" in said(refused)


def test_a_copy_of_a_key_is_refused_and_said(http: TestClient, device: Device) -> None:
    show_key(http, device)
    send(http, "/deconnexion", "/mon-compte")
    device.count -= 1

    refused = show_key(http, device)

    assert (refused.status_code, who(http)) == (403, "")
    assert "semble avoir été copiée" in said(refused)


def test_keys_can_be_tried_so_often(http: TestClient) -> None:
    for _ in range(40):
        send(http, "/connexion/cle", "/connexion", answer="{}", handshake="x")

    refused = send(http, "/connexion/cle", "/connexion", answer="{}", handshake="x")

    assert "Trop d'essais" in said(refused)


@pytest.mark.parametrize("base", ["http://127.0.0.1:8000", "http://registre.exemple.fr"])
def test_where_browsers_take_no_key_none_is_offered(product: Product, base: str) -> None:
    http = TestClient(create_app(product), base_url=base, follow_redirects=False)
    page = http.get("/connexion").text
    assert "data-passkey" not in page
    assert "passkey.js" not in page

    refused = http.post("/connexion/cle/options", data={"_token": token(http, "/connexion")})

    assert refused.status_code == 422
    assert refused.json()["refusal"] == NoPasskeysHere().say("fr")


def test_keys_are_for_whoever_is_signed_in(http: TestClient) -> None:
    assert http.get(KEYS).headers["location"].startswith("/connexion")
    refused = http.post(f"{KEYS}/options", data={"_token": token(http, "/connexion")})
    assert refused.status_code == 303
    assert http.post(f"{KEYS}/options", data={}).status_code == 403


# --- providers of identity ----------------------------------------------------------------------


def go(http: TestClient, choice: str = "oui", then: str = "") -> str:
    """Go to the provider and choose there; gives where one is sent back."""
    suite = f"?suite={then}" if then else ""
    sent = http.get(f"/connexion/openid/proconnect{suite}")
    assert sent.status_code == 303, said(sent)
    with visit(sent.headers["location"], {"choix": choice}) as answer:
        back = str(answer.headers["location"])
    assert back.startswith(f"{HERE}/connexion/retour/proconnect?")
    return back.removeprefix(HERE)


def test_who_has_an_account_gets_in_by_their_verified_address(
    http: TestClient, pro: ProviderServer
) -> None:
    answer = http.get(go(http, then="/appels"))

    assert (answer.status_code, answer.headers["location"]) == (303, "/appels")
    assert who(http) == "Personne coordinator"
    assert "fournisseur d'identité" in said(http.get("/mon-compte"))
    assert pro.refused == []


def test_from_then_on_the_identity_counts_and_the_address_does_not(
    http: TestClient, product: Product, pro: ProviderServer
) -> None:
    http.get(go(http))
    send(http, "/deconnexion", "/mon-compte")
    pro.person.email = "camille.martin@exemple.gouv.fr"

    assert http.get(go(http)).status_code == 303
    assert who(http) == "Personne coordinator"

    # Whoever is given the address of Camille later is not Camille.
    send(http, "/deconnexion", "/mon-compte")
    pro.person = Person(sub="une-autre-personne")
    refused = http.get(go(http))
    assert (refused.status_code, who(http)) == (403, "")
    assert "déjà relié à une autre identité" in said(refused)
    assert len(list(product.openid.of(id_of(product, CAMILLE)))) == 1


def test_who_has_no_account_is_told_whom_to_ask(http: TestClient, pro: ProviderServer) -> None:
    pro.person.email = "personne@exemple.gouv.fr"

    refused = http.get(go(http))

    assert (refused.status_code, who(http)) == (403, "")
    assert "aucun compte de ce registre n'est ouvert pour vous" in said(refused)
    assert "Se connecter" in said(refused)


def test_an_address_that_is_not_verified_opens_no_account(
    tmp_path: Path, pro: ProviderServer
) -> None:
    text = section(pro.issuer) + "email_is_verified = false\n"
    with registry(tmp_path, text) as product:
        http = browser_of(product)

        assert (http.get(go(http)).status_code, who(http)) == (403, "")
        assert list(product.openid.of(id_of(product, CAMILLE))) == []


def test_a_suspended_account_is_not_opened_by_a_provider(
    http: TestClient, product: Product
) -> None:
    http.get(go(http))
    send(http, "/deconnexion", "/mon-compte")
    suspend = SuspendAccount(account=id_of(product, CAMILLE))
    product.do(suspend, product.operator(Role.ADMINISTRATOR))

    refused = http.get(go(http))

    assert (refused.status_code, who(http)) == (403, "")
    assert "votre compte n'est pas ouvert" in said(refused)


def test_who_gives_up_may_sign_in_otherwise(http: TestClient) -> None:
    refused = http.get(go(http, "non"))

    assert refused.status_code == 403
    assert "Vous n'êtes pas allé au bout" in said(refused)
    assert 'name="password"' in refused.text


def test_a_return_serves_once(http: TestClient) -> None:
    back = go(http)
    http.get(back)
    send(http, "/deconnexion", "/mon-compte")

    assert (http.get(back).status_code, who(http)) == (403, "")


def test_a_return_serves_in_the_browser_that_left(http: TestClient, product: Product) -> None:
    """Or an attacker would have somebody sign in as the attacker, and write there."""
    other = browser_of(product)
    back = go(http)

    assert (other.get(back).status_code, who(other)) == (403, "")


def test_a_session_begins_anew(http: TestClient, product: Product) -> None:
    """Whoever knew a secret of the browser before does not know that of the session."""
    http.get("/connexion")
    before = dict(http.cookies)
    http.get(go(http))

    assert who(http) == "Personne coordinator"
    assert not set(before.values()) & set(dict(http.cookies).values())


def test_who_leaves_is_shown_the_way_out_of_their_provider(
    http: TestClient, pro: ProviderServer
) -> None:
    http.get(go(http))

    left = send(http, "/deconnexion", "/mon-compte")

    assert "peut-être encore connecté chez ProConnect" in said(left)
    assert "Personne coordinator" not in left.text
    (url,) = re.findall(rf'href="({re.escape(pro.issuer)}[^"]+)"', left.text)
    with visit(unescape(url)) as answer:
        assert answer.headers["location"].startswith(f"{HERE}/connexion?state=")
    assert pro.signed_out == [pro.person.sub]
    assert who(http) == ""


def test_who_got_in_by_a_password_leaves_as_ever(http: TestClient) -> None:
    sign_in(http, CAMILLE)

    assert send(http, "/deconnexion", "/mon-compte").status_code == 303


def test_a_provider_that_is_silent_keeps_nobody_from_leaving(
    http: TestClient, product: Product, pro: ProviderServer
) -> None:
    http.get(go(http))
    product.openid._party._published.clear()
    pro.answers = {"/.well-known/openid-configuration": (500, {}, b"")}

    assert send(http, "/deconnexion", "/mon-compte").status_code == 303
    assert who(http) == ""


def test_a_provider_that_is_silent_is_said_to_be(http: TestClient, pro: ProviderServer) -> None:
    pro.answers = {"/.well-known/openid-configuration": (500, {}, b"")}

    refused = http.get("/connexion/openid/proconnect")

    assert "« ProConnect » ne répond pas" in said(refused)
    assert 'name="password"' in refused.text


def test_an_unknown_provider_is_said_to_be(http: TestClient) -> None:
    for path in ("/connexion/openid/autre", "/connexion/retour/autre?state=x&code=y"):
        assert http.get(path).status_code == 403


def test_the_return_of_one_provider_is_not_that_of_another(
    tmp_path: Path, pro: ProviderServer
) -> None:
    other = served(ProviderServer(), key="autre")
    with served_provider(other):
        text = section(pro.issuer) + section(other.issuer, "autre", "Autre")
        with registry(tmp_path, text) as product:
            http = browser_of(product)
            elsewhere = go(http).replace("/retour/proconnect", "/retour/autre")

            assert (http.get(elsewhere).status_code, who(http)) == (403, "")
            assert "/token" not in pro.asked + other.asked


# --- linking ------------------------------------------------------------------------------------


def linked(http: TestClient) -> Response:
    """Link the identity of the provider to whoever is signed in."""
    asked_to = http.get(go(http))
    assert asked_to.status_code == 200, said(asked_to)
    found = re.search(r'name="secret" value="([^"]+)"', asked_to.text)
    assert found
    return send(http, "/mon-compte/identites", KEYS, secret=found[1])


def test_an_identity_is_linked_by_whoever_is_signed_in(
    http: TestClient, pro: ProviderServer
) -> None:
    pro.person.email = "personnelle@exemple.fr"
    sign_in(http, CAMILLE)

    assert linked(http).status_code == 303

    assert "ProConnect" in said(http.get(KEYS))
    send(http, "/deconnexion", KEYS)
    http.get(go(http))
    assert who(http) == "Personne coordinator"


def test_an_identity_is_linked_only_once_its_holder_says_so(
    http: TestClient, product: Product, pro: ProviderServer
) -> None:
    """Another site may send somebody there and back: it cannot say so in their place."""
    sign_in(http, CAMILLE)

    page = http.get(go(http))

    assert "Relier cette identité" in said(page)
    assert pro.person.email in page.text
    assert list(product.openid.of(id_of(product, CAMILLE))) == []
    assert http.post("/mon-compte/identites", data={"secret": "x"}).status_code == 403


def test_what_was_proposed_to_one_is_not_linked_by_another(
    http: TestClient, product: Product
) -> None:
    sign_in(http, CAMILLE)
    found = re.search(r'name="secret" value="([^"]+)"', http.get(go(http)).text)
    assert found
    other = browser_of(product)
    sign_in(other, "autre@exemple.fr")

    assert send(other, "/mon-compte/identites", KEYS, secret=found[1]).status_code == 422
    assert list(product.openid.of(id_of(product, "autre@exemple.fr"))) == []


def test_an_identity_is_of_one_account(http: TestClient, product: Product) -> None:
    sign_in(http, CAMILLE)
    linked(http)
    send(http, "/deconnexion", KEYS)
    sign_in(http, "autre@exemple.fr")

    refused = linked(http)

    assert refused.status_code == 422
    assert "déjà reliée à un autre compte" in said(refused)
    assert len(list(product.openid.of(id_of(product, CAMILLE)))) == 1


def unlink(http: TestClient, product: Product, address: str = CAMILLE) -> Response:
    (one,) = product.openid.of(id_of(product, address))
    fields = {"issuer": one.issuer, "subject": one.subject}
    return send(http, "/mon-compte/identites/delier", KEYS, **fields)


def test_nobody_unlinks_their_last_way_in(
    http: TestClient, product: Product, pro: ProviderServer
) -> None:
    pro.person.email = "sans.mot.de.passe@exemple.gouv.fr"
    open_account(product, Role.DPO, address=pro.person.email)
    http.get(go(http))

    refused = unlink(http, product, pro.person.email)

    assert refused.status_code == 422
    assert "votre seule façon de vous connecter" in said(refused)
    device = Device(HERE)
    register(http, device)
    assert unlink(http, product, pro.person.email).status_code == 303
    (key,) = product.passkeys.of(id_of(product, pro.person.email))
    refused = send(http, f"{KEYS}/retirer", KEYS, key=key.credential)
    assert refused.status_code == 422
    send(http, "/deconnexion", KEYS)
    assert show_key(http, device).status_code == 303


def test_an_identity_that_was_unlinked_is_met_by_its_address_again(
    http: TestClient, product: Product
) -> None:
    http.get(go(http))

    assert unlink(http, product).status_code == 303
    assert list(product.openid.of(id_of(product, CAMILLE))) == []


def test_an_identity_of_somebody_else_is_not_unlinked(http: TestClient, product: Product) -> None:
    http.get(go(http))
    send(http, "/deconnexion", KEYS)
    sign_in(http, "autre@exemple.fr")

    assert unlink(http, product).status_code == 422
    assert len(list(product.openid.of(id_of(product, CAMILLE)))) == 1


# --- around -------------------------------------------------------------------------------------


def test_the_address_of_return_is_that_of_the_registry_whatever_a_request_says(
    tmp_path: Path, pro: ProviderServer
) -> None:
    address = "https://registre.exemple.fr"
    pro.redirect_uris = [f"{address}/connexion/retour/proconnect"]
    settings = Settings(home=tmp_path, database="", address=address)
    begin(settings)
    (tmp_path / "providers.toml").write_text(section(pro.issuer))
    with closing(Product(settings)) as product:
        opened(product, CAMILLE, Role.COORDINATOR)
        http = TestClient(create_app(product), base_url=address, follow_redirects=False)

        sent = http.get("/connexion/openid/proconnect", headers={"host": "pirate.exemple"})

        with visit(sent.headers["location"], {"choix": "oui"}) as answer:
            back = str(answer.headers["location"])
        assert back.startswith(f"{address}/connexion/retour/proconnect?")
        assert sent.headers["set-cookie"].startswith("__Host-jalon-form=")
        assert http.get(back).status_code == 303
        options = {"_token": token(http, KEYS)}
        told = http.post(f"{KEYS}/options", data=options, headers={"host": "pirate.exemple"}).json()
        assert told["options"]["rp"]["id"] == "registre.exemple.fr"


def test_a_faulty_file_of_providers_stops_the_registry(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, database="")
    begin(settings)
    (tmp_path / "providers.toml").write_text("[x")

    with pytest.raises(ProvidersUnreadable):
        Product(settings)


def test_no_secret_of_a_sign_in_is_stored_as_it_travels(
    http: TestClient, product: Product, tmp_path: Path
) -> None:
    back = go(http)
    params = dict(parse_qsl(urlsplit(back).query))
    told = asked(http, "/connexion/cle/options", "/connexion")

    stored = b"".join(file.read_bytes() for file in tmp_path.glob("registry.db*"))

    secrets = {params["code"], told["handshake"], SECRET, http.cookies["jalon-form"]}
    assert [one for one in secrets if one.encode() in stored] == []


def test_a_refusal_to_a_device_is_a_sentence(http: TestClient, product: Product) -> None:
    other = TestClient(create_app(product), base_url="http://127.0.0.1", follow_redirects=False)
    answer = other.post("/connexion/cle/options", data={"_token": token(other, "/connexion")})

    assert json.loads(answer.text).keys() == {"refusal"}
