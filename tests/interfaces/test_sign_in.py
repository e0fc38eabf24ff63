"""Signing in by the pages: who gets in, what another site cannot send, what anybody is told."""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from application.account import GrantRole, account_at
from domain.account import Account
from domain.mandate import EVERYWHERE
from domain.roles import Role
from interfaces.server import SetupGate, create_app
from interfaces.web.sign_in import FORGOTTEN
from interfaces.wiring import Product, Settings
from tests.interfaces.people import HERE, PASSWORD, opened, send, sign_in, token
from tests.interfaces.shell import jalon
from tests.make import begin


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    settings = Settings(home=tmp_path, database="")
    begin(settings)
    made = Product(settings)
    opened(made, "admin@exemple.fr", Role.ADMINISTRATOR)
    opened(made, "coordination@exemple.fr", Role.COORDINATOR)
    yield made
    made.close()


@pytest.fixture
def http(product: Product) -> TestClient:
    return TestClient(create_app(product), base_url=HERE, follow_redirects=False)


def test_who_signs_in_is_named_on_every_page_until_they_leave(http: TestClient) -> None:
    assert "Se connecter" in http.get("/poles").text
    answer = sign_in(http, "coordination@exemple.fr")
    assert (answer.status_code, answer.headers["location"]) == (303, "/poles")
    page = http.get("/poles")
    assert "Personne coordinator" in page.text
    assert "coordination nationale" in page.text
    assert page.headers["cache-control"] == "no-store"
    assert send(http, "/deconnexion", "/poles").status_code == 303
    assert "Personne coordinator" not in http.get("/poles").text


def test_a_wrong_password_keeps_the_address_and_tells_nothing(http: TestClient) -> None:
    wrong = sign_in(http, "coordination@exemple.fr", "faux faux faux")
    unknown = sign_in(http, "personne@exemple.fr", "faux faux faux")
    assert wrong.status_code == unknown.status_code == 403
    assert 'value="coordination@exemple.fr"' in wrong.text

    def without(text: str) -> str:
        return re.sub(r"(coordination|personne)@exemple.fr", "…", text)

    assert without(wrong.text) == without(unknown.text)
    assert "faux faux faux" not in wrong.text


def test_the_session_is_kept_from_scripts_and_other_sites(http: TestClient) -> None:
    cookie = sign_in(http, "coordination@exemple.fr").headers["set-cookie"]
    assert "jalon-session=" in cookie
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()


def test_over_a_public_address_cookies_are_bound_to_the_host(tmp_path: Path) -> None:
    address = "https://registre.exemple.fr"
    settings = Settings(home=tmp_path, database="", address=address)
    begin(settings)
    product = Product(settings)
    opened(product, "admin@exemple.fr", Role.ADMINISTRATOR)
    http = TestClient(create_app(product), base_url=address, follow_redirects=False)
    answer = sign_in(http, "admin@exemple.fr")
    assert answer.status_code == 303
    assert answer.headers["set-cookie"].startswith("__Host-jalon-session=")
    assert "Secure" in answer.headers["set-cookie"]
    assert http.get("/mon-compte").status_code == 200
    page = http.get("/poles")
    assert page.headers["strict-transport-security"] == "max-age=31536000"
    refused = http.get(
        "/api/privacy-requests", headers={"authorization": f"Bearer {product.token}"}
    )
    assert refused.status_code == 403
    product.close()


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://ailleurs.exemple"},
        {"origin": "null"},
        {"origin": "https://testserver"},
    ],
    ids=str,
)
def test_what_another_site_sends_is_refused(http: TestClient, headers: dict[str, str]) -> None:
    sign_in(http, "coordination@exemple.fr")
    said = {"_token": token(http, "/mon-compte")}
    refused = http.post("/deconnexion", data=said, headers=headers)
    assert refused.status_code == 403
    assert "ne vient pas d'une page de ce registre" in _plain(refused.text)
    assert "Personne coordinator" in http.get("/poles").text
    assert http.post("/deconnexion", data=said, headers={"origin": HERE}).status_code == 303


@pytest.mark.parametrize("given", ["", "0" * 64, "é"])
def test_a_form_without_its_token_is_refused(http: TestClient, given: str) -> None:
    sign_in(http, "coordination@exemple.fr")
    assert http.post("/deconnexion", data={"_token": given}).status_code == 403
    other = TestClient(http.app, base_url=HERE, follow_redirects=False)
    theirs = token(other, "/connexion")
    assert http.post("/deconnexion", data={"_token": theirs}).status_code == 403


@pytest.mark.parametrize(
    "then", ["https://ailleurs.exemple/", "//ailleurs.exemple", "/\\ailleurs.exemple", "mailto:x"]
)
def test_signing_in_leads_nowhere_else(http: TestClient, then: str) -> None:
    answer = sign_in(http, "coordination@exemple.fr", then=then)
    assert answer.headers["location"] == "/a-faire?role=coordinator"


