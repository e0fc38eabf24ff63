"""People who are signed in, each in a role, and what they send from the pages they were shown."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import unescape
from uuid import uuid4

from httpx2 import Response
from pwdlib import PasswordHash
from starlette.testclient import TestClient

from application.account import GrantRole, OpenAccount
from domain.mandate import EVERYWHERE
from domain.provenance import AccountId
from domain.roles import Role
from interfaces.server import create_app
from interfaces.wiring import Caller, Product

PASSWORD = "une phrase que je retiens"  # noqa: S105  # of nobody
HERE = "http://testserver"


def open_account(
    product: Product, role: Role, relation: str = EVERYWHERE, address: str = ""
) -> AccountId:
    """An account that holds a role."""
    by = product.operator(Role.ADMINISTRATOR)
    said = {"name": f"Personne {role}", "address": address or f"{uuid4().hex}@exemple.fr"}
    account = AccountId(product.do(OpenAccount.model_validate(said), by).answer)
    product.do(GrantRole(account=account, for_role=role, relation=relation), by)
    return account


@dataclass
class Person:
    """Somebody with a browser, who reads pages and sends their forms."""

    http: TestClient

    def read(self, path: str) -> str:
        """A page as it is written, its spaces being plain."""
        page = unescape(self.http.get(path, follow_redirects=True).text)
        return page.replace("\u00a0", " ").replace("\u202f", " ")

    def send(
        self, path: str, said: Mapping[str, str], do: str = "record", **files: tuple[str, bytes]
    ) -> Response:
        """Send the form of a page with what was typed in it."""
        page = self.http.get(path, follow_redirects=True).text
        data = {**said, "_token": hidden(page, "_token"), "_do": do}
        if 'name="_key"' in page:  # the form of an act: sent twice, it is recorded once
            data.setdefault("_key", hidden(page, "_key"))
        return self.http.post(path, data=data, files=files or None)


def hidden(page: str, name: str) -> str:
    """The value of a field of a form that nobody sees."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return unescape(found[1])


def person(product: Product, role: Role | None, relation: str = EVERYWHERE) -> Person:
    """Somebody signed in, in a role; nobody in particular, without one."""
    if role is None:
        return Person(TestClient(create_app(product), follow_redirects=False))
    return holder_of(product, open_account(product, role, relation))


def holder_of(product: Product, account: AccountId) -> Person:
    """Whoever holds an account, signed in."""
    http = TestClient(create_app(product), follow_redirects=False)
    secret = product.desk.enter(account, "password", Caller())
    http.cookies.set("jalon-session", secret)
    return Person(http)


@cache
def _hashed() -> str:
    """Once: it is slow on purpose."""
    return PasswordHash.recommended().hash(PASSWORD)


def opened(product: Product, address: str, role: Role, relation: str = EVERYWHERE) -> AccountId:
    """An account that holds a role, and has the password of everybody here."""
    account = open_account(product, role, relation, address)
    product.desk.passwords.set(account, _hashed())
    return account


def token(http: TestClient, path: str) -> str:
    """The token of the forms of a page."""
    return hidden(http.get(path).text, "_token")


def sign_in(
    http: TestClient, address: str, password: str = PASSWORD, then: str = "/poles"
) -> Response:
    """Send the form by which people get in."""
    return send(http, "/connexion", "/connexion", address=address, password=password, suite=then)


def send(http: TestClient, path: str, seen_on: str, **said: str) -> Response:
    """Send a form of a page."""
    return http.post(path, data={**said, "_token": token(http, seen_on)})
