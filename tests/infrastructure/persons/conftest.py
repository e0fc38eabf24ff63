"""A registry with a pole, on each engine, its keys on the same kind of engine."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from application.claim import RecordClaim
from application.pole import RegisterPole
from interfaces.wiring import Product, Settings
from tests import make
from tests.infrastructure.persons.acts import CONTROL
from tests.postgres import binaries, create_database, drop_database


@pytest.fixture(autouse=True)
def _programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The programs of the server that the tests start, not those of another version."""
    if found := binaries():
        monkeypatch.setenv("JALON_PG_BIN", str(found))


@pytest.fixture
def settings_on(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Callable[..., Settings]]:
    """A registry with a pole, on an engine, its keys on the same kind of engine."""
    made: list[str] = []

    def on(engine: str) -> Settings:
        url, keys = request.getfixturevalue(f"{engine}_database"), ""
        if engine == "postgresql":
            keys = create_database(request.getfixturevalue("postgres_url"))
            made.append(keys)
        settings = Settings(home=tmp_path / "home", database=url, keys=keys)
        make.begin(settings)
        with make.closing_product(settings) as product:
            product.do(RegisterPole(name="Fictif"), product.operator())
            product.do(
                RecordClaim(statement=CONTROL, author="Une revue", source="une revue"),
                product.operator(),
            )
        return settings

    yield on
    for keys in made:
        drop_database(keys)


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, settings_on: Callable[..., Settings]) -> Settings:
    return settings_on(request.param)


@pytest.fixture
def product(settings: Settings) -> Iterator[Product]:
    with make.closing_product(settings) as made:
        yield made


@pytest.fixture
def alone(settings_on: Callable[..., Settings]) -> Iterator[Product]:
    """The same on a file only: what does not depend on the engine."""
    with make.closing_product(settings_on("sqlite")) as made:
        yield made