def test_a_page_for_those_signed_in_leads_there_and_back(http: TestClient) -> None:
    answer = http.get("/mon-compte")
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/connexion?suite=%2Fmon-compte",
    )


def test_an_account_is_opened_invited_and_given_a_role(http: TestClient, product: Product) -> None:
    sign_in(http, "admin@exemple.fr")
    people = "/administration/comptes"
    answer = send(http, people, people, name="Grace Fictive", address="grace@exemple.fr")
    page = answer.headers["location"]
    granted = send(
        http, f"{page}/roles", page, role="regional_coordinator", about="region", name="Bretagne"
    )
    assert granted.status_code == 303
    assert "la région Bretagne" in http.get(page).text
    shown = send(http, f"{page}/invitation", page, by_hand="1")
    found = re.search(rf"{HERE}(/invitation/[\w-]+)", shown.text)
    assert found
    link = found[1]
    assert link not in http.get(page).text

    grace = TestClient(http.app, base_url=HERE, follow_redirects=False)
    assert "Grace Fictive" in grace.get(link).text
    other = send(grace, link, link, password=PASSWORD, again="autre chose encore")
    assert (other.status_code, "ne sont pas les mêmes" in other.text) == (422, True)
    short = dict.fromkeys(("password", "again"), "court")
    weak = send(grace, link, link, **short)
    assert (weak.status_code, "au moins 12 caractères" in weak.text) == (422, True)
    assert send(grace, link, link, password=PASSWORD, again=PASSWORD).status_code == 303
    assert "coordination régionale" in grace.get("/mon-compte").text
    assert grace.get(link).status_code == 404

    grant = re.search(r'name="grant" value="([^"]+)"', http.get(page).text)
    assert grant
    assert send(http, f"{page}/roles/retirer", page, grant=grant[1]).status_code == 303
    assert "vous agissez comme : public" in _plain(grace.get("/mon-compte").text)
    assert send(http, f"{page}/suspendre", page).status_code == 303
    assert grace.get("/mon-compte").status_code == 303
    account = account_at(product.registry, "grace@exemple.fr")
    assert account
    suspended = product.registry.load(Account, account)
    assert suspended
    assert suspended.is_suspended


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", text))).lower()


def test_accounts_are_for_those_who_administer_them(http: TestClient, product: Product) -> None:
    sign_in(http, "coordination@exemple.fr")
    refused = http.get("/administration/comptes")
    assert refused.status_code == 403
    assert "admin@exemple.fr" not in refused.text
    assert "administration technique" in refused.text
    before = len(product.read_accesses(product.operator(Role.AUDITOR)))
    administrator = TestClient(http.app, base_url=HERE, follow_redirects=False)
    sign_in(administrator, "admin@exemple.fr")
    assert administrator.get("/administration/comptes").status_code == 200
    assert len(product.read_accesses(product.operator(Role.AUDITOR))) > before


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ({"role": "coordinator", "about": "pole", "name": "aucun pôle de ce nom"}, "aucun pôle"),
        ({"role": "coordinator", "about": "call", "name": "rien"}, "rien"),
        ({"role": "coordinator", "about": "planète", "name": "Terre"}, "pole:"),
        ({"role": "roi", "about": "everywhere"}, "roi"),
        ({"role": "system", "about": "everywhere"}, "ne se donne à personne"),
        ({"role": "coordinator", "about": "region", "name": ""}, "region"),
        ({"role": "auditor", "about": "everywhere", "since": "31/02/2026"}, "31/02/2026"),
        ({"role": "auditor", "about": "everywhere", "until": "01/01/1990"}, "cesser de valoir"),
    ],
    ids=str,
)
def test_a_role_that_cannot_be_given_is_refused_in_a_sentence(
    http: TestClient, product: Product, said: dict[str, str], wanted: str
) -> None:
    sign_in(http, "admin@exemple.fr")
    account = account_at(product.registry, "coordination@exemple.fr")
    page = f"/administration/comptes/{account}"
    size = product.journal.size()
    refused = send(http, f"{page}/roles", page, **said)
    assert refused.status_code == 422
    assert 'role="alert"' in refused.text
    assert wanted in refused.text
    assert product.journal.size() == size


def test_a_token_is_shown_once_and_serves_the_api(http: TestClient) -> None:
    sign_in(http, "coordination@exemple.fr")
    mine = "/mon-compte"
    made = send(http, f"{mine}/jetons", mine, name="Tableur", role="coordinator", acts="1")
    found = re.search(r"jalon_[\w-]{43}", made.text)
    assert found
    assert found[0] not in http.get(mine).text
    api = TestClient(http.app, base_url=HERE, headers={"authorization": f"Bearer {found[0]}"})
    said = {"name": "Pôle d'essai", "occurred_on": "2024-01-01"}
    assert api.post("/api/commands/pole.register", json=said).status_code == 200
    other = api.post("/api/commands/pole.register", json=said, headers={"jalon-role": "registrar"})
    assert (other.status_code, other.json()["code"]) == (403, "token.role")
    id_ = re.search(r'name="token" value="([^"]+)"', http.get(mine).text)
    assert id_
    send(http, f"{mine}/jetons/revoquer", mine, token=id_[1])
    assert api.post("/api/commands/pole.register", json=said).json()["code"] == "token.unknown"


