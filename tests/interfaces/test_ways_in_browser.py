"""Passkeys and providers of identity in a real browser, with a device that is not there."""

import socket
import threading
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import uvicorn
from authlib.deprecate import AuthlibDeprecationWarning
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, CDPSession, Page, expect

from domain.roles import Role
from interfaces.server import create_app
from interfaces.wiring import Product, Settings
from tests.interfaces.people import PASSWORD, opened
from tests.interfaces.test_browser import ASKED
from tests.interfaces.test_browser import browser as browser
from tests.make import begin
from tests.openid_provider import CLIENT, SECRET, ProviderServer, served_provider

with warnings.catch_warnings():
    warnings.simplefilter("ignore", AuthlibDeprecationWarning)  # its own, of a library it uses
    from oidc_provider_mock import User, run_server_in_thread

CAMILLE = "camille.durand@exemple.gouv.fr"
ORDINARY = {"email": CAMILLE, "email_verified": True, "given_name": "Camille"}

PROVIDERS = """
[proconnect]
kind = "proconnect"
issuer = "{pro}"
client_id = "{client}"
client_secret = "{secret}"

[annuaire]
name = "Annuaire"
issuer = "{ordinary}"
client_id = "jalon"
client_secret = "peu-importe"
"""


@contextmanager
def served(product: Product, port: int) -> Iterator[None]:
    config = uvicorn.Config(
        create_app(product), host="127.0.0.1", port=port, log_level="error", ws="none"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        thread.join(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture
def pro() -> Iterator[ProviderServer]:
    server = ProviderServer()
    with served_provider(server):
        yield server


@pytest.fixture
def base(tmp_path: Path, pro: ProviderServer) -> Iterator[str]:
    """The address of a registry that is reached by a name, and knows two providers."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    base = f"http://localhost:{port}"
    pro.redirect_uris = [f"{base}/connexion/retour/proconnect"]
    pro.back_uris = [f"{base}/connexion"]
    settings = Settings(home=tmp_path, database="")
    begin(settings)
    user = User(sub="camille", claims=ORDINARY)
    with run_server_in_thread(user_claims=[user]) as ordinary:
        issuer = f"http://localhost:{ordinary.server_port}"
        text = PROVIDERS.format(pro=pro.issuer, ordinary=issuer, client=CLIENT, secret=SECRET)
        (tmp_path / "providers.toml").write_text(text)
        with closing(Product(settings)) as product:
            opened(product, "admin@exemple.fr", Role.ADMINISTRATOR)
            opened(product, CAMILLE, Role.COORDINATOR)
            with served(product, port):
                yield base


@pytest.fixture
def page(browser: Browser, base: str) -> Iterator[Page]:
    """A page whose console has nothing to say of the registry, but that it said no."""
    with browser.new_context(viewport={"width": 320, "height": 700}) as context:
        page = context.new_page()
        heard: list[str] = []
        page.on("console", lambda said: heard.append(f"{said.location['url']} {said.text}"))
        page.on("pageerror", lambda error: heard.append(f"{base} {error}"))
        yield page
        assert [one for one in heard if one.startswith(base) and "403" not in one] == []


def device_of(page: Page, **said: object) -> tuple[CDPSession, str]:
    """A device in the browser that keeps keys and always finds its holder there."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options | said})
    return cdp, made["authenticatorId"]


def sign_in(page: Page, base: str) -> None:
    page.goto(f"{base}/connexion")
    page.get_by_label("Adresse électronique").fill(CAMILLE)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    expect_in(page)


def expect_in(page: Page) -> None:
    expect(page.get_by_role("link", name="Personne coordinator")).to_be_visible()


def leave(page: Page) -> None:
    page.get_by_role("button", name="Se déconnecter").click()


def add_key(page: Page, base: str) -> None:
    page.goto(f"{base}/mon-compte/cles")
    page.get_by_label("Nom de la nouvelle clé").fill("Poste de travail")
    page.get_by_role("button", name="Ajouter une clé d'accès").click()


def test_a_key_is_made_and_lets_in(page: Page, base: str) -> None:
    device_of(page)
    sign_in(page, base)
    add_key(page, base)
    expect(page.get_by_label("Nom de la clé Poste de travail")).to_be_visible()
    leave(page)

    page.goto(f"{base}/connexion?suite=/mon-compte")
    page.get_by_role("button", name="Se connecter avec une clé d'accès").click()

    expect_in(page)
    assert page.url == f"{base}/mon-compte"
    expect(page.get_by_role("cell", name="clé d'accès")).to_be_visible()


def test_a_device_makes_one_key_of_an_account(page: Page, base: str) -> None:
    device_of(page)
    sign_in(page, base)
    add_key(page, base)
    expect(page.get_by_label("Nom de la clé Poste de travail")).to_be_visible()

    page.get_by_role("button", name="Ajouter une clé d'accès").click()

    expect(page.get_by_text("Cet appareil garde déjà une clé")).to_be_visible()


def test_who_is_not_recognised_by_their_device_is_told_so(page: Page, base: str) -> None:
    cdp, device = device_of(page)
    sign_in(page, base)
    add_key(page, base)
    expect(page.get_by_label("Nom de la clé Poste de travail")).to_be_visible()
    leave(page)
    verified = {"authenticatorId": device, "isUserVerified": False}
    cdp.send("WebAuthn.setUserVerified", verified)

    page.goto(f"{base}/connexion")
    page.get_by_role("button", name="Se connecter avec une clé d'accès").click()

    expect(page.get_by_text("Aucune clé d’accès n’a servi")).to_be_visible()
    expect(page.get_by_role("link", name="Se connecter")).to_be_visible()


def test_without_javascript_the_other_ways_serve(browser: Browser, base: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{base}/connexion")

        expect(page.get_by_text("Une clé d'accès demande JavaScript")).to_be_visible()
        expect(page.get_by_role("button", name="avec une clé d'accès")).to_be_hidden()
        sign_in(page, base)
        page.goto(f"{base}/mon-compte/cles")
        expect(page.get_by_text("Ajouter une clé d'accès demande JavaScript")).to_be_visible()


def test_pro_connect_lets_in_and_out(page: Page, base: str, pro: ProviderServer) -> None:
    page.goto(f"{base}/connexion?suite=/appels")
    page.get_by_role("link", name="Continuer avec ProConnect").click()
    page.get_by_role("button", name="Continuer comme Camille Durand").click()

    expect_in(page)
    assert page.url == f"{base}/appels"

    leave(page)
    page.get_by_role("link", name="Se déconnecter de ProConnect").click()
    page.wait_for_url(f"{base}/connexion?state=*")
    assert (pro.signed_out, pro.refused) == ([pro.person.sub], [])


def test_who_gives_up_at_pro_connect_may_do_otherwise(page: Page, base: str) -> None:
    page.goto(f"{base}/connexion")
    page.get_by_role("link", name="Continuer avec ProConnect").click()
    page.get_by_role("button", name="Renoncer").click()

    expect(page.get_by_role("alert")).to_contain_text("Vous n'êtes pas allé au bout")
    sign_in(page, base)


@pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning")
def test_an_ordinary_provider_lets_in(page: Page, base: str) -> None:
    page.goto(f"{base}/connexion")
    page.get_by_role("link", name="Continuer avec Annuaire").click()
    page.get_by_role("button", name="camille").click()

    expect_in(page)


def test_an_identity_is_linked_once_its_holder_says_so(
    page: Page, base: str, pro: ProviderServer
) -> None:
    pro.person.email = "personnelle@exemple.fr"
    sign_in(page, base)
    page.goto(f"{base}/mon-compte/cles")
    page.get_by_role("link", name="Relier mon identité ProConnect").click()
    page.get_by_role("button", name="Continuer comme Camille Durand").click()
    page.get_by_role("button", name="Relier à mon compte").click()
    expect(page.get_by_role("button", name="Délier : ProConnect")).to_be_visible()

    page.get_by_role("button", name="Délier : ProConnect").click()

    expect(page.get_by_text("Aucune identité n'est reliée")).to_be_visible()


def test_these_pages_have_no_barrier(page: Page, base: str, pro: ProviderServer) -> None:
    device_of(page)
    page.goto(f"{base}/connexion")
    expect_no_barrier(page)
    sign_in(page, base)
    add_key(page, base)
    expect(page.get_by_label("Nom de la clé Poste de travail")).to_be_visible()
    expect_no_barrier(page)
    page.get_by_role("link", name="Relier mon identité ProConnect").click()
    page.get_by_role("button", name="Continuer comme Camille Durand").click()
    expect_no_barrier(page)
    page.get_by_role("button", name="Relier à mon compte").click()
    expect_no_barrier(page)
    leave(page)
    page.goto(f"{base}/connexion")
    page.get_by_role("link", name="Continuer avec ProConnect").click()
    page.get_by_role("button", name="Continuer comme Camille Durand").click()
    expect_in(page)
    leave(page)
    expect(page.get_by_role("heading", name="Vous êtes déconnecté du registre")).to_be_visible()
    expect_no_barrier(page)


def expect_no_barrier(page: Page) -> None:
    found = Axe().run(page, options=ASKED)
    assert [(one["id"], one["nodes"]) for one in found.response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url
