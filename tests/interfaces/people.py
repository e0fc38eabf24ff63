"""People with accounts, who sign in to the pages and send their forms."""

import re
from functools import cache

from httpx2 import Response
from pwdlib import PasswordHash
from starlette.testclient import TestClient

from application.account import GrantRole, OpenAccount
from domain.mandate import EVERYWHERE
from domain.provenance import AccountId
from domain.roles import Role
from interfaces.server import create_app
from interfaces.wiring import Product

PASSWORD = "une phrase que je retiens"  # noqa: S105  # of nobody
HERE = "http://testserver"


@cache
def _hashed() -> str:
    """Once: it is slow on purpose."""
    return PasswordHash.recommended().hash(PASSWORD)


def opened(
    product: Product,
    address: str,
    role: Role,
    relation: str = EVERYWHERE,
    *,
    password: bool = True,
) -> AccountId:
    by = product.operator(Role.ADMINISTRATOR)
    command = OpenAccount.model_validate({"name": f"Personne {role}", "address": address})
    id_ = AccountId(product.do(command, by).answer)
    product.do(GrantRole(account=id_, for_role=role, relation=relation), by)
    if password:
        product.desk.passwords.set(id_, _hashed())
    return id_


def token(http: TestClient, path: str) -> str:
    """The token of the forms of a page."""
    found = re.search(r'name="_token" value="([0-9a-f]+)"', http.get(path).text)
    assert found, path
    return found[1]


def sign_in(
    http: TestClient, address: str, password: str = PASSWORD, then: str = "/poles"
) -> Response:
    said = {"address": address, "password": password, "suite": then}
    return http.post("/connexion", data={**said, "_token": token(http, "/connexion")})


def send(http: TestClient, path: str, seen_on: str, **said: str) -> Response:
    return http.post(path, data={**said, "_token": token(http, seen_on)})


def visiting(product: Product, role: Role, relation: str = EVERYWHERE) -> TestClient:
    """The pages as somebody reads them who is signed in, and holds one role."""
    address = f"{role.replace('_', '-')}@exemple.fr"
    opened(product, address, role, relation)
    http = TestClient(create_app(product), base_url=HERE, follow_redirects=False)
    assert sign_in(http, address).status_code == 303
    return http
