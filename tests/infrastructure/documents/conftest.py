"""A store of documents, and a product on each engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from application.pole import RegisterPole
from infrastructure.documents import Documents
from infrastructure.keys import KeyStore
from interfaces.wiring import Product
from tests import make
from tests.postgres import binaries


@pytest.fixture
def store(tmp_path: Path) -> Documents:
    keys = KeyStore.create(f"sqlite:///{tmp_path / 'keys.db'}", tmp_path / "kek")
    return Documents(tmp_path / "documents", keys, 1_000_000)


@pytest.fixture(autouse=True)
def _programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The programs of the server that the tests start, not those of another version."""
    if found := binaries():
        monkeypatch.setenv("JALON_PG_BIN", str(found))


@pytest.fixture
def product(tmp_path: Path, database_url: str) -> Iterator[Product]:
    """The whole product on each engine in turn, with one pole."""
    with make.product(tmp_path / "home", database_url) as made:
        made.do(RegisterPole(name="Fictif"), made.operator())
        yield made