def test_a_token_serves_only_in_roles_that_are_held(http: TestClient) -> None:
    sign_in(http, "coordination@exemple.fr")
    refused = send(http, "/mon-compte/jetons", "/mon-compte", name="x", role="auditor")
    assert refused.status_code == 422
    assert "jalon_" not in refused.text


def test_one_acts_in_another_of_ones_roles(http: TestClient, product: Product) -> None:
    account = account_at(product.registry, "coordination@exemple.fr")
    assert account
    grant = GrantRole(account=account, for_role=Role.AUDITOR, relation=EVERYWHERE)
    product.do(grant, product.operator(Role.ADMINISTRATOR))
    sign_in(http, "coordination@exemple.fr")
    assert send(http, "/mon-compte/role", "/mon-compte", acting="auditor").status_code == 303
    assert "Vous agissez comme : auditeur" in http.get("/mon-compte").text.replace("&nbsp;", " ")
    refused = send(http, "/mon-compte/role", "/mon-compte", acting="registrar")
    assert refused.status_code == 422


def test_nothing_is_reachable_before_somebody_administers(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, database="")
    begin(settings)
    product = Product(settings)
    http = TestClient(SetupGate(create_app(product), product), follow_redirects=False)
    for path in (
        "/",
        "/poles",
        "/connexion",
        "/api/poles",
        "/journal/checkpoint",
        "/static/jalon.css",
    ):
        answer = http.get(path, headers={"authorization": f"Bearer {product.token}"})
        assert (answer.status_code, "jalon setup" in answer.text) == (503, True)
    assert http.get("/healthz").status_code == 200
    said = jalon("--home", str(tmp_path), "setup", "--name", "Ada", "--address", "ada@exemple.fr")
    assert said.code == 0, said.err
    link = re.search(r"/invitation/[\w-]+", said.out)
    assert link
    assert "Ada" in http.get(link[0]).text
    send(http, link[0], link[0], password=PASSWORD, again=PASSWORD)
    assert http.get("/administration/comptes").status_code == 200
    again = jalon("--home", str(tmp_path), "setup", "--name", "Eve", "--address", "eve@exemple.fr")
    assert again.code == 4
    product.close()


def test_a_forgotten_password_is_replaced_by_a_letter(http: TestClient, product: Product) -> None:
    outbox = product.settings.outbox
    answers = [
        send(http, FORGOTTEN, FORGOTTEN, address=address)
        for address in ("personne@exemple.fr", "coordination@exemple.fr")
    ]
    assert answers[0].status_code == answers[1].status_code == 200
    assert _plain(answers[0].text) == _plain(answers[1].text)
    (file,) = outbox.iterdir()
    letter = message_from_bytes(file.read_bytes(), policy=default)
    assert letter["To"] == "coordination@exemple.fr"
    link = re.search(r"/invitation/[\w-]+", letter.get_content())
    assert link
    another = "une autre phrase que je retiens"
    assert send(http, link[0], link[0], password=another, again=another).status_code == 303
    assert "coordination nationale" in http.get("/mon-compte").text


def test_a_letter_that_cannot_leave_tells_nothing_to_whoever_asked(
    http: TestClient, product: Product, caplog: pytest.LogCaptureFixture
) -> None:
    product.settings.outbox.write_text("un fichier à la place du dossier")
    answers = [
        send(http, FORGOTTEN, FORGOTTEN, address=address)
        for address in ("personne@exemple.fr", "coordination@exemple.fr")
    ]
    assert answers[0].status_code == answers[1].status_code == 200
    assert [record.levelname for record in caplog.records if record.name == "jalon"] == ["ERROR"]


def test_letters_are_not_asked_for_without_end(http: TestClient, product: Product) -> None:
    answers = [
        send(http, FORGOTTEN, FORGOTTEN, address="coordination@exemple.fr").status_code
        for _ in range(10)
    ]
    assert answers[-1] == 503
    assert len(list(product.settings.outbox.iterdir())) == answers.count(200)


def test_an_invitation_leaves_by_letter(http: TestClient, product: Product) -> None:
    sign_in(http, "admin@exemple.fr")
    account = account_at(product.registry, "coordination@exemple.fr")
    page = f"/administration/comptes/{account}"
    answer = send(http, f"{page}/invitation", page)
    assert "L'invitation est partie" in unescape(answer.text)
    assert "/invitation/" not in _links(answer.text)
    (file,) = product.settings.outbox.iterdir()
    assert b"/invitation/" in file.read_bytes()


def _links(page: str) -> str:
    return " ".join(re.findall(r"<code[^>]*>(.*?)</code>", page))
