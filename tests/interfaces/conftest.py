"""Fixtures of the pages: a registry with the real public history, one with next to nothing."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from anyio.from_thread import start_blocking_portal
from fastapi import FastAPI
from starlette.testclient import TestClient

from application.member import AddMember
from application.pole import FileEvidence
from domain.membership import MemberKind
from domain.pole import PoleId
from interfaces.web.app import mount
from interfaces.wiring import Product, Settings
from tests.interfaces.shell import loaded
from tests.make import begin


@pytest.fixture(scope="session", autouse=True)
def one_loop() -> Iterator[None]:
    """Requests of clients that are not entered are answered on one loop, not on one each."""
    with start_blocking_portal() as TestClient.portal:
        yield
    TestClient.portal = None


def registry(home: Path) -> Product:
    settings = Settings(home=home, database="")
    begin(settings)
    return Product(settings)


def pages_of(product: Product) -> FastAPI:
    """An application with the pages and nothing else."""
    app = FastAPI(docs_url=None, redoc_url=None)
    mount(app, product)
    return app


@contextmanager
def serving(product: Product) -> Iterator[str]:
    """The address of the pages, served on a free port."""
    config = uvicorn.Config(pages_of(product), port=0, log_level="error", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        thread.join(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


def complete(product: Product, pole: PoleId) -> None:
    """Give a pole what the stage of recognition asks for, beside a territory."""
    by = product.operator()
    for kind in (
        MemberKind.ESS_ENTERPRISE,
        MemberKind.OTHER_ENTERPRISE,
        MemberKind.LOCAL_AUTHORITY,
    ):
        product.do(AddMember(pole=pole, member_kind=kind, name=f"Membre {kind}"), by)
    product.do(FileEvidence(pole=pole, evidence="strategy", title="Stratégie"), by)


@pytest.fixture(scope="module")
def historical(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A registry with the public history that ships with the product; nothing writes in it."""
    home = loaded(tmp_path_factory.mktemp("historical"))
    product = Product(Settings(home=home, database=""))
    yield product
    product.close()


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Product]:
    """A registry with its journeys, and no pole yet."""
    product = registry(tmp_path / "bare")
    yield product
    product.close()
