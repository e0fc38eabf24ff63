"""What is sent: little on a first visit, kept for long, and never compressed beside a secret."""

import gzip
import re
from collections.abc import Iterator
from urllib.request import Request, urlopen

import pytest

from domain.roles import Role
from interfaces.web.page import STATIC
from interfaces.web.visitor import FORM_COOKIE, SESSION_COOKIE
from interfaces.wiring import Caller, Product
from tests.interfaces.conftest import serving
from tests.interfaces.people import open_account

FIRST_VISIT = 150_000
"""Bytes as they are sent: the page and everything that it has a browser fetch."""


@pytest.fixture(scope="module")
def base(historical: Product) -> Iterator[str]:
    with serving(historical) as address:
        yield address


def sent(address: str, **headers: str) -> tuple[bytes, dict[str, str]]:
    """What a server sends, as it sends it, to a client that takes gzip."""
    given = {"Accept-Encoding": "gzip", **{n.replace("_", "-"): v for n, v in headers.items()}}
    with urlopen(Request(address, headers=given)) as answer:  # noqa: S310  # our own server
        return answer.read(), {name.lower(): value for name, value in answer.headers.items()}


def test_a_first_visit_is_small(base: str) -> None:
    page, headers = sent(f"{base}/")
    assert headers["content-encoding"] == "gzip"
    text = gzip.decompress(page).decode()
    files = {
        found.partition("#")[0]
        for found in re.findall(r'(?:href|src)="(/static/[^"]+)"', text.replace("&amp;", "&"))
    }
    styles = (STATIC / "jalon.css").read_text("utf-8")
    files |= {f"/static/{name}" for name in re.findall(r'url\("?([\w.-]+\.svg)"?\)', styles)}
    assert {"departements.svg", "bootstrap.min.css", "jalon.css"} <= {
        name.partition("?")[0].rpartition("/")[2] for name in files
    }

    weights = {name: len(sent(f"{base}{name}")[0]) for name in files} | {"/": len(page)}

    assert sum(weights.values()) <= FIRST_VISIT, weights


def test_a_file_is_the_same_compressed_and_kept_for_good(base: str) -> None:
    page = gzip.decompress(sent(f"{base}/")[0]).decode()
    (address,) = re.findall(r'href="(/static/jalon\.css\?v=\w+)"', page)

    body, headers = sent(base + address, Cookie=f"{SESSION_COOKIE}=x")

    assert headers["content-encoding"] == "gzip"
    assert gzip.decompress(body) == (STATIC / "jalon.css").read_bytes()
    assert "immutable" in headers["cache-control"]
    assert "Accept-Encoding" in headers["vary"]


@pytest.mark.parametrize("cookie", [SESSION_COOKIE, FORM_COOKIE])
def test_a_page_that_is_asked_for_with_a_secret_is_never_compressed(
    base: str, historical: Product, cookie: str
) -> None:
    account = open_account(historical, Role.COORDINATOR)
    secret = historical.desk.enter(account, "password", Caller())

    body, headers = sent(f"{base}/poles", Cookie=f"{cookie}={secret}")

    assert "content-encoding" not in headers
    assert body.lstrip().startswith(b"<!doctype html>")
    assert "Cookie" in headers["vary"]


def test_whoever_takes_no_compression_gets_none(base: str) -> None:
    body, headers = sent(f"{base}/", Accept_Encoding="identity")

    assert "content-encoding" not in headers
    assert b"</html>" in body
